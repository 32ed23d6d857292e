"""What goes into a run: folders and archives, judged before they can harm; doubles; tables laid beside."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from editor.engines.catalogue import sources
from editor.engines.catalogue.sources import BadArchive, Item
from editor.engines.catalogue.tables import read_table


def draw_photo(colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


def pack(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def refuse(file: io.BytesIO, folder: Path) -> str:
    with pytest.raises(BadArchive) as caught:
        list(sources.unpack(file, folder))
    assert not list(folder.iterdir()), "nothing is written of an archive that is refused"
    return str(caught.value)


def test_a_folder_is_walked_in_the_order_of_its_numbers_without_clutter(tmp_path: Path) -> None:
    for name in ("b/lamp 10.jpg", "b/lamp 2.jpg", "a.jpg", ".DS_Store", "b/Thumbs.db", "__MACOSX/a.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "circle").symlink_to(tmp_path)
    assert sources.walk(tmp_path) == ["a.jpg", "b/lamp 2.jpg", "b/lamp 10.jpg"]


def test_an_archive_is_unpacked_under_numbers_and_keeps_its_names(tmp_path: Path) -> None:
    file = pack(
        {"red/lamp.png": draw_photo(), "blue\\lamp.png": b"no photo", ".DS_Store": b"", "t.csv": b"x"}
    )
    items = list(sources.unpack(file, tmp_path))
    assert [item.name for item in items] == ["blue/lamp.png", "red/lamp.png", "t.csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"00001.png", "00002.png", "00003.csv"}
    assert [item.path.read_bytes() for item in items if item.path][1] == draw_photo()


@pytest.mark.parametrize("name", ["/etc/passwd", "C:\\a.jpg", "c:a.jpg", "\\\\host\\a.jpg"])
def test_an_archive_with_an_absolute_path_is_refused(tmp_path: Path, name: str) -> None:
    said = refuse(pack({"a.jpg": b"", name: b""}), tmp_path)
    assert said.startswith("This ZIP has a file with an absolute path (")
    assert said.endswith("Pack it anew, from within its folder.")


@pytest.mark.parametrize("name", ["../a.jpg", "a/../../b.jpg", "a\\..\\..\\b.jpg"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path: Path, name: str) -> None:
    assert refuse(pack({name: b""}), tmp_path) == (
        f"This ZIP has a file that lies outside of it ({name}). Pack it anew, from within its folder."
    )


def test_an_archive_of_a_hundred_thousand_files_is_refused_by_its_last_bytes(tmp_path: Path) -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert refuse(io.BytesIO(b"PK\x03\x04" + bytes(100) + end), tmp_path) == (
        "This ZIP has 65,535 or more files, and at most 5,000 are taken. Pack it in parts."
    )


def test_an_archive_with_more_files_than_are_taken_is_refused_though_its_end_says_fewer() -> None:
    file = pack({f"{number}.jpg": b"" for number in range(12)})
    data = bytearray(file.getvalue())
    data[-14:-10] = struct.pack("<2H", 1, 1)
    with pytest.raises(BadArchive, match="12 files, and at most 10"):
        sources.open_archive(io.BytesIO(data), most_entries=10)


def test_an_archive_with_a_ratio_of_a_thousand_is_refused(tmp_path: Path) -> None:
    assert refuse(pack({"a.jpg": draw_photo(), "zeros.jpg": bytes(4 * 2**20)}), tmp_path) == (
        "zeros.jpg would be more than 200 times larger unpacked, as no photo is. Take it out of the ZIP."
    )


def test_an_archive_that_is_too_much_in_all_is_refused() -> None:
    file = pack({name: random.Random(1).randbytes(2**20) for name in "abc"}, zipfile.ZIP_STORED)
    with pytest.raises(BadArchive, match=r"3 MB unpacked, and at most 2 MB are taken\. Pack it in parts\."):
        sources.open_archive(file, most_bytes=2 * 2**20)


def test_a_file_that_is_more_than_the_list_says_ends_there(tmp_path: Path) -> None:
    data = bytearray(pack({"a.jpg": random.Random(1).randbytes(5000)}).getvalue())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    (item,) = sources.unpack(io.BytesIO(data), tmp_path)
    assert item.objection == "a.jpg is damaged in the ZIP. Pack it anew."
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_in_an_archive_holds_nobody_up(tmp_path: Path) -> None:
    file = pack({"a.jpg": b"a" * 50, "b.jpg": b"b" * 50}, zipfile.ZIP_STORED)
    data = file.getvalue().replace(b"a" * 50, b"c" * 50)
    items = list(sources.unpack(io.BytesIO(data), tmp_path))
    assert [item.objection for item in items] == ["a.jpg is damaged in the ZIP. Pack it anew.", ""]


@pytest.mark.parametrize("data", [b"", b"no archive at all", draw_photo(), b"PK\x05\x06" + bytes(18)[:10]])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refuse(io.BytesIO(data), tmp_path) == "This ZIP cannot be read. Pack it anew."


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_an_archive_that_was_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    data = pack({"a.png": draw_photo()}).getvalue()
    assert refuse(io.BytesIO(data[: len(data) - 1 - cut]), tmp_path)


def test_locked_archives_and_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    data = bytearray(pack({"a.jpg": b"a"}).getvalue())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "password" in refuse(io.BytesIO(data), tmp_path)
    twice = pack({"x/a.jpg": b"a", "x\\a.jpg": b"b"})
    assert "two files called x/a.jpg" in refuse(twice, tmp_path)


def test_links_in_archives_are_left_out(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("link.jpg")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert list(sources.unpack(target, tmp_path)) == []


def test_each_file_is_looked_at_and_what_is_no_photo_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(draw_photo())
    (tmp_path / "b.txt").write_text("Dear shop owner,\n")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff")
    items = [sources.look_at(name, tmp_path / name) for name in ("a.png", "b.txt", "c.jpg", "d.jpg")]
    assert [item.is_usable for item in items] == [True, False, False, False]
    assert all(item.objection.endswith(".") for item in items[1:])
    assert len(items[0].sha256) == 64


def test_doubles_are_marked_unless_a_table_says_they_are_other_products() -> None:
    items = [
        Item("a", sha256="1"),
        Item("b", sha256="1"),
        Item("c", sha256="2"),
        Item("d", sha256="1", columns={"sku": "7"}),
        Item("e", objection="x"),
        Item("f", objection="x"),
    ]
    assert [item.double_of for item in sources.mark_doubles(items)] == ["", "a", "", "", "", ""]


def test_a_row_finds_its_file_by_path_name_or_stem() -> None:
    table = read_table(b"file,sku\na/lamp.jpg,1\nVASE.JPG,2\ncup,3\n.\\b\\lamp.jpg,4\nvase.jpg,5\n")
    found = sources.match(table, ["a/lamp.jpg", "b/lamp.jpg", "vase.jpg", "x/cup.png", "more.jpg"])
    assert [(name, columns.get("sku")) for name, columns in found.rows] == [
        ("a/lamp.jpg", "1"),
        ("vase.jpg", "2"),
        ("x/cup.png", "3"),
        ("b/lamp.jpg", "4"),
        ("vase.jpg", "5"),
        ("more.jpg", None),
    ]
    assert not found.objections


def test_rows_whose_file_is_not_clear_are_told_by_their_line() -> None:
    table = read_table(b"file\nlamp.jpg\nnone.jpg\nhttps://example.org/a.jpg\n")
    assert sources.match(table, ["a/lamp.jpg", "b/lamp.jpg"]).objections == [
        "Line 2: lamp.jpg may be a/lamp.jpg or b/lamp.jpg. Write its folder too.",
        "Line 3: there is no file none.jpg. Add it, or take the line out.",
        "Line 4: https://example.org/a.jpg is an address, and was not fetched.",
    ]
