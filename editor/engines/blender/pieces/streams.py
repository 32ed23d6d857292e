"""Running water: a stream between stones, a waterfall; a swimming pool."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.engines.blender.kit import foliage, meshes, relief, scatter, vista
from editor.engines.blender.kit.registry import backdrop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import boulders, forest


def _running(colour: str, *, falls: bool) -> Shader:
    """Return running water: streaks of foam along its way on clear green depths."""
    s = Shader("running water")
    along = s.stretch((3.2, 1.0, 0.35) if falls else (2.2, 0.5, 1.0))
    streaks = s.noise(2.6, 7, roughness=0.65, distortion=0.5, place=along)
    fine = s.noise(9, 5, roughness=0.7, place=along)
    foam = s.span(
        s.math("ADD", s.math("MULTIPLY", streaks, 0.75), s.math("MULTIPLY", fine, 0.25)),
        0.36 if falls else 0.54,
        0.6 if falls else 0.68,
    )
    deep = s.vary(colour, s.noise(1.2, 4), 0.3)
    s.principled(
        colour=s.mix(foam, deep, "#f6fafb"),
        roughness=s.span(foam, 0, 1, 0.06, 0.7),
        ior=1.33,
        specular=0.5,
        normal=s.bump(s.math("ADD", streaks, s.math("MULTIPLY", fine, 0.4)), 0.7, 0.05),
        emission="#dfeaf0",
        strength=s.math("MULTIPLY", foam, 0.22),
    )
    return s


def _banks(build: Build, low: float, *, gap: float, far: float) -> None:
    """Lay boulders along both banks, and undergrowth behind them."""
    rng = build.rng
    rock = boulders.weathered_rock("#6f6c66", wet=0.4, moss=0.55)
    kinds = [boulders.boulder(build) for _ in range(3)]
    points, sizes = [], []
    for number in range(46):
        y = 2.2 + (far - 2.2) * (number / 46) ** 1.4
        side = 1 if number % 2 else -1
        points.append((side * (gap + 0.05 * y + abs(rng.gauss(0, 0.35 + 0.03 * y))), y, low - 0.08))
        sizes.append(rng.uniform(0.2, 0.55) * (0.7 + 0.05 * y))
    turns = np.stack([np.zeros(46), np.zeros(46), [rng.uniform(0, 6.3) for _ in range(46)]], -1)
    scatter.scatter_instances(build, kinds, scatter.Places(np.array(points), turns, np.array(sizes)), rock)
    foliage.hedge(build, (4.0, far), (0.35, 0.8), 30, low=low, gap=gap + 0.9)
    foliage.hedge(build, (far, far + 6), (1.2, 2.2), 24, low=low + 0.4)


@backdrop("stream")
def stream(build: Build, piece: Piece) -> None:
    """A stream that comes down between mossy stones, the forest behind it."""
    low, seed = vista.level(build), build.rng.randint(0, 999)
    forest._glade(build, False, "")

    def bed(x: Any, y: Any) -> Any:
        middle = 0.5 * np.sin(y * 0.35 + seed)
        banks = relief.step(np.abs(x - middle), 1.25 + 0.05 * y, 2.3 + 0.09 * y)
        return banks * (0.35 + 0.02 * y) - 0.1 + 0.014 * y

    ground = Shader("bank")
    ground.principled(colour=ground.vary("#4f5a30", ground.noise(4, 6), 0.5), roughness=1.0)
    vista.land(build, ground, bed, near=1.4, far=26, cells=(80, 80))
    vista.land(
        build,
        _running(piece.colour or "#4f6f66", falls=False),
        near=1.3,
        far=26,
        heights=lambda x, y: (
            0.014 * y + 0.03 * np.floor(y * 0.5) * 0.5 + 0.02 * relief.noise(x * 2, y * 1.2, seed) + 0.0
        ),
        cells=(70, 120),
    )
    _banks(build, low, gap=1.45, far=13.0)
    forest._canopy(build, foliage.SUMMER)


@backdrop("waterfall")
def waterfall(build: Build, piece: Piece) -> None:
    """Water that falls over a cliff into a pool, ferns and mossy rock to both sides."""
    low, seen, seed = vista.level(build), build.view_at(8.0), build.rng.randint(0, 999)
    forest._glade(build, False, "")
    rock = boulders.weathered_rock("#5f5d58", wet=0.5, moss=0.5)
    y, wide, top = 8.0, 0.2 * seen.width, seen.top + 1.0
    across, up = np.meshgrid(
        np.linspace(-1.3, 1.3, 150) * (0.5 * seen.width + 1), np.linspace(low - 0.6, top, 130)
    )
    steps = 0.4 * relief.layers(across * 0.9, up * 1.3, seed, count=5, roughness=0.55) + 0.16 * np.floor(
        up * 1.2
    )
    meshes.lattice(build, np.stack([across, y + 0.6 + 0.35 * np.abs(across) * -0.4 + steps, up], -1), rock)
    fall_x, fall_z = np.meshgrid(np.linspace(-1, 1, 60), np.linspace(0, 1, 110))
    drop = low + (top - low) * fall_z
    spread = wide * (1 + 0.35 * (1 - fall_z)) * (1 + 0.12 * relief.noise(fall_x * 0 + 1, fall_z * 5, seed))
    bulge = 0.12 * relief.noise(fall_x * 4, fall_z * 3, seed + 3) - 0.5 * (1 - fall_z) ** 2
    meshes.lattice(
        build,
        np.stack([fall_x * spread, y - 0.35 + bulge, drop], -1),
        _running(piece.colour or "#8fb5b5", falls=True),
    )
    pool = _running(piece.colour or "#3f6a66", falls=False)
    vista.land(
        build,
        pool,
        lambda p, q: 0.02 * relief.noise(p * 1.6, q * 1.6, seed) - 0.03,
        near=1.4,
        far=9.0,
        cells=(70, 70),
    )
    _banks(build, low, gap=1.35, far=7.6)
    forest._canopy(build, foliage.SUMMER)


@backdrop("pool")
def pool(build: Build, piece: Piece) -> None:
    """A swimming pool: its edge of stone, blue water with the net of light, a hedge and trees behind."""
    vista.sky(build, clouds=0.3)
    low = vista.level(build)
    s = Shader("pool water")
    bent = s.wander(0.3, 1.2, detail=2)
    net: Any = 0.0
    for scale, share in ((1.3, 0.8), (2.3, 0.5)):
        line = s.span(s.cells(scale, feature="DISTANCE_TO_EDGE", place=bent), 0.0, 0.17, 1.0, 0.0)
        net = s.math("MAXIMUM", net, s.math("MULTIPLY", s.math("POWER", line, 2.0), share))
    s.principled(
        colour=s.mix(
            s.math("MULTIPLY", net, 0.8), s.vary(piece.colour or "#2fb0cf", s.noise(0.8, 3), 0.15), "#e9fbff"
        ),
        roughness=0.05,
        ior=1.33,
        specular=0.6,
        normal=s.bump(s.noise(2.2, 3), 0.3, 0.05),
    )
    vista.land(build, s, lambda x, y: 0.0 * x * y - 0.12, near=2.0, far=15.0, cells=(2, 8))
    stone = Shader("coping")
    stone.principled(colour=stone.vary("#e9e2d5", stone.noise(6, 5), 0.12), roughness=0.7)
    for y, deep in ((1.6, 0.55), (15.0, 6.0)):
        wide = build.view_at(y + deep).width + 4
        meshes.block(build, (wide, deep, 0.3), stone, at=(0, y + deep / 2, low - 0.3), bevel=0.03)
    foliage.hedge(build, (18, 22), (1.0, 1.6), 26, low=low)
    foliage.tree_line(build, (24, 32), 0.34 * build.view_at(26).height, 30, low=low + 0.4)
