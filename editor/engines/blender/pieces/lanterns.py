"""What carries a flame: lanterns and diyas."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import lamps, meshes
from editor.engines.blender.kit.finishes import finish_material, piece_material
from editor.engines.blender.kit.growth import Sprig, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

from .glassware import thin_glass


@prop("lantern")
def lantern(build: Build, piece: Piece) -> None:
    """Lanterns: a frame of metal about four panes, a burning candle inside, a ring to carry it by."""
    rng = build.rng
    metal = finish_material(
        piece.finish or "matte", piece.colour or rng.choice(("#23221f", "#3a2f26", "#7d5a35")), asked=True
    )
    if piece.finish:
        metal = piece_material(build, piece)
    glass = thin_glass()
    for spot in build.spots(
        piece.count or rng.randint(1, 2), 0.26, spread=0.12, behind=True, depth=(0.05, 0.8), height=0.7
    ):
        side, tall, bar = 1.1 * spot.size, 1.75 * spot.size, 0.075 * spot.size
        turn = 0.35 * math.sin(spot.turn)
        c, s = math.cos(turn), math.sin(turn)

        def put(
            x: float,
            y: float,
            z: float,
            size: tuple[float, float, float],
            shader: Shader,
            c: float = c,
            s: float = s,
            spot: Spot = spot,
            turn: float = turn,
        ) -> None:
            at = (spot.x + c * x - s * y, spot.y + s * x + c * y, z)
            meshes.block(build, size, shader, at=at, turn=(0, 0, turn), bevel=0.006)

        put(0, 0, 0, (1.12 * side, 1.12 * side, 1.4 * bar), metal)
        put(0, 0, tall, (1.12 * side, 1.12 * side, bar), metal)
        for sx in (-1, 1):
            for sy in (-1, 1):
                put(sx * (side - bar) / 2, sy * (side - bar) / 2, 0, (bar, bar, tall), metal)
            put(sx * (side / 2 - 0.3 * bar), 0, bar, (0.012, side - bar, tall - bar), glass)
            put(0, sx * (side / 2 - 0.3 * bar), bar, (side - bar, 0.012, tall - bar), glass)
        roof = [(0.74 * side, 0.0), (0.2 * side, 0.42 * side), (0.2 * side, 0.52 * side), (0.0, 0.56 * side)]
        meshes.lathe(
            build, roof, metal, at=(spot.x, spot.y, tall + bar), turn=(0, 0, turn + math.pi / 4), segments=4
        )
        meshes.ring(
            build,
            0.2 * side,
            0.03 * side,
            metal,
            at=(spot.x, spot.y, tall + bar + 0.5 * side),
            turn=(0, 0, turn),
        )
        _candle(build, spot, 0.24 * side, 0.42 * tall, 1.4 * bar)


def _candle(build: Build, spot: Spot, radius: float, height: float, low: float) -> None:
    wax = Shader("wax")
    wax.principled(colour="#f6ead2", roughness=0.5, subsurface=0.4, subsurface_radius=0.06)
    meshes.drum(build, radius, height, wax, at=(spot.x, spot.y, low), bevel=0.02)
    flame(build, (spot.x, spot.y, low + height), 0.75 * radius)


def flame(build: Build, at: tuple[float, float, float], size: float) -> None:
    """Light a flame of a width on a wick, and let it shine."""
    s = Shader("flame")
    z = s.axes()[2]
    s.glow(
        s.ramp(s.math("DIVIDE", z, 3.2 * size), ((0.0, "#ff9a3c"), (0.35, "#ffd27a"), (1.0, "#fff3c9"))), 1.0
    )
    build.show(
        next(node for node in s.tree.nodes if node.bl_idname == "ShaderNodeEmission").inputs["Strength"], 1.9
    )
    share = np.linspace(0, 1, 20)
    outline = [(float(0.5 * size * math.sin(math.pi * t**0.62) ** 0.9), float(3.2 * size * t)) for t in share]
    outline[0], outline[-1] = (0.0, 0.0), (0.0, 3.2 * size)
    body = meshes.lathe(build, outline, s, at=(at[0], at[1], at[2] + 0.3 * size), segments=24)
    body.visible_shadow = False
    lamps.point(build, (at[0], at[1], at[2] + 1.6 * size), 3.2, "#ffab5c", radius=0.5 * size)


@prop("diya")
def diya(build: Build, piece: Piece) -> None:
    """Diyas: small bowls of clay with a lip, oil in them, a wick that burns."""
    rng = build.rng
    oil = Shader("oil")
    oil.principled(colour="#b5761e", roughness=0.05, coat=0.6)
    for spot in build.spots(
        piece.count or rng.randint(4, 6), 0.15, spread=0.1, behind=True, depth=(-0.3, 0.65)
    ):
        clay = finish_material(
            "matte", piece.colour or rng.choice(("#a8532f", "#b5623a", "#96462a")), asked=True
        )
        r, sprig = spot.size, Sprig()
        around = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        # Pinched to a lip on one side: the wick lies there.
        lip = 1 + 0.42 * np.exp(-((np.minimum(around, 2 * np.pi - around) / 0.34) ** 2))
        rows = [
            (0.05, 0.0),
            (0.5, 0.0),
            (0.8, 0.2),
            (0.95, 0.42),
            (0.99, 0.46),
            (0.93, 0.47),
            (0.78, 0.3),
            (0.4, 0.16),
            (0.02, 0.14),
        ]
        points = np.stack(
            [
                np.stack(
                    [
                        r * w * (1 + (lip - 1) * min(1.0, z / 0.4)) * np.cos(around),
                        r * w * np.sin(around),
                        np.full(64, r * z) + 0.07 * r * (lip - 1) * (z > 0.25),
                    ],
                    -1,
                )
                for w, z in rows
            ]
        )
        sprig.lattice(points, solid("#ffffff"), closed=True)
        turn = math.pi * 1.5 + 0.9 * math.sin(spot.turn)
        data = sprig.data("diya")
        meshes.place(build, data, clay, at=spot.at, turn=(0, 0, turn))
        meshes.lathe(build, [(0.0, 0.0), (0.82 * r, 0.0)], oil, at=(spot.x, spot.y, 0.36 * r))
        at = (spot.x + 1.12 * r * math.cos(turn), spot.y + 1.12 * r * math.sin(turn), 0.44 * r)
        flame(build, at, 0.25 * r)
