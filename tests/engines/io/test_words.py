"""Lengths and regions in words."""

from __future__ import annotations

import pytest

from editor.engines.errors import InvalidOptions, RegionEmpty, RegionOutside
from editor.engines.io import words


def test_a_length_has_a_unit() -> None:
    assert words.parse_length("12.5%") == (12.5, "%")
    assert words.parse_length(" 20px ") == (20, "px")
    for wrong in ("", "20", "20 px", "-1px", "1e9px", "1234567px", "px", "10%%"):
        with pytest.raises(InvalidOptions):
            words.parse_length(wrong)


def test_a_region_is_resolved_in_pixels_from_either_corner() -> None:
    assert words.resolve_region(["0%", "0%", "100%", "100%"], 400, 300) == (0, 0, 400, 300)
    assert words.resolve_region(["10px", "10%", "50%", "300px"], 400, 300) == (10, 30, 200, 300)
    assert words.resolve_region(["50%", "300px", "10px", "10%"], 400, 300) == (10, 30, 200, 300)


@pytest.mark.parametrize("region", [["401px", "0px", "0px", "1px"], ["0%", "0%", "100%", "100.5%"]])
def test_a_region_that_leaves_the_picture_is_refused(region: list[str]) -> None:
    with pytest.raises(RegionOutside, match="400 x 300"):
        words.resolve_region(region, 400, 300)


@pytest.mark.parametrize("region", [["10px", "0px", "10px", "9px"], ["0%", "25%", "100%", "75px"]])
def test_a_region_without_a_pixel_is_refused(region: list[str]) -> None:
    with pytest.raises(RegionEmpty):
        words.resolve_region(region, 400, 300)


@pytest.mark.parametrize("wrong", ["0% 0% 1% 1%", ["0%"], [1, 2, 3, 4], None, {"x": 1}])
def test_what_is_no_region_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidOptions):
        words.check_region(wrong)
