"""Grain: a camera's noise, a wall's roughness, made anew with the spectrum that it has beside a hole.

Galerne, Gousseau, Morel, "Random Phase Textures: Theory and Synthesis", IEEE Transactions on Image
Processing 2011: white noise convolved with a sample of what is random has its spectrum and its variance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from editor.engines import types

SAMPLE_SIDE = 48
"""Pixels a side of the sample; grain that is correlated over more of them is no grain."""
TILE = 256
"""Of the sheet that is made, which repeats without a seam: noise that comes back so far off is not seen."""
LEAST_SAMPLE = 150
CALM = 5.0
"""Standard deviation of the blur that is the smooth ground of the sample."""


def make_grain(
    rgb: types.Image, known: types.Mask, step: int, shape: tuple[int, int], seed: int
) -> NDArray[np.float32] | None:
    """Return grain (H, W, 3) of the shape asked for, as it is where it is known.

    rgb: a picture; known (h, w): where it is smooth ground but for grain, in cells of step x step pixels.
    None where less than LEAST_SAMPLE pixels are known.
    """
    window = _choose_window(known, max(2, -(-SAMPLE_SIDE // step)))
    sound = np.kron(known[window], np.ones((step, step), np.bool_))
    rows, columns = (slice(part.start * step, part.stop * step) for part in window)
    values = rgb[rows, columns].astype(np.float32)
    sound = sound[: values.shape[0], : values.shape[1]]
    count = int(np.count_nonzero(sound))
    if count < LEAST_SAMPLE:
        return None
    weight = np.maximum(ndimage.gaussian_filter(sound.astype(np.float32), CALM), np.float32(1e-4))
    smooth = ndimage.gaussian_filter(values * sound[..., None], (CALM, CALM, 0)) / weight[..., None]
    sample = (values - smooth) * sound[..., None]
    side = min(TILE, int(fft.next_fast_len(max(*shape, 2 * SAMPLE_SIDE))))
    # One noise for all channels: what they have in common stays so.
    noise = np.random.default_rng(seed).standard_normal((side, side), np.float32)
    spectrum = fft.rfft2(noise)[..., None] * fft.rfft2(sample, (side, side), axes=(0, 1))
    sheet = fft.irfft2(spectrum, (side, side), axes=(0, 1)) / np.sqrt(count)
    times = [-(-wanted // side) for wanted in shape]
    return np.asarray(np.tile(sheet, (*times, 1))[: shape[0], : shape[1]], np.float32)


def _choose_window(known: types.Mask, side: int) -> tuple[slice, slice]:
    """Return the window, so many cells a side, that has the most known ones."""
    high, wide = (min(side, most) for most in known.shape)
    share = ndimage.uniform_filter(known.astype(np.float32), (high, wide), mode="constant")
    y, x = np.unravel_index(int(share.argmax()), share.shape)
    top = int(np.clip(y - high // 2, 0, known.shape[0] - high))
    left = int(np.clip(x - wide // 2, 0, known.shape[1] - wide))
    return slice(top, top + high), slice(left, left + wide)
