"""The ground that a photo shows around its product: whether it is plain, and how grey or white it is.

What is grey or white there tells the light's colour: it reflects all of it alike, so what it shows in the
photo is the light itself (J. von Kries, "Chromatic adaptation", 1902: a gain for each channel takes it away).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from editor.engines import types
from editor.engines.io import pictures

from .light import GREENEST, LUMINANCE, WARMEST, to_linear

SIDE = 512
"""Pixels of the longer side at which a ground is looked at."""
APART = 0.02
"""Share of the side around the product that does not count: its shadow and colours lie there."""
LEAST = 0.03
"""Share of the picture that must be ground."""
SLOPE = 4.0
"""Grey levels per pixel, at that side: a ground with so many steeper places has a texture."""
GRAIN = 10.0
"""Grey levels between neighbours in the photo itself: a camera's noise stays below."""
SPREAD = 0.12
"""Stops by which the ground's hue may differ from place to place."""
DARKEST = 0.05
"""Linear luminance below which noise says as much of a colour as the ground does."""
WIDEST_WARMTH, WIDEST_TINT = 0.75, 0.3
"""Stops between blue and red, and of green beside both: what has more is a coloured ground in any light."""
FULL = 250
"""A value from which on a channel may be cut off."""


@dataclass(frozen=True)
class OwnGround:
    """A ground's linear colour, (3,), and its brighter part's luminance; or why it says nothing.

    reason is "" for a plain one, whether grey, white or coloured.
    """

    colour: NDArray[np.float64] | None = None
    brightness: float = 0.0
    reason: str = ""

    @property
    def cast(self) -> tuple[float, float]:
        """Stops of blue over red, and of green over what lies between these two."""
        if self.colour is None:
            return 0.0, 0.0
        red, green, blue = np.log2(np.maximum(self.colour, 1e-4))
        return float(blue - red), float(green - (red + blue) / 2)

    @property
    def is_neutral(self) -> bool:
        """Whether it may be grey or white in a light that is not."""
        warm, green = self.cast
        return self.colour is not None and abs(warm) <= WIDEST_WARMTH and abs(green) <= WIDEST_TINT

    @property
    def balance(self) -> tuple[float, float]:
        """The warmth and the tint of a finish that make it grey."""
        warm, green = self.cast
        return warm / (2 * WARMEST), green / GREENEST


def look_at_ground(photo: types.Image, opaque: types.Alpha | None, alpha: types.Alpha) -> OwnGround:
    """Return what a photo shows around its product.

    photo: as it was taken, (H, W, 3). opaque: its own alpha, None where it is opaque. alpha: the product's.
    """
    factor = max(1, math.ceil(max(alpha.shape) / SIDE))
    whole = Image.fromarray(photo)
    small = np.asarray(whole.reduce(factor) if factor > 1 else whole)
    product = Image.fromarray(pictures.to_bytes(alpha))
    product = product.reduce(factor) if factor > 1 else product
    spread = product.point(lambda value: 255 if value else 0).filter(
        ImageFilter.BoxBlur(max(2, round(APART * max(product.size))))
    )
    free = np.asarray(spread) == 0
    if opaque is not None:
        shown = Image.fromarray(pictures.to_bytes(opaque))
        free &= np.asarray(shown.reduce(factor) if factor > 1 else shown) == 255
    if free.mean() < LEAST:
        return OwnGround(reason="The photo shows hardly any ground around the product.")
    if _has_texture(small, free) or _has_grain(photo, free, factor):
        return OwnGround(reason="The ground has a texture.")
    return _read_colour(small[free])


def _read_colour(values: NDArray[np.uint8]) -> OwnGround:
    """Return the ground of these values, (N, 3)."""
    linear = to_linear(values)
    bright = float(np.percentile(linear @ LUMINANCE, 75))
    if bright < DARKEST:
        return OwnGround(reason="The ground is too dark to show the light’s colour.")
    whole = (values < FULL).all(axis=1)
    # What is cut off at white tells no hue, unless nothing else is there.
    counted = linear[whole] if whole.mean() > 0.25 else linear
    hues = np.log2(np.maximum(counted, 1e-4))
    for stops in (hues[:, 2] - hues[:, 0], hues[:, 1] - (hues[:, 0] + hues[:, 2]) / 2):
        low, high = np.percentile(stops, [25, 75])
        if high - low > SPREAD:
            return OwnGround(brightness=bright, reason="The ground is not of one colour.")
    return OwnGround(np.median(counted, axis=0), bright)


def _has_texture(small: types.Image, free: types.Mask) -> bool:
    grey = small.astype(np.float32).mean(axis=2)
    across, down = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    steps = np.concatenate([across[free[:, 1:] & free[:, :-1]], down[free[1:] & free[:-1]]])
    # A horizon, a seam and a mote are edges of few pixels.
    return bool(len(steps) and np.percentile(steps, 85) > SLOPE)


def _has_grain(photo: types.Image, free: types.Mask, factor: int) -> bool:
    """Say whether neighbours differ in the photo where its small copy shows nothing of it."""
    if factor < 2:
        return False
    height, width = photo.shape[0] // factor, photo.shape[1] // factor
    one = photo[: height * factor : factor, : width * factor : factor].astype(np.int16)
    other = photo[1 : height * factor : factor, 1 : width * factor : factor].astype(np.int16)
    steps = np.abs((one - other).mean(axis=2))[free[:height, :width]]
    return bool(len(steps) and np.median(steps) > GRAIN)
