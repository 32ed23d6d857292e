"""Columns drawn as SVG by the server: no script, no inline style, and the numbers beside it as a table.

A chart is measured in a box of 100 high and 10 wide per column, which the page stretches to its width;
words stand outside of it, as HTML, so that they keep their size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

COLUMN = 10.0
BAR = 7.0
HEIGHT = 100.0


@dataclass(frozen=True)
class Column:
    """What is drawn at one place: its label, and its values by series."""

    label: str
    values: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.values.values())


@dataclass(frozen=True)
class Segment:
    """A rectangle in the chart's box. series: for its colour; words: what it is, for people."""

    series: str
    words: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    """A line across, and what it stands for."""

    value: str
    y: float


@dataclass(frozen=True)
class Series:
    """A colour's meaning, and its sum over all columns."""

    name: str
    label: str
    total: float


@dataclass(frozen=True)
class Chart:
    """Stacked columns. title: what they show, in a sentence for who cannot see them."""

    title: str
    columns: Sequence[Column]
    series: Sequence[Series]
    segments: Sequence[Segment]
    ticks: Sequence[Tick]
    unit: str = ""

    @property
    def width(self) -> float:
        return COLUMN * len(self.columns)

    @property
    def labels(self) -> list[str]:
        """Some seven labels, evenly spread from the first column on; empty ones keep the places between."""
        every = max(1, -(-len(self.columns) // 7))
        return [one.label if place % every == 0 else "" for place, one in enumerate(self.columns)]

    @property
    def is_empty(self) -> bool:
        return not any(column.total for column in self.columns)

    @property
    def rows(self) -> list[tuple[str, list[float], float]]:
        """The same as a table: label, value per series, sum; without the columns of nothing."""
        return [
            (column.label, [column.values.get(one.name, 0) for one in self.series], column.total)
            for column in self.columns
            if column.total
        ]


def draw_stacked(title: str, columns: Sequence[Column], labels: Mapping[str, str], unit: str = "") -> Chart:
    """Draw columns of non-negative values. labels: the series in the order they are stacked, from below."""
    top = round_up(max((column.total for column in columns), default=0))
    segments = []
    for place, column in enumerate(columns):
        foot = HEIGHT
        for name, label in labels.items():
            value = column.values.get(name, 0)
            if not value:
                continue
            height = HEIGHT * value / top
            foot -= height
            words = f"{column.label}: {format_number(value)} {unit}".rstrip() + (
                f", {label}" if label else ""
            )
            x = place * COLUMN + (COLUMN - BAR) / 2
            segments.append(Segment(name, words, x, round(foot, 3), BAR, round(height, 3)))
    series = [
        Series(name, label, sum(column.values.get(name, 0) for column in columns))
        for name, label in labels.items()
    ]
    ticks = [Tick(format_number(top * part / 2), HEIGHT - HEIGHT * part / 2) for part in (2, 1, 0)]
    return Chart(title, columns, series, segments, ticks, unit)


def round_up(value: float) -> float:
    """Return a round number, at least value and above 0, whose half is as round."""
    if value <= 0:
        return 2.0
    size = 1.0
    while size * 10 < value:
        size *= 10
    while size > value:
        size /= 10
    steps = (1, 2, 4, 6, 8, 10)
    chosen = next(step * size for step in steps if step * size >= value)
    # Whole things have whole halves.
    return 2.0 if chosen == 1.0 else chosen


def format_number(value: float) -> str:
    """Return 12000 as "12,000", 0.25 as "0.25", or as the reader's language writes them."""
    return number_format(f"{value:.0f}" if value == int(value) else f"{value:.2g}", force_grouping=True)
