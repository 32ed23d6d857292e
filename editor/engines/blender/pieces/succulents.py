"""Plants in pots and leaves from the house: cactus, succulents, aloe, monstera, fern, bamboo."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from editor.engines.blender.kit import meshes, scatter
from editor.engines.blender.kit.growth import Points, Sprig, Tone, arc, leafy, solid
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, Spot
from editor.engines.scenes.plan import Piece
from editor.engines.scenes.true_size import stands_on_floor

from . import blossoms


def pot(build: Build, spot: Spot, radius: float, colour: str = "") -> float:
    """Stand an earthenware pot at a spot; return how high the soil in it is."""
    outline = [
        (0.0, 0.0),
        (0.72 * radius, 0.0),
        (0.95 * radius, 1.2 * radius),
        (1.06 * radius, 1.2 * radius),
        (1.06 * radius, 1.5 * radius),
        (0.92 * radius, 1.5 * radius),
        (0.88 * radius, 1.3 * radius),
        (0.0, 1.3 * radius),
    ]
    shade = colour or build.rng.choice(("#c0754c", "#b5673f", "#e9e2d6"))
    meshes.lathe(build, meshes.round_corners(outline, 0.05 * radius), blossoms._clay(shade), at=spot.at)
    earth = Shader("earth")
    earth.principled(colour=earth.vary("#3a2c20", earth.noise(30, 5), 0.4), roughness=1.0)
    meshes.lathe(build, [(0.0, 0.0), (0.9 * radius, 0.0)], earth, at=(spot.x, spot.y, 1.36 * radius))
    return 1.34 * radius


@prop("cactus")
def cactus(build: Build, piece: Piece) -> None:
    """Ribbed cacti with spines, in pots: columns with arms, or balls."""
    rng, spines = build.rng, leafy("spines", gloss=0.5, hue=0.0, value=0.1)
    for spot in build.spots(
        piece.count or rng.randint(1, 3), 0.24, spread=0.15, behind=True, depth=(0.0, 0.8), height=0.5
    ):
        r = 0.62 * spot.size
        soil = pot(build, spot, r)
        flesh = Shader("cactus")
        flesh.principled(
            colour=flesh.vary(piece.colour or "#4f7f4a", flesh.noise(6, 4), 0.18),
            roughness=0.5,
            subsurface=0.08,
        )
        tall = spot.number % 3 != 0
        bodies = [(np.zeros(3), 0.58 * r, 3.4 * r if tall else 1.2 * r)]
        sprig = Sprig()
        for at, wide, high in bodies:
            _column(build, spot, flesh, sprig, at + np.array([0, 0, soil - 0.02]), wide, high)
        if tall:
            for side in (-1, 1):
                low = soil + rng.uniform(1.1, 1.7) * r
                elbow = np.array(
                    [
                        [0.4 * r * side, 0, low],
                        [0.85 * r * side, 0, low + 0.02 * r],
                        [1.05 * r * side, 0, low + 0.35 * r],
                        [1.08 * r * side, 0, low + 1.0 * r],
                    ]
                )
                path = np.stack(
                    [np.interp(np.linspace(0, 3, 24), np.arange(4), elbow[:, k]) for k in range(3)], -1
                )
                taper = np.interp(np.linspace(0, 1, 24), [0, 0.9, 0.97, 1], [1, 1, 0.75, 0.3])
                meshes.tube(build, path, 0.3 * r, flesh, at=spot.at, taper=list(taper))
        meshes.place(build, sprig.data("spines", spines), at=spot.at)


def _column(
    build: Build, spot: Spot, flesh: Shader, spines: Sprig, at: Points, wide: float, high: float
) -> None:
    ribs = 11
    polar, around = np.meshgrid(np.linspace(0, 1, 60), np.linspace(0, 2 * np.pi, 176), indexing="ij")
    outline = np.clip(1 - np.clip((polar - 0.78) / 0.22, 0, 1) ** 2.2, 0, 1) ** 0.5 * np.clip(
        0.82 + polar, 0, 1
    )
    reach = wide * outline * (0.86 + 0.14 * np.cos(around * ribs))
    points = np.stack([reach * np.cos(around), reach * np.sin(around), high * polar], -1) + at
    meshes.lattice(build, points, flesh, at=spot.at)
    tone: Tone = ("#e9dfc2", "#f6f0dc", 0.0)
    for rib in range(ribs):
        turn = rib * 2 * math.pi / ribs
        for share in np.arange(0.08, 0.96, 0.085):
            level = float(np.interp(share, polar[:, 0], outline[:, 0]))
            root = at + np.array([wide * level * math.cos(turn), wide * level * math.sin(turn), high * share])
            for fan in (-0.7, 0.0, 0.7):
                spines.blade(root, turn + fan, 0.22 * wide, 0.025 * wide, 1.2 + fan * 0.3, tone, steps=2)


@prop("succulents")
def succulents(build: Build, piece: Piece) -> None:
    """Rosettes of thick pointed leaves, in small pots."""
    rng = build.rng
    shader = leafy("succulent", gloss=0.42, hue=0.015, value=0.08)
    tones: tuple[Tone, ...] = (
        ("#6f9a82", "#a9c9ae", 0.08),
        ("#7f8fa0", "#c7b3c4", 0.08),
        ("#6d9455", "#b5c785", 0.08),
    )
    for spot in build.spots(
        piece.count or rng.randint(2, 4), 0.18, spread=0.15, behind=True, depth=(-0.1, 0.7)
    ):
        r = 0.85 * spot.size
        soil = pot(build, spot, 0.8 * r)
        tone = (piece.colour, piece.colour, 0.08) if piece.colour else rng.choice(tones)
        sprig = Sprig()
        for number in range(38):
            share = number / 37
            turn, length = number * 2.399963, 1.15 * r * (1 - 0.68 * share)
            _fat_leaf(
                sprig,
                np.array([0, 0, soil + 0.25 * r * share]),
                turn,
                length,
                0.42 * length,
                0.2 + 1.15 * share,
                tone,
            )
        meshes.place(build, sprig.data("rosette", shader), at=spot.at)


def _fat_leaf(
    sprig: Sprig, root: Points, heading: float, length: float, width: float, rise: float, tone: Tone
) -> None:
    """Add a thick leaf, pointed at its tip."""
    share = np.linspace(0, 1, 12)
    path = root + np.stack(
        [
            np.cos(heading) * np.cos(rise) * length * share,
            np.sin(heading) * np.cos(rise) * length * share,
            np.sin(rise) * length * share + 0.2 * length * share**2,
        ],
        -1,
    )
    wide = 0.5 * width * np.sin(np.pi * np.clip(0.12 + 0.86 * share**0.8, 0, 1)) ** 0.8
    sprig.stem(path, np.maximum(wide, 0.02 * width), tone, sides=12)


@prop("aloe")
def aloe(build: Build, piece: Piece) -> None:
    """Aloe: long fleshy leaves from one root, small teeth along their edges."""
    rng = build.rng
    shader = leafy("aloe", gloss=0.35, hue=0.012, value=0.1)
    tone: Tone = (piece.colour or "#4f7f55", piece.colour or "#8fb48a", 0.1)
    for spot in build.spots(
        piece.count or rng.randint(2, 3), 0.24, spread=0.1, behind=True, depth=(0.0, 0.75), height=0.45
    ):
        sprig = Sprig()
        for number in range(15):
            turn, share = number * 2.399963, number / 14
            length = 2.5 * spot.size * (0.72 + 0.28 * share)
            rise = 0.5 + 0.85 * share
            steps = np.linspace(0, 1, 16)
            bent = rise + 0.35 * steps
            along = np.cumsum(np.cos(bent)) / 16 * length
            up = np.cumsum(np.sin(np.minimum(bent, 1.5))) / 16 * length
            path = np.stack([along * math.cos(turn), along * math.sin(turn), up], -1)
            sprig.stem(path, 0.16 * spot.size * (1 - steps**1.6) + 0.004, tone, sides=10)
            aside = np.array([-math.sin(turn), math.cos(turn), 0])
            for tooth in range(2, 14):
                for side in (-1, 1):
                    root = path[tooth] + side * aside * 0.15 * spot.size * (1 - steps[tooth] ** 1.6)
                    sprig.leaf(
                        root,
                        turn + side * 0.9,
                        0.07 * spot.size,
                        0.03 * spot.size,
                        ("#dfe6c4", "#f0f2da", 0),
                        steps=2,
                    )
        meshes.place(build, sprig.data("aloe", shader), at=(spot.x, spot.y, -0.02), turn=(0, 0, spot.turn))


def monstera_leaf(build: Build, length: float, colour: str) -> Sprig:
    """Return a leaf of a monstera, flat about its stalk's end: a heart cut deep from its sides."""
    rng, sprig = build.rng, Sprig()
    tone: Tone = (colour or "#1f4d2b", colour or "#3f7d42", 0.2)
    width = 0.96 * length
    columns = 161
    for side in (-1, 1):
        along = np.linspace(-0.16, 1.0, columns)
        outline = 0.5 * width * np.clip(1 - np.abs((along - 0.3) / 0.72) ** 2.3, 0, 1) ** 0.62
        lobes = 5
        place = np.clip((along + 0.02) / 0.94, 0, 1) * lobes
        gap = np.abs(place - np.round(place))
        cut = np.clip(1 - gap / 0.1, 0, 1) * ((np.round(place) > 0) & (np.round(place) < lobes))
        reach = outline * (1 - 0.68 * cut**0.6)
        rows = np.linspace(0, 1, 14)[:, None]
        # Lobes point towards the tip.
        x = length * along + 0.24 * length * rows**1.5 * (reach / max(width, 1e-6))
        y = side * reach * rows
        z = (
            -0.1 * length * rows**2
            + 0.05 * length * np.sin(along * 2.4)
            + 0.018 * length * np.cos(place * 2 * np.pi) * rows
        )
        points = np.stack([x, y, z - 0.14 * length * np.clip(along, 0, 1) ** 2], -1)
        shade = (
            solid(tone[0])
            + (solid(tone[1]) - solid(tone[0]))
            * np.clip(0.35 + 0.5 * np.cos(place * 2 * np.pi), 0, 1)[None, :, None]
        )
        tones = np.broadcast_to(shade, (*points.shape[:2], 4)).copy()
        tones[0, :, :3] = solid("#8fae6a")[:3]
        sprig.lattice(points if side > 0 else points[::-1], tones if side > 0 else tones[::-1])
    rolled = rng.uniform(-0.2, 0.2)
    sprig.stem(
        np.stack(
            [
                np.linspace(-0.9, 0.02, 10) * length,
                0.1 * length * rolled * np.linspace(1, 0, 10),
                0.04 * length * np.linspace(1, 0, 10),
            ],
            -1,
        ),
        0.016 * length,
        ("#4f7040", "#6d8f52", 0.1),
    )
    return sprig


@prop("monstera")
def monstera(build: Build, piece: Piece) -> None:
    """Leaves of a monstera that come in from behind and from the sides, turned to the camera."""
    rng, shader = build.rng, leafy("monstera", gloss=0.3, hue=0.01, value=0.08)
    if stands_on_floor(build.size_cm) and not build.lies:
        _pot_monstera(build, piece, shader)
        return
    for spot in build.spots(
        piece.count or rng.randint(3, 4),
        0.34,
        spread=0.12,
        behind=True,
        depth=(build.foot_depth + 0.05, 0.8),
        height=0.6,
    ):
        sprig = monstera_leaf(build, 1.75 * spot.size, piece.colour)
        side = 1 if spot.x > 0 else -1
        if build.lies:
            meshes.place(build, sprig.data("leaf", shader), at=(spot.x, spot.y, 0.1), turn=(0, 0, spot.turn))
            continue
        # It rises from its stalk and faces the camera, its tip outward.
        lean = math.pi / 2 - side * rng.uniform(0.25, 0.8)
        turn = (math.pi / 2 - rng.uniform(0.15, 0.4), 0.0, 0.0)
        data = _lean_leaf(sprig, shader, lean)
        low = 0.86 * 1.75 * spot.size * math.sin(turn[0])
        meshes.place(build, data, at=(spot.x, spot.y, low * 0.62), turn=turn)


def _lean_leaf(sprig: Sprig, shader: Shader, lean: float) -> Any:
    """Return a leaf as data, turned in its own plane so that its tip points `lean` from the x axis."""
    c, s = math.cos(lean), math.sin(lean)
    data = sprig.data("leaf", shader)
    points = np.empty(3 * len(data.vertices), np.float32)
    data.vertices.foreach_get("co", points)
    flat = points.reshape(-1, 3)
    turned = np.stack([c * flat[:, 0] - s * flat[:, 1], s * flat[:, 0] + c * flat[:, 1], flat[:, 2]], -1)
    data.vertices.foreach_set("co", np.ascontiguousarray(turned, np.float32).ravel())
    data.update()
    return data


def _pot_monstera(build: Build, piece: Piece, shader: Shader) -> None:
    """Stand a monstera in its pot on the floor: leaves on stalks that fan out from the soil."""
    rng = build.rng
    for spot in build.spots(
        min(piece.count or 1, 2), 0.22, spread=0.1, behind=True, depth=(build.foot_depth + 0.1, 0.9)
    ):
        r = 0.62 * spot.size
        top = pot(build, spot, r)
        for number in range(9):
            outward = math.pi * (0.12 + 0.76 * (number + rng.uniform(-0.25, 0.25)) / 8)
            length, rise = r * rng.uniform(1.15, 1.6), r * rng.uniform(1.5, 3.4)
            # The stalk's end is at 0.9 of the leaf's length before its heart, in the soil.
            sprig = monstera_leaf(build, length, piece.colour)
            lean, tilt = outward, math.pi / 2 - rng.uniform(0.1, 0.5)
            heart = (
                0.55 * rise * math.cos(outward),
                rng.uniform(-0.5, 0.4) * r,
                top + rise * math.sin(outward),
            )
            stalk = Sprig()
            stalk.stem(
                np.linspace((0.0, 0.0, top), heart, 8)
                + np.outer(np.sin(np.linspace(0, np.pi, 8)), (0, 0, 0.2 * r)),
                0.03 * r,
                ("#4f7040", "#6d8f52", 0.1),
            )
            meshes.place(build, stalk.data("stalk", shader), at=spot.at)
            at = (spot.x + heart[0], spot.y + heart[1], heart[2])
            meshes.place(build, _lean_leaf(sprig, shader, lean), at=at, turn=(tilt, 0.0, 0.0))


def fern_frond(build: Build, path: Points, colour: str) -> Sprig:
    """Return a frond of fern: pinnae that shorten to its tip, each of small leaflets."""
    rolled = scatter.dice(build)
    tone: Tone = (colour or "#3a6b2c", colour or "#7aa84a", 0.35)
    sprig = Sprig()
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    sprig.stem(path, length * np.linspace(0.009, 0.002, len(path)), ("#5f6f35", "#7d9a4a", 0.1))
    way = math.atan2(path[-1][1] - path[0][1], path[-1][0] - path[0][0])
    count = 26
    at = np.linspace(0.1, 0.99, count) * (len(path) - 1)
    low = np.minimum(at.astype(int), len(path) - 2)
    roots = path[low] + (at - low)[:, None] * (path[low + 1] - path[low])
    share = np.linspace(0, 1, count)
    size = length * 0.3 * np.sin(np.pi * np.clip(0.16 + 0.84 * share, 0, 1)) ** 0.8 + 0.01 * length
    for side in (-1.0, 1.0):
        heading = way + side * (1.25 - 0.35 * share)
        for number in range(count):
            spine = np.linspace(0.08, 1, 11)
            base = (
                roots[number]
                + np.stack(
                    [
                        np.cos(heading[number]) * spine,
                        np.sin(heading[number]) * spine,
                        0.25 * spine - 0.42 * spine**2,
                    ],
                    -1,
                )
                * size[number]
            )
            leaflet = size[number] * 0.3 * (1 - 0.85 * spine) + 0.004
            for edge in (-1.0, 1.0):
                sprig.leaf(
                    base,
                    heading[number] + edge * 1.1,
                    leaflet,
                    0.5 * leaflet,
                    tone,
                    rise=rolled.uniform(0.0, 0.25),
                    droop=0.4,
                    steps=3,
                )
    return sprig


@prop("fern")
def fern(build: Build, piece: Piece) -> None:
    """Ferns: fronds that arch out from one root."""
    rng, shader = build.rng, leafy("fern", gloss=0.5, hue=0.015, value=0.15)
    for spot in build.spots(
        piece.count or rng.randint(2, 4), 0.26, spread=0.12, behind=True, depth=(-0.1, 0.8), height=0.4
    ):
        for number in range(8):
            heading = number * 0.785 + rng.uniform(-0.25, 0.25)
            long = 2.1 * spot.size * rng.uniform(0.8, 1.15)
            path = arc(
                long,
                0.25 if build.lies else rng.uniform(0.85, 1.25),
                0.3 if build.lies else 1.35,
                heading,
                steps=14,
            )
            meshes.place(build, fern_frond(build, path, piece.colour).data("frond", shader), at=spot.at)


@prop("bamboo")
def bamboo(build: Build, piece: Piece) -> None:
    """Stalks of bamboo with their rings, thin leaves at the upper ones."""
    rng, shader = build.rng, leafy("bamboo leaves", gloss=0.45, hue=0.015, value=0.12)
    s = Shader("bamboo")
    s.principled(colour=s.vary(piece.colour or "#7d9a4a", s.noise(3, 4), 0.2), roughness=0.35)
    for spot in build.spots(
        piece.count or rng.randint(5, 7),
        0.08,
        spread=0.2,
        behind=True,
        depth=(build.foot_depth + 0.1, 1.2),
        height=1.2,
    ):
        r = 0.5 * spot.size
        tall = 0.7 if build.lies else build.view_at(spot.y).top + 0.4
        joint = 5.5 * r
        knots = np.arange(0, tall, joint)
        z = np.sort(
            np.concatenate([knots, knots + 0.14 * joint * 0.3, knots + 0.5 * joint, knots - 0.03 * joint])
        )
        z = z[(z >= 0) & (z <= tall)]
        near = np.min(np.abs(z[:, None] - knots[None]), 1) / joint
        taper = 1 + 0.22 * np.exp(-((near / 0.03) ** 2))
        path = np.stack([0 * z, 0 * z, z], -1)
        turn = (math.pi / 2, 0, spot.turn) if build.lies else (0.0, rng.uniform(-0.05, 0.05), 0.0)
        meshes.tube(
            build, path, r, s, at=(spot.x, spot.y, r if build.lies else 0), turn=turn, taper=list(taper)
        )
        if build.lies:
            continue
        sprig = Sprig()
        for knot in knots[2:]:
            for _ in range(3):
                heading = rng.uniform(0, 6.3)
                sprig.leaf(
                    (0, 0, knot),
                    heading,
                    rng.uniform(2.5, 4.2) * r * 1.6,
                    0.9 * r,
                    ("#4f7a35", "#8fb052", 0.35),
                    rise=0.4,
                    droop=1.1,
                    steps=8,
                    form=1.1,
                )
        meshes.place(build, sprig.data("leaves", shader), at=spot.at, turn=turn)
