"""When it was and how much it is, as people say it."""

from datetime import datetime, timedelta

import pytest

from editor.templatetags.words import since, weight

NOW = datetime(2026, 3, 12, 15, 30)  # a Thursday


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "Just now"),
        (NOW + timedelta(seconds=5), "Just now"),
        (NOW - timedelta(seconds=59), "Just now"),
        (NOW - timedelta(seconds=60), "1 min ago"),
        (NOW - timedelta(minutes=59, seconds=59), "59 min ago"),
        (NOW - timedelta(hours=1), "Today 14:30"),
        (datetime(2026, 3, 12, 0, 0), "Today 00:00"),
        (datetime(2026, 3, 11, 23, 59), "Yesterday"),
        (datetime(2026, 3, 10, 12, 0), "Tuesday"),
        (datetime(2026, 3, 6, 12, 0), "Friday"),
        (datetime(2026, 3, 5, 12, 0), "5 Mar"),
        (datetime(2025, 12, 31, 12, 0), "31 Dec 2025"),
    ],
)
def test_moments_are_said_as_people_say_them(moment: datetime, words: str) -> None:
    assert since(moment, NOW) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (412_300, "412 kB"),
        (999_700, "1.0 MB"),
        (4_100_000, "4.1 MB"),
        (9_960_000, "10 MB"),
        (412_000_000, "412 MB"),
        (1_250_000_000, "1.2 GB"),
    ],
)
def test_bytes_are_said_in_steps_of_a_thousand(count: int | None, words: str) -> None:
    assert weight(count) == words
