#!/usr/bin/env bash
# A cutout becomes a layer in psd-tools, and layer.topil() gives it back without a hole: its alpha went into a mask.
#
# One would guess that a layer made of an RGBA picture has that picture's alpha as its own transparency, as Photoshop's
# layers do, and that topil() returns the picture. create_pixel_layer of psd-tools 1.26.0 writes the alpha as a layer
# mask beside an opaque layer, and topil() shows layers without their masks: every pixel comes back whole, the colours
# that lay hidden under alpha 0 among them. composite() of the layer or of the document is right.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" "psd-tools[composite]==1.26.0" pillow==13.0.0
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io
from importlib.metadata import version

from PIL import Image
from psd_tools import PSDImage

print("psd-tools", version("psd-tools"), "Pillow", version("pillow"))
cutout = Image.new("RGBA", (8, 8), (10, 200, 10, 0))
cutout.paste((200, 40, 60, 255), (2, 2, 6, 6))
document = PSDImage.new("RGB", cutout.size)
document.create_pixel_layer(cutout, name="product", top=0, left=0)
file = io.BytesIO()
document.save(file)
file.seek(0)
layer = PSDImage.open(file)[0]
alone, shown = layer.topil().convert("RGBA"), layer.composite().convert("RGBA")
for name, picture in (("put in", cutout), ("topil()", alone), ("composite()", shown)):
    print(f"{name:12} outside {picture.getpixel((0, 0))}, product {picture.getpixel((4, 4))}")
print("has a mask:", layer.has_mask())
assert layer.has_mask(), "alpha is no mask any more"
assert alone.getpixel((0, 0)) == (10, 200, 10, 255), "topil() knows of the mask now"
assert shown.getpixel((0, 0))[3] == 0 and shown.getpixel((4, 4)) == (200, 40, 60, 255)
print("As it was found.")
PYTHON
