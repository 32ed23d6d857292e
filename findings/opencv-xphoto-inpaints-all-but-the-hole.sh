#!/usr/bin/env bash
# OpenCV's two inpaintings take the same mask for opposite things: xphoto's wipes the photo and keeps the unwanted object.
#
# cv2.inpaint fills what is white in its mask, as erasers everywhere do. One would guess that cv2.xphoto.inpaint, its
# better methods in the contributed modules with the same name and order of arguments, can be called with that
# mask. There white is what is to be kept: the object stays, and all else, the whole photo, is made up from it or left
# black. No error, no warning; with the mask turned over the hole is filled as it should be.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check opencv-contrib-python-headless==5.0.0.93 numpy==2.4.6
"$folder/bin/python" - <<'PYTHON'
import cv2
import numpy as np

print("OpenCV", cv2.__version__)
wall = np.repeat(np.linspace(60, 200, 64).astype(np.uint8)[None, :, None].repeat(64, 0), 3, axis=2)
hole = np.zeros((64, 64), np.uint8)
hole[24:40, 24:40] = 255
photo = wall.copy()
photo[hole > 0] = (0, 0, 255)


def tell(name: str, filled: np.ndarray) -> tuple[float, float]:
    off = np.abs(filled.astype(int) - wall).max(axis=2) > 12
    inside, outside = float(off[hole > 0].mean()), float(off[hole == 0].mean())
    print(f"{name}: wrong in the hole {inside:.0%}, wrong outside {outside:.0%}")
    return inside, outside


inside, outside = tell("cv2.inpaint, white hole", cv2.inpaint(photo, hole, 3, cv2.INPAINT_TELEA))
assert inside < 0.1 and outside == 0
made = []
for mask in (hole, 255 - hole):
    filled = np.zeros_like(photo)
    cv2.xphoto.inpaint(photo, mask, filled, cv2.xphoto.INPAINT_FSR_FAST)
    made.append(tell(f"xphoto, {'white' if mask is hole else 'black'} hole", filled))
assert made[0][0] == 1 and made[0][1] > 0.8, "it takes the eraser's mask now"
assert made[1] == (0, 0)
print("As it was found.")
PYTHON
