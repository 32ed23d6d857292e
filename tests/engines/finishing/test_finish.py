"""A finish is data: read from JSON, checked, written back."""

from typing import Any

import pytest

from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import VERSION, Finish

WHITE_SQUARE = {
    "canvas": "exact",
    "width": 1600,
    "height": 1600,
    "margins": [0.08] * 4,
    "scaling": "fit",
    "background": "#ffffff",
    "format": "jpg",
}


def test_a_default_finish_says_nothing_but_its_version() -> None:
    assert Finish().to_dict() == {"version": VERSION}


def test_what_is_written_is_read_back() -> None:
    finish = Finish.from_dict(WHITE_SQUARE)
    assert finish.to_dict() == {"version": VERSION, **WHITE_SQUARE}
    assert Finish.from_dict(finish.to_dict()) == finish


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"canvas": "round"}, "canvas"),
        ({"canvas": "exact"}, "width"),
        ({"canvas": "exact", "width": 20_000, "height": 1}, "width"),
        ({"canvas": "exact", "width": 16_000, "height": 16_000}, "megapixels"),
        ({"margins": [0.1, 0.1]}, "margins"),
        ({"margins": [0.99, 0, 0, 0]}, "margins"),
        ({"margins": [0.5, 0, 0.5, 0]}, "margins"),
        ({"margins": [0, 0.3, 0, 0.7]}, "margins"),
        ({"margins": "0.1"}, "margins"),
        ({"margins": [-1, 0, 0, 0], "margin_of": "px"}, "margins"),
        (
            {"margins": [50, 0, 50, 0], "margin_of": "px", "canvas": "exact", "width": 99, "height": 9},
            "pixel",
        ),
        ({"align": [0.5, 1.5]}, "align"),
        ({"align": [True, 0]}, "align"),
        ({"rotation": "up"}, "rotation"),
        ({"enlarge": 1}, "enlarge"),
        ({"background": "nothing"}, "background"),
        ({"shadow": "long"}, "shadow"),
        ({"exposure": float("nan")}, "exposure"),
        ({"glow": 1}, "glow"),
        ({"version": VERSION + 1}, "Update the studio"),
        ({"version": "1"}, "version"),
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidOptions, match=named):
        Finish.from_dict(wrong)
