#!/usr/bin/env bash
# pillow-heif opens grey HEIC of ten bits as 16-bit pixels though asked for eight, and Pillow then cuts them off.
#
# One would guess that open_heif(..., convert_hdr_to_8bit=True), its default, gives eight bits a channel for every
# picture, and that Pillow's plugin, which has it do so, hands out "L" for a grey one as it hands out "RGB" for one of
# colours. It holds for colours. A picture of one channel and more than eight bits comes as "I;16" all the same, its
# values moved up to the highest of 16 bits; Image.open(...).convert("L"), or "RGB", as most programs go on, cuts each
# value off at 255: but for its darkest levels the photo is white. No error, no warning; a grey HEIC of eight bits
# beside it comes out right.
#
# Needs Python 3.13. Prints the versions and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3.13}
install="$python -m pip install --quiet --disable-pip-version-check --target $folder"
$install pillow==13.0.0 pillow-heif==1.8.1 numpy==2.5.5
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io

import numpy as np
import PIL
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
print("Pillow", PIL.__version__, "pillow-heif", pillow_heif.__version__)
ramp = np.tile(np.linspace(0, 1, 64), (64, 1))


def saved(mode, pixels, bits):
    file = io.BytesIO()
    pillow_heif.from_bytes(mode, (64, 64), pixels.tobytes()).save(file, quality=-1, bit_depth=bits)
    return file


deep = (np.round(ramp * 1023).astype("<u2") << 6)
files = {
    "grey of 8 bits": saved("L", np.round(ramp * 255).astype(np.uint8), 8),
    "colours of 10 bits": saved("RGB;16", np.repeat(deep[..., np.newaxis], 3, axis=2), 10),
    "grey of 10 bits": saved("I;16", deep, 10),
}
seen = {}
for name, file in files.items():
    asked = pillow_heif.open_heif(file, convert_hdr_to_8bit=True)
    file.seek(0)
    opened = Image.open(file)
    grey = np.asarray(opened.convert("L"))[32]
    seen[name] = (asked.mode, opened.mode, int((grey > 250).sum()))
    white = seen[name][2]
    print(f"{name}: asked for eight bits {asked.mode}, Image.open {opened.mode}, white columns {white} of 64")
assert seen["grey of 8 bits"][:2] == ("L", "L") and seen["grey of 8 bits"][2] <= 2
assert seen["colours of 10 bits"][:2] == ("RGB", "RGB") and seen["colours of 10 bits"][2] <= 2
assert seen["grey of 10 bits"][:2] == ("I;16", "I;16") and seen["grey of 10 bits"][2] >= 60
print("As it was found.")
PYTHON
