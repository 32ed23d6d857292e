#!/usr/bin/env bash
# blend_modes lays a shadow on a see-through ground by "normal" alone: by "multiply" and all other modes it vanishes.
#
# Blend modes say how colours mix; how far the result covers is the same for all of them in Photoshop, in SVG and CSS
# (W3C's Compositing and Blending): a + b - ab, and where the lower picture has nothing, the upper one shows as it is.
# One would guess that a package that calls its functions by Photoshop's names, and whose normal() does this, keeps to it.
# In blend_modes 2.2.0 the others keep the lower picture's alpha: a shadow multiplied onto the empty part of a cutout is not
# there, and an opaque layer over a half covered pixel leaves it half covered. On opaque grounds nobody notices.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" blend_modes==2.2.0 numpy==2.2.6
PYTHONPATH=$folder "$python" - <<'PYTHON'
from importlib.metadata import version

import blend_modes
import numpy

print("blend_modes", version("blend_modes"), "NumPy", numpy.__version__)


def pixel(*values):
    return numpy.array([[values]], dtype=float)


nothing, half, white = pixel(255, 255, 255, 0), pixel(255, 255, 255, 128), pixel(255, 255, 255, 255)
shadow, layer = pixel(0, 0, 0, 128), pixel(100, 100, 100, 255)
print("mode            shadow on nothing  layer on half  shadow on white   (alpha, alpha, grey)")
seen = {}
for name in ("normal", "multiply", "darken_only", "hard_light", "subtract", "grain_merge"):
    mode = getattr(blend_modes, name)
    first, second, third = (mode(*pair, 1.0)[0, 0] for pair in ((nothing, shadow), (half, layer), (white, shadow)))
    seen[name] = round(first[3]), round(second[3])
    print(f"{name:15} {first[3]:17.0f}  {second[3]:13.0f}  {third[0]:15.0f}")
assert seen.pop("normal") == (128, 255), "normal covers otherwise now"
assert set(seen.values()) == {(0, 128)}, "other modes cover more now"
print("As it was found.")
PYTHON
