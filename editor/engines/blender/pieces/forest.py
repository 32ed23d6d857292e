"""The forest: its floor, autumn leaves, trunks with light between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import foliage, meshes, relief, scatter, vista
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.growth import Sprig, Tone, leafy
from editor.engines.blender.kit.registry import backdrop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import meadow

FALLEN: tuple[Tone, ...] = (
    ("#94571c", "#c98a34", 0.3),
    ("#7f3a18", "#b85f28", 0.3),
    ("#a3822e", "#d9b850", 0.32),
    ("#644326", "#8a6238", 0.2),
    ("#6d4a22", "#a5793a", 0.24),
    ("#74301c", "#a3452c", 0.28),
)
WITHERED: tuple[Tone, ...] = (
    ("#4a3523", "#6f5234", 0.1),
    ("#5c4128", "#86643c", 0.12),
    ("#3e2c1f", "#5f4630", 0.1),
)
NEEDLE: Tone = ("#5d4024", "#8a6438", 0.0)


def maple(build: Build, tone: Tone, radius: float) -> Any:
    """Return a maple leaf's mesh that lies on the ground, curled: five lobes about its stem's end."""
    rng = build.rng
    sprig = Sprig()
    for angle, long in ((0.0, 1.0), (0.85, 0.86), (-0.85, 0.86), (1.75, 0.55), (-1.75, 0.55)):
        length = radius * long * rng.uniform(0.9, 1.1)
        sprig.leaf(
            (0, 0, 0.002),
            angle,
            length,
            0.62 * length,
            tone,
            rise=rng.uniform(0.05, 0.5),
            droop=rng.uniform(0.1, 0.9),
            fold=rng.uniform(-0.1, 0.3),
            steps=5,
            form=0.9,
        )
    path = np.array(
        [
            [0, 0, 0.002],
            [-0.3 * radius, 0.04 * radius, 0.03 * radius],
            [-0.75 * radius, rng.uniform(-0.2, 0.2) * radius, 0.02 * radius],
        ]
    )
    sprig.stem(path, 0.014 * radius + 0.0006, (tone[0], tone[0], 0.0), sides=4)
    return sprig.data("maple")


def beech(build: Build, tone: Tone, length: float) -> Any:
    """Return a beech leaf's mesh that lies on the ground, curled."""
    rng = build.rng
    sprig = Sprig()
    sprig.leaf(
        (-length / 2, 0, 0.002),
        0.0,
        length,
        0.55 * length,
        tone,
        rise=rng.uniform(0.1, 0.5),
        droop=rng.uniform(0.3, 1.1),
        fold=rng.uniform(-0.2, 0.45),
        steps=6,
        form=0.95,
    )
    return sprig.data("beech")


def leaf_cover(
    build: Build, tones: tuple[Tone, ...], count: int, size: float, *, tilt: float = 0.28, far: float = 7.0
) -> None:
    """Strew fallen leaves over each other, flat where the product stands."""
    kinds = [
        maple(build, tone, size * build.rng.uniform(0.8, 1.2))
        if number % 3
        else beech(build, tone, size * 1.3)
        for number, tone in enumerate((*tones, *tones))
    ]
    places = scatter.over_ground(build, count, far=far, thinning=1.6, tilt=tilt, spread=0.2)
    calm = build.calm(places.points[:, 0], places.points[:, 1], 0.35)
    places.turns[:, :2] *= 0.15 + 0.85 * calm[:, None]
    places.points[:, 2] += scatter.dice(build).uniform(0.0, 0.035, len(calm)) * calm
    room = scatter.headroom(build, places.points)
    places = scatter.clear_of_foot(build, places.keep(room - places.points[:, 2] > 0.35 * size * calm), 0.0)
    scatter.scatter_instances(build, kinds, places, leafy("fallen leaves", gloss=0.38, hue=0.015, value=0.25))


@surface("leaves")
def leaves(build: Build, piece: Piece) -> None:
    """A carpet of autumn leaves."""
    lay_ground(build, meadow.soil("#4a3020", "#5a3a1e"))
    tones = ((piece.colour, piece.colour, 0.3),) * 3 if piece.colour else FALLEN
    leaf_cover(build, tones, 3000, 0.1)


@surface("forest-floor")
def forest_floor(build: Build, piece: Piece) -> None:
    """Dark soil under needles, withered leaves and twigs, with cushions of moss."""
    seed = build.rng.randint(0, 999)

    def heights(x: Any, y: Any) -> Any:
        return 0.03 * relief.layers(x * 1.6, y * 1.6, seed, count=5, roughness=0.55)

    s = Shader("forest soil")
    crumbs = s.noise(34, 8, roughness=0.72)
    green = s.span(s.noise(1.7, 6, roughness=0.6), 0.5, 0.62)
    earth = s.vary(piece.colour or "#43301f", crumbs, 0.6)
    s.principled(
        colour=s.mix(green, earth, s.vary("#4d5f26", s.noise(70, 4), 0.6)),
        roughness=0.95,
        specular=0.25,
        normal=s.bump(crumbs, 0.9, 0.03),
    )
    lay_ground(build, s, heights)
    _needles(build, heights)
    leaf_cover(build, WITHERED, 420, 0.085, tilt=0.35)
    meadow.cushions(build, 900, heights)


def _needles(build: Build, heights: Any) -> None:
    rng = build.rng
    kinds = []
    for _ in range(4):
        sprig = Sprig()
        for _ in range(12):
            heading, x, y = rng.uniform(0, 6.3), rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06)
            length = rng.uniform(0.035, 0.06)
            path = np.array(
                [
                    [x, y, 0.003],
                    [
                        x + length * math.cos(heading),
                        y + length * math.sin(heading),
                        rng.uniform(0.003, 0.014),
                    ],
                ]
            )
            sprig.stem(path, 0.0012, NEEDLE, sides=3)
        kinds.append(sprig.data("needles"))
    places = scatter.over_ground(build, 2600, far=4.0, thinning=1.4, tilt=0.08)
    places = scatter.raise_to_ground(places, lambda x, y: heights(x, y) * build.calm(x, y))
    scatter.scatter_instances(
        build, kinds, scatter.clear_of_foot(build, places), leafy("needles", hue=0.01, value=0.3)
    )


@backdrop("forest")
def forest(build: Build, piece: Piece) -> None:
    """Trunks one behind another, undergrowth, light that falls through the leaves in shafts."""
    autumn = build.plan.surface.name == "leaves"
    tones = foliage.AUTUMN if autumn else foliage.SUMMER
    low = vista.level(build)
    _glade(build, autumn, piece.colour)
    s = meadow.soil("#4a3a26", "#6b4a22" if autumn else "#3f5222")
    vista.land(
        build,
        s,
        lambda x, y: 0.012 * y + 0.1 * relief.layers(x * 0.4, y * 0.4, 5, count=3) - 0.14,
        near=2.2,
        cells=(60, 60),
    )
    barks = [
        foliage.bark(colour, moss=0.0 if autumn else 0.5) for colour in ("#4a4138", "#3a332c", "#5d554a")
    ]
    rng = build.rng
    for number in range(30):
        y = 3.6 + 24.0 * ((number + rng.random()) / 30) ** 1.3
        seen = build.view_at(y)
        radius = rng.uniform(0.05, 0.15) * (1 + 0.03 * y)
        x = seen.left + seen.width * rng.random()
        if y < 6 and abs(x) < build.frame.size[0] / 2 + 0.35:
            x += math.copysign(0.28 * seen.width, x)
        foliage.trunk(build, rng.choice(barks), (x, y, low), radius, seen.top - low + 2.0)
    foliage.hedge(build, (5.0, 9.0), (0.22, 0.5), 26, tones=tones, low=low, gap=0.8)
    foliage.hedge(build, (12.0, 20.0), (0.5, 1.1), 30, tones=tones, low=low + 0.2)
    _canopy(build, tones)
    if not vista.sky_of_hour(build).dark:
        _shafts(build)


def _glade(build: Build, autumn: bool, colour: str) -> None:
    """Hang what shines between the trunks: leaves and sky, as discs of light out of focus."""
    s = Shader("glade")
    across, up = vista.angles(build, s, 30.0)
    time = vista.sky_of_hour(build)
    where = s.node(
        "CombineXYZ", {0: s.math("MULTIPLY", across, 16.0), 1: s.math("MULTIPLY", up, 16.0)}
    ).outputs[0]
    spots = s.noise(1.6, 6, roughness=0.6, place=where)
    deep, leaf, air = ("#4a2a12", "#c98a34", "#fff0cf") if autumn else ("#1f3318", "#8fae52", "#f4fbdc")
    if time.dark:
        deep, leaf, air = "#0a1014", "#1c2c30", "#50687a"
    colours = s.ramp(spots, ((0.34, deep), (0.52, colour or leaf), (0.68, air)))
    middle = s.math("ABSOLUTE", s.math("ADD", across, 0.05 * build.key_side))
    share = s.math("MULTIPLY", s.span(middle, 0.0, 0.3, 1.5, 0.55), s.span(up, -0.04, 0.07, 0.6, 1.0))
    vista.finish_shining(build, s, colours, max(time.level, 0.3), share=share)
    vista.backcloth(build, s, 30.0)


def _canopy(build: Build, tones: tuple[Tone, ...]) -> None:
    """Let leaves hang into the top of the picture, near and far."""
    rolled = scatter.dice(build)
    count = 44
    y = rolled.uniform(4.5, 18.0, count)
    seen = [build.view_at(float(far)) for far in y]
    x = np.array([one.left - 0.5 + (one.width + 1) * rolled.random() for one in seen])
    size = rolled.uniform(0.3, 0.75, count) * (0.5 + 0.06 * y)
    z = np.array([one.top for one in seen]) + size * rolled.uniform(-0.1, 0.9, count)
    places = scatter.Places(np.stack([x, y, z], -1), rolled.uniform(0, 6.3, (count, 3)), size)
    scatter.scatter_instances(
        build, [foliage.bush(build, tones, leaves=300) for _ in range(2)], places, leafy("canopy", value=0.3)
    )


def _shafts(build: Build) -> None:
    """Stretch sheets of faint light from above between the trunks."""
    rng = build.rng
    for _ in range(5):
        s = Shader("shaft")
        x, _, z = s.axes()
        wide = rng.uniform(0.25, 0.7)
        edges = s.span(s.math("ABSOLUTE", x), 0.0, wide, 1.0, 0.0)
        fade = s.math("MULTIPLY", edges, s.span(z, -1.0, 3.5))
        light = s.node(
            "Emission",
            {
                "Color": "#ffeec2",
                "Strength": s.math(
                    "MULTIPLY", fade, vista.constant_brightness(build, s, rng.uniform(0.12, 0.28))
                ),
            },
        )
        add = s.node("AddShader")
        s.tree.links.new(light.outputs[0], add.inputs[0])
        s.tree.links.new(s.node("BsdfTransparent").outputs[0], add.inputs[1])
        s.finish(add.outputs[0])
        s.material.cycles.emission_sampling = "NONE"
        y = rng.uniform(4.5, 12.0)
        seen = build.view_at(y)
        points = np.array([[(-wide, 0, -3), (wide, 0, -3)], [(-wide, 0, 9), (wide, 0, 9)]], float)
        lean = 0.5 * build.key_side + rng.uniform(-0.06, 0.06)
        at = (rng.uniform(seen.left, seen.right), y, 0.3 * seen.top)
        vista.hide_from_light(meshes.lattice(build, points, s, at=at, turn=(0, lean, 0)))
