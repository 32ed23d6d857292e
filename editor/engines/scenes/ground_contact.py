"""Ground contact: how a product meets the ground, read from its alpha. numpy and scipy, no Blender."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines import types
from editor.engines.errors import UnsuitableContent

from .product_pose import Stance

SOLID = 0.5
"""Alpha from which a pixel carries and throws a shadow."""

SMOOTH, FLATTER = 6.0, 0.7
"""Cells over which a front's relief is smoothed, and how deep it is then beside what its outline says."""

EVEN, EVENED = 0.12, 0.25
"""Share of the width over which it is evened how far back a front's columns stand; how much of it is left."""

FOOT, UNDER = 0.02, 0.2
"""Of the longer side: how high above the ground a foot may end, and the body that it bears."""

BAND = 0.22
"""How far above its lowest point a product may still touch the ground, as a share of its longer side:
the far edge of a base seen from above."""

NEAR_HULL = 0.012
"""Columns whose lowest pixel is this close to the lower hull touch the ground; of the longer side."""

STEEP = 0.55
"""A hull that rises more steeply than this leaves the ground: a handle, a sleeve, a toe."""

STEEPEST = 0.75
"""So steeply may the outline rise where it stays on the hull all the way: the long edge of a shoe's sole
that was turned and seen from above."""

GAP = 0.03
"""An edge of a base that leaves the hull for longer than this, a share of the longer side, has ended."""

HIGHEST = 24.0
"""Degrees above the ground: products are hardly ever photographed standing from higher up."""

ROUND_UP, ROUND_CHORD, TALL = 0.1, 0.68, 1.2
"""A lobe so tall, beside its width, with so narrow a chord, beside its width, at such a height above its
lowest point, does not stand: half a circle has 0.6 there, a round foot seen from 30 degrees 0.8."""

CELLS = 120
"""Cells along the longer side of the grid that the unseen body is made on."""

WIDE = 1.2
"""Width over height from which a product needs a stand as wide as itself."""

STRAIGHT, ARMPITS = 0.78, 0.225
"""Of a shirt's silhouette: how much of the hem's width is left at its end, and the share of its width that
goes within a twelfth of its height below the sleeves."""

THICKEST = 0.28
"""Half the depth that a wide product is given, as a share of its longer side."""


@dataclass(frozen=True)
class Foot:
    """Where a product touches the ground.

    lift (W,): metres of the set (the product's longer side is 1) from its lowest pixel up to where each
    column of its box meets the ground. left, right: the base in metres from the box's middle.
    firm: whether its middle is above its base, so that it can stand by itself. elevation: from how many
    degrees above the ground it was photographed, as far as its base tells; 0 where that shows none.
    """

    lift: NDArray[np.float32]
    left: float
    right: float
    firm: bool
    elevation: float

    @property
    def width(self) -> float:
        return self.right - self.left


def crop_to_visible(rgb: types.Image, alpha: types.Alpha) -> tuple[types.Image, types.Alpha]:
    """Return the part of a cutout that is visible. Raises UnsuitableContent where nothing is."""
    seen = alpha > 0.02
    # Stray specks of a cutout would stand a product on thin air.
    labels, count = ndimage.label(seen)
    if count > 1:
        sizes = np.bincount(labels.ravel())
        sizes[0] = 0
        seen = (sizes >= max(4, 0.0005 * sizes.sum()))[labels]
    if not (alpha[seen] > SOLID).any():
        raise UnsuitableContent("This picture is transparent all over. Use a cutout that shows a product.")
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return rgb[window], np.where(seen, alpha, 0)[window].astype(np.float32)


def find_foot(alpha: types.Alpha) -> Foot:
    """Return how the product in a cropped alpha meets the ground.

    The ground is met along the lower hull of the silhouette, as far as that is flat enough to be the
    near edge of a base seen a little from above, and at legs inside it.
    """
    height, width = alpha.shape
    longer = max(height, width)
    solid = alpha > SOLID
    has = solid.any(0)
    columns = np.flatnonzero(has)
    lowest = height - 1 - np.argmax(solid[::-1], 0).astype(np.float64)
    lift = (lowest[columns].max() - lowest) / longer
    hull = _lower_hull(columns / longer, lift[columns])
    at = columns / longer
    ground = np.interp(at, hull[:, 0], hull[:, 1])
    rises = np.abs(np.diff(hull[:, 1]) / np.diff(hull[:, 0])) if len(hull) > 1 else np.zeros(1)
    slope = rises[np.clip(np.searchsorted(hull[:, 0], at, side="right") - 1, 0, len(rises) - 1)]
    touching = (lift[columns] - ground < NEAR_HULL) & (ground < BAND) & (slope < STEEP)
    touching |= lift[columns] < NEAR_HULL / 2
    edge = _edge(lift[columns], ground, slope, longer)
    touching |= edge
    # Legs further back, as a chair has them; what hangs out at the sides is a handle or a sleeve.
    inside = (columns > columns[touching].min()) & (columns < columns[touching].max())
    touching |= inside & _legs(lift[columns], longer) & (lift[columns] < BAND)
    where = columns[touching]
    meets = np.interp(np.arange(width), where, lift[where])
    meets = ndimage.gaussian_filter1d(meets, max(1.0, 0.008 * longer), mode="nearest")
    left, right = (where[0] - width / 2) / longer, (where[-1] + 1 - width / 2) / longer
    middle = (ndimage.center_of_mass(solid)[1] - width / 2) / longer
    slack = 0.04
    firm = bool(left - slack < middle < right + slack)
    return Foot(
        meets.astype(np.float32),
        float(left),
        float(right),
        firm,
        _elevation(at, lift[columns], edge, right - left),
    )


def find_base(alpha: types.Alpha, contact: Foot) -> tuple[float, float]:
    """Return the left and right, in metres from the box's middle, of what a stand must hold.

    That is where the product touches it; of one wider than high nearly all of it, since a shoe whose toe
    and heel are in the air would look as if it were to fall.
    """
    height, width = alpha.shape
    if width < WIDE * height:
        return contact.left, contact.right
    half = 0.46 * width / max(height, width)
    return min(contact.left, -half), max(contact.right, half)


def find_stance(alpha: types.Alpha, base: Foot) -> Stance:
    """Return how the product in a cropped alpha was photographed. base: how it meets the ground."""
    shirt = is_garment(alpha)
    lies = shirt or not base.firm or is_tapering(alpha)
    return Stance("lie" if lies else "stand", bool(shirt), float(base.elevation))


def is_tapering(alpha: types.Alpha) -> bool:
    """Tell whether a silhouette is tall and ends below in round tips: soles seen from above, a spoon, a leaf.

    Narrow lobes, as a person's feet are, say nothing.
    """
    small = _shrink(alpha, 240) > SOLID
    height, width = small.shape
    # Where the lowest tenth or so of the product falls into parts, each is looked at by itself.
    lobes, count = ndimage.label(small[round(0.6 * height) :])
    if not count:
        return False
    tips = []
    for lobe, where in enumerate(ndimage.find_objects(lobes), 1):
        own = lobes[where] == lobe
        across = own.shape[1]
        if across < 0.25 * width or where[0].stop < lobes.shape[0] - 0.06 * height:
            continue
        row = own[-1 - min(round(ROUND_UP * across), own.shape[0] - 1)]
        chord = np.ptp(np.flatnonzero(row)) + 1
        tips.append(chord < ROUND_CHORD * across and height > TALL * across)
    return bool(tips) and all(tips)


def is_garment(alpha: types.Alpha) -> bool:
    """Tell whether a silhouette is a shirt's: alike left and right, sleeves out at the top, one broad hem.

    Careful: what looks like both a shirt and something that stands counts as standing.
    """
    small = _shrink(alpha, 192) > SOLID
    height, width = small.shape
    if not 0.7 < height / width < 1.7:
        return False
    mirrored = small[:, ::-1]
    alike = int((small & mirrored).sum()) / max(1, int((small | mirrored).sum()))
    if alike < 0.84:
        return False
    spans = [np.flatnonzero(row) for row in small]
    widths = np.array([span[-1] - span[0] + 1 if len(span) else 0 for span in spans]) / width
    last = slice(int(0.88 * height), int(0.96 * height))
    hem = widths[last]
    one_hem = bool((small[last].sum(1) / width > 0.8 * hem).all()) and hem[-1] > STRAIGHT * hem[0]
    widest = int(np.argmax(widths))
    # Below its sleeves a shirt is narrower all at once; what is turned or blown, little by little.
    near = max(1, round(0.08 * height))
    below = widths[widest : int(0.92 * height)]
    armpits = len(below) > near and (below[:-near] - below[near:]).max() > ARMPITS
    waist = widths[int(0.35 * height) : int(0.9 * height)].min()
    sleeves = 0.08 < widest / height < 0.85 and 0.36 < float(np.median(hem)) < 0.84 and waist > 0.36
    collar = widths[max(1, int(0.03 * height))] < 0.62
    return bool(one_hem and armpits and sleeves and collar and 0.4 < small.mean() < 0.82)


def estimate_depth(alpha: types.Alpha, *, standing: bool) -> NDArray[np.float32]:
    """Return half the depth in metres of a rounded body with this silhouette, on a coarse grid (h, w).

    0 outside. A standing product keeps its full depth at its lower edge, where it is cut by the ground.
    """
    small = _shrink(alpha, CELLS)
    longer = max(small.shape)
    solid = small > SOLID
    filled = _fill_below(solid) if standing else solid
    grown = np.pad(filled, ((1, 1 if not standing else 0), (1, 1)))
    if standing:
        # Go on below the lowest rows, so that the distance to the outline does not end there.
        grown = np.pad(grown, ((0, longer), (0, 0)), mode="edge")
    distance = ndimage.distance_transform_edt(grown)[1 : 1 + small.shape[0], 1:-1] / longer
    deepest = min(float(distance.max()), THICKEST)
    share = np.clip(distance / max(deepest, 1e-6), 0, 1)
    depth = deepest * np.sqrt(1 - (1 - share) ** 2)
    return np.where(solid, depth, 0).astype(np.float32)


def smooth_relief(depth: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return a body's half depth (h, w) without the creases that one grown from its outline has.

    Light would show every one of them: it ended in a line on a shoe's toe.
    """
    solid = depth > 0
    weight = ndimage.gaussian_filter(solid.astype(float), SMOOTH, mode="nearest")
    smooth = ndimage.gaussian_filter(depth.astype(float), SMOOTH, mode="nearest") / (weight + 1e-6)
    return FLATTER * np.where(solid, np.minimum(smooth, 0.4 * depth + 0.6 * smooth), 0)


def even_columns(behind: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far back the columns (h, w) of a body's front stand, for light to fall on.

    Where wheels or legs stand one behind the other a column's step would be a stripe of light.
    """
    return EVENED * ndimage.gaussian_filter1d(behind, EVEN * behind.shape[1], axis=1, mode="nearest")


def _fill_below(solid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a silhouette with the low room below its body filled: that is as deep there as above."""
    height, longer = solid.shape[0], max(solid.shape)
    lift = np.argmax(solid[::-1], 0)
    has = solid.any(0)
    feet = np.flatnonzero(has & (lift <= max(1, round(FOOT * longer))))
    if not len(feet):
        return solid
    column = np.arange(solid.shape[1])
    low = has & (column > feet[0]) & (column < feet[-1]) & (lift <= UNDER * longer)
    below = np.arange(height)[:, None] >= height - lift
    return np.asarray(solid | (below & low))


def _shrink(alpha: types.Alpha, cells: int) -> NDArray[np.float32]:
    """Return alpha with at most `cells` along its longer side."""
    factor = max(1, -(-max(alpha.shape) // cells))
    height, width = (-(-side // factor) for side in alpha.shape)
    padded = np.pad(alpha, ((0, height * factor - alpha.shape[0]), (0, width * factor - alpha.shape[1])))
    return padded.reshape(height, factor, width, factor).mean((1, 3)).astype(np.float32)


def _edge(
    lift: NDArray[np.float64], ground: NDArray[np.float64], slope: NDArray[np.float64], longer: int
) -> NDArray[np.bool_]:
    """Return the columns of the base's near edge: on the hull, without a gap from the lowest of them."""
    lowest = int(np.argmin(lift))
    near = (lift - ground < NEAR_HULL) & (ground < BAND) & (slope < STEEPEST)
    near[lowest] = True
    bridged = ndimage.binary_closing(near, np.ones(max(1, round(GAP * longer)) | 1, bool)) | near
    labels, _ = ndimage.label(bridged)
    return near & (labels == labels[lowest])


def _elevation(
    at: NDArray[np.float64], lift: NDArray[np.float64], edge: NDArray[np.bool_], width: float
) -> float:
    """Return the degrees above the ground from which a base of this width and near edge was seen.

    at, lift: of each column in metres. A base is taken to be as deep as it is wide, so its edge rises from
    the lowest point to its side by half its width times the sine.
    """
    lowest = int(np.argmin(lift))
    x = at[edge]
    half = max(width / 2, 1e-3)
    rise = 0.0
    for end in (int(np.argmin(x)), int(np.argmax(x))):
        reach = max(abs(float(x[end] - at[lowest])), half)
        rise = max(rise, float(lift[edge][end] - lift[lowest]) / reach)
    return min(HIGHEST, float(np.degrees(np.arcsin(min(rise, 1.0)))))


def _legs(lift: NDArray[np.float64], longer: int) -> NDArray[np.bool_]:
    """Return the columns at the tips of legs: lowest among their neighbours, and clearly so."""
    reach = max(3, round(0.05 * longer))
    smooth = ndimage.median_filter(lift, max(3, reach // 4 * 2 + 1), mode="nearest")
    low = ndimage.minimum_filter1d(smooth, 2 * reach + 1, mode="nearest")
    high = ndimage.maximum_filter1d(smooth, 6 * reach + 1, mode="nearest")
    return (smooth <= low + 0.004) & (high - smooth > 0.08)


def _lower_hull(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners (n, 2) of the lower convex hull of points sorted by x (Andrew's chain)."""
    hull: list[tuple[float, float]] = []
    for point in zip(x.tolist(), y.tolist(), strict=True):
        while len(hull) > 1:
            (ax, ay), (bx, by) = hull[-2], hull[-1]
            if (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax) > 0:
                break
            hull.pop()
        hull.append(point)
    return np.array(hull)
