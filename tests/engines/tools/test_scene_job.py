"""Takes are finished one by one, whatever comes after them; and one real render for which time is short."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from editor.engines.errors import NotEnoughResources, TooSlow
from editor.engines.io import pictures
from editor.engines.scenes import blender_process
from editor.engines.scenes.options import SceneOptions
from editor.engines.tools import dispatch, scene
from tests.engines.scenes.stub_blender import GAVE_WAY

from .test_scene import cutout

TWO = {"scene": 105, "takes": 2, "size": 128, "aspect": "1:1", "format": "png", "seed": 3}


@pytest.fixture
def can_file(tmp_path: Path) -> Path:
    picture = cutout()
    path = tmp_path / "can.png"
    pictures.write(path, picture.rgb, picture.alpha, format="png")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "results"
    made.mkdir()
    return made


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Returns a function that has the stub stand in for Blender; it returns where the stub keeps its log."""

    def stand_in(does: str) -> Path:
        log = tmp_path / "log"
        log.mkdir(exist_ok=True)
        monkeypatch.setattr(blender_process, "MODULE", "tests.engines.scenes.stub_blender")
        monkeypatch.setenv("STUB_BLENDER", does)
        monkeypatch.setenv("STUB_BLENDER_LOG", str(log))
        return log

    return stand_in


def told(folder: Path, number: int) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder / f"take-{number}.json").read_text())
    return made


@pytest.mark.parametrize(
    ("then", "error", "sentence"),
    [
        ("crash", NotEnoughResources, "stopped in the middle"),
        ("memory", NotEnoughResources, "memory"),
        ("killed", NotEnoughResources, "memory"),
        ("slow", TooSlow, "too slow"),
        ("busy", TooSlow, "busy with other work"),
    ],
)
def test_a_take_that_is_done_is_there_whatever_becomes_of_the_other(
    then: str,
    error: type[Exception],
    sentence: str,
    can_file: Path,
    folder: Path,
    stub: Callable[[str], Path],
) -> None:
    stub(f"1 {then}")
    with pytest.raises(error, match=sentence):
        dispatch.run("scene", str(can_file), str(folder), TWO)
    image, thumbnail = told(folder, 1)["outputs"]
    with Image.open(image["path"]) as opened:
        assert opened.size == (image["width"], image["height"]) == (128, 128)
    assert Path(thumbnail["path"]).exists()
    assert not (folder / "take-2.json").exists()


def test_it_says_what_helps() -> None:
    """Each sentence names what it was, and what can be asked for instead."""
    assert "one take" in scene.TOO_SLOW
    assert "smaller size" in scene.TOO_SLOW
    assert "quieter time" in scene.TOO_BUSY
    for sentence in (scene.TOO_SLOW, scene.TOO_BUSY):
        assert "RENDER_DEADLINE" in sentence
        assert len(sentence) <= 230, "it is told behind another one, within 300 characters"
    assert "one take" in blender_process.MEMORY_SENTENCE
    assert "memory" not in blender_process.CRASH_SENTENCE


def test_what_is_made_already_is_not_made_again(
    can_file: Path, folder: Path, stub: Callable[[str], Path]
) -> None:
    log = stub("2 end")
    outputs = dispatch.run("scene", str(can_file), str(folder), {**TWO, "made": [1]})
    assert [json.loads(path.read_text()) for path in log.iterdir()] == [[2]]
    assert [(output.kind, output.number) for output in outputs] == [("image", 2), ("thumbnail", 2)]
    assert not (folder / "take-1.json").exists()


def test_what_gave_way_is_told_of_each_take(
    can_file: Path, folder: Path, stub: Callable[[str], Path]
) -> None:
    stub("2 thrifty")
    dispatch.run("scene", str(can_file), str(folder), TWO)
    assert told(folder, 1)["gave_way"] == told(folder, 2)["gave_way"] == GAVE_WAY


def rendered(can_file: Path, folder: Path, **options: Any) -> tuple[Any, dict[str, Any]]:
    folder.mkdir()
    dispatch.run("scene", str(can_file), str(folder), {**TWO, "takes": 1, **options})
    made = told(folder, 1)
    with Image.open(made["outputs"][0]["path"]) as opened:
        return np.asarray(opened.convert("RGB")), made["gave_way"]


def test_where_there_is_time_the_pixels_are_those_of_who_has_all_the_time(
    can_file: Path, tmp_path: Path
) -> None:
    unhurried, nothing = rendered(can_file, tmp_path / "unhurried")
    in_time, nothing_either = rendered(can_file, tmp_path / "in-time", seconds=36_000.0)
    assert nothing == nothing_either == {}
    assert (unhurried == in_time).all()


HURRIED = """
import json, os, sys
out = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
from editor.engines.blender import render_job
heard, chosen = [], render_job.paces.choose_rendering
# However quick this machine is, there is time for some five samples.
render_job.paces.choose_rendering = lambda pace, size, left, pictures: chosen(
    pace, size, pace.seconds(size[0] * size[1], 5), pictures
)
render_job.run_job(json.load(sys.stdin), heard.append)
print(json.dumps(heard), file=out)
"""


def test_samples_give_way_for_real(tmp_path: Path) -> None:
    can, options = scene.Product.of(cutout()), SceneOptions.from_dict({**TWO, "takes": 1})
    take = scene.plan_take(can, options, 1, tmp_path) | {"samples": 1_000_000}
    job = json.dumps(scene.build_job(can, [take], tmp_path, options, until=1e12))
    done = subprocess.run(
        [sys.executable, "-c", HURRIED], input=job, capture_output=True, text=True, check=True
    )
    (said,) = [said for said in json.loads(done.stdout.splitlines()[-1]) if "done" in said]
    gave_way = said["gave_way"]
    assert 1 <= gave_way["samples"] < gave_way["of_samples"] == 1_000_000
    assert (gave_way["side"], gave_way["of_side"]) == (128, 128)
    assert np.asarray(Image.open(take["plate"])).std() > 5, "a picture all the same"
