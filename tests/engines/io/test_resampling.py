"""Resampling agrees with Pillow's Lanczos in floats."""

import numpy as np
import pytest
from PIL import Image

from editor.engines import row_bands
from editor.engines.io import pictures, resampling

FILTER = Image.Resampling.LANCZOS


def draw(width: int, height: int) -> pictures.Weighed:
    """Return soft shapes, some of them see-through, colours times alpha."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    alpha = np.clip(np.sin(x / 7) * np.cos(y / 11) + 0.5, 0, 1)
    rgb = np.stack([128 + 127 * np.sin(x / 5), 255 * (y > height / 2), 255 * x / width], axis=-1)
    return pictures.weigh(rgb.astype(np.uint8), alpha)


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((160, 120), (0, 0, 320, 240)),
        ((33, 200), (0, 0, 320, 240)),
        ((37, 41), (10.3, 20.7, 300.2, 199.9)),
        ((500, 500), (100, 100, 160, 160)),
        ((1, 1), (0, 0, 320, 240)),
        ((3, 1), (0, 0, 2, 1)),
    ],
)
def test_it_is_pillows(size: tuple[int, int], box: tuple[float, float, float, float]) -> None:
    picture = draw(320, 240)
    made = resampling.resize(picture, size, box)
    channels = [
        np.asarray(Image.fromarray(picture[..., n].astype(np.float32)).resize(size, FILTER, box))
        for n in range(4)
    ]
    meant = np.clip(np.stack(channels, axis=-1), 0, 255)
    assert np.abs(made - meant).max() <= 0.51


def test_what_is_the_same_all_over_stays_so() -> None:
    picture = np.full((90, 70, 4), 201, np.uint8)
    for size in ((35, 45), (11, 7), (140, 300)):
        assert (resampling.resize(picture, size, (0, 0, 70, 90)) == 201).all()


def test_the_bands_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = draw(320, 240)
    made = resampling.resize(picture, (200, 170), (0, 0, 320, 240))
    monkeypatch.setattr(row_bands, "AT_ONCE", 1)
    assert (resampling.resize(picture, (200, 170), (0, 0, 320, 240)) == made).all()


def test_what_is_clear_lends_no_colour_to_an_edge() -> None:
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, :32] = (200, 30, 30)
    rgb[:, 32:] = (0, 255, 0)
    alpha = np.zeros((64, 64), np.float32)
    alpha[:, :32] = 1
    small, seen = pictures.resize(rgb, alpha, 24)
    assert seen is not None
    edge = (seen > 0.2) & (seen < 1)
    assert edge.any()
    assert np.abs(small[edge].astype(int) - (200, 30, 30)).max() <= 4
