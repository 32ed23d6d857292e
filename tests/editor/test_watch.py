"""manage.py watch: a photo is taken once it stopped growing; what is done stays done, over restarts too."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from PIL import Image

from editor.engines.batch import batch as batches
from editor.engines.batch import watch
from editor.engines.catalogue.manifest import Line
from editor.engines.catalogue.recipe import FileSpec, Recipe
from editor.engines.catalogue.sources import Item
from editor.models.catalogue import Recipe as RecipeRow


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the photos that were worked on, in a batch that cuts nothing out."""
    names: list[str] = []

    def deliver(self: batches.Batch, item: Item, paths: list[str], shares: list[float]) -> list[Line]:
        names.append(item.name)
        path = self.target / paths[0]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        return [Line(item.name, item.sha256, paths[0], empty, verdict="passed")]

    monkeypatch.setattr(batches.Batch, "_deliver", deliver)
    return names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def put(path: Path, shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (9, 9), (shade, 0, 0)).save(file, "PNG")
    path.write_bytes(file.getvalue())
    return file.getvalue()


def test_a_photo_that_grows_is_left_until_it_stopped(folder: Path, made: list[str], tmp_path: Path) -> None:
    said: list[str] = []
    watched = watch.Watch(folder, batches.Batch(Recipe(), tmp_path / "out"), said.append)
    whole = put(folder / "a.png", 1)
    (folder / "a.png").write_bytes(whole[:40])
    assert watched.look() is None
    (folder / "a.png").write_bytes(whole)
    assert watched.look() is None
    assert not made
    assert watched.look() is not None
    assert watched.look() is None
    assert made == ["a.png"]
    put(folder / "b.png", 2)
    watched.look()
    assert not watched.settled
    summary = watched.look()
    assert made == ["a.png", "b.png"]
    assert summary is not None
    assert (summary.kept, summary.passed, said) == (1, True, [])


def test_whoever_starts_it_again_finds_what_is_done(folder: Path, made: list[str], tmp_path: Path) -> None:
    put(folder / "a.png", 1)
    for _ in range(2):
        watched = watch.Watch(folder, batches.Batch(Recipe(), tmp_path / "out"), print)
        watch.watch(watched, lambda made: None, every_s=0, once=True, sleep=lambda seconds: None)
    assert made == ["a.png"]


def test_names_that_collide_are_told_once_and_can_be_mended(
    folder: Path, made: list[str], tmp_path: Path
) -> None:
    said: list[str] = []
    recipe = Recipe(files=(FileSpec(name="one.{ext}"),))
    watched = watch.Watch(folder, batches.Batch(recipe, tmp_path / "out"), said.append)
    put(folder / "a.png", 1)
    put(folder / "b.png", 2)
    for _ in range(4):
        watched.look()
    assert len(said) == 1
    assert "would both be called files/one.jpg" in said[0]
    (folder / "b.png").unlink()
    assert watched.look() is not None
    assert made == ["a.png"]


@pytest.mark.django_db
def test_the_command_takes_a_recipe_of_the_studio_or_a_file(
    folder: Path, made: list[str], tmp_path: Path
) -> None:
    put(folder / "a.png", 1)
    alice = get_user_model().objects.create(email="alice@example.org")
    row = RecipeRow.objects.create(
        owner=alice, name="White", data=Recipe(files=(FileSpec(name="x.{ext}"),)).to_dict(), number=4
    )
    for number, wanted in enumerate(("White", str(row.pk), str(tmp_path / "white.json"))):
        (tmp_path / "white.json").write_text(json.dumps(row.data))
        out, said = tmp_path / f"out-{number}", io.StringIO()
        call_command("watch", folder, recipe=wanted, out=out, once=True, every=0.2, stdout=said)
        assert (out / "files/x.jpg").is_file()
        assert "1 done" in said.getvalue()
    assert json.loads((tmp_path / "out-0/manifest.json").read_text())["recipe"]["version"] == 4


@pytest.mark.django_db
def test_what_cannot_be_watched_is_refused_with_a_sentence(folder: Path, tmp_path: Path) -> None:
    for wanted, where, out, said in (
        ("None", folder, tmp_path / "out", "There is no file and no recipe None"),
        ("None", tmp_path / "gone", tmp_path / "out", "There is no folder"),
        ("None", folder, folder, "a folder of their own"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("watch", where, recipe=wanted, out=out, once=True)
