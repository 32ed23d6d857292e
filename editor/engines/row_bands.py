"""Bands of a picture's rows, worked on by all processors at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

COUNT = 16
"""Parts that the rows are cut into, so that all processors have work to the end: rows differ in theirs."""

AT_ONCE = os.process_cpu_count() or 1

LEAST_ROWS = 32
"""Fewer rows than this are not worth a stripe."""


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
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(kernel, cuts[:-1], cuts[1:]))
