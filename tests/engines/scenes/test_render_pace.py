"""What gives way where time is short: samples, then the side, then whole pictures; else nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from editor.engines.scenes.render_pace import FEWEST, LEAST_SIDE, Pace, choose_rendering

SIZE = (1024, 1024)
MEGAPIXELS = 1024 * 1024 / 1e6


def test_nothing_gives_way_where_there_is_time() -> None:
    pace = Pace(begin=1.0, sample=3.0)
    choice = choose_rendering(pace, SIZE, 264.0, 2)
    assert choice is not None
    assert choice.side == 1024
    # All of seven samples fit well within what they may take.
    assert choice.limit > 7 * pace.sample * MEGAPIXELS


def test_samples_give_way_first() -> None:
    pace = Pace(begin=1.0, sample=20.0)
    choice = choose_rendering(pace, SIZE, 264.0, 2)
    assert choice is not None
    assert choice.side == 1024
    assert FEWEST * pace.sample * MEGAPIXELS < choice.limit < 7 * pace.sample * MEGAPIXELS


def test_then_the_side_does_and_the_fewest_samples_fit() -> None:
    pace = Pace(begin=2.0, sample=60.0)
    choice = choose_rendering(pace, SIZE, 264.0, 2)
    assert choice is not None
    assert LEAST_SIDE < choice.side < 1024
    assert choice.limit == pytest.approx(FEWEST * pace.sample * choice.side**2 / 1e6, rel=0.01)


def test_a_side_is_not_shaved_for_want_of_a_second() -> None:
    pace = Pace(begin=2.0, sample=32.0)
    assert 2.0 + pace.sample * MEGAPIXELS * (FEWEST + 1) > 132.0
    choice = choose_rendering(pace, SIZE, 264.0, 2)
    assert choice is not None
    assert choice.side == 1024
    assert 2 * pace.sample * MEGAPIXELS < choice.limit < FEWEST * pace.sample * MEGAPIXELS


def test_one_whole_picture_is_worth_more_than_two_halves() -> None:
    pace = Pace(begin=2.0, sample=300.0)
    alone = pace.seconds(LEAST_SIDE**2, FEWEST)
    first = choose_rendering(pace, SIZE, alone, 2)
    assert first is not None
    assert first.side == LEAST_SIDE
    assert choose_rendering(pace, SIZE, 3.0, 1) is None


def test_a_picture_that_was_asked_for_small_is_not_made_smaller_still() -> None:
    choice = choose_rendering(Pace(begin=0.1, sample=1000.0), (256, 160), 100.0, 1)
    assert choice is not None
    assert choice.side == 256


@settings(deadline=None, derandomize=True, database=None)
@given(
    begin=some.floats(0.0, 60.0),
    sample=some.floats(0.001, 2000.0),
    sides=some.tuples(some.integers(96, 2048), some.integers(96, 2048)),
    left=some.floats(-10.0, 1800.0),
    pictures=some.integers(1, 2),
)
def test_what_is_chosen_ends_in_time_as_long_as_the_pace_holds(
    begin: float, sample: float, sides: tuple[int, int], left: float, pictures: int
) -> None:
    pace = Pace(begin, sample)
    choice = choose_rendering(pace, sides, left, pictures)
    if choice is None:
        return
    assert choice.side <= max(sides)
    assert choice.side >= min(max(sides), LEAST_SIDE)
    pixels = sides[0] * sides[1] * (choice.side / max(sides)) ** 2
    # A sample that was begun is ended; a rounded side has a few pixels more.
    assert begin + choice.limit + sample * pixels / 1e6 <= left * 1.01 + 0.2


def test_who_gets_little_of_the_processors_is_not_alone_with_them() -> None:
    assert Pace(1.0, 1.0, share=0.4).is_busy
    assert not Pace(1.0, 1.0, share=0.95).is_busy
