"""Fruit and vegetables in bunches or to a point: cherries, grapes, bananas, chillies, strawberries."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Sprig, Tone, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

GREEN: Tone = ("#3f6a2c", "#7a9c46", 0.2)


def _ripe(colour: str, *, gloss: float = 0.12, name: str = "ripe") -> Shader:
    s = Shader(name)
    s.principled(
        colour=s.vary(colour, s.noise(7, 3), 0.12),
        roughness=gloss,
        normal=s.bump(s.noise(40, 3), 0.04, 0.004),
        subsurface=0.15,
        subsurface_radius=0.03,
    )
    return s


@prop("cherries")
def cherries(build: Build, piece: Piece) -> None:
    """Cherries in pairs, their stalks joined at a leaf."""
    rng, flesh = build.rng, _ripe(piece.colour or "#8d0f1e")
    green = leafy("stalks", gloss=0.4, hue=0.01, value=0.1)
    for spot in build.spots(
        piece.count or rng.randint(5, 7), 0.11, spread=0.1, behind=True, depth=(-0.35, 0.6)
    ):
        r = 0.44 * spot.size
        turn = spot.turn
        join = np.array([0.0, 0.0, 3.6 * r])
        sprig = Sprig()
        for side in (-1, 1):
            x, y = 1.05 * r * side * math.cos(turn), 1.05 * r * side * math.sin(turn)
            meshes.ball(build, r, flesh, at=(spot.x + x, spot.y + y, 0), squash=0.94)
            top, share = np.array([x, y, 1.8 * r]), np.linspace(0, 1, 9)[:, None]
            path = top + (join - top) * share + np.array([0, 0, 0.5 * r]) * np.sin(np.pi * share)
            sprig.stem(path, 0.05 * r, GREEN)
        sprig.leaf(join, turn + 1.3, 2.2 * r, 1.0 * r, GREEN, rise=0.3, droop=1.1, steps=9)
        meshes.place(build, sprig.data("stalks", green), at=spot.at)


@prop("grapes")
def grapes(build: Build, piece: Piece) -> None:
    """Bunches of grapes that lie, a leaf on each."""
    rng = build.rng
    colour = piece.colour or rng.choice(("#5a2147", "#9fb04a", "#43203f"))
    flesh = _ripe(colour, gloss=0.24)
    green = leafy("vine", gloss=0.45, hue=0.01, value=0.1)
    for spot in build.spots(
        piece.count or rng.randint(2, 3), 0.26, spread=0.1, behind=True, depth=(-0.1, 0.7)
    ):
        length, r = 1.9 * spot.size, 0.15 * spot.size
        c, s = math.cos(0.5 * math.sin(spot.turn)), math.sin(0.5 * math.sin(spot.turn))
        placed: list[tuple[float, float, float]] = []
        for _ in range(900):
            along = rng.random() ** 0.8
            wide = 0.52 * spot.size * (1 - along) ** 0.6 + 0.4 * r
            turn, away = rng.uniform(0, 6.3), wide * math.sqrt(rng.random())
            z = r + max(0.0, wide * 0.75 + away * math.sin(turn) * 0.75)
            x, y = (along - 0.5) * length, away * math.cos(turn)
            at = (spot.x + c * x - s * y, spot.y + s * x + c * y, z)
            if all(math.dist(at, other) > 1.55 * r for other in placed):
                placed.append(at)
        for x, y, z in placed:
            meshes.ball(build, r, flesh, at=(x, y, z - r), squash=1.08, segments=24)
        sprig = Sprig()
        stalk = np.stack(
            [np.linspace(-0.62, -0.4, 6) * length, np.zeros(6), np.linspace(0.75, 0.5, 6) * spot.size], -1
        )
        sprig.stem(stalk, 0.05 * spot.size, ("#6a5a34", "#7d7a44", 0.0))
        for heading in (0.6, -0.5, 2.4):
            sprig.leaf(
                stalk[2],
                heading,
                0.75 * spot.size,
                0.65 * spot.size,
                GREEN,
                rise=0.3,
                droop=0.8,
                form=1.2,
                steps=9,
            )
        meshes.place(build, sprig.data("vine", green), at=spot.at, turn=(0, 0, math.asin(s)))


@prop("bananas")
def bananas(build: Build, piece: Piece) -> None:
    """Bananas, three to a hand."""
    rng = build.rng
    s = Shader("banana")
    spots_of_age = s.span(s.noise(14, 4), 0.66, 0.72, 0.0, 0.5)
    x = s.axes()[0]
    s.principled(
        colour=s.mix(spots_of_age, s.vary(piece.colour or "#f0c53a", s.noise(3, 3), 0.1), "#6d4a22"),
        roughness=0.42,
        coat=s.span(x, 0, 1, 0.1, 0.1),
    )
    dark = _ripe("#4a3a1e", gloss=0.7)
    for spot in build.spots(
        piece.count or rng.randint(1, 2), 0.34, spread=0.08, behind=True, depth=(0.0, 0.75)
    ):
        turn = 0.5 * math.sin(spot.turn)
        for number in range(3):
            bow = np.linspace(-1.05, 1.05, 26)
            reach = spot.size * (1.0 + 0.03 * number)
            lean = 0.36 + 0.3 * number
            flat = np.stack([reach * np.sin(bow), reach * (np.cos(bow) - 0.52), 0 * bow], -1)
            lift = np.stack(
                [
                    flat[:, 0],
                    -flat[:, 1] * math.cos(lean) * 0.5 + 0.16 * spot.size * number,
                    0.19 * spot.size + np.maximum(flat[:, 1], -0.02) * math.sin(lean) + 0.03 * number,
                ],
                -1,
            )
            taper = np.interp(
                bow, [-1.05, -0.93, -0.8, -0.3, 0.4, 0.88, 1.05], [0.3, 0.34, 0.8, 1, 1, 0.7, 0.22]
            )
            meshes.tube(build, lift, 0.17 * spot.size, s, at=spot.at, turn=(0, 0, turn), taper=list(taper))
            for end in (0, -1):
                at = np.array(
                    [
                        lift[end][0] * math.cos(turn) - lift[end][1] * math.sin(turn),
                        lift[end][0] * math.sin(turn) + lift[end][1] * math.cos(turn),
                        lift[end][2],
                    ]
                )
                tip = np.array(spot.at) + at
                meshes.ball(
                    build, 0.05 * spot.size, dark, at=(tip[0], tip[1], tip[2] - 0.05 * spot.size), segments=20
                )


@prop("chillies")
def chillies(build: Build, piece: Piece) -> None:
    """Red chillies, bent, their stalks green."""
    rng = build.rng
    skin, green = _ripe(piece.colour or "#b8140f", gloss=0.1), _ripe("#56702c", gloss=0.5)
    for spot in build.spots(piece.count or rng.randint(5, 7), 0.15, spread=0.1, depth=(-0.35, 0.6)):
        share = np.linspace(0, 1, 20)
        bend = rng.uniform(0.25, 0.6) * rng.choice((-1, 1))
        r = 0.13 * spot.size
        path = np.stack(
            [(share - 0.5) * 1.9 * spot.size, bend * spot.size * share**2, 0.9 * r + 0 * share], -1
        )
        taper = np.interp(share, [0, 0.06, 0.2, 0.7, 1], [0.55, 0.95, 1.0, 0.55, 0.06])
        meshes.tube(build, path, r, skin, at=spot.at, turn=(0, 0, spot.turn), taper=list(taper))
        stalk = np.stack(
            [
                np.linspace(-0.94, -1.3, 7) * spot.size,
                0.06 * spot.size * np.linspace(0, 1, 7) ** 2,
                0.9 * r + 0.5 * r * np.linspace(0, 1, 7),
            ],
            -1,
        )
        meshes.tube(
            build,
            stalk,
            0.5 * r,
            green,
            at=spot.at,
            turn=(0, 0, spot.turn),
            taper=[1.5, 0.9, 0.6, 0.55, 0.5, 0.5, 0.6],
        )


@prop("carrots")
def carrots(build: Build, piece: Piece) -> None:
    """Carrots with their green."""
    rng = build.rng
    s = Shader("carrot")
    rings = s.noise(8, 4, place=s.stretch((5, 0.5, 0.5)))
    s.principled(
        colour=s.vary(piece.colour or "#e0711f", rings, 0.2), roughness=0.5, normal=s.bump(rings, 0.3, 0.008)
    )
    green = leafy("carrot green", gloss=0.5, hue=0.01, value=0.15)
    for spot in build.spots(
        piece.count or rng.randint(3, 4), 0.25, spread=0.1, behind=True, depth=(-0.2, 0.7)
    ):
        share, r = np.linspace(0, 1, 18), 0.2 * spot.size
        path = np.stack(
            [(share - 0.6) * 1.6 * spot.size, 0.05 * spot.size * share**2, r * (0.9 - 0.5 * share)], -1
        )
        taper = np.interp(share, [0, 0.05, 0.2, 0.8, 1], [0.6, 0.95, 1, 0.42, 0.05])
        turn = (0, 0, 0.6 * math.sin(spot.turn) + (math.pi if spot.x > 0 else 0))
        meshes.tube(build, path, r, s, at=spot.at, turn=turn, taper=list(taper))
        sprig = Sprig()
        for _ in range(9):
            heading = math.pi + rng.uniform(-0.4, 0.4)
            sprig.leaf(
                (-0.94 * spot.size, 0, 0.9 * r),
                heading,
                rng.uniform(0.6, 1.0) * spot.size,
                0.16 * spot.size,
                GREEN,
                rise=rng.uniform(0.2, 0.7),
                droop=0.9,
                steps=9,
                form=0.6,
            )
        meshes.place(build, sprig.data("green", green), at=spot.at, turn=turn)


@prop("strawberries")
def strawberries(build: Build, piece: Piece) -> None:
    """Strawberries with their pips and green collars."""
    rng = build.rng
    s = Shader("strawberry")
    s.principled(
        colour=s.vary(piece.colour or "#c4161f", s.noise(6, 3), 0.16),
        roughness=0.2,
        normal=s.bump(s.noise(30, 3), 0.1, 0.006),
        subsurface=0.15,
        subsurface_radius=0.03,
    )
    green = leafy("collar", gloss=0.45, hue=0.01, value=0.1)
    for spot in build.spots(
        piece.count or rng.randint(5, 7), 0.12, spread=0.15, behind=True, depth=(-0.35, 0.6)
    ):
        r, tall = 0.72 * spot.size, 1.75 * spot.size
        share = np.linspace(0, 1, 26)
        wide = r * np.interp(share, [0, 0.06, 0.25, 0.6, 0.82, 0.95, 1], [0, 0.22, 0.62, 0.98, 0.98, 0.6, 0])
        outline = meshes.round_corners(
            [(float(w), float(z)) for w, z in zip(wide, tall * share, strict=True)], 0.03
        )
        pips = Sprig()
        for row in range(1, 9):
            at = 0.08 + 0.1 * row
            reach = float(np.interp(at, share, wide))
            for number in range(max(3, round(11 * reach / r))):
                turn = 2 * math.pi * (number + 0.5 * (row % 2)) / max(3, round(11 * reach / r))
                pips.round(
                    (reach * math.cos(turn), reach * math.sin(turn), at * tall),
                    0.045 * r,
                    ("#e7c25a", "#f0d587", 0.0),
                    sides=6,
                )
        for number in range(8):
            pips.leaf(
                (0, 0, 0.985 * tall),
                number * 0.785 + 0.2,
                0.75 * r,
                0.3 * r,
                GREEN,
                rise=0.2,
                droop=0.9,
                steps=6,
            )
        stalk = np.stack(
            [0.1 * r * np.linspace(0, 1, 5) ** 2, np.zeros(5), tall + 0.4 * r * np.linspace(0, 1, 5)], -1
        )
        pips.stem(stalk, 0.06 * r, GREEN)
        # Most lie on their sides, some stand on their collars.
        tip = math.pi if spot.number % 3 == 0 and not build.lies else math.pi / 2 + 0.3
        rests = (spot.x, spot.y, tall * 0.98 if tip > 3 else 0.78 * r)
        way = (tip, 0.0, spot.turn)
        meshes.lathe(build, outline, s, at=rests, turn=way, segments=48)
        meshes.place(build, pips.data("pips", green), at=rests, turn=way)


@prop("pineapple")
def pineapple(build: Build, piece: Piece) -> None:
    """A pineapple: eyes in spirals, a crown of stiff leaves."""
    rng = build.rng
    s = Shader("pineapple")
    eyes = s.noise(22, 3)
    s.principled(colour=s.vary(piece.colour or "#b07a2a", eyes, 0.4), roughness=0.55)
    crown = leafy("crown", gloss=0.45, hue=0.01, value=0.15)
    for spot in build.spots(piece.count or 1, 0.3, spread=0.05, behind=True, depth=(0.15, 0.8)):
        r, tall = 0.62 * spot.size, 1.9 * spot.size
        polar, around = np.meshgrid(np.linspace(0, np.pi, 90), np.linspace(0, 2 * np.pi, 200), indexing="ij")
        up = 0.5 * (1 - np.cos(polar))
        lattice = np.abs(np.sin(13 * (up * 1.4 + around / (2 * np.pi) * 0.62 * 1.0) * np.pi / 1.0)) * np.abs(
            np.sin(13 * (up * 1.4 - around / (2 * np.pi) * 0.62) * np.pi)
        )
        reach = r * np.sin(polar) ** 0.55 * (0.9 + 0.13 * lattice**0.6)
        points = np.stack([reach * np.cos(around), reach * np.sin(around), tall * up], -1)
        meshes.lattice(build, points, s, at=(spot.x, spot.y, -0.01))
        sprig, leaf = Sprig(), ("#4f6f4a", "#8aa57a", 0.1)
        for ring in range(7):
            for number in range(7):
                heading = number * 0.9 + ring * 0.5 + rng.uniform(-0.15, 0.15)
                sprig.leaf(
                    (0, 0, tall * 0.97 + 0.05 * r * ring),
                    heading,
                    (0.55 + 0.17 * ring) * r,
                    0.24 * r,
                    leaf,
                    rise=0.5 + 0.15 * ring,
                    droop=0.7 - 0.08 * ring,
                    fold=0.4,
                    steps=8,
                    form=1.5,
                )
        meshes.place(build, sprig.data("crown", crown), at=(spot.x, spot.y, -0.01))
