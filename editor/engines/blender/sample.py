"""The sample product of thumbnails: a bottle of lotion, modelled and photographed here."""

from __future__ import annotations

import math
import random
from pathlib import Path

import bpy
import numpy as np

from editor.engines.scenes.framing import frame_product
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import PALETTES

from . import render
from .kit import meshes
from .kit.camera import place_camera
from .kit.finishes import finish_material
from .kit.lamps import area, dome
from .kit.shaders import Shader
from .kit.stage import Build, new_scene

SIZE = (900, 1200)


def photograph(path: Path) -> None:
    """Write the sample product's cutout, an RGBA PNG of SIZE pixels."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    plan = SetPlan(Piece("sweep"), Piece("sweep"), blur=0.0)
    frame = frame_product((500, 1000), SIZE, camera="close", place=(0.5, 0.93, 1.12))
    still = random.Random(1)  # noqa: S311 - nothing here varies
    build = Build(plan, still, frame, new_scene("sample"), PALETTES["white"].schemes[0])
    render.apply_settings(build)
    place_camera(build)
    _bottle(build)
    dome(build, "#ffffff", 0.55)
    area(build, (-1.6, -1.3, 1.3), (0, 0, 0.5), (0.8, 2.2), 105)
    area(build, (1.9, -0.6, 1.0), (0, 0, 0.5), (0.5, 2.2), 70)
    area(build, (0.2, -1.0, 3.0), (0, 0, 0.8), 1.5, 40)
    scene = build.scene
    scene.render.film_transparent = True
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Khronos PBR Neutral"
    render.render_picture(build, path, side=max(SIZE), samples=64)


def _bottle(build: Build) -> None:
    """A round-shouldered bottle with a label and a metal cap, one metre high as all products here are."""
    glass = Shader("lacquer")
    glass.principled(colour="#2f5d57", roughness=0.2, coat=0.7, coat_roughness=0.04)
    outline = [(0.0, 0.0), (0.235, 0.0), (0.24, 0.03), (0.24, 0.58), (0.225, 0.66), (0.13, 0.735)]
    outline += [(0.1, 0.77), (0.1, 0.8), (0.0, 0.8)]
    meshes.lathe(build, meshes.round_corners(outline, 0.05, steps=10), glass, segments=160)
    cap = finish_material("gold", "#e3b968")
    meshes.drum(build, 0.125, 0.2, cap, at=(0, 0, 0.79), bevel=0.012)
    meshes.drum(build, 0.107, 0.012, glass, at=(0, 0, 0.778), bevel=0.002)
    paper = Shader("label")
    paper.principled(colour="#f3eee4", roughness=0.6)
    _band(build, paper, 0.2415, 0.2, 0.5)
    line = finish_material("gold", "#e3b968")
    for low, high in ((0.225, 0.229), (0.471, 0.475)):
        _band(build, line, 0.2422, low, high)
    ink = Shader("ink")
    ink.principled(colour="#2f5d57", roughness=0.6)
    for low, high, half in ((0.375, 0.415, 0.42), (0.325, 0.337, 0.3), (0.3, 0.307, 0.22)):
        _band(build, ink, 0.2422, low, high, half=half)


def _band(
    build: Build, shader: Shader, radius: float, low: float, high: float, half: float = math.pi
) -> None:
    """A strip round the bottle, `half` radians to either side of its front."""
    angles = np.linspace(-half, half, 97) - math.pi / 2
    ring = np.stack([radius * np.cos(angles), radius * np.sin(angles)], -1)
    points = np.stack([np.column_stack([ring, np.full(97, z)]) for z in (low, high)])
    meshes.lattice(build, points, shader)
