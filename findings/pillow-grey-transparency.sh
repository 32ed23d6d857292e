#!/usr/bin/env bash
# Pillow leaves the transparent grey of a PNG opaque at 2, 4 and 16 bits; at 1 and 8 bits it is right.
#
# In a grey PNG, tRNS names one grey value, in the file's own depth, that is fully transparent. One would guess
# that how many bits a value has makes no difference: the grey that tRNS names comes out with alpha 0. Pillow 13
# spreads 2- and 4-bit greys over 0..255 and shortens 16-bit ones, but compares them with the value as it stands
# in tRNS, so nothing matches: the whole picture is opaque, without an error or a warning. Value 0 works at any
# depth but 16, as it stays 0; the transparent colour of 16-bit RGB has the same fate as 16-bit grey.
#
# Prints the version and what was seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" pillow==13.0.0
PYTHONPATH=$folder "$python" - <<'PYTHON'
import io
import struct
import zlib

import PIL
from PIL import Image

GREY, RGB = 0, 2


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def alphas(depth, colour, row, width, transparent):
    header = struct.pack(">IIBBBBB", width, 1, depth, colour, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tRNS", transparent)
    file += chunk(b"IDAT", zlib.compress(b"\0" + row)) + chunk(b"IEND", b"")
    with Image.open(io.BytesIO(file)) as picture:
        return list(picture.convert("RGBA").getchannel("A").tobytes())


print("Pillow", PIL.__version__)
# A row of two pixels: one of the grey that tRNS names, one of another.
rows = {
    1: (b"\x80", 1),
    2: (b"\x90", 2),
    4: (b"\xa5", 10),
    8: (bytes((160, 80)), 160),
    16: (struct.pack(">HH", 0xA034, 0x5056), 0xA034),
}
seen = {}
for depth, (row, value) in rows.items():
    seen[depth] = alphas(depth, GREY, row, 2, struct.pack(">H", value))
    print(f"grey of {depth:2} bits, transparent grey {value:5}: alpha {seen[depth]}, should be [0, 255]")
deep = struct.pack(">6H", 0xA034, 0x5056, 0x1078, 0, 0, 0)
seen["RGB"] = alphas(16, RGB, deep, 2, deep[:6])
print(f"RGB of 16 bits: alpha {seen['RGB']}, should be [0, 255]")
assert seen[1] == seen[8] == [0, 255], "1 and 8 bits are no longer right"
assert all(seen[depth] == [255, 255] for depth in (2, 4, 16, "RGB")), "another depth is right now"
print("As it was found.")
PYTHON
