#!/usr/bin/env bash
# rembg multiplies colours by alpha and then saves them as if it had not: soft edges come out dark.
#
# One would guess that a cutout's RGB is the photo's (or a cleaned foreground's) and that alpha says how much of it
# there is, as PNG's alpha is straight. By default rembg 2.0.86 blends the photo with transparent black by its mask,
# colours and alpha alike: a pixel of (10, 200, 10) that is half subject becomes (5, 100, 5) with alpha 128. Laid on
# white it is multiplied once more, so hair, fur and every smoothed outline get a dark rim; on black nobody sees it.
# Where the mask is 255 all is well. Matting (alpha_matting=True) and decontaminate=True do not do this.
#
# Uses a session with a mask of our own, so no network is loaded. Prints versions and what was seen; ends with an
# error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" "rembg[cpu]==2.0.86"
PYTHONPATH=$folder "$python" - <<'PYTHON'
from importlib.metadata import version

from PIL import Image
from rembg import remove

print("rembg", version("rembg"))
PHOTO = (10, 200, 10)


class Session:
    """Says of every pixel that it is subject to the same degree."""

    def __init__(self, level):
        self.level = level

    def predict(self, image, *rest, **more):
        return [Image.new("L", image.size, self.level)]


seen = {}
for level in (255, 128, 32):
    red, green, blue, alpha = remove(Image.new("RGB", (32, 32), PHOTO), session=Session(level)).getpixel((16, 16))
    seen[level] = green
    white = round(255 + (green - 255) * alpha / 255), round(255 + (PHOTO[1] - 255) * alpha / 255)
    print(f"mask {level:3}: {(red, green, blue, alpha)}; on white green is {white[0]}, should be {white[1]}")
assert seen[255] == 200, "whole subject is no longer the photo's"
assert abs(seen[128] - 100) <= 1 and abs(seen[32] - 25) <= 1, "colours are no longer multiplied"
print("As it was found.")
PYTHON
