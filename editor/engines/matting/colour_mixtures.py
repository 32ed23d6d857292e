"""Gaussian mixtures of colours in CIE L*a*b*: which material a pixel is of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engines import types

Colours = NDArray[np.float32]
"""float32 (..., 3), CIE L*a*b* under D65."""

SAMPLES = 2500
ROUNDS = 8
# Noise and JPEG blocks move a colour by about this much; no mixture may be surer than that.
SMALLEST_SPREAD = 9.0
# The chance of any colour at all: what no mixture explains is then of none.
ANY_COLOUR = 1.0 / (100 * 120 * 120)


@dataclass(frozen=True)
class Mixture:
    """K Gaussians: shares (K,), means (K, 3), inverse covariances (K, 3, 3), log densities at the means."""

    shares: NDArray[np.float64]
    means: NDArray[np.float64]
    inverses: NDArray[np.float64]
    peaks: NDArray[np.float64]

    def density(self, colours: Colours) -> Colours:
        """Return (...) float32: the density of each colour, of one unit of L*a*b* volume."""
        # A plane for each of L*, a* and b*: three times as quick as a row for each pixel.
        planes = np.ascontiguousarray(colours.reshape(-1, 3).T, np.float32)
        total = np.zeros(planes.shape[1], np.float32)
        for share, mean, inverse, peak in zip(
            self.shares, self.means, self.inverses, self.peaks, strict=True
        ):
            # Whitened, the distance is a plain one: half the work, and single precision is enough.
            root = np.linalg.cholesky(inverse).astype(np.float32)
            whitened = root.T @ (planes - mean.astype(np.float32)[:, np.newaxis])
            distance = np.square(whitened, out=whitened).sum(axis=0)
            total += np.float32(share) * np.exp(np.float32(peak) - distance / 2)
        return total.reshape(colours.shape[:-1])


def fit_mixture(colours: Colours, count: int) -> Mixture | None:
    """Return a mixture of up to `count` Gaussians for (N, 3) colours; None where they are too few to tell.

    k-means from a deterministic start (each next centre the colour farthest from those chosen).
    """
    if len(colours) < 12:
        return None
    step = max(1, len(colours) // SAMPLES)
    sample = colours[::step].astype(np.float64)
    centres = sample.mean(axis=0, keepdims=True)
    for _ in range(count):
        # The 98th percentile, not the farthest: a stray pixel deserves no Gaussian.
        distance = ((sample[:, None] - centres) ** 2).sum(axis=2).min(axis=1)
        far = np.argsort(distance)[int(0.98 * (len(sample) - 1))]
        centres = np.concatenate([centres, sample[far : far + 1]])
    centres = centres[1:]
    for _ in range(ROUNDS):
        nearest = ((sample[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.stack(
            [sample[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(count)]
        )
    shares, means, inverses, peaks = [], [], [], []
    for k in range(count):
        own = sample[nearest == k]
        if len(own) < 4:
            continue
        covariance = np.cov(own.T) + np.eye(3) * SMALLEST_SPREAD
        shares.append(len(own) / len(sample))
        means.append(own.mean(axis=0))
        inverses.append(np.linalg.inv(covariance))
        peaks.append(-0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1])
    return Mixture(np.array(shares), np.array(means), np.array(inverses), np.array(peaks))


def to_lab(rgb: types.Image) -> Colours:
    """Return sRGB as CIE L*a*b* (D65, 2 degrees), IEC 61966-2-1 and CIE 15."""
    # 256 possible values: the curve is looked up.
    values = np.arange(256, dtype=np.float32) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    light = linear.astype(np.float32)[rgb]
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ],
        np.float32,
    )
    white = np.array([0.95047, 1.0, 1.08883], np.float32)
    ratio = light @ (matrix / white[:, None]).T
    bent = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)
