"""Cut flowers that are known by name: roses, sunflowers, daisies, cotton; the heads of tulips."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Sprig, Tone, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

STEM: Tone = ("#3f5f2e", "#6b8f45", 0.2)
LEAF: Tone = ("#2f5230", "#5f8550", 0.25)
Head = Callable[[Build, float, str], Sprig]


def rose_head(build: Build, radius: float, colour: str) -> Sprig:
    """Return a rose: petals wound tightly about its middle, the outer ones bent back."""
    sprig, rng = Sprig(), build.rng
    inner = deepen(colour, 0.72)
    count = 26
    for number in range(count):
        share = number / (count - 1)
        turn = number * 2.399963 + rng.uniform(-0.1, 0.1)
        away = radius * 0.52 * share
        length = radius * (0.55 + 0.42 * share)
        root = (0.5 * away * math.cos(turn), 0.5 * away * math.sin(turn), radius * (0.3 - 0.22 * share))
        sprig.leaf(
            root,
            turn,
            length,
            length * (1.05 + 0.2 * share),
            (inner, colour, 0.3),
            rise=1.5 - 0.62 * share,
            droop=-0.75 + 1.75 * share**1.6,
            fold=0.5 - 0.2 * share,
            steps=10,
            form=0.62,
            blunt=0.4,
        )
    for number in range(5):
        sprig.leaf(
            (0, 0, 0.05 * radius),
            number * 1.257,
            0.7 * radius,
            0.22 * radius,
            LEAF,
            rise=0.1,
            droop=0.5,
            steps=6,
        )
    return sprig


def tulip_head(build: Build, radius: float, colour: str) -> Sprig:
    """Return a tulip: six petals that close into a cup."""
    sprig = Sprig()
    for number in range(6):
        turn = number * math.pi / 3
        inner = number % 2
        sprig.leaf(
            (0.1 * radius * math.cos(turn), 0.1 * radius * math.sin(turn), 0),
            turn,
            (1.75 - 0.1 * inner) * radius,
            1.25 * radius,
            (deepen(colour, 0.8), colour, 0.35),
            rise=0.62,
            droop=-1.35,
            fold=0.55,
            steps=12,
            form=0.75,
            blunt=0.62,
        )
    return sprig


def daisy_head(build: Build, radius: float, colour: str) -> Sprig:
    """Return a daisy: many narrow petals around a yellow button."""
    sprig, rng = Sprig(), build.rng
    count = 21
    turn = np.arange(count) * 2 * math.pi / count + np.array([rng.uniform(-0.05, 0.05) for _ in range(count)])
    root = np.stack(
        [0.2 * radius * np.cos(turn), 0.2 * radius * np.sin(turn), np.full(count, 0.05 * radius)], -1
    )
    sprig.leaf(
        root,
        turn,
        0.82 * radius,
        0.24 * radius,
        (colour, colour, 0.35),
        rise=0.22,
        droop=0.35,
        fold=0.15,
        steps=8,
        form=0.7,
        blunt=0.6,
    )
    sprig.round((0, 0, 0.06 * radius), 0.27 * radius, ("#c98a12", "#f0be2e", 0.0), squash=0.5, sides=22)
    return sprig


def sunflower_head(build: Build, radius: float, colour: str) -> Sprig:
    """Return a sunflower: two rows of pointed petals, a broad dark disc of seeds."""
    sprig, rng = Sprig(), build.rng
    for row, count in enumerate((24, 20)):
        turn = np.arange(count) * 2 * math.pi / count + row * 0.13
        root = np.stack(
            [
                0.42 * radius * np.cos(turn),
                0.42 * radius * np.sin(turn),
                np.full(count, (0.02 + 0.04 * row) * radius),
            ],
            -1,
        )
        length = radius * np.array([rng.uniform(0.5, 0.64) for _ in range(count)])
        sprig.leaf(
            root,
            turn,
            length,
            0.2 * radius,
            (deepen(colour, 0.82), colour, 0.4),
            rise=0.18 + 0.25 * row,
            droop=0.4,
            fold=0.3,
            steps=9,
            form=0.95,
        )
    sprig.round((0, 0, 0.0), 0.47 * radius, ("#3a2413", "#4a2f18", 0.0), squash=0.2, sides=36)
    for number in range(150):
        at, away = number * 2.399963, 0.455 * radius * math.sqrt((number + 0.5) / 150)
        ripe = "#8a5a1e" if away > 0.3 * radius else "#2e1c10"
        z = 0.094 * radius * math.sqrt(max(0.0, 1 - (away / (0.47 * radius)) ** 2)) + 0.01 * radius
        sprig.round(
            (away * math.cos(at), away * math.sin(at), z), 0.026 * radius, (ripe, "#5d3c1a", 0.0), sides=6
        )
    return sprig


def deepen(colour: str, share: float) -> str:
    """Return a colour, #rrggbb, darkened to a share."""
    return "#" + "".join(f"{round(int(colour[at : at + 2], 16) * share):02x}" for at in (1, 3, 5))


def _lay_cut(
    build: Build,
    piece: Piece,
    head: Head,
    colours: tuple[str, ...],
    size: float,
    *,
    stalk: float,
    many: tuple[int, int],
) -> None:
    """Lay cut flowers about: heads turned up and to the camera, a stalk with two leaves behind each."""
    rng, shader = build.rng, leafy("blossoms", gloss=0.5, hue=0.006, value=0.06)
    for spot in build.spots(
        piece.count or rng.randint(*many), size, spread=0.15, behind=True, depth=(-0.25, 0.7)
    ):
        radius = 0.92 * spot.size
        sprig = head(build, radius, piece.colour or rng.choice(colours))
        tip = 0.0 if build.lies else rng.uniform(0.75, 1.15)
        turn = (tip, 0.0, 0.5 * math.sin(spot.turn))
        meshes.place(
            build,
            sprig.data("head", shader),
            at=(spot.x, spot.y, 0.62 * radius * math.sin(tip) + 0.02),
            turn=turn,
        )
        if stalk:
            _lay_stalk(build, spot, radius, stalk)


def _lay_stalk(build: Build, spot: Spot, radius: float, stalk: float) -> None:
    sprig = Sprig()
    away = (0.5 if spot.x > 0 else math.pi - 0.5) + 0.4 * math.sin(spot.turn)
    share = np.linspace(0, 1, 8)
    path = np.stack(
        [
            stalk * radius * share * math.cos(away),
            stalk * radius * share * math.sin(away),
            0.4 * radius * (1 - share) ** 2 + 0.02,
        ],
        -1,
    )
    sprig.stem(path, 0.05 * radius, STEM)
    for at, side in ((3, 0.7), (5, -0.7)):
        sprig.leaf(path[at], away + side, 0.9 * radius, 0.42 * radius, LEAF, rise=0.3, droop=0.5, steps=9)
    meshes.place(build, sprig.data("stalk", leafy("stalk", gloss=0.5, hue=0.01, value=0.1)), at=spot.at)


@prop("roses")
def roses(build: Build, piece: Piece) -> None:
    """Cut roses."""
    _lay_cut(build, piece, rose_head, ("#b3152b", "#c2314f"), 0.15, stalk=3.0, many=(4, 6))


@prop("daisies")
def daisies(build: Build, piece: Piece) -> None:
    """Daisies that lie about."""
    _lay_cut(build, piece, daisy_head, ("#fbf9f3",), 0.11, stalk=3.4, many=(6, 8))


@prop("sunflowers")
def sunflowers(build: Build, piece: Piece) -> None:
    """Sunflowers, their heads turned to the camera."""
    _lay_cut(build, piece, sunflower_head, ("#f2b51d",), 0.26, stalk=2.2, many=(2, 4))


@prop("cotton")
def cotton(build: Build, piece: Piece) -> None:
    """Bolls of cotton: four tufts that burst from a dry brown star."""
    rng, shader = build.rng, leafy("cotton", gloss=0.95, hue=0.0, value=0.03)
    for spot in build.spots(
        piece.count or rng.randint(4, 6), 0.14, spread=0.12, behind=True, depth=(-0.3, 0.65)
    ):
        sprig, r = Sprig(), 0.8 * spot.size
        for number in range(5):
            turn = number * 2 * math.pi / 5
            sprig.leaf(
                (0, 0, 0.1 * r),
                turn + 0.6,
                1.15 * r,
                0.5 * r,
                ("#5d4326", "#8a6a42", 0.0),
                rise=0.5,
                droop=0.5,
                steps=9,
                form=1.1,
            )
            middle = np.array([0.42 * r * math.cos(turn), 0.42 * r * math.sin(turn), 0.58 * r])
            for _ in range(9):
                puff = middle + r * np.array([rng.uniform(-0.2, 0.2) for _ in range(3)])
                sprig.round(
                    tuple(puff),
                    0.3 * r * rng.uniform(0.75, 1.1),
                    (piece.colour or "#f3efe6", piece.colour or "#ffffff", 0.1),
                    sides=14,
                )
        tip = 0.0 if build.lies else rng.uniform(0.5, 0.9)
        meshes.place(
            build,
            sprig.data("boll", shader),
            at=(spot.x, spot.y, 0.25 * r * math.sin(tip)),
            turn=(tip, 0, 0.5 * math.sin(spot.turn)),
        )
