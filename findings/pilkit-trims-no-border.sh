#!/usr/bin/env bash
# pilkit's TrimBorderColor, by which Django sites crop product photos to the product, trims nothing under today's Pillow.
#
# One would guess that it cuts white borders away, as it says. pilkit 3.0, which django-imagekit 6 builds on, subtracts
# the border's colour from the picture in RGBA and asks Pillow for the box of what is left. In Pillow 13 such a box
# is by default that of alpha alone, and the alpha of two opaque pictures differs nowhere: nothing is "left", and the
# picture comes back whole, without a word, with whichever colour and tolerance, and so does a cutout whose border is
# clear. Asked for the box of all channels, Pillow finds the product.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" pilkit==3.0 pillow==13.0.0
PYTHONPATH=$folder "$python" - <<'PYTHON'
from importlib.metadata import version

from PIL import Image, ImageChops
from pilkit.processors import TrimBorderColor

print("pilkit", version("pilkit"), "Pillow", version("pillow"))
photo = Image.new("RGB", (100, 100), "white")
photo.paste((200, 30, 30), (30, 20, 60, 70))
cutout = Image.new("RGBA", photo.size, (255, 255, 255, 0))
cutout.paste((200, 30, 30, 255), (30, 20, 60, 70))
sizes = [
    TrimBorderColor().process(photo).size,
    TrimBorderColor((255, 255, 255, 255)).process(photo).size,
    TrimBorderColor((255, 255, 255, 255), tolerance=0).process(photo.convert("RGBA")).size,
    TrimBorderColor((255, 255, 255, 0)).process(cutout).size,
]
# The same step by hand, with the box of all channels and that of alpha alone.
apart = ImageChops.difference(photo.convert("RGBA"), Image.new("RGBA", photo.size, "white"))
print("the product fills", apart.getbbox(alpha_only=False), "of 100 x 100; alpha alone:", apart.getbbox())
print("trimmed to", sizes)
assert apart.getbbox(alpha_only=False) == (30, 20, 60, 70)
assert sizes == [(100, 100)] * 4, "it trims now"
print("As it was found.")
PYTHON
