"""What is strange to a hole's border is dear: it is not copied in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from editor.engines.inpainting import fill, image_pyramid, strange_sources
from editor.engines.inpainting import patchmatch as pm


def stage() -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return rough grey ground with a red figure on it, the figure, and a hole beside it."""
    draw = np.random.default_rng(4)
    rough = ndimage.gaussian_filter(draw.normal(0, 60, (240, 320)), 2)[..., None]
    image = np.clip(np.full((240, 320, 3), 120.0) + rough, 0, 255)
    figure = np.zeros((240, 320), bool)
    figure[40:220, 20:80] = True
    image[figure] = np.clip((190.0, 40.0, 50.0) + rough[figure], 0, 255)
    hole = np.zeros((240, 320), bool)
    hole[70:190, 150:240] = True
    return image.astype(np.uint8), figure, hole


def test_a_figure_costs_what_the_ground_does_not() -> None:
    image, figure, hole = stage()
    marks = hole.astype(np.uint8)
    level = image_pyramid.build_pyramid(image, marks, image_pyramid.mark_unwanted(hole, None))[-1]
    costs = strange_sources.measure_costs(level.features, level.hole, level.valid)
    assert costs is not None
    step = image.shape[0] // costs.shape[0]
    inside = ndimage.binary_erosion(figure, iterations=20)[::step, ::step][: costs.shape[0], : costs.shape[1]]
    ground = ~ndimage.binary_dilation(figure | hole, iterations=30)[::step, ::step]
    assert costs[inside & (level.valid != 0)].min() > 20**2 * pm.UNIT**2
    assert costs[ground[: costs.shape[0], : costs.shape[1]] & (level.valid != 0)].mean() < 4 * pm.UNIT**2


def test_the_figure_is_not_copied_even_where_it_would_fit_the_border() -> None:
    image, _, hole = stage()
    # Under the hole lay such a figure: a sliver of it is left at the border, and asks for more.
    image[66:70, 180:190] = (190, 40, 50)
    filled = fill.fill(image, hole)
    red = (filled[..., 0] > 150) & (filled[..., 1] < 90) & hole
    assert red.sum() < 0.01 * hole.sum()


def test_a_hole_without_a_border_tells_nothing() -> None:
    features = np.zeros((40, 40 * pm.CHANNELS), np.int16)
    hole, valid = np.ones((40, 40), np.uint8), np.zeros((40, 40), np.uint8)
    assert strange_sources.measure_costs(features, hole, valid) is None
