"""Regions that a subject encloses, or nearly: gaps in its matte, and parts of it that look like ground."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import areas, plain_background
from editor.engines.matting.multi_pass import GRID, to_grid

MOUTH = 9
"""Pixels of GRID: a gap whose mouth is narrower is nearly enclosed."""

LEAST = 100
"""Pixels of GRID: smaller regions are left as they are: specks, lace, what is between spokes."""

CORE = 3
"""Pixels of GRID: without the soft rim, which is so wide, nothing is left of a narrower region."""

LARGEST = 0.6
"""Share of the subject's own area from which on a region is no detail of it."""

BINS = 12
"""Of each channel's levels, in the palettes of ground and subject."""

NEAR = 40
"""Pixels of GRID around the subject in which the ground counts twice."""

GROUNDLIKE = 0.5
"""Share of a colour's uses that are the ground's from which on it looks like ground."""

ALIKE = 12
"""The same in grey levels from what the ground beyond the outline runs on into."""

MOST = 12
"""So many regions of each kind are judged, the largest."""

AROUND = 10
"""Pixels of GRID around a region that tell of what is around it."""

LEAST_SHOWN = 0.12
"""Share of a picture's longer side that is shown at least: less tells nobody what it is."""

Pixels = NDArray[np.float32]
Box = tuple[slice, slice]


@dataclass(frozen=True)
class Scene:
    """A picture and its matte on GRID.

    colours: (GRID, GRID, 3), hardly smoothed. apart: how far they are from what the ground beyond the outline
    runs on into there, in grey levels.
    likeness: how much of each colour's uses are the ground's, 0..1. slope: grey levels per pixel. hull: the
    subject and what it encloses.
    """

    colours: Pixels
    subject: types.Mask
    hull: types.Mask
    apart: types.Alpha
    likeness: types.Alpha
    slope: Pixels


@dataclass(frozen=True)
class Region:
    """A region on GRID: where it lies, its shape within that, whether the matte leaves it out.

    likeness: how much of its colours' uses are the ground's, 0..1. apart: how far it is from what the ground
    beyond the outline runs on into there, in grey levels.
    """

    box: Box
    shape: types.Mask
    gap: bool
    likeness: float
    apart: float

    @property
    def area(self) -> int:
        """Its pixels on GRID."""
        return int(self.shape.sum())

    def draw(self) -> types.Mask:
        """Return where it is, (GRID, GRID)."""
        made = np.zeros((GRID, GRID), bool)
        made[self.box] = self.shape
        return made


def survey(square: types.Image, seen: types.Alpha) -> Scene | None:
    """Return a picture as regions are judged in it; None where there is hardly any ground, or subject."""
    grid = to_grid(seen)
    subject = grid > 0.5
    hull = find_hull(subject)
    ground = ~areas.widen(hull | (grid > 0.1), 5)
    if int(ground.sum()) < LEAST or int(subject.sum()) < LEAST:
        return None
    small = Image.fromarray(square).reduce(len(square) // GRID)
    smooth = np.array(small.filter(ImageFilter.BoxBlur(1)), np.float32)
    slope = plain_background.measure_slope(smooth)
    # It is smooth: half the size tells as much.
    behind = plain_background.spread_out(smooth[::2, ::2], ground[::2, ::2]).repeat(2, 0).repeat(2, 1)
    return Scene(
        smooth, subject, hull, _widest(np.abs(smooth - behind)), _compare(smooth, ground, subject), slope
    )


def find_hull(subject: types.Mask) -> types.Mask:
    """Return the subject with what it encloses, mouths narrower than MOUTH closed."""
    return areas.find_hull(subject, MOUTH)


def _compare(colours: Pixels, ground: types.Mask, subject: types.Mask) -> types.Alpha:
    """Return how much of the uses of each pixel's colour are the ground's, (GRID, GRID), 0..1."""
    levels = np.minimum(colours * np.float32(BINS / 256), BINS - 1).astype(np.int32)
    index = (levels[..., 0] * BINS + levels[..., 1]) * BINS + levels[..., 2]
    near = areas.look_near(subject, NEAR) & ground
    shares = []
    for masks in ((ground, near), (areas.narrow(subject, 3),)):
        counts = [np.bincount(index[mask], minlength=BINS**3).astype(np.float32) for mask in masks]
        mean = sum(count / max(1.0, float(count.sum())) for count in counts) / np.float32(len(masks))
        cube = ndimage.gaussian_filter(np.reshape(mean, (BINS,) * 3), 0.7, mode="nearest")
        shares.append(cube.ravel()[index])
    return np.asarray(shares[0] / (shares[0] + shares[1] + np.float32(1e-6)), np.float32)


def find_gaps(scene: Scene) -> list[Region]:
    """Return what the subject encloses, or nearly, and leaves out."""
    return _number(scene, scene.hull & ~scene.subject, gap=True)


def find_groundlike(scene: Scene) -> list[Region]:
    """Return the parts of the subject that have the colours of ground."""
    inside = areas.narrow(scene.subject, 3)
    alike = (scene.likeness > GROUNDLIKE) | (scene.apart < ALIKE)
    counted = ndimage.uniform_filter((255 * (alike & inside)).astype(np.uint8), 5) > 127
    return _number(scene, areas.open_mask(counted & inside, CORE) & inside, gap=False)


def _number(scene: Scene, mask: types.Mask, *, gap: bool) -> list[Region]:
    """Return the areas of a mask that are to be judged, the largest first."""
    numbered, count = ndimage.label(mask)
    sizes = np.bincount(numbered.ravel(), minlength=count + 1)
    sizes[0] = 0
    largest = LARGEST * float(scene.subject.sum())
    chosen = [one for one in np.argsort(-sizes)[:MOST].tolist() if LEAST <= sizes[one] <= largest]
    if not chosen:
        return []
    inner = np.where(areas.narrow(mask, CORE), numbered, 0)
    likeness = areas.average(scene.likeness, inner, count)
    apart = areas.average(scene.apart, inner, count)
    boxes = ndimage.find_objects(numbered)
    return [
        Region(boxes[n - 1], numbered[boxes[n - 1]] == n, gap, float(likeness[n]), float(apart[n]))
        for n in chosen
    ]


@dataclass(frozen=True)
class Rim:
    """A region's rim. step: how far the subject around it is from it, in grey levels.

    edge: how steep three quarters of the rim are at least; sharper: how many times steeper half of it is than
    what is inside. mouth: the share of it that is no subject.
    """

    step: float
    edge: float
    sharper: float
    mouth: float


def measure_rim(scene: Scene, region: Region) -> Rim:
    """Return what is measured of a region's rim."""
    wide = [slice(max(0, one.start - AROUND), min(GRID, one.stop + AROUND)) for one in region.box]
    part = wide[0], wide[1]
    whole = np.pad(
        region.shape, [(a.start - b.start, b.stop - a.stop) for a, b in zip(region.box, part, strict=True)]
    )
    inner = ndimage.minimum_filter(whole, 3, mode="constant")
    core = inner if inner.any() else whole
    near = areas.widen(whole, 3)
    further = areas.widen(near, 3)
    beyond = further & ~near
    subject = scene.subject[part]
    ring = areas.widen(further, 9) & ~further & areas.narrow(subject, 3)
    colours, slope = scene.colours[part], scene.slope[part]
    own = colours[core].mean(axis=0)
    around = colours[ring].mean(axis=0) if ring.any() else own
    steep = slope[near & ~inner]
    return Rim(
        float(np.abs(own - around).max()),
        float(np.percentile(steep, 25)),
        (float(np.median(steep)) + 0.5) / (float(slope[core].mean()) + 0.5),
        float((beyond & ~subject).sum()) / max(1, int(beyond.sum())),
    )


def _widest(channels: Pixels) -> Pixels:
    return np.maximum(np.maximum(channels[..., 0], channels[..., 1]), channels[..., 2])


def frame(region: Region, times: float, width: int, height: int) -> tuple[int, int, int, int]:
    """Return the square of a picture that shows a region, so many times as wide: left, top, right, bottom."""
    down, across = height / GRID, width / GRID
    rows, columns = region.box
    tall, wide = (rows.stop - rows.start) * down, (columns.stop - columns.start) * across
    half = max(times * max(tall, wide), LEAST_SHOWN * max(width, height)) / 2
    y, x = (rows.start + rows.stop) / 2 * down, (columns.start + columns.stop) / 2 * across
    left, top = max(0, math.floor(x - half)), max(0, math.floor(y - half))
    return left, top, min(width, math.ceil(x + half)), min(height, math.ceil(y + half))
