#!/usr/bin/env bash
# AVIF packs a cutout's alpha with loss where WebP does not: the empty ground is no longer 0, the product no longer 255.
#
# One would guess that quality= is about colours, and that alpha comes back as it went in: so it is with WebP, whose
# alpha_quality is 100 unless one says otherwise, and AVIF keeps alpha in a picture of its own. But Pillow gives libavif
# one quality for both. At the default, 75, a see-through ground comes back at up to 10 of 255, which a dark page shows
# as a veil; the product's inside falls to 250, and lets the ground through. There is no option of Pillow's for alpha;
# libavif's own, advanced={"alpha:lossless": "1"}, gives it back exactly, for some two percent more bytes. HEIC by
# pillow-heif is off as well, by 1.
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
down, across = numpy.mgrid[0:256, 0:256]
alpha = numpy.clip((80 - numpy.hypot(down - 128, across - 128)) * 255, 0, 255)
noise = numpy.random.default_rng(0).normal(128, 40, (256, 256, 3)).clip(0, 255)
pixels = numpy.dstack([noise, alpha]).astype(numpy.uint8)
ground, product = pixels[..., 3] == 0, pixels[..., 3] == 255
seen = {}
for name, kind, options in (
    ("WebP, 75", "WEBP", {"quality": 75}),
    ("HEIC, 80", "HEIF", {"quality": 80}),
    ("AVIF, 75", "AVIF", {"quality": 75}),
    ("AVIF, 90", "AVIF", {"quality": 90}),
    ("AVIF, 75, alpha:lossless", "AVIF", {"quality": 75, "advanced": {"alpha:lossless": "1"}}),
):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    with Image.open(file) as back:
        read = numpy.asarray(back.convert("RGBA"))[..., 3]
    seen[name] = int(read[ground].max()), int(read[product].min())
    print(f"{name:25} ground up to {seen[name][0]:3}, product down to {seen[name][1]}; {len(file.getvalue())} bytes")
assert seen["WebP, 75"] == seen["AVIF, 75, alpha:lossless"] == (0, 255), "what was exact is no more"
assert seen["AVIF, 75"][0] >= 4 and seen["AVIF, 75"][1] <= 252, "alpha is nearer to what went in"
assert seen["AVIF, 90"] != (0, 255)
print("As it was found.")
PYTHON
