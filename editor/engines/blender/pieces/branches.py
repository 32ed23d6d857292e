"""Branches: leafy, of palm, eucalyptus, pampas and fir; pine cones."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.growth import Points, Sprig, Tone, arc, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

Grown = Callable[[Build, Points, str], Sprig]

OLIVE: Tone = ("#3f5a2c", "#6d8a45", 0.3)
DEEP: Tone = ("#1f4527", "#3d7040", 0.25)
SILVER: Tone = ("#7f978a", "#a9bcae", 0.22)
FROND: Tone = ("#2c5a2a", "#5f9440", 0.35)
PLUME: Tone = ("#cdb48c", "#efe2c8", 0.35)
NEEDLES: tuple[Tone, ...] = (("#1d3b2a", "#3f6a48", 0.1), ("#24452e", "#4f7a52", 0.1))
TWIG: Tone = ("#5a4630", "#7a6a48", 0.0)


def _tone_in(tone: Tone, colour: str) -> Tone:
    """Return the tone, or one of an asked colour that passes as much light."""
    return (colour, colour, tone[2]) if colour else tone


def _frames(path: Points, count: int, begin: float) -> tuple[Points, Points]:
    """Return points along a path of heading 0 and how steeply it rises there (radians), from a share on."""
    share = np.linspace(begin, 0.985, count)
    at = share * (len(path) - 1)
    low = np.minimum(at.astype(int), len(path) - 2)
    step = path[low + 1] - path[low]
    points = path[low] + (at - low)[:, None] * step
    return points, np.arctan2(step[:, 2], np.hypot(step[:, 0], step[:, 1]))


def leafy_branch(build: Build, path: Points, colour: str) -> Sprig:
    """Return a branch with pointed leaves to both sides, as of olive or ruscus."""
    rolled = scatter.dice(build)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    tone = _tone_in(build.rng.choice((OLIVE, DEEP)), colour)
    sprig = Sprig()
    sprig.stem(path, length * np.linspace(0.011, 0.003, len(path)), TWIG)
    points, slope = _frames(path, 18, 0.16)
    side = np.where(np.arange(18) % 2, 1.0, -1.0)
    size = length * (0.32 - 0.12 * np.abs(np.linspace(-0.7, 1, 18))) * rolled.uniform(0.85, 1.15, 18)
    heading = side * rolled.uniform(0.55, 0.95, 18)
    sprig.leaf(
        points,
        heading,
        size,
        0.4 * size,
        tone,
        rise=0.45 * slope + rolled.uniform(-0.1, 0.5, 18),
        droop=rolled.uniform(0.2, 0.8, 18),
        fold=0.3,
        roll=side * rolled.uniform(-0.2, 0.5, 18),
        steps=9,
    )
    sprig.leaf(path[-2], 0.0, 0.2 * length, 0.07 * length, tone, rise=float(slope[-1]), droop=0.5, steps=9)
    return sprig


def eucalyptus(build: Build, path: Points, colour: str) -> Sprig:
    """Return a branch with round silvery leaves in pairs."""
    rolled = scatter.dice(build)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    sprig = Sprig()
    sprig.stem(path, length * np.linspace(0.008, 0.002, len(path)), ("#7a5a4a", "#a08a78", 0.0))
    points, slope = _frames(path, 16, 0.1)
    for side in (-1.0, 1.0):
        size = length * np.linspace(0.15, 0.07, 16) * rolled.uniform(0.85, 1.15, 16)
        roll = rolled.uniform(-0.9, 0.9, 16)
        sprig.leaf(
            points,
            side * rolled.uniform(0.8, 1.25, 16),
            size,
            0.95 * size,
            _tone_in(SILVER, colour),
            rise=0.4 * slope + rolled.uniform(0.0, 0.7, 16),
            droop=0.5,
            fold=0.12,
            roll=roll,
            steps=9,
            form=0.75,
        )
    return sprig


def frond(build: Build, path: Points, colour: str) -> Sprig:
    """Return a palm's leaf: long narrow blades to both sides of its rib."""
    rolled = scatter.dice(build)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    sprig = Sprig()
    sprig.stem(path, length * np.linspace(0.013, 0.003, len(path)), ("#6f8a3c", "#7da048", 0.1))
    count = 34
    points, slope = _frames(path, count, 0.14)
    share = np.linspace(0, 1, count)
    size = (
        length
        * (0.16 + 0.3 * np.sin(np.pi * np.clip(share * 0.88 + 0.1, 0, 1)))
        * rolled.uniform(0.94, 1.06, count)
    )
    for side in (-1.0, 1.0):
        heading = side * (1.12 - 0.62 * share + rolled.normal(0, 0.03, count))
        sprig.leaf(
            points,
            heading,
            size,
            0.036 * length,
            _tone_in(FROND, colour),
            rise=0.5 * slope + 0.35 - 0.15 * share,
            droop=0.75,
            fold=0.6,
            steps=7,
            form=0.8,
        )
    return sprig


def plume(build: Build, path: Points, colour: str) -> Sprig:
    """Return a stalk of pampas grass: a soft plume of fine hairs."""
    rolled = scatter.dice(build)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    sprig = Sprig()
    sprig.stem(path, length * np.linspace(0.007, 0.002, len(path)), ("#b59a68", "#cbb384", 0.0))
    count = 900
    points, slope = _frames(path, count, 0.42)
    share = np.linspace(0, 1, count)
    full = np.sin(np.pi * np.clip(share * 0.86 + 0.1, 0, 1)) ** 0.7
    size = length * 0.17 * full * rolled.uniform(0.5, 1.1, count)
    around = rolled.uniform(0, 2 * math.pi, count)
    heading = 0.75 * np.cos(around)
    rise = slope + 0.75 * np.sin(around)
    sprig.leaf(
        points,
        heading,
        size,
        0.006 * length,
        _tone_in(PLUME, colour),
        rise=rise,
        droop=rolled.uniform(0.3, 1.0, count),
        fold=0.0,
        roll=around,
        steps=3,
    )
    return sprig


def fir_branch(build: Build, path: Points, colour: str) -> Sprig:
    """Return a fir's branch: twigs to both sides, needles all round."""
    rolled = scatter.dice(build)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    sprig = Sprig()
    twigs = [path]
    points, slope = _frames(path, 9, 0.14)
    for number, (point, rise) in enumerate(zip(points, slope, strict=True)):
        side = 1 if number % 2 else -1
        reach = length * 0.42 * (1 - 0.75 * number / 9)
        twig = arc(reach, float(rise) + 0.08, 0.25, side * float(rolled.uniform(0.6, 0.85)), steps=7)
        twigs.append(twig + point)
    for number, twig in enumerate(twigs):
        sprig.stem(twig, length * np.linspace(0.009, 0.003, len(twig)), TWIG, sides=5)
        long = float(np.linalg.norm(np.diff(twig, axis=0), axis=1).sum())
        count = max(30, int(520 * long / length))
        at = rolled.uniform(0.06, 0.999, count) * (len(twig) - 1)
        low = at.astype(int)
        step = twig[low + 1] - twig[low]
        roots = twig[low] + (at - low)[:, None] * step
        along = np.arctan2(step[:, 1], step[:, 0])
        around = rolled.uniform(-1.0, 1.0, count) * math.pi
        size = 0.062 * length * rolled.uniform(0.7, 1.15, count)
        tones = NEEDLES[number % 2]
        sprig.leaf(
            roots,
            along + 0.85 * np.cos(around),
            size,
            0.0075 * length,
            _tone_in(tones, colour),
            rise=np.arctan2(step[:, 2], np.hypot(step[:, 0], step[:, 1])) + 0.75 * np.sin(around),
            droop=0.15,
            fold=0.2,
            steps=2,
            form=0.6,
        )
    return sprig


def lay_branches(
    build: Build,
    piece: Piece,
    grown: Grown,
    *,
    count: int,
    size: float,
    rising: float,
    share: float = 0.5,
    gloss: float = 0.4,
) -> None:
    """Arrange branches: some rise behind the product to both sides, some lie on the ground.

    rising: radians at which the upright ones start; share: of the branches, those that rise.
    """
    shader = leafy("branches", gloss=gloss, hue=0.012, value=0.12)
    rng = build.rng
    number = piece.count or count
    upright = 0 if build.lies else round(share * number)
    lean = rng.uniform(0.1, 0.25)
    for turn in range(upright):
        # Most fan out to one side, as a stylist would lay them; their stems begin behind the product.
        side = build.key_side if turn % 3 == 2 else -build.key_side
        y = build.foot_depth + 0.12 + 0.08 * turn
        x = build.foot_x + side * build.foot_width * rng.uniform(0.0, 0.35)
        tall = 0.75 * build.frame.size[1] + 0.3 * build.frame.size[0]
        length = max(tall, 0.55) * rng.uniform(0.85, 1.35) * size / 0.36
        path = arc(length, rising - lean, rising * rng.uniform(0.35, 0.75), 0.0)
        heading = math.pi / 2 - side * rng.uniform(1.0, 1.7)
        data = grown(build, path, piece.colour).data("branch", shader)
        meshes.place(build, data, at=(x, y, 0.6 * build.foot_z), turn=(0, 0, heading))
        lean += rng.uniform(0.18, 0.4)
    for spot in build.spots(number - upright, size, spread=0.2, behind=True, depth=(0.0, 0.8)):
        length = spot.size * 2.0
        path = arc(length, 0.16, 0.3, 0.0)
        # From outside the picture inwards past the product, never across it.
        heading = (
            (math.atan2(spot.y, spot.x) + rng.uniform(-0.5, 0.5))
            if build.lies
            else (math.copysign(1.0, spot.x) - 1) * math.pi / 2 + rng.uniform(-0.5, 0.5) + math.pi
        )
        middle = (
            spot.x - 0.5 * length * math.cos(heading),
            spot.y - 0.5 * length * math.sin(heading),
            0.03 * length,
        )
        meshes.place(
            build, grown(build, path, piece.colour).data("branch", shader), at=middle, turn=(0, 0, heading)
        )


@prop("leaves")
def leaves(build: Build, piece: Piece) -> None:
    lay_branches(build, piece, leafy_branch, count=6, size=0.38, rising=1.5, share=0.67)


@prop("eucalyptus")
def eucalyptus_prop(build: Build, piece: Piece) -> None:
    lay_branches(build, piece, eucalyptus, count=5, size=0.36, rising=1.45, share=0.6, gloss=0.55)


@prop("palm")
def palm(build: Build, piece: Piece) -> None:
    lay_branches(build, piece, frond, count=5, size=0.44, rising=1.45, share=0.6, gloss=0.35)


@prop("pampas")
def pampas(build: Build, piece: Piece) -> None:
    lay_branches(build, piece, plume, count=6, size=0.46, rising=1.55, share=1.0, gloss=0.7)


@prop("fir")
def fir(build: Build, piece: Piece) -> None:
    lay_branches(build, piece, fir_branch, count=4, size=0.34, rising=0.9, share=0.0, gloss=0.5)


@prop("cones")
def cones(build: Build, piece: Piece) -> None:
    """Pine cones, lying and standing: scales in spirals by the golden angle."""
    shader = leafy("cones", gloss=0.6, hue=0.008, value=0.2)
    rng = build.rng
    tone: Tone = (piece.colour, piece.colour, 0.0) if piece.colour else ("#38261a", "#7c6044", 0.0)
    for spot in build.spots(piece.count or rng.randint(2, 4), 0.085, spread=0.2, depth=(-0.35, 0.7)):
        size = spot.size
        count = 74
        share = np.linspace(0, 1, count)
        heading = np.arange(count) * 2.39996
        reach = size * (0.25 + 0.75 * np.sin(np.pi * np.clip(0.12 + 0.83 * share, 0, 1)) ** 0.9) * 0.62
        roots = np.stack(
            [0.45 * reach * np.cos(heading), 0.45 * reach * np.sin(heading), size * (0.16 + 1.75 * share)], -1
        )
        sprig = Sprig()
        sprig.round((0, 0, 0.95 * size), 0.42 * size, (tone[0], tone[0], 0.0), squash=2.0, sides=16)
        sprig.leaf(
            roots,
            heading,
            reach * 1.05,
            0.5 * size * (1.05 - 0.55 * share),
            tone,
            rise=0.25 + 0.75 * share,
            droop=-0.35,
            fold=0.22,
            steps=4,
            form=0.62,
        )
        lying = rng.random() < 0.7
        turn = (math.pi / 2 - 0.1, 0, spot.turn) if lying else (0, 0, spot.turn)
        height = 0.62 * size if lying else 0.0
        meshes.place(build, sprig.data("cone", shader), at=(spot.x, spot.y, height), turn=turn)


@prop("feathers")
def feathers(build: Build, piece: Piece) -> None:
    """Feathers that curl: a quill, fine barbs that part here and there."""
    rng = build.rng
    shader = leafy("feathers", gloss=0.75, hue=0.01, value=0.06)
    for spot in build.spots(piece.count or rng.randint(4, 6), 0.12, spread=0.3, depth=(-0.4, 0.6)):
        colour = piece.colour or rng.choice(("#f7f3ec", "#ece3d6", "#d8c7b2"))
        meshes.place(
            build,
            _feather(build, 2.2 * spot.size, colour).data("feather", shader),
            at=(spot.x, spot.y, 0.004),
            turn=(0, 0, spot.turn),
        )


def _feather(build: Build, length: float, colour: str) -> Sprig:
    rolled = scatter.dice(build)
    path = arc(length, 0.42, 0.85, 0.0)
    path[:, 2] = np.maximum(path[:, 2], 0.0)
    path -= [length / 2, 0, 0]
    sprig = Sprig()
    sprig.stem(path, length * np.linspace(0.009, 0.002, len(path)), ("#e8dfcc", "#f6f1e6", 0.0))
    count = 190
    points, slope = _frames(path, count, 0.2)
    share = np.linspace(0, 1, count)
    for side in (-1.0, 1.0):
        # Barbs part in places, together with their neighbours.
        parted = 0.12 * np.cumsum(rolled.normal(0, 0.12, count))
        size = (
            length
            * 0.19
            * np.sin(np.pi * np.clip(0.1 + 0.86 * share, 0, 1)) ** 0.55
            * (1 if side > 0 else 0.78)
        )
        heading = side * (0.95 - 0.35 * share + parted)
        sprig.leaf(
            points,
            heading,
            size,
            0.011 * length,
            (colour, colour, 0.35),
            rise=0.6 * slope + 0.22,
            droop=0.45,
            fold=0.1,
            steps=3,
            form=0.5,
        )
    return sprig
