"""Far views: the open sky, mountains, a city at night, a sky of stars."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, relief, scatter, vista
from editor.engines.blender.kit.camera import stop_down
from editor.engines.blender.kit.growth import Sprig
from editor.engines.blender.kit.registry import backdrop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

WINDOWS = ("#ffd9a0", "#ffe9c9", "#ffc070", "#cfe2ff")
CITY_LIGHTS = ("#ffb35c", "#ffd9a3", "#ff7a52", "#8fc7ff", "#ff5a6e", "#fff1dc", "#7de0d2")


@backdrop("sky")
def sky(build: Build, piece: Piece) -> None:
    """Only air and light clouds; below a table that ends they go on down, as seen from a height."""
    vista.sky(build, clouds=build.rng.uniform(0.35, 0.75), colour=piece.colour)
    if vista.level(build) < 0:
        _cloud_tops(build)


def _cloud_sea(build: Build) -> Shader:
    """Return what clouds look like from above: white, and as much light inside them as on them."""
    s = Shader("cloud sea")
    white = s.node("BsdfDiffuse", {"Color": "#f4f6f8"})
    inner = s.node("Emission", {"Color": "#dfe9f5", "Strength": vista.constant_brightness(build, s, 0.45)})
    body = s.node("AddShader")
    s.tree.links.new(white.outputs[0], body.inputs[0])
    s.tree.links.new(inner.outputs[0], body.inputs[1])
    vista.finish_in_haze(build, s, body.outputs[0], 10.0, 60.0, 0.75)
    return s


def _cloud_tops(build: Build) -> None:
    """Spread a bed of cumulus below and behind: heaps of round heads, small ones upon large ones."""
    rolled = scatter.dice(build)
    s = _cloud_sea(build)
    vista.land(build, s, lambda x, y: -0.5 + 0.0 * x * y, near=2.0, cells=(40, 40))
    points, sizes = [], []
    for _ in range(110):
        y = 2.6 + 40 * rolled.random() ** 1.6
        seen = build.view_at(y)
        x = rolled.uniform(1.15 * seen.left, 1.15 * seen.right)
        heap = (0.32 + 0.035 * y) * rolled.uniform(0.6, 1.3)
        floor = vista.level(build) - 0.55 - 0.2 * heap
        for _ in range(9):
            away, turn = heap * rolled.random() ** 0.7, rolled.uniform(0, 2 * np.pi)
            size = (heap - 0.55 * away) * rolled.uniform(0.45, 0.8)
            points.append((x + 1.5 * away * np.cos(turn), y + 0.6 * away * np.sin(turn), floor + 0.6 * size))
            sizes.append(size)
    head = Sprig()
    head.round((0, 0, 0), 1.0, ("#ffffff", "#ffffff", 0), sides=32)
    places = scatter.Places(np.array(points), np.zeros((len(points), 3)), np.array(sizes))
    scatter.scatter_instances(build, [head.data("cloud")], places, s)


@backdrop("mountains")
def mountains(build: Build, piece: Piece) -> None:
    """A valley and ranges behind each other, paler the further away, snow on the highest."""
    vista.sky(build, clouds=build.rng.uniform(0.3, 0.6))
    seed = build.rng.randint(0, 9999)
    rise = build.view_at(50.0).top - vista.level(build)
    s = Shader("mountains")
    _, _, z = s.axes()
    steep = s.axes(s.node("NewGeometry").outputs["Normal"])[2]
    rough = s.noise(1.1, 8, roughness=0.62)
    rock = s.vary(piece.colour or "#75706c", rough, 0.35)
    wooded = s.mix(
        s.span(s.math("ADD", z, s.math("MULTIPLY", rough, 2.0)), 0.16 * rise, 0.5 * rise + 0.6),
        "#40502f",
        rock,
    )
    snow = s.math(
        "MULTIPLY",
        s.span(s.math("ADD", z, s.math("MULTIPLY", rough, 1.6)), 0.42 * rise, 0.62 * rise),
        s.span(steep, 0.45, 0.72),
    )
    body = s.node(
        "BsdfDiffuse", {"Color": s.mix(snow, wooded, "#f1f4f8"), "Normal": s.bump(rough, 0.9, 0.35)}
    )
    vista.finish_in_haze(build, s, body.outputs[0], 10.0, 80.0, 0.6)

    def heights(x: Any, y: Any) -> Any:
        far = relief.step(y, 11.0, 46.0)
        range_of = relief.ridges(
            x * 0.062 + 0.3 * relief.noise(x * 0.1, y * 0.1, seed + 7), y * 0.07, seed, count=5
        )
        peaks = np.clip(range_of - 0.42, 0, None) / 0.58
        return (
            0.95 * rise * far * peaks
            - 0.4 * (1 - far)
            + 0.05 * relief.layers(x * 0.8, y * 0.8, seed, count=3)
        )

    vista.land(build, s, heights, near=4.0, cells=(230, 200))


@backdrop("city")
def city(build: Build, piece: Piece) -> None:
    """Towers with lit windows and street lights, far enough to be discs of light."""
    vista.sky(build, clouds=0.3)
    rng = build.rng
    time = vista.sky_of_hour(build)
    tower = _tower(build, lit=0.16 if time.dark else 0.06)
    for number in range(46):
        y = rng.uniform(16, 52)
        seen = build.view_at(y)
        wide = rng.uniform(1.4, 3.2) * (0.5 + y / 50)
        high = 0.12 * seen.height + rng.random() ** 1.6 * 0.55 * (seen.top - vista.level(build))
        x = seen.left - 1 + (number + rng.random()) / 46 * (seen.width + 2)
        meshes.block(
            build, (wide, wide, high + 1), tower, at=(x, y, vista.level(build) - 1), bevel=0.02
        ).modifiers.clear()
    ground = Shader("streets")
    ground.principled(colour="#1b1d22" if time.dark else "#7d7f83", roughness=0.35)
    vista.land(build, ground, lambda x, y: -0.05 + 0.0 * x, near=5.0, cells=(2, 2))
    _street_lights(build, 240 if time.dark else 30)


def _tower(build: Build, lit: float) -> Shader:
    """Return a facade: a grid of windows, some of them lit, warm or cool."""
    s = Shader("tower")
    x, y, z = s.axes(s.stretch((2.6, 2.6, 2.1)))
    along = s.math("ADD", x, s.math("MULTIPLY", y, 1.37))
    home = s.node("ObjectInfo").outputs["Random"]
    cell = s.node(
        "CombineXYZ", {0: s.math("FLOOR", along), 1: s.math("FLOOR", z), 2: s.math("MULTIPLY", home, 97.0)}
    ).outputs[0]
    random = s.node("TexWhiteNoise", {"Vector": cell}, noise_dimensions="3D")
    columns = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", along), 0.5))
    floors = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", z), 0.5))
    frame = s.math("MULTIPLY", s.math("LESS_THAN", columns, 0.32), s.math("LESS_THAN", floors, 0.28))
    on = s.math("MULTIPLY", frame, s.math("LESS_THAN", random.outputs[0], lit))
    colours = s.ramp(s.axes(random.outputs[1])[1], tuple((k / 3, c) for k, c in enumerate(WINDOWS)))
    glow = s.math("MULTIPLY", on, vista.constant_brightness(build, s, 0.9))
    s.principled(
        colour=s.mix(frame, "#3c4048", "#20262e"),
        roughness=s.span(frame, 0, 1, 0.7, 0.15),
        emission=colours,
        strength=glow,
    )
    s.material.cycles.emission_sampling = "NONE"
    return s


def _street_lights(build: Build, count: int) -> None:
    rolled = scatter.dice(build)
    for number, colour in enumerate(CITY_LIGHTS):
        s = Shader("light")
        vista.finish_shining(build, s, colour, 17.0 if number < 4 else 12.0)
        part = max(4, count // len(CITY_LIGHTS))
        y = rolled.uniform(9, 46, part)
        seen = [build.view_at(float(far)) for far in y]
        x = np.array([one.left + one.width * rolled.random() for one in seen])
        low = np.array([vista.level(build) + 0.02 + 0.3 * one.height * rolled.random() ** 2 for one in seen])
        places = scatter.Places(np.stack([x, y, low], -1), np.zeros((part, 3)), 0.022 + 0.0011 * y)
        ball = Sprig()
        ball.round((0, 0, 0), 1.0, ("#ffffff", "#ffffff", 0), sides=8)
        vista.hide_from_light(scatter.scatter_instances(build, [ball.data("light")], places, s))


@backdrop("starry")
def starry(build: Build, piece: Piece) -> None:
    """A night sky with stars and the haze of the Milky Way, hills black before it."""
    # Stars are points, or they are nothing.
    stop_down(build, 0.06)
    s = Shader("night sky")
    across, up = vista.angles(build, s, vista.SKY_Y)
    air = s.ramp(
        s.math("MULTIPLY", up, 3.0),
        ((0.0, "#6d5a8c"), (0.16, "#33407c"), (0.5, piece.colour or "#151f52"), (1.0, "#080c2a")),
        smooth=False,
    )
    slope = build.rng.choice((-1, 1)) * build.rng.uniform(0.35, 0.7)
    band = s.math("SUBTRACT", s.math("SUBTRACT", up, 0.13), s.math("MULTIPLY", across, slope))
    where = s.node(
        "CombineXYZ", {0: s.math("MULTIPLY", across, 12.0), 1: s.math("MULTIPLY", up, 12.0)}
    ).outputs[0]
    dusty = s.noise(1.4, 8, roughness=0.65, distortion=0.5, place=where)
    haze = s.math(
        "MULTIPLY", s.span(s.math("ABSOLUTE", band), 0.0, 0.13, 1.0, 0.0), s.span(dusty, 0.36, 0.72)
    )
    vista.finish_shining(build, s, s.mix(s.math("MULTIPLY", haze, 0.75), air, "#9c92cf"), 0.42)
    vista.backcloth(build, s, vista.SKY_Y, low=-8.0)
    _stars(build, 170)
    hills = Shader("hills")
    # By starlight a ridge is but darker than the sky, and each further one lighter.
    _, y, _ = hills.axes()
    haze = hills.mix(hills.span(y, 6.0, 44.0), "#1c2550", "#4a4f86")
    vista.finish_shining(build, hills, haze, 0.42)
    seed = build.rng.randint(0, 999)

    def heights(x: Any, y: Any) -> Any:
        ridge = relief.step(y, 10.0, 44.0)
        return -0.2 + ridge * (0.2 + 1.0 * relief.ridges(x * 0.06, y * 0.06, seed, count=5))

    vista.hide_from_light(vista.land(build, hills, heights, near=5.0, cells=(140, 60)))


def _stars(build: Build, count: int) -> None:
    rolled = scatter.dice(build)
    y = vista.SKY_Y - 4.0
    seen = build.view_at(y)
    ball = Sprig()
    ball.round((0, 0, 0), 1.0, ("#ffffff", "#ffffff", 0), sides=12)
    for colour, share, bright in (("#ffffff", 0.6, 9.0), ("#cfdcff", 0.25, 14.0), ("#ffe6c9", 0.15, 18.0)):
        some = int(count * share)
        x = rolled.uniform(seen.left, seen.right, some) * 1.1
        z = rolled.uniform(0.0, seen.top * 1.1, some)
        s = Shader("stars")
        vista.finish_shining(build, s, colour, bright)
        size = 0.012 + 0.034 * rolled.random(some) ** 7
        places = scatter.Places(np.stack([x, np.full(some, y), z], -1), np.zeros((some, 3)), size)
        vista.hide_from_light(scatter.scatter_instances(build, [ball.data("star")], places, s))
