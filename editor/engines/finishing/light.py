"""The light on a cutout: exposure and white balance, as one table a channel.

The stage shows it by the same tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engines import types

from .finish import Finish

WARMEST = 0.6
"""Stops by which red rises, and blue falls, at a warmth of 1."""
GREENEST = 0.4
"""Stops by which green falls at a tint of 1, towards magenta."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Shares of the channels in linear sRGB's luminance (ITU-R BT.709)."""

Table = NDArray[np.uint8]
"""What each value of each channel becomes, (3, 256)."""


def find_gains(finish: Finish) -> NDArray[np.float64]:
    """Return what red, green and blue are multiplied by in linear light.

    White balance leaves a white's luminance as it is, so that exposure alone says how bright it is.
    """
    stops = np.array([WARMEST * finish.warmth, -GREENEST * finish.tint, -WARMEST * finish.warmth])
    balance = 2.0**stops
    return 2.0**finish.exposure * balance / (LUMINANCE @ balance)


def to_linear(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return values of sRGB, 0..255, in linear light, 0..1 (IEC 61966-2-1)."""
    coded = values / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def make_table(finish: Finish) -> Table | None:
    """Return the table of a finish, None where its light changes nothing.

    IEC 61966-2-1's curve there and back; what becomes brighter than white is white.
    """
    if not (finish.exposure or finish.warmth or finish.tint):
        return None
    linear = to_linear(np.arange(256))
    lit = np.minimum(linear * find_gains(finish)[:, np.newaxis], 1.0)
    made = np.where(lit <= 0.0031308, 12.92 * lit, 1.055 * lit ** (1 / 2.4) - 0.055)
    return np.asarray(np.floor(made * 255 + 0.5), np.uint8)


def relight(rgb: types.Image, table: Table) -> types.Image:
    """Return a picture with each channel as its table says."""
    made = np.empty_like(rgb)
    for channel in range(3):
        np.take(table[channel], rgb[..., channel], out=made[..., channel])
    return made
