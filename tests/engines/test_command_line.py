"""python -m editor.engines: what it writes, says and returns."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.engines import __main__ as command_line
from editor.tools import Tool

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> int:
    return command_line.main([str(argument) for argument in arguments])


@pytest.mark.usefixtures("network")
def test_a_fresh_process_writes_an_rgba_png_of_the_inputs_size(cup_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    command = [sys.executable, "-W", "error", "-m", "editor.engines", "cutout", str(cup_file), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(target) as picture:
        assert (picture.mode, picture.size) == ("RGBA", (600, 400))


@pytest.mark.usefixtures("network")
def test_every_option_is_heard(cup_file: Path, tmp_path: Path) -> None:
    target, mask = tmp_path / "out.jpg", tmp_path / "mask.png"
    options = ["--crop", "--margin", "0.1", "--square", "--background", "navy", "--size", "small"]
    assert run("cutout", cup_file, target, *options, "--mask", mask) == 0
    with Image.open(target) as picture, Image.open(mask) as white:
        assert picture.format == "JPEG"
        assert picture.width == picture.height
        assert max(picture.size) <= 512
        assert white.size == picture.size


@pytest.mark.usefixtures("network")
def test_what_was_found_out_is_printed_a_line_for_each_picture(
    cup_file: Path, blank_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = tmp_path / "second.png"
    shutil.copy(cup_file, second)
    assert run("cutout", cup_file, blank_file, second, f"{tmp_path}/out/", "--facts") == 3
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(one["file"]).name for one in told] == ["cup.png", "second.png"]
    for one in told:
        assert 0 <= one["confidence"] <= 1
        assert 0 <= one["ambiguous"] < 0.5
        assert len(one["box"]) == 4


@pytest.mark.usefixtures("network")
def test_one_bad_file_does_not_stop_the_others(
    cup_file: Path, blank_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_text("not a picture")
    folder = tmp_path / "out"
    assert run("cutout", bad, blank_file, cup_file, f"{folder}/") == 1
    assert [path.name for path in folder.iterdir()] == ["cup.png"]
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "bad.jpg" in lines[0]


@pytest.mark.usefixtures("network")
def test_nothing_found_is_exit_code_3(blank_file: Path, tmp_path: Path) -> None:
    assert run("cutout", blank_file, tmp_path / "out.png") == 3
    assert not (tmp_path / "out.png").exists()


def test_an_absent_file_is_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("cutout", tmp_path / "nowhere.jpg", tmp_path / "out.png") == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["cutout", "only-one.jpg"],
        ["cutout", "a.jpg", "out.gif"],
        ["cutout", "a.jpg", "out.png", "--crop", "--margin", "0.7"],
        ["cutout", "a.jpg", "out.png", "--crop", "--margin", "0.1", "--margin-of", "photo"],
        ["cutout", "a.jpg", "out.png", "--margin", "0.1"],
        ["head", "a.jpg", "out.png", "--margin", "0.1"],
        ["cutout", "a.jpg", "out.png", "--background", "whitish"],
        ["cutout", "a.jpg", "b.jpg", "folder/", "--mask", "mask.png"],
        ["convert", "a.jpg", "out.jpg", "--quality", "0"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)
    assert stopped.value.code == 2


@pytest.mark.parametrize("command", [*Tool, "convert", "finish", "weights", "warm"])
def test_every_command_is_listed_and_says_what_it_takes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["--help"], [command, "--help"]):
        with pytest.raises(SystemExit) as stopped:
            run(*arguments)
        assert stopped.value.code == 0
    listed, own = capsys.readouterr().out.split("usage: ")[1:]
    assert f"\n    {command}" in listed
    assert own.startswith(f"python -m editor.engines {command} [-h]")
    assert len(own.splitlines()) > 4 or command in ("weights", "warm")


@pytest.mark.parametrize(
    "arguments",
    [
        ["cutout", "a.jpg", "a.jpg"],
        ["cutout", "a.jpg", "./a.jpg"],
        ["cutout", "a.jpg", "out.png", "--mask", "out.png"],
        ["cutout", "a.jpg", "more/a.jpg", "folder/"],
        ["cutout", "a.jpg", "b.jpg", ".", "--format", "jpg"],
        ["head", "a.jpg", "a.jpg"],
        ["convert", "a.jpg", "a.jpg"],
        ["erase", "a.jpg", "mask.png", "--mask", "mask.png"],
    ],
)
def test_nothing_is_written_over_a_source_or_another_result(
    arguments: list[str], cup_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "more").mkdir()
    for name in ("a.jpg", "b.jpg", "more/a.jpg", "mask.png"):
        shutil.copy(cup_file, tmp_path / name)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)
    assert stopped.value.code == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "a.jpg").read_bytes() == cup_file.read_bytes()


def test_convert_lays_transparency_on_white_for_jpg(tmp_path: Path) -> None:
    source, target = tmp_path / "clear.png", tmp_path / "out.jpg"
    Image.new("RGBA", (40, 20), (200, 0, 0, 0)).save(source)
    assert run("convert", source, target, "--quality", "90") == 0
    with Image.open(target) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_convert_keeps_transparency_and_resizes(cup_file: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "clear.png", tmp_path / "out.webp"
    Image.new("RGBA", (800, 400), (200, 0, 0, 100)).save(source)
    assert run("convert", source, target, "--size", "preview") == 0
    with Image.open(target) as picture:
        assert (picture.mode, picture.size) == ("RGBA", (256, 128))
    assert run("convert", source, target, "--background", cup_file) == 0
    with Image.open(target) as picture:
        assert np.asarray(picture.convert("RGBA"))[..., 3].min() == 255


def test_weights_lists_the_file_and_its_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from editor.engines.networks import weights

    monkeypatch.setattr(weights, "NETWORKS", ())
    monkeypatch.setenv("WEIGHTS_DIR", str(tmp_path))
    assert run("weights") == 0
    assert "licence" in capsys.readouterr().out


@pytest.fixture
def white_square(tmp_path: Path) -> Path:
    """A finish: 120 x 120 pixels, white, a tenth of it free on each side."""
    path = tmp_path / "white-square.json"
    asked = {"canvas": "exact", "width": 120, "height": 120, "margins": [0.1] * 4, "scaling": "fit"}
    path.write_text(json.dumps({**asked, "background": "#ffffff"}))
    return path


def test_a_cutout_is_finished_without_any_network(
    tmp_path: Path, white_square: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rgba = np.zeros((300, 400, 4), np.uint8)
    rgba[100:200, 50:350] = (10, 120, 200, 255)
    source, target, mask = (tmp_path / name for name in ("cutout.png", "made.jpg", "mask.png"))
    Image.fromarray(rgba).save(source)
    assert run("finish", source, target, "--finish", white_square, "--mask", mask) == 0
    with Image.open(target) as picture, Image.open(mask) as shape:
        assert (picture.format, picture.size) == ("JPEG", (120, 120))
        assert shape.point(lambda value: 255 * (value > 128)).getbbox() == (12, 44, 108, 76)
        assert picture.getpixel((2, 2)) == (255, 255, 255)
    assert run("finish", source, tmp_path / "plain.png") == 0
    assert capsys.readouterr().err == ""


def test_a_subject_that_stays_small_is_said(
    tmp_path: Path, white_square: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rgba = np.zeros((30, 40, 4), np.uint8)
    rgba[10:20, 5:35, 3] = 255
    Image.fromarray(rgba).save(tmp_path / "cutout.png")
    assert run("finish", tmp_path / "cutout.png", tmp_path / "made.png", "--finish", white_square) == 0
    assert "not enlarged" in capsys.readouterr().err


@pytest.mark.usefixtures("network")
def test_an_order_and_the_finish_of_its_cutout_give_the_same_picture(
    cup_file: Path, white_square: Path, tmp_path: Path
) -> None:
    bare, made, ordered = (tmp_path / name for name in ("bare.png", "made.png", "ordered.png"))
    assert run("cutout", cup_file, bare) == 0
    assert run("finish", bare, made, "--finish", white_square) == 0
    assert run("cutout", cup_file, ordered, "--finish", white_square) == 0
    with Image.open(made) as one, Image.open(ordered) as other:
        assert one.size == other.size == (120, 120)
        assert (np.asarray(one) == np.asarray(other)).all()


@pytest.mark.parametrize(
    ("content", "extra"),
    [("{", []), ("[]", []), ('{"canvas": "round"}', []), ('{"version": 99}', []), ("{}", ["--crop"])],
)
def test_a_finish_that_cannot_be_is_wrong_usage(
    cup_file: Path, tmp_path: Path, content: str, extra: list[str]
) -> None:
    path = tmp_path / "finish.json"
    path.write_text(content)
    with pytest.raises(SystemExit) as ended:
        run("cutout", cup_file, tmp_path / "out.png", "--finish", path, *extra)
    assert ended.value.code == 2
