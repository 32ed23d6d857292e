"""PatchMatch: the known patch most like each patch of a hole, and what the hole should look like then.

Barnes, Shechtman, Finkelstein, Goldman, "PatchMatch", SIGGRAPH 2009, and the weighted vote of Wexler,
Shechtman, Irani, "Space-Time Completion of Video", PAMI 2007, as put together by Newson, Almansa,
Gousseau, Perez, "Non-Local Patch-Based Image Inpainting", IPOL 2017.

Rows are worked on in STRIPS by two threads. A strip reads its neighbours' rows as they were before
the pass, and every random number is a hash of (seed, pass, place, draw): the result is the same to
the last bit for any number of threads.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import patchmatch_kernels as kernels

PATCH, HALF, CHANNELS = kernels.PATCH, kernels.HALF, kernels.CHANNELS

UNIT = 8.0
"""Features are int16 in eighths of a grey level: float32 takes twice the memory and is slower."""

ROUGHEST = 3800
"""Largest value of the two gradient channels."""

STRIPS = 4
SERIAL_PATCHES = 1500
"""Fewer patches than this are done sooner than two threads are woken."""

THREADS = 2
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="patchmatch")

Bytes = NDArray[np.uint8]
Features = NDArray[np.int16]


NO_COSTS = np.zeros((1, 1), np.float32)
LEVELS = 15
"""Halvings that make one cell of any picture; places are int16."""


@dataclass(frozen=True)
class Dear:
    """What it costs to copy from a place, beside the patches' distance: (h, w) float32, in UNIT squared.

    halvings: how many times smaller by half it is than what is searched.
    """

    costs: NDArray[np.float32]
    halvings: int


@dataclass
class Field:
    """For the patch centred on (y, x): its best source's centre and distance.

    x, y int16 (H, W), -1 where there is none; distance float32 (H, W), mean squared difference per
    pixel and channel set, in UNIT squared.
    """

    x: NDArray[np.int16]
    y: NDArray[np.int16]
    distance: NDArray[np.float32]

    @classmethod
    def empty(cls, height: int, width: int) -> Field:
        return cls(
            np.full((height, width), -1, np.int16),
            np.full((height, width), -1, np.int16),
            np.zeros((height, width), np.float32),
        )


def search(
    features: Features,
    known: Bytes | None,
    centres: Bytes,
    valid: Bytes,
    sources: NDArray[np.int32],
    field: Field,
    *,
    pull: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
    dear: Dear | None = None,
    seed: int,
    passes: int,
    radius: int,
    draws: int,
    loyalty: float = 0.0,
) -> None:
    """Improve field in place for the patches whose centres are marked.

    features: int16 (H, W * CHANNELS). known: where they may be compared, None for everywhere.
    valid: centres that may be copied from; sources: the same as flat indices, at least one.
    pull: what a source's distance grows by for each pixel that it is away, down and across; and, of rows
    beyond the fourth number, the third besides.
    dear: what copying from each place costs besides.
    loyalty: 0 to 1, the share by which a random source must be better than what the neighbours
    propose: it keeps pieces whole where many sources do about as well.
    radius: of the random search, in pixels; draws: tries anywhere at all, in each pass.
    """
    partial = known is not None
    extra = (NO_COSTS, LEVELS) if dear is None else (dear.costs, dear.halvings)
    compared = features, _or_nothing(known), partial, centres
    _each_strip(centres, kernels.measure, *compared, field, *pull, *extra)
    for number in range(passes):
        forward = number % 2 == 0
        before_x, before_y = field.x.copy(), field.y.copy()
        _each_strip(
            centres,
            kernels.improve,
            *compared,
            valid,
            sources,
            field,
            before_x,
            before_y,
            *pull,
            *extra,
            forward,
            1.0 - loyalty,
            np.uint64(seed * 1009 + number),
            radius,
            draws,
        )


def vote(features: Features, hole: Bytes, field: Field) -> float:
    """Fill the hole's features with the weighted mean of what every patch over a pixel proposes.

    Returns the mean absolute change of a colour, in grey levels.
    """
    change = np.zeros(hole.shape[0], np.float64)
    _each_strip(hole, kernels.vote, features, hole, field, change)
    count = int(np.count_nonzero(hole))
    return float(change.sum() / (max(count, 1) * 3 * UNIT))


def choose(hole: Bytes, field: Field) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return the place (y, x) that every pixel of the hole is to be copied from, -1 elsewhere.

    It is where the best of the patches over the pixel has it.
    """
    from_y = np.full(hole.shape, -1, np.int16)
    from_x = np.full(hole.shape, -1, np.int16)
    _each_strip(hole, kernels.choose, hole, field, from_y, from_x)
    return from_y, from_x


def enlarge(coarse: Field, centres: Bytes, valid: Bytes, sources: NDArray[np.int32], *, seed: int) -> Field:
    """Return the field for the next finer level, twice the size, from the coarser level's."""
    height, width = centres.shape
    field = Field.empty(height, width)
    kernels.enlarge(
        coarse.x,
        coarse.y,
        coarse.distance,
        centres,
        valid,
        sources,
        np.uint64(seed),
        field.x,
        field.y,
        field.distance,
    )
    return field


def mean_distance(centres: Bytes, field: Field) -> float:
    """Return the mean distance of the marked patches, in squared grey levels."""
    chosen = field.distance[centres != 0]
    return float(chosen.mean() / UNIT**2) if chosen.size else 0.0


def _or_nothing(known: Bytes | None) -> Bytes:
    return np.zeros((1, 1), np.uint8) if known is None else known


def _each_strip(marked: Bytes, kernel: Callable[..., None], *arguments: Any) -> None:
    """Run the kernel over the rows that hold marks, in strips of about equal work."""
    flat: list[Any] = []
    for argument in arguments:
        flat += [argument.x, argument.y, argument.distance] if isinstance(argument, Field) else [argument]
    rows = np.cumsum(np.count_nonzero(marked, axis=1))
    total = int(rows[-1])
    if total < SERIAL_PATCHES:
        kernel(*flat, 0, marked.shape[0])
        return
    bounds = [0, *(int(np.searchsorted(rows, total * n // STRIPS)) for n in range(1, STRIPS)), len(rows)]
    futures = [
        _threads.submit(kernel, *flat, top, bottom)
        for top, bottom in itertools.pairwise(bounds)
        if top < bottom
    ]
    for future in futures:
        future.result()
