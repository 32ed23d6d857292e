"""python -m editor.engines run: files, checks, manifest, table, status; what is there is not made again."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines import __main__ as command_line
from editor.engines.batch import batch
from editor.engines.errors import NothingFound
from editor.engines.io import pictures
from editor.engines.io.provenance import xmp
from editor.engines.io.provenance.statement import Statement
from editor.engines.tools import cutout, subject_selection

FINISH = {"canvas": "exact", "width": 120, "height": 120, "scaling": "fit", "margins": [0.05] * 4}
RECIPE = {"name": "White", "finish": FINISH | {"enlarge": True, "background": "#ffffff"}}


def run(*arguments: object) -> int:
    return command_line.main([str(argument) for argument in arguments])


def write_recipe(path: Path, **changed: Any) -> Path:
    path.write_text(json.dumps(RECIPE | changed))
    return path


def draw(path: Path, size: tuple[int, int], shade: int = 0) -> Path:
    """A dark block in the middle of a pale photo of 100 x 80."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (100, 80), (220, 225, 230))
    left, top = (100 - size[0]) // 2, (80 - size[1]) // 2
    picture.paste((150, shade, 30), (left, top, left + size[0], top + size[1]))
    picture.save(path)
    return path


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Cut out by darkness, not by the network; a number for each that was."""
    made: list[int] = []

    def cut(picture: pictures.Picture, options: cutout.CutoutOptions) -> cutout.Cutout:
        made.append(len(made))
        alpha = (picture.rgb[..., 2] < 100).astype(np.float32)
        if not alpha.any():
            raise NothingFound
        rendering, box, _ = cutout.finish(picture.rgb, alpha, options)
        values = rendering.rgb, rendering.alpha, rendering.mask, rendering.placement
        subject = subject_selection.Subject(alpha, None, "object", 0.6)
        return cutout.Cutout(*values, subject, box, (100, 80), 0.0)

    monkeypatch.setattr(batch.cutout, "cut", cut)
    return made


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    return write_recipe(tmp_path / "white.json")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    draw(tmp_path / "in/a.png", (60, 30))
    draw(tmp_path / "in/sub/b.png", (20, 40), 40)
    return tmp_path / "in"


def measure(path: Path) -> tuple[int, int]:
    """Width and height of what is not white in a file."""
    with Image.open(path) as picture:
        dark = np.asarray(picture.convert("L")) < 200
    rows, columns = dark.any(axis=1), dark.any(axis=0)
    return int(columns.sum()), int(rows.sum())


@pytest.mark.usefixtures("network")
def test_photos_become_white_files_that_pass(
    ball_photo: NDArray[np.uint8], tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "ball.png"
    Image.fromarray(ball_photo).save(source)
    out = tmp_path / "out"
    assert run("run", recipe, source, out) == 0
    with Image.open(out / "files/ball.jpg") as picture:
        pixels = np.asarray(picture)
        assert picture.size == (120, 120)
    assert (pixels[0] == 255).all()
    assert pixels[60, 60, 0] > 100 > pixels[60, 60, 2]
    (row,) = csv.DictReader((out / "manifest.csv").read_text("utf-8-sig").splitlines())
    assert row["source_sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert row["sha256"] == hashlib.sha256((out / "files/ball.jpg").read_bytes()).hexdigest()
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "market  files  passed  repaired  not met",
        "files       1       1         0        0",
    ]


def test_what_is_there_is_not_made_again(recipe: Path, photos: Path, tmp_path: Path, cuts: list[int]) -> None:
    out = tmp_path / "out"
    assert run("run", recipe, photos, out) == 0
    times = {path: path.stat().st_mtime_ns for path in (out / "files").iterdir()}
    assert (len(cuts), len(times)) == (2, 2)
    assert run("run", recipe, photos, out) == 0
    assert len(cuts) == 2
    assert {path: path.stat().st_mtime_ns for path in (out / "files").iterdir()} == times

    (out / "files/a.jpg").unlink()
    (out / "files/b.jpg").write_bytes(b"damaged")
    draw(photos / "c.png", (10, 10), 80)
    assert run("run", recipe, photos, out) == 0
    assert sorted(path.name for path in (out / "files").iterdir()) == ["a.jpg", "b.jpg", "c.jpg"]
    assert len(cuts) == 5
    draw(photos / "c.png", (12, 12), 90)
    assert run("run", write_recipe(tmp_path / "white.json", name="Other name"), photos, out) == 0
    assert len(cuts) == 6
    assert not list((out / batch.KEPT).glob("*.png"))


def test_a_changed_recipe_is_carried_out(recipe: Path, photos: Path, tmp_path: Path, cuts: list[int]) -> None:
    out = tmp_path / "out"
    run("run", recipe, photos, out)
    finish = RECIPE["finish"] | {"width": 60}  # type: ignore[operator]
    assert run("run", write_recipe(tmp_path / "white.json", finish=finish), photos, out) == 0
    with Image.open(out / "files/a.jpg") as picture:
        assert picture.size == (60, 120)


def test_what_cannot_be_made_is_told_holds_nobody_up_and_says_so_in_the_status(
    recipe: Path, photos: Path, tmp_path: Path, cuts: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "notes.txt").write_text("Dear shop owner,\n")
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(30))
    Image.new("RGB", (40, 40), "white").save(photos / "blank.png")
    shutil.copy(photos / "a.png", photos / "z.png")
    out = tmp_path / "out"
    assert run("run", recipe, photos, out) == 1
    said = capsys.readouterr().out
    assert "2 done, 0 of them before; 3 failed; 1 the same as another" in said
    assert "double   z.png has the bytes of a.png" in said
    assert "failed   blank.png: No subject was found" in said
    assert "look at  a.png: 60% sure" in said
    files = json.loads((out / "manifest.json").read_text())["files"]
    assert [one["source"] for one in files if "message" in one] == ["blank.png", "broken.jpg", "notes.txt"]
    tried = len(cuts)
    assert run("run", recipe, photos, out) == 1
    assert len(cuts) == tried + 1  # the blank one, which failed


def test_a_check_that_is_not_met_is_in_the_table_and_the_status(
    photos: Path, tmp_path: Path, cuts: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [{"market": "amazon", "name": "{sku}.{ext}", "frame": "recipe"}]
    recipe = write_recipe(tmp_path / "r.json", files=files)
    assert run("run", recipe, photos / "a.png", tmp_path / "out") == 1
    assert "not met  amazon/a.jpg: name a.jpg, asked ASIN or SKU" in capsys.readouterr().out


def test_a_table_names_the_files_and_its_bad_rows_are_told(
    photos: Path, tmp_path: Path, cuts: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = write_recipe(tmp_path / "r.json", files=[{"name": "{sku}-{colour}.{ext}"}])
    (photos / "list.csv").write_bytes(
        "\ufeffFile;SKU;Colour\r\na.png;A1;grün\r\nb.png;B2;=rot\r\nnone.png;C;x\r\n".encode()
    )
    out = tmp_path / "out"
    assert run("run", recipe, photos, out) == 1
    assert sorted(path.name for path in (out / "files").iterdir()) == ["A1-grün.jpg", "B2-=rot.jpg"]
    assert "table    Line 4: there is no file none.png." in capsys.readouterr().out


def test_names_that_collide_stop_it_before_the_work(
    recipe: Path, photos: Path, tmp_path: Path, cuts: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    draw(photos / "sub/A.png", (10, 10), 7)
    with pytest.raises(SystemExit) as caught:
        run("run", recipe, photos, tmp_path / "out")
    assert caught.value.code == 2
    assert "a.png and sub/A.png would both be called files/A.jpg" in capsys.readouterr().err
    assert not cuts


def test_one_scale_for_a_group(photos: Path, tmp_path: Path, cuts: list[int]) -> None:
    recipe = write_recipe(tmp_path / "r.json", same_scale="all")
    out = tmp_path / "out"
    assert run("run", recipe, photos, out) == 0
    wide, tall = measure(out / "files/a.jpg")
    less_wide, taller = measure(out / "files/b.jpg")
    assert wide == pytest.approx(108, abs=1)
    assert tall == pytest.approx(wide * 30 / 60, abs=2)
    assert (less_wide, taller) == (pytest.approx(wide * 20 / 60, abs=2), pytest.approx(wide * 40 / 60, abs=2))
    assert run("run", recipe, photos, out) == 0
    assert len(cuts) == 2


def test_an_archive_is_unpacked_and_leaves_nothing(
    recipe: Path, photos: Path, tmp_path: Path, cuts: list[int]
) -> None:
    packed = tmp_path / "photos.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(photos / "a.png", "red/lamp.png")
    out = tmp_path / "out"
    assert run("run", recipe, packed, out) == 0
    assert (out / "files/lamp.jpg").is_file()
    assert not (out / batch.KEPT / "unpacked").exists()


def test_results_within_the_folder_of_the_photos_are_no_photos(
    recipe: Path, photos: Path, cuts: list[int]
) -> None:
    for _ in range(2):
        assert run("run", recipe, photos, photos / "out") == 0
    assert len(cuts) == 2


def test_a_disk_that_fills_stops_it_with_a_sentence_and_what_is_done_stays(
    recipe: Path,
    photos: Path,
    tmp_path: Path,
    cuts: list[int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    replace: Callable[..., None] = os.replace

    def fill_up(source: Path, target: Path) -> None:
        if Path(target).name == "b.jpg":
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(batch.os, "replace", fill_up)
        assert run("run", recipe, photos, tmp_path / "out") == 1
    assert "The disk is full. Make room" in capsys.readouterr().err
    assert run("run", recipe, photos, tmp_path / "out") == 0
    assert "2 done, 1 of them before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"version": 99}, "of version 99"),
        ({"files": [{"market": "nowhere"}]}, "There is no marketplace 'nowhere'"),
        ({"files": [{"name": "{stem"}]}, "not closed"),
        ({"backdrop": "../wall.png"}, "There is no picture ../wall.png"),
        ({"exposure": 2}, "exposure must be"),
        ({"most_angle": 90}, "most_angle must be"),
        ({"provenance": "all"}, "provenance must be"),
    ],
)
def test_a_recipe_that_cannot_be_carried_out_is_refused(
    photos: Path, tmp_path: Path, changed: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "wall.png")
    (tmp_path / "recipes").mkdir()
    recipe = write_recipe(tmp_path / "recipes/r.json", **changed)
    with pytest.raises(SystemExit):
        run("run", recipe, photos, tmp_path / "out")
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("cuts")
def test_files_for_print_are_made_with_their_path(photos: Path, tmp_path: Path) -> None:
    files = [{"format": "psd", "clipping_path": True}, {"format": "tiff", "clipping_path": True}]
    recipe = write_recipe(tmp_path / "print.json", files=files)
    assert run("run", recipe, photos, tmp_path / "out") == 0
    made = sorted(path for path in (tmp_path / "out").rglob("*") if path.suffix in (".psd", ".tif", ".tiff"))
    assert len(made) == 4
    for path in made:
        assert b"Clipping path" in path.read_bytes()


def draw_leaning(path: Path, degrees: float, cast: tuple[float, float, float] = (1, 1, 1)) -> Path:
    """A grey block, 96 x 48, on a lighter grey ground, turned clockwise, in a light of a colour."""
    path.parent.mkdir(parents=True, exist_ok=True)
    large = Image.new("L", (800, 640), 200)
    large.paste(90, (208, 224, 592, 416))
    grey = large.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=200).resize(
        (200, 160), Image.Resampling.BOX
    )
    pixels = np.asarray(grey, np.float32)[..., np.newaxis] * np.array(cast, np.float32)
    Image.fromarray(pixels.round().astype(np.uint8)).save(path)
    return path


def test_what_is_measured_is_carried_out(
    tmp_path: Path, cuts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that leans in warm light stands upright and is grey; measured once for all strengths."""
    draw_leaning(tmp_path / "in/a.png", 8, (1, 0.95, 0.85))
    out = tmp_path / "out"
    asked = {"white_balance": 1, "straighten": True, "most_angle": 10}
    assert run("run", write_recipe(tmp_path / "a.json", **asked), tmp_path / "in", out) == 0
    with Image.open(out / "files/a.jpg") as picture:
        pixels = np.asarray(picture).astype(int)
    product = pixels[40:80, 30:90].reshape(-1, 3).mean(axis=0)
    assert product.max() - product.min() <= 3
    across, down = measure(out / "files/a.jpg")
    assert (across, down) == (pytest.approx(108, abs=1), pytest.approx(54, abs=2))

    monkeypatch.setattr("editor.engines.catalogue.delivery.measure_pictures", pytest.fail)
    assert run("run", write_recipe(tmp_path / "a.json", **asked, exposure=0.5), tmp_path / "in", out) == 0
    less = write_recipe(tmp_path / "a.json", straighten=True, most_angle=5)
    assert run("run", less, tmp_path / "in", out) == 0
    assert measure(out / "files/a.jpg")[1] > 60, "what leans further than that is left as it is"


def test_what_is_straightened_keeps_the_scale_of_its_set(tmp_path: Path, cuts: list[int]) -> None:
    draw_leaning(tmp_path / "in/a.png", 0)
    draw_leaning(tmp_path / "in/b.png", 9)
    asked = write_recipe(tmp_path / "a.json", straighten=True, same_scale="all")
    assert run("run", asked, tmp_path / "in", tmp_path / "out") == 0
    one, other = (measure(tmp_path / f"out/files/{name}.jpg") for name in "ab")
    assert one == pytest.approx(other, abs=1)


def test_files_say_what_their_photo_says(tmp_path: Path, cuts: list[int]) -> None:
    packet = xmp.make_packet(Statement(creators=("Ada",)))
    draw(tmp_path / "drawn.png", (60, 30))
    Image.open(tmp_path / "drawn.png").save(tmp_path / "a.jpg", xmp=packet, quality=95)
    for provenance, said in (("none", False), ("source", True)):
        asked = write_recipe(tmp_path / "a.json", provenance=provenance)
        assert run("run", asked, tmp_path / "a.jpg", tmp_path / "out") == 0
        assert (b"Ada" in (tmp_path / "out/files/a.jpg").read_bytes()) == said


def test_files_are_signed_where_the_recipe_asks_for_it(
    tmp_path: Path, photos: Path, cuts: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = write_recipe(tmp_path / "a.json", credentials=True)
    with pytest.raises(SystemExit):
        run("run", asked, photos, tmp_path / "out")
    assert "--identity FOLDER" in capsys.readouterr().err
    assert run("run", asked, photos, tmp_path / "out", "--identity", tmp_path / "identity") == 0
    assert b"c2pa" in (tmp_path / "out/files/a.jpg").read_bytes()
    assert (tmp_path / "identity/root.pem").is_file()
