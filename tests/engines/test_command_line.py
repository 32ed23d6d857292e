"""python -m editor.engines: what it writes, says and returns."""

from __future__ import annotations

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


@pytest.mark.parametrize("command", [*Tool, "convert", "weights", "warm"])
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
