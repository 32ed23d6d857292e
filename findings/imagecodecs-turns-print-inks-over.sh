#!/usr/bin/env bash
# imagecodecs and Pillow hand each other's CMYK JPEGs over as negatives, in both directions and without a word.
#
# A product photo from a print shop is a CMYK JPEG. By Adobe's custom, which nearly all such files follow, it stores
# how much paper is left, not how much ink. Pillow turns that over, on reading and on writing. One would guess
# that imagecodecs, which tifffile builds on, does so too, or that both agree on a file at least: it gives out
# what is stored, so that 200 parts of magenta come as 55; and what it stores as ink, Pillow reads as paper, so that a
# red becomes nearly black. imagecodecs writes no Adobe marker with it, and Pillow asks for none before it turns over.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check imagecodecs==2026.3.6 numpy==2.4.6 pillow==13.0.0
"$folder/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

import imagecodecs
import numpy as np
from PIL import Image

print("imagecodecs", version("imagecodecs"), "Pillow", version("pillow"))
INKS = (0, 200, 200, 10)


def near(seen: object, told: tuple[int, ...]) -> bool:
    return bool(np.abs(np.asarray(seen, int) - told).max() <= 3)


file = io.BytesIO()
Image.new("CMYK", (64, 64), INKS).save(file, "JPEG", quality=95)
read = imagecodecs.jpeg8_decode(file.getvalue())[9, 9].tolist()
print("Pillow wrote", INKS, "- imagecodecs reads", read)

written = imagecodecs.jpeg8_encode(np.full((64, 64, 4), INKS, np.uint8), level=95)
picture = Image.open(io.BytesIO(written))
print("imagecodecs wrote", INKS, "- Pillow reads", picture.getpixel((9, 9)), "shown as", picture.convert("RGB").getpixel((9, 9)))

negative = tuple(255 - ink for ink in INKS)
assert near(read, negative), "imagecodecs turns print inks over now"
assert b"Adobe" in file.getvalue() and b"Adobe" not in written
assert near(picture.getpixel((9, 9)), negative), "the two agree now"
assert max(picture.convert("RGB").getpixel((9, 9))) < 20
print("As it was found.")
PYTHON
