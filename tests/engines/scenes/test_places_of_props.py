"""Where props stand: on the ground around the product, or on a shelf as wide as the picture, as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from editor.engines.blender import index_pass
from editor.engines.blender.kit import registry
from editor.engines.blender.kit.stage import Build, new_scene
from editor.engines.scenes.framing import frame_product
from editor.engines.scenes.plan import Piece, SetPlan


def begin(stand: str) -> Build:
    plan = SetPlan(Piece("wood"), Piece("wall"), Piece(stand), props=(Piece("ball", count=3),))
    frame = frame_product((300, 400), (600, 600), stand=stand)
    return Build.begin(plan, frame, 3, new_scene(f"test-{stand}"), (0.4, 0.3, 0.0))


def lowest(thing: Any) -> float:
    return float(thing.location.z + min(vertex.co.z for vertex in thing.data.vertices))


@pytest.mark.parametrize("stand", ["shelf", "block"])
def test_props_stand_on_a_shelf_and_beside_a_block(stand: str) -> None:
    from editor.engines.blender import pieces

    pieces.load_pieces()
    build = begin(stand)
    registry.STANDS[stand](build, build.plan.stand)
    before = set(build.scene.objects)
    index_pass.build_prop(build, build.plan.props[0], 2)
    balls = [thing for thing in build.scene.objects if thing not in before]
    assert balls
    for ball in balls:
        assert lowest(ball) == pytest.approx(build.foot_z if stand == "shelf" else 0.0, abs=0.03)
        assert ball.pass_index == 2
    if build.ledge is not None:
        front, back = build.ledge
        assert all(front < ball.location.y < back for ball in balls)
