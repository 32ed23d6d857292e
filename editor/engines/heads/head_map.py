"""The place and the outline of a beast's head in its body, by what each part of it is like.

networks/headness.py says of each cell of a subject by itself how much it is like a head. What is around a
cell says the rest: how it compares with the rest of the subject, whether it is at an end of it, how far it
is from what is most like a head. A second logistic regression weighs them; the largest piece that is
likelier head than not is the head, and the edges of the picture say where exactly it ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines import types
from editor.engines.matting import colour_mixtures, random_walker
from editor.engines.networks import face_detection, headness

from . import piece
from .shape import HeadShape

Plane = NDArray[np.float32]

OWN = 0.4
"""A cell of which less is subject is none of it."""
NARROW, WIDE, WIDER = 1.0, 2.0, 4.0
"""Cells, standard deviations of the Gaussians through which a cell's surroundings are seen."""
FAR = 8.0
PEAK = 4.0
"""How steeply what is most like a head outweighs the rest where its middle is sought."""

CUT = 0.4
"""Chance from which on a cell is head."""
LEAST_CELLS = 6.0
"""A head of fewer cells is too small to be told."""

RING = 2
"""Cells around a head with which it is compared."""

LEAST_INSIDE, LEAST_CLEAR, LEAST_LIKE = 0.65, 0.25, -0.25
"""How likely a head must be on average, and how much likelier than what is around it. On 270 looks that were
held out, seven in ten pass, of which one in twelve is mostly not the head."""

SMALLEST_OTHER = 0.5
"""A second head's unit beside the first one's; what is smaller is an ear, a paw, or somebody far away."""

OTHER_LIKE = 0.15
"""How much like a head a second one must be by itself: a tail is another end of a beast. Of those seen it was
0.08, of sheep's and cats' second heads 0.2 to 0.3."""

REACH = 0.6
"""Room around a head's cells where it is looked for, in its own sides."""
NEAR = 3.0
"""Cells from a head beyond which nothing is its."""

BEYOND = 0.5
"""By how much less likely what lies towards the body is head, for each radius of the head beyond one."""

STEEPER = 1.6
"""How many times steeper than as measured chances change where a head ends."""
TRUST, LEAST_TRUST, SURE_TRUST = 0.03, 0.0005, 20.0
"""How much chances count beside the picture's edges, where they are clear and where not; and what is sure."""
SURELY, HARDLY = 0.85, 0.06
"""Chances from which on, and below which, a pixel surely is head or not."""
WIDTHS = 1.55
"""A head's width in faces' widths, the unit of its measures."""

# A beast that looks at one has a face that detectors answer to from nearly all looks (0.4 CPU seconds).
# Set on 35 heads of beasts: some nine had such an answer, all on the face, and six changed; below this score,
# a profile had one beside its muzzle.
LOOKS, STEPS = (1.6, 1.25, 1.0, 0.8), (-0.2, 0.0, 0.2)
"""Sides of the looks at a head for its face, in its longer side, and how far they are moved, in theirs."""
FACE_SCORE, FACE_HITS = 0.7, 600
FACE_SIZES, FACE_ASIDE = (0.7, 1.45), 0.55
"""Sides of a face, least and most, in the head's units, and how far from its middle it may be, in radii."""
CHEEKS, CHIN = 0.85, 0.62
"""How far a head reaches aside of its face's middle and below it, in sides of the face."""
HELD, LOOSE = 0.7, 1.25
"""Below the face's middle all is head within the one, in such measures, and nothing beyond the other."""


@dataclass(frozen=True)
class Quality:
    """What speaks for a head: the mean chance within it, and by how much that is more than around it.

    like: how much like a head its cells are by themselves.
    """

    inside: float
    clear: float
    like: float


@dataclass(frozen=True)
class MappedHead:
    """A head by a map of chances, in pixels of some picture.

    chances: (h, w) float32, of each cell to be this head, also where there is no subject; piece: (h, w), the
    cells that are it. frame: left, top and the width and height of the whole map. score: 0..1.
    """

    chances: Plane
    piece: types.Mask
    frame: tuple[float, float, float, float]
    score: float
    quality: Quality

    angle = 0.0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of its box."""
        left, top, right, bottom = self._bounds
        return (left + right) / 2, (top + bottom) / 2

    @property
    def radii(self) -> tuple[float, float]:
        left, top, right, bottom = self._bounds
        return (right - left) / 2, (bottom - top) / 2

    @property
    def unit(self) -> float:
        """About the width of its face."""
        _, _, width, height = self.frame
        rows, columns = self.chances.shape
        area = float(self.piece.sum()) * width / columns * height / rows
        return 2 * math.sqrt(max(area, 1.0) / math.pi) / WIDTHS

    @property
    def square(self) -> tuple[int, int, int, int]:
        left, top, right, bottom = self._bounds
        room = REACH * max(right - left, bottom - top)
        return round(left - room), round(top - room), round(right + room), round(bottom + room)

    @property
    def _bounds(self) -> tuple[float, float, float, float]:
        left, top, width, height = self.frame
        rows, columns = self.chances.shape
        down, across = np.nonzero(self.piece)
        return (
            left + width * float(across.min()) / columns,
            top + height * float(down.min()) / rows,
            left + width * float(across.max() + 1) / columns,
            top + height * float(down.max() + 1) / rows,
        )

    def to_crop(self, left: float, top: float, scale: float) -> MappedHead:
        """Return the head in a picture cut at left, top and then scaled."""
        x, y, width, height = self.frame
        moved = (x - left) * scale, (y - top) * scale, width * scale, height * scale
        return replace(self, frame=moved)

    def choose_pixels(
        self, rgb: types.Image, matte: types.Alpha, others: Sequence[HeadShape] = ()
    ) -> types.Alpha:
        """Return how far each pixel belongs to the head, as HeadShape has it."""
        height, width = matte.shape
        prior = np.clip((self._sample(height, width) - CUT) * STEEPER + 0.5, 0, 1).astype(np.float32)
        face = self._find_face(rgb)
        if face is not None:
            prior = hold_to_face(prior, face)
        core = (prior > SURELY) & (matte > 0.5)
        trust = ((TRUST * np.abs(2 * prior - 1) ** 2 + LEAST_TRUST) * matte).astype(np.float32)
        trust[core] = SURE_TRUST
        away = prior < HARDLY
        prior[away], trust[away] = 0.0, SURE_TRUST
        result = random_walker.solve(colour_mixtures.to_lab(rgb), prior, trust, matte)
        return piece.tidy(result, matte, core, self.unit)

    def _find_face(self, rgb: types.Image) -> face_detection.Face | None:
        """Return the face of a head that looks at one; None where none is sure."""
        (x, y), (across, along) = self.centre, self.radii
        sides = [2 * max(across, along) * share for share in LOOKS]
        windows = [
            (x - side / 2 + right * side, y - side / 2 + down * side, side)
            for side in sides
            for right in STEPS
            for down in STEPS
        ]
        sure = [
            face
            for face in face_detection.detect(rgb, windows)
            if face.score >= FACE_SCORE
            and face.hits >= FACE_HITS
            and FACE_SIZES[0] <= face.side / self.unit <= FACE_SIZES[1]
            and abs(face.centre[0] - x) <= FACE_ASIDE * across
            and abs(face.centre[1] - y) <= FACE_ASIDE * along
        ]
        return max(sure, key=lambda face: face.hits) if sure else None

    def _sample(self, height: int, width: int) -> Plane:
        """Return the chances at each of the pixels of a picture, 0 beyond the map."""
        left, top, across, down = self.frame
        rows, columns = self.chances.shape
        to_cells = columns / across, 0.0, -left * columns / across, 0.0, rows / down, -top * rows / down
        chances = Image.fromarray(np.ascontiguousarray(self.chances))
        large = chances.transform((width, height), Image.Transform.AFFINE, to_cells, Image.Resampling.BICUBIC)
        return np.asarray(large)


def hold_to_face(prior: Plane, face: face_detection.Face) -> Plane:
    """Return chances, (H, W), with the head ending in a curve around the chin; above the face they stay."""
    rows, columns = np.mgrid[: prior.shape[0], : prior.shape[1]].astype(np.float32)
    x, y = face.centre
    below = (rows - y) / (CHIN * face.side)
    far = np.hypot((columns - x) / (CHEEKS * face.side), below)
    ends = np.clip((LOOSE - far) / (LOOSE - 1), 0, 1)
    held = np.where(far < HELD, 1.0, np.minimum(prior, ends))
    return np.where(below > 0, held, prior).astype(np.float32)


def find(look: types.Image, alpha: types.Alpha) -> list[MappedHead] | None:
    """Return the heads in a picture's subject, the likeliest first; None where the network cannot say.

    Whether they are good enough is not judged: see Quality. Raises WeightsMissing.
    """
    seen = headness.measure(look, alpha)
    if seen is None:
        return None
    own = seen.share > OWN
    if own.sum() < LEAST_CELLS:
        return []
    chances = weigh(seen)
    pieces, count = ndimage.label((chances > CUT) & own)
    left, top, right, bottom = seen.frame
    frame = float(left), float(top), float(right - left), float(bottom - top)
    masses = np.asarray(ndimage.sum(chances * seen.share, pieces, range(1, count + 1)))
    heads = []
    for place in np.argsort(-masses):
        piece = ndimage.binary_fill_holes(pieces == place + 1)
        if float(seen.share[piece].sum()) < LEAST_CELLS:
            break
        quality = _judge(seen, chances, piece)
        # What is nearer to another piece is that one's.
        mine = chances if count == 1 else np.where(_nearest(pieces) == place + 1, chances, 0)
        mine = np.clip(mine - BEYOND * _reach_to_body(seen.share, mine, piece), 0, 1)
        piece &= mine > CUT
        if not piece.any():
            continue
        # Where there is hardly any subject nothing was learnt: a haze in the matte is no whisker.
        mine = np.where(ndimage.distance_transform_edt(~piece) > NEAR, 0, mine)
        heads.append(MappedHead(mine.astype(np.float32), piece, frame, quality.inside, quality))
    return heads


def _reach_to_body(share: Plane, chances: Plane, piece: types.Mask) -> Plane:
    """Return how far each cell lies beyond a head on the way to the body, in its radii, 0 aside of it."""
    rest = share * ~piece
    if rest.sum() < LEAST_CELLS:
        return np.zeros_like(share)
    rows, columns = np.mgrid[: share.shape[0], : share.shape[1]].astype(np.float32)
    weight = chances**2 * share * piece
    y, x = (float((weight * place).sum() / weight.sum()) for place in (rows, columns))
    down, right = (float((rest * (place - own)).sum()) for place, own in ((rows, y), (columns, x)))
    length = math.hypot(down, right)
    if not length:
        return np.zeros_like(share)
    far = np.hypot(rows - y, columns - x)
    along = ((rows - y) * down + (columns - x) * right) / (np.maximum(far, 1e-6) * length)
    radius = math.sqrt(float((share * piece).sum()) / math.pi)
    return np.asarray(np.maximum(far / radius - 1, 0) * np.maximum(along, 0), np.float32)


def keep_good(heads: Sequence[MappedHead]) -> list[MappedHead]:
    """Return those of a subject's heads that are surely heads, the likeliest first.

    Better none than a patch of fur: it must be clear what is head and what is not.
    """
    if not heads or not _is_head(heads[0].quality):
        return []
    first = heads[0]
    others = [one for one in heads[1:] if _is_head(one.quality) and one.quality.like >= OTHER_LIKE]
    return [first, *(one for one in others if one.unit >= SMALLEST_OTHER * first.unit)]


def _is_head(quality: Quality) -> bool:
    return quality.inside >= LEAST_INSIDE and quality.clear >= LEAST_CLEAR and quality.like >= LEAST_LIKE


def _nearest(pieces: NDArray[np.int32]) -> NDArray[np.int32]:
    at = ndimage.distance_transform_edt(pieces == 0, return_distances=False, return_indices=True)
    return np.asarray(pieces[tuple(at)])


def _judge(seen: headness.HeadMap, chances: Plane, piece: types.Mask) -> Quality:
    ring = ndimage.binary_dilation(piece, iterations=RING) & ~piece
    share, likely = seen.share, chances * seen.share
    inside = float(likely[piece].sum()) / float(share[piece].sum())
    beside = float(likely[ring].sum()) / max(float(share[ring].sum()), 1e-3)
    like = float((seen.likeness * share)[piece].sum()) / float(share[piece].sum())
    return Quality(inside, inside - beside, like)


def weigh(seen: headness.HeadMap) -> Plane:
    """Return the chance of each cell to be head, from what it and its surroundings are like."""
    weights, offset = headness.read_weights("context")
    odds = np.tensordot(weights, describe_cells(seen), 1) + np.float32(offset)
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def describe_cells(seen: headness.HeadMap) -> NDArray[np.float32]:
    """Return what is told of each cell by itself and its surroundings, (headness.CONTEXT, h, w)."""
    like, share = seen.likeness, seen.share
    own = share > OWN
    weight = share / max(float(share.sum()), 1e-3)
    mean = float((like * weight).sum())
    spread = math.sqrt(float(((like - mean) ** 2 * weight).sum())) + 1e-3

    def blur(width: float) -> Plane:
        around = ndimage.gaussian_filter(like * share, width)
        return np.asarray(around / (ndimage.gaussian_filter(share, width) + 0.02))

    narrow, wide, wider = blur(NARROW), blur(WIDE), blur(WIDER)
    ordered = np.sort(wide[own])
    rank = np.searchsorted(ordered, wide) / max(len(ordered), 1)
    top = float(np.percentile(wide[own], 97))
    rows, columns = np.nonzero(own)
    y, x = np.mgrid[: share.shape[0], : share.shape[1]]
    low = (y - rows.min()) / max(1, int(np.ptp(rows)))
    aside = np.abs((x - columns.min()) / max(1, int(np.ptp(columns))) - 0.5)
    filled = [
        ndimage.gaussian_filter(share, width, mode="constant") for width in (WIDE, WIDER, FAR)
    ]  # An end of the subject has little of it around.
    likeliest = np.exp((wide - float(wide[own].max())) * PEAK) * share
    likeliest = likeliest / likeliest.sum()
    middle = float((likeliest * y).sum()), float((likeliest * x).sum())
    away = np.hypot(y - middle[0], x - middle[1]) / math.sqrt(float(own.sum()))
    below = narrow - top
    plain = [like, narrow, wide, wider, (wide - mean) / spread, below, wide - top, rank, low, aside, *filled]
    plain += [away, np.full_like(like, mean), np.full_like(like, top), np.full_like(like, spread)]
    paired = [narrow * rank, narrow * away, wide * away, (wide - top) * away, rank**2, away**2]
    paired += [filled[1] * rank, low * rank, top * rank, low**2, narrow * filled[2], rank * mean]
    paired += [away * top, (wide - top) ** 2, np.maximum(away - 0.25, 0), np.maximum(away - 0.4, 0)]
    return np.stack(plain + paired).astype(np.float32)
