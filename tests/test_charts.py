"""Charts are drawn to scale."""

import pytest

from web.charts import Column, draw_stacked, round_up


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 2), (0.3, 0.4), (1, 2), (2, 2), (3, 4), (7, 8), (9, 10), (11, 20), (83, 100), (101, 200)],
)
def test_the_scale_ends_at_a_round_number_above(value: float, top: float) -> None:
    assert round_up(value) == pytest.approx(top)


def test_columns_are_stacked_to_scale_within_the_box() -> None:
    columns = [Column("Mon", {"a": 3, "b": 1}), Column("Tue", {}), Column("Wed", {"b": 8})]
    chart = draw_stacked("Title", columns, {"a": "Apples", "b": "Pears"}, "pieces")
    apples, pears, more = chart.segments
    assert (apples.height, pears.height, more.height) == pytest.approx((37.5, 12.5, 100))
    assert apples.y == pytest.approx(62.5)
    assert pears.y + pears.height == pytest.approx(apples.y)
    assert more.y == pytest.approx(0)
    assert apples.x == pears.x < more.x < chart.width
    assert apples.words == "Mon: 3 pieces, Apples"
    assert [(one.label, one.total) for one in chart.series] == [("Apples", 3), ("Pears", 9)]
    assert [label for label, _, _ in chart.rows] == ["Mon", "Wed"]


def test_nothing_is_drawn_of_nothing() -> None:
    chart = draw_stacked("Title", [Column("Mon", {})], {"a": "Apples"})
    assert chart.is_empty
    assert chart.segments == []
    assert draw_stacked("Title", [], {"a": "Apples"}).is_empty
