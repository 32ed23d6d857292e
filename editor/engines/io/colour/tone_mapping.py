"""Tone mapping of high dynamic range (ITU-R BT.2100: PQ and HLG) to sRGB.

Diffuse white is 203 nits (BT.2408); HLG is shown on a display of 1000 nits. Tones up to 0.85 of sRGB's scale
stay as they are; above it they are rolled off smoothly, so that diffuse white comes out at about 236 and the
brightest light of the file (MaxCLL, else its mastering display's, else 1000 nits) at 255. That is the shape
of BT.2390's EETF, one knee without a kink and the peak at the top, but anchored at the white: by BT.2390
itself a product on white would be the greyer, the brighter the display that it was mastered on. The curve
takes the largest of red, green and blue and scales all three, so hues stay. What sRGB cannot show then loses
chroma, not hue, in Oklab.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engines import types

from . import spaces
from .spaces import HLG, LEVELS, Chromaticities

Way = Callable[[NDArray[Any]], types.Image]

WHITE_NITS = 203
USUAL_PEAK_NITS = 1000


def map_tones(transfer: int, chromaticities: Chromaticities, peak_nits: float | None) -> Way:
    """Return what brings pixels of PQ or HLG (H.273's numbers of transfer) to uint8 sRGB (H, W, 3).

    The pixels are uint8 or uint16, (H, W) or (H, W, 3). peak_nits: the file's brightest light, where it says.
    """
    from . import conversion_kernels

    stored = np.arange(LEVELS) / (LEVELS - 1)
    if transfer == HLG:
        light, peak_nits = spaces.hlg_scene(stored), None
        weights = spaces.to_xyz(chromaticities)[1].astype(np.float32)
    else:
        light, weights = spaces.pq_nits(stored) / WHITE_NITS, np.empty(0, np.float32)
    deep, shallow = light.astype(np.float32), light[::257].astype(np.float32)
    towards = spaces.to_srgb(chromaticities).astype(np.float32)
    brightest = np.float32((peak_nits or USUAL_PEAK_NITS) / WHITE_NITS)

    def way(pixels: NDArray[Any]) -> types.Image:
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[..., np.newaxis], 3, axis=2)
        made = np.empty(pixels.shape, np.uint8)
        curve = shallow if pixels.dtype == np.uint8 else deep
        conversion_kernels.convert_hdr_pixels(
            spaces.list_pixels(pixels),
            curve,
            weights,
            brightest,
            towards,
            spaces.make_srgb_table(),
            spaces.list_pixels(made),
        )
        return made

    return way
