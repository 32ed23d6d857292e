"""The stage: a set while it is built: what the pieces are told, and what they share."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from editor.engines.scenes.framing import Frame
from editor.engines.scenes.palettes import choose_scheme
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.true_size import stands_on_floor
from editor.engines.scenes.vocabulary import BACKDROPS, STANDS, SURFACES, Backdrop, Scheme

Heights = NDArray[np.float64]

FAR = 60.0
"""Where land ends, in metres of the set: far enough to meet the horizon."""

WHOLE = 30
"""Attempts to find a prop a place where the picture's edge does not cut it; then it may."""

FLAT = 0.3
"""The height of what lies flat, beside its radius, at most."""

HANG_HEIGHT, HANG_GAP = 0.7, 0.08
"""Metres from the ground up to a hanging product, and from its middle to the wall behind it."""


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
class View:
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
    to be against a usual exposure, set by the light rig; gain: the same, set by snow and the like. transform:
    Blender's view transform.
    size_cm: of the product's longer side, 0 unknown. prop_scale: of the prop that is being built.
    ledge: the y between which a stand that is as wide as the picture bears the props too; None on the ground.
    exposure_sockets: strengths that are to look the same whatever the exposure, see `show`. hidden: the props
    that cannot be seen, if that was looked into. places_of: the circles that the prop of a number has taken.
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
    size_cm: float = 0.0
    prop_scale: float = 1.0
    ledge: tuple[float, float] | None = None
    hidden: list[str] = field(default_factory=list)
    places_of: dict[int, list[tuple[float, float, float]]] = field(default_factory=dict)
    exposure_sockets: list[tuple[Any, float]] = field(default_factory=list)
    _taken: list[tuple[float, float, float]] = field(default_factory=list)
    _made: int = 0

    @classmethod
    def begin(
        cls,
        plan: SetPlan,
        frame: Frame,
        seed: int,
        scene: Any,
        foot: tuple[float, float, float],
        tone: str = "#808080",
        size_cm: float = 0.0,
    ) -> Build:
        """Return a build with nothing in it.

        foot is the product's base, its width, depth and x in metres; tone its mean colour, #rrggbb, from
        which the palette's backdrop is kept apart. size_cm: of its longer side, 0 where nobody said.
        """
        rng = random.Random(seed)  # noqa: S311 - it arranges props
        scheme = choose_scheme(plan.palette, rng.randrange(12), tone)
        build = cls(plan, rng, frame, scene, scheme, *foot, size_cm=size_cm)
        # The second take of a pair (see scene.py) is lit from the other side.
        build.key_side = random.Random(seed // 2).choice((-1, 1)) * (1 if seed % 2 == 0 else -1)  # noqa: S311
        return build

    # -- What there is --------------------------------------------------------------------------

    @property
    def pose(self) -> str:
        return self.frame.pose

    @property
    def lies(self) -> bool:
        return self.frame.pose == "lie"

    @property
    def foot_z(self) -> float:
        if self.pose == "hang":
            return HANG_HEIGHT
        if self.plan.stand is None or self.pose != "stand":
            return 0.0
        return STANDS[self.plan.stand.name].height

    @property
    def backdrop(self) -> Backdrop:
        return BACKDROPS[self.plan.backdrop.name]

    @property
    def is_land(self) -> bool:
        """Whether the ground goes on to the horizon or into the room, as a floor does below what is large."""
        return SURFACES[self.plan.surface.name].wide or stands_on_floor(self.size_cm)

    @property
    def far(self) -> float:
        """The y of the wall, or where the view begins."""
        return HANG_GAP if self.on_wall else self.backdrop.distance

    @property
    def on_wall(self) -> bool:
        """Whether the product hangs on the backdrop itself; it may hang free, before a view."""
        return self.pose == "hang" and self.backdrop.has_peg

    def view_at(self, y: float) -> View:
        """Return what the camera sees of the upright plane at y (of the ground, where the product lies)."""
        frame = self.frame
        metre = frame.lens / (frame.distance + (0 if self.lies else y))
        foot_x, foot_y = frame.foot
        if self.lies:
            middle = foot_y - frame.size[1] * frame.unit / 2
            return View(
                -foot_x / metre,
                (frame.width - foot_x) / metre,
                (middle - frame.height) / metre,
                middle / metre,
            )
        axis = self.foot_z + frame.camera_height
        level = frame.horizon * frame.height
        # Along the axis the picture narrows towards the camera's own x, which is the product's.
        return View(
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

    def show(self, socket: Any, strength: float) -> None:
        """Set an emission's strength as it is to be seen (1 is white), whatever the exposure will be.

        For what glows far behind: a sky, a room, lights out of focus. Not for what lights the set.
        """
        socket.default_value = strength
        self.exposure_sockets.append((socket, strength))

    # -- Ground ---------------------------------------------------------------------------------

    def calm(self, x: Heights, y: Heights, reach: float = 0.25) -> Heights:
        """Return 0 under the product's base and 1 away from it: what to multiply a relief with."""
        if self.lies:
            wide, high = (
                np.maximum(0, np.abs(a) - s / 2) for a, s in zip((x, y), self.frame.size, strict=True)
            )
            inside = np.hypot(wide, high)
        else:
            across = np.abs(x - self.foot_x) / max(self.foot_width / 2, 0.05)
            along = np.abs(y - self.foot_depth / 2) / max(self.foot_depth / 2, 0.05)
            inside = (np.hypot(across, along) - 1) * max(self.foot_width / 2, 0.05)
        return np.clip(inside / reach, 0, 1) ** 2 * (3 - 2 * np.clip(inside / reach, 0, 1))

    # -- Where props may stand ------------------------------------------------------------------

    def take(self, x: float, y: float, radius: float) -> None:
        """Keep other props off a circle of the ground."""
        self._taken.append((x, y, radius))

    def list_taken(self) -> list[tuple[float, float, float]]:
        """Return the circles that are kept free of props, in the order in which they were taken."""
        return list(self._taken)

    def free(self, circles: list[tuple[float, float, float]]) -> None:
        """Let props stand again where others stood that were taken away."""
        for circle in circles:
            self._taken.remove(circle)

    def spots(
        self,
        count: int,
        size: float,
        *,
        spread: float = 0.35,
        behind: bool = False,
        depth: tuple[float, float] = (-0.15, 0.8),
        height: float = 0.0,
        low: bool = False,
    ) -> Iterator[Spot]:
        """Hand out at most `count` places on the ground for props of about this radius.

        None of them hides the product or another prop's place; fewer come where there is no room. spread:
        how much their sizes differ, as a share. behind: the product may hide part of them. depth: the y
        between which they stand. height: of tall props, so that they stay out of copy space at the top.
        low: they are flat, and may lie before the product as well, as far as its ground is seen there.
        """
        size *= self.prop_scale
        if self.ledge is not None:
            depth = _within(depth, self.ledge, size)
        for _ in range(count):
            self._made += 1
            for attempt in range(60):
                wanted = size * (1 + self.rng.uniform(-spread, spread)) * (0.985**attempt)
                spot = self._try_spot(wanted, behind, depth, whole=attempt < WHOLE, low=low)
                if spot is not None:
                    self._taken.append((spot.x, spot.y, spot.size))
                    yield spot
                    break

    def _try_spot(
        self,
        size: float,
        behind: bool,
        depth: tuple[float, float],
        *,
        whole: bool = False,
        low: bool = False,
    ) -> Spot | None:
        rng = self.rng
        if self.lies:
            seen = self.view_at(0)
            inset = size if whole and 2 * size < min(seen.width, seen.height) else 0.0
            x = rng.uniform(seen.left + inset, seen.right - inset)
            y = rng.uniform(seen.bottom + inset, seen.top - inset)
            wide, high = self.frame.size[0] / 2 + size + 0.04, self.frame.size[1] / 2 + size + 0.04
            if abs(x) < wide and abs(y) < high:
                return None
        else:
            y = rng.uniform(*depth)
            seen = self.view_at(y)
            if low and y < -size:
                return self._spot_before(size, y, seen)
            side = -1 if self._made % 3 == 0 else 1
            half = self.frame.size[0] / 2
            edge = seen.right if side * -self.key_side > 0 else -seen.left
            # While there is room a thing stands in the picture as a whole.
            edge = max(edge - size, half) if whole else edge + 0.2 * size
            x = rng.triangular(half * 0.4, edge, half + 0.35 * (edge - half)) * side * -self.key_side
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

    def _spot_before(self, size: float, y: float, seen: View) -> Spot | None:
        """Return a place before the product for what is flat; None where it would be cut or hidden."""
        rng, eye, away = self.rng, self.foot_z + self.frame.camera_height, self.frame.distance
        # What is laid over the picture hides whatever is seen above its foot's line.
        below = (eye - FLAT * size) * away >= eye * (away + y + size)
        if self.view_at(y - size).bottom > 0 or seen.width < 2 * size or not below:
            return None
        x = rng.uniform(seen.left + size, seen.right - size)
        if any(math.hypot(x - other[0], y - other[1]) < size + other[2] + 0.01 for other in self._taken):
            return None
        if self.in_copy_space(x, seen):
            return None
        return Spot(x, y, 0.0, size, rng.uniform(0, 2 * math.pi), self._made)

    def _on_foot(self, x: float, y: float, size: float) -> bool:
        return abs(x - self.foot_x) < self.foot_width / 2 + size and -size < y < self.foot_depth + size

    def in_copy_space(self, x: float, seen: View) -> bool:
        """Whether a place lies in the empty side of a picture whose product is moved aside."""
        share = self.frame.foot[0] / self.frame.width
        if share > 0.62:
            return x < seen.left + 0.45 * seen.width
        if share < 0.38:
            return x > seen.right - 0.45 * seen.width
        return False

    def strew(self, count: int, *, clear: float = 0.05, far: float = 1.2) -> Iterator[Spot]:
        """Hand out places for small flat things that lie about: petals, confetti, crumbs.

        They may lie before the product, but not on its foot. clear: metres kept free around that.
        """
        for number in range(count):
            for _ in range(20):
                if self.lies:
                    seen = self.view_at(0)
                    x, y = self.rng.uniform(seen.left, seen.right), self.rng.uniform(seen.bottom, seen.top)
                    if abs(x) < self.frame.size[0] / 2 + clear and abs(y) < self.frame.size[1] / 2 + clear:
                        continue
                else:
                    near = -0.45 * self.frame.distance
                    y = self.rng.uniform(*_within((near, far), self.ledge or (near, far), 0.0))
                    seen = self.view_at(y)
                    x = self.rng.uniform(seen.left, seen.right)
                    if self._on_foot(x, y, clear) or any(
                        math.hypot(x - other[0], y - other[1]) < other[2] for other in self._taken
                    ):
                        continue
                if self.in_copy_space(x, seen) and self.rng.random() < 0.85:
                    continue
                yield Spot(x, y, 0.0, 1.0, self.rng.uniform(0, 2 * math.pi), number)
                break


def _within(depth: tuple[float, float], ledge: tuple[float, float], size: float) -> tuple[float, float]:
    """Return the part of a depth in which what is so large stands on a ledge as a whole, else its middle."""
    front, back = max(depth[0], ledge[0] + size), min(depth[1], ledge[1] - size)
    middle = sum(ledge) / 2
    return (front, back) if front <= back else (middle, middle)


def new_scene(name: str) -> Any:
    """Return an empty scene of Blender's."""
    return bpy.data.scenes.new(name)
