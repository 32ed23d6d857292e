"""The alpha matte of a picture's subject: what the network sees, doubted, made solid, and drawn sharply."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from scipy import ndimage

from editor.engines import row_bands, types
from editor.engines.io import pictures
from editor.engines.networks import isnet

from . import confidence, edge_refinement, multi_pass
from .enclosed import judgement
from .see_through import opacity
from .surroundings import lines, place

EMPTY = 1e-4
"""A matte whose subject covers less than this share of the picture holds none: 10 x 10 of 1024 x 1024. On how
many photos it was set is not recorded."""

FAINTEST = 1 / 255
"""The least alpha that a file can hold."""

SHARPNESS = 1.3
"""How many times steeper outlines are than the network draws them, on half of its square and enlarged.

On 38 photos with known alpha, looked at once each, the outline's error was 0.0502 with 1, 0.0473 with 1.2,
0.0466 with 1.4, 0.0465 with 1.6; more would harden hair.
"""

INSIDE = (4, 12)
OUTSIDE = (8, 24)
"""Pixels of the network's square from the outline: up to the first a soft alpha stays, from the second on
it is decided. The network learned from masks that are subject or not; half-heartedness far from any
outline is its doubt, not the subject's translucency. Outside, hair and mist reach further. On how many photos
they were set is not recorded."""


DECIDED_ROWS = 256
"""Rows of it that are worth a thread."""


@dataclass(frozen=True)
class Steps:
    """Which steps beyond the first look are taken. For measurements: work takes all.

    lines: lines of the ground that meet the product go. place: what it stands on goes, and what is bits of a
    pattern is no subject. enclosed: what it encloses is looked at more closely where it may be wrong. clear:
    glass lets the new ground through.
    """

    looks: bool = True
    ground: bool = True
    lines: bool = True
    place: bool = True
    enclosed: bool = True
    sharp: bool = True
    solid: bool = True
    edges: bool = True
    clear: bool = True


ALL = Steps()


@dataclass(frozen=True)
class Matte:
    """A picture's alpha at full size, None if no subject stands out; further: more looks were taken.

    measures: what speaks against it, as confidence.measure has it; none without a subject. clear: parts of it
    let the new ground through.
    """

    alpha: types.Alpha | None
    further: bool
    measures: Mapping[str, float] = field(default_factory=dict)
    clear: bool = False

    @property
    def confidence(self) -> float:
        """The chance, 0..1, that it is right."""
        return confidence.weigh(self.measures) if self.measures else 0.0


def estimate(picture: pictures.Picture) -> types.Alpha | None:
    """Return the picture's alpha at full size; None if no subject stands out.

    A picture that is transparent already can only become more so.
    Raises WeightsMissing.
    """
    return judge(picture).alpha


def judge(picture: pictures.Picture, steps: Steps = ALL) -> Matte:
    """Return the picture's matte, and whether it took further looks. Raises WeightsMissing."""
    rgb = show_transparency(picture)
    square = isnet.squeeze(rgb)
    first = seen = isnet.segmenter().subject(square)
    toned = None
    further = steps.looks and (
        is_empty(seen) or multi_pass.is_doubtful(seen) or multi_pass.misses_most(square, seen)
    )
    if further:
        merged = multi_pass.merge_looks(square, first, with_ground=steps.ground)
        seen, toned = merged.seen, merged.toned
    if is_empty(seen):
        return Matte(None, further)
    seen, (drawn, alpha) = _settle(rgb, square, seen, first, steps)
    evidence = confidence.Evidence(multi_pass.to_grid(first), multi_pass.to_grid(seen), toned)
    if picture.alpha is not None:
        # The lower of the two, not the product, which would thin the edges that both have seen.
        np.minimum(alpha, picture.alpha, out=alpha)
    if is_empty(alpha, picture.opacity):
        return Matte(None, further)
    # A picture that has an alpha of its own has had its subject told by somebody, and what is clear of it.
    with ThreadPoolExecutor(1) as other:
        measuring = other.submit(confidence.measure, evidence, alpha)
        clear = opacity.find(square, drawn) if steps.clear and picture.alpha is None else None
        measures = measuring.result()
    if steps.place and picture.alpha is None and confidence.is_pattern(measures):
        return Matte(None, further)
    # Last: what is clear is as much the subject as what is not.
    if clear is not None:
        opacity.lower(rgb, clear, alpha)
    return Matte(alpha, further, measures, clear is not None)


def _settle(
    rgb: types.Image, square: types.Image, seen: types.Alpha, first: types.Alpha, steps: Steps
) -> tuple[types.Alpha, tuple[types.Alpha, types.Alpha]]:
    """Return what is seen without its surroundings, what it encloses settled; and that as it is drawn.

    All mostly leave it as it is, and have parts that one processor alone does: it is drawn meanwhile.
    """
    with ThreadPoolExecutor(1) as other:
        drawing = other.submit(_draw, rgb, square, seen, steps) if row_bands.AT_ONCE > 1 else None
        settled = lines.take_away(square, seen) if steps.lines else seen
        if steps.place:
            settled = place.take_away(square, settled)
        if steps.enclosed:
            settled = judgement.settle(rgb, square, settled, first)
        if drawing is not None and settled is seen:
            return seen, drawing.result()
    return settled, _draw(rgb, square, settled, steps)


def _draw(
    rgb: types.Image, square: types.Image, seen: types.Alpha, steps: Steps
) -> tuple[types.Alpha, types.Alpha]:
    """Return what is seen with its outline steep and its inside decided, as large as it was and as rgb is."""
    if steps.sharp:
        seen = sharpen(seen)
    if steps.solid:
        seen = decide_inside(seen)
    if steps.edges:
        return seen, edge_refinement.refine(square, seen, rgb)
    return seen, enlarge(seen, rgb.shape[1], rgb.shape[0])


def warm() -> None:
    """Load the networks of all looks and run them once. Raises WeightsMissing.

    That of further looks, surroundings' too, is compiled for its cache and let go: most photos never need
    it, and it is nearly as large as the first look's.
    """
    square = np.zeros((isnet.SIDE, isnet.SIDE, 3), np.uint8)
    # First, so that never both are being made ready at once: that is when they take the most.
    multi_pass.merge_looks(square, np.zeros((isnet.SIDE, isnet.SIDE), np.float32))
    isnet.let_go(multi_pass.SIDE)
    isnet.segmenter().subject(square)


def sharpen(seen: types.Alpha) -> types.Alpha:
    """Return what the network sees with its outlines as steep as they are."""
    half = np.float32(0.5)
    return np.clip((seen - half) * np.float32(SHARPNESS) + half, 0, 1)


def decide_inside(seen: types.Alpha) -> types.Alpha:
    """Return the alpha decided, towards 1 inside and 0 outside, wherever that is far from the outline."""
    # At half the size: four times quicker, and distances need no more.
    half = np.ascontiguousarray(seen[::2, ::2]) > 0.5
    if half.all() or not half.any():
        return seen.copy()
    # One of the two is 0 everywhere.
    inward, outward = (ndimage.distance_transform_cdt(mask, "chessboard") for mask in (half, ~half))
    distances = (inward + outward).astype(np.int16)
    reach = np.arange(int(distances.max()) + 1, dtype=np.float32) * 2
    ramps = np.stack(
        [np.clip((reach - low) * np.float32(1 / (high - low)), 0, 1) for low, high in (OUTSIDE, INSIDE)]
    )
    made = np.empty_like(seen, order="C")
    row_bands.work(
        len(seen), lambda top, bottom: _decide(seen, half, distances, ramps, made, top, bottom), DECIDED_ROWS
    )
    return made


@njit("void(f4[:,:], b1[:,::1], i2[:,::1], f4[:,::1], f4[:,::1], i8, i8)", cache=True, nogil=True)
def _decide(seen, half, distances, ramps, made, top, bottom):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write rows top to bottom: seen, moved by ramps[inside, distance] towards what it is more of."""
    for y in range(top, bottom):
        for x in range(seen.shape[1]):
            inside = 1 if half[y // 2, x // 2] else 0
            value = seen[y, x]
            towards = np.float32(1) if value > np.float32(0.5) else np.float32(0)
            made[y, x] = value + ramps[inside, distances[y // 2, x // 2]] * (towards - value)


def enlarge(small: types.Alpha, width: int, height: int) -> types.Alpha:
    """Return the network's square alpha at width x height pixels, stretched to the full 0..1."""
    return edge_refinement.enlarge(small, width, height)


def show_transparency(picture: pictures.Picture) -> types.Image:
    """Return the picture as the network should see it: what is transparent, on a plain contrast.

    Editors leave anything in transparent pixels, often the very background that was cut away.
    """
    if picture.alpha is None:
        return picture.rgb
    # As opaque as can be: what is faint all over would be lost on the contrast.
    solid = picture.alpha / max(picture.opacity, FAINTEST)
    seen = picture.rgb[solid > 0.5]
    shade = 255 if len(seen) and seen.mean() < 128 else 0
    alpha = solid[..., np.newaxis]
    return (picture.rgb * alpha + shade * (1 - alpha) + 0.5).astype(np.uint8)


def is_empty(alpha: types.Alpha, opacity: float = 1.0) -> bool:
    """Say whether nothing to speak of is in an alpha that is nowhere more than `opacity`."""
    return int(np.count_nonzero(alpha > 0.5 * opacity)) < EMPTY * alpha.size
