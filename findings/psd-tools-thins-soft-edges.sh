#!/usr/bin/env bash
# psd-tools does not read back what it wrote of a cutout: colours of soft edges lose white that was never in them.
#
# One would guess that PSDImage.frompil(picture) and topil() are each other's opposite, at least for 8-bit RGBA. Photoshop
# keeps the merged picture of a document with transparency laid on white, and who reads it takes the white out again.
# psd-tools 1.26.0 does so when it reads (topil, composite and numpy alike), but frompil writes the colours as they came:
# a half covered edge of (200, 40, 60) is read as (145, 0, 0), and at a quarter as (0, 0, 0). Whole pixels are right, so
# that nothing is seen until the cutout stands on something bright. Pillow reads of the same file what went in.
#
# Prints versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" psd-tools==1.26.0 pillow==13.0.0
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io
from importlib.metadata import version

from PIL import Image
from psd_tools import PSDImage

print("psd-tools", version("psd-tools"), "Pillow", version("pillow"))
COLOUR = (200, 40, 60)
alphas = (255, 192, 128, 64, 0)
picture = Image.new("RGBA", (len(alphas), 1))
for across, alpha in enumerate(alphas):
    picture.putpixel((across, 0), (*COLOUR, alpha))
file = io.BytesIO()
PSDImage.frompil(picture).save(file)
file.seek(0)
read = PSDImage.open(file).topil()
file.seek(0)
other = Image.open(file).convert("RGBA")
print("alpha  wrote           psd-tools reads  Pillow reads")
seen = {}
for across, alpha in enumerate(alphas):
    seen[alpha] = read.getpixel((across, 0))
    assert other.getpixel((across, 0)) == (*COLOUR, alpha), "Pillow reads something else"
    print(f"{alpha:5}  {COLOUR}  {seen[alpha][:3]!s:15}  {other.getpixel((across, 0))[:3]}")
assert seen[255] == (*COLOUR, 255)
assert seen[128][3] == 128 and seen[128][0] < 160 and seen[64][0] < 60, "soft edges keep their colours now"
print("As it was found.")
PYTHON
