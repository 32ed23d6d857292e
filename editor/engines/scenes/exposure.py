"""Exposure: by how much a picture is too dark or too light as a whole. Pure arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WHITE, MOST_WHITE = 0.93, 0.35
"""From where the weakest channel is without drawing, and the share of the picture that may be so."""

UP, DOWN = 0.7, 0.9
"""Stops by which the exposure is moved at most."""

STEPS = 19


def choose_stops(seen: NDArray[np.float32], least: float, *, white: bool) -> float:
    """Return by how many stops to move the exposure of colours (n, 3), linear, 1 is white; mostly 0.

    least: how bright they are to be on average. white: whether they may be white without drawing.
    """
    best = 0.0
    if not white and _burnt(seen, 0.0) > MOST_WHITE:
        downs = np.linspace(0, -DOWN, STEPS)
        best = next((float(stops) for stops in downs if _burnt(seen, stops) <= MOST_WHITE), -DOWN)
    elif _brightness(seen, 0.0) < least:
        for stops in np.linspace(0, UP, STEPS):
            if _burnt(seen, stops) > max(0.06, _burnt(seen, 0.0)):
                break
            best = float(stops)
            if _brightness(seen, stops) >= least:
                break
    return best


def _shown(seen: NDArray[np.float32], stops: float) -> NDArray[np.float32]:
    return np.clip(seen * np.float32(2.0**stops), 0, 1) ** np.float32(1 / 2.2)


def _brightness(seen: NDArray[np.float32], stops: float) -> float:
    return float(_shown(seen, stops).mean())


def _burnt(seen: NDArray[np.float32], stops: float) -> float:
    """Return the share that is white without drawing."""
    return float((_shown(seen, stops).min(-1) >= WHITE).mean())
