"""The manifest: all that a reader needs to check a file, and nothing that a spreadsheet carries out."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from editor.engines.catalogue import manifest
from editor.engines.catalogue.manifest import Line
from editor.engines.catalogue.recipe import Recipe

CHECK = {"key": "white", "verdict": "passed", "measured": "100.000 % of 9 px", "asked": "100.000 %"}
LINE = Line(
    "a/lamp.png", "ab", "amazon/A1.MAIN.jpg", "cd", "amazon", "jpg", 1600, 1500, 999, "passed", checks=[CHECK]
)


def read(lines: list[Line], recipe: Recipe) -> list[dict[str, str]]:
    data = manifest.write_csv(lines, recipe, 3).encode()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_each_file_is_a_line_with_hashes_pixels_and_each_checks_figures() -> None:
    recipe = Recipe(name="White")
    lines = [LINE, Line("b.txt", message="This is a text, not a photo.")]
    first, second = read(lines, recipe)
    assert first == {
        "source": "a/lamp.png",
        "source_sha256": "ab",
        "file": "amazon/A1.MAIN.jpg",
        "sha256": "cd",
        "market": "amazon",
        "format": "jpg",
        "width": "1600",
        "height": "1500",
        "bytes": "999",
        "verdict": "passed",
        "message": "",
        "recipe": "White",
        "recipe_version": "3",
        "recipe_sha256": manifest.hash_recipe(recipe),
        "check_white": "passed: 100.000 % of 9 px (asked: 100.000 %)",
    }
    assert (second["message"], second["width"], second["check_white"]) == (lines[1].message, "", "")
    whole = json.loads(manifest.write_json(lines, recipe, 3))
    assert whole["recipe"]["version"] == 3
    assert Recipe.from_dict(whole["recipe"]["data"]) == recipe
    assert whole["files"][0]["checks"] == [CHECK]
    assert whole["files"][1] == {"source": "b.txt", "message": "This is a text, not a photo."}


@pytest.mark.parametrize(
    "name",
    ["=1+1.jpg", "+1", "-lamp.jpg", "@SUM(A1)", "\t1", " =1", "\r1", "\n1", "\uff1d1", "|cmd", "\u00a0=1"],
)
def test_no_cell_begins_as_a_formula(name: str) -> None:
    recipe = Recipe(name="=A1")
    check = CHECK | {"measured": name, "verdict": name}
    (row,) = read([replace(LINE, source=name, file=name, message=name, checks=[check])], recipe)
    for cell in row.values():
        assert not cell.strip("\x00").lstrip().startswith(("=", "+", "-", "@", "\uff1d", "|"))
    assert row["source"] == f"'{name}"
    whole = json.loads(manifest.write_json([replace(LINE, source=name)], recipe))
    assert whole["files"][0]["source"] == name


@pytest.mark.parametrize("mark", [";", ",", "\t", "\n"])
def test_no_cell_begins_as_a_formula_where_another_mark_separates_cells(mark: str) -> None:
    (row,) = read([replace(LINE, source=f"a{mark}=1+1")], Recipe())
    assert row["source"] == f"a{mark}'=1+1"


def test_text_with_separators_stays_one_cell() -> None:
    (row,) = read([replace(LINE, source='a;b,"c"\nd.jpg')], Recipe())
    assert row["source"] == 'a;b,"c"\nd.jpg'


def test_the_hash_of_a_recipe_is_of_what_it_does() -> None:
    one = manifest.hash_recipe(Recipe(name="A"))
    assert one == manifest.hash_recipe(Recipe(name="B"))
    assert one != manifest.hash_recipe(Recipe(name="A", subject="object"))
