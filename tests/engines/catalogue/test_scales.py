"""One scale across a set: what finishing.frame makes of the shares is alike for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from editor.engines.catalogue import scales
from editor.engines.catalogue.scales import Member
from editor.engines.finishing import frame
from editor.engines.finishing.finish import Finish

SIZES = [(400, 300), (200, 600), (90, 40), (1500, 1200)]
PHOTO = (2000, 1500)
FRAME = Finish(canvas="exact", width=1000, height=800, scaling="fit", margins=(0.1, 0.05, 0.1, 0.2))


def place(size: tuple[int, int], finish: Finish) -> frame.Placement:
    width, height = size
    corners = np.array([(50, 60), (50 + width, 60), (50 + width, 60 + height), (50, 60 + height)], np.float64)
    return frame.place(corners, PHOTO, finish)


@pytest.mark.parametrize("enlarge", [False, True])
@pytest.mark.parametrize(
    "finish",
    [
        FRAME,
        replace(FRAME, scaling="fill"),
        replace(FRAME, margin_of="subject"),
        replace(FRAME, margin_of="px", margins=(10, 20, 30, 40)),
        replace(FRAME, rotation=90),
        replace(FRAME, rotation=33),
        replace(FRAME, canvas="photo", rotation=90, width=0, height=0),
    ],
)
def test_all_of_a_set_are_scaled_alike_and_none_leaves_its_margins(finish: Finish, enlarge: bool) -> None:
    finish = replace(finish, enlarge=enlarge)
    members = [Member(*size, PHOTO, finish.rotation) for size in SIZES]
    shares = scales.find_shares(members, finish)
    made = [
        place(size, replace(finish, share=share)).scale for size, share in zip(SIZES, shares, strict=True)
    ]
    own = [place(size, finish).scale for size in SIZES]
    assert made == pytest.approx([min(own)] * len(SIZES), rel=1e-9)
    assert enlarge or max(made) <= 1


def test_one_by_itself_fills_its_frame() -> None:
    small = scales.find_shares([Member(10, 10)], FRAME)[0]
    assert place((10, 10), replace(FRAME, share=small)).scale == 1
    assert scales.find_shares([Member(10, 10)], replace(FRAME, enlarge=True)) == [1.0]
    assert scales.find_shares([], FRAME) == []


def test_frames_that_keep_sizes_need_no_share_and_none_is_less_than_a_finish_takes() -> None:
    members = [Member(4000, 10), Member(10, 10)]
    assert scales.find_shares(members, Finish(canvas="content")) == [1.0, 1.0]
    assert scales.find_shares(members, replace(FRAME, enlarge=True)) == [1.0, 0.01]


def test_the_group_is_the_tables_or_the_folder() -> None:
    assert scales.find_group("", "a/1.jpg", {"group": "x"}) is None
    assert scales.find_group("all", "a/1.jpg", {}) == scales.find_group("all", "b/1.jpg", {"group": "x"})
    assert scales.find_group("group", "a/1.jpg", {"group": "x"}) == scales.find_group(
        "group", "b", {"group": "x"}
    )
    assert scales.find_group("group", "a/1.jpg", {}) == scales.find_group("group", "a/2.jpg", {})
    assert scales.find_group("group", "a/1.jpg", {}) != scales.find_group("group", "b/1.jpg", {})
