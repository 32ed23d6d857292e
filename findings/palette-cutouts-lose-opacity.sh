#!/usr/bin/env bash
# A cutout made small by a palette loses pixels of its product's inside: opaque ones come out see-through, some clear.
#
# A PNG of 256 colours with alpha is how cutouts are made small for shops, and one would guess that pixels that are
# wholly opaque stay so: a palette may shift a colour, but opaque is no colour. Both quantizers that Python has for
# RGBA weigh alpha like a fourth one. Of a colourful product with a soft edge Pillow's FASTOCTREE leaves a fifth
# to a third of the opaque pixels with less than 255, down to 215, at 64 colours down to 0, which are holes. imagequant
# 1.1.5 (pngquant's library) is gentler, 5 to 54 % of them, none under 251: not seen, but no longer opaque to whoever
# asks for it. Alpha has to be kept aside and put back.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" \
    imagequant==1.1.5 pillow==13.0.0 numpy==2.2.6
PYTHONPATH=$folder "$python" - <<'PYTHON'
from importlib.metadata import version

import imagequant
import numpy
from PIL import Image

print("imagequant", version("imagequant"), "Pillow", version("pillow"))
down, across = numpy.mgrid[0:256, 0:256]
away = numpy.hypot(across - 128, down - 128)
for soft in (2, 8, 16):
    alpha = numpy.clip((100 - away) / soft * 255 + 128, 0, 255)
    colours = [across, down, (across * down // 64) % 256]
    cutout = Image.fromarray(numpy.dstack([*colours, alpha]).astype(numpy.uint8), "RGBA")
    opaque = numpy.asarray(cutout)[..., 3] == 255
    for kept in (256, 64):
        said = []
        for name, small in (
            ("imagequant", imagequant.quantize_pil_image(cutout, max_colors=kept, max_quality=100)),
            ("FASTOCTREE", cutout.quantize(kept, Image.Quantize.FASTOCTREE)),
        ):
            left = numpy.asarray(small.convert("RGBA"))[..., 3][opaque]
            share = float((left < 255).mean())
            said.append(f"{name}: {share:.0%} of the opaque pixels below 255, least {left.min()}")
            assert share > 0.03, f"{name} keeps opaque pixels now"
        print(f"edge {soft} px soft, {kept} colours:", "; ".join(said))
print("As it was found.")
PYTHON
