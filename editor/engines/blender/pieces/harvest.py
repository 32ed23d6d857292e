"""Eggs, pumpkins, mushrooms."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import meshes, relief
from editor.engines.blender.kit.growth import Sprig, Tone, leafy, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece


@prop("eggs")
def eggs(build: Build, piece: Piece) -> None:
    """Eggs in soft colours, speckled."""
    rng = build.rng
    turns = np.linspace(-np.pi / 2, np.pi / 2, 33)
    for spot in build.spots(piece.count or rng.randint(3, 5), 0.09, spread=0.12, depth=(-0.3, 0.6)):
        colour = piece.colour or rng.choice(
            (build.accent(spot.number), "#f3e6d3", "#cfe0dd", "#f2d3cf", "#e9dcb9")
        )
        s = Shader("egg")
        random = rng.uniform(0, 30)
        specks = s.span(
            s.noise(26, 4, roughness=0.7, place=s.stretch(move=(random, 0, 0))), 0.64, 0.68, 0.0, 0.75
        )
        s.principled(
            colour=s.mix(specks, colour, "#7a604a"),
            roughness=0.45,
            normal=s.bump(s.noise(90, 3), 0.08, 0.003),
            subsurface=0.1,
            subsurface_radius=0.02,
        )
        r = spot.size * 0.78
        profile = [
            (float(r * math.cos(t) * (1 - 0.13 * math.sin(t))), float(1.32 * r * math.sin(t))) for t in turns
        ]
        profile[0], profile[-1] = (0.0, profile[0][1]), (0.0, profile[-1][1])
        # Eggs lie on their sides.
        meshes.lathe(
            build, profile, s, at=(spot.x, spot.y, 0.985 * r), turn=(0, math.pi / 2 - 0.06, spot.turn)
        )


@prop("pumpkins")
def pumpkins(build: Build, piece: Piece) -> None:
    """Pumpkins of several sizes, ribbed, their stalks dry."""
    rng = build.rng
    for spot in build.spots(
        piece.count or rng.randint(2, 4), 0.2, spread=0.45, behind=True, depth=(-0.1, 0.9)
    ):
        colour = piece.colour or rng.choice(("#d9772b", "#e08a3c", "#e9d9bd", "#8fa08c", "#c9612a"))
        s = Shader("pumpkin")
        streaks = s.noise(9, 5, roughness=0.6, place=s.stretch((1, 1, 0.35)))
        s.principled(
            colour=s.vary(colour, streaks, 0.2),
            roughness=0.42,
            normal=s.bump(s.noise(30, 5), 0.15, 0.006),
            subsurface=0.08,
            subsurface_radius=0.04,
        )
        ribs, squash = rng.randint(9, 12), rng.uniform(0.62, 0.85)
        polar, around = np.meshgrid(
            np.linspace(-np.pi / 2, np.pi / 2, 60), np.linspace(0, 2 * np.pi, 240), indexing="ij"
        )
        groove = np.abs(np.cos(around * ribs / 2)) ** 0.55
        reach = spot.size * np.cos(polar) ** 0.8 * (0.86 + 0.14 * groove)
        dent = 1 - 0.34 * np.exp(-((np.cos(polar) / 0.38) ** 2))
        z = spot.size * squash * np.sin(polar) * dent
        z -= z.min()
        meshes.lattice(
            build,
            np.stack([reach * np.cos(around), reach * np.sin(around), z], -1),
            s,
            at=(spot.x, spot.y, -0.004),
            turn=(0, 0, spot.turn),
        )
        stalk = Shader("stalk")
        stalk.principled(colour=stalk.vary("#7d7048", stalk.noise(30, 4), 0.4), roughness=0.9)
        top = 2 * spot.size * squash * 0.66
        bend = rng.uniform(-0.12, 0.12)
        path = [
            (bend * spot.size * t * t * 3, 0.05 * spot.size * t, top * 0.97 + 0.42 * spot.size * t)
            for t in np.linspace(0, 1, 8)
        ]
        meshes.tube(
            build,
            path,
            0.07 * spot.size,
            stalk,
            at=spot.at,
            turn=(0, 0, spot.turn),
            taper=[1.9, 1.3, 1, 0.9, 0.85, 0.85, 0.95, 1.1],
        )


@prop("mushrooms")
def mushrooms(build: Build, piece: Piece) -> None:
    """Mushrooms in small groups, caps tilted, gills below."""
    rng = build.rng
    shader = leafy("mushrooms", gloss=0.4, hue=0.01, value=0.12)
    for spot in build.spots(piece.count or rng.randint(3, 5), 0.1, spread=0.4, depth=(-0.25, 0.7)):
        cap: Tone = (
            (piece.colour, piece.colour, 0.0)
            if piece.colour
            else rng.choice(
                (("#8a5a34", "#a9743f", 0.0), ("#b58a5c", "#d0a878", 0.0), ("#9c2a1c", "#c23a26", 0.0))
            )
        )
        for number in range(rng.randint(1, 3)):
            scale = spot.size * rng.uniform(0.75, 1.15) / (1 + 0.5 * number)
            angle = rng.uniform(0, 6.3)
            away = 0.0 if number == 0 else spot.size * 0.75
            at = (spot.x + away * math.cos(angle), spot.y + away * math.sin(angle), -0.005)
            meshes.place(
                build,
                _mushroom(build, scale, cap).data("mushroom", shader),
                at=at,
                turn=(rng.uniform(-0.16, 0.16), rng.uniform(-0.16, 0.16), rng.uniform(0, 6.3)),
            )


def _mushroom(build: Build, size: float, cap: Tone) -> Sprig:
    sprig = Sprig()
    tall = 1.7 * size
    share = np.linspace(0, 1, 9)
    path = np.stack([0.12 * size * np.sin(share * 2.2), np.zeros(9), tall * share], -1)
    sprig.stem(path, size * (0.2 + 0.12 * (1 - share) ** 2), ("#e9dcc2", "#f3ead6", 0.0), sides=20)
    around = np.linspace(0, 2 * np.pi, 64)
    seed = build.rng.randint(0, 999)
    wavy = 1 + 0.05 * relief.layers(np.cos(around), np.sin(around), seed, count=2)
    rows = np.linspace(0, 1, 18)[:, None]
    angle = rows * np.pi / 2
    reach = size * 0.86 * np.sin(angle) * wavy
    top = np.stack(
        [
            path[-1, 0] + reach * np.cos(around),
            reach * np.sin(around),
            tall + 0.56 * size * np.cos(angle) - 0.12 * size + 0 * around,
        ],
        -1,
    )
    tones = np.empty((*top.shape[:-1], 4))
    tones[:] = solid(cap[0]) + (solid(cap[1]) - solid(cap[0])) * np.cos(angle)[..., None]
    if cap[0] == "#9c2a1c":
        dots = (
            relief.noise(reach * np.cos(around) / size * 5.5, reach * np.sin(around) / size * 5.5, seed + 3)
            > 0.42
        )
        tones[dots] = solid("#f6efe2")
    sprig.lattice(top, tones)
    gills = np.stack(
        [
            top[-1],
            top[-1] * [0.5, 0.5, 1] + [0.5 * path[-1, 0], 0, 0.14 * size],
            top[-1] * [0.1, 0.1, 1] + [0.9 * path[-1, 0], 0, 0.1 * size],
        ],
        0,
    )
    shade = 0.75 + 0.25 * np.cos(around * 40)
    sprig.lattice(gills, np.concatenate([solid("#d9c6a4")[:3] * shade[:, None], np.zeros((64, 1))], 1)[None])
    return sprig


@prop("cheese")
def cheese(build: Build, piece: Piece) -> None:
    """A wedge of cheese with its rind and its holes, and cubes cut from one."""
    rng = build.rng
    body = _cheese(piece.colour or "#efc65a")
    rind = Shader("rind")
    rind.principled(colour=rind.vary("#c98a35", rind.noise(8, 4), 0.15), roughness=0.5)
    for number, spot in enumerate(build.spots(piece.count or 3, 0.17, spread=0.1, behind=True)):
        r = spot.size
        if number % 3:
            for size, away, lift in ((0.5, -0.35, 0.0), (0.45, 0.3, 0.0), (0.42, -0.02, 0.47)):
                turn = spot.turn + rng.uniform(-0.5, 0.5)
                at = (spot.x + away * r, spot.y + rng.uniform(-0.1, 0.1) * r, lift * r)
                meshes.block(build, (size * r,) * 3, body, at=at, turn=(0, 0, turn), bevel=0.02 * r)
            continue
        # A slice of a wheel: its point forward, the rind behind.
        turns = np.linspace(-0.42, 0.42, 9)
        wheel = 1.9 * r
        back = [(wheel * math.sin(t), wheel * math.cos(t)) for t in turns]
        thick = 0.75 * r
        heading = rng.uniform(0.5, 0.9) * (1 if spot.x > 0 else -1)
        c, s = math.cos(heading), math.sin(heading)
        middle = (spot.x + 0.95 * r * s, spot.y - 0.95 * r * c, thick / 2)
        wedge = meshes.cutting(build, [[(0.0, 0.0), *reversed(back)]], thick, body, bevel=0.02 * r)
        wedge.location, wedge.rotation_euler = middle, (0, 0, heading)
        edge = [*back, *((1.03 * x, 1.03 * y) for x, y in reversed(back))]
        skin = meshes.cutting(build, [edge], 1.01 * thick, rind, bevel=0.006 * r)
        skin.location, skin.rotation_euler = middle, (0, 0, heading)


def _cheese(colour: str) -> Shader:
    """Return cheese: light goes a little into it, and there are round holes of several sizes."""
    s = Shader("cheese")
    large, small = (s.cells(scale, place=s.wander(0.02, 3)) for scale in (7.0, 15.0))
    holes = s.math("MAXIMUM", s.span(large, 0.2, 0.27, 1.0, 0.0), s.span(small, 0.14, 0.2, 1.0, 0.0))
    some = s.math("MULTIPLY", holes, s.span(s.noise(3, 2), 0.4, 0.52))
    shade = s.vary(colour, s.noise(4, 4), 0.06)
    s.principled(
        colour=s.mix(some, shade, "#b8862f"),
        roughness=0.45,
        subsurface=0.25,
        subsurface_radius=0.04,
        normal=s.bump(s.math("SUBTRACT", 1.0, some), 0.7, 0.03),
    )
    return s
