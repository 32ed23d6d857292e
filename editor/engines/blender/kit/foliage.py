"""Bushes, trees and hedges for the middle distance: clouds of leaves, thinner than they look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import meshes, scatter
from .growth import Sprig, Tone, leafy
from .shaders import Shader
from .stage import Build

SUMMER: tuple[Tone, ...] = (
    ("#2c4a1b", "#5f8a35", 0.4),
    ("#37571f", "#7fa246", 0.42),
    ("#243f1c", "#4f7a33", 0.38),
)
AUTUMN: tuple[Tone, ...] = (
    ("#8a4a14", "#d98a2b", 0.42),
    ("#7a2f12", "#c4511f", 0.4),
    ("#8a6a1a", "#e0b442", 0.42),
)
INDOORS: tuple[Tone, ...] = (
    ("#23472a", "#4f7d45", 0.3),
    ("#2b5230", "#6a9453", 0.32),
    ("#1d3d26", "#41703f", 0.28),
)
BOUGH: Tone = ("#4a3b2e", "#5a4a3a", 0.0)
STALK: Tone = ("#3c5a30", "#55783f", 0.0)
CONIFER: tuple[Tone, ...] = (("#1c3324", "#3c5c3c", 0.15), ("#20382a", "#4a6a48", 0.15))


def bush(build: Build, tones: Sequence[Tone], *, leaves: int = 420, size: float = 0.16) -> Any:
    """Return a bush's mesh of radius 1: leaves on its outside, none where nobody sees them."""
    rolled = scatter.dice(build)
    heading, height = rolled.uniform(0, 2 * math.pi, leaves), rolled.uniform(-0.75, 1.0, leaves)
    around, away = np.sqrt(1 - height**2), rolled.uniform(0.72, 1.04, leaves)
    roots = away[:, None] * np.stack([around * np.cos(heading), around * np.sin(heading), height], -1)
    length = size * rolled.uniform(0.7, 1.3, leaves)
    sprig = Sprig()
    for number, tone in enumerate(tones):
        part = slice(number, None, len(tones))
        sprig.leaf(
            roots[part],
            heading[part] + rolled.uniform(-1.2, 1.2, len(roots[part])),
            length[part],
            length[part] * rolled.uniform(0.4, 0.6, len(roots[part])),
            tone,
            rise=rolled.uniform(-0.4, 0.9, len(roots[part])),
            steps=2,
        )
    # A dark core, so that one does not look through it.
    sprig.round((0, 0, 0), 0.74, (tones[0][0], tones[0][0], 0.0), sides=10)
    return sprig.data("bush")


def crown(build: Build, tones: Sequence[Tone], *, leaves: int = 900, boughs: int = 13) -> Any:
    """Return a tree's crown of radius 1: heaps of leaves at the ends of its boughs, sky between them."""
    rolled = scatter.dice(build)
    around = np.arange(boughs) * 2.4 + rolled.uniform(0, 6.3)
    height = np.linspace(-0.5, 0.95, boughs) + rolled.uniform(-0.1, 0.1, boughs)
    away = np.sqrt(np.maximum(1 - 0.9 * height**2, 0.05)) * rolled.uniform(0.35, 0.8, boughs)
    middles = np.stack([away * np.cos(around), away * np.sin(around), 0.8 * height], -1)
    reach = rolled.uniform(0.24, 0.44, boughs)
    sprig = Sprig()
    for middle, wide in zip(middles, reach, strict=True):
        sprig.stem(np.array([(0, 0, -1.0), 0.5 * middle - (0, 0, 0.3), middle]), 0.022, BOUGH, sides=4)
        sprig.round(middle, 0.45 * wide, (tones[0][0], tones[0][0], 0.0), squash=0.7, sides=6)
    at = rolled.choice(boughs, leaves, p=reach**2 / np.sum(reach**2))
    out = rolled.normal(size=(leaves, 3))
    out *= (rolled.uniform(0.4, 1.1, leaves) / np.linalg.norm(out, axis=1))[:, None]
    roots = middles[at] + out * reach[at, None] * (1.0, 1.0, 0.75)
    length = rolled.uniform(0.07, 0.15, leaves)
    for number, tone in enumerate(tones):
        part = slice(number, None, len(tones))
        sprig.leaf(
            roots[part],
            rolled.uniform(0, 2 * math.pi, len(roots[part])),
            length[part],
            0.55 * length[part],
            tone,
            rise=rolled.uniform(-0.7, 0.9, len(roots[part])),
            steps=2,
        )
    return sprig.data("crown")


def avenue(
    build: Build, trees: Sequence[tuple[float, float]], low: float, stem: float, sizes: tuple[float, float]
) -> None:
    """Plant trees at these (x, y): trunks as high as `stem`, and upon them crowns of these radii."""
    rolled, wood = scatter.dice(build), bark("#5a4a3a")
    size = rolled.uniform(*sizes, len(trees))
    for (x, y), wide in zip(trees, size, strict=True):
        trunk(build, wood, (x, y, low), 0.07 * wide, stem + 0.3 * wide)
    points = np.array([(x, y, low + stem + 0.62 * wide) for (x, y), wide in zip(trees, size, strict=True)])
    turns = np.stack([np.zeros(len(trees)), np.zeros(len(trees)), rolled.uniform(0, 6.3, len(trees))], -1)
    crowns = [crown(build, SUMMER) for _ in range(3)]
    scatter.scatter_instances(
        build, crowns, scatter.Places(points, turns, size), leafy("avenue", gloss=0.5, value=0.2)
    )


def pot_plant(build: Build, *, leaves: int = 30) -> Any:
    """Return what grows in a pot, of radius about 1 above the origin: stalks that arch, a leaf on each."""
    rolled = scatter.dice(build)
    share = (np.arange(leaves) + 0.5) / leaves
    heading = np.arange(leaves) * 2.4 + rolled.normal(0, 0.2, leaves)
    rise = 1.5 - 1.05 * share + rolled.normal(0, 0.1, leaves)
    stalk = rolled.uniform(0.65, 1.15, leaves) * (1.1 - 0.35 * share)
    reach, up = stalk * np.cos(rise), stalk * np.sin(rise)
    tips = np.stack([reach * np.cos(heading), reach * np.sin(heading), up], -1)
    sprig = Sprig()
    for tip in tips:
        sprig.stem(np.array([(0, 0, 0), 0.45 * tip + (0, 0, 0.08), tip]), 0.012, STALK, sides=4)
    length = rolled.uniform(0.5, 0.8, leaves)
    for number, tone in enumerate(INDOORS):
        part = slice(number, None, len(INDOORS))
        sprig.leaf(
            tips[part],
            heading[part],
            length[part],
            0.5 * length[part],
            tone,
            rise=rise[part] - 0.35,
            droop=1.1,
            fold=0.2,
            steps=5,
        )
    return sprig.data("pot plant")


def hedge(
    build: Build,
    y: tuple[float, float],
    sizes: tuple[float, float],
    count: int,
    *,
    tones: Sequence[Tone] = SUMMER,
    low: float = 0.0,
    gap: float = 0.0,
) -> scatter.Places:
    """Plant bushes between two y, as wide as is seen, and return where; gap: metres free in the middle."""
    rolled = scatter.dice(build)
    deep = rolled.uniform(*y, count)
    seen = [build.view_at(float(far)) for far in deep]
    left, right = np.array([one.left for one in seen]) - 0.6, np.array([one.right for one in seen]) + 0.6
    x = left + (right - left) * (np.arange(count) + rolled.random(count)) / count
    size = rolled.uniform(*sizes, count)
    keep = np.abs(x) - size > gap / 2
    up = low + 0.55 * size
    places = scatter.Places(
        np.stack([x, deep, up], -1),
        np.stack(
            [rolled.normal(0, 0.2, count), rolled.normal(0, 0.2, count), rolled.uniform(0, 6.3, count)], -1
        ),
        size,
    ).keep(keep)
    scatter.scatter_instances(
        build, [bush(build, tones) for _ in range(3)], places, leafy("hedge", gloss=0.5, value=0.3)
    )
    return places


def blossoms(
    build: Build, on: scatter.Places, count: int, colours: Sequence[str], size: float = 0.075
) -> None:
    """Set round blossoms on the outsides of bushes, those that the camera sees."""
    rolled = scatter.dice(build)
    if not len(on.points):
        return
    for colour in colours:
        some = max(1, count // len(colours))
        pick = rolled.integers(0, len(on.points), some)
        turn, up = rolled.uniform(-math.pi, 0, some), rolled.uniform(-0.3, 1.0, some)
        around = np.sqrt(1 - up**2)
        out = np.stack([around * np.cos(turn), around * np.sin(turn), up], -1)
        points = on.points[pick] + out * on.sizes[pick, None] * 1.03
        ball = Sprig()
        ball.round((0, 0, 0), 1.0, (colour, colour, 0.3), squash=0.8, sides=8)
        places = scatter.Places(points, np.zeros((some, 3)), size * rolled.uniform(0.6, 1.3, some))
        scatter.scatter_instances(
            build, [ball.data("blossom")], places, leafy("blossoms", hue=0.01, value=0.15)
        )


def tree_line(
    build: Build,
    y: tuple[float, float],
    height: float,
    count: int,
    *,
    tones: Sequence[Tone] = SUMMER,
    low: float = 0.0,
) -> None:
    """Put a wood's edge far away: crowns beside and above each other, metres high."""
    rolled = scatter.dice(build)
    deep = rolled.uniform(*y, count)
    seen = [build.view_at(float(far)) for far in deep]
    x = np.array([one.left - 2 + (one.width + 4) * rolled.random() for one in seen])
    size = height * rolled.uniform(0.18, 0.34, count)
    up = low + height * rolled.uniform(0.1, 0.8, count) * (
        0.6 + 0.4 * np.sin(x * 0.31 + rolled.uniform(0, 6))
    )
    places = scatter.Places(np.stack([x, deep, up], -1), rolled.uniform(0, 6.3, (count, 3)), size)
    scatter.scatter_instances(
        build,
        [bush(build, tones, leaves=520, size=0.13) for _ in range(3)],
        places,
        leafy("wood", value=0.35),
    )


def conifer(build: Build, *, snowy: bool = False) -> Any:
    """Return a fir's mesh one metre high: whorls of drooping branches, white on top where it snowed."""
    rng = build.rng
    sprig = Sprig()
    sprig.stem(
        np.array([[0, 0, 0], [0, 0, 0.5], [0, 0, 0.97]]),
        np.array([0.022, 0.012, 0.002]),
        ("#3a2a1e", "#4a3828", 0.0),
    )
    for whorl in range(15):
        share = whorl / 14
        height, reach = 0.1 + 0.87 * share, 0.27 * (1 - share) ** 0.85 + 0.015
        for branch in range(11 - whorl // 3):
            heading = branch * 2 * math.pi / (11 - whorl // 3) + rng.uniform(-0.3, 0.3) + whorl
            length = reach * rng.uniform(0.8, 1.15)
            tone = rng.choice(CONIFER)
            rise = -0.15 + 0.75 * share + rng.uniform(-0.1, 0.1)
            sprig.leaf(
                (0, 0, height),
                heading,
                length,
                0.42 * length + 0.012,
                tone,
                rise=rise,
                droop=0.35,
                fold=-0.4,
                steps=4,
            )
            if snowy:
                sprig.leaf(
                    (0, 0, height + 0.008),
                    heading,
                    0.93 * length,
                    0.3 * length,
                    ("#e9eff7", "#f7fafd", 0.0),
                    rise=rise + 0.04,
                    droop=0.35,
                    fold=-0.3,
                    steps=4,
                )
    return sprig.data("fir")


def bark(colour: str = "#5a4a3c", *, moss: float = 0.3) -> Shader:
    """Return bark in long ridges, mossy on one side."""
    s = Shader("bark")
    ridges = s.noise(6, 7, roughness=0.62, place=s.stretch((3.2, 3.2, 0.5)))
    fine = s.noise(26, 5)
    green = s.math("MULTIPLY", s.span(s.noise(1.6, 5), 0.5, 0.68), moss)
    base = s.vary(colour, s.mix(0.3, ridges, fine), 0.55)
    s.principled(
        colour=s.mix(green, base, "#55652c"), roughness=0.92, specular=0.2, normal=s.bump(ridges, 1.0, 0.06)
    )
    return s


def trunk(build: Build, shader: Shader, at: tuple[float, float, float], radius: float, height: float) -> Any:
    """Put up a tree's trunk: wider at its roots, not quite straight."""
    rng = build.rng
    up = np.linspace(0, height, 9)
    lean, sway, phase = rng.uniform(-0.06, 0.06), rng.uniform(0, 0.05), rng.uniform(0, 6)
    path = [(lean * z + sway * math.sin(z * 0.9 + phase), 0.5 * lean * z, z - 0.1) for z in up]
    taper = [1 + 0.7 * math.exp(-3.2 * z / max(height * 0.25, 0.1)) - 0.35 * z / height for z in up]
    return meshes.tube(build, path, radius, shader, at=at, taper=taper)
