"""Tables as CSV that spreadsheets open and take for nothing but text and numbers."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any


def write_csv(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a table as CSV that no spreadsheet takes for formulas."""
    return write_lines([heads, *rows])


def write_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Return lines of such a table."""
    out = StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([disarm_cell(value) for value in row])
    return out.getvalue()


def disarm_cell(value: Any) -> Any:
    """Return a cell as it is, with a quote before what a spreadsheet would calculate."""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
