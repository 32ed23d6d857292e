"""Cloth: linen, satin, velvet, knitting, curtains and drapes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from editor.engines.blender.kit import meshes, relief
from editor.engines.blender.kit.ground import lay_ground
from editor.engines.blender.kit.materials import satin, velvet_pile, woven_linen
from editor.engines.blender.kit.registry import backdrop, prop, surface
from editor.engines.blender.kit.relief import Heights
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece

PRESSED = 0.22
"""Of its waves what silk keeps below a product that lies on it."""


def folds(seed: int, *, height: float, length: float, turn: float) -> Callable[[Heights, Heights], Heights]:
    """Return the relief of cloth that was laid down by hand: long soft folds that fork and die out."""

    def raised(x: Heights, y: Heights) -> Heights:
        along = x * math.cos(turn) + y * math.sin(turn)
        across = -x * math.sin(turn) + y * math.cos(turn)
        bent = across + 0.22 * relief.noise(along * 0.9, across * 0.9, seed + 3)
        crests = relief.ridges(along * 0.45 / length, bent * 1.5 / length, seed, count=2)
        where = relief.step(relief.noise(x * 0.8, y * 0.8, seed + 7), -0.35, 0.5)
        return height * (crests**1.6) * (0.25 + where) + 0.12 * height * relief.noise(x * 3, y * 3, seed + 9)

    return raised


@surface("linen")
def linen(build: Build, piece: Piece) -> None:
    seed, turn = build.rng.randint(0, 999), build.rng.uniform(-0.9, 0.9)
    # Threads finer than a few pixels would turn into moiré.
    threads = min(150.0, 0.33 * build.frame.unit)
    # From above every gap is seen, along the ground hardly one.
    gaps = 0.15 if build.lies else 0.5
    shader = woven_linen(build.colour(piece, "surface", "#e2d8c7"), threads=threads, gaps=gaps)
    soft = folds(seed, height=0.085, length=0.8, turn=turn)
    crease = folds(seed + 50, height=0.03, length=0.32, turn=turn + 0.7)
    lay_ground(build, shader, lambda x, y: soft(x, y) + crease(x, y), cells=400)


@surface("silk")
def silk(build: Build, piece: Piece) -> None:
    """Satin pushed together into waves."""
    seed, turn = build.rng.randint(0, 999), build.rng.uniform(0.2, 0.9) * build.rng.choice((-1, 1))
    # Seen from above it has no grazing light to show its waves by: they are closer.
    pitch, height = (10.0, 0.15) if build.lies else (6.5, 0.17)

    def waves(x: Heights, y: Heights) -> Heights:
        along = x * math.cos(turn) + y * math.sin(turn)
        across = -x * math.sin(turn) + y * math.cos(turn)
        bent = (
            across
            + 0.35 * relief.noise(along * 0.7, across * 0.6, seed)
            + 0.1 * relief.noise(along * 1.9, across * 1.4, seed + 1)
        )
        wave = 0.5 + 0.5 * np.sin(bent * pitch + 1.5 * relief.noise(along * 0.5, across * 0.9, seed + 2))
        raised = height * wave**1.3 * (0.6 + 0.4 * relief.noise(x * 0.9, y * 0.9, seed + 4))
        if not build.lies:
            return raised
        # Below what lies on it silk is pressed down, but not ironed: a ring is seen through.
        free = build.calm(x, y, reach=0.4)
        return raised * free + PRESSED * (raised - height) * (1 - free)

    build.calm_ground = not build.lies
    lay_ground(build, satin(build.colour(piece, "surface")), waves, cells=320)


@surface("velvet")
def velvet(build: Build, piece: Piece) -> None:
    seed, turn = build.rng.randint(0, 999), build.rng.uniform(-0.9, 0.9)
    lay_ground(
        build,
        velvet_pile(build.colour(piece, "surface")),
        folds(seed, height=0.11, length=1.1, turn=turn),
        cells=320,
    )


@surface("knit")
def knit(build: Build, piece: Piece) -> None:
    """A coarse blanket in stocking stitch: columns of leaning loops."""
    seed, turn = build.rng.randint(0, 999), build.rng.uniform(-0.35, 0.35)
    s = Shader("wool")
    fuzz = s.noise(95, 5, roughness=0.75)
    s.principled(
        colour=s.vary(build.colour(piece, "surface", "#ded3c3"), fuzz, 0.22),
        roughness=1.0,
        specular=0.1,
        sheen=0.6,
        normal=s.bump(fuzz, 0.6, 0.012),
    )
    wide = 0.085
    soft = folds(seed, height=0.05, length=1.2, turn=0.6)

    def stitches(x: Heights, y: Heights) -> Heights:
        along = -x * math.sin(turn) + y * math.cos(turn)
        across = x * math.cos(turn) + y * math.sin(turn)
        column = across / wide
        aside = column - np.floor(column) - 0.5
        # Both legs of a stitch lean together like a V.
        row = along / (wide * 0.62) - np.abs(aside) * 1.5
        yarn = np.abs(np.sin(np.pi * row)) ** 0.7 * np.abs(np.sin(2 * np.pi * aside)) ** 0.5
        return 0.026 * yarn + soft(x, y)

    build.calm_ground = False
    seen = build.view_at(0)
    lay_ground(
        build, s, lambda x, y: stitches(x, y) - 0.014, cells=min(900, round(620 * max(1.0, seen.width / 2)))
    )


@backdrop("curtain")
def curtain(build: Build, piece: Piece) -> None:
    """Heavy cloth in deep folds, hanging to the ground."""
    y, seen = build.far, build.view_at(build.far)
    seed = build.rng.randint(0, 999)
    reach = max(abs(seen.left), abs(seen.right)) * 1.2 + 0.5
    top = seen.top + 1.5
    colour = build.colour(piece, "backdrop")
    shader = {"gloss": satin, "fabric": woven_linen}.get(piece.finish, velvet_pile)(colour)
    x, z = np.meshgrid(np.linspace(-reach, reach, 520), np.linspace(-0.02, top, 60))
    pitch = build.rng.uniform(0.24, 0.32)
    bent = x + 0.05 * relief.noise(x * 1.2, z * 0.5, seed) + 0.02 * relief.noise(x * 2.3, z * 1.4, seed + 1)
    phase = 2 * np.pi * (bent / pitch + 0.7 * relief.noise(x * 0.9, z * 0.05, seed + 2))
    depth = 0.075 * np.sin(phase) + 0.02 * np.sin(2 * phase + 1.1)
    meshes.lattice(build, np.stack([x, y - 0.1 - depth, z], -1), shader)


@prop("drape")
def drape(build: Build, piece: Piece) -> None:
    """A length of cloth that falls from above behind the product and runs out on the ground."""
    if build.lies:
        return
    seed, side = build.rng.randint(0, 999), -build.key_side
    y, wide = build.foot_depth + 0.75, 0.8
    seen = build.view_at(y)
    middle = side * 0.5 * (0.4 * build.frame.size[0] + abs(seen.right if side > 0 else seen.left))
    along = np.linspace(0, 1, 160)
    top, run = seen.top + 0.6, 0.85
    length = along * (top + run)
    fall = np.minimum(length, top - 0.12)
    bend = np.clip((length - (top - 0.12)) / 0.2, 0, 1)
    z = np.maximum(top - fall - 0.12 * bend * (2 - bend), 0.012)
    out = np.maximum(0.0, length - (top - 0.12))
    across, _ = (grid.astype(np.float64) for grid in np.meshgrid(np.linspace(-1, 1, 140), along))
    spread = 1 + 0.25 * (length / length[-1])[:, None]
    phase = across * 9 + 1.8 * relief.noise(across * 2, along[:, None] * 1.5, seed)
    fold = 0.05 * np.sin(phase) + 0.025 * relief.noise(across * 4, along[:, None] * 4, seed + 1)
    x = middle + wide / 2 * across * spread + 0.04 * relief.noise(across, along[:, None] * 3, seed + 2)
    flat = np.clip(out / 0.25, 0, 1)[:, None]
    depth = y - 0.8 * out[:, None] + fold * (1 - flat)
    # On the ground the folds sink together; as even waves they would be a corrugated sheet.
    sunk = 0.5 + 0.5 * relief.noise(across * 1.7, along[:, None] * 6, seed + 3)
    up = z[:, None] + flat * np.abs(fold) * np.clip(sunk, 0.05, 1.0)
    colour = build.colour(piece, "prop")
    shader = satin(colour) if piece.finish in ("", "silk", "gloss") else woven_linen(colour)
    cloth = meshes.lattice(
        build, np.stack([x, np.broadcast_to(depth, x.shape), np.broadcast_to(up, x.shape)], -1), shader
    )
    cloth.name = "drape"
    build.take(middle, y - 0.3, 0.45)
