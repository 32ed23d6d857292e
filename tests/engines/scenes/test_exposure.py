"""A picture that is too dark or white without drawing is exposed otherwise; what counts as seen in it."""

from __future__ import annotations

import numpy as np

from editor.engines.scenes.exposure import DOWN, UP, choose_stops
from editor.engines.scenes.sight import CUT, LEAST_SEEN, measure_share


def test_what_is_bright_enough_stays_as_it_is() -> None:
    assert choose_stops(np.full((100, 3), 0.3, np.float32), 0.43, white=False) == 0.0


def test_dark_grass_is_exposed_longer_but_not_by_more_than_the_limit() -> None:
    assert 0 < choose_stops(np.full((100, 3), 0.12, np.float32), 0.43, white=False) < UP
    assert choose_stops(np.full((100, 3), 0.01, np.float32), 0.43, white=False) == UP


def test_what_is_light_already_is_not_burnt_for_what_is_dark() -> None:
    seen = np.full((100, 3), 0.05, np.float32)
    seen[:20] = 0.8
    assert choose_stops(seen, 0.43, white=False) < 0.1


def test_silk_that_is_white_without_drawing_is_exposed_shorter_and_paper_is_not() -> None:
    seen = np.full((100, 3), 1.1, np.float32)
    stops = choose_stops(seen, 0.0, white=False)
    assert -DOWN <= stops < -0.3
    assert choose_stops(seen, 0.0, white=True) == 0.0


def test_what_the_edge_cuts_counts_only_where_a_good_deal_of_it_is_in_the_picture() -> None:
    seen = np.zeros((100, 100), np.bool_)
    assert measure_share(seen) == 0.0
    seen[40:50, 40:50] = True
    assert measure_share(seen) == 1.0
    seen[:] = False
    seen[40:48, 96:] = True
    assert CUT * LEAST_SEEN > 0.32
    assert measure_share(seen) == 0.0
    seen[20:80, 90:] = True
    assert measure_share(seen) == 6.0
