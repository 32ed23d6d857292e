"""The registry of pieces: which function builds which word of the scenes' vocabulary.

To add a piece, write a function in any module of blender/pieces and decorate it. It is called with
the build (see stage.py: seed, colours, what is seen, where things may stand) and the plan's Piece (its
colour, finish and count), and puts objects into the set. What else is known of a word, such as how high a
stand is or where a backdrop begins, is in its row of the vocabulary.

    @surface("marble")
    def marble(build: Build, piece: Piece) -> None:
        s = Shader("marble")
        veins = s.noise(scale=2, distortion=1.5)
        s.principled(colour=s.mix(veins, build.colour(piece, "surface"), "#8d8d92"), roughness=0.15)
        lay_ground(build, s)

    @backdrop("sea")
    def sea(build, piece): ...          # beyond y = build.far things are the far view

    @stand("podium")
    def podium(build, piece): ...       # top at z = build.foot_z, about (build.foot_x, build.foot_depth / 2)

    @prop("ball")                       # build.spots hands out places: here of about 0.14 metres radius
    def balls(build, piece):
        for spot in build.spots(piece.count or build.rng.randint(1, 3), 0.14):
            meshes.ball(build, spot.size, piece_material(build, piece, spot.number), at=spot.at)

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
from typing import Any

from editor.engines.scenes.plan import Piece

from .stage import Build

Maker = Callable[[Build, Piece], Any]
Rig = Callable[[Build], Any]

SURFACES: dict[str, Maker] = {}
BACKDROPS: dict[str, Maker] = {}
STANDS: dict[str, Maker] = {}
PROPS: dict[str, Maker] = {}
LIGHTS: dict[str, Rig] = {}
AIRS: dict[str, Rig] = {}


def surface(name: str) -> Callable[[Maker], Maker]:
    """Register what the product stands on."""
    return _register_in(SURFACES, name)


def backdrop(name: str) -> Callable[[Maker], Maker]:
    """Register what is behind the product."""
    return _register_in(BACKDROPS, name)


def stand(name: str) -> Callable[[Maker], Maker]:
    """Register what lifts the product."""
    return _register_in(STANDS, name)


def prop(name: str) -> Callable[[Maker], Maker]:
    """Register what is around the product."""
    return _register_in(PROPS, name)


def light(name: str) -> Callable[[Rig], Rig]:
    """Register a light rig."""
    return _register_in(LIGHTS, name)


def air(name: str) -> Callable[[Rig], Rig]:
    """Register what is in the air."""
    return _register_in(AIRS, name)


def _register_in[Built](table: dict[str, Built], name: str) -> Callable[[Built], Built]:
    def register(make: Built) -> Built:
        table[name] = make
        return make

    return register
