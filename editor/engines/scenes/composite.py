"""Compositing: the product laid over its rendered plate, pixel by pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types

Box = tuple[int, int, int, int]

MATCH_WHITE, MATCH_LIGHT, MATCH_WRAP = 0.22, 0.16, 0.22
"""How much of the set's white, brightness and edge light a product takes on that is matched to it."""

MOST_STOPS, MOST_TINT = 1.0, 0.7
"""How far a set's light changes a product's: its brightness, and one channel beside the others, in stops."""

KNEE = 0.82
"""Of linear light: from here what is brightened approaches white, and does not run over it."""

TOUCHING = 0.014
"""What ends so close to the ground, a share of the product's longer side, touches it."""

GAPS = ((0.6, (0.006, 0.004)), (0.4, (0.03, 0.014)))
"""The shade where product and ground meet: shares, each with its reach along and down, of the longer side."""

SHINES, MOST_SHINING = 0.8, 0.06
"""From which share of white something shines, and of how much of a picture all its light spreads."""

GLOW_SIDE = 320
GLOWS = ((0.006, 0.35), (0.025, 0.6), (0.08, 0.8))
"""How far light spreads, a share of the longer side, and how much of it."""


def resize_product(rgb: types.Image, alpha: types.Alpha, width: int, height: int) -> Image.Image:
    """Return the product, RGBA, at width x height pixels; resampled once, colours weighed by alpha."""
    rgba = Image.fromarray(np.dstack([rgb, (alpha * 255 + 0.5).astype(np.uint8)]))
    if rgba.size == (width, height):
        return rgba
    return rgba.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def shade_contact(
    plate: types.Image, alpha: types.Alpha, lift: NDArray[np.float32], box: Box, strength: float
) -> types.Image:
    """Return the plate with the narrow shade in which a product meets its ground.

    alpha (H, W) fills the box, its lower edge on the ground where it ends at lift (metres, the product's
    longer side being 1; any number of columns). The rendered body is too coarse for the gap below a
    rounded edge, where hardly any light comes. strength: 0 to 1, the share of light taken at the edge.
    """
    height, width = plate.shape[:2]
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    longer = max(wide, high)
    reach = max(2, round(0.09 * longer))
    solid = np.asarray(Image.fromarray(alpha).resize((wide, high), Image.Resampling.BILINEAR)) > 0.5
    has = solid.any(0)
    lowest = high - 1 - np.argmax(solid[::-1], 0)
    meets = high - 1 - np.interp(np.linspace(0, 1, wide), np.linspace(0, 1, len(lift)), lift) * longer
    line = np.zeros((high + 2 * reach, wide + 2 * reach), np.float32)
    columns = np.flatnonzero(has & (np.abs(lowest - meets) <= max(1.0, TOUCHING * longer)))
    line[lowest[columns] + reach, columns + reach] = 1.0
    shade = np.zeros_like(line)
    for share, (across, down) in GAPS:
        sigma = (max(0.5, down * longer), max(0.5, across * longer))
        # Along a level edge the blur of a line is 1 / (sqrt(2 pi) sigma) in its middle.
        shade += share * np.minimum(ndimage.gaussian_filter(line, sigma) * (sigma[0] * 2.507), 1.0)
    inner = (
        slice(max(0, top - reach), min(height, bottom + reach)),
        slice(max(0, left - reach), min(width, right + reach)),
    )
    part = shade[
        inner[0].start - top + reach : inner[0].stop - top + reach,
        inner[1].start - left + reach : inner[1].stop - left + reach,
    ]
    result = plate.copy()
    result[inner] = (plate[inner] * (1 - strength * part[..., None]) + 0.5).astype(np.uint8)
    return result


def spread_glow(plate: types.Image) -> types.Image:
    """Return the plate with the light of what shines in it spread around, as it is in a lens."""
    seen = plate.astype(np.float32) / np.float32(255)
    shines = np.clip((seen.max(-1, keepdims=True) - SHINES) / (1 - SHINES), 0, 1) * seen
    # Where much is bright it is a wall that is lit, and no lamp.
    share = float(shines.max(-1).mean())
    strength = min(1.0, MOST_SHINING / max(share, 1e-6))
    height, width = plate.shape[:2]
    # What is soft needs few pixels.
    shrunk = min(1.0, GLOW_SIDE / max(height, width))
    small = max(1, round(width * shrunk)), max(1, round(height * shrunk))
    glow = np.empty_like(seen)
    for channel in range(3):
        lamp = np.asarray(
            Image.fromarray(shines[..., channel]).resize(small, Image.Resampling.BOX), np.float32
        )
        soft = sum(part * ndimage.gaussian_filter(lamp, reach * max(small)) for reach, part in GLOWS)
        glow[..., channel] = np.asarray(
            Image.fromarray(np.asarray(soft, np.float32)).resize((width, height), Image.Resampling.BICUBIC)
        )
    made = 1 - (1 - seen) * (1 - np.clip(strength * glow, 0, 1))
    return (255 * made + 0.5).astype(np.uint8)


def overlay_product(
    plate: types.Image,
    product: Image.Image,
    box: Box,
    *,
    match: bool = False,
    gain: NDArray[np.float32] | None = None,
) -> types.Image:
    """Return the plate with the product over it at the box's left and top; what sticks out is cut off.

    gain: what its linear light is multiplied with, float32 (h, w, 3) of any size over what the picture shows
    of it. Where the product is opaque its pixels are exactly what comes out, unless they are matched or lit.
    """
    height, width = plate.shape[:2]
    left, top = box[0], box[1]
    pixels = np.asarray(product)
    inner = (max(0, left), max(0, top), min(width, left + product.width), min(height, top + product.height))
    if inner[0] >= inner[2] or inner[1] >= inner[3]:
        return plate.copy()
    part = pixels[inner[1] - top : inner[3] - top, inner[0] - left : inner[2] - left]
    window = (slice(inner[1], inner[3]), slice(inner[0], inner[2]))
    under = plate[window].astype(np.float32)
    alpha = part[..., 3:].astype(np.float32) / np.float32(255)
    over = part[..., :3].astype(np.float32)
    if gain is not None:
        over = lay_on_light(over, gain)
    if match:
        over = match_light(over, alpha[..., 0], plate, window)
    result = plate.copy()
    result[window] = (over * alpha + under * (1 - alpha) + 0.5).astype(np.uint8)
    return result


def limit_light(light: NDArray[np.float32], strength: float) -> NDArray[np.float32] | None:
    """Return the gain that light (h, w, 3; 1 is usual) has on a product's linear colours; None of strength 0.

    Its brightness goes up or down by a stop at most, its colour by a tint, and of both there is the share
    strength: a product is lit by its set, and stays what it is.
    """
    if strength <= 0:
        return None
    light = np.maximum(light, 1e-3)
    bright = (light @ np.array([0.2126, 0.7152, 0.0722], np.float32))[..., None]
    # Soft at its ends: light that is stronger still goes on being told apart.
    stops = MOST_STOPS * np.tanh(np.log2(bright) / MOST_STOPS)
    tint = MOST_TINT * np.tanh(np.log2(light / bright) / MOST_TINT)
    gain: NDArray[np.float32] = np.exp2(strength * (stops + tint)).astype(np.float32)
    return gain


def lay_on_light(over: NDArray[np.float32], gain: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return colours (H, W, 3; 0 to 255, sRGB) with a gain (h, w, 3) laid on in linear light."""
    height, width = over.shape[:2]
    sized = np.stack(
        [
            np.asarray(Image.fromarray(gain[..., k]).resize((width, height), Image.Resampling.BICUBIC))
            for k in range(3)
        ],
        -1,
    )
    stored = over / np.float32(255)
    # IEC 61966-2-1, there and back.
    linear = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
    linear = linear * np.maximum(sized, 0)
    # What would be brighter than white bends before it, so that light lettering stays legible.
    bent = np.where(linear > KNEE, KNEE + (1 - KNEE) * np.tanh((linear - KNEE) / (1 - KNEE)), linear)
    made = np.where(sized > 1, bent, linear)
    shown = np.where(made <= 0.0031308, made * 12.92, 1.055 * np.maximum(made, 0) ** (1 / 2.4) - 0.055)
    return np.clip(255 * shown, 0, 255).astype(np.float32)


def match_light(
    over: NDArray[np.float32], alpha: types.Alpha, plate: types.Image, window: tuple[slice, slice]
) -> NDArray[np.float32]:
    """Return a product's colours (H, W, 3) moved a little towards the light of its surroundings."""
    height, width = plate.shape[:2]
    pad = max(8, (window[1].stop - window[1].start) // 3)
    around = plate[
        max(0, window[0].start - pad) : min(height, window[0].stop + pad),
        max(0, window[1].start - pad) : min(width, window[1].stop + pad),
    ].astype(np.float32)
    mean = around.mean((0, 1)) + 1.0
    grey = float(mean.mean())
    white = (mean / grey) ** MATCH_WHITE
    light = np.clip((grey / 140.0) ** MATCH_LIGHT, 0.86, 1.08)
    tinted = over * (white * light).astype(np.float32)
    reach = max(2.0, 0.012 * max(alpha.shape))
    # Light of the background creeps round the edge, as it does in a lens.
    inside = ndimage.gaussian_filter(alpha, reach, mode="constant")
    rim = np.clip((1 - inside) * MATCH_WRAP, 0, MATCH_WRAP)[..., None]
    glow = np.stack(
        [ndimage.gaussian_filter(plate[window][..., k].astype(np.float32), 3 * reach) for k in range(3)], -1
    )
    return np.clip(tinted + rim * np.maximum(glow - tinted, 0), 0, 255)
