"""Conversion of colours to sRGB: by what a file's profile, code points or numbers do, never by their names.

Where a file says several things, one counts: code points (PNG's cICP) before an ICC profile before "sRGB"
before gamma and chromaticities, as PNG's third edition has it; in HEIF and AVIF the profile goes first. What
is sRGB in all but name, and what says nothing, stays as it is to the bit. Wider colours are clipped to sRGB,
as browsers do.

High dynamic range (PQ and HLG) is tone_mapping.py's. Of a picture with a gain map the picture itself is sRGB
or a profile's, and that is what is read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types

from . import icc_profiles, spaces, tone_mapping
from .spaces import HLG, LEVELS, PQ, Chromaticities

Model = Literal["L", "RGB", "CMYK", "LAB"]
Pixels = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]
Way = Callable[[NDArray[Any]], types.Image]

SRGB_GAMMA = 0.45455
GAMMA_TOLERANCE = 0.05
"""Share by which two gammas may differ and be one: libpng's own, which browsers share."""

CHROMATICITY_TOLERANCE = 0.002

AGREEMENT = 2
"""Levels of 255 by which two ways through one profile may differ, both rounding as they go."""

ROWS = 256
"""Rows that are converted at once, so that no deep copy of a whole picture is made."""


@dataclass(frozen=True)
class Space:
    """What a file says of its colours; all of it None where it says nothing.

    icc: a profile. codes: primaries and transfer, numbered as in H.273. srgb: it says just that.
    gamma: the exponent that pixels were stored with, 0.45455 for about 1/2.2, 1 for linear light.
    chromaticities: x and y of white, red, green and blue.
    profile_first: the profile goes before the code points.
    peak_nits: the brightest light in a picture of a high dynamic range.
    """

    icc: bytes | None = None
    codes: tuple[int, int] | None = None
    srgb: bool = False
    gamma: float | None = None
    chromaticities: Chromaticities | None = None
    profile_first: bool = False
    peak_nits: float | None = None


PLAIN = Space()
LINEAR = Space(gamma=1.0)
"""Light itself, in sRGB's primaries: floating-point pictures by custom."""


def to_srgb(pixels: Pixels, space: Space = PLAIN, model: Model = "RGB") -> types.Image:
    """Return pixels as sRGB, uint8 (H, W, 3); maybe the very array where nothing is to be done.

    pixels: (H, W) for L, (H, W, 3) for RGB and LAB, (H, W, 4) for CMYK (255 is full ink), never with alpha;
    uint8, uint16 over all of its range, or float32 of 0..1 (clipped). LAB: float32 of L* 0..100, a* and b*,
    seen under D50. A profile that does not fit the pixels is ignored, as browsers do.
    """
    if model == "LAB":
        return _from_lab(pixels)
    way = _way(space, model)
    if way is None:
        return _plain(_to_eight_bits(pixels), model)
    return way(_to_sixteen_bits(pixels) if pixels.dtype == np.float32 else pixels)


def is_plain(space: Space, model: Model = "RGB") -> bool:
    """Say whether colours of this space are sRGB's as they are."""
    return model in ("L", "RGB") and _way(space, model) is None


@functools.lru_cache(maxsize=8)
def _way(space: Space, model: str) -> Way | None:
    """Return what brings pixels, uint8 or uint16, to sRGB; None where they are as they should be."""
    codes = _codes(space)
    if codes is not None and model != "CMYK":
        return _by_codes(codes, space)
    if space.icc and (model == "CMYK" or icc_profiles.read_pixel_space(space.icc) in ("RGB", "GRAY")):
        return _by_profile(space.icc, model)
    if space.srgb or model == "CMYK":
        return None
    return _by_numbers(space)


def _codes(space: Space) -> tuple[int, int] | None:
    """Return the code points that count before a profile, if any do."""
    if space.icc and (space.profile_first or space.codes is None):
        codes = icc_profiles.read_code_points(space.icc)
        # Of others the profile itself says as much.
        return codes if codes is not None and codes[1] in (PQ, HLG) and _is_known(codes) else None
    return space.codes if space.codes is not None and _is_known(space.codes) else None


def _is_known(codes: tuple[int, int]) -> bool:
    primaries, transfer = codes
    return primaries in spaces.PRIMARIES and spaces.is_known(transfer)


def _by_codes(codes: tuple[int, int], space: Space) -> Way | None:
    primaries, transfer = codes
    chromaticities = spaces.PRIMARIES[primaries]
    if transfer in (PQ, HLG):
        return tone_mapping.map_tones(transfer, chromaticities, space.peak_nits)
    if chromaticities == spaces.SRGB and transfer == spaces.SRGB_CURVE:
        return None
    curve = spaces.CURVES[transfer](np.arange(LEVELS) / (LEVELS - 1)).astype(np.float32)
    return _by_matrix(np.stack([curve] * 3), spaces.to_srgb(chromaticities))


def _by_numbers(space: Space) -> Way | None:
    """Follow gamma and chromaticities; sRGB's own, or what makes no sense, is what nothing is said by."""
    told = space.chromaticities
    if told is not None and (not spaces.is_sound(told) or _is_near(told, spaces.SRGB)):
        told = None
    gamma = space.gamma if space.gamma and 0.1 <= space.gamma <= 4 else SRGB_GAMMA
    usual = abs(gamma / SRGB_GAMMA - 1) < GAMMA_TOLERANCE
    if told is None and usual:
        return None
    curve: spaces.Curve = spaces.srgb_light
    if not usual or space.gamma:
        curve = spaces.power(1 / gamma)
    light = curve(np.arange(LEVELS) / (LEVELS - 1)).astype(np.float32)
    return _by_matrix(np.stack([light] * 3), spaces.to_srgb(told or spaces.SRGB))


def _is_near(told: Chromaticities, known: Chromaticities) -> bool:
    return max(abs(a - b) for a, b in zip(told, known, strict=True)) <= CHROMATICITY_TOLERANCE


def _by_profile(icc: bytes, model: str) -> Way | None:
    """Follow a profile: one of curves and a matrix at any depth, another at eight bits."""
    grey = model == "L" and icc_profiles.read_pixel_space(icc) == "GRAY"
    mode = "L" if grey else ("CMYK" if model == "CMYK" else "RGB")
    transform = icc_profiles.build_transform(icc, mode)
    if transform is None:
        return None

    def by_transform(pixels: NDArray[Any]) -> types.Image:
        picture = Image.fromarray(_to_eight_bits(pixels), "CMYK" if mode == "CMYK" else None)
        return np.asarray(transform.apply(picture if picture.mode == mode else picture.convert(mode)))

    told = None if mode == "CMYK" else icc_profiles.read_matrix(icc)
    if told is None:
        return by_transform
    # Four times quicker, and deep; where the two do not agree, lcms knows better.
    quick, tried = _by_matrix(told.light, told.matrix), icc_profiles.probe_colours(mode)
    apart = np.abs(quick(tried).astype(np.int16) - by_transform(tried)).max()
    return quick if apart <= AGREEMENT else by_transform


def _by_matrix(light: NDArray[np.float32], matrix: NDArray[np.float64]) -> Way:
    """Return the way of curves, light (3, LEVELS), and a matrix (3, 3)."""
    from . import conversion_kernels

    shallow = np.ascontiguousarray(light[:, ::257])
    towards = matrix.astype(np.float32)

    def way(pixels: NDArray[Any]) -> types.Image:
        if pixels.ndim == 2:
            return np.repeat(_convert_grey(pixels, light[0])[..., np.newaxis], 3, axis=2)
        made = np.empty(pixels.shape, np.uint8)
        curves = shallow if pixels.dtype == np.uint8 else light
        conversion_kernels.convert_pixels(
            spaces.list_pixels(pixels), curves, towards, spaces.make_srgb_table(), spaces.list_pixels(made)
        )
        return made

    return way


def _convert_grey(pixels: NDArray[Any], light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return grey pixels with sRGB's curve instead of that of `light` (LEVELS,)."""
    table = spaces.make_srgb_table()[(np.clip(light, 0, 1) * (LEVELS - 1) + 0.5).astype(np.int64)]
    return np.take(table[::257] if pixels.dtype == np.uint8 else table, pixels)


def _to_eight_bits(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pixels of any depth as uint8, rounded."""
    if pixels.dtype == np.uint8:
        return pixels
    made = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), ROWS):
        strip = pixels[top : top + ROWS]
        if strip.dtype != np.uint16:
            strip = _to_sixteen_bits(strip)
        # Exactly v / 257, rounded.
        made[top : top + ROWS] = (strip.astype(np.uint32) * 255 + 32895) >> 16
    return made


def _to_sixteen_bits(pixels: NDArray[Any]) -> NDArray[np.uint16]:
    return (np.clip(np.nan_to_num(pixels), 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def _plain(pixels: NDArray[np.uint8], model: str) -> types.Image:
    if model == "RGB":
        return pixels
    return np.asarray(Image.fromarray(pixels, "CMYK" if model == "CMYK" else None).convert("RGB"))


def _from_lab(pixels: NDArray[Any]) -> types.Image:
    """CIE 15: L*, a*, b* under D50 to sRGB."""
    matrix = spaces.from_d50()
    white = np.array([0.9642, 1.0, 0.8249])
    made = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), ROWS):
        strip = pixels[top : top + ROWS].astype(np.float64)
        y = (strip[..., 0] + 16) / 116
        roots = np.stack([y + strip[..., 1] / 500, y, y - strip[..., 2] / 200], axis=-1)
        xyz = white * np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (108 / 841))
        stored = spaces.srgb_stored(np.clip(xyz @ matrix.T, 0, 1))
        made[top : top + ROWS] = (stored * 255 + 0.5).astype(np.uint8)
    return made
