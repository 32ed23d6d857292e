"""Where props stand: on the ground around the product, or on a shelf as wide as the picture, as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# Blender's libraries are not for a process that has others loaded.
IN_BLENDER = """
import json
import numpy as np
from editor.engines.blender import index_pass, light_pass, pieces
from editor.engines.blender.kit import registry
from editor.engines.blender.kit.stage import Build, new_scene
from editor.engines.blender.pieces import drift
from editor.engines.scenes.framing import frame_product
from editor.engines.scenes.plan import Piece, SetPlan


def lowest(thing):
    return thing.location.z + min(vertex.co.z for vertex in thing.data.vertices)


pieces.load_pieces()
told = {}
for stand in ("shelf", "block"):
    plan = SetPlan(Piece("wood"), Piece("wall"), Piece(stand), props=(Piece("ball", count=3),))
    frame = frame_product((300, 400), (600, 600), stand=stand)
    build = Build.begin(plan, frame, 3, new_scene(stand), (0.4, 0.3, 0.0))
    registry.STANDS[stand](build, plan.stand)
    before, taken = set(build.scene.objects), build.list_taken()
    index_pass.build_prop(build, plan.props[0], 2)
    balls = [thing for thing in build.scene.objects if thing not in before]
    told[stand] = {
        "foot": build.foot_z,
        "ledge": build.ledge,
        "kept": len(build.list_taken()) - len(taken),
        "flat": [[spot.y, spot.size] for spot in build.spots(3, 0.2, depth=(-1.6, -0.3), low=True)],
        "balls": [[lowest(ball), ball.location.y, ball.pass_index] for ball in balls],
    }
    build.free(build.places_of[2])
    told[stand]["freed"] = build.list_taken()[: len(taken)] == taken and len(build.places_of[2])

told["honey"] = []
for ground in ("wood", "grass"):
    plan = SetPlan(Piece(ground), Piece("wall"), props=(Piece("honey"),), air="powder", palette="mono")
    build = Build.begin(plan, frame, 3, new_scene(ground), (0.4, 0.3, 0.0))
    index_pass.build_prop(build, plan.props[0], 2)
    told["honey"].append(max(lowest(thing) for thing in build.scene.objects if thing.type == "MESH"))
told["soot"] = drift._brightest(build)
told["rocks"], plan = [], SetPlan(Piece("wood"), Piece("wall"))
for colour in ("", "#7a8450"):
    build = Build.begin(plan, frame, 3, new_scene("rock"), (0.4, 0.3, 0.0))
    registry.STANDS["rock"](build, Piece("rock", colour))
    told["rocks"].append(len(list(build.scene.objects)[-1].data.materials[0].node_tree.nodes))
wide = frame_product((500, 300), (600, 600), company=True)
plan = SetPlan(Piece("wood"), Piece("wall"), props=(Piece("fir"), Piece("honey")))
told["twigs"] = []
for size_cm in (10.0, 20.0):
    build = Build.begin(plan, wide, 5, new_scene("twigs"), (0.9, 0.5, 0.0), size_cm=size_cm)
    for number in (2, 3):
        index_pass.build_again(build, number, 0.0)
        told["twigs"].append(sum(thing.pass_index == number for thing in build.scene.objects))
lit = np.ones((40, 40, 4), np.float32)
lit[:, 20:, :3] = 3.0
told["steps"] = []
for light in ("sun", "window", "neon"):
    made = light_pass.divide(lit, np.ones((40, 40, 4), np.float32), 1.0, soft=light_pass._softness(light))
    told["steps"].append(float(np.abs(np.diff(made[20, :, 0])).max() / np.ptp(made[20, :, 0])))
print(json.dumps(told))
"""


def test_props_stand_on_a_shelf_and_beside_a_block() -> None:
    command = [sys.executable, "-c", IN_BLENDER]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["shelf"]["ledge"] is not None
    front, back = told["shelf"]["ledge"]
    for stand, ground in (("shelf", told["shelf"]["foot"]), ("block", 0.0)):
        assert told[stand]["balls"]
        # A prop that is built once more may stand where it stood.
        assert told[stand]["freed"] == told[stand]["kept"] == len(told[stand]["balls"])
        assert stand == "shelf" or all(y + size < 0 for y, size in told[stand]["flat"])
        for lowest, depth, number in told[stand]["balls"]:
            assert lowest == pytest.approx(ground, abs=0.03)
            assert number == 2
            assert stand != "shelf" or front < depth < back
    on_wood, in_grass = told["honey"]
    assert in_grass > on_wood + 0.05
    # Powder is never soot, and a mossy rock is a rock with moss on it.
    assert max(int(told["soot"][at : at + 2], 16) for at in (1, 3, 5)) > 120
    assert told["rocks"][1] > told["rocks"][0]
    # Sun keeps its shadows' edges; what is soft, and tubes from both sides, leaves no seam on the product.
    sun, window, neon = told["steps"]
    assert sun == pytest.approx(1)
    assert neon < 0.1 < window < 0.2
    # What has no room in its true size is there as a twig.
    assert all(told["twigs"])
