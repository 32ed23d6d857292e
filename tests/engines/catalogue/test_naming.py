"""Names: what patterns become, that every system takes them, and that two alike are told beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.engines.catalogue import naming
from editor.engines.catalogue.markets import MARKETS
from editor.engines.catalogue.recipe import FileSpec
from editor.engines.errors import InvalidOptions


@dataclass(frozen=True)
class Photo:
    name: str
    columns: dict[str, str] = field(default_factory=dict)


def name(photos: list[Photo], *specs: FileSpec) -> naming.Names:
    return naming.name_files(photos, specs, MARKETS)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{stem}.{ext}", "files/lamp.jpg"),
        ("{SKU}_{n:03}.{ext}", "files/A1_001.jpg"),
        ("{folder}-{stem}", "files/red-lamp.jpg"),
        ("{colour} {stem}.jpeg", "files/Rosé lamp.jpg"),
        ("{stem}.png", "files/lamp.jpg"),
        ("{gtin:014}_C1C1.{ext}", "files/04012345678901_C1C1.jpg"),
        ("{market}-{title}.{ext}", "files/files-A_ B.jpg"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, expected: str) -> None:
    columns = {"sku": "A1", "Colour": "Rosé", "gtin": "4012345678901", "title": "A/ B"}
    made = name([Photo("red/lamp.png", columns)], FileSpec(name=pattern))
    assert (made.paths, made.objections) == ([[expected]], [])


def test_each_marketplace_has_its_folder_and_a_folder_may_be_a_pattern() -> None:
    made = name([Photo("a.jpg", {"group": "Lamps"})], FileSpec(market="amazon"), FileSpec(folder="{group}/x"))
    assert made.paths == [["amazon/a.jpg", "Lamps/x/a.jpg"]]


def test_variants_that_no_table_says_count_up_within_a_sku() -> None:
    photos = [Photo("1.jpg", {"sku": "B"}), Photo("2.jpg", {"sku": "b"}), Photo("3.jpg", {"sku": "C"})]
    pattern = naming.PRESETS["amazon"][1]
    made = name(photos, FileSpec(name=pattern))
    assert [row[0] for row in made.paths] == ["files/B.MAIN.jpg", "files/b.PT01.jpg", "files/C.MAIN.jpg"]


def test_names_keep_to_the_letters_that_a_marketplace_takes() -> None:
    spec = FileSpec(market="amazon", name="{sku}.MAIN.{ext}")
    made = name([Photo("x.jpg", {"sku": "Grün-7 é"})], spec)
    assert made.paths == [["amazon/Gruen_7_e.MAIN.jpg"]]


@pytest.mark.parametrize("pattern", ["", "{stem", "stem}", "{}.{ext}", "{n:x}", "a/{n}", "..\\{n}", "{n}\n"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidOptions):
        naming.check_pattern(pattern)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("CON", "_CON.jpg"),
        ("aux.red", "_aux.red.jpg"),
        ("com¹", "_com¹.jpg"),
        ("console", "console.jpg"),
        ("lamp. . ", "lamp.jpg"),
        ("..", "photo.jpg"),
        ("", "photo.jpg"),
        (".hidden", "hidden.jpg"),
        ('a<b>:"c|d?*', "a_b___c_d__.jpg"),
        ("a\x00b\x1f", "a_b_.jpg"),
        ("gpj\u202ecod", "gpjcod.jpg"),
        ("e\u0301", "é.jpg"),
        ("\ud800x", "_x.jpg"),
    ],
)
def test_a_name_is_safe(text: str, safe: str) -> None:
    assert naming.make_safe(text, ending=".jpg") == safe


@given(st.text(max_size=400))
def test_any_text_becomes_a_name_that_every_system_takes(text: str) -> None:
    made = naming.make_safe(text, ending=".jpg")
    stem = made.removesuffix(".jpg")
    assert len(made.encode()) <= 255
    assert made.endswith(".jpg")
    assert stem
    assert not stem.endswith((".", " "))
    assert not set(made) & set('<>:"/\\|?*\x00\n')
    assert stem.split(".")[0].rstrip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert naming.make_safe(stem, ending=".jpg") == made


def test_a_name_of_255_bytes_is_cut_between_letters_and_keeps_its_extension() -> None:
    made = naming.make_safe("ü" * 300, ending=".jpg")
    assert made == "ü" * 125 + ".jpg"


def test_two_files_of_one_name_in_different_folders_are_told_apart_or_told() -> None:
    photos = [Photo("a/lamp.jpg"), Photo("b/Lamp.png")]
    made = name(photos, FileSpec())
    assert made.objections == [
        "a/lamp.jpg and b/Lamp.png would both be called files/Lamp.jpg. Capitals make no difference on many "
        "systems: files/lamp.jpg is the same name there. Put what tells them apart into the name, such as "
        "{n}, {folder} or {variant}."
    ]
    assert not name(photos, FileSpec(name="{folder}-{stem}.{ext}")).objections


def test_a_pattern_that_names_all_results_alike_is_told_in_few_lines() -> None:
    made = name([Photo(f"{number}.jpg") for number in range(200)], FileSpec(name="same.{ext}"))
    assert len(made.objections) == naming.MOST_OBJECTIONS + 1
    assert made.objections[-1] == "And 149 more like these."


def test_two_files_of_one_photo_that_are_called_alike_are_told() -> None:
    assert name([Photo("a.jpg")], FileSpec(), FileSpec()).objections[0].startswith("Two files would both")


def test_the_manifest_keeps_its_name() -> None:
    spec = FileSpec(folder="manifest.csv")
    assert name([Photo("a.jpg")], spec).objections == [
        "manifest.csv would be a file and a folder at once. Call one of them otherwise."
    ]


def test_a_column_that_is_not_there_is_told_once() -> None:
    made = name([Photo("a.jpg"), Photo("b.jpg"), Photo("c.jpg", {"ean": "1"})], FileSpec(name="{ean}{stem}"))
    assert made.objections == [
        "{ean} stands in a name, and each of 2 photos, a.jpg among them, has no such column. "
        "Add it to the table, or take it out of the pattern."
    ]
