#!/usr/bin/env bash
# VTracer turns whatever can be seen through into a solid shape: a soft shadow becomes a black slab, alpha 1 is as good as 255.
#
# A cutout that is traced for print or a cutter goes in with its alpha, and SVG knows opacity. One would guess that a half
# covered pixel comes out half covered, or that there is a threshold at the middle, as a mask has. vtracer 0.6.15 takes the
# colours of all pixels but those of alpha 0, and writes shapes without any opacity: a shadow that runs from nothing to
# full strength is one opaque rectangle, and a shape of alpha 1 out of 255, which nobody can see, is the same SVG to the
# letter as one of alpha 255. So outlines grow by the whole of their soft rim. Thresholding alpha first is the caller's part.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" vtracer==0.6.15
PYTHONPATH=$folder "$python" - <<'PYTHON'
from importlib.metadata import version

import vtracer

print("vtracer", version("vtracer"))
SIDE = 40


def trace(alpha_at):
    """Trace a square of one red whose alpha is told by a function of x and y."""
    pixels = [(200, 30, 30, alpha_at(x, y)) for y in range(SIDE) for x in range(SIDE)]
    return vtracer.convert_pixels_to_svg(pixels, size=(SIDE, SIDE))


def block(alpha):
    return trace(lambda x, y: alpha if 10 <= x < 30 and 10 <= y < 30 else 0)


def shapes(svg):
    return [line.partition("fill=")[2] for line in svg.splitlines() if line.startswith("<path")]


whole = block(255)
for alpha in (0, 1, 64, 128, 255):
    print(f"block of alpha {alpha:3}:", shapes(block(alpha)) or "nothing", end="; ")
    print("the same SVG as that of 255" if block(alpha) == whole else "another SVG than that of 255")
shadow = trace(lambda x, y: x * 255 // (SIDE - 1))
print("from alpha 0 to 255:", shapes(shadow))
assert shapes(block(0)) == [], "what cannot be seen at all is traced now"
assert block(1) == block(64) == block(128) == whole, "alpha makes a difference now"
assert len(shapes(shadow)) == 1 and "opacity" not in shadow, "a shadow keeps its softness now"
print("As it was found.")
PYTHON
