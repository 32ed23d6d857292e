"""Night and technology: metal, wet asphalt, glowing grids, neon tubes."""

from __future__ import annotations

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.lamps import area
from editor.engines.blender.kit.registry import backdrop, prop, surface
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

from .walls import plain_wall

PAIRS = (("#ff2fa8", "#25b8ff"), ("#a437ff", "#19e0d0"), ("#ff4d5e", "#4d6bff"), ("#ff8a2a", "#ff2f7d"))

GLARE, SEEN = 7.0, 1.5
"""How bright a tube is in mirrors and to the camera."""

CORE, CORE_ON_FILM = 0.5, 0.1
"""How white a tube's core is."""


def choose_pair(build: Build, piece: Piece) -> tuple[str, str]:
    """Return the two colours of tubes: those that were named, else a pair that looks well together."""
    pair = build.rng.choice(PAIRS)
    named = build.plan.hues or tuple(filter(None, [piece.colour]))
    return (named[0], named[1] if len(named) > 1 else named[0]) if named else pair


@surface("metal")
def metal(build: Build, piece: Piece) -> None:
    """Metal brushed in one direction: light is drawn out across the strokes."""
    s = Shader("brushed")
    strokes = s.noise(3, 8, roughness=0.75, place=s.stretch((0.5, 110, 1)))
    broad = s.noise(1.2, 4)
    base = build.colour(piece, "", "#b9bbbe")
    s.principled(
        colour=s.vary(base, s.mix(0.4, strokes, broad), 0.14),
        metallic=1.0,
        roughness=s.span(strokes, 0.2, 0.8, 0.24, 0.42),
        normal=s.bump(strokes, 0.12, 0.003),
    )
    lay_ground(build, s)


@surface("wet-floor")
def wet_floor(build: Build, piece: Piece) -> None:
    """Asphalt after rain: puddles that mirror, grit that does not."""
    s = Shader("asphalt")
    grit = s.noise(70, 8, roughness=0.75)
    stones = s.cells(85)
    pools = s.span(s.noise(1.5, 5, distortion=0.5), 0.4, 0.56)
    tone = s.vary(build.colour(piece, "", "#232428"), grit, 0.5)
    height = s.math(
        "MULTIPLY", s.math("ADD", grit, s.math("MULTIPLY", stones, 0.7)), s.math("SUBTRACT", 1.0, pools)
    )
    s.principled(
        colour=s.mix(s.math("MULTIPLY", pools, 0.6), tone, "#08080a"),
        roughness=s.span(pools, 0.0, 1.0, 0.36, 0.035),
        specular=0.8,
        normal=s.bump(height, 0.6, 0.006),
    )
    lay_ground(build, s)


@surface("grid")
def grid(build: Build, piece: Piece) -> None:
    """A dark, half-glossy floor with glowing lines."""
    s = Shader("grid")
    x, y, _ = s.axes()
    pitch = 0.25

    def lines(value: object, wide: float) -> object:
        cell = s.math("FRACT", s.math("ADD", s.math("DIVIDE", value, pitch), 0.5))
        return s.span(s.math("ABSOLUTE", s.math("SUBTRACT", cell, 0.5)), 0.0, wide, 1.0, 0.0)

    core = s.math("MAXIMUM", lines(x, 0.022), lines(y, 0.022))
    halo = s.math("MAXIMUM", lines(x, 0.16), lines(y, 0.16))
    glow = s.math("ADD", s.math("MULTIPLY", core, 3.0), s.math("MULTIPLY", halo, 0.12))
    colour = choose_pair(build, piece)[0 if build.plan.hues or piece.colour else 1]
    s.principled(colour="#07070c", roughness=0.16, specular=0.7, emission=colour, strength=glow)
    s.material.cycles.emission_sampling = "NONE"
    lay_ground(build, s)


def _tube(
    build: Build, points: np.ndarray, colour: str, *, radius: float = 0.014, closed: bool = False
) -> None:
    """A neon tube: a white-hot core in its colour, held a little off what is behind it."""
    s = Shader("tube")
    edge = s.node("LayerWeight", {"Blend": 0.5}).outputs["Facing"]
    mirrored = s.node("Emission", {"Color": colour, "Strength": GLARE})
    # Where colours were named they are shown as they are; elsewhere film pales what is bright already.
    core = CORE if build.plan.hues else CORE_ON_FILM
    lit = s.mix(s.span(edge, 0.05, 0.4, core, 0.0), colour, "#ffffff")
    seen = s.node("Emission", {"Color": lit})
    # A camera sees little more than white, or the tube's edges are stairs; what mirrors it sees all.
    build.show(seen.inputs["Strength"], SEEN)
    both = s.node("MixShader", {0: s.node("LightPath").outputs["Is Camera Ray"]})
    s.tree.links.new(mirrored.outputs[0], both.inputs[1])
    s.tree.links.new(seen.outputs[0], both.inputs[2])
    s.finish(both.outputs[0])
    meshes.tube(build, points.tolist(), radius, s, closed=closed)


@backdrop("neon")
def neon(build: Build, piece: Piece) -> None:
    """A dark wall with tubes of light: a ring round the product, an arch, or bars beside it."""
    s = Shader("dark wall")
    s.principled(
        colour=s.vary("#1b1a22", s.noise(3, 6), 0.3),
        roughness=s.span(s.noise(5, 5), 0.3, 0.7, 0.35, 0.6),
        normal=s.bump(s.noise(30, 6), 0.2, 0.006),
    )
    plain_wall(build, s)
    first, second = choose_pair(build, piece)
    y = build.far - 0.06
    nearer = (build.frame.distance + y) / build.frame.distance
    tall = (build.foot_z + build.frame.size[1]) * nearer
    turns = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    shape = build.rng.choice(("ring", "arch", "bars"))
    seen = build.view_at(y)
    if shape == "ring":
        radius = min(0.62 * max(build.frame.size) * nearer, 0.4 * seen.width)
        middle = max(0.56 * tall, radius * 0.75)
        if build.pose == "hang":
            middle = build.foot_z + build.frame.size[1] / 2
        _tube(
            build,
            np.stack([radius * np.cos(turns), 0 * turns + y, middle + radius * np.sin(turns)], 1),
            first,
            closed=True,
        )
        inner = radius * 0.9
        _tube(
            build,
            np.stack([inner * np.cos(turns), 0 * turns + y, middle + inner * np.sin(turns)], 1),
            second,
            closed=True,
            radius=0.007,
        )
    elif shape == "arch":
        half = min(0.6 * max(build.frame.size[0], 0.6) * nearer, 0.36 * seen.width)
        for inset, colour in ((0.0, first), (0.11, second)):
            wide = half - inset
            high = max(1.15 * tall - inset, wide + 0.1)
            upper = turns[:61]
            arc = np.stack([wide * np.cos(upper), 0 * upper + y, high - wide + wide * np.sin(upper)], 1)
            ends = np.array([[wide, y, 0.0]]), np.array([[-wide, y, 0.0]])
            _tube(build, np.concatenate([ends[0], arc, ends[1]]), colour)
    else:
        for side, colour in ((-1, first), (1, second)):
            for number in range(3):
                x = side * (0.42 * seen.width - 0.12 * number)
                low, high = 0.12 + 0.13 * number, seen.top * (0.86 - 0.1 * number)
                _tube(build, np.array([[x, y, low], [x, y, max(high, low + 0.2)]]), colour)
    # The tubes' light, without the noise of their small area.
    for side, colour in ((-1, first), (1, second)):
        at = (0.3 * side * seen.width, y - 0.15, 0.6 * tall)
        area(build, at, (0, y - 1.2, 0.2 * tall), (0.6, 1.2), 16, colour, mirrored=False)
        wash = (0.3 * side * seen.width, y - 0.3, 0.6 * tall)
        area(
            build,
            wash,
            (0.25 * side * seen.width, y + 0.1, 0.6 * tall),
            (0.8, 1.0),
            3.5,
            colour,
            mirrored=False,
        )


@prop("tubes")
def tubes(build: Build, piece: Piece) -> None:
    """Upright tubes of light behind the product, in step to both sides, lower the further out they are."""
    if build.lies:
        return
    pair = choose_pair(build, piece)
    count = piece.count or 6
    y = min(build.foot_depth + 0.55, build.far - 0.03)
    seen, half = build.view_at(y), build.frame.size[0] / 2
    nearer = (build.frame.distance + y) / build.frame.distance
    first = half * nearer + 0.12
    for number in range(count):
        side, rank = (-1 if number % 2 else 1), number // 2
        edge = seen.right if side > 0 else -seen.left
        step = min(0.24, max(0.1, (0.94 * edge - first) / max(1, (count - 1) // 2)))
        x = side * (first + step * rank)
        if build.in_copy_space(x, seen):
            continue
        colour = pair[(rank + (side > 0)) % 2] if build.plan.hues else pair[rank % 2]
        low = max(0.0, seen.bottom + 0.1)
        high = low + (0.86 - 0.13 * rank) * (seen.top - low)
        _tube(build, np.array([(x, y, low), (x, y, high)]), colour, radius=0.012)
        middle = (low + high) / 2
        area(build, (x, y - 0.05, middle), (0, 0, 0.3), 0.3, 4.0, colour, mirrored=False)
        area(build, (x, y - 0.2, middle), (x, build.far, middle), (0.3, 1.0), 5.0, colour, mirrored=False)
        build.take(x, y, 0.06)
