#!/usr/bin/env bash
# The best quality of HEIC and AVIF writers is not lossless: pillow-heif's -1 is off by 5, Pillow's 100 by over 80.
#
# pillow-heif documents quality=-1 as lossless, and in Pillow's AVIF quality=100 is the end of the scale; with WebP
# lossless=True gives back every pixel. One would guess so here. What is lossless is the coding of the planes, after RGB
# became YCbCr with colour at half the resolution: thin coloured detail loses up to a third of its range in AVIF.
# subsampling="4:4:4" or chroma=444 leaves rounding of 1 to 3 levels; only with the identity matrix
# (matrix_coefficients=0) besides are HEIC's pixels the ones that went in.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
    pillow==13.0.0 pillow-heif==1.8.1 numpy==2.2.6
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io

import numpy
import PIL
import pillow_heif
from PIL import Image, features

pillow_heif.register_heif_opener()
print("Pillow", PIL.__version__, "libavif", features.version("avif"), "pillow-heif", pillow_heif.__version__)
down, across = numpy.mgrid[0:64, 0:64]
pixels = numpy.stack([across * 4, down * 4, (across ^ down) * 4], -1).astype(numpy.uint8)
seen = {}
for name, kind, options in (
    ("WebP, lossless", "WEBP", {"lossless": True}),
    ("HEIC, quality -1", "HEIF", {"quality": -1}),
    ("HEIC, -1, 4:4:4", "HEIF", {"quality": -1, "chroma": 444}),
    ("HEIC, -1, 4:4:4, RGB kept", "HEIF", {"quality": -1, "chroma": 444, "matrix_coefficients": 0}),
    ("AVIF, quality 100", "AVIF", {"quality": 100}),
    ("AVIF, 100, 4:4:4", "AVIF", {"quality": 100, "subsampling": "4:4:4"}),
):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    with Image.open(file) as back:
        off = numpy.abs(numpy.asarray(back.convert("RGB")).astype(int) - pixels)
    seen[name] = int(off.max())
    print(f"{name:26} off by at most {off.max():3}, in the mean {off.mean():.2f} of 255; {len(file.getvalue())} bytes")
assert seen["WebP, lossless"] == seen["HEIC, -1, 4:4:4, RGB kept"] == 0, "what was lossless is no more"
assert seen["HEIC, quality -1"] > 2 and seen["AVIF, quality 100"] > 40, "the best quality is better now"
assert 0 < seen["HEIC, -1, 4:4:4"] <= 3 and 0 < seen["AVIF, 100, 4:4:4"] <= 6
print("As it was found.")
PYTHON
