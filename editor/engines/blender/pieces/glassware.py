"""Glasses and what is in them; pearls, crystals, a basket."""

from __future__ import annotations

import math

import numpy as np

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.growth import Sprig, leafy
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece

from . import water, winter

Outline = list[tuple[float, float]]
WINE, SPARKLING, DRINK = "#5a0f22", "#e6c25a", "#e8843c"


def thin_glass(tint: str = "#f6fbfb") -> Shader:
    """Return the glass of a vessel, its wall too thin to bend light: clear but where one looks along it."""
    s = Shader("thin glass")
    facing = s.node("LayerWeight", {"Blend": 0.35}).outputs["Facing"]
    shine = s.node("BsdfGlossy", {"Color": "#ffffff", "Roughness": 0.02})
    clear = s.node("BsdfTransparent", {"Color": tint})
    edge = s.math("ADD", s.math("MULTIPLY", s.math("POWER", facing, 3.0), 0.75), 0.06)
    mix = s.node("MixShader", {0: edge})
    s.tree.links.new(clear.outputs[0], mix.inputs[1])
    s.tree.links.new(shine.outputs[0], mix.inputs[2])
    s.finish(mix.outputs[0])
    return s


def _vessel(build: Build, spot: Spot, outside: Outline, drink: str, bowl: float, level: float) -> None:
    """Turn a glass from its outside, and fill its bowl from one height to another; no colour is water."""
    meshes.lathe(build, outside, thin_glass(), at=spot.at)
    heights, radii = [height for _, height in outside], [radius for radius, _ in outside]
    held = [(0.97 * float(np.interp(bowl, heights, radii)), bowl)]
    held += [(0.97 * radius, height) for radius, height in outside if bowl < height < level]
    top = 0.97 * float(np.interp(level, heights, radii))
    s = Shader("drink")
    if drink:
        s.principled(colour=drink, roughness=0.03, ior=1.2, transmission=0.35, specular=0.5, coat=0.3)
    else:
        s = water.clear_water("#e6f4fa")
    meshes.lathe(build, [(0.0, bowl), *held, (top, level), (0.0, level)], s, at=spot.at)


def _tumbler(r: float) -> Outline:
    return [(0.0, 0.0), (0.72 * r, 0.0), (0.78 * r, 0.08 * r), (0.92 * r, 2.3 * r)]


def _goblet(r: float) -> Outline:
    foot = [
        (0.0, 0.0),
        (0.78 * r, 0.0),
        (0.76 * r, 0.04 * r),
        (0.12 * r, 0.16 * r),
        (0.075 * r, 0.5 * r),
        (0.075 * r, 1.55 * r),
    ]
    turns = np.linspace(0.06, 2.2, 22)
    bowl = [
        (0.92 * r * math.sin(t) ** 0.85, 2.62 * r - 1.0 * r * math.cos(t) * (1.0 if t < 1.57 else 1.35))
        for t in turns
    ]
    return [*foot, *[(float(x), float(z)) for x, z in bowl]]


def _flute(r: float) -> Outline:
    foot = [
        (0.0, 0.0),
        (0.6 * r, 0.0),
        (0.58 * r, 0.04 * r),
        (0.1 * r, 0.14 * r),
        (0.06 * r, 0.5 * r),
        (0.06 * r, 1.3 * r),
    ]
    share = np.linspace(0.02, 1, 18)
    bowl = [(0.46 * r * math.sin(math.pi * (0.08 + 0.52 * s)) ** 0.8, 1.3 * r + 2.4 * r * s) for s in share]
    return [*foot, *[(float(x), float(z)) for x, z in bowl]]


@prop("glasses")
def glasses(build: Build, piece: Piece) -> None:
    """Tumblers of water with ice."""
    for spot in build.spots(
        piece.count or build.rng.randint(1, 2), 0.2, spread=0.06, behind=True, depth=(0.0, 0.7), height=0.5
    ):
        r = 0.85 * spot.size
        _vessel(build, spot, _tumbler(r), piece.colour, 0.1 * r, 1.75 * r)
        for number in range(2):
            side = 0.62 * r
            at = (spot.x + (0.2 - 0.4 * number) * r, spot.y + 0.1 * r * number, 1.3 * r + 0.1 * r * number)
            meshes.block(
                build,
                (side, side, side),
                winter.clear_ice(),
                at=at,
                turn=(0.3, 0.2 + number, number),
                bevel=0.12 * side,
            )


@prop("wine-glasses")
def wine_glasses(build: Build, piece: Piece) -> None:
    """Glasses of wine."""
    for spot in build.spots(
        piece.count or build.rng.randint(1, 2), 0.2, spread=0.05, behind=True, depth=(0.05, 0.75), height=0.7
    ):
        r = 0.85 * spot.size
        _vessel(build, spot, _goblet(r), piece.colour or WINE, 1.62 * r, 2.6 * r)


@prop("flutes")
def flutes(build: Build, piece: Piece) -> None:
    """Flutes of champagne."""
    for spot in build.spots(piece.count or 2, 0.2, spread=0.05, behind=True, depth=(0.05, 0.75), height=0.75):
        r = 0.92 * spot.size
        _vessel(build, spot, _flute(r), piece.colour or SPARKLING, 1.34 * r, 3.0 * r)


@prop("cocktails")
def cocktails(build: Build, piece: Piece) -> None:
    """Cocktails: a cone of a glass on its stem, a slice of citrus on its rim."""
    from .pantry import _cut_face, _peel

    for spot in build.spots(
        piece.count or build.rng.randint(1, 2), 0.24, spread=0.05, behind=True, depth=(0.05, 0.75), height=0.6
    ):
        r = 0.9 * spot.size
        outline = [
            (0.0, 0.0),
            (0.62 * r, 0.0),
            (0.6 * r, 0.04 * r),
            (0.08 * r, 0.14 * r),
            (0.055 * r, 0.5 * r),
            (0.055 * r, 1.35 * r),
            (0.12 * r, 1.45 * r),
            (0.95 * r, 2.3 * r),
        ]
        _vessel(build, spot, outline, piece.colour or DRINK, 1.4 * r, 2.1 * r)
        at = (spot.x - 0.7 * r, spot.y - 0.1 * r, 2.05 * r)
        meshes.drum(
            build, 0.36 * r, 0.07 * r, _peel("#f3a32e"), at=at, turn=(math.pi / 2, 0.3, 0), bevel=0.01 * r
        )
        for side in (-1, 1):
            face = (at[0], at[1] - (0.075 * r if side < 0 else -0.002), at[2])
            meshes.lathe(
                build,
                [(0.0, 0.0), (0.34 * r, 0.0)],
                _cut_face("#f08a1d", "#f6a93b"),
                at=face,
                turn=(math.pi / 2, 0.3, 0),
            )


@prop("pearls")
def pearls(build: Build, piece: Piece) -> None:
    """Pearls, strewn and in a strand."""
    rng = build.rng
    s = Shader("pearl")
    facing = s.node("LayerWeight", {"Blend": 0.4}).outputs["Facing"]
    s.principled(
        colour=s.mix(facing, piece.colour or "#f4ece0", "#e9d3d6"),
        roughness=0.16,
        coat=1.0,
        coat_roughness=0.08,
        subsurface=0.2,
        specular=0.6,
    )
    for spot in build.spots(piece.count or rng.randint(4, 6), 0.16, spread=0.15, depth=(-0.4, 0.6)):
        r = 0.27 * spot.size
        count = 10
        for number in range(count):
            turn = number / count * 1.6 * math.pi + spot.turn
            away = 0.85 * spot.size * (1 + 0.16 * math.sin(3 * turn))
            meshes.ball(
                build,
                r * 0.9,
                s,
                at=(spot.x + away * math.cos(turn), spot.y + away * math.sin(turn), 0),
                segments=28,
            )
        meshes.ball(build, 1.6 * r, s, at=(spot.x, spot.y, 0), segments=40)


@prop("crystals")
def crystals(build: Build, piece: Piece) -> None:
    """Clusters of quartz or amethyst: six-sided points that grow out of one root."""
    rng = build.rng
    s = Shader("crystal")
    z = s.axes()[2]
    tint = piece.colour or rng.choice(("#d9c7ee", "#f2d6df", "#e8f1f6"))
    s.principled(
        colour=s.mix(s.span(z, 0.0, 0.3), tint, "#fbfbff"),
        roughness=0.05,
        ior=1.54,
        transmission=0.25,
        subsurface=0.4,
        subsurface_radius=0.1,
        coat=0.6,
    )
    for spot in build.spots(
        piece.count or rng.randint(3, 4), 0.2, spread=0.2, behind=True, depth=(-0.2, 0.7)
    ):
        for number in range(9):
            share = number / 8
            r, tall = (
                spot.size * (0.26 - 0.14 * share),
                spot.size * (1.9 - 1.3 * share) * rng.uniform(0.8, 1.1),
            )
            lean, turn = 0.12 + 0.7 * share, number * 2.399963
            outline = [(0.9 * r, -0.2 * tall), (r, 0.0), (0.94 * r, 0.74 * tall), (0.0, tall)]
            away = 0.42 * spot.size * share
            point = meshes.lathe(
                build,
                outline,
                s,
                at=(spot.x + away * math.cos(turn), spot.y + away * math.sin(turn), 0),
                turn=(-lean * math.sin(turn), lean * math.cos(turn), turn),
                segments=6,
            )
            point.data.set_sharp_from_angle(angle=math.radians(20))


@prop("basket")
def basket(build: Build, piece: Piece) -> None:
    """A basket woven of willow: staves, and bands that go in and out between them."""
    shader = leafy("willow", gloss=0.6, hue=0.01, value=0.1)
    for spot in build.spots(piece.count or 1, 0.36, spread=0.05, behind=True, depth=(0.15, 0.85)):
        sprig, r, high = Sprig(), 0.9 * spot.size, 0.95 * spot.size
        around = np.linspace(0, 2 * np.pi, 240)
        bands, staves = 13, 20
        for band in range(bands):
            share = (band + 0.5) / bands
            reach = r * (0.78 + 0.24 * share) + 0.03 * r * np.sin(staves / 2 * around + math.pi * (band % 2))
            path = np.stack([reach * np.cos(around), reach * np.sin(around), np.full(240, high * share)], -1)
            sprig.stem(
                path,
                0.5 * high / bands,
                ("#a87b45" if band % 2 else "#8f6638", piece.colour or "#c79a5f", 0.0),
                sides=8,
            )
        for stave in range(staves):
            turn = stave * 2 * math.pi / staves
            path = np.stack(
                [
                    np.linspace(0.76, 1.03, 8) * r * math.cos(turn),
                    np.linspace(0.76, 1.03, 8) * r * math.sin(turn),
                    np.linspace(0, 1.02, 8) * high,
                ],
                -1,
            )
            sprig.stem(path, 0.022 * r, ("#7d5a30", "#b5895a", 0.0))
        rim = np.stack(
            [
                1.04 * r * np.cos(around),
                1.04 * r * np.sin(around),
                np.full(240, high) + 0.012 * np.sin(30 * around),
            ],
            -1,
        )
        sprig.stem(rim, 0.06 * r, ("#8a6236", "#c79a5f", 0.0), sides=10)
        bow = np.linspace(0, np.pi, 40)
        for strand in (-0.03, 0.03):
            handle = np.stack(
                [1.03 * r * np.cos(bow), strand * r * np.cos(9 * bow), high + 1.0 * r * np.sin(bow)], -1
            )
            sprig.stem(handle, 0.04 * r, ("#8a6236", "#c79a5f", 0.0), sides=8)
        meshes.place(build, sprig.data("basket", shader), at=spot.at, turn=(0, 0, 0.3 * math.sin(spot.turn)))
