"""How much of each pixel is subject: the network's answer, at the photo's own size."""

from __future__ import annotations

import numpy as np
from PIL import Image

from . import contract, network, pictures

# The network's "surely not" and "surely" are a little off 0 and 1 (findings: levels (a - 0.02) / 0.95).
FLOOR = 0.02
SPAN = 0.95

EMPTY = 1e-4
"""A matte whose subject covers less than this share of the picture holds none: 10 x 10 of 1024 x 1024."""


def estimate(picture: pictures.Picture) -> contract.Alpha | None:
    """Return the picture's alpha at full size; None if no subject stands out.

    A picture that is transparent already can only become more so.
    Raises WeightsMissing.
    """
    small = network.segmenter().subject(visible(picture))
    if (small > 0.5).mean() < EMPTY:
        return None
    alpha = enlarged(small, picture.width, picture.height)
    if picture.alpha is None:
        return alpha
    # The lower of the two, not the product, which would thin the edges that both have seen.
    np.minimum(alpha, picture.alpha, out=alpha)
    return None if (alpha > 0.5).mean() < EMPTY else alpha


def enlarged(small: contract.Alpha, width: int, height: int) -> contract.Alpha:
    """Return the network's square alpha at width x height pixels, stretched to the full 0..1."""
    levelled = np.clip((small - np.float32(FLOOR)) * np.float32(1 / SPAN), 0, 1)
    return np.array(Image.fromarray(levelled).resize((width, height), Image.Resampling.BILINEAR))


def visible(picture: pictures.Picture) -> contract.Image:
    """Return the picture as the network should see it: what is transparent, on a plain contrast.

    Editors leave anything in transparent pixels, often the very background that was cut away.
    """
    if picture.alpha is None:
        return picture.rgb
    seen = picture.rgb[picture.alpha > 0.5]
    shade = 255 if len(seen) and seen.mean() < 128 else 0
    alpha = picture.alpha[..., np.newaxis]
    return (picture.rgb * alpha + shade * (1 - alpha) + 0.5).astype(np.uint8)
