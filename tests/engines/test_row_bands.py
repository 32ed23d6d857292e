"""Work in stripes: every row once, whatever their number, and what one of them raises."""

import numpy as np
import pytest

from editor.engines import row_bands
from editor.engines.io import pictures


@pytest.mark.parametrize("rows", [1, 31, 32, 33, 700, 4097])
def test_every_row_is_worked_on_once(rows: int) -> None:
    seen = np.zeros(rows, np.int64)

    def kernel(top: int, bottom: int) -> None:
        seen[top:bottom] += 1

    row_bands.work(rows, kernel)
    assert (seen == 1).all()


def test_what_a_stripe_raises_is_raised() -> None:
    def kernel(top: int, bottom: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        row_bands.work(1000, kernel)


def test_a_picture_and_its_alpha_are_joined_bit_for_bit() -> None:
    rng = np.random.default_rng(4)
    rgb = rng.integers(0, 256, (301, 203, 3), np.uint8)
    alpha = np.clip(rng.normal(0.5, 0.6, (301, 203)), 0, 1).astype(np.float32)
    opacity = np.floor(alpha * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    expected = np.dstack([rgb * (opacity > 0)[..., np.newaxis], opacity])
    # Views turned round are pictures too: a photo that was turned upright is one.
    for turned in (lambda array: array, lambda array: array[::-1, ::-1]):
        made = np.asarray(pictures.to_pillow(turned(rgb), turned(alpha)))
        assert (made == turned(expected)).all()
    assert (pictures.to_bytes(alpha) == opacity).all()
