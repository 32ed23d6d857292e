"""What a file that was written says in its own image resources: its clipping path, its pixels per inch."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, PsdImagePlugin, TiffImagePlugin

from editor.engines import types
from editor.engines.io.colour.description import Density

from . import clipping_path, image_resources
from .curve_fit import Knots

RESOURCES = 34377
"""TIFF's tag for Photoshop's image resources."""
LENGTHS, OPEN = (0, 3), 3
"""Kinds of records that begin a curve: a closed one, an open one."""
KNOTS = (1, 2, 4, 5)


@dataclass(frozen=True)
class ReadPath:
    """A path as a file has it. parts: the knots of each curve, in pixels. closed: whether all of them are."""

    name: str
    parts: tuple[Knots, ...]
    closed: bool

    @property
    def points(self) -> int:
        return sum(len(part) for part in self.parts)

    def measure_agreement(self, mask: types.Alpha) -> float:
        """Return the intersection of what the path encloses and what is half opaque, over their union."""
        inside = mask >= 0.5
        covered = clipping_path.fill(list(self.parts), (mask.shape[1], mask.shape[0]))
        either = int((inside | covered).sum())
        return int((inside & covered).sum()) / either if either else 0.0


def read(picture: Image.Image) -> ReadPath | None:
    """Return the path by which an opened TIFF or PSD is to be clipped; None where it has none or several."""
    named = {}
    clips = b""
    for number, name, content in _list_blocks(picture):
        if image_resources.FIRST_PATH <= number < image_resources.CLIPPING_PATH - 1:
            named[name] = content
        elif number == image_resources.CLIPPING_PATH and content:
            clips = content[1 : 1 + content[0]]
    if list(named) != [clips]:
        return None
    return _read_path(named[clips], clips.decode("mac-roman"), picture.size)


def read_density(picture: Image.Image) -> Density | None:
    """Return the pixels per inch, across and down, that a TIFF's or PSD's resources say; None if none."""
    for number, _, content in _list_blocks(picture):
        if number == image_resources.RESOLUTION and len(content) >= 16:
            across, _, _, down = struct.unpack(">IHHI", content[:12])
            return across / 65536, down / 65536
    return None


def _list_blocks(picture: Image.Image) -> Iterator[tuple[int, bytes, bytes]]:
    if isinstance(picture, PsdImagePlugin.PsdImageFile):
        yield from picture.resources
    elif isinstance(picture, TiffImagePlugin.TiffImageFile):
        yield from _split(bytes(picture.tag_v2.get(RESOURCES, b"")))


def _split(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    while data[:4] == b"8BIM" and len(data) >= 12:
        number, length = struct.unpack(">HB", data[4:7])
        name = data[7 : 7 + length]
        at = 7 + length + (length + 1) % 2
        size = int.from_bytes(data[at : at + 4])
        yield number, name, data[at + 4 : at + 4 + size]
        data = data[at + 4 + size + size % 2 :]


def _read_path(content: bytes, name: str, size: tuple[int, int]) -> ReadPath:
    parts: list[list[list[float]]] = []
    closed = True
    for at in range(0, len(content) - image_resources.RECORD + 1, image_resources.RECORD):
        kind, *places = struct.unpack(">H6i", content[at : at + image_resources.RECORD])
        if kind in LENGTHS:
            parts.append([])
            closed &= kind != OPEN
        elif kind in KNOTS and parts:
            parts[-1].append(places)
    width, height = size
    scale = np.array([width, height]) / image_resources.UNIT
    knots = tuple(np.array(part, np.float64).reshape(-1, 3, 2)[..., ::-1] * scale for part in parts if part)
    return ReadPath(name, knots, closed and bool(knots))
