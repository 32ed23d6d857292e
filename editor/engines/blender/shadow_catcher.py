"""The product's shadow alone, to lay over a photo."""

from __future__ import annotations

import random
from typing import Any

from editor.engines.scenes.framing import Frame
from editor.engines.scenes.palettes import USUAL
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.vocabulary import PALETTES

from . import product, render
from .kit import meshes
from .kit.camera import place_camera
from .kit.lamps import DAYLIGHT, area, dome
from .kit.shaders import Shader
from .kit.stage import Build, new_scene

HALF_WIDTH = 4.0
"""Of the ground, in metres: beyond it no shadow reaches, only noise."""


def build_shadow_catcher(
    take: dict[str, Any], frame: Frame, cutout: product.Cutout, foot: tuple[float, float, float]
) -> Build:
    """Return a set of nothing but the product, its light and a ground that only takes shadow.

    take["key_side"] says where the light comes from, -1 left or 1 right. Pictures of it are RGBA.
    """
    plan = SetPlan(Piece("sweep"), Piece("sweep"), blur=0.0)
    rng = random.Random(take["seed"])  # noqa: S311 - it moves a lamp
    build = Build(plan, rng, frame, new_scene("shadow"), PALETTES[USUAL].schemes[0], *foot)
    build.key_side = take["key_side"]
    render.apply_settings(build)
    place_camera(build)
    s = Shader("ground")
    s.principled(colour="#d0d0d0", roughness=1.0, specular=0.0)
    ground = meshes.sheet(build, (2 * HALF_WIDTH, 2 * HALF_WIDTH), (1, 1), s)
    ground.is_shadow_catcher = True
    dome(build, "#ffffff", 0.4)
    side = build.key_side * (1.6 + rng.uniform(-0.4, 0.4))
    # A little behind the product: its shadow comes forward, to where it is seen.
    area(build, (side, 0.6, 2.6), (0, 0.1, 0.2), 1.1, 240, DAYLIGHT)
    product.stand_product(build, cutout)
    scene = build.scene
    scene.render.film_transparent = True
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"
    scene.cycles.seed = take["seed"] % 2**31
    return build
