"""Feasts: gifts, baubles, candles, small lights, confetti, balloons, ribbons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, relief
from editor.engines.blender.kit.finishes import finish_material, piece_material
from editor.engines.blender.kit.lamps import point
from editor.engines.blender.kit.registry import backdrop, prop, stand
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece


def wrapped_box(
    build: Build, size: tuple[float, float, float], paper: Shader, band: Shader, at: Any, turn: float
) -> None:
    """A box in paper with a ribbon round it both ways, and a bow."""
    x, y, z = size
    meshes.block(build, size, paper, at=at, turn=(0, 0, turn), bevel=0.008)
    wide = 0.13 * min(x, y)
    for cross in ((wide, y + 0.006, z + 0.004), (x + 0.006, wide, z + 0.004)):
        meshes.block(build, cross, band, at=at, turn=(0, 0, turn), bevel=0.003)
    top = (at[0], at[1], at[2] + z + 0.002)
    for number in range(6):
        lean = 0.55 if number < 4 else 0.0
        _loop(
            build,
            0.21 * min(x, y),
            wide * 0.55,
            band,
            top,
            turn + number * math.pi / 2 + (0.4 if number > 3 else 0.1),
            lean,
        )


def _loop(
    build: Build, length: float, wide: float, shader: Shader, at: Any, turn: float, lean: float
) -> None:
    """One loop of a bow: a strip that goes out and comes back."""
    share = np.linspace(0, 1, 26)
    out = length * np.sin(np.pi * share) ** 0.8
    up = length * (0.42 * np.sin(2 * np.pi * share) + 0.4 + 0.5 * (1 - lean) * np.sin(np.pi * share))
    narrow = 0.45 + 0.55 * np.sin(np.pi * share)
    side = np.linspace(-1, 1, 5)
    points = np.stack(
        [
            np.broadcast_to(out[:, None], (26, 5)),
            side[None] * wide * narrow[:, None],
            np.broadcast_to((up - up[0])[:, None], (26, 5)),
        ],
        -1,
    )
    strip = meshes.lattice(build, points, shader, at=at, turn=(0, 0, turn))
    thick = strip.modifiers.new("thick", "SOLIDIFY")
    thick.thickness = 0.003


@prop("gifts")
def gifts(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or build.rng.randint(3, 4), 0.17, spread=0.4):
        wide = spot.size * 1.3
        high = wide * build.rng.uniform(0.5, 1.1)
        paper = piece_material(build, piece, spot.number, usual="paper")
        band = finish_material("gold" if build.rng.random() < 0.5 else "gloss", build.accent(spot.number + 2))
        wrapped_box(build, (wide, wide * build.rng.uniform(0.8, 1.0), high), paper, band, spot.at, spot.turn)


@stand("gift")
def gift(build: Build, piece: Piece) -> None:
    """A wrapped box to stand on: ribbons, but no bow under the product."""
    side = max(build.foot_width * 1.3 + 0.08, 0.5)
    depth = max(build.foot_depth * 1.3, 0.45)
    paper = piece_material(build, piece, role="stand", usual="paper")
    band = finish_material("gold", build.accent(0))
    at, turn = (build.foot_x, build.foot_depth / 2, 0.0), (0.0, 0.0, build.rng.uniform(-0.08, 0.08))
    top = build.foot_z
    meshes.block(build, (side, depth, top - 0.002), paper, at=at, turn=turn, bevel=0.01)
    meshes.block(build, (0.11 * side, depth + 0.006, top), band, at=at, turn=turn, bevel=0.004)
    build.take(build.foot_x, build.foot_depth / 2, side * 0.62)


def bauble(build: Build, radius: float, shader: Shader, at: Any) -> None:
    """A glass ball with its metal cap and eye."""
    meshes.ball(build, radius, shader, at=at)
    cap = finish_material("gold", "#e3b968")
    lean = (at[0] + 0.35 * radius, at[1] - 0.1 * radius, at[2] + 1.86 * radius)
    meshes.drum(build, 0.2 * radius, 0.2 * radius, cap, at=lean, turn=(0.15, 0.4, 0), bevel=0.003)
    eye = (lean[0] + 0.08 * radius, lean[1], lean[2] + 0.16 * radius)
    meshes.ring(build, 0.09 * radius, 0.02 * radius, cap, at=eye, segments=24)


@prop("baubles")
def baubles(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or build.rng.randint(4, 6), 0.085, spread=0.45, depth=(-0.25, 0.7)):
        usual = build.rng.choice(("gloss", "gold", "gloss", "silver"))
        bauble(build, spot.size, piece_material(build, piece, spot.number, usual=usual), spot.at)


@prop("candles")
def candles(build: Build, piece: Piece) -> None:
    """Pillar candles of several heights, alight."""
    for spot in build.spots(piece.count or 3, 0.075, spread=0.25):
        wax = Shader("wax")
        tint = piece.colour or "#f3e9d6"
        wax.principled(colour=tint, roughness=0.45, subsurface=0.4, subsurface_radius=0.04)
        high = build.rng.uniform(0.14, 0.42) * min(build.prop_scale, 1.6)
        r = spot.size
        outline = [
            (0.0, 0.0),
            (r, 0.0),
            (r, high),
            (0.82 * r, high),
            (0.7 * r, high - 0.02),
            (0.0, high - 0.025),
        ]
        meshes.lathe(build, meshes.round_corners(outline, 0.01), wax, at=spot.at)
        wick = Shader("wick")
        wick.principled(colour="#1b1613", roughness=1.0)
        x, y, _ = spot.at
        meshes.tube(
            build, [(0, 0, 0), (0.002, 0, 0.02), (0.006, 0, 0.035)], 0.003, wick, at=(x, y, high - 0.025)
        )
        flame = Shader("flame")
        height = flame.axes()[2]
        flame.glow(
            flame.ramp(flame.span(height, 0, 0.07), [(0, "#ff7a1f"), (0.45, "#ffd28a"), (1, "#ffb347")]), 14.0
        )
        shape = [(0.0, 0.0), (0.008, 0.012), (0.0105, 0.025), (0.006, 0.05), (0.0, 0.075)]
        body = meshes.lathe(build, shape, flame, at=(x + 0.005, y, high), segments=24)
        body.visible_shadow = False
        point(build, (x, y, high + 0.06), 0.9, "#ffb066", radius=0.03)


def bulb(build: Build, colour: str, strength: float) -> Shader:
    s = Shader("bulb")
    s.glow(colour, strength)
    return s


@prop("fairy-lights")
def fairy_lights(build: Build, piece: Piece) -> None:
    """A wire with small lights that lies in loops around and behind the product."""
    rng, seed = build.rng, build.rng.randint(0, 999)
    wire = Shader("wire")
    wire.principled(colour="#2b2a24" if build.plan.light not in ("high-key",) else "#b89a5a", roughness=0.5)
    glow = bulb(build, piece.colour or "#ffc469", 26.0)
    seen = build.view_at(0.5)
    share = np.linspace(0, 1, 240)
    x = seen.left - 0.1 + (seen.width + 0.2) * share
    if build.lies:
        edge = build.frame.size[1] / 2
        y = (edge + 0.12) * np.where(rng.random() < 0.5, 1, -1) + 0.1 * relief.noise(
            share * 6, share * 0, seed
        )
    else:
        y = build.foot_depth + 0.28 + 0.22 * relief.noise(share * 5, share * 0, seed)
    x = x + 0.16 * relief.noise(share * 9, share * 0 + 3, seed + 1)
    z = 0.008 + 0.012 * np.abs(relief.noise(share * 20, share * 0 + 5, seed + 2))
    meshes.tube(build, zip(x, y, z, strict=True), 0.0035, wire)
    for number, k in enumerate(range(3, 238, 7)):
        at = (float(x[k]), float(y[k]), float(z[k]) + 0.002)
        light = meshes.ball(build, 0.011, glow, at=at, segments=16, squash=1.3)
        light.visible_shadow = False
        if number % 5 == 2:
            point(build, (at[0], at[1], at[2] + 0.05), 0.35, piece.colour or "#ffbe68", radius=0.03)


@prop("confetti")
def confetti(build: Build, piece: Piece) -> None:
    """Snips of paper and foil that lie about, curled, and some that still fall."""
    colours = [piece.colour] if piece.colour else [build.accent(k) for k in range(3)]
    shaders = [finish_material("gloss", colour) for colour in colours] + [finish_material("gold", "#e3b968")]
    kinds = [_snip(kind) for kind in ("round", "strip", "square")]
    count = min(260, round((piece.count or 6) * 30 / max(build.prop_scale, 0.5)))
    for spot in build.strew(count, clear=0.0):
        kind = build.rng.randrange(3)
        shader = shaders[build.rng.randrange(len(shaders))]
        size = build.rng.uniform(0.7, 1.2) * build.prop_scale
        turn = (build.rng.uniform(-0.5, 0.5), build.rng.uniform(-0.5, 0.5), spot.turn)
        _drop(build, kinds[kind] * size, shader, (spot.x, spot.y, spot.z + 0.006), turn)
    if build.lies:
        return
    for _ in range(count // 4):
        y = build.rng.uniform(build.foot_depth + 0.2, build.far - 0.15)
        seen = build.view_at(y)
        at = (build.rng.uniform(seen.left, seen.right), y, build.rng.uniform(0.1, max(seen.top, 0.3)))
        if build.in_copy_space(at[0], seen):
            continue
        tumbled = tuple(build.rng.uniform(-3, 3) for _ in range(3))
        snip = kinds[build.rng.randrange(3)] * build.prop_scale
        _drop(build, snip, shaders[build.rng.randrange(len(shaders))], at, tumbled)


def _drop(build: Build, points: Any, shader: Shader, at: Any, turn: Any) -> None:
    meshes.lattice(build, points, shader, at=at, turn=turn)


def _snip(kind: str) -> Any:
    """Return the lattice of a curled snip of paper."""
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 7))
    if kind == "round":
        # A square's grid drawn into a disc.
        x, y = u * np.sqrt(1 - v**2 / 2), v * np.sqrt(1 - u**2 / 2)
        wide, long = 0.013, 0.013
    else:
        x, y = u, v
        wide, long = (0.006, 0.026) if kind == "strip" else (0.011, 0.011)
    return np.stack([x * wide, y * long, 0.35 * long * y**2 * (1 if kind == "strip" else 0.4)], -1)


@prop("balloons")
def balloons(build: Build, piece: Piece) -> None:
    """Balloons on ribbons, behind the product."""
    if build.lies:
        return
    shape = [(0.0, -0.055), (0.018, -0.052), (0.012, -0.04)]
    turns = np.linspace(-1.35, np.pi / 2, 40)
    for turn in turns:
        wide = math.cos(turn) * 0.2
        shape.append(
            (
                float(max(wide, 0.0)),
                float(0.2 + 0.235 * math.sin(turn) if turn > 0 else 0.2 + 0.24 * math.sin(turn)),
            )
        )
    shape[-1] = (0.0, shape[-1][1])
    for number in range(piece.count or 4):
        y = build.rng.uniform(build.foot_depth + 0.45, max(build.far - 0.3, build.foot_depth + 0.6))
        seen = build.view_at(y)
        side = -1 if number % 2 else 1
        edge = abs(seen.right if side > 0 else seen.left)
        x = side * build.rng.uniform(0.42 * edge, 0.95 * edge)
        if build.in_copy_space(x, seen):
            continue
        z = build.rng.uniform(0.35, 0.85) * seen.top
        latex = Shader("latex")
        latex.principled(
            colour=build.colour(piece, "prop") if piece.colour else build.accent(number),
            roughness=0.16,
            coat=0.5,
            subsurface=0.15,
        )
        lean = build.rng.uniform(-0.12, 0.12)
        meshes.lathe(build, shape, latex, at=(x, y, z), turn=(0, lean, 0))
        string = Shader("string")
        string.principled(colour="#efe6d6", roughness=0.7)
        share = np.linspace(0, 1, 40)
        sway = 0.03 * np.sin(share * 5 + number)
        meshes.tube(
            build,
            zip(x + sway - sway[0], 0 * share + y, (z - 0.05) * (1 - share), strict=True),
            0.0025,
            string,
        )


@prop("ribbon")
def ribbon(build: Build, piece: Piece) -> None:
    """A ribbon that runs in curls over the ground behind the product."""
    rng, seed = build.rng, build.rng.randint(0, 999)
    shader = piece_material(build, piece, 0, usual="gloss")
    seen = build.view_at(0.6)
    share = np.linspace(0, 1, 400)
    curls = rng.uniform(5, 7)
    x = seen.left - 0.2 + (seen.width + 0.4) * share + 0.1 * np.sin(2 * np.pi * curls * share)
    behind = build.frame.size[1] / 2 + 0.2 if build.lies else build.foot_depth + 0.42
    y = behind + 0.12 * np.cos(2 * np.pi * curls * share) + 0.15 * relief.noise(share * 3, share * 0, seed)
    low = 0.004 + 0.07 * (0.5 + 0.5 * np.sin(2 * np.pi * curls * share + 1.2))
    side = np.linspace(0, 1, 4)
    wide = 0.055
    points = np.stack(
        [
            np.broadcast_to(x[:, None], (400, 4)) + 0.02 * side[None],
            np.broadcast_to(y[:, None], (400, 4)),
            low[:, None] + wide * side[None],
        ],
        -1,
    )
    meshes.lattice(build, points, shader).modifiers.new("thick", "SOLIDIFY").thickness = 0.003


def _stand_up(
    build: Build, outline: list[tuple[float, float]], piece: Piece, spot: Spot, deep: float, usual: str
) -> None:
    """Stand a flat shape up, or lay it down where the product lies."""
    shader = piece_material(build, piece, spot.number, usual=usual)
    turn = (-math.pi / 2, 0.0, spot.turn) if build.lies else (0.0, 0.0, build.rng.uniform(-0.5, 0.5))
    at = (spot.x, spot.y, deep / 2) if build.lies else spot.at
    meshes.cutting(build, [outline], deep, shader, at=at, turn=turn, bevel=0.3 * deep)


@prop("hearts")
def hearts(build: Build, piece: Piece) -> None:
    """Hearts as of blown glass: their outline drawn in towards the middle, thickest there."""
    turns = np.linspace(0, 2 * np.pi, 97)
    x = np.sin(turns) ** 3
    z = (13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns)) / 16
    z -= z.min()
    # From the front's middle over the outline to the back's; there the surface turns round, not in an edge.
    over = np.linspace(0, np.pi, 41)[:, None]
    share, thick = np.sin(over) ** 0.8, np.cos(over)
    points = np.stack(
        np.broadcast_arrays(
            share * x, -0.34 * np.sign(thick) * np.abs(thick) ** 0.8, 0.95 + share * (z - 0.95)
        ),
        -1,
    )
    for spot in build.spots(piece.count or 3, 0.1, spread=0.4):
        shader = piece_material(build, piece, spot.number, usual="gloss")
        deep = 0.34 * spot.size
        turn = (-math.pi / 2, 0.0, spot.turn) if build.lies else (0.0, 0.0, build.rng.uniform(-0.5, 0.5))
        at = (spot.x, spot.y, deep) if build.lies else spot.at
        meshes.lattice(build, points * spot.size, shader, at=at, turn=turn)


@prop("stars")
def stars(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or 4, 0.08, spread=0.4):
        outline = []
        for k in range(10):
            reach = spot.size * (1.0 if k % 2 == 0 else 0.46)
            angle = math.pi / 2 + math.pi * k / 5
            outline.append((reach * math.cos(angle), reach * math.sin(angle) + 0.81 * spot.size))
        _stand_up(build, outline, piece, spot, 0.3 * spot.size, "gold")


@backdrop("bokeh")
def bokeh(build: Build, piece: Piece) -> None:
    """Lights far out of focus in the dark."""
    _lights(
        build, [piece.colour] if piece.colour else ["#ffb35c", "#ffd9a0", "#ff8f6b", "#ffe7c4", "#ffc27a"], 75
    )


@backdrop("fir-lights")
def fir_lights(build: Build, piece: Piece) -> None:
    """The dark green of a lit Christmas tree, out of focus."""
    _lights(build, ["#ffbf66", "#ffd18a", "#ffb04d", "#ffe2b0"], 90, behind="#0f2018", mottle="#1d3a27")


def _lights(
    build: Build, colours: list[str], count: int, *, behind: str = "#0d0b0c", mottle: str = "#1b1513"
) -> None:
    rng, y = build.rng, build.far + 2.5
    seen = build.view_at(y)
    s = Shader("dark")
    cloud = s.noise(0.9, 4)
    dim = s.glow(s.mix(s.span(cloud, 0.35, 0.7), behind, mottle))
    build.show(dim.inputs["Strength"], 1.0)
    size = 3.0 * max(seen.width, seen.height)
    points = np.array(
        [[[-size, y + 1.2, -size], [size, y + 1.2, -size]], [[-size, y + 1.2, size], [size, y + 1.2, size]]]
    )
    meshes.lattice(build, points, s)
    glows = [bulb(build, colour, 1.0) for colour in colours for _ in range(3)]
    for number, glow in enumerate(glows):
        glow.material.cycles.emission_sampling = "NONE"
        node = next(each for each in glow.tree.nodes if each.type == "EMISSION")
        build.show(node.inputs["Strength"], (0.5, 1.3, 3.2)[number % 3])
    # Out of focus each light is a disc; where the lens is stopped down they are made larger instead.
    radius = 0.02 + 0.06 * (1 - build.plan.blur)
    for _ in range(count):
        deep = y + rng.uniform(-1.0, 1.0)
        seen = build.view_at(deep)
        high = rng.triangular(-0.2, 1.1, 0.55) * seen.top
        at = (rng.uniform(seen.left, seen.right) * 1.1, deep, high)
        light = meshes.ball(build, radius * rng.uniform(0.5, 1.2), rng.choice(glows), at=at, segments=12)
        light.visible_shadow = light.visible_diffuse = False
