"""Beach and desert: sand, the sea, dunes, and what the sea leaves behind."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, relief, vista
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.growth import Sprig, Tone, leafy, solid
from editor.engines.blender.kit.registry import backdrop, prop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece
from editor.engines.scenes.vocabulary import Sky

SAND = "#dcbf94"
SHORE = 2.3
"""The y about which the sea runs out on the sand."""


def sand_material(build: Build, colour: str, *, wavelength: float = 0.13, ripples: float = 0.5) -> Shader:
    """Return fine sand: ripples of the wind, grains of several colours, a few that sparkle."""
    s = Shader("sand")
    turn = build.rng.uniform(-0.35, 0.35)
    where = s.wander(0.22, 1.1, place=s.stretch((1, 1, 1), turn=(0, 0, turn)), detail=2)
    bands = s.waves(0.314 / wavelength, distortion=1.2, axis="Y", place=where, Detail=2.0)
    calm = s.span(s.noise(0.9, 3), 0.3, 0.62, 0.25, 1.0)
    grain = s.noise(420, 2)
    clumps = s.noise(34, 6, roughness=0.65)
    height = s.math("MULTIPLY", s.math("MULTIPLY", bands, calm), ripples)
    height = s.math("ADD", height, s.math("MULTIPLY", clumps, 0.16))
    height = s.math("ADD", height, s.math("MULTIPLY", grain, 0.035))
    patches = s.noise(2.2, 5)
    base = s.vary(colour, s.mix(0.45, patches, grain), 0.24)
    base = s.mix(s.math("MULTIPLY", s.span(bands, 0.0, 0.5, 0.16, 0.0), calm), base, "#8a6a45")
    speck = s.node(
        "TexWhiteNoise",
        {"Vector": s.node("VectorMath", {0: s.place, "Scale": 520.0}, operation="SCALE").outputs[0]},
    ).outputs[0]
    sparkle = s.math("GREATER_THAN", speck, 0.9993)
    s.principled(
        colour=base,
        roughness=s.span(sparkle, 0, 1, 0.93, 0.2),
        specular=0.3,
        normal=s.bump(height, 0.95, 0.03),
    )
    return s


def mounds(build: Build, height: float, scale: float = 0.6) -> Any:
    """Return the relief of sand or snow that lies unevenly, metres high."""
    seed = build.rng.randint(0, 999)

    def heights(x: Any, y: Any) -> Any:
        return height * relief.layers(x * scale, y * scale, seed, count=3, roughness=0.45)

    return heights


@surface("sand")
def sand(build: Build, piece: Piece) -> None:
    lay_ground(build, sand_material(build, piece.colour or SAND), mounds(build, 0.045, 0.8), cells=180)


@backdrop("dunes")
def dunes(build: Build, piece: Piece) -> None:
    """Dunes behind each other, sharp crests between light and shade."""
    vista.sky(build, clouds=0.12)
    seed = build.rng.randint(0, 9999)
    rise = 0.5 * (build.view_at(40.0).top - vista.level(build))
    colour = piece.colour or ("#d9a066" if vista.sky_of_hour(build).dark is False else "#8a7a86")
    s = Shader("dunes")
    where = s.wander(0.5, 0.5, detail=2)
    bands = s.waves(1.1, distortion=2.0, axis="Y", place=where, Detail=2.0)
    body = s.node(
        "BsdfDiffuse",
        {
            "Color": s.vary(colour, s.noise(1.5, 6), 0.12),
            "Roughness": 1.0,
            "Normal": s.bump(bands, 0.35, 0.05),
        },
    )
    vista.finish_in_haze(build, s, body.outputs[0], 12.0, 75.0, 0.6)

    def heights(x: Any, y: Any) -> Any:
        far = relief.step(y, 3.0, 30.0)
        bend = 1.4 * relief.noise(x * 0.07, y * 0.07, seed + 3)
        wave = (y * 0.115 + 0.05 * x + bend) % 1.0
        # A dune rises slowly towards the wind's lee and falls steeply behind its crest.
        crest = np.where(wave < 0.72, (wave / 0.72) ** 1.6, ((1 - wave) / 0.28) ** 0.9)
        swell = 0.6 + 0.5 * relief.layers(x * 0.06, y * 0.06, seed, count=2)
        return far * rise * np.clip(swell, 0.12, 1.3) * crest * (0.35 + y / 60) - 0.06

    vista.land(build, s, heights, near=2.4, cells=(240, 300))


@backdrop("sea")
def sea(build: Build, piece: Piece) -> None:
    """The sea to the horizon, waves that run out in foam; below a table that ends it lies deeper."""
    time = vista.sky_of_hour(build)
    vista.sky(build, clouds=build.rng.uniform(0.3, 0.65))
    low = vista.level(build)
    beach = low == 0.0
    seed = build.rng.randint(0, 999)
    near = SHORE if beach else 1.0

    def edge(x: Any) -> Any:
        return near + 0.28 * relief.layers(x * 0.55, 0.0 * x, seed, count=3)

    def heights(x: Any, y: Any) -> Any:
        out = np.maximum(y - edge(x), 0.0)
        swell = 0.016 + 0.05 * relief.step(out, 0.5, 10.0)
        bend = 0.6 * relief.noise(x * 0.25, y * 0.2, seed + 1)
        waves = np.sin(y * 1.9 + bend * 2.2) + 0.5 * np.sin(y * 3.7 + 0.7 * x + 3 * bend)
        chop = relief.layers(x * 1.6, y * 2.8, seed + 2, count=3, roughness=0.6) * (
            1 - 0.8 * relief.step(y, 6.0, 18.0)
        )
        surf = 0.075 * np.exp(-(((out - 1.1 - 0.5 * bend) / 0.22) ** 2)) if beach else 0.0
        rim = relief.step(out, 0.0, 0.25) if beach else 1.0
        # Higher by its own troughs: no sand may come through where it is deep.
        deep = 0.1 * relief.step(out, 0.3, 4.0) if beach else 0.0
        return (0.012 + deep + swell * (0.55 * waves + 0.6 * chop) * rim + surf) * (1 if beach else 1.6)

    thing = vista.land(
        build,
        _sea_water(build, piece, edge, time),
        heights,
        near=near - 0.75 if beach else near,
        cells=(260, 420),
    )
    _mark_shore(thing, edge, beach)


def _sea_water(build: Build, piece: Piece, edge: Any, time: Sky) -> Shader:
    """Return sea water: green over the sand, blue further out, foam where it breaks."""
    s = Shader("sea")
    out = s.node("Attribute", attribute_name="out").outputs["Factor"]
    _, y, _ = s.axes()
    deep = piece.colour or ("#0e2a44" if time.dark else "#0f5a86")
    shallow = "#39505a" if time.dark else "#4fb3b4"
    tint = s.ramp(
        s.span(y, 2.0, 26.0), ((0.0, shallow), (0.35, "#2a86a0" if not time.dark else "#1c3c52"), (1.0, deep))
    )
    ripples = s.noise(3.2, 6, roughness=0.6, place=s.stretch((0.75, 1.9, 1)))
    lace = s.cells(4.5, feature="DISTANCE_TO_EDGE", place=s.wander(0.35, 2.0, detail=4))
    holes = s.span(lace, 0.02, 0.16, 1.0, 0.0)
    froth = s.span(s.noise(14, 6, roughness=0.65), 0.4, 0.62)
    line = s.span(s.math("ABSOLUTE", s.math("SUBTRACT", out, 0.04)), 0.0, 0.1, 1.0, 0.0)
    breaker = s.span(s.math("ABSOLUTE", s.math("SUBTRACT", out, 1.0)), 0.05, 0.42, 1.0, 0.0)
    wash = s.math("MULTIPLY", s.span(out, 0.05, 1.5, 0.9, 0.12), holes)
    foam = s.math("MAXIMUM", s.math("MAXIMUM", line, s.math("MULTIPLY", breaker, froth)), wash)
    foam = s.math("MULTIPLY", foam, s.span(out, 2.4, 3.4, 1.0, 0.0), clamp=True)
    wet = s.span(out, 0.0, 0.7)
    under = s.mix(wet, "#a88f66", tint)
    s.principled(
        colour=s.mix(foam, under, "#f4f7f7"),
        # Far waves are finer than a pixel: they blur what the sea mirrors.
        roughness=s.math("ADD", s.span(y, 4.0, 20.0, 0.08, 0.3), s.math("MULTIPLY", foam, 0.5)),
        ior=1.33,
        normal=s.bump(ripples, s.span(y, 3.0, 14.0, 0.45, 0.0), 0.06),
        alpha=s.math("MAXIMUM", foam, s.span(out, -0.02, 0.55, 0.25, 1.0)),
    )
    return s


def _mark_shore(thing: Any, edge: Any, beach: bool) -> None:
    """Tell the water's mesh how far each corner is out from the shore, and cut what lies on land."""
    data = thing.data
    points = np.empty(3 * len(data.vertices), np.float32)
    data.vertices.foreach_get("co", points)
    x, y = points.reshape(-1, 3)[:, :2].T.astype(float)
    out = y - edge(x) if beach else np.full_like(y, 99.0)
    attribute = data.attributes.new("out", "FLOAT", "POINT")
    attribute.data.foreach_set("value", np.ascontiguousarray(out, np.float32))
    points[2::3] = np.where(out < -0.02, -0.12, points[2::3])
    data.vertices.foreach_set("co", points)
    data.update()


SHELLS: tuple[Tone, ...] = (
    ("#f3dccb", "#e2a98c", 0.0),
    ("#fbf3e8", "#e9d2b4", 0.0),
    ("#f6e5e2", "#d99a98", 0.0),
    ("#efe3cf", "#b98f68", 0.0),
)


def scallop(build: Build, radius: float, tone: Tone) -> Sprig:
    """Return a scallop's shell, its hollow side down: a fan of ribs."""
    sprig = Sprig()
    along, around = np.meshgrid(np.linspace(0.0, 1, 16), np.linspace(-1.15, 1.15, 65), indexing="ij")
    ribs = np.cos(around * 2 * np.pi * 9 / 2.3)
    reach = radius * along * (1 + 0.02 * ribs) * (1 - 0.1 * (around / 1.15) ** 4)
    dome = 0.42 * radius * np.sin(np.pi * np.clip(along * 0.82 + 0.09, 0, 1)) * np.cos(around * 1.15) ** 0.7
    z = np.maximum(dome + 0.028 * radius * ribs * along, 0.0)
    points = np.stack([reach * np.sin(around), reach * np.cos(around) - radius / 2, z], -1)
    sprig.lattice(points, _band_tones(tone, along))
    return sprig


def _band_tones(tone: Tone, share: Any) -> Any:
    rings = 0.5 + 0.5 * np.cos(share * 21.0)
    mix = np.clip(0.75 * share + 0.3 * rings * share, 0, 1)[..., None]
    base, tip = solid(tone[0]), solid(tone[1])
    return base + (tip - base) * mix


def starfish(build: Build, radius: float, tone: Tone) -> Sprig:
    """Return a starfish: five arms, knobs along each."""
    sprig = Sprig()
    share, around = np.meshgrid(np.linspace(0, 1, 22), np.linspace(0, 2 * np.pi, 121), indexing="ij")
    arm = np.abs(((around * 5 / (2 * np.pi) + 0.5) % 1) - 0.5) * 2
    reach = radius * (0.3 + 0.7 * np.clip(1 - arm / 0.62, 0, 1) ** 1.2)
    across = np.clip(1 - share**2.4, 0, 1)
    knobs = 0.05 * np.clip(np.sin(share * 26) * np.cos(arm * 9), 0, 1) * across
    z = radius * (0.2 * across * (0.6 + 0.4 * (1 - share)) + 0.3 * knobs)
    points = np.stack([share * reach * np.cos(around), share * reach * np.sin(around), z], -1)
    sprig.lattice(points, _band_tones(tone, share * 0.8 + 0.1))
    return sprig


def whelk(build: Build, length: float, tone: Tone) -> Sprig:
    """Return a spiral shell lying on its side."""
    sprig = Sprig()
    turns = np.linspace(0, 2 * np.pi * 6.5, 110)
    grow = np.exp(-turns / 13.0)
    radius = 0.16 * length * grow
    x = -length * (1 - grow) / (1 - grow[-1]) + 0.5 * length
    path = np.stack([x, radius * np.cos(turns), radius * np.sin(turns) + 0.22 * length], -1)
    sprig.stem(path, 0.105 * length * grow + 0.001, tone, sides=14)
    return sprig


@prop("shells")
def shells(build: Build, piece: Piece) -> None:
    """Scallops, spirals, and one starfish."""
    shader = leafy("shells", gloss=0.32, hue=0.015, value=0.12)
    rng = build.rng
    for spot in build.spots(piece.count or rng.randint(4, 6), 0.065, spread=0.3, depth=(-0.45, 0.5)):
        tone = (piece.colour, piece.colour, 0.0) if piece.colour else rng.choice(SHELLS)
        kind = (starfish, scallop, whelk, scallop)[(spot.number - 1) % 4]
        if kind is starfish:
            sprig = starfish(build, spot.size * 1.35, tone if piece.colour else ("#e0915c", "#c96a3c", 0.0))
        else:
            sprig = kind(build, spot.size * (1.15 if kind is scallop else 1.7), tone)
        meshes.place(
            build,
            sprig.data("shell", shader),
            at=(spot.x, spot.y, -0.004),
            turn=(rng.uniform(-0.12, 0.12), 0, spot.turn),
        )


@prop("driftwood")
def driftwood(build: Build, piece: Piece) -> None:
    """Branches that the sea has bleached and rounded."""
    s = Shader("driftwood")
    fibre = s.noise(30, 6, roughness=0.65, place=s.stretch((0.14, 1, 1)))
    cracks = s.span(s.noise(17, 4, place=s.stretch((0.1, 1, 1))), 0.58, 0.68)
    base = s.vary(piece.colour or "#b0a392", fibre, 0.4)
    s.principled(
        colour=s.mix(cracks, base, "#5f5548"), roughness=0.88, specular=0.2, normal=s.bump(fibre, 0.6, 0.02)
    )
    rng = build.rng
    for spot in build.spots(
        piece.count or 2, 0.26, spread=0.2, behind=True, depth=(build.foot_depth + 0.2, 1.1)
    ):
        length, steps = spot.size * 2.3, 18
        share = np.linspace(-0.5, 0.5, steps)
        bend, knee = rng.uniform(-0.25, 0.25), rng.uniform(-0.2, 0.2)
        path = [
            (
                length * t,
                length * (bend * t * t + knee * abs(t)),
                0.05 * spot.size / 0.26 + 0.1 * length * rng.uniform(0.6, 1) * max(0.0, t) ** 2,
            )
            for t in share
        ]
        taper = [(1 - 1.2 * abs(t) ** 1.6) * (1 + 0.16 * math.sin(9 * t + spot.number)) for t in share]
        heading = rng.uniform(-0.5, 0.5)
        meshes.tube(build, path, 0.05 * spot.size / 0.26, s, at=spot.at, turn=(0, 0, heading), taper=taper)
        begin = path[steps // 3]
        twig = [
            (
                begin[0] + 0.12 * length * t,
                begin[1] + 0.1 * length * t,
                begin[2] + 0.3 * length * t * (1 - 0.4 * t),
            )
            for t in (0, 0.4, 0.8, 1.2)
        ]
        meshes.tube(
            build,
            twig,
            0.02 * spot.size / 0.26,
            s,
            at=spot.at,
            turn=(0, 0, heading),
            taper=[1.3, 1.0, 0.7, 0.3],
        )
