"""Colour spaces by their numbers: primaries, whites, curves, and the matrices between them.

ITU-T H.273 (07/2024), tables 2 and 3, numbers the primaries and the curves that PNG's cICP and HEIF's and
AVIF's nclx name. Curves lead from a stored value 0..1 to light 0..1; those of PQ and HLG are told apart in
tone_mapping.py. Where the standard has a camera's curve (1, 6, 11, 14, 15) it is the light of the screen that
such pictures are made for, BT.1886's, as browsers take it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Curve = Callable[[Values], Values]
Chromaticities = tuple[float, float, float, float, float, float, float, float]
"""x and y of white, red, green and blue, as in PNG's cHRM."""

WHITE_D65 = (0.3127, 0.3290)

SRGB: Chromaticities = (*WHITE_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)

PRIMARIES: dict[int, Chromaticities] = {
    1: SRGB,
    4: (0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*WHITE_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*WHITE_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    7: (*WHITE_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    8: (0.310, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (*WHITE_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*WHITE_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*WHITE_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}

SRGB_PRIMARIES, SRGB_CURVE, PQ, HLG = 1, 13, 16, 18

LEVELS = 65536

_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def srgb_light(v: Values) -> Values:
    """IEC 61966-2-1."""
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0) + 0.055) / 1.055) ** 2.4)


def srgb_stored(light: Values) -> Values:
    """The inverse of srgb_light, for light of 0 and more."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def pq_nits(v: Values) -> Values:
    """SMPTE ST 2084: a stored value 0..1 to nits 0..10000."""
    root = v ** (1 / 78.84375)
    return 10000 * (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)


def hlg_scene(v: Values) -> Values:
    """ARIB STD-B67, BT.2100: a stored value 0..1 to the scene's light 0..1."""
    return np.where(v <= 0.5, v**2 / 3, (np.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12)


def power(exponent: float) -> Curve:
    """Return the curve of a plain exponent."""

    def curve(v: Values) -> Values:
        light: Values = np.maximum(v, 0) ** exponent
        return light

    return curve


def _smpte240(v: Values) -> Values:
    return np.where(v < 0.0912, v / 4, ((np.maximum(v, 0) + 0.1115) / 1.1115) ** (1 / 0.45))


CAMERA_CURVES = (1, 6, 11, 12, 14, 15)
BT1886 = power(2.4)

CURVES: dict[int, Curve] = {
    1: BT1886,
    4: power(2.2),
    5: power(2.8),
    6: BT1886,
    7: _smpte240,
    8: power(1.0),
    11: BT1886,
    12: srgb_light,
    13: srgb_light,
    14: BT1886,
    15: BT1886,
    17: lambda v: np.power(np.maximum(v, 0), 2.6) * (52.37 / 48),
}


def is_known(transfer: int) -> bool:
    """Say whether the curve of this number can be followed."""
    return transfer in CURVES or transfer in (PQ, HLG)


def to_xyz(chromaticities: Chromaticities) -> Values:
    """Return the matrix (3, 3) from light of these primaries to XYZ, white at Y = 1.

    Raises numpy.linalg.LinAlgError or ZeroDivisionError where they span nothing.
    """
    columns = np.array([_xyz(*chromaticities[at : at + 2]) for at in (2, 4, 6)]).T
    shares = np.linalg.solve(columns, _xyz(*chromaticities[:2]))
    return columns @ np.diag(shares)


def adapt_to_d65(white: Values) -> Values:
    """Return the Bradford matrix (3, 3) that takes XYZ seen under `white` to D65."""
    seen, wanted = _BRADFORD @ white, _BRADFORD @ _xyz(*WHITE_D65)
    return np.linalg.inv(_BRADFORD) @ np.diag(wanted / seen) @ _BRADFORD


def to_srgb(chromaticities: Chromaticities) -> Values:
    """Return the matrix (3, 3) from light of these primaries to light of sRGB's. Raises as to_xyz."""
    white = _xyz(*chromaticities[:2])
    return np.linalg.inv(to_xyz(SRGB)) @ adapt_to_d65(white) @ to_xyz(chromaticities)


def from_d50() -> Values:
    """Return the matrix (3, 3) from XYZ under D50, where ICC profiles meet, to light of sRGB."""
    return np.linalg.inv(to_xyz(SRGB)) @ adapt_to_d65(np.array([0.9642, 1.0, 0.8249]))


def is_sound(chromaticities: Chromaticities) -> bool:
    """Say whether the numbers could be a screen's or a camera's: they span a triangle round their white."""
    numbers = np.array(chromaticities)
    if not (np.isfinite(numbers).all() and (np.abs(numbers) <= 2).all() and (numbers[[1, 3, 5]] > 0).all()):
        return False
    try:
        matrix = to_xyz(chromaticities)
    except (np.linalg.LinAlgError, ZeroDivisionError):
        return False
    return bool(np.isfinite(matrix).all() and (matrix.sum(axis=0) != 0).all() and (matrix[1] > -0.5).all())


def _xyz(x: float, y: float) -> Values:
    if y == 0:
        # An imaginary primary such as XYZ's own X and Z: no light, all colour.
        return np.array([x, 0.0, 1 - x])
    return np.array([x / y, 1.0, (1 - x - y) / y])


@functools.cache
def make_srgb_table() -> NDArray[np.uint8]:
    """Return sRGB's value of light in LEVELS equal steps from 0 to 1."""
    values = srgb_stored(np.arange(LEVELS) / (LEVELS - 1))
    return (values * 255 + 0.5).astype(np.uint8)


def list_pixels(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return pixels (H, W, 3) as (H * W, 3): the same memory where that is contiguous."""
    return np.ascontiguousarray(pixels).reshape(-1, 3)
