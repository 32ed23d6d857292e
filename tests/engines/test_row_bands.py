"""Work in stripes: every row once, whatever their number, and what one of them raises."""

import numpy as np
import pytest
from PIL import Image

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


@pytest.mark.parametrize("method", [Image.Resampling.BILINEAR, Image.Resampling.BOX])
@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_a_picture_scaled_in_parts_has_no_seam(
    method: Image.Resampling, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_bands, "LARGE", 1)
    picture = np.random.default_rng(5).integers(0, 256, (211, 157, 3), np.uint8)
    for source, size in ((picture, (64, 64)), (picture[..., 0].astype(np.float32), (50, 67))):
        expected = np.asarray(Image.fromarray(source).resize(size, method)).astype(np.float32)
        made = row_bands.resize(source, size, method, at_once=at_once)
        assert made.dtype == source.dtype
        assert np.abs(made.astype(np.float32) - expected).max() <= 1
