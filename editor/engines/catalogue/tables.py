"""Tables that say what each photo is: CSV of any program, a row for each file, columns for its names."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from editor.engines.errors import InvalidOptions

FILE_COLUMNS = (
    "file",
    "filename",
    "file name",
    "file_name",
    "image",
    "photo",
    "picture",
    "path",
    "url",
    "address",
    "image_url",
    "image url",
    "datei",
    "dateiname",
    "bild",
    "foto",
    "fichier",
    "archivo",
)
"""What the column of the files may be called, in small letters; the first that is there counts."""
SEPARATORS = ";,\t|"

MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_CELL = 1000
MOST_TABLE_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Row:
    """One row with a file. line: of the table, from 1. columns: the others that are not empty, by name."""

    line: int
    file: str
    columns: dict[str, str]

    @property
    def is_address(self) -> bool:
        return self.file.casefold().startswith(("http://", "https://"))


@dataclass(frozen=True)
class Table:
    """columns: their names in small letters, without the files'. objections: to lines that are no use."""

    columns: list[str]
    rows: list[Row]
    objections: list[str]


def read_table(data: bytes) -> Table:
    """Return a table in the bytes of a CSV: with or without a BOM, split by comma, semicolon or tab.

    Raises InvalidOptions where it is none, or no column says which file a row is of.
    """
    if len(data) > MOST_TABLE_BYTES:
        raise InvalidOptions(f"A table may have {MOST_TABLE_BYTES // 2**20} MB. Split this one.")
    lines = _split(_decode(data))
    header = [" ".join(cell.split()).casefold() for cell in lines[0][1]] if lines else []
    while header and not header[-1]:
        header.pop()
    of_file = next((header.index(name) for name in FILE_COLUMNS if name in header), None)
    if of_file is None:
        raise InvalidOptions(
            "No column of this table says which file a row is of. Call one of them 'file' in the first line."
        )
    if len(header) > MOST_COLUMNS:
        raise InvalidOptions(f"A table may have {MOST_COLUMNS} columns, and this has {len(header)}.")
    if doubles := sorted({name for name in header if name and header.count(name) > 1}):
        raise InvalidOptions(f"Two columns are called {doubles[0]}. Give each a name of its own.")
    if len(lines) - 1 > MOST_ROWS:
        raise InvalidOptions(f"A table may have {MOST_ROWS:,} rows, and this has more. Split it.")
    rows, objections = [], []
    for line, cells in lines[1:]:
        if len([cell for cell in cells[len(header) :] if cell.strip()]):
            objections.append(
                f"Line {line} has {len(cells)} cells, and the first line {len(header)}. "
                "Put text with separators into quotation marks."
            )
        elif any(len(cell) > MOST_CELL for cell in cells):
            objections.append(f"Line {line} has a cell of more than {MOST_CELL:,} characters. Shorten it.")
        elif of_file >= len(cells) or not cells[of_file].strip():
            objections.append(f"Line {line} names no file. Write one into its column {header[of_file]}.")
        else:
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
            file = values.pop(header[of_file])
            rows.append(Row(line, file, {name: value for name, value in values.items() if value}))
    return Table([name for name in header if name and name != header[of_file]], rows, objections)


def _decode(data: bytes) -> str:
    """Return the text of a file that Excel, Numbers or anybody wrote."""
    # Windows' western letters come last: they take nearly any bytes.
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidOptions("This is no table. Save it as CSV in UTF-8 and add that.")


def _split(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, each with its number and its cells."""
    head = text.lstrip("\r\n").splitlines()[:1]
    if head and head[0].casefold().startswith("sep=") and len(head[0]) == 5:
        # Excel's way of saying so.
        separator = head[0][4]
        text = text.lstrip("\r\n")[5:]
    else:
        separator = max(SEPARATORS, key=lambda one: _count_outside_quotes(head[0] if head else "", one))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: list[tuple[int, list[str]]] = []
    try:
        lines.extend((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as exc:
        raise InvalidOptions(
            f"Line {reader.line_num} of this table cannot be read. Save it as CSV anew."
        ) from exc
    return lines


def _count_outside_quotes(line: str, one: str) -> int:
    return sum(part.count(one) for part in line.split('"')[::2])
