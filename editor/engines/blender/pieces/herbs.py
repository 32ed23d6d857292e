"""Sprigs that are known by their leaves: mint, basil, rosemary, olive, ivy; ears of wheat."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Points, Sprig, Tone, arc, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

Grown = Callable[[Build, float, str], Sprig]


def _tone(colour: str, base: str, tip: str, through: float = 0.25) -> Tone:
    return (colour or base, colour or tip, through)


def mint_sprig(build: Build, length: float, colour: str) -> Sprig:
    """Return a sprig of mint: toothed, wrinkled leaves in crossed pairs, the smallest at its tip."""
    rng, sprig = build.rng, Sprig()
    path = arc(length, 0.85, 0.9, 0.0, steps=10)
    sprig.stem(path, 0.018 * length, ("#5f7f45", "#7da05a", 0.1))
    for pair in range(5):
        at = path[2 + 2 * pair if pair < 4 else 10]
        size = length * (0.42 - 0.06 * pair)
        for side in (-1, 1):
            heading = side * (1.35 if pair % 2 == 0 else 0.55) + rng.uniform(-0.2, 0.2)
            _toothed(
                sprig, at, heading, size, 0.66 * size, _tone(colour, "#2f6b35", "#6fae55"), 0.7 + 0.12 * pair
            )
    return sprig


def _toothed(
    sprig: Sprig, root: Points, heading: float, length: float, width: float, tone: Tone, rise: float
) -> None:
    """Add a leaf whose edge is toothed and whose face puckers between its veins."""
    share = np.linspace(0, 1, 34)
    angle = rise - 1.15 * share
    along = np.concatenate([[0.0], np.cumsum(np.cos(angle[:-1]))]) * length / 33
    up = np.concatenate([[0.0], np.cumsum(np.sin(angle[:-1]))]) * length / 33
    teeth = 1 + 0.09 * (np.abs((share * 11) % 1 - 0.5) * 2 - 0.5)
    half = 0.5 * width * np.sin(np.pi * np.clip(share, 0.015, 0.985) ** 0.8) ** 0.75 * teeth
    across = np.linspace(-1, 1, 9)
    ahead, aside = (
        np.array([math.cos(heading), math.sin(heading), 0]),
        np.array([-math.sin(heading), math.cos(heading), 0]),
    )
    pucker = (
        0.035
        * length
        * np.sin(share * 9 * np.pi)[:, None]
        * np.abs(across)[None]
        * (1 - np.abs(across)[None])
    )
    fold = 0.28 * half[:, None] * np.abs(across)[None]
    points = root + along[:, None, None] * ahead + (half[:, None] * across)[..., None] * aside
    points = points + (up[:, None] + fold + pucker)[..., None] * np.array([0, 0, 1.0])
    from editor.engines.blender.kit.growth import _tones

    sprig.lattice(points, _tones(tone, share, 9))


def basil_sprig(build: Build, length: float, colour: str) -> Sprig:
    """Return a sprig of basil: broad glossy leaves that bulge between their veins."""
    rng, sprig = build.rng, Sprig()
    path = arc(length, 1.0, 0.8, 0.0, steps=10)
    sprig.stem(path, 0.02 * length, ("#6d8f45", "#8fb05a", 0.1))
    for pair in range(4):
        size = length * (0.55 - 0.09 * pair)
        for side in (-1, 1):
            heading = side * (1.2 if pair % 2 == 0 else 0.4) + rng.uniform(-0.2, 0.2)
            sprig.leaf(
                path[3 + 2 * pair],
                heading,
                size,
                0.72 * size,
                _tone(colour, "#2c6a25", "#5fa53a", 0.3),
                rise=0.75,
                droop=1.2,
                fold=-0.5,
                steps=12,
                form=0.75,
                blunt=0.7,
            )
    return sprig


def rosemary_sprig(build: Build, length: float, colour: str) -> Sprig:
    """Return a sprig of rosemary: narrow stiff leaves all round."""
    rng, sprig = build.rng, Sprig()
    path = arc(length, 0.7, 0.5, 0.0, steps=14)
    sprig.stem(path, 0.014 * length, ("#6a5a3c", "#7d8a5a", 0.0))
    count = 90
    at = np.linspace(0.06, 1.0, count) * 13.9
    low = at.astype(int)
    roots = path[low] + (at - low)[:, None] * (path[np.minimum(low + 1, 14)] - path[low])
    turn = np.arange(count) * 2.399963
    heading = np.arctan2(np.sin(turn), np.cos(turn) * 0.4 + 0.75)
    rise = 0.35 + 0.8 * np.cos(turn)
    size = 0.17 * length * np.array([rng.uniform(0.8, 1.15) for _ in range(count)])
    sprig.leaf(
        roots,
        heading,
        size,
        0.1 * size + 0.003,
        _tone(colour, "#3f5f45", "#8aa58a", 0.1),
        rise=rise,
        droop=-0.15,
        fold=-0.5,
        steps=4,
        form=1.0,
    )
    return sprig


def olive_sprig(build: Build, length: float, colour: str) -> Sprig:
    """Return an olive branch: narrow silver leaves in pairs, green and black olives among them."""
    rng, sprig = build.rng, Sprig()
    path = arc(length, 0.55, 0.5, 0.0, steps=14)
    sprig.stem(path, 0.012 * length, ("#6a5c44", "#8a8262", 0.0))
    for pair in range(9):
        at = path[2 + pair] if pair < 12 else path[-1]
        size = length * rng.uniform(0.24, 0.3) * (1 - 0.03 * pair)
        for side in (-1, 1):
            sprig.leaf(
                at,
                side * rng.uniform(0.5, 0.95),
                size,
                0.2 * size,
                _tone(colour, "#5a6f4a", "#a3b08c", 0.15),
                rise=rng.uniform(0.1, 0.8),
                droop=0.5,
                fold=0.2,
                steps=8,
                form=1.0,
            )
        if pair % 2 == 1:
            drop = at + np.array([0.02 * length, rng.choice((-1, 1)) * 0.05 * length, -0.03 * length])
            ripe = rng.choice((("#6d7a35", "#8f9a4a", 0.05), ("#2f2433", "#4a3a4f", 0.0)))
            sprig.round(
                (drop[0], drop[1], max(drop[2], 0.035 * length)), 0.038 * length, ripe, squash=1.25, sides=16
            )
    return sprig


def ivy_sprig(build: Build, length: float, colour: str) -> Sprig:
    """Return a runner of ivy: leaves of five points along a stalk that winds."""
    rng, sprig = build.rng, Sprig()
    share = np.linspace(0, 1, 24)
    path = np.stack(
        [length * share, 0.12 * length * np.sin(share * 5), 0.02 + 0.05 * length * np.abs(np.sin(share * 7))],
        -1,
    )
    sprig.stem(path, 0.011 * length, ("#5a4f38", "#6d7f4a", 0.0))
    for number in range(14):
        at, size = path[1 + round(number * 1.6)], length * rng.uniform(0.13, 0.19)
        heading = (1 if number % 2 else -1) * rng.uniform(0.6, 1.4)
        tip = 0.5 + 0.3 * rng.random()
        for point, (turn, reach) in enumerate(
            ((0.0, 1.0), (0.75, 0.82), (-0.75, 0.82), (1.65, 0.55), (-1.65, 0.55))
        ):
            sprig.leaf(
                at,
                heading + turn,
                size * reach,
                0.5 * size,
                _tone(colour, "#24502c", "#5a8a4a", 0.2),
                rise=tip,
                droop=0.9,
                fold=0.12,
                steps=7,
                form=1.25 if point else 1.05,
            )
    return sprig


def wheat_ear(build: Build, length: float, colour: str) -> Sprig:
    """Return an ear of wheat on its straw: grains in rows, a beard of bristles."""
    rng, sprig = build.rng, Sprig()
    tone = _tone(colour, "#b98a3c", "#e3c07a", 0.1)
    path = arc(length, 1.2, 0.7, 0.0, steps=16)
    sprig.stem(path, 0.009 * length, ("#c2a25a", "#d9bf7a", 0.05))
    for row in range(9):
        at = path[9] + (path[16] - path[9]) * row / 8
        for side in (-1, 0, 1):
            aside = np.array([0, side * 0.02 * length, 0.012 * length * (1 - abs(side))])
            way = 0.35 * side
            sprig.leaf(
                at + aside,
                way,
                0.1 * length,
                0.045 * length,
                tone,
                rise=0.95 - 0.25 * abs(side),
                droop=0.1,
                fold=-0.9,
                steps=7,
                form=0.9,
                blunt=0.6,
            )
            sprig.round(
                tuple(at + aside + np.array([0.02, 0, 0.035]) * length),
                0.017 * length,
                tone,
                squash=1.9,
                sides=9,
            )
            sprig.blade(
                at + aside, way + rng.uniform(-0.2, 0.2), 0.3 * length, 0.004 * length, 0.5, tone, steps=4
            )
    return sprig


def _lay_sprigs(
    build: Build,
    piece: Piece,
    grow: Grown,
    *,
    size: float,
    long: float,
    many: tuple[int, int],
    each: int,
    gloss: float,
) -> None:
    rng, shader = build.rng, leafy("sprigs", gloss=gloss, hue=0.012, value=0.1)
    for spot in build.spots(
        piece.count or rng.randint(*many), size, spread=0.15, behind=True, depth=(-0.3, 0.7)
    ):
        for number in range(each):
            sprig = grow(build, long * spot.size * rng.uniform(0.85, 1.1), piece.colour)
            out = 0.0 if spot.x > 0 else math.pi
            turn = (
                spot.turn + number * 2 * math.pi / each
                if build.lies or each > 2
                else out + rng.uniform(-0.8, 0.8) + 0.5 * number
            )
            back = 0.35 * long * spot.size if each < 3 else 0.1 * spot.size
            at = (spot.x - back * math.cos(turn), spot.y - back * math.sin(turn), 0.006)
            meshes.place(build, sprig.data("sprig", shader), at=at, turn=(0, 0, turn))


@prop("mint")
def mint(build: Build, piece: Piece) -> None:
    """Sprigs of mint."""
    _lay_sprigs(build, piece, mint_sprig, size=0.15, long=2.0, many=(4, 5), each=3, gloss=0.45)


@prop("basil")
def basil(build: Build, piece: Piece) -> None:
    """Sprigs of basil."""
    _lay_sprigs(build, piece, basil_sprig, size=0.16, long=1.8, many=(4, 5), each=3, gloss=0.28)


@prop("rosemary")
def rosemary(build: Build, piece: Piece) -> None:
    """Sprigs of rosemary."""
    _lay_sprigs(build, piece, rosemary_sprig, size=0.2, long=2.4, many=(4, 5), each=2, gloss=0.5)


@prop("olive")
def olive(build: Build, piece: Piece) -> None:
    """Olive branches with their fruit."""
    _lay_sprigs(build, piece, olive_sprig, size=0.28, long=2.5, many=(3, 4), each=2, gloss=0.4)


@prop("ivy")
def ivy(build: Build, piece: Piece) -> None:
    """Runners of ivy along the ground."""
    _lay_sprigs(build, piece, ivy_sprig, size=0.28, long=2.7, many=(3, 4), each=2, gloss=0.38)


@prop("wheat")
def wheat(build: Build, piece: Piece) -> None:
    """Ears of wheat that lie in loose sheaves."""
    _lay_sprigs(build, piece, wheat_ear, size=0.26, long=2.9, many=(3, 4), each=2, gloss=0.6)
