"""Tables that say what each photo is, as any program writes them."""

from __future__ import annotations

import pytest

from editor.engines.catalogue.tables import read_table
from editor.engines.errors import InvalidOptions


@pytest.mark.parametrize(
    "data",
    [
        b"file,sku,title\na.jpg,1,Gr\xc3\xbcn\n",
        b"\xef\xbb\xbfFile;SKU;Title\r\na.jpg;1;Gr\xc3\xbcn\r\n",
        b"\xef\xbb\xbfFile;SKU;Title;;\r\n\r\n a.jpg ; 1;Gr\xc3\xbcn;;\r\n;;;;\r\n",
        "Dateiname\tsku\ttitle\na.jpg\t1\tGrün\n".encode("utf-16"),
        "file;sku;title\na.jpg;1;Grün".encode("cp1252"),
        'sku|"file"|title\n1|"a.jpg"|Grün\n'.encode(),
        "sep=;\nfile;sku;title\na.jpg;1;Grün\n".encode(),
        '"file";"sku";"title"\r"a.jpg";"1";"Grün"\r'.encode(),
    ],
)
def test_a_table_is_read_whatever_wrote_it(data: bytes) -> None:
    table = read_table(data)
    assert [(row.file, row.columns) for row in table.rows] == [("a.jpg", {"sku": "1", "title": "Grün"})]
    assert table.columns == ["sku", "title"]
    assert not table.objections


def test_lines_without_a_file_or_with_too_many_cells_are_told_and_hold_nobody_up() -> None:
    table = read_table(b'file,title\n,Lamp\nb.jpg,Lamp, red\nc.jpg\nd.jpg,"Lamp, red"\n')
    assert table.objections == [
        "Line 2 names no file. Write one into its column file.",
        "Line 3 has 3 cells, and the first line 2. Put text with separators into quotation marks.",
    ]
    assert [(row.line, row.file, row.columns) for row in table.rows] == [
        (4, "c.jpg", {}),
        (5, "d.jpg", {"title": "Lamp, red"}),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"sku,title\n1,Lamp\n", "No column of this table says which file"),
        (b"", "No column of this table says which file"),
        (b"file,sku,SKU\na,1,2\n", "Two columns are called sku"),
        (b"file," + b",".join(b"c%d" % number for number in range(60)) + b"\n", "60 columns"),
        (b"file\n" + b"a.jpg\n" * 5001, "5,000 rows"),
        (b"file\n\x89PNG\x00\x00", "This is no table"),
        (b"\xff\xfef", "This is no table"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(InvalidOptions, match=said):
        read_table(data)
