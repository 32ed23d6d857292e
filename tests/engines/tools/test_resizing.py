"""How large a finished picture is handed over."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engines.errors import InvalidOptions, UnsuitableContent
from editor.engines.finishing.frame import Placement
from editor.engines.finishing.render import Rendering
from editor.engines.tools import resizing
from editor.engines.tools.cutout import CutoutOptions

SIDES = st.integers(1, 4096)


@pytest.mark.parametrize(
    ("size", "options", "made"),
    [
        ((300, 200), {}, (300, 200)),
        ((300, 200), {"resize": (150, 0)}, (150, 100)),
        ((300, 200), {"resize": (0, 100)}, (150, 100)),
        ((300, 200), {"resize": (150, 50)}, (75, 50)),
        ((300, 200), {"resize": (600, 0)}, (300, 200)),
        ((300, 200), {"resize": (600, 0), "resize_up": True}, (600, 400)),
        ((300, 200), {"most_pixels": 15_000}, (150, 100)),
        ((300, 200), {"most_pixels": 60_000}, (300, 200)),
        ((3000, 1), {"resize": (10, 0)}, (10, 1)),
    ],
)
def test_a_picture_comes_to_have_the_sides_that_are_asked_for(
    size: tuple[int, int], options: dict[str, object], made: tuple[int, int]
) -> None:
    assert resizing.fit(*size, CutoutOptions.from_dict(options)) == made


@given(width=SIDES, height=SIDES, most=st.integers(1, 20_000_000))
def test_no_picture_has_more_pixels_than_it_may_or_another_shape(width: int, height: int, most: int) -> None:
    wide, high = resizing.fit(width, height, CutoutOptions(most_pixels=most))
    assert min(wide, high) >= 1
    assert wide * high <= most or min(wide, high) == 1
    assert wide <= width
    assert high <= height
    # As near to the same shape as whole pixels come.
    assert abs(wide * height - high * width) <= 2 * max(width, height)


def test_what_would_become_far_too_long_is_refused() -> None:
    with pytest.raises(UnsuitableContent, match="smaller width or height"):
        resizing.fit(16, 4096, CutoutOptions(resize=(6000, 0), resize_up=True))


@pytest.mark.parametrize(
    "options",
    [
        {"resize": 5},
        {"resize": [1]},
        {"resize": [-1, 0]},
        {"resize": [0, 99_999]},
        {"resize_up": "yes"},
        {"most_pixels": -1},
        {"dpi": 5000},
        {"keep": "some"},
        {"aim": "there"},
        {"snap": [1]},
        {"snap": [1, 1, 1, "wide"]},
    ],
)
def test_what_makes_no_sense_is_named(options: dict[str, object]) -> None:
    with pytest.raises(InvalidOptions, match=next(iter(options))):
        CutoutOptions.from_dict(options)


def test_picture_and_mask_are_scaled_alike_and_what_is_hidden_bleeds_nowhere() -> None:
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[:, 30:] = 200
    alpha = np.zeros((40, 60), np.float32)
    alpha[:, 30:] = 1
    before, placed = rgb.copy(), Placement(60, 40, 1.0, 4.0, 0.0)
    made = resizing.resize(Rendering(rgb, alpha, alpha, placed), CutoutOptions(resize=(30, 0)))
    assert made.alpha is not None
    assert made.rgb.shape == (20, 30, 3)
    assert made.placement == Placement(30, 20, 0.5, 2.0, 0.0)
    assert made.mask.shape == made.alpha.shape == (20, 30)
    assert np.abs(made.mask - made.alpha).max() < 0.02
    assert (made.rgb[made.alpha > 0.5] >= 195).all()
    assert (rgb == before).all()
    opaque = resizing.resize(
        Rendering(rgb, None, alpha, placed), CutoutOptions(resize=(120, 0), resize_up=True)
    )
    assert (opaque.alpha, opaque.rgb.shape) == (None, (80, 120, 3))
