"""dispatch.run: what the warm child process does with one photo."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines import errors
from editor.engines.io import compose, pictures
from editor.engines.tools import dispatch
from editor.tools import Tool

pytestmark = pytest.mark.usefixtures("network")


@pytest.mark.parametrize("name", [*Tool, *dispatch.JOBS])
def test_a_job_is_found_by_its_name(name: str) -> None:
    module = dispatch.find_module(name)
    assert callable(module.run)
    if name in set(Tool):
        assert callable(module.add_arguments)
        assert callable(module.run_command)


@pytest.mark.parametrize("name", ["", "dispatch", "canvas", "remote_finish", "CUTOUT", "../cutout", "os"])
def test_what_is_no_job_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidOptions, match="There is no tool"):
        dispatch.run(name, "photo.jpg", str(tmp_path), {})


def test_cutout_writes_the_image_and_its_thumbnail(cup_file: Path, tmp_path: Path) -> None:
    outputs = dispatch.run("cutout", str(cup_file), str(tmp_path), {})
    assert [output.kind for output in outputs] == ["image", "thumbnail", "facts"]
    image, thumbnail, facts = outputs
    assert (image.of, thumbnail.of) == ("result", "result")
    found = json.loads(Path(facts.path).read_text())
    assert (found["took"], found["stance"]["garment"]) == ("object", False)
    assert 0 < found["confidence"] <= 1
    with Image.open(image.path) as picture:
        alpha = np.asarray(picture)[..., 3]
        assert found["ambiguous"] == pytest.approx(((alpha > 25) & (alpha < 230)).mean(), abs=0.002)
        assert found["box"] == list(compose.subject_box(np.asarray(picture)[..., 3] / np.float32(255)))
    assert (image.width, image.height, image.format) == (600, 400, "png")
    assert (thumbnail.width, thumbnail.height, thumbnail.format) == (480, 320, "webp")
    for output in (image, thumbnail):
        assert Path(output.path).stat().st_size == output.bytes
        with Image.open(output.path) as picture:
            assert picture.mode == "RGBA"
            assert picture.size == (output.width, output.height)


def test_the_mask_is_the_images_alpha(cup_file: Path, tmp_path: Path) -> None:
    outputs = dispatch.run("cutout", str(cup_file), str(tmp_path), {"outputs": "both", "crop": True})
    files = {output.kind: output.path for output in outputs}
    with Image.open(files["image"]) as image, Image.open(files["mask"]) as mask:
        assert (np.asarray(image.getchannel("A")) == np.asarray(mask)).all()


def test_a_mask_alone_comes_with_a_thumbnail_of_its_own(cup_file: Path, tmp_path: Path) -> None:
    outputs = dispatch.run("cutout", str(cup_file), str(tmp_path), {"outputs": "mask"})
    assert [output.kind for output in outputs] == ["mask", "thumbnail", "facts"]


def test_each_thumbnail_follows_its_picture(cup_file: Path, tmp_path: Path) -> None:
    outputs = dispatch.run("cutout", str(cup_file), str(tmp_path), {"outputs": "both"})
    assert [output.kind for output in outputs] == ["image", "thumbnail", "mask", "thumbnail", "facts"]


def test_one_decode_can_make_the_preview_too(cup_file: Path, tmp_path: Path) -> None:
    outputs = dispatch.run("cutout", str(cup_file), str(tmp_path), {"prepare": True, "format": "webp"})
    assert [(output.kind, output.of) for output in outputs] == [
        ("preview", "photo"),
        ("thumbnail", "photo"),
        ("image", "result"),
        ("thumbnail", "result"),
        ("facts", "photo"),
    ]
    assert len({output.path for output in outputs}) == 5


def test_prepare_shows_opaque_photos_as_jpeg_and_others_as_webp(cup_file: Path, tmp_path: Path) -> None:
    preview, thumbnail = dispatch.run("prepare", str(cup_file), str(tmp_path), {})
    assert (preview.format, preview.width) == ("jpg", 600)
    assert max(thumbnail.width, thumbnail.height) == 480
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (30, 20), (9, 9, 9, 99)).save(clear)
    assert dispatch.run("prepare", str(clear), str(tmp_path), {})[0].format == "webp"


def test_the_photo_on_disk_is_unchanged(cup_file: Path, tmp_path: Path) -> None:
    before = cup_file.read_bytes()
    dispatch.run("cutout", str(cup_file), str(tmp_path), {})
    assert cup_file.read_bytes() == before


def test_progress_rises_from_0_to_1(cup_file: Path, tmp_path: Path) -> None:
    heard: list[float] = []
    dispatch.run("cutout", str(cup_file), str(tmp_path), {}, heard.append)
    assert heard[0] == 0
    assert heard[-1] == 1
    assert heard == sorted(heard)
    assert len(heard) >= 5


def test_a_report_may_cancel(cup_file: Path, tmp_path: Path) -> None:
    def report(share: float) -> None:
        if share > 0:
            raise errors.Cancelled

    with pytest.raises(errors.Cancelled):
        dispatch.run("cutout", str(cup_file), str(tmp_path), {}, report)


def test_unknown_tools_and_options_are_refused(cup_file: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidOptions, match="paint"):
        dispatch.run("paint", str(cup_file), str(tmp_path), {})
    with pytest.raises(errors.InvalidOptions, match="colour"):
        dispatch.run("cutout", str(cup_file), str(tmp_path), {"colour": 1})
    with pytest.raises(errors.InvalidOptions, match="colour"):
        dispatch.run("prepare", str(cup_file), str(tmp_path), {"colour": 1})


def test_warming_up_needs_no_photo() -> None:
    dispatch.warm()


def every_error() -> list[type[errors.EngineError]]:
    found, rest = [], [errors.EngineError]
    while rest:
        kind = rest.pop()
        found.append(kind)
        rest += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", every_error())
def test_every_error_has_a_sentence_a_negative_state_and_survives_pickling(
    kind: type[errors.EngineError],
) -> None:
    assert kind.state < 0
    assert str(kind()).endswith((".", "weights"))
    copy = pickle.loads(pickle.dumps(kind("Because.")))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert str(copy) == "Because."


def test_a_cache_that_cannot_be_written_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor.engines.networks import isnet

    (tmp_path / "file").touch()
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.delenv("ANSWERS_DIR")
    alpha = isnet.Segmenter().subject(np.zeros((9, 9, 3), np.uint8))
    assert alpha.shape == (isnet.SIDE, isnet.SIDE)


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("format", "tolerance"), [("png", 0.1), ("jpg", 0)])
@pytest.mark.parametrize("tool", ["cutout", "erase"])
def test_what_is_printed_keeps_the_density_of_its_photo(
    tool: str, format: str, tolerance: float, cup: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(cup).save(tmp_path / "photo.jpg", dpi=(300, 300))
    marks = {"rectangles": [[5, 5, 20, 20]]} if tool == "erase" else {}
    outputs = dispatch.run(tool, str(tmp_path / "photo.jpg"), str(tmp_path), {"format": format} | marks)
    made = next(output.path for output in outputs if output.kind == "image")
    with Image.open(made) as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=tolerance)


def test_a_photo_without_density_is_given_none(tmp_path: Path) -> None:
    pictures.write(tmp_path / "a.png", np.zeros((4, 4, 3), np.uint8), format="png")
    with Image.open(tmp_path / "a.png") as picture:
        assert "dpi" not in picture.info
