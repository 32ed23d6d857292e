"""A set while it is built: what the pieces are told, and what they share."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from editor.engines.sets.framing import STAND_HEIGHTS, Frame
from editor.engines.sets.palettes import SCHEMES, USUAL, Scheme
from editor.engines.sets.plan import Piece, SetPlan

from . import meshes, pieces
from .shaders import Shader

Heights = NDArray[np.float64]
FAR = 60.0
"""Where land ends, in metres of the set: far enough to meet the horizon."""


@dataclass
class Spot:
    """Where one prop may stand: the middle of its underside, its radius, its turn about z in radians."""

    x: float
    y: float
    z: float
    size: float
    turn: float
    number: int

    @property
    def at(self) -> tuple[float, float, float]:
        return self.x, self.y, self.z


@dataclass(frozen=True)
class Seen:
    """What the camera sees of the upright plane at some y: left, right, bottom, top in metres."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass
class Build:
    """One set under construction.

    rng: for all that varies. frame: how the product is seen. foot_width, foot_depth: the product's base on
    the ground in metres, foot_x its middle (the product's own is x = 0), its front at y = 0. foot_z: where
    it stands, the top of the stand if there is one. key_side: -1 where
    the main light comes from the left, 1 from the right. meter: how bright the product's surroundings are
    to be against a usual exposure, set by the light rig; gain: the same, set by snow and the like. transform: Blender's view transform.
    """

    plan: SetPlan
    rng: random.Random
    frame: Frame
    scene: Any
    scheme: Scheme
    foot_width: float = 0.5
    foot_depth: float = 0.4
    foot_x: float = 0.0
    key_side: int = -1
    meter: float = 1.0
    gain: float = 1.0
    transform: str = "AgX"
    look: str = "AgX - Medium High Contrast"
    calm_ground: bool = True
    _taken: list[tuple[float, float, float]] = field(default_factory=list)
    _made: int = 0

    @classmethod
    def begun(cls, plan: SetPlan, frame: Frame, seed: int, scene: Any, foot: tuple[float, float, float]) -> Build:
        """Return a build with nothing in it; foot is the product's base: width, depth and x in metres."""
        rng = random.Random(seed)  # noqa: S311 - it arranges props
        schemes = SCHEMES[plan.palette or USUAL]
        build = cls(plan, rng, frame, scene, schemes[rng.randrange(len(schemes))], *foot)
        build.key_side = rng.choice((-1, 1))
        return build

    # -- What there is --------------------------------------------------------------------------

    @property
    def pose(self) -> str:
        return self.frame.pose

    @property
    def lying(self) -> bool:
        return self.frame.pose == "lie"

    @property
    def foot_z(self) -> float:
        if self.plan.stand is None or self.pose != "stand":
            return 0.0
        return STAND_HEIGHTS[self.plan.stand.name]

    @property
    def backdrop(self) -> pieces.Backdrop:
        return pieces.BACKDROPS[self.plan.backdrop.name]

    @property
    def far(self) -> float:
        """The y of the wall, or where the view begins."""
        return self.backdrop.distance

    def seen(self, y: float) -> Seen:
        """Return what the camera sees of the upright plane at y (of the ground, where the product lies)."""
        frame = self.frame
        metre = frame.lens / (frame.distance + (0 if self.lying else y))
        foot_x, foot_y = frame.foot
        if self.lying:
            middle = foot_y - frame.size[1] * frame.unit / 2
            return Seen(-foot_x / metre, (frame.width - foot_x) / metre, (middle - frame.height) / metre, middle / metre)
        axis = self.foot_z + frame.camera_height
        level = frame.horizon * frame.height
        # Along the axis the picture narrows towards the camera's own x, which is the product's.
        return Seen(
            -foot_x / metre,
            (frame.width - foot_x) / metre,
            axis + (level - frame.height) / metre,
            axis + level / metre,
        )

    # -- Colours --------------------------------------------------------------------------------

    def colour(self, piece: Piece, role: str = "", natural: str = "") -> str:
        """Return a piece's colour, #rrggbb: what was asked for, else its natural one, else the palette's.

        With a role and a natural colour both, the natural one holds only while no palette is chosen.
        """
        if piece.colour:
            return piece.colour
        if natural and not (role and self.plan.palette):
            return natural
        return self.scheme.of(role)

    def accent(self, number: int = 0) -> str:
        """Return one of the palette's colours for props."""
        return self.scheme.accents[number % len(self.scheme.accents)]

    def finish(self, piece: Piece, number: int = 0, *, role: str = "prop", usual: str = "matte") -> Shader:
        """Return the material of a simple body, by the piece's finish and colour, or the palette's."""
        from .finishes import finished

        colour = piece.colour or (self.accent(number) if role == "prop" else self.scheme.of(role))
        return finished(self, piece.finish or usual, colour, asked=bool(piece.colour))

    # -- Ground ---------------------------------------------------------------------------------

    def calm(self, x: Heights, y: Heights, reach: float = 0.25) -> Heights:
        """Return 0 under the product's base and 1 away from it: what to multiply a relief with."""
        if self.lying:
            inside = np.maximum(np.abs(x) - self.frame.size[0] / 2, np.abs(y) - self.frame.size[1] / 2)
        else:
            across = np.abs(x - self.foot_x) / max(self.foot_width / 2, 0.05)
            along = np.abs(y - self.foot_depth / 2) / max(self.foot_depth / 2, 0.05)
            inside = (np.hypot(across, along) - 1) * max(self.foot_width / 2, 0.05)
        return np.clip(inside / reach, 0, 1) ** 2 * (3 - 2 * np.clip(inside / reach, 0, 1))

    def ground(
        self,
        shader: Shader,
        relief: Callable[[Heights, Heights], Heights] | None = None,
        *,
        cells: int = 0,
        curve: float = 0.7,
    ) -> Any:
        """Lay the ground in a material, as far as the backdrop asks, and return its object.

        relief(x, y) raises it, in metres; it is calmed under the product's base. cells: how many along the
        nearer side, by default enough for the relief. Before a "sweep" the ground runs up in a curve of
        that radius; before a view a table ends beyond the product, land goes on to the horizon.
        """
        fine = cells or (260 if relief else 2)
        if self.lying:
            seen = self.seen(0)
            size = 1.6 * max(seen.width, seen.height)
            middle = ((seen.left + seen.right) / 2, (seen.bottom + seen.top) / 2)
            points = _grid((middle[0] - size / 2, middle[0] + size / 2), (middle[1] - size / 2, middle[1] + size / 2), fine, fine)
            return meshes.lattice(self, self._raised(points, relief), shader)
        kind, near = self.backdrop.kind, -0.72 * self.frame.distance
        wide = pieces.SURFACES[self.plan.surface.name].wide
        if kind == "sweep":
            return self._sweep(shader, relief, near, curve, fine)
        if kind == "wall":
            return self._land(shader, relief, near, self.far + 0.3, fine)
        if wide:
            self._land(shader, relief, near, 6.0, fine)
            return self._land(shader, None, 6.0, FAR, 2, drop=0.0)
        return self._table(shader, relief, near, fine)

    def _land(
        self,
        shader: Shader,
        relief: Callable[[Heights, Heights], Heights] | None,
        near: float,
        far: float,
        fine: int,
        drop: float = 0.0,
    ) -> Any:
        seen = self.seen(far)
        rows = np.linspace(0, 1, fine + 1)
        # Rows lie closer where the camera is near, so that cells look alike in the picture.
        y = near + (far - near) * (rows**1.6 if fine > 2 else rows)
        reach = max(abs(seen.left), abs(seen.right)) * 1.15 + 0.5
        x = np.linspace(-reach, reach, fine + 1)
        across, along = np.meshgrid(x, y)
        points = np.stack([across, along, np.full_like(across, -drop)], -1)
        return meshes.lattice(self, self._raised(points, relief), shader)

    def _table(
        self, shader: Shader, relief: Callable[[Heights, Heights], Heights] | None, near: float, fine: int
    ) -> Any:
        depth = max(0.75, self.foot_depth + 0.35)
        top = self._land(shader, relief, near, depth, fine)
        reach = max(abs(self.seen(depth).left), abs(self.seen(depth).right)) * 1.15 + 0.5
        edge = 0.02
        turns = np.linspace(0, np.pi / 2, 6)
        y = np.concatenate([depth + edge * np.sin(turns), [depth + edge]])
        z = np.concatenate([edge * (np.cos(turns) - 1), [-0.3]])
        across = np.linspace(-reach, reach, 3)
        points = np.stack([np.broadcast_to(across, (len(y), 3)), np.broadcast_to(y[:, None], (len(y), 3)), np.broadcast_to(z[:, None], (len(y), 3))], -1)
        meshes.lattice(self, points, shader)
        return top

    def _sweep(
        self,
        shader: Shader,
        relief: Callable[[Heights, Heights], Heights] | None,
        near: float,
        curve: float,
        fine: int,
    ) -> Any:
        """Lay a sheet that runs along the floor, up in a quarter of a circle, and up the wall."""
        steps = max(fine, 96)
        top = self.seen(self.far).top + 1.5
        floor_end = self.far - curve
        lengths = (floor_end - near, curve * np.pi / 2, max(top - curve, 0.5))
        along = np.linspace(0, sum(lengths), steps + 1)
        angle = np.clip((along - lengths[0]) / curve, 0, np.pi / 2)
        y = np.where(along < lengths[0], near + along, floor_end + curve * np.sin(angle))
        z = np.where(along < lengths[0], 0.0, curve * (1 - np.cos(angle)))
        z = z + np.maximum(0.0, along - lengths[0] - lengths[1])
        seen = self.seen(self.far)
        reach = max(abs(seen.left), abs(seen.right)) * 1.2 + 0.5
        columns = max(fine, 8) if relief else 8
        x = np.linspace(-reach, reach, columns + 1)
        points = np.stack(
            [np.broadcast_to(x, (len(y), len(x))), np.broadcast_to(y[:, None], (len(y), len(x))), np.broadcast_to(z[:, None], (len(y), len(x)))], -1
        ).copy()
        if relief is not None:
            # Along the sheet's own length, so that folds go on up the wall.
            raised = relief(points[..., 0], np.broadcast_to((along + near)[:, None], points.shape[:2]))
            raised = raised * self.calm(points[..., 0], points[..., 1])
            points[..., 1] -= raised * np.sin(angle)[:, None]
            points[..., 2] += raised * np.cos(angle)[:, None]
        return meshes.lattice(self, points, shader)

    def _raised(self, points: Heights, relief: Callable[[Heights, Heights], Heights] | None) -> Heights:
        if relief is None:
            return points
        x, y = points[..., 0], points[..., 1]
        height = relief(x, y)
        points[..., 2] += height * self.calm(x, y) if self.calm_ground else height
        return points

    # -- Where props may stand ------------------------------------------------------------------

    def take(self, x: float, y: float, radius: float) -> None:
        """Keep other props off a circle of the ground."""
        self._taken.append((x, y, radius))

    def spots(
        self,
        count: int,
        size: float,
        *,
        spread: float = 0.35,
        behind: bool = False,
        depth: tuple[float, float] = (-0.15, 0.8),
        height: float = 0.0,
    ) -> Iterator[Spot]:
        """Hand out at most `count` places on the ground for props of about this radius.

        None of them hides the product or another prop's place; fewer come where there is no room. spread:
        how much their sizes differ, as a share. behind: the product may hide part of them. depth: the y
        between which they stand. height: of tall props, so that they stay out of copy space at the top.
        """
        for _ in range(count):
            self._made += 1
            for attempt in range(60):
                wanted = size * (1 + self.rng.uniform(-spread, spread)) * (0.985**attempt)
                spot = self._tried(wanted, behind, depth)
                if spot is not None:
                    self._taken.append((spot.x, spot.y, spot.size))
                    yield spot
                    break

    def _tried(self, size: float, behind: bool, depth: tuple[float, float]) -> Spot | None:
        rng = self.rng
        if self.lying:
            seen = self.seen(0)
            x, y = rng.uniform(seen.left, seen.right), rng.uniform(seen.bottom, seen.top)
            wide, high = self.frame.size[0] / 2 + size + 0.04, self.frame.size[1] / 2 + size + 0.04
            if abs(x) < wide and abs(y) < high:
                return None
        else:
            y = rng.uniform(*depth)
            seen = self.seen(y)
            side = -1 if self._made % 3 == 0 else 1
            half = self.frame.size[0] / 2
            edge = seen.right if side * -self.key_side > 0 else -seen.left
            x = rng.triangular(half * 0.4, edge + 0.2 * size, half + 0.35 * (edge - half)) * side * -self.key_side
            # Compare where they are seen: what is nearer looks larger.
            nearer = self.frame.distance / (self.frame.distance + y)
            gap = 0.03 if not behind or y < self.foot_depth + size else -0.6 * size
            if abs(x) * nearer - size * nearer < half + gap:
                return None
            if self._on_foot(x, y, size):
                return None
        if any(math.hypot(x - other[0], y - other[1]) < size + other[2] + 0.01 for other in self._taken):
            return None
        if self.in_copy_space(x, seen):
            return None
        return Spot(x, y, 0.0, size, rng.uniform(0, 2 * math.pi), self._made)

    def _on_foot(self, x: float, y: float, size: float) -> bool:
        return abs(x - self.foot_x) < self.foot_width / 2 + size and -size < y < self.foot_depth + size

    def in_copy_space(self, x: float, seen: Seen) -> bool:
        """Whether a place lies in the empty side of a picture whose product is moved aside."""
        share = self.frame.foot[0] / self.frame.width
        if share > 0.62:
            return x < seen.left + 0.45 * seen.width
        if share < 0.38:
            return x > seen.right - 0.45 * seen.width
        return False

    def strewn(self, count: int, *, clear: float = 0.05, far: float = 1.2) -> Iterator[Spot]:
        """Hand out places for small flat things that lie about: petals, confetti, crumbs.

        They may lie before the product, but not on its foot. clear: metres kept free around that.
        """
        for number in range(count):
            for _ in range(20):
                if self.lying:
                    seen = self.seen(0)
                    x, y = self.rng.uniform(seen.left, seen.right), self.rng.uniform(seen.bottom, seen.top)
                    if abs(x) < self.frame.size[0] / 2 + clear and abs(y) < self.frame.size[1] / 2 + clear:
                        continue
                else:
                    y = self.rng.uniform(-0.45 * self.frame.distance, far)
                    seen = self.seen(y)
                    x = self.rng.uniform(seen.left, seen.right)
                    if self._on_foot(x, y, clear) or any(
                        math.hypot(x - other[0], y - other[1]) < other[2] for other in self._taken
                    ):
                        continue
                if self.in_copy_space(x, seen) and self.rng.random() < 0.85:
                    continue
                yield Spot(x, y, 0.0, 1.0, self.rng.uniform(0, 2 * math.pi), number)
                break


def _grid(across: tuple[float, float], along: tuple[float, float], columns: int, rows: int) -> Heights:
    x, y = np.meshgrid(np.linspace(*across, columns + 1), np.linspace(*along, rows + 1))
    return np.stack([x, y, np.zeros_like(x)], -1)


def fresh_scene(name: str) -> Any:
    """Return an empty scene of Blender's."""
    return bpy.data.scenes.new(name)
