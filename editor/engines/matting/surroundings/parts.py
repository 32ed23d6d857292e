"""The even parts of a matte, and what is measured of each: its colours, where it lies, what it touches."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas, plain_background

GRID = 256
"""Side of the grid that parts are found on."""

EVEN = (4.0, 8.0)
"""Grey levels per pixel of GRID up to which colours run on, least and most: by the ground's own edges."""

LEAST_PART = 0.006
LEAST_PIXELS = 25
"""Parts below this share of the matte, or so many pixels of GRID, are not judged."""

REACH = 4
"""Pixels of GRID by which a part grows over its soft rim."""

MOST_HUE = 60.0
"""Grey levels beyond which another hue is simply another."""

MEASURES = ("kin", "smooth", "finer", "touch", "low", "apart", "border", "step_out", "halfhearted")
"""What speaks for a place: see measure."""

Parts = NDArray[np.int32]
Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """A matte's parts on GRID: 0 where there is none, and what is measured of all of them."""

    subject: types.Mask
    parts: Parts
    count: int
    smooth: Pixels
    slope: Pixels
    behind: Pixels
    seen: types.Alpha
    groups: Parts


def part(square: types.Image, seen: types.Alpha) -> Scene | None:
    """Return the parts of a matte, both isnet.SIDE a side; None where there is none, or hardly any ground."""
    small = np.array(Image.fromarray(square).reduce(len(square) // GRID), np.float32)
    alpha = np.array(Image.fromarray(seen).reduce(len(seen) // GRID))
    subject = alpha > 0.5
    ground = ~areas.widen(subject, 7)
    if int(subject.sum()) < LEAST_PIXELS or int(ground.sum()) < LEAST_PIXELS:
        return None
    smooth = ndimage.uniform_filter(small, (3, 3, 0), mode="nearest")
    slope = plain_background.measure_slope(smooth)
    even = float(np.clip(1.5 * np.percentile(slope[ground], 90), *EVEN))
    groups, _ = ndimage.label(subject)
    parts, count = _number(subject, slope < even, groups)
    if not count:
        return None
    behind = plain_background.spread_out(smooth, ground)
    return Scene(subject, parts, count, smooth, slope, behind, alpha, groups)


def _number(subject: types.Mask, even: types.Mask, groups: Parts) -> tuple[Parts, int]:
    """Return the even parts of a subject, grown over their rims; what lies apart from the largest is one."""
    least = max(LEAST_PIXELS, LEAST_PART * float(subject.sum()))
    sizes = np.bincount(groups.ravel())
    sizes[0] = 0
    apart = sizes >= least
    apart[int(sizes.argmax())] = False
    lone = apart[groups]
    numbered, count = ndimage.label(areas.narrow(even & subject & ~lone, 3))
    large = np.bincount(numbered.ravel(), minlength=count + 1) >= least
    large[0] = False
    order = np.cumsum(large) * large
    parts = order[numbered].astype(np.int32)
    count = int(large.sum())
    for _ in range(REACH):
        parts = np.where((parts == 0) & subject & ~lone, ndimage.maximum_filter(parts, 3), parts)
    renamed = (np.cumsum(apart) + count) * apart
    return np.where(lone, renamed[groups], parts).astype(np.int32), count + int(apart.sum())


def measure(scene: Scene) -> list[dict[str, float]]:
    """Return what speaks for a place, of each part in turn.

    kin: how near its colour is to any shade of the ground's by it, from two units of twenty levels on, times
    how colourful that ground is: of grey everything grey is a shade. smooth: what a light that falls off
    evenly leaves unexplained, as a logarithm; finer: how its edges compare with those of the whole matte.
    touch: the share of its rim that is the matte's outline; step_out: how its colour changes there. low:
    where its middle is, 0 at the matte's head and 1 at its foot. apart: whether it does not touch the largest
    group. border: sides of the picture reached. halfhearted: how far from certain the matte is in it. light:
    how light it is beside the ground's; this alone is not weighed.
    """
    rows = np.flatnonzero(scene.subject.any(1))
    top, high = float(rows[0]), max(1.0, float(rows[-1] - rows[0]))
    edges = float(scene.slope[scene.subject].mean())
    largest = int(np.bincount(scene.groups[scene.subject]).argmax())
    made = []
    for number, place in enumerate(ndimage.find_objects(scene.parts), 1):
        box = tuple(slice(max(0, one.start - REACH), one.stop + REACH) for one in place)
        shape = scene.parts[box] == number
        found = _measure_part(scene, box, shape, edges)
        ends = (
            place[0].start <= 1,
            place[0].stop >= GRID - 1,
            place[1].start <= 1,
            place[1].stop >= GRID - 1,
        )
        own = scene.parts[place] == number
        middle = place[0].start + float(np.nonzero(own)[0].mean())
        found |= {
            "low": (middle - top) / high,
            "apart": float(scene.groups[place][own][0] != largest),
            "border": float(min(2, sum(ends))),
        }
        made.append(found)
    return made


def _measure_part(scene: Scene, box: tuple[slice, ...], shape: types.Mask, edges: float) -> dict[str, float]:
    """Return the measures of a part's colours and rim."""
    smooth, subject = scene.smooth[box], scene.subject[box]
    inner = areas.narrow(shape, 5)
    inner = inner if int(inner.sum()) > 10 else shape
    colour, ground = smooth[inner].mean(axis=0), scene.behind[box][inner].mean(axis=0)
    light = float(colour @ ground) / max(1.0, float(ground @ ground))
    hue = min(MOST_HUE, float(np.abs(colour - light * ground).max())) / 20
    painted = float(ground.max() - ground.min()) / max(1.0, float(ground.max()))
    ring = areas.widen(shape, 7) & ~areas.widen(shape, 3)
    outside = ring & ~subject
    return {
        "light": light,
        "kin": painted * max(0.0, 2 - hue),
        "smooth": math.log(_unexplained(smooth, inner) + 0.3),
        "finer": math.log((float(scene.slope[box][inner].mean()) + 0.3) / (edges + 0.3)),
        "touch": float(outside.sum()) / max(1, int(ring.sum())),
        "step_out": math.log(_step(smooth, outside, colour) + 3),
        "halfhearted": 1 - float(scene.seen[box][inner].mean()),
    }


def _step(smooth: Pixels, where: types.Mask, colour: Pixels) -> float:
    return float(np.abs(smooth[where].mean(axis=0) - colour).max()) if int(where.sum()) > 5 else 0.0


def _unexplained(smooth: Pixels, inner: types.Mask) -> float:
    """Return the grey levels by which a part differs from the quadratic surface through it, in the mean."""
    rows, columns = np.nonzero(inner)
    y, x = (rows - rows.mean()) / 20, (columns - columns.mean()) / 20
    terms = np.stack([np.ones_like(y), x, y, x * x, x * y, y * y], axis=1)
    grey = smooth[inner].mean(axis=1)
    surface = np.linalg.lstsq(terms.T @ terms + 1e-6 * np.eye(6), terms.T @ grey, rcond=None)[0]
    return float(np.std(grey - terms @ surface))
