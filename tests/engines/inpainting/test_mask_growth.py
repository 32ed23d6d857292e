"""grow_mask: what sticks out of a mask and belongs to the thing, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines.inpainting import mask_growth
from editor.engines.tools import erase


def ground() -> NDArray[np.float64]:
    noise = np.random.default_rng(5).normal(0, 2, (240, 320, 3))
    return np.full((240, 320, 3), (150.0, 170.0, 160.0)) + noise


def disc(radius: float, x: int = 160, y: int = 110) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:240, :320]
    return np.asarray(np.hypot(rows - y, columns - x) < radius)


def to_picture(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(values, 0, 255).astype(np.uint8)


def test_a_mask_painted_too_tight_is_grown_to_the_rim() -> None:
    scene = ground()
    scene[disc(40)] = (200, 40, 60)
    grown = mask_growth.grow_mask(to_picture(scene), disc(35))
    assert grown[disc(40)].all()
    assert not grown[~disc(46)].any()


def test_a_slanted_edge_in_a_large_picture_leaves_no_dashes() -> None:
    rows, columns = np.mgrid[:700, :700]
    thing = (np.abs(rows - 350 - 0.3 * (columns - 350)) < 120) & (np.abs(columns - 350) < 200)
    scene = np.full((700, 700, 3), (150.0, 170.0, 160.0)) + np.random.default_rng(5).normal(
        0, 2, (700, 700, 3)
    )
    scene[thing] = (200, 40, 60)
    grown = mask_growth.grow_mask(to_picture(scene), ndimage.binary_erosion(thing, iterations=3))
    assert grown[thing].all()


def test_what_was_left_of_the_thing_does_not_come_back() -> None:
    scene = ground()
    scene[disc(40)] = (200, 40, 60)
    image = to_picture(scene)
    filled = erase.erase(image, disc(35))
    assert not ((filled[..., 0] > 180) & (filled[..., 1] < 90)).any()
    # Every third try takes what was painted at its word.
    untouched = erase.erase(image, disc(35), seed=2)
    assert (untouched[~disc(35)] == image[~disc(35)]).all()


def test_the_shadow_goes_with_the_thing() -> None:
    scene = ground()
    shade = ndimage.gaussian_filter(disc(26, 185, 145).astype(float), 4)
    scene *= 1 - 0.5 * shade[..., None]
    scene[disc(40)] = (200, 40, 60)
    grown = mask_growth.grow_mask(to_picture(scene), disc(43))
    assert grown[(shade > 0.3) & ~disc(43)].mean() > 0.95
    beside = ndimage.binary_dilation((shade > 0.01) | disc(43), iterations=8)
    assert not grown[~beside].any()


@pytest.mark.parametrize("loose", [41, 50])
def test_plain_ground_around_a_thing_stays(loose: int) -> None:
    scene = ground()
    scene[disc(40)] = (200, 40, 60)
    grown = mask_growth.grow_mask(to_picture(scene), disc(loose))
    assert not grown[~disc(46) & ~disc(loose)].any()


def test_the_shirt_around_a_button_is_no_rim() -> None:
    scene = ground()
    scene[disc(80)] = (30, 60, 160)
    scene[disc(10)] = (240, 240, 230)
    grown = mask_growth.grow_mask(to_picture(scene), disc(12))
    assert not grown[~disc(16)].any()


def test_a_floor_darker_than_the_wall_is_no_shadow() -> None:
    scene = ground()
    scene[120:] *= 0.6
    scene[disc(40)] = (200, 40, 60)
    grown = mask_growth.grow_mask(to_picture(scene), disc(43))
    assert np.count_nonzero(grown & ~disc(43)) < 0.05 * np.count_nonzero(disc(43))


def test_the_shadow_of_a_tall_thing_goes_at_its_foot_and_dark_ground_above_stays() -> None:
    rows, columns = np.mgrid[:240, :320]
    mask = (np.abs(columns - 150) < 26) & (rows > 20) & (rows < 200)
    scene = ground() * np.random.default_rng(3).uniform(0.85, 1.15, (240, 320, 1))
    foot = (np.hypot((columns - 186) / 1.6, rows - 190) < 11) & ~mask
    above = (np.hypot(columns - 190, rows - 60) < 14) & ~mask
    scene[foot | above] *= 0.45
    scene[mask] = (200, 40, 60)
    grown = mask_growth.grow_mask(to_picture(scene), mask)
    assert grown[foot].mean() > 0.9
    assert grown[above].mean() < 0.4


def squeeze(subject: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return a matte of 120 x 120 cells in which so much of the picture is subject."""
    rows, columns = (np.arange(120) * side // 120 for side in subject.shape)
    return subject[np.ix_(rows, columns)].astype(np.float32)


def block(left: int, top: int, right: int, bottom: int) -> NDArray[np.bool_]:
    mask = np.zeros((240, 320), bool)
    mask[top:bottom, left:right] = True
    return mask


def test_what_is_left_out_of_a_subject_goes_along_and_its_neighbour_stays() -> None:
    thing, neighbour = block(100, 60, 160, 220), block(160, 60, 230, 220)
    left = mask_growth.find_leftover(squeeze(thing | neighbour), block(107, 50, 160, 225))
    assert left[block(100, 70, 106, 210)].mean() > 0.95
    assert not left[block(175, 50, 240, 230)].any()
    assert not left[block(0, 0, 85, 240)].any()


@pytest.mark.parametrize(
    ("subject", "mask"),
    [
        # A print near the outline of its shirt; a strap that runs through what is marked; ground alone.
        (block(60, 30, 200, 220), block(120, 80, 195, 160)),
        (block(10, 100, 300, 108) | block(120, 70, 180, 150), block(118, 68, 182, 152)),
        (block(10, 10, 60, 60), block(120, 70, 180, 150)),
    ],
)
def test_what_is_no_leftover_stays(subject: NDArray[np.bool_], mask: NDArray[np.bool_]) -> None:
    assert not mask_growth.find_leftover(squeeze(subject), mask).any()
