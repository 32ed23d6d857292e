"""The shadow of a cutout on a plain ground: cast by its own alpha, drawn small, enlarged.

The stage draws it by the same rules. Shares are of the longer
side of the subject's box, so that a shadow looks alike at every size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.io import compose, formats

from .finish import Finish

SIDE = 512
"""Pixels of the longer side at which a shadow is drawn: it is soft, and nobody sees more."""
CUT = 3.0
"""Standard deviations at which a Gaussian is cut off."""

DROP_DISTANCE = 0.06
DROP_BLUR = (0.006, 0.07)
"""Standard deviation at softness 0 and 1."""
CONTACT_HEIGHT = 0.11
"""How high what is cast on the floor is, as a share of the subject's height: the floor is seen flatly."""
CONTACT_LEAN = 0.45
"""How far it leans away from a light at the side, as a share of its height above the floor."""
CONTACT_BLUR = (0.008, 0.05)
TOUCH_HEIGHT = 0.035
"""Of the subject's height what is so near the floor that it darkens it: the line where it stands."""
TOUCH_BLUR = 0.006
REFLECTION_HEIGHT = 0.4
"""Of the subject's height what its reflection shows before it has faded."""
REFLECTION_BLUR = (0.0, 0.015)

Layer = NDArray[np.float32]


@dataclass(frozen=True)
class Shadow:
    """What lies between ground and subject: alpha (H, W), and its colours, None for black."""

    alpha: types.Alpha
    rgb: types.Image | None = None


def cast(rgb: types.Image, alpha: types.Alpha, finish: Finish) -> Shadow | None:
    """Return the shadow of a subject on its canvas, of the canvas's size; None where there is none."""
    if not finish.shadow or not finish.shadow_strength or not (alpha > compose.VISIBLE).any():
        return None
    height, width = alpha.shape
    small_size = formats.fit_size(width, height, SIDE)
    small = _shrink(alpha, small_size)
    box = compose.subject_box(small)
    if finish.shadow == "reflection":
        return _reflect(rgb, alpha, small_size, box, finish)
    drawn = _drop(small, box, finish) if finish.shadow == "drop" else _contact(small, box, finish)
    drawn *= np.float32(finish.shadow_strength)
    return Shadow(_enlarge(drawn, (width, height)))


def _drop(alpha: Layer, box: compose.Box, finish: Finish) -> Layer:
    """Return the subject's own shape, moved away from the light and blurred."""
    unit = _unit(box)
    turned = math.radians(finish.shadow_direction)
    distance = DROP_DISTANCE * unit
    moved = ndimage.shift(alpha, (distance * math.cos(turned), -distance * math.sin(turned)), order=1)
    return _blur(moved, _between(DROP_BLUR, finish.shadow_softness) * unit)


def _contact(alpha: Layer, box: compose.Box, finish: Finish) -> Layer:
    """Return what the subject casts on the floor it stands on, dark where it touches."""
    unit = _unit(box)
    lean = -CONTACT_LEAN * math.sin(math.radians(finish.shadow_direction))
    fallen = _fall(alpha, box, CONTACT_HEIGHT, lean)
    wide = _blur(fallen, _between(CONTACT_BLUR, finish.shadow_softness) * unit)
    feet = np.zeros_like(alpha)
    low = max(box[1], box[3] - max(1, round(TOUCH_HEIGHT * (box[3] - box[1]))))
    feet[low : box[3]] = alpha[low : box[3]]
    tight = _blur(_fall(feet, box, 0.5, 0.0), max(0.6, TOUCH_BLUR * unit))
    return np.asarray(1 - (1 - 0.7 * wide) * (1 - tight), np.float32)


def _fall(alpha: Layer, box: compose.Box, height: float, lean: float) -> Layer:
    """Return a shape laid down about the line that it stands on: squeezed to a height, leaning to a side."""
    floor = box[3] - 0.5
    # Each pixel of the floor's shadow asks what stood that much higher: affine_transform maps back.
    back = np.array([(1 / height, 0.0), (lean / height, 1.0)])
    offset = np.array([floor - floor / height, -lean / height * floor])
    return np.asarray(ndimage.affine_transform(alpha, back, offset, order=1), np.float32)


def _reflect(
    rgb: types.Image, alpha: types.Alpha, small_size: tuple[int, int], small_box: compose.Box, finish: Finish
) -> Shadow:
    """Return the subject upside down under the line that it stands on, fading."""
    height, width = alpha.shape
    _, top, _, floor = compose.subject_box(alpha)
    rows = min(height - floor, floor - top, max(1, round(REFLECTION_HEIGHT * (floor - top))))
    mirrored = np.zeros_like(alpha)
    colours = np.zeros_like(rgb)
    if rows > 0:
        fade = 1 - (np.arange(rows, dtype=np.float32) + np.float32(0.5)) / (REFLECTION_HEIGHT * (floor - top))
        above = slice(floor - rows, floor)
        below = slice(floor, floor + rows)
        strength = np.float32(finish.shadow_strength) * np.maximum(fade, 0)
        mirrored[below] = alpha[above][::-1] * strength[:, np.newaxis]
        colours[below] = rgb[above][::-1]
    deviation = _between(REFLECTION_BLUR, finish.shadow_softness) * _unit(small_box)
    if deviation < 0.3:
        return Shadow(mirrored, colours)
    # Small, with the colours weighed by how much there is of them.
    seen = _shrink(mirrored, small_size)
    weighed = [_shrink(colours[..., k] * (mirrored / 255), small_size) for k in range(3)]
    soft = _blur(seen, deviation)
    spread = [_enlarge(_blur(one, deviation), (width, height)) for one in weighed]
    made = _enlarge(soft, (width, height))
    shades = np.stack(spread, axis=2) / np.maximum(made, 1e-4)[..., np.newaxis]
    return Shadow(made, np.asarray(np.clip(shades, 0, 1) * 255 + 0.5, np.uint8))


def _unit(box: compose.Box) -> float:
    return float(max(box[2] - box[0], box[3] - box[1]))


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _blur(layer: Layer, deviation: float) -> Layer:
    """Return a layer blurred by a Gaussian; outside it is nothing."""
    made = ndimage.gaussian_filter(layer, deviation, mode="constant", truncate=CUT)
    return np.asarray(made, np.float32)


def _shrink(layer: NDArray[np.floating], size: tuple[int, int]) -> Layer:
    picture = Image.fromarray(np.asarray(layer, np.float32))
    return np.array(picture.resize(size, Image.Resampling.BOX))


def _enlarge(layer: Layer, size: tuple[int, int]) -> types.Alpha:
    picture = Image.fromarray(np.asarray(layer, np.float32))
    return np.clip(np.asarray(picture.resize(size, Image.Resampling.BILINEAR)), 0, 1)
