#!/usr/bin/env bash
# Pillow reads a sound 16-bit RGB TIFF with planes apart as another picture, without a word.
#
# One would guess that how a TIFF is packed changes nothing of its pixels. With PlanarConfiguration 2, as
# Photoshop's "Per Channel" writes it, and ZIP or LZW, Pillow 13 is right. The very same planes without
# compression come out wrong: no error, no warning, the size is right, and the picture that comes is garbled.
# So is the alpha of 8-bit grey with alpha, planes apart, when it *is* compressed: it reads as 0 throughout.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
    pillow==13.0.0 numpy==2.2.6 tifffile==2026.3.3 imagecodecs==2026.1.14
PYTHONPATH=$folder "$python" - "$folder" <<'PYTHON'
import sys

import numpy
import PIL
import tifffile
from PIL import Image

folder = sys.argv[1]
print("Pillow", PIL.__version__, "tifffile", tifffile.__version__)

pixels = numpy.zeros((96, 128, 3), numpy.uint16)
pixels[:] = numpy.array((200, 100, 50)) * 257
pixels[:48, :64] = numpy.array((20, 60, 220)) * 257
planes = numpy.ascontiguousarray(numpy.moveaxis(pixels, 2, 0))
seen = {}
for packing in (None, "zlib", "lzw"):
    path = f"{folder}/rgb-{packing}.tif"
    tifffile.imwrite(path, planes, photometric="rgb", planarconfig="separate", compression=packing)
    assert (tifffile.imread(path) == planes).all()
    with Image.open(path) as picture:
        seen[packing] = numpy.asarray(picture.convert("RGB")).mean((0, 1)).round().tolist()
    print(f"16-bit RGB, planes apart, {packing or 'not packed'}: mean {seen[packing]}, true mean [155, 90, 92]")

grey = numpy.stack([numpy.full((96, 128), 150, numpy.uint8), numpy.full((96, 128), 255, numpy.uint8)])
alphas = {}
for packing in (None, "zlib"):
    path = f"{folder}/grey-{packing}.tif"
    options = {"photometric": "minisblack", "planarconfig": "separate", "extrasamples": ["unassalpha"]}
    tifffile.imwrite(path, grey, compression=packing, **options)
    try:
        with Image.open(path) as picture:
            alphas[packing] = int(numpy.asarray(picture.getchannel("A")).max())
    except Exception as error:
        alphas[packing] = type(error).__name__
    print(f"8-bit grey with alpha, planes apart, {packing or 'not packed'}: alpha {alphas[packing]}, true 255")

right = [abs(a - b) <= 1 for a, b in zip(seen["zlib"], (155, 90, 92))]
assert all(right), "ZIP is no longer right"
assert max(abs(a - b) for a, b in zip(seen[None], (155, 90, 92))) > 8, "not packed is right now"
assert alphas["zlib"] == 0, "alpha of packed planes is right now"
print("As it was found.")
PYTHON
