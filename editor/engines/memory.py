"""Memory that is free but still held by the C library, and how it goes back to the system."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable


def trim() -> None:
    """Give freed memory back to the system, where the C library can (glibc's malloc_trim)."""
    _malloc_trim()(0)


@functools.cache
def _malloc_trim() -> Callable[[int], object]:
    # Other libraries give back by themselves, or cannot.
    return getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)
