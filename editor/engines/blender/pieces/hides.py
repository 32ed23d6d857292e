"""Grounds of leather, cork, foil, woven cane, and rugs."""

from __future__ import annotations

import numpy as np

from editor.engines.blender.kit import relief
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.registry import surface
from editor.engines.blender.kit.relief import Heights
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from .fabric import folds

CALM, CRUMPLED = 0.028, 0.05
"""How deep foil's creases are where the product stands, and around."""


@surface("leather")
def leather(build: Build, piece: Piece) -> None:
    """Full-grain leather: pebbled, darker in its creases, in one low fold or two."""
    s = Shader("leather")
    bent = s.wander(0.01, 14)
    edge = s.cells(30, feature="DISTANCE_TO_EDGE", place=bent)
    grain = s.span(edge, 0.0, 0.09)
    large = s.span(s.cells(11, feature="DISTANCE_TO_EDGE", place=s.wander(0.05, 4)), 0.0, 0.05)
    wear = s.noise(2.4, 6)
    base = build.colour(piece, "", build.rng.choice(("#7a4526", "#5d3420", "#8f5a35")))
    body = s.vary(base, wear, 0.2)
    x, y, _ = s.axes(s.wander(0.004, 3))
    # A seam runs across before the product: a groove, and a row of stitches to either side of it.
    away = s.math("ABSOLUTE", s.math("ADD", y, 0.34 if not build.lies else 0.9))
    groove = s.span(away, 0.0, 0.012)
    dash = s.math(
        "LESS_THAN",
        s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", s.math("DIVIDE", x, 0.055)), 0.5)),
        0.33,
    )
    row = s.span(s.math("ABSOLUTE", s.math("SUBTRACT", away, 0.04)), 0.006, 0.008, 1.0, 0.0)
    stitch = s.math("MULTIPLY", row, dash)
    skin = s.mix(s.math("MULTIPLY", grain, large), s.mix(0.6, body, "#1d0f08"), body)
    skin = s.mix(groove, "#160b06", skin)
    height = s.math("ADD", s.math("MULTIPLY", grain, 0.8), s.math("MULTIPLY", large, 0.9))
    height = s.math(
        "ADD", height, s.math("ADD", s.math("MULTIPLY", groove, 1.6), s.math("MULTIPLY", stitch, 1.2))
    )
    s.principled(
        colour=s.mix(stitch, skin, "#e2cda6"),
        roughness=s.span(wear, 0.3, 0.7, 0.3, 0.46),
        specular=0.5,
        normal=s.bump(height, 0.7, 0.008),
    )
    seed, turn = build.rng.randint(0, 999), build.rng.uniform(-0.8, 0.8)
    lay_ground(build, s, folds(seed, height=0.03, length=1.6, turn=turn), cells=200)


@surface("cork")
def cork(build: Build, piece: Piece) -> None:
    """Pressed cork: granules of several browns, dark specks between."""
    s = Shader("cork")
    bent = s.wander(0.02, 9)
    shade = s.axes(s.cells(28, output="Color", place=bent))[0]
    edge = s.span(s.cells(28, feature="DISTANCE_TO_EDGE", place=bent), 0.0, 0.05)
    fine = s.axes(s.cells(75, output="Color"))[1]
    specks = s.math("GREATER_THAN", s.axes(s.cells(52, output="Color"))[2], 0.9)
    base = build.colour(piece, "", "#c69a68")
    body = s.vary(base, s.mix(0.35, shade, fine), 0.3)
    body = s.mix(s.math("MULTIPLY", specks, 0.75), body, "#5a3a22")
    s.principled(
        colour=s.mix(edge, s.mix(0.4, body, "#6a4528"), body),
        roughness=0.9,
        specular=0.2,
        normal=s.bump(s.math("ADD", s.math("MULTIPLY", edge, 0.6), s.noise(60, 4)), 0.5, 0.008),
    )
    lay_ground(build, s)


@surface("foil")
def foil(build: Build, piece: Piece) -> None:
    """Metal foil that was crumpled and smoothed: facets that each mirror another part of the room."""
    s = Shader("foil")
    tint = {"gold": "#e3b558", "copper": "#d48a62"}.get(piece.finish, piece.colour or "#d5d8dc")
    s.principled(colour=tint, metallic=1.0, roughness=0.36, normal=s.bump(s.noise(30, 4), 0.08, 0.006))
    seed = build.rng.randint(0, 999)

    def creases(x: Heights, y: Heights) -> Heights:
        total = np.zeros(np.broadcast(x, y).shape)
        for layer, scale in enumerate((1.4, 3.1, 6.0)):
            total += np.abs(relief.noise(x * scale, y * scale, seed + layer)) / scale
            total += (
                0.6
                * np.abs(
                    relief.noise(
                        x * scale * 0.8 + y * scale * 0.6, y * scale * 0.8 - x * scale * 0.6, seed + 9 + layer
                    )
                )
                / scale
            )
        # Smoothed where the product stands, so that glass is not lost before what glitters.
        away = np.clip((np.hypot(x, 0.7 * y) - 0.35) / 0.6, 0, 1)
        return (CALM + (CRUMPLED - CALM) * away) * total

    thing = lay_ground(build, s, creases, cells=420)
    # Facets with edges, as foil has them.
    thing.data.polygons.foreach_set("use_smooth", np.zeros(len(thing.data.polygons), np.bool_))


def cane_material(colour: str, *, pitch: float = 0.13) -> Shader:
    """Return woven cane: strands over and under each other in both directions."""
    s = Shader("cane")
    x, y, _ = s.axes(s.wander(0.004, 6))
    across, along = s.math("DIVIDE", x, pitch), s.math("DIVIDE", y, pitch)
    checker = s.math(
        "MODULO", s.math("ABSOLUTE", s.math("ADD", s.math("FLOOR", across), s.math("FLOOR", along))), 2.0
    )
    over = s.math("GREATER_THAN", checker, 0.5)

    def strand(a: object, b: object) -> object:
        ribs = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", a), 0.5))
        bow = s.math(
            "SUBTRACT",
            1.0,
            s.math("MULTIPLY", 4.0, s.math("POWER", s.math("SUBTRACT", s.math("FRACT", b), 0.5), 2.0)),
        )
        return s.math(
            "MULTIPLY",
            s.math("SUBTRACT", 1.0, s.math("POWER", s.math("MULTIPLY", ribs, 2.0), 3.0)),
            s.math("ADD", 0.35, s.math("MULTIPLY", bow, 0.65)),
        )

    height = s.mix(over, strand(across, along), strand(along, across))
    fibre_x, fibre_y = (
        s.noise(40, 3, place=s.stretch((12, 0.6, 1))),
        s.noise(40, 3, place=s.stretch((0.6, 12, 1))),
    )
    fibre = s.mix(over, fibre_x, fibre_y)
    low = s.span(height, 0.0, 0.45)
    s.principled(
        colour=s.mix(low, "#4d3318", s.vary(colour, fibre, 0.28)),
        roughness=0.5,
        specular=0.35,
        normal=s.bump(s.math("ADD", height, s.math("MULTIPLY", fibre, 0.15)), 0.9, 0.02),
    )
    return s


@surface("cane")
def cane(build: Build, piece: Piece) -> None:
    """A mat of woven rattan."""
    lay_ground(build, cane_material(build.colour(piece, "", "#c39a5e")))


@surface("rug")
def rug(build: Build, piece: Piece) -> None:
    """A rug of thick pile: a field of lozenges within lozenges."""
    s = Shader("rug")
    x, y, _ = s.axes(s.wander(0.012, 9))
    base = build.colour(piece, "", build.rng.choice(("#8a2f2a", "#2f4358", "#a5562f")))
    second, third = build.rng.choice((("#e3d3b0", "#2b2a33"), ("#d9b46a", "#26323f"), ("#efe3cb", "#5d2320")))
    a = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", s.math("DIVIDE", x, 0.62)), 0.5))
    b = s.math("ABSOLUTE", s.math("SUBTRACT", s.math("FRACT", s.math("DIVIDE", y, 0.62)), 0.5))
    lozenge = s.math("ADD", a, b)
    rings = s.math("FRACT", s.math("MULTIPLY", lozenge, 3.5))
    step = s.math("GREATER_THAN", rings, 0.62)
    core = s.math("LESS_THAN", lozenge, 0.16)
    colour = s.mix(step, s.vary(base, s.noise(3, 3), 0.12), s.vary(second, s.noise(4, 3), 0.12))
    colour = s.mix(core, colour, third)
    pile = s.noise(130, 4, roughness=0.8)
    knots = s.waves(22, axis="Y", distortion=0.4)
    s.principled(
        colour=s.mix(s.span(pile, 0.3, 0.7, 0.28, 0.0), colour, "#150d0a"),
        roughness=1.0,
        specular=0.08,
        sheen=0.5,
        normal=s.bump(
            s.math("ADD", s.math("MULTIPLY", pile, 1.0), s.math("MULTIPLY", knots, 0.25)), 0.9, 0.014
        ),
    )
    seed = build.rng.randint(0, 999)
    lay_ground(build, s, lambda p, q: 0.012 * relief.layers(p * 1.1, q * 1.1, seed, count=2), cells=120)
