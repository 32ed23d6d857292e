"""Bands of a picture's rows, worked on by all processors at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

COUNT = 16
"""Parts that the rows are cut into, so that all processors have work to the end: rows differ in theirs."""

AT_ONCE = os.process_cpu_count() or 1

LEAST_ROWS = 32
"""Fewer rows than this are not worth a stripe."""

LARGE = 1 << 21
"""Pixels of a picture from which on it is scaled in parts, a processor each."""


def work(rows: int, kernel: Callable[[int, int], object], least: int = LEAST_ROWS) -> None:
    """Call kernel(top, bottom) for stripes that are all rows together, and wait for the last.

    least: how many rows are worth a stripe.

    Kernels that let go of Python's lock run side by side. What one raises is raised.
    """
    count = max(1, min(COUNT, rows // least))
    cuts = [rows * n // count for n in range(count + 1)]
    if count == 1 or AT_ONCE == 1:
        kernel(0, rows)
        return
    # Taken one by one by all threads, this one among them: a pool takes longer to begin than most kernels.
    left = pairwise(cuts)
    taking = threading.Lock()
    raised: list[BaseException] = []

    def take() -> None:
        while not raised:
            with taking:
                part = next(left, None)
            if part is None:
                return
            try:
                kernel(*part)
            except BaseException as exc:  # noqa: BLE001 - raised below, in the thread that asked
                raised.append(exc)

    others = [threading.Thread(target=take) for _ in range(min(AT_ONCE, count) - 1)]
    for other in others:
        other.start()
    take()
    for other in others:
        other.join()
    if raised:
        raise raised[0]


def resize(
    picture: NDArray[Any],
    size: tuple[int, int],
    method: Image.Resampling,
    *,
    at_once: int = AT_ONCE,
    large: int | None = None,
) -> NDArray[Any]:
    """Return a picture as Pillow resizes it to (width, height), but for rounding, by all processors.

    large: from so many pixels on; LARGE by default.
    """
    source = Image.fromarray(picture)
    width, height = size
    if source.width * source.height < (LARGE if large is None else large) or at_once == 1 or height < at_once:
        return np.asarray(source.resize(size, method))
    cuts = [height * n // at_once for n in range(at_once + 1)]
    made = np.empty((height, width, *picture.shape[2:]), picture.dtype)

    def part(top: int, bottom: int) -> None:
        # Pillow reads what lies outside of a box as well, where pixels near its edge need it.
        box = (0, top * source.height / height, source.width, bottom * source.height / height)
        made[top:bottom] = np.asarray(source.resize((width, bottom - top), method, box))

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(part, cuts[:-1], cuts[1:]))
    return made
