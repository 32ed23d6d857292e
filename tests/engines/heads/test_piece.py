"""piece: what was cut of a beast is a head if it ends at a neck and is wholly there."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.heads import piece

SIDE = 300
NECK = 35


def disc(x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return np.asarray(np.hypot(columns - x, rows - y) <= radius)


@pytest.fixture
def beast() -> NDArray[np.float32]:
    """A head on a neck above a body."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    neck = (np.abs(columns - 150) < NECK) & (rows > 70) & (rows < 180)
    return (disc(150, 80, 50) | neck | disc(150, 220, 75)).astype(np.float32)


def test_what_ends_at_a_neck_is_a_head(beast: NDArray[np.float32]) -> None:
    made = piece.measure(disc(150, 80, 50).astype(np.float32), beast)
    assert made.broad == pytest.approx(2 * NECK / 100, abs=0.15)
    assert made.solid == 1
    assert made.is_head


def test_what_is_cut_along_a_back_is_none(beast: NDArray[np.float32]) -> None:
    rows = np.mgrid[:SIDE, :SIDE][0]
    upper = disc(150, 220, 75) & (rows > 140) & (rows < 205)
    assert not piece.measure(upper.astype(np.float32), beast).is_head


def test_what_is_printed_on_a_shirt_is_none() -> None:
    shirt = disc(150, 150, 120).astype(np.float32)
    assert not piece.measure(disc(150, 150, 50).astype(np.float32), shirt).is_head


@pytest.mark.parametrize(("alpha", "head"), [(0.8, False), (0.95, True)])
def test_a_ghost_is_no_head(beast: NDArray[np.float32], alpha: float, head: bool) -> None:
    own = disc(150, 80, 50)
    matte = np.where(own, np.float32(alpha), beast)
    made = piece.measure(own.astype(np.float32), matte)
    assert made.solid == pytest.approx(alpha, abs=0.01)
    assert made.is_head is head


def test_nothing_is_no_head(beast: NDArray[np.float32]) -> None:
    assert not piece.measure(np.zeros_like(beast), beast).is_head
    assert not piece.measure(np.ones_like(beast), np.zeros_like(beast)).is_head
