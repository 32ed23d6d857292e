"""What lies on a workbench: a spanner, a screwdriver, a hammer."""

from __future__ import annotations

import math

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.finishes import finish_material
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

from .wood import solid_wood

HALF = 0.4
"""Half the length of a tool, in metres of the set beside a product of the usual size."""


@prop("tools")
def tools(build: Build, piece: Piece) -> None:
    """Hand tools of steel, wood and lacquer that were laid down."""
    makers = (_spanner, _screwdriver, _hammer)
    first = build.rng.randrange(3)
    for number, spot in enumerate(
        build.spots(piece.count or 3, 0.3, spread=0.1, behind=True, depth=(-1.7, 0.7), low=True)
    ):
        # Across rather than along the way one looks, and each otherwise.
        spot.turn = build.rng.uniform(-0.6, 0.6) + (math.pi if build.rng.random() < 0.5 else 0.0)
        makers[(first + number) % 3](build, piece, spot)


def _along(spot: Spot, size: float, points: list[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """Return points (along the tool from its middle, height) as places in the set."""
    c, s = math.cos(spot.turn), math.sin(spot.turn)
    return [(spot.x + size * a * c, spot.y + size * a * s, size * z) for a, z in points]


def _spanner(build: Build, piece: Piece, spot: Spot) -> None:
    """An open jaw at one end, a ring at the other."""
    size = spot.size / 0.3
    jaw, ring, neck = 0.085 * size, 0.07 * size, 0.03 * size
    left, right = -(HALF - 0.085) * size, (HALF - 0.07) * size

    def arc(x: float, radius: float, begin: float, end: float, steps: int) -> list[tuple[float, float]]:
        turns = [begin + (end - begin) * k / steps for k in range(steps + 1)]
        return [(x + radius * math.cos(t), radius * math.sin(t)) for t in turns]

    open_at, mouth = math.asin(neck / jaw), 0.5
    outline = arc(left, jaw, open_at, math.pi - mouth, 18)
    outline += [(left - 0.15 * jaw, 0.42 * jaw), (left - 0.15 * jaw, -0.42 * jaw)]
    outline += arc(left, jaw, math.pi + mouth, 2 * math.pi - open_at, 18)
    shut = math.asin(neck / ring)
    outline += arc(right, ring, math.pi + shut, 3 * math.pi - shut, 30)
    hole = arc(right, 0.55 * ring, 0.0, 2 * math.pi * 5 / 6, 5)
    steel = finish_material("silver", piece.colour or "#b9bcc0", asked=True)
    thick = 0.03 * size
    thing = meshes.cutting(build, [outline, hole], thick, steel, bevel=0.006 * size)
    thing.location, thing.rotation_euler = (spot.x, spot.y, thick / 2), (0, 0, spot.turn)


def _screwdriver(build: Build, piece: Piece, spot: Spot) -> None:
    """A lacquered handle and a blade that tapers."""
    size = spot.size / 0.3
    grip = finish_material(piece.finish or "gloss", piece.colour or build.rng.choice(("#b3271e", "#d99a1c")))
    steel = finish_material("silver", "#b9bcc0", asked=True)
    rises = [(-0.4, 0.05), (-0.37, 0.05), (-0.2, 0.05), (-0.1, 0.05), (-0.06, 0.05), (-0.02, 0.05)]
    meshes.tube(build, _along(spot, size, rises), 0.05 * size, grip, taper=[0.55, 0.95, 1.0, 0.85, 0.6, 0.75])
    blade = [(-0.03, 0.05), (0.3, 0.03), (0.37, 0.02), (0.4, 0.014)]
    meshes.tube(build, _along(spot, size, blade), 0.016 * size, steel, taper=[1.0, 1.0, 1.3, 0.5])


def _hammer(build: Build, piece: Piece, spot: Spot) -> None:
    """A wooden handle, its head of steel lying on its side."""
    size = spot.size / 0.3
    handle = _along(spot, size, [(-0.42, 0.035), (-0.3, 0.035), (0.0, 0.04), (0.3, 0.05), (0.4, 0.05)])
    wood = solid_wood(("#c79a63", "#94683b"), gloss=0.4)
    meshes.tube(build, handle, 0.032 * size, wood, taper=[1.05, 1.1, 0.85, 0.75, 0.8])
    steel = finish_material("silver", piece.colour or "#8d9095", asked=True)
    x, y, _ = _along(spot, size, [(0.34, 0.0)])[0]
    meshes.block(
        build,
        (0.1 * size, 0.26 * size, 0.1 * size),
        steel,
        at=(x, y, 0.0),
        turn=(0, 0, spot.turn),
        bevel=0.02 * size,
    )
