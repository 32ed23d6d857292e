"""PSD files: product, shadow and ground as layers of their own, what they make together, and a path.

Adobe Photoshop File Formats Specification (2019); 8 bits of RGB, rows packed by PackBits.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from editor.engines import types
from editor.engines.finishing.shadow import Shadow
from editor.engines.io import compose, pictures
from editor.engines.io.colour import icc_profiles
from editor.engines.io.colour.description import Density

from . import clipping_path, image_resources
from .tiff_file import USUAL_DENSITY

RGB_MODE = 3
PACKED = 1
TRANSPARENCY = -1
"""Number of a layer's channel that is its alpha."""

Plane = NDArray[np.uint8]


@dataclass(frozen=True)
class Layer:
    """One layer: its name, where its left top corner lies, colours, and alpha, None where it is opaque."""

    name: str
    left: int
    top: int
    rgb: types.Image
    alpha: Plane | None


def write_psd(
    path: Path,
    rgb: types.Image,
    alpha: types.Alpha,
    shadow: Shadow | None = None,
    *,
    ground: types.Image | compose.Colour | None = None,
    with_path: bool = True,
    path_name: str = image_resources.PATH_NAME,
    density: Density | None = None,
    xmp: bytes = b"",
    iptc: bytes = b"",
) -> clipping_path.ClippingPath | None:
    """Write a product on its canvas as layers, and return the path that went along.

    shadow: between product and ground. ground: a picture of the canvas's size, or a colour; None for none.
    with_path: whether the product's outline goes along as the clipping path, named path_name. density: pixels
    per inch, 300 where nobody says. xmp: a packet of XMP. iptc: datasets of IPTC's Information Interchange
    Model. Raises UnsuitableContent where there is no product.
    """
    drawn = clipping_path.draw(alpha) if with_path else None
    height, width = alpha.shape
    layers = _lay(rgb, alpha, shadow, ground)
    resources = image_resources.describe_density(density or USUAL_DENSITY)
    if iptc:
        resources += image_resources.make_block(image_resources.IPTC, iptc)
    resources += image_resources.make_block(image_resources.PROFILE, icc_profiles.make_srgb())
    if xmp:
        resources += image_resources.make_block(image_resources.XMP, xmp)
    if drawn is not None:
        resources += image_resources.describe_path(drawn, path_name)
    planes = _merge(layers, (height, width))
    with path.open("wb") as file:
        file.write(struct.pack(">4sH6xHIIHH", b"8BPS", 1, len(planes), height, width, 8, RGB_MODE))
        file.write(struct.pack(">I", 0))
        file.write(struct.pack(">I", len(resources)) + resources)
        packed_layers = _pack_layers(layers, merged_alpha=len(planes) == 4)
        size = len(packed_layers)
        # The layers, and no mask for all of them.
        file.write(struct.pack(">II", size + 8, size) + packed_layers + struct.pack(">I", 0))
        counts, packed = zip(*(_pack_plane(plane) for plane in planes), strict=True)
        file.write(struct.pack(">H", PACKED) + b"".join(counts) + b"".join(packed))
    return drawn


def _lay(
    rgb: types.Image,
    alpha: types.Alpha,
    shadow: Shadow | None,
    ground: types.Image | compose.Colour | None,
) -> list[Layer]:
    """Return the layers from the lowest to the highest."""
    layers = []
    if ground is not None:
        colours = np.array(np.broadcast_to(np.asarray(ground, np.uint8), rgb.shape))
        layers.append(Layer("Ground", 0, 0, colours, None))
    if shadow is not None:
        shade = np.zeros_like(rgb) if shadow.rgb is None else shadow.rgb
        layers.append(_crop("Shadow", shade, pictures.to_bytes(shadow.alpha)))
    layers.append(_crop("Product", rgb, pictures.to_bytes(alpha)))
    return layers


def _crop(name: str, rgb: types.Image, alpha: Plane) -> Layer:
    """Return a layer as large as what is to be seen of it, with nothing hidden in it."""
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not len(rows):
        rows = columns = np.zeros(1, int)
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    colours = np.where(alpha[part][..., np.newaxis] > 0, rgb[part], 0).astype(np.uint8)
    return Layer(name, int(columns[0]), int(rows[0]), colours, alpha[part])


def _merge(layers: list[Layer], shape: tuple[int, int]) -> list[Plane]:
    """Return what the layers make together: red, green, blue, and alpha where it is not opaque.

    Where it is see-through its colours lie on white, as Photoshop has them.
    """
    made = np.full((*shape, 3), 255, np.float32)
    covered = np.zeros(shape, np.float32)
    for layer in layers:
        height, width = layer.rgb.shape[:2]
        part = slice(layer.top, layer.top + height), slice(layer.left, layer.left + width)
        one = np.float32(1) if layer.alpha is None else layer.alpha.astype(np.float32) / np.float32(255)
        share = np.broadcast_to(one, (height, width))[..., np.newaxis]
        made[part] += (layer.rgb - made[part]) * share
        covered[part] += (1 - covered[part]) * share[..., 0]
    colours = np.asarray(made + np.float32(0.5), np.uint8)
    planes = [np.ascontiguousarray(colours[..., channel]) for channel in range(3)]
    merged = pictures.to_bytes(covered)
    return planes if merged.min() == 255 else [*planes, merged]


def _pack_layers(layers: list[Layer], *, merged_alpha: bool) -> bytes:
    """Return the section of layers: a record of each, then the pixels of each."""
    records, pixels = b"", []
    for layer in layers:
        channels = [(number, np.ascontiguousarray(layer.rgb[..., number])) for number in range(3)]
        if layer.alpha is not None:
            channels.insert(0, (TRANSPARENCY, layer.alpha))
        packed = [(number, _pack_channel(plane)) for number, plane in channels]
        height, width = layer.rgb.shape[:2]
        box = (layer.top, layer.left, layer.top + height, layer.left + width)
        told = b"".join(struct.pack(">hI", number, len(content)) for number, content in packed)
        name = layer.name.encode("ascii")
        # A Pascal string whose whole length is a multiple of four.
        padded = bytes([len(name)]) + name
        padded += b"\0" * (-len(padded) % 4)
        extra = struct.pack(">II", 0, 0) + padded
        records += struct.pack(">4iH", *box, len(packed)) + told
        records += b"8BIMnorm" + struct.pack(">BBBB", 255, 0, 0, 0) + struct.pack(">I", len(extra)) + extra
        pixels += [content for _, content in packed]
    # A negative count says that the merged picture's first further channel is its alpha.
    count = -len(layers) if merged_alpha else len(layers)
    section = struct.pack(">h", count) + records + b"".join(pixels)
    return section + b"\0" * (len(section) % 2)


def _pack_channel(plane: Plane) -> bytes:
    counts, packed = _pack_plane(plane)
    return struct.pack(">H", PACKED) + counts + packed


def _pack_plane(plane: Plane) -> tuple[bytes, bytes]:
    """Return how many bytes each row has once it is packed, and these."""
    rows = [bytes(imagecodecs.packbits_encode(row.tobytes())) for row in plane]
    return struct.pack(f">{len(rows)}H", *map(len, rows)), b"".join(rows)
