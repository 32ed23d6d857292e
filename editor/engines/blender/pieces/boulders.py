"""Stones of all sizes: pebbles, rocks, a flat rock to stand on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, relief, scatter
from editor.engines.blender.kit.growth import Sprig, Tone
from editor.engines.blender.kit.registry import prop, stand
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

ROUND: Tone = ("#888888", "#888888", 0.0)
MOSS = "#7a8450"
"""The colour that moss lends: a mossy rock is no green one."""

PEBBLES = ("#8f8a84", "#c9c2b6", "#6f6c6a", "#b7a68f", "#e4e0d8")


def weathered_rock(colour: str = "#8c857b", *, wet: float = 0.0, moss: float = 0.0) -> Shader:
    """Return weathered rock: layers, pits, lichen; wet shares darken it and make it shine."""
    s = Shader("rock")
    layers = s.noise(2.4, 8, roughness=0.62, place=s.stretch((1, 1, 3.2), turn=(0.3, 0.15, 0)))
    pits = s.noise(16, 8, roughness=0.7)
    lichen = s.span(s.noise(5, 6, roughness=0.6), 0.6, 0.68)
    base = s.vary(colour, s.mix(0.4, layers, pits), 0.45)
    base = s.mix(s.math("MULTIPLY", lichen, 0.35), base, "#c3bda8")
    if moss:
        up = s.axes(s.node("NewGeometry").outputs["Normal"])[2]
        green = s.math("MULTIPLY", s.span(s.math("ADD", up, s.noise(3, 6)), 0.95, 1.4), moss)
        base = s.mix(green, base, s.vary("#5d6d2b", s.noise(60, 4), 0.5))
    if wet:
        base = s.mix(wet, base, s.vary("#3a3936", layers, 0.4))
    height = s.math("ADD", layers, s.math("MULTIPLY", pits, 0.4))
    s.principled(
        colour=base,
        roughness=0.88 - 0.6 * wet,
        specular=0.3,
        normal=s.bump(height, 0.7, 0.03),
        coat=0.6 * wet,
        coat_roughness=0.1,
    )
    return s


def pebble_material(colours: tuple[str, ...], *, gloss: float = 0.5) -> Shader:
    """Return the material of pebbles: every instance of another colour, speckled or veined."""
    s = Shader("pebbles")
    random = s.node("ObjectInfo").outputs["Random"]
    base = s.ramp(
        random, tuple((k / max(1, len(colours) - 1), c) for k, c in enumerate(colours)), smooth=False
    )
    specks = s.noise(60, 5, roughness=0.7)
    vein = s.span(s.math("ABSOLUTE", s.math("SUBTRACT", s.noise(7, 3), 0.5)), 0.0, 0.018, 0.6, 0.0)
    some = s.math(
        "GREATER_THAN", s.node("TexWhiteNoise", {"W": random}, noise_dimensions="1D").outputs[0], 0.65
    )
    base = s.mix(
        s.math("MULTIPLY", vein, some), s.mix(0.3, base, s.mix(specks, "#3b3937", "#e9e5de")), "#f1ede6"
    )
    s.principled(colour=base, roughness=gloss, specular=0.4, normal=s.bump(specks, 0.06, 0.004))
    return s


def pebble(build: Build, *, squash: float = 0.55, roughness: float = 0.12, sides: int = 22) -> Any:
    """Return a rounded stone's mesh of radius 1 whose underside is at z = 0."""
    sprig = Sprig()
    sprig.round((0, 0, 0), 1.0, ROUND, sides=sides)
    data = sprig.data("pebble")
    points = np.empty(3 * len(data.vertices), np.float32)
    data.vertices.foreach_get("co", points)
    places = points.reshape(-1, 3).astype(float)
    seed = build.rng.randint(0, 9999)
    swell = 1 + roughness * relief.layers(
        places[:, 0] + 0.7 * places[:, 2], places[:, 1] - 0.6 * places[:, 2], seed, count=3
    )
    places *= swell[:, None] * np.array([1.0, build.rng.uniform(0.65, 0.95), squash])
    places[:, 2] -= places[:, 2].min()
    data.vertices.foreach_set("co", np.ascontiguousarray(places, np.float32).ravel())
    data.update()
    return data


@prop("pebbles")
def pebbles(build: Build, piece: Piece) -> None:
    """Pebbles of several sizes, a few large, many small about them."""
    colours = (piece.colour,) * 2 if piece.colour else PEBBLES
    shader = pebble_material(colours)
    large = list(build.spots(piece.count or build.rng.randint(5, 8), 0.06, spread=0.5, depth=(-0.5, 0.7)))
    points, sizes = [spot.at for spot in large], [spot.size for spot in large]
    rng = build.rng
    for spot in large:
        for _ in range(4):
            angle, away = rng.uniform(0, 2 * math.pi), spot.size * rng.uniform(1.3, 3.0)
            point = (spot.x + away * math.cos(angle), spot.y + away * math.sin(angle), 0.0)
            size = spot.size * rng.uniform(0.18, 0.45)
            if scatter.headroom(build, np.array([point]))[0] > size:
                points.append(point)
                sizes.append(size)
    if not points:
        return
    count = len(points)
    turns = np.stack([np.zeros(count), np.zeros(count), [rng.uniform(0, 6.3) for _ in range(count)]], -1)
    places = scatter.Places(np.array(points), turns, np.array(sizes))
    places.points[:, 2] -= 0.06 * places.sizes
    if build.foot_depth:
        places = scatter.clear_of_foot(build, places, 0.03)
    scatter.scatter_instances(
        build, [pebble(build, squash=build.rng.uniform(0.4, 0.7)) for _ in range(5)], places, shader
    )


def boulder(build: Build, *, squash: float = 0.75) -> Any:
    """Return a rock's mesh of radius about 1: broken along planes, its edges worn, its underside at z = 0."""
    rolled = scatter.dice(build)
    polar, around = np.meshgrid(
        np.linspace(-np.pi / 2, np.pi / 2, 72), np.linspace(0, 2 * np.pi, 144), indexing="ij"
    )
    way = np.stack([np.cos(polar) * np.cos(around), np.cos(polar) * np.sin(around), np.sin(polar)], -1)
    normals = rolled.normal(size=(15, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    reach = rolled.uniform(0.62, 1.0, 15) / np.maximum(way @ normals.T, 0.05)
    # A soft minimum: the edge where two planes meet is rounded.
    radius = -np.log(np.exp(-14 * np.minimum(reach, 3.0)).sum(-1)) / 14
    seed = build.rng.randint(0, 9999)
    radius *= 1 + 0.07 * relief.layers(
        way[..., 0] * 1.9 + way[..., 2], way[..., 1] * 1.9 - way[..., 2], seed, count=5, roughness=0.55
    )
    points = way * radius[..., None] * np.array([1.0, 0.85, squash])
    points[..., 2] -= points[..., 2].min()
    sprig = Sprig()
    sprig.lattice(points, np.ones((1, 1, 4)))
    return sprig.data("boulder")


@prop("rocks")
def rocks(build: Build, piece: Piece) -> None:
    """Rocks at the sides and behind, sunk a little into the ground."""
    shader = weathered_rock(
        piece.colour or build.rng.choice(("#7d766c", "#6e6b69", "#877a69")), moss=_moss_share(build)
    )
    rng = build.rng
    for spot in build.spots(
        piece.count or rng.randint(2, 4), 0.2, spread=0.55, behind=True, depth=(-0.1, 1.1)
    ):
        data = boulder(build, squash=rng.uniform(0.55, 0.85))
        thing = meshes.place(
            build, data, shader, at=(spot.x, spot.y, -0.14 * spot.size), turn=(0, 0, spot.turn)
        )
        thing.scale = (spot.size, spot.size, spot.size)


def _moss_share(build: Build) -> float:
    return 0.9 if build.plan.surface.name in ("moss", "forest-floor", "grass", "leaves") else 0.0


@stand("rock")
def rock(build: Build, piece: Piece) -> None:
    """A flat rock, broken along its layers, level where the product stands."""
    top = build.foot_z
    wide = max(0.68 * build.foot_width + 0.12, 0.54 * build.frame.size[0], 0.4)
    deep = max(0.75 * build.foot_depth + 0.1, 0.42 * build.frame.size[0], 0.32)
    seed = build.rng.randint(0, 9999)
    share, around = np.meshgrid(np.linspace(0, 1, 150), np.linspace(0, 2 * np.pi, 260), indexing="ij")
    # From the middle of the top out to its edge, then down to the ground.
    out = np.clip(share / 0.62, 0, 1)
    down = np.clip((share - 0.62) / 0.38, 0, 1)
    ragged = 1 + 0.16 * relief.layers(
        np.cos(around) * 1.4, np.sin(around) * 1.4, seed, count=5, roughness=0.55
    )
    ledge = (
        0.1
        * np.round(down * 3 + 0.4 * relief.layers(np.cos(around) * 2, np.sin(around) * 2, seed + 1, count=3))
        / 3
    )
    reach = ragged * (out**0.8 + 0.22 * down + ledge * (down > 0))
    x, y = wide * reach * np.cos(around), deep * reach * np.sin(around)
    rough = relief.layers(x * 5, y * 5, seed + 2, count=4, roughness=0.55)
    flat = build.calm(x + build.foot_x, y + build.foot_depth / 2, 0.2)
    edge = relief.step(out, 0.8, 1.0)
    z = (
        top * (1 - down)
        - 0.012 * edge * (1 - down)
        + 0.02 * rough * edge * (1 - down)
        - 0.006 * flat * (1 - edge) * (1 + rough)
    )
    z = np.minimum(z, top) - 0.03 * down
    points = np.stack([x + build.foot_x, y + build.foot_depth / 2, z], -1)
    wet = 0.7 if build.plan.surface.name in ("water", "wet-stone") else 0.0
    mossy = piece.colour == MOSS
    natural = build.rng.choice(("#857d72", "#77736f", "#94877a"))
    shader = weathered_rock(
        natural if mossy else piece.colour or natural,
        wet=wet,
        moss=1.0 if mossy else 0.5 * _moss_share(build),
    )
    meshes.lattice(build, points[:, ::-1], shader)
    build.take(build.foot_x, build.foot_depth / 2, max(wide, deep) * 1.25)
