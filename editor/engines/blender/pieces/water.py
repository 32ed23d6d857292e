"""Water: shallow and rippled, as a film on stone, in drops, as bubbles of foam; towels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.growth import Sprig
from editor.engines.blender.kit.registry import prop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from . import boulders

POOL = "#9fd3dc"


@surface("water")
def water(build: Build, piece: Piece) -> None:
    """Shallow water over a pale ground: rings about the product, ripples, the net of light below them."""
    s = Shader("water")
    x, y, _ = s.axes()
    rng = build.rng
    ripples = s.noise(2.6, 3, distortion=0.6, place=s.stretch((1, 1.3, 1), move=(rng.uniform(0, 9), 0, 0)))
    away = s.math(
        "SQRT",
        s.math(
            "ADD",
            s.math("POWER", s.math("SUBTRACT", x, build.foot_x), 2.0),
            s.math("POWER", s.math("SUBTRACT", y, build.foot_depth / 2), 2.0),
        ),
    )
    rings = s.math("SINE", s.math("MULTIPLY", away, 34.0))
    rings = s.math(
        "MULTIPLY", rings, s.span(away, 0.4 * build.foot_width, 0.4 * build.foot_width + 1.3, 0.5, 0.0)
    )
    height = s.math("ADD", s.math("MULTIPLY", ripples, 1.6), s.math("MULTIPLY", rings, 0.22))
    where = s.wander(0.3, 1.4, detail=2)
    net: Any = 0.0
    for scale, share in ((3.1, 0.75), (5.3, 0.45)):
        bent = s.wander(0.16, 3.2, place=where, detail=2)
        line = s.span(s.cells(scale, feature="DISTANCE_TO_EDGE", place=bent), 0.0, 0.16, 1.0, 0.0)
        net = s.math("MAXIMUM", net, s.math("MULTIPLY", s.math("POWER", line, 2.2), share))
    # The net is bright where the sun's light gathers, and lost in between.
    net = s.math(
        "MULTIPLY",
        net,
        s.span(s.noise(0.9, 3, distortion=0.8), 0.34, 0.66, 0.12, 0.6 if build.lies else 1.0),
    )
    base = build.colour(piece, "surface", POOL)
    if not piece.colour and int(base[1:3], 16) > int(base[5:7], 16):
        # No palette makes water yellow.
        base = POOL
    ground = s.vary(base, s.noise(1.1, 4), 0.14)
    fade = s.span(y, 0.5, 7.0, 1.0, 0.15)
    s.principled(
        colour=s.mix(s.math("MULTIPLY", net, fade), ground, "#ffffff"),
        roughness=0.03,
        ior=1.33,
        specular=0.6,
        normal=s.bump(height, s.span(y, 1.0, 14.0, 0.5, 0.04), 0.03),
    )
    lay_ground(build, s)


@surface("wet-stone")
def wet_stone(build: Build, piece: Piece) -> None:
    """Dark stone with a film of water: puddles that mirror, rough stone between them."""
    s = Shader("wet stone")
    seed = build.rng.uniform(0, 20)
    moved = s.stretch(move=(seed, 0.7 * seed, 0))
    rough = s.noise(5, 9, roughness=0.66, place=moved)
    pits = s.noise(26, 7, roughness=0.7, place=moved)
    puddle = s.span(s.noise(1.15, 5, roughness=0.55, place=moved), 0.42, 0.58)
    base = s.vary(piece.colour or "#4b4e50", s.mix(0.4, rough, pits), 0.5)
    base = s.mix(s.math("MULTIPLY", puddle, 0.45), base, "#17191a")
    stone = s.math("ADD", rough, s.math("MULTIPLY", pits, 0.35))
    height = s.math("MULTIPLY", stone, s.span(puddle, 0, 1, 1.0, 0.06))
    s.principled(
        colour=base,
        roughness=s.span(puddle, 0, 1, 0.38, 0.03),
        specular=0.5,
        normal=s.bump(height, 0.7, 0.022),
        coat=s.span(puddle, 0, 1, 0.25, 0.9),
        coat_roughness=0.04,
    )
    lay_ground(build, s)


def clear_water(tint: str = "#f4fbff") -> Shader:
    """Return water to look through, without noise from caustics: light passes straight to the shadow."""
    s = Shader("drops")
    body = s.node("BsdfGlass", {"Color": tint, "Roughness": 0.0, "IOR": 1.33})
    path = s.node("LightPath")
    straight = s.math("MAXIMUM", path.outputs["Is Shadow Ray"], path.outputs["Is Diffuse Ray"])
    mix = s.node("MixShader", {0: straight})
    s.tree.links.new(body.outputs[0], mix.inputs[1])
    s.tree.links.new(s.node("BsdfTransparent", {"Color": "#e6f2f6"}).outputs[0], mix.inputs[2])
    s.finish(mix.outputs[0])
    return s


@prop("drops")
def drops(build: Build, piece: Piece) -> None:
    """Drops of water that lie about, most of them small."""
    kinds = []
    for _ in range(3):
        sprig = Sprig()
        sprig.round((0, 0, 0.16), 1.0, boulders.ROUND, squash=build.rng.uniform(0.34, 0.5), sides=20)
        kinds.append(sprig.data("drop"))
    spots = list(build.strew(14 * (piece.count or 9), clear=0.03, far=0.9))
    rolled = scatter.dice(build)
    points = np.array([spot.at for spot in spots]).reshape(-1, 3)
    sizes = (0.009 + 0.032 * rolled.random(len(points)) ** 3) * min(build.prop_scale, 1.5)
    turns = np.stack([np.zeros(len(points)), np.zeros(len(points)), rolled.uniform(0, 6.3, len(points))], -1)
    places = scatter.Places(points, turns, sizes)
    places = places.keep(scatter.headroom(build, points) > sizes)
    scatter.scatter_instances(build, kinds, places, clear_water())


@prop("bubbles")
def bubbles(build: Build, piece: Piece) -> None:
    """Soap bubbles in the air, thin, with colours that run over their skins."""
    s = Shader("bubble")
    facing = s.node("LayerWeight", {"Blend": 0.5}).outputs["Facing"]
    film = s.math("ADD", s.noise(6, 4, distortion=1.0), s.math("MULTIPLY", facing, 1.2))
    hue = s.node(
        "CombineColor", {0: s.math("FRACT", s.math("MULTIPLY", film, 1.7)), 1: 0.55, 2: 1.0}, mode="HSV"
    ).outputs[0]
    shine = s.node("BsdfGlossy", {"Color": s.mix(0.55, "#ffffff", piece.colour or hue), "Roughness": 0.02})
    share = s.span(s.math("POWER", facing, 2.6), 0.0, 1.0, 0.07, 0.7)
    mix = s.node("MixShader", {0: share})
    s.tree.links.new(s.node("BsdfTransparent").outputs[0], mix.inputs[1])
    s.tree.links.new(shine.outputs[0], mix.inputs[2])
    s.finish(mix.outputs[0])
    rng = build.rng
    for number in range(piece.count or rng.randint(9, 14)):
        radius = 0.02 + 0.075 * rng.random() ** 2
        if build.lies:
            for spot in build.spots(1, radius):
                meshes.ball(build, radius, s, at=spot.at, segments=40)
            continue
        y = rng.uniform(build.foot_depth + 0.15, 1.2) if number % 4 else rng.uniform(-0.5, -0.1)
        seen = build.view_at(y)
        side = rng.choice((-1, 1))
        near = 0.5 * build.frame.size[0] + radius + 0.08
        edge = abs(seen.right if side > 0 else seen.left)
        if edge < near:
            continue
        at = (side * rng.uniform(near, edge), y, rng.uniform(0.04, max(0.2, 0.92 * seen.top)))
        meshes.ball(build, radius, s, at=at, segments=40).visible_shadow = False


@prop("towel")
def towel(build: Build, piece: Piece) -> None:
    """Folded towels on each other: thick rounded layers of looped pile."""
    rng = build.rng
    for spot in build.spots(1, 0.3, spread=0.1, behind=True, depth=(build.foot_depth + 0.3, 1.0)):
        z = 0.0
        for number in range(piece.count or rng.randint(2, 3)):
            colour = piece.colour or (build.accent(number) if number else rng.choice(("#f4f0ea", "#e8e2d8")))
            s = _pile(colour)
            wide, deep, thick = spot.size * rng.uniform(1.75, 1.9), spot.size * rng.uniform(1.2, 1.3), 0.055
            turn = spot.turn * 0.04 + rng.uniform(-0.06, 0.06)
            for fold in range(3):
                sag = 0.004 * (2 - fold)
                meshes.block(
                    build,
                    (wide + sag, deep + sag, thick - 0.002),
                    s,
                    at=(spot.x, spot.y, z),
                    turn=(0, 0, turn),
                    bevel=0.026,
                )
                z += thick
            # The fold that closes the layers on the side to the camera.
            c, sn = math.cos(turn), math.sin(turn)
            front = (spot.x + sn * deep / 2, spot.y - c * deep / 2, z - 3 * thick)
            meshes.block(build, (wide, 0.06, 2 * thick - 0.002), s, at=front, turn=(0, 0, turn), bevel=0.029)


def _pile(colour: str) -> Shader:
    s = Shader("towel")
    loops = s.noise(95, 4, roughness=0.75)
    folds = s.noise(5, 4)
    border = s.waves(20, axis="Y", distortion=0.5)
    height = s.math("ADD", s.math("MULTIPLY", loops, 0.8), s.math("MULTIPLY", border, 0.12))
    s.principled(
        colour=s.vary(colour, s.mix(0.5, loops, folds), 0.12),
        roughness=0.97,
        specular=0.15,
        sheen=0.4,
        normal=s.bump(height, 0.9, 0.012),
    )
    return s
