"""Liquid in motion: a crown of water, milk or juice that bursts about the product; and what floats."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Points, Sprig, solid
from editor.engines.blender.kit.registry import prop, stand
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import water

VOXEL = 0.0075
"""Metres of the set to which a splash's parts are melted into one skin."""

ROUND = ("#ffffff", "#ffffff", 0.0)


def liquid(colour: str) -> Shader:
    """Return the skin of a splash: clear water without a colour, else milk, juice, chocolate."""
    if not colour:
        return water.clear_water("#eef8fd")
    s = Shader("liquid")
    s.principled(
        colour=colour,
        roughness=0.1,
        ior=1.36,
        subsurface=0.3,
        subsurface_radius=0.06,
        coat=0.4,
        coat_roughness=0.03,
    )
    return s


@prop("splash")
def splash(build: Build, piece: Piece) -> None:
    """A crown of liquid thrown up behind and beside the product, drops above it, a pool at its foot."""
    shader = liquid(piece.colour)
    parts = Sprig()
    if build.lies:
        _flat_splash(build, parts)
    else:
        _crown(build, parts)
    thing = meshes.place(build, parts.data("splash"), shader)
    melt = thing.modifiers.new("melt", "REMESH")
    melt.mode, melt.voxel_size, melt.use_smooth_shade = "VOXEL", VOXEL, True
    smooth = thing.modifiers.new("smooth", "SMOOTH")
    smooth.factor, smooth.iterations = 0.5, 6


def _crown(build: Build, parts: Sprig) -> None:
    rng = build.rng
    half = 0.5 * max(build.frame.size[0], build.foot_width)
    reach = half + 0.16
    middle = (build.foot_x, build.foot_depth / 2)
    # Behind and at the sides alone: the product's pixels are laid over whatever is before it.
    around = np.linspace(-0.32 * np.pi, 1.32 * np.pi, 150)
    phase = [rng.uniform(0, 6.3) for _ in range(4)]
    wild = (
        0.55 + 0.2 * np.sin(3 * around + phase[0]) + 0.16 * np.sin(7 * around + phase[1])
        + 0.09 * np.sin(13 * around + phase[2])
    )  # fmt: skip
    ends = np.clip(np.minimum(around - around[0], around[-1] - around) / 0.55, 0, 1) ** 0.7
    top = 0.5 * np.clip(wild, 0.14, 1) * (0.25 + 0.75 * ends)
    share = np.linspace(0, 1, 26)[:, None]
    out = reach * (1 + 0.5 * share**1.7 * (0.7 + 0.3 * np.sin(5 * around + phase[3])))
    up = top[None] * (share**0.85)
    squeeze = 0.75
    sheet = np.stack(
        [middle[0] + out * np.cos(around), middle[1] + squeeze * out * np.sin(around), up + 0.004], -1
    )
    thick = 0.011 + 0.012 * (1 - share) ** 2 + 0 * around
    inward = np.stack([np.cos(around), squeeze * np.sin(around), 0 * around], -1)
    inner = sheet - thick[..., None] * inward
    white = solid("#ffffff")
    skin = np.concatenate([sheet, inner[::-1]], 0)
    parts.lattice(np.concatenate([skin, skin[:1]], 0), white)
    for end in (0, -1):  # the sheet's two ends are closed, or nothing melts
        parts.round(tuple(sheet[0, end] + [0, 0, 0.004]), 0.02, ROUND)
    _fingers(build, parts, around, sheet[-1], top, middle, squeeze)
    pool = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    edge = reach * (1.2 + 0.1 * np.sin(3 * pool + phase[0]) + 0.07 * np.sin(5 * pool + phase[2]))
    rows = [(1.0, 0.0), (0.985, 0.012), (0.93, 0.02), (0.5, 0.017), (0.02, 0.016)]
    disc = np.stack(
        [
            np.stack(
                [
                    middle[0] + w * edge * np.cos(pool),
                    middle[1] + squeeze * w * edge * np.sin(pool),
                    np.full(90, z),
                ],
                -1,
            )
            for w, z in rows
        ]
    )
    parts.lattice(disc, white, closed=True)
    under = np.stack([disc[-1] * [1, 1, 0], disc[0]])
    parts.lattice(under, white, closed=True)


def _fingers(
    build: Build,
    parts: Sprig,
    around: Points,
    rim: Points,
    top: Points,
    middle: tuple[float, float],
    squeeze: float,
) -> None:
    """Throw threads of liquid off a crown's rim, each ending in drops that part from it."""
    rng = build.rng
    for number in range(24):
        at = round((number + rng.uniform(0.1, 0.9)) / 24 * (len(around) - 1))
        turn, root = around[at], rim[at]
        speed = rng.uniform(0.25, 0.75) * (0.35 + top[at])
        way = np.array([0.55 * math.cos(turn), 0.55 * squeeze * math.sin(turn), 1.0])
        time = np.linspace(0, 1, 14)[:, None]
        path = root + speed * (way * time - np.array([0, 0, 0.42]) * time**2)
        thick = 0.017 * (1 - 0.72 * time[:, 0] ** 0.8)
        thick[-3:] = [0.01, 0.015, 0.012]
        parts.stem(path, thick, ROUND, sides=10)
        parts.round(tuple(root), 0.016, ROUND, sides=12)
        parts.round(tuple(path[-1]), rng.uniform(0.014, 0.022), ROUND, sides=14)
        for _ in range(3):
            far = speed * rng.uniform(1.08, 1.75)
            drop = (
                root + far * (way - np.array([0, 0, 0.42])) + np.array([rng.gauss(0, 0.03) for _ in range(3)])
            )
            if drop[2] > 0.03:
                parts.round(tuple(drop), 0.006 + 0.016 * rng.random() ** 2, ROUND, sides=12)


def _flat_splash(build: Build, parts: Sprig) -> None:
    """Spill a pool with arms below a product that lies."""
    rng = build.rng
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    wide, high = build.frame.size[0] / 2, build.frame.size[1] / 2
    box = 1 / np.maximum(np.abs(np.cos(turn)) / (wide + 0.1), np.abs(np.sin(turn)) / (high + 0.1))
    arms = 1 + 0.12 * np.sin(5 * turn + rng.uniform(0, 6)) + 0.1 * np.sin(11 * turn + rng.uniform(0, 6))
    edge = box * arms
    rows = [(1.0, 0.0), (0.985, 0.02), (0.94, 0.03), (0.5, 0.026), (0.02, 0.024)]
    parts.lattice(
        np.stack(
            [
                np.stack([w * edge * np.cos(turn), w * edge * np.sin(turn), np.full(180, z)], -1)
                for w, z in rows
            ]
        ),
        solid("#ffffff"),
        closed=True,
    )
    parts.lattice(
        np.stack([np.zeros((180, 3)), np.stack([edge * np.cos(turn), edge * np.sin(turn), 0 * turn], -1)]),
        solid("#ffffff"),
        closed=True,
    )
    for _ in range(46):
        at = rng.randrange(180)
        away = edge[at] * (1.05 + 0.4 * rng.random() ** 1.5)
        parts.round(
            (away * math.cos(turn[at]), away * math.sin(turn[at]), 0.004),
            0.01 + 0.026 * rng.random() ** 2,
            ROUND,
            sides=16,
        )


@stand("levitation")
def levitation(build: Build, piece: Piece) -> None:
    """Nothing: the product floats above its own shadow."""
