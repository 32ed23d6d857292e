"""Clipping paths: closed, few points, true to the mask that they are drawn of."""

import cv2
import numpy as np
import pytest

from editor.engines.catalogue.press import clipping_path
from editor.engines.errors import UnsuitableContent

from . import products

MASKS = {
    "mug": products.draw_mug,
    "pair": products.draw_pair,
    "edge": products.draw_box_at_the_edge,
    "fringe": products.draw_fringe,
}


def fill_by_opencv(parts: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Cubic curves in 64 stretches each, filled by even and odd, in 16ths of a pixel."""
    t = np.linspace(0, 1, 64, endpoint=False)[:, None]
    rings = []
    for part in parts:
        ring = []
        for this, following in zip(part, np.roll(part, -1, axis=0), strict=True):
            a, b, c, d = this[1], this[2], following[0], following[1]
            ring.append((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)
        # OpenCV counts from the middle of pixels.
        rings.append(np.round((np.concatenate(ring) - 0.5) * 16).astype(np.int32))
    made = np.zeros(shape, np.uint8)
    cv2.fillPoly(made, rings, 1, shift=4)
    return made.astype(bool)


@pytest.mark.parametrize("name", MASKS)
def test_a_path_has_few_points_and_agrees_with_its_mask(name: str) -> None:
    alpha = MASKS[name]()
    before = alpha.copy()
    path = clipping_path.draw(alpha)
    assert path.points < 600
    assert path.size == alpha.shape[::-1]
    inside, covered = alpha >= 0.5, fill_by_opencv(list(path.parts), alpha.shape)
    # What it fills along its own line is more than what lies within by half a pixel all around.
    edge = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0
    assert not ((inside ^ covered) & ~edge).sum() > 40
    assert path.agreement >= 0.995
    assert (alpha == before).all()


def test_holes_and_parts_are_curves_of_one_path() -> None:
    assert len(clipping_path.draw(products.draw_mug()).parts) == 2
    assert len(clipping_path.draw(products.draw_pair()).parts) == 8


def test_dust_is_no_part() -> None:
    assert len(clipping_path.draw(products.draw_fringe()).parts) == 1


def test_a_hard_edge_is_where_it_is_to_the_pixel() -> None:
    path = clipping_path.draw(products.draw_box_at_the_edge())
    assert path.agreement == 1
    (part,) = path.parts
    anchors = part[:, 1]
    assert anchors.min(axis=0) == pytest.approx((0, 100), abs=0.3)
    assert anchors.max(axis=0) == pytest.approx((150, 300), abs=0.3)


def test_a_circle_is_a_circle() -> None:
    y, x = np.mgrid[:400, :400] + 0.5
    alpha = np.clip(150.5 - np.hypot(x - 200, y - 200), 0, 1).astype(np.float32)
    (part,) = clipping_path.draw(alpha).parts
    assert len(part) < 40
    assert np.hypot(*(part[:, 1] - 200).T) == pytest.approx(150, abs=0.3)


@pytest.mark.parametrize("pixels", [0, 1, 3])
def test_a_speck_has_a_path_and_nothing_has_none(pixels: int) -> None:
    alpha = np.zeros((9, 9), np.float32)
    alpha[4, 2 : 2 + pixels] = 1
    if pixels:
        assert 3 <= clipping_path.draw(alpha).points < 600
    else:
        with pytest.raises(UnsuitableContent, match="no product"):
            clipping_path.draw(alpha)


def test_corners_that_touch_are_parts_of_their_own() -> None:
    alpha = np.zeros((40, 40), np.float32)
    alpha[5:20, 5:20] = alpha[20:35, 20:35] = 1
    path = clipping_path.draw(alpha)
    assert len(path.parts) == 2
    assert path.agreement == 1


def test_what_has_more_edges_than_points_says_how_far_it_is_off() -> None:
    alpha = (np.random.default_rng(3).random((120, 120)) > 0.5).astype(np.float32)
    path = clipping_path.draw(alpha)
    assert path.points < 600
    assert path.agreement < 0.995
