"""ICC profiles: judged by what they do to colours, never by what they are called."""

from __future__ import annotations

import functools
import io
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from . import spaces

LEVEL = 1
"""Of 255: a profile that moves no colour by more is sRGB's own, in one of its many wordings."""

GRID = 33
"""Nodes a side of the cube of colours that a profile is tried on; as fine as the tables in profiles are."""

MATRIX_TAGS = (b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC")

Light = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Matrix:
    """What a profile of curves and a matrix says: light (3, LEVELS) of each 16-bit value, matrix (3, 3) of
    it to sRGB's light."""

    light: Light
    matrix: NDArray[np.float64]


@functools.lru_cache(maxsize=32)
def read_pixel_space(icc: bytes) -> str:
    """Return which pixels a profile is for, as its header has it: RGB, GRAY, CMYK, Lab; "" for none."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        return str(profile.profile.xcolor_space).strip()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return ""


@functools.lru_cache(maxsize=8)
def build_transform(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return what brings pictures of a Pillow mode (L, RGB, CMYK) under this profile to sRGB.

    None where nothing is to be done: it is sRGB itself, or does not fit the picture, or is damaged.
    By its perceptual intent, which browsers take too, of tables that have several.
    """
    made = _build_transform(icc, mode, ImageCms.Intent.PERCEPTUAL)
    if made is None or (mode != "CMYK" and _changes_nothing(made, mode)):
        return None
    if mode == "RGB":
        # sRGB's own v4 tables render for print by their first intent, and measure as sRGB by the second.
        plain = _build_transform(icc, mode, ImageCms.Intent.RELATIVE_COLORIMETRIC)
        if plain is not None and _changes_nothing(plain, mode):
            return None
    return made


@functools.cache
def build_lab_transform() -> ImageCms.ImageCmsTransform:
    """Return what brings pictures of Pillow's mode LAB to sRGB."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB", renderingIntent=ImageCms.Intent.PERCEPTUAL)


def _build_transform(icc: bytes, mode: str, intent: ImageCms.Intent) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, srgb, mode, "RGB", renderingIntent=intent)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_nothing(made: ImageCms.ImageCmsTransform, mode: str) -> bool:
    before = Image.fromarray(probe_colours(mode))
    after = made.apply(before)
    wanted = np.asarray(before.convert("RGB"), np.int16)
    return bool(np.abs(np.asarray(after, np.int16) - wanted).max() <= LEVEL)


@functools.cache
def probe_colours(mode: str) -> NDArray[np.uint8]:
    """Return the colours that tell what a profile does: every grey, every step of each primary, a cube.

    (1, N) for mode L, else (1, N, 3).
    """
    ramp = np.arange(256, dtype=np.uint8)
    if mode == "L":
        return ramp[np.newaxis]
    ramps = np.zeros((4, 256, 3), np.uint8)
    ramps[0] = ramp[:, np.newaxis]
    for channel in range(3):
        ramps[channel + 1, :, channel] = ramp
    nodes = np.linspace(0, 255, GRID).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(nodes, nodes, nodes), axis=-1)
    return np.concatenate([ramps.reshape(-1, 3), cube.reshape(-1, 3)])[np.newaxis]


@functools.lru_cache(maxsize=4)
def read_matrix(icc: bytes) -> Matrix | None:
    """Return what an RGB or grey profile of curves and a matrix says.

    None for one of tables, and for one that is damaged. ICC.1:2022, 8.3.3, 10.6, 10.18, F.3.
    """
    tags = _tags(icc)
    try:
        if b"A2B0" in tags:
            return None
        if b"kTRC" in tags:
            grey = _curve(tags[b"kTRC"])
            return Matrix(np.stack([grey] * 3), np.eye(3))
        if not all(tag in tags for tag in MATRIX_TAGS):
            return None
        colorants = np.array([struct.unpack(">3i", tags[tag][8:20]) for tag in MATRIX_TAGS[:3]]).T / 65536
        light = np.stack([_curve(tags[tag]) for tag in MATRIX_TAGS[3:]])
    except (struct.error, ValueError, IndexError):
        return None
    return Matrix(light, spaces.from_d50() @ colorants)


@functools.lru_cache(maxsize=16)
def read_code_points(icc: bytes) -> tuple[int, int] | None:
    """Return primaries and transfer (H.273) where the profile has them in a cicp tag (ICC.1:2022, 9.2.17)."""
    tag = _tags(icc).get(b"cicp", b"")
    return (tag[8], tag[9]) if len(tag) >= 12 and tag[:4] == b"cicp" else None


def _tags(icc: bytes) -> dict[bytes, bytes]:
    """Return a profile's tags; none of one that is cut off."""
    try:
        (count,) = struct.unpack(">I", icc[128:132])
        rows = [
            struct.unpack(">4sII", icc[at : at + 12]) for at in range(132, 132 + 12 * min(count, 100), 12)
        ]
    except struct.error:
        return {}
    return {name: icc[at : at + size] for name, at, size in rows}


def _curve(tag: bytes) -> Light:
    """Return a curveType's or parametricCurveType's light of every 16-bit value. Raises ValueError."""
    stored = np.arange(spaces.LEVELS) / (spaces.LEVELS - 1)
    if tag[:4] == b"curv":
        (count,) = struct.unpack(">I", tag[8:12])
        table = np.frombuffer(tag, ">u2", count, 12)
        if count == 0:
            light = stored
        elif count == 1:
            light = stored ** (int(table[0]) / 256)
        else:
            light = np.interp(stored, np.linspace(0, 1, count), table / 65535)
    elif tag[:4] == b"para":
        light = _parametric(struct.unpack(">H", tag[8:10])[0], tag[12:], stored)
    else:
        raise ValueError(tag[:4])
    return np.clip(np.nan_to_num(light), 0, 1).astype(np.float32)


def _parametric(kind: int, numbers: bytes, x: NDArray[np.float64]) -> NDArray[np.float64]:
    count = (1, 3, 4, 5, 7)[kind]
    values = [number / 65536 for number in struct.unpack(f">{count}i", numbers[: 4 * count])]
    g, a, b, c, d, e, f = (values + [0.0] * 7)[:7]
    if kind == 0:
        return x**g
    if kind in (1, 2):
        # Above -b / a a power, below it a constant: 0, or c.
        d, e, f, c = (-b / a if a else 0.0), (c if kind == 2 else 0.0), (c if kind == 2 else 0.0), 0.0
    return np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)


@functools.cache
def make_srgb() -> bytes:
    """Return sRGB's own profile, the same bytes each time: without the moment at which it was made."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2022, 7.2.8: date and time of a profile's making; and 7.2.18: its hash, which is left open.
    made[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    made[84:100] = bytes(16)
    return bytes(made)
