"""The camera of a set: where it stands, what it has in focus."""

from __future__ import annotations

import math
from typing import Any

import bpy

from editor.engines.scenes.true_size import TYPICAL

from .stage import Build

SENSOR_MM = 36.0
APERTURES = (0.012, 0.28)
"""Width in metres of the set of the lens's opening at blur 0 and 1."""

BEFORE_WALLS, WIDE_OPEN = 0.5, 0.7
"""Before a wall the lens is stopped down to such a share, so that the ground before the product keeps its
grain: there is no distance to be lost. From this blur on somebody asked for it."""

DEEPER = 0.85
"""How much more is in focus of what is large; 1 is what one and the same lens would do."""


def place_camera(build: Build) -> None:
    """Put the set's camera where the frame says: level, its lens shifted; or straight above."""
    frame = build.frame
    data = bpy.data.cameras.new("camera")
    data.sensor_fit, data.sensor_width = "HORIZONTAL", SENSOR_MM
    data.lens = frame.lens / frame.width * SENSOR_MM
    data.clip_start, data.clip_end = 0.05, 500.0
    eye = bpy.data.objects.new("camera", data)
    box = frame.box
    # Where the product is laid over is rounded to whole pixels; so is what the camera looks at.
    x = (box[0] + box[2]) / 2
    if build.lies:
        y = (box[1] + box[3]) / 2
        eye.location = (0, 0, frame.distance)
        data.shift_y = (y - frame.height / 2) / frame.width
    else:
        eye.location = (0, -frame.distance, build.foot_z + frame.camera_height)
        eye.rotation_euler = (math.pi / 2, 0, 0)
        data.shift_y = (frame.horizon - 0.5) * frame.height / frame.width
    data.shift_x = (frame.width / 2 - x) / frame.width
    data.dof.use_dof = build.plan.blur > 0 and not build.lies
    data.dof.focus_distance = frame.distance
    data.dof.aperture_fstop = _f_stop(build, data, build.plan.blur)
    data.dof.aperture_blades = 0
    build.scene.collection.objects.link(eye)
    build.scene.camera = eye


def stop_down(build: Build, blur: float) -> None:
    """Stop the lens down, so that the distance is out of focus by `blur` at most."""
    data = build.scene.camera.data
    data.dof.aperture_fstop = max(data.dof.aperture_fstop, _f_stop(build, data, blur))


def _f_stop(build: Build, data: Any, blur: float) -> float:
    opening = APERTURES[0] + (APERTURES[1] - APERTURES[0]) * blur**1.5
    if build.backdrop.kind != "view" and blur < WIDE_OPEN:
        opening *= BEFORE_WALLS
    if build.size_cm > TYPICAL:
        # The lens stays as large as it is: beside a sofa it is small, and more of the room is in focus.
        opening *= (TYPICAL / build.size_cm) ** DEEPER
    return float(data.lens / 1000 / opening)
