"""Meadow and garden: grass, moss, flowers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import foliage, relief, scatter, vista
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.growth import Sprig, Tone, leafy
from editor.engines.blender.kit.registry import backdrop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

GREENS: tuple[Tone, ...] = (
    ("#2f4d14", "#7ea234", 0.35),
    ("#274716", "#68942f", 0.35),
    ("#3b5a1c", "#97ad43", 0.38),
)
STRAW: Tone = ("#6b6a35", "#cdbd82", 0.3)
MOSSES: tuple[Tone, ...] = (
    ("#33481a", "#7d9a35", 0.3),
    ("#3d5520", "#97ad48", 0.3),
    ("#2c4018", "#647f2c", 0.3),
)
TURF_HEIGHT = 0.075
"""Metres of the set of mown grass: a few centimetres beside a bottle."""


def soil(colour: str = "#3a2f22", second: str = "#26301a", *, far: str = "") -> Shader:
    """Return earth as it shows between blades; far away, where blades are not drawn, it has their colour."""
    s = Shader("soil")
    crumbs = s.noise(40, 7, roughness=0.7)
    patches = s.noise(3, 4)
    earth = s.mix(patches, s.vary(colour, crumbs, 0.5), s.vary(second, crumbs, 0.5))
    if far:
        _, y, _ = s.axes()
        blades = s.vary(far, s.noise(1.4, 8, roughness=0.7, place=s.stretch((0.5, 1.6, 1))), 0.35)
        earth = s.mix(s.span(y, 2.5, 6.0), earth, blades)
    s.principled(colour=earth, roughness=0.95, specular=0.2, normal=s.bump(crumbs, 0.8, 0.02))
    return s


def tufts(
    build: Build,
    height: float,
    *,
    blades: int = 24,
    kinds: int = 5,
    radius: float = 0.05,
    straw: float = 0.08,
) -> list[Any]:
    """Return meshes of a few tufts of grass, a metre's fraction high, all different."""
    rolled = scatter.dice(build)
    made = []
    for kind in range(kinds):
        sprig = Sprig()
        angle, away = rolled.uniform(0, 2 * math.pi, blades), radius * np.sqrt(rolled.random(blades))
        roots = np.stack([away * np.cos(angle), away * np.sin(angle), np.full(blades, -0.004)], -1)
        tones = [
            STRAW if rolled.random() < straw else GREENS[number % len(GREENS)] for number in range(blades)
        ]
        sprig.blade(
            roots,
            angle + rolled.uniform(-1.2, 1.2, blades),
            height * rolled.uniform(0.45, 1.15, blades),
            math.sqrt(height) * rolled.uniform(0.02, 0.034, blades),
            rolled.uniform(0.2, 1.7, blades),
            tones,
        )
        made.append(sprig.data(f"tuft {kind}"))
    return made


def turf(
    build: Build, height: float = TURF_HEIGHT, count: int = 3700, *, far: float = 7.0, wild: float = 0.5
) -> None:
    """Grow grass over the ground, short about the product's foot, tousled in patches."""
    places = scatter.over_ground(build, count, far=far, thinning=1.5, tilt=0.22, spread=0.25)
    x, y = places.points[:, 0], places.points[:, 1]
    patches = 1 + wild * relief.layers(x * 1.3, y * 1.3, build.rng.randint(0, 999), count=3)
    pressed = 0.35 + 0.65 * build.calm(x, y, 0.45)
    places.sizes = places.sizes * np.clip(patches, 0.45, 2.0) * pressed
    room = scatter.headroom(build, places.points)
    places.sizes = np.minimum(places.sizes, 0.85 * room / (1.15 * height))
    places = scatter.clear_of_foot(build, places.keep(places.sizes > 0.12), -0.01)
    scatter.scatter_instances(
        build, tufts(build, height), places, leafy("grass", gloss=0.42, hue=0.02, value=0.28)
    )


@surface("grass")
def grass(build: Build, piece: Piece) -> None:
    """A meadow's grass, with clover's and daisies' small stars in it."""
    s = soil("#3d4a22", "#2c3d1a", far="#6f8f3a")
    lay_ground(build, s)
    turf(build)
    _daisies(build, build.rng.randint(24, 60))


def _daisies(build: Build, count: int) -> None:
    places = scatter.over_ground(build, count, near=-2.0, far=3.5, thinning=1.2, tilt=0.3, spread=0.2)
    room = scatter.headroom(build, places.points)
    places = scatter.clear_of_foot(build, places.keep(room > 0.1), 0.16)
    scatter.scatter_instances(
        build, [daisy(build, 0.085, 0.022) for _ in range(3)], places, leafy("daisies", hue=0.0, value=0.08)
    )


def daisy(build: Build, height: float, radius: float, petal: str = "#fbfaf5", eye: str = "#e9b520") -> Any:
    """Return a daisy's mesh: a bent stem, a ring of petals, a yellow eye."""
    rng = build.rng
    sprig = Sprig()
    lean, heading = rng.uniform(0.0, 0.3), rng.uniform(0, 6.3)
    share = np.linspace(0, 1, 6)
    path = np.stack(
        [
            lean * height * share**2 * math.cos(heading),
            lean * height * share**2 * math.sin(heading),
            height * share,
        ],
        -1,
    )
    sprig.stem(path, 0.045 * radius + 0.0012, ("#4d6b2c", "#7d9a4c", 0.1), sides=5)
    head = path[-1]
    count = rng.randint(13, 18)
    for number in range(count):
        turn = 2 * math.pi * number / count + rng.uniform(-0.08, 0.08)
        sprig.leaf(
            head,
            turn,
            radius,
            0.34 * radius,
            (petal, petal, 0.3),
            rise=rng.uniform(0.05, 0.35),
            droop=0.3,
            fold=0.1,
            steps=4,
            form=0.65,
            blunt=0.6,
        )
    sprig.round((*head[:2], head[2] + 0.02 * radius), 0.3 * radius, (eye, eye, 0.0), squash=0.5, sides=8)
    return sprig.data("daisy")


@backdrop("meadow")
def meadow(build: Build, piece: Piece) -> None:
    """High grass with poppies and daisies, a wood's edge far away, the sky."""
    vista.sky(build, clouds=build.rng.uniform(0.3, 0.65))
    low = vista.level(build)
    seed = build.rng.randint(0, 999)

    def heights(x: Any, y: Any) -> Any:
        return (
            relief.step(y, 2.0, 9.0)
            * (0.06 + 0.012 * y)
            * (0.6 + 0.4 * relief.layers(x * 0.16, y * 0.16, seed, count=2))
            - 0.02
        )

    vista.land(build, _far_grass(build), heights, near=1.6, cells=(60, 60))
    foliage.tree_line(build, (34, 46), 0.13 * build.view_at(40).height, 70, low=low + 0.3)
    wild = scatter.over_ground(
        build, 1100, near=max(2.1, build.foot_depth + 1.2), far=17.0, thinning=1.6, tilt=0.2
    )
    wild = scatter.raise_to_ground(wild, lambda x, y: low + heights(x, y))
    scatter.scatter_instances(
        build, tufts(build, 0.3, blades=34, radius=0.12, straw=0.25), wild, leafy("wild grass", hue=0.02)
    )
    for petal, eye, share in _blooms(build, piece):
        heads = scatter.over_ground(
            build,
            round(130 * share),
            near=max(2.3, build.foot_depth + 1.3),
            far=12.0,
            thinning=1.3,
            tilt=0.25,
        )
        heads = scatter.raise_to_ground(heads, lambda x, y: low + heights(x, y))
        flowers = [daisy(build, 0.34, 0.05, petal, eye) for _ in range(2)]
        scatter.scatter_instances(build, flowers, heads, leafy("meadow flowers", hue=0.01, value=0.12))


def _blooms(build: Build, piece: Piece) -> tuple[tuple[str, str, float], ...]:
    """Return what flowers: petals' and eyes' colours, and how many of it."""
    if piece.colour:
        return ((piece.colour, "#e9c23a", 1.6),)
    return build.rng.choice(
        (
            (("#d8321f", "#1d1512", 1.0), ("#fbfaf5", "#e9b520", 0.9)),
            (("#fbfaf5", "#e9b520", 1.0), ("#6f6fd0", "#d9d2f0", 0.8)),
            (("#f2c52c", "#c98a12", 1.0), ("#f7f4ea", "#e9b520", 0.7)),
        )
    )


def _far_grass(build: Build) -> Shader:
    s = Shader("far meadow")
    strokes = s.noise(2.2, 8, roughness=0.65, place=s.stretch((1.6, 0.5, 1)))
    body = s.node(
        "BsdfDiffuse", {"Color": s.ramp(strokes, ((0.25, "#46602a"), (0.5, "#71873c"), (0.75, "#a3a95c")))}
    )
    vista.finish_in_haze(build, s, body.outputs[0], 12.0, 70.0, 0.7)
    return s


@backdrop("garden")
def garden(build: Build, piece: Piece) -> None:
    """A lawn, beds and a hedge in blossom, trees above it, all far out of focus."""
    vista.sky(build, clouds=0.5)
    low = vista.level(build)
    vista.land(build, _far_grass(build), lambda x, y: 0.0 * x - 0.012, near=1.6, cells=(2, 8))
    colours = (
        (piece.colour,)
        if piece.colour
        else build.rng.choice(
            (
                ("#f3a9c0", "#fbe3ea", "#d9567f"),
                ("#ffffff", "#f6e9c9", "#f2c9a8"),
                ("#b89be0", "#f0e6fa", "#8a6cc9"),
                ("#f5c04a", "#ffe7a8", "#f08a4a"),
            )
        )
    )
    beds = foliage.hedge(build, (4.2, 6.0), (0.35, 0.6), 16, low=low)
    foliage.blossoms(build, beds, 260, colours, 0.06)
    back = foliage.hedge(build, (8.0, 10.0), (1.0, 1.7), 18, low=low)
    foliage.blossoms(build, back, 240, colours, 0.11)
    foliage.tree_line(build, (16, 24), 0.42 * build.view_at(20).height, 46, low=low + 0.6)


def cushions(build: Build, count: int, heights: Any = None, *, dense: bool = False) -> None:
    """Grow moss: thousands of small stars on the ground, in patches unless dense."""
    rolled = scatter.dice(build)
    kinds = []
    for _ in range(4):
        sprig = Sprig()
        angle, away = rolled.uniform(0, 2 * math.pi, 66), 0.03 * np.sqrt(rolled.random(66))
        roots = np.stack([away * np.cos(angle), away * np.sin(angle), np.full(66, -0.003)], -1)
        tones = [MOSSES[number % len(MOSSES)] for number in range(66)]
        sprig.blade(
            roots,
            rolled.uniform(0, 2 * math.pi, 66),
            rolled.uniform(0.012, 0.026, 66),
            0.0042,
            rolled.uniform(0.5, 1.4, 66),
            tones,
            steps=2,
        )
        kinds.append(sprig.data("moss"))
    places = scatter.over_ground(build, count, far=4.0 if dense else 3.0, thinning=1.4, tilt=0.3, spread=0.3)
    x, y = places.points[:, 0], places.points[:, 1]
    if not dense:
        places = places.keep(relief.layers(x * 1.7, y * 1.7, build.rng.randint(0, 999), count=3) > 0.05)
    if heights is not None:
        places = scatter.raise_to_ground(places, lambda x, y: heights(x, y) * build.calm(x, y))
    room = scatter.headroom(build, places.points)
    places.sizes = np.minimum(places.sizes, room / 0.04)
    places = scatter.clear_of_foot(build, places.keep(places.sizes > 0.2), -0.01)
    scatter.scatter_instances(build, kinds, places, leafy("moss", gloss=0.6, hue=0.02, value=0.3))


@surface("moss")
def moss(build: Build, piece: Piece) -> None:
    """Cushions of moss, small stones between them."""
    seed = build.rng.randint(0, 999)

    def heights(x: Any, y: Any) -> Any:
        return 0.05 * np.abs(relief.layers(x * 1.5, y * 1.5, seed, count=3, roughness=0.45))

    s = soil("#3c4a1c", "#55662a")
    lay_ground(build, s, heights)
    cushions(build, 8500, heights, dense=True)
