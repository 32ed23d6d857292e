#!/usr/bin/env bash
# ImageHash compares what nobody sees: two cutouts that look the same are told apart by the colours under alpha 0.
#
# Perceptual hashes find the same product twice, and one would guess that they look at what a picture shows. ImageHash 4.3.2
# drops alpha and hashes the colours beneath: a cutout whose ground was cleared to black (rembg, most services) and
# the same cutout whose ground keeps the photo or is white (editors, "keep RGB" options) are up to 64 of 64 bits apart,
# though every pixel that can be seen is equal; where both grounds are alike it is the ground that decides. Laid
# on one colour first they are 0 apart.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
    imagehash==4.3.2 pillow==13.0.0 numpy==2.2.6
PYTHONPATH=$folder "$python" - <<'PYTHON'
from importlib.metadata import version

import imagehash
import numpy
from PIL import Image

print("ImageHash", version("ImageHash"), "Pillow", version("pillow"))
down, across = numpy.mgrid[0:256, 0:256]
is_product = (across - 128) ** 2 + (down - 128) ** 2 < 80**2
alpha = numpy.where(is_product, 255, 0)
product = numpy.stack([150 + across // 4, down // 2, 60 + 0 * down], -1)


def cutout(ground):
    colours = numpy.where(is_product[..., None], product, ground)
    return Image.fromarray(numpy.dstack([colours, alpha]).astype(numpy.uint8), "RGBA")


def laid_on_grey(picture):
    return Image.alpha_composite(Image.new("RGBA", picture.size, (128, 128, 128, 255)), picture)


photo = numpy.stack([across, 255 - across, down], -1)
black, white, kept = cutout((0, 0, 0)), cutout((255, 255, 255)), cutout(photo)
seen = {}
print("bits of 64 apart   black, white beneath   black, photo beneath   laid on grey")
for name in ("average_hash", "phash", "dhash", "whash"):
    make = getattr(imagehash, name)
    seen[name] = make(black) - make(white), make(black) - make(kept)
    laid = max(make(laid_on_grey(black)) - make(laid_on_grey(other)) for other in (white, kept))
    print(f"{name:18} {seen[name][0]:20}   {seen[name][1]:20}   {laid:12}")
    assert laid == 0
assert all(min(apart) >= 8 for apart in seen.values()), "alpha counts now"
print("As it was found.")
PYTHON
