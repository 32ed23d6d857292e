"""The registry of pieces: what builds each word of sets/vocabulary.py.

To add a piece, write a function in any module of this package and decorate it. It is called with
the build (see build.py: seed, colours, what is seen, where things may stand) and the plan's Piece (its
colour, finish and count), and puts objects into the set:

    @surface("marble")
    def marble(build: Build, piece: Piece) -> None:
        s = Shader("marble")
        veins = s.noise(scale=2, distortion=1.5)
        s.principled(colour=s.mixed(veins, build.colour(piece, "surface"), "#8d8d92"), roughness=0.15)
        build.ground(s)

    @backdrop("sea", kind="view")
    def sea(build, piece): ...          # beyond y = build.far things are the far view

    @stand("podium")
    def podium(build, piece): ...       # top at z = build.foot_z, about (build.foot_x, build.foot_depth / 2)

    @prop("ball")                       # build.spots hands out places: here of about 0.14 metres radius
    def balls(build, piece):
        for spot in build.spots(piece.count or build.rng.randint(1, 3), 0.14):
            meshes.ball(build, spot.size, build.finish(piece, spot.number), at=spot.at)

    @light("window")
    def window(build): ...              # lamps of lamps.py, and build.meter, its exposure's mood

    @air("mist")
    def mist(build): ...

Measures: one metre of the set is the product's longer side. The product stands at (0, 0, build.foot_z)
on the ground z = 0, x to the right, y away from the camera, z up. Where build.pose is "lie", the camera
looks straight down on the ground and the product lies at (0, 0), y is up in the picture.
Use build.rng (a random.Random) for all that varies, never the global one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from editor.engines.scenes.plan import Piece

    from .stage import Build

Maker = Callable[["Build", "Piece"], Any]
Rig = Callable[["Build"], Any]

Kind = Literal["sweep", "wall", "view"]
"""How a backdrop meets the ground: it is the ground running up, a wall on it, or far beyond its end."""


@dataclass(frozen=True)
class Backdrop:
    """A backdrop's maker, its kind, and at what y the wall stands or the view begins."""

    make: Maker
    kind: Kind
    distance: float


@dataclass(frozen=True)
class Surface:
    """A surface's maker; wide ones are land that goes on to the horizon, others end as a table does."""

    make: Maker
    wide: bool


SURFACES: dict[str, Surface] = {}
BACKDROPS: dict[str, Backdrop] = {}
STANDS: dict[str, Maker] = {}
PROPS: dict[str, Maker] = {}
LIGHTS: dict[str, Rig] = {}
AIRS: dict[str, Rig] = {}


def surface(name: str, *, wide: bool = False) -> Callable[[Maker], Maker]:
    """Register what the product stands on. wide: land, such as sand or snow."""

    def registered(make: Maker) -> Maker:
        SURFACES[name] = Surface(make, wide)
        return make

    return registered


def backdrop(name: str, *, kind: Kind = "wall", distance: float = 1.9) -> Callable[[Maker], Maker]:
    """Register what is behind. distance: y of the wall, or where a view begins, in metres of the set."""

    def registered(make: Maker) -> Maker:
        BACKDROPS[name] = Backdrop(make, kind, distance)
        return make

    return registered


def stand(name: str) -> Callable[[Maker], Maker]:
    """Register what lifts the product; its height is in sets/framing.py."""
    return _into(STANDS, name)


def prop(name: str) -> Callable[[Maker], Maker]:
    """Register what is around the product."""
    return _into(PROPS, name)


def light(name: str) -> Callable[[Rig], Rig]:
    """Register a light rig."""
    return _rig_into(LIGHTS, name)


def air(name: str) -> Callable[[Rig], Rig]:
    """Register what is in the air."""
    return _rig_into(AIRS, name)


def _into(table: dict[str, Maker], name: str) -> Callable[[Maker], Maker]:
    def registered(make: Maker) -> Maker:
        table[name] = make
        return make

    return registered


def _rig_into(table: dict[str, Rig], name: str) -> Callable[[Rig], Rig]:
    def registered(make: Rig) -> Rig:
        table[name] = make
        return make

    return registered
