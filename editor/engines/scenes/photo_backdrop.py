"""Photo backdrops: the product stands in a photo of the brand's own, and throws its shadow on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types

from . import framing

SHADOW = 0.86
"""The darkest that a shadow makes the photo: some light always comes round."""

FAINT = (0.02, 0.08)
"""Shadow fainter than the first is the noise of its rendering; it counts fully from the second."""

BORDER = 4
"""Pixels at the picture's edge where the denoiser is not to be trusted."""

FADE = 0.32
"""Share of the product's height at which its reflection is gone."""

BLUR = 0.012
"""Blur of the reflection where it ends, as a share of the product's height."""


def find_brighter_side(photo: types.Image) -> int:
    """Return -1 where the photo's light seems to come from the left, 1 from the right."""
    light = photo.mean((0, 2))
    third = max(1, len(light) // 3)
    return -1 if light[:third].mean() >= light[-third:].mean() else 1


def frame_on_floor(
    product: tuple[int, int],
    picture: tuple[int, int],
    *,
    floor: float,
    copy_space: str = "",
    place: framing.Place | None = None,
) -> framing.Frame:
    """Return how the product is seen on a photo whose ground it meets at `floor`, a share of its height."""
    frame = framing.frame_product(product, picture, copy_space=copy_space, place=place)
    if place is None:
        x, _, scale = frame.place
        width, height = picture
        tall = frame.size[1] * scale * min(width, height) / height
        # A floor line near the top leaves room for a small product only.
        if tall > floor - 0.04:
            scale *= max(floor - 0.04, 0.06) / tall
        frame = framing.frame_product(product, picture, place=(x, floor, max(scale, framing.SCALES[0])))
    return frame


def overlay_shadow(photo: types.Image, shadow: NDArray[np.uint8]) -> types.Image:
    """Return the photo (H, W, 3) darkened by a rendered shadow's alpha (H, W)."""
    inner = shadow[BORDER:-BORDER, BORDER:-BORDER]
    depth = np.pad(inner.astype(np.float32) / 255, BORDER, mode="edge")
    sure = np.clip((depth - FAINT[0]) / (FAINT[1] - FAINT[0]), 0, 1)
    kept = 1 - (depth * sure * SHADOW)[..., None]
    return (photo * kept + 0.5).astype(np.uint8)


def overlay_reflection(
    photo: types.Image,
    rgba: NDArray[np.uint8],
    lift: NDArray[np.float32],
    box: tuple[int, int, int, int],
    strength: float,
) -> types.Image:
    """Return the photo with the product mirrored in the ground, fading downwards.

    rgba (h, w, 4) is the product as it will be laid into the box; lift as standing.Foot has it. Each
    column is mirrored at its own point of contact, so that a round or turned base meets its reflection.
    """
    height, width = rgba.shape[:2]
    unit = max(height, width)
    contact = height - np.interp(np.linspace(0, 1, width), np.linspace(0, 1, len(lift)), lift) * unit
    reach = max(2, round(FADE * height))
    rows = np.arange(reach + height - round(float(contact.min())) + 1)[:, None] + round(float(contact.min()))
    source = np.clip(np.round(2 * contact[None] - rows).astype(int) - 1, 0, height - 1)
    mirrored = rgba[source, np.arange(width)[None]].astype(np.float32)
    depth = (rows - contact[None]) / reach
    alpha = mirrored[..., 3] / 255 * strength * np.clip(1 - depth, 0, 1) ** 2 * (depth >= 0)
    premultiplied = mirrored[..., :3] * alpha[..., None]
    sigma = BLUR * height
    premultiplied = ndimage.gaussian_filter(premultiplied, (sigma, sigma, 0))
    alpha = ndimage.gaussian_filter(alpha, sigma)
    top, left = box[1] + int(rows[0, 0]), box[0]
    result = photo.copy()
    inner = (
        max(0, top),
        max(0, left),
        min(photo.shape[0], top + len(rows)),
        min(photo.shape[1], left + width),
    )
    if inner[0] >= inner[2] or inner[1] >= inner[3]:
        return result
    part = (slice(inner[0] - top, inner[2] - top), slice(inner[1] - left, inner[3] - left))
    window = (slice(inner[0], inner[2]), slice(inner[1], inner[3]))
    result[window] = np.clip(
        photo[window] * (1 - alpha[part][..., None]) + premultiplied[part] + 0.5, 0, 255
    ).astype(np.uint8)
    return result
