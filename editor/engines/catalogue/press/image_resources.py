"""Photoshop's image resources: blocks of a number, a name and bytes, which a PSD has, and a TIFF in a tag.

Adobe Photoshop File Formats Specification (2019), "Image Resources Section" and "Path resource format".
"""

from __future__ import annotations

import struct

import numpy as np

from editor.engines.errors import InvalidOptions
from editor.engines.io.colour.description import Density

from .clipping_path import ClippingPath
from .curve_fit import Knots

RESOLUTION, IPTC, PROFILE, XMP, FIRST_PATH, CLIPPING_PATH = 1005, 1028, 1039, 1060, 2000, 2999
CLOSED, LINKED, FILL_RULE, INITIAL_FILL = 0, 1, 6, 8
"""Kinds of a path's records."""
RECORD = 26
UNIT = 1 << 24
"""Places in a path are shares of the picture's height and width, in 8.24 fixed point."""
FLATNESS = 1 << 16
"""Pixels of the device by which a curve may be drawn flatter, in 16.16 fixed point."""
MOST_NAME = 63

PATH_NAME = "Clipping path"


def make_block(number: int, content: bytes, name: str = "") -> bytes:
    """Return one block, padded to an even length as all in it is."""
    body = content + b"\0" * (len(content) % 2)
    return b"8BIM" + struct.pack(">H", number) + _to_pascal(name) + struct.pack(">I", len(content)) + body


def describe_path(path: ClippingPath, name: str = PATH_NAME) -> bytes:
    """Return the blocks of a path and of what says that it is the one to clip by. Raises InvalidOptions."""
    clips = _to_pascal(name) + struct.pack(">IH", FLATNESS, 0)
    return make_block(FIRST_PATH, _pack_path(path), name) + make_block(CLIPPING_PATH, clips)


def describe_density(density: Density) -> bytes:
    """Return the block of pixels per inch, across and down."""
    across, down = (round(value * 65536) for value in density)
    return make_block(RESOLUTION, struct.pack(">IHHIHH", across, 1, 2, down, 1, 2))


def _to_pascal(name: str) -> bytes:
    text = name.encode("mac-roman", "replace")
    if len(text) > MOST_NAME:
        raise InvalidOptions(f"The path's name may have {MOST_NAME} letters. Make it shorter.")
    made = bytes([len(text)]) + text
    return made + b"\0" * (len(made) % 2)


def _pack_path(path: ClippingPath) -> bytes:
    """Return a path's records. Its closed curves are filled even-odd: a hole is one within another."""
    records = [struct.pack(">H24x", FILL_RULE), struct.pack(">H24x", INITIAL_FILL)]
    for number, part in enumerate(path.parts):
        records.append(struct.pack(">HHHHHH14x", CLOSED, len(part), 0, 1, 0, number))
        records += _pack_knots(part, path.size)
    return b"".join(records)


def _pack_knots(knots: Knots, size: tuple[int, int]) -> list[bytes]:
    shares = knots[..., ::-1] / np.array([size[1], size[0]])
    places = np.round(shares * UNIT).astype(">i4").reshape(len(knots), 6)
    return [struct.pack(">H", LINKED) + row.tobytes() for row in places]
