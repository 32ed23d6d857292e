"""Vessels of glass and opaque things of the same shapes, rendered by Blender with their exact alpha.

    python -m bench.glassware FOLDER [--count N]

Writes RGBA PNG files, one of three of them opaque: white and black ceramics, chrome, plaster, dials, framed
prints. Names begin with clear, tinted, filled or opaque; the same numbers give the same things. What is
there already is kept. bench.see_through lays them on grounds.
"""

from __future__ import annotations

import argparse
import math
import random
from pathlib import Path

import bpy
import numpy as np

from editor.engines.blender import render
from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.camera import place_camera
from editor.engines.blender.kit.finishes import finish_material
from editor.engines.blender.kit.lamps import area, dome
from editor.engines.blender.kit.shaders import Shader
from editor.engines.blender.kit.stage import Build, new_scene
from editor.engines.blender.pieces.glassware import thin_glass
from editor.engines.scenes.framing import frame_product
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import PALETTES

Outline = list[tuple[float, float]]

FIRST = 31_000
SIZE = (420, 560)
SAMPLES = 12
TINTS = ("#d8e8dc", "#c98f4a", "#5f8f5a", "#7fa8c8", "#b8b8b8", "#8a5a78")
DRINKS = ("#5a0f22", "#e6c25a", "#e8843c", "#3a1c0c", "#c9d8a0")
KINDS = ("clear", "tinted", "opaque", "clear", "filled", "opaque")
SOLID = ("gloss", "matte", "silver", "gloss", "gold", "marble", "plaster")
PALE = ("#f6f5f2", "#ece7dc", "#ffffff", "#e4e6ea", "#cfcac2")


def main() -> int:
    """Render what is not there yet."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=60)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for number in range(asked.count):
        path = asked.folder / f"{KINDS[number % len(KINDS)]}-{number:03}.png"
        if not path.exists():
            photograph(path, number)
            print(path.name, flush=True)
    return 0


def photograph(path: Path, number: int) -> None:
    """Render the thing of a number into an RGBA PNG of SIZE pixels."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    rng = random.Random(FIRST + number)
    plan = SetPlan(Piece("sweep"), Piece("sweep"), blur=0.0)
    frame = frame_product((700, 1000), SIZE, camera="close", place=(0.5, 0.93, 1.12))
    build = Build(plan, rng, frame, new_scene("glassware"), PALETTES["white"].schemes[0])
    render.apply_settings(build)
    place_camera(build)
    kind = KINDS[number % len(KINDS)]
    if kind == "opaque":
        _stand_opaque(build, rng, number // len(KINDS))
    else:
        _stand_glass(build, rng, kind)
    dome(build, "#ffffff", rng.uniform(0.35, 0.9))
    for side in (-1, 1):
        if rng.random() < 0.85:
            at = (side * rng.uniform(1.2, 2.2), -rng.uniform(0.2, 1.4), rng.uniform(0.6, 1.6))
            size = rng.uniform(0.2, 0.9), rng.uniform(1.0, 2.4)
            area(build, at, (0, 0, 0.5), size, rng.uniform(40, 120))
    scene = build.scene
    scene.render.film_transparent = True
    scene.cycles.film_transparent_glass = True
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Khronos PBR Neutral"
    render.render_picture(build, path, side=max(SIZE), samples=SAMPLES)


def _stand_glass(build: Build, rng: random.Random, kind: str) -> None:
    outline = rng.choice(VESSELS)(rng)
    tint = rng.choice(TINTS) if kind == "tinted" else "#f6fbfb"
    meshes.lathe(build, outline, thin_glass(tint), segments=128)
    # A thick foot, which bends light.
    wide = max(radius for radius, height in outline if height < 0.12)
    foot = [(0.0, 0.004), (0.93 * wide, 0.004), (0.9 * wide, rng.uniform(0.015, 0.05)), (0.0, 0.02)]
    meshes.lathe(build, foot, finish_material("glass", tint, asked=kind == "tinted"))
    top = max(height for _, height in outline)
    if kind == "filled":
        _fill(build, rng, outline)
    if rng.random() < 0.3:
        wide = float(np.interp(top, [height for _, height in outline], [radius for radius, _ in outline]))
        cap = finish_material(rng.choice(("gold", "wood", "matte", "silver")), "#202022")
        meshes.drum(build, 1.03 * wide, 0.1, cap, at=(0, 0, top - 0.01), bevel=0.01)


def _fill(build: Build, rng: random.Random, outline: Outline) -> None:
    """Pour something opaque into the widest part of a vessel."""
    heights, radii = [height for _, height in outline], [radius for radius, _ in outline]
    bottom = heights[int(np.argmax(radii))] * 0.25 + 0.06
    level = bottom + rng.uniform(0.3, 0.7) * (max(heights) - bottom)
    inside = [(0.96 * float(np.interp(z, heights, radii)), z) for z in np.linspace(bottom, level, 24)]
    drink = Shader("drink")
    drink.principled(colour=rng.choice(DRINKS), roughness=0.05, specular=0.5)
    meshes.lathe(build, [(0.0, bottom), *inside, (0.0, level)], drink)


def _stand_opaque(build: Build, rng: random.Random, turn: int) -> None:
    finish = SOLID[turn % len(SOLID)]
    colour = rng.choice(PALE) if rng.random() < 0.65 else rng.choice(("#101012", "#2f5d57", "#9a3b2c"))
    if finish == "plaster":
        finish, colour = "matte", "#f2f0ec"
    body = finish_material(finish, colour, asked=finish not in ("silver", "gold"))
    form = rng.choice(("vessel", "vessel", "mug", "dial", "frame", "box"))
    if form in ("vessel", "mug"):
        outline = rng.choice(VESSELS)(rng)
        meshes.lathe(build, outline, body, segments=128)
        if form == "mug":
            angles = np.linspace(-1.5, 1.5, 24)
            wide = float(
                np.interp(0.45, [height for _, height in outline], [radius for radius, _ in outline])
            )
            bow = [(wide + 0.16 * math.cos(a), 0.0, 0.45 + 0.2 * math.sin(a)) for a in angles]
            meshes.tube(build, bow, 0.03, body)
        return
    rim = finish_material(rng.choice(("gold", "silver", "wood", "matte")), "#18181a")
    if form == "dial":
        meshes.drum(build, 0.4, 0.06, body, at=(0, 0.03, 0.45), turn=(math.pi / 2, 0, 0), bevel=0.005)
        meshes.ring(build, 0.4, rng.uniform(0.006, 0.03), rim, at=(0, 0, 0.05))
    else:
        deep = 0.03 if form == "frame" else rng.uniform(0.2, 0.4)
        wide, tall = rng.uniform(0.4, 0.7), rng.uniform(0.5, 0.9)
        meshes.block(
            build, (wide, deep, tall), body, at=(0, 0, tall / 2), turn=(0, 0, rng.uniform(-0.3, 0.3))
        )
        if form == "frame":
            thick = rng.uniform(0.008, 0.03)
            for z in (0, tall):
                meshes.block(build, (wide, 0.05, thick), rim, at=(0, -0.02, z))
            for x in (-wide / 2, wide / 2):
                meshes.block(build, (thick, 0.05, tall), rim, at=(x, -0.02, tall / 2))


def _tumbler(rng: random.Random) -> Outline:
    r, tall = rng.uniform(0.2, 0.34), rng.uniform(0.5, 0.95)
    return [(0.0, 0.0), (0.9 * r, 0.0), (0.95 * r, 0.03), (rng.uniform(0.95, 1.15) * r, tall)]


def _goblet(rng: random.Random) -> Outline:
    r, stem = rng.uniform(0.22, 0.33), rng.uniform(0.25, 0.42)
    foot = [(0.0, 0.0), (0.75 * r, 0.0), (0.7 * r, 0.015), (0.08 * r, 0.05), (0.06 * r, stem)]
    end = rng.uniform(1.7, 2.3)
    turns = np.linspace(0.06, end, 26)
    deep = (0.95 - stem) / (1 - math.cos(end))
    bowl = [(r * math.sin(t) ** 0.85, stem + deep * (1 - math.cos(t))) for t in turns]
    return [*foot, *[(float(x), float(z)) for x, z in bowl]]


def _bottle(rng: random.Random) -> Outline:
    r, neck, shoulder = rng.uniform(0.15, 0.26), rng.uniform(0.045, 0.09), rng.uniform(0.45, 0.68)
    sharp = [(0.0, 0.0), (r, 0.0), (r, shoulder), (neck, shoulder + rng.uniform(0.08, 0.2)), (neck, 0.96)]
    return meshes.round_corners(sharp, 0.06, steps=10)


def _jar(rng: random.Random) -> Outline:
    r, tall = rng.uniform(0.22, 0.36), rng.uniform(0.5, 0.85)
    sharp = [(0.0, 0.0), (r, 0.0), (r, 0.85 * tall), (0.8 * r, 0.93 * tall), (0.8 * r, tall)]
    return meshes.round_corners(sharp, 0.04, steps=8)


def _vase(rng: random.Random) -> Outline:
    r, pinch, tall = rng.uniform(0.18, 0.3), rng.uniform(0.2, 0.6), rng.uniform(0.7, 0.95)
    shares = np.linspace(0, 1, 40)
    wide = r * (1 - pinch * np.sin(math.pi * (0.25 + 1.2 * shares)) ** 2) + 0.04 * shares
    return [(0.0, 0.0), *zip(wide.tolist(), (tall * shares).tolist(), strict=True)]


def _bowl(rng: random.Random) -> Outline:
    r, tall = rng.uniform(0.32, 0.44), rng.uniform(0.25, 0.45)
    turns = np.linspace(0.35, 1.5, 30)
    return [(0.0, 0.0), *[(float(r * math.sin(t)), float(tall * (1 - math.cos(t)))) for t in turns]]


VESSELS = (_tumbler, _goblet, _bottle, _jar, _vase, _bowl)

if __name__ == "__main__":
    raise SystemExit(main())
