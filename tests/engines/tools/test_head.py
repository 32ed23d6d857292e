"""head.cut and its job: the head with its hair, without neck and shoulders, or a clear refusal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from editor.engines import __main__ as command_line
from editor.engines.errors import InvalidOptions, NothingFound, WeightsMissing
from editor.engines.heads import detection
from editor.engines.heads.shape import WORK_UNIT, HeadShape
from editor.engines.io import pictures
from editor.engines.matting import alpha_matte, random_walker
from editor.engines.networks import weights
from editor.engines.tools import canvas, dispatch, head
from editor.engines.tools.head import HeadOptions
from tests.engines.conftest import opened

# By eye, in the astronaut's 512 x 512 pixels.
FACE, HAIR, CHEEK = (225, 112), (215, 30), (205, 130)
NECK, SUIT, FLAG, SHUTTLE = (232, 196), (200, 300), (60, 60), (470, 150)


@pytest.fixture(scope="module")
def astronaut() -> pictures.Picture:
    return opened(np.array(skimage.data.astronaut()))


@pytest.fixture(scope="module")
def cut_astronaut(astronaut: pictures.Picture) -> canvas.Canvas:
    for network in (weights.ISNET, weights.FACES_NEAR, weights.FACES_FAR, weights.FACE_MESH):
        weights.need(network)
    return head.cut(astronaut)


@pytest.fixture
def astronaut_file(astronaut: pictures.Picture, tmp_path: Path) -> Path:
    path = tmp_path / "astronaut.png"
    pictures.write(path, astronaut.rgb, format="png")
    return path


def at(mask: NDArray[np.float32], place: tuple[int, int]) -> float:
    return float(mask[place[1], place[0]])


def test_face_and_hair_stay_neck_and_body_go(cut_astronaut: canvas.Canvas) -> None:
    mask = cut_astronaut.mask
    assert mask.shape == (512, 512)
    for place in (FACE, HAIR, CHEEK):
        assert at(mask, place) > 0.95
    for place in (NECK, SUIT, FLAG, SHUTTLE):
        assert at(mask, place) < 0.05


def test_a_head_that_is_faint_all_over_is_cut_out_as_faint(
    astronaut: pictures.Picture, cut_astronaut: canvas.Canvas
) -> None:
    faint = opened(astronaut.rgb, np.full((512, 512), 0.45, np.float32))
    made = head.cut(faint)
    assert np.abs(made.mask - cut_astronaut.mask * 0.45).max() < 0.01
    inside = cut_astronaut.mask == 1
    assert (made.rgb[inside] == astronaut.rgb[inside]).all()


def test_inside_the_head_the_photos_own_pixels_come_out(
    astronaut: pictures.Picture, cut_astronaut: canvas.Canvas
) -> None:
    inside = cut_astronaut.mask == 1
    assert inside.sum() > 8000
    assert (cut_astronaut.rgb[inside] == astronaut.rgb[inside]).all()


def test_the_head_is_one_piece(cut_astronaut: canvas.Canvas) -> None:
    from scipy import ndimage

    assert ndimage.label(cut_astronaut.mask > 0.5)[1] == 1


def test_several_heads_keep_their_places_and_the_largest_can_be_had_alone(
    astronaut: pictures.Picture,
) -> None:
    sheet = np.full((512, 900, 3), 90, np.uint8)
    sheet[:, :512] = astronaut.rgb
    sheet[100:400, 560:860] = np.array(Image.fromarray(astronaut.rgb).resize((300, 300)))
    second = (round(560 + FACE[0] * 300 / 512), round(100 + FACE[1] * 300 / 512))
    everybody = head.cut(opened(sheet), HeadOptions(outputs="mask")).mask
    assert at(everybody, FACE) > 0.95
    assert at(everybody, second) > 0.95
    largest = head.cut(opened(sheet), HeadOptions(faces="largest", outputs="mask")).mask
    assert at(largest, FACE) > 0.95
    assert at(largest, second) == 0
    for chosen in ((1,), (second,)):
        one = head.cut(opened(sheet), HeadOptions(chosen=chosen, outputs="mask")).mask
        assert at(one, second) > 0.95
        assert at(one, FACE) == 0


@pytest.mark.parametrize("chosen", [(3,), ((5.0, 500.0),)])
def test_choosing_where_no_head_is_finds_nothing(
    astronaut: pictures.Picture, chosen: tuple[head.Choice, ...]
) -> None:
    with pytest.raises(NothingFound, match="no head"):
        head.cut(astronaut, HeadOptions(chosen=chosen))


def test_a_cup_is_no_head(cup: NDArray[np.uint8]) -> None:
    with pytest.raises(NothingFound, match="No face or head"):
        head.cut(opened(cup))


def test_a_cats_head_is_cut(cat: NDArray[np.uint8]) -> None:
    mask = head.cut(opened(cat), HeadOptions(outputs="mask")).mask
    assert mask[130, 225] > 0.95
    # The blurred room behind it.
    assert mask[:40, 400:].max() < 0.05


class Half:
    """So many rows of whatever is there, as if they were a head."""

    unit, square = WORK_UNIT, (0, 0, 200, 200)

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def to_crop(self, left: float, top: float, scale: float) -> Half:
        return self

    def choose_pixels(
        self, rgb: NDArray[np.uint8], matte: NDArray[np.float32], others: Sequence[HeadShape] = ()
    ) -> NDArray[np.float32]:
        choice = np.zeros_like(matte)
        choice[: self.rows] = 1
        return choice


@pytest.mark.parametrize(
    ("kind", "rows", "made"), [("animal", 70, False), ("animal", 190, True), ("human", 70, True)]
)
def test_a_beasts_back_is_not_delivered_as_its_head(kind: detection.Kind, rows: int, made: bool) -> None:
    whole = np.zeros((200, 200), np.float32)
    whole[20:180, 20:180] = 1
    beast = detection.Head(kind, (100, 100), (60, 60), 0.0, 0.9, Half(rows))
    part = head._cut_part(opened(np.zeros((200, 200, 3), np.uint8)), whole, beast, [], closely=False)
    assert (part is not None) is made


def test_crop_jpg_and_size_are_heard(astronaut: pictures.Picture) -> None:
    made = head.cut(astronaut, HeadOptions(crop=True, margin=0.1, square=True, format="jpg", size="preview"))
    assert made.alpha is None
    assert made.rgb.shape[0] == made.rgb.shape[1] <= 256
    assert (made.rgb[0, 0] == 255).all()


def test_a_picture_that_was_cut_out_before_stays_so(
    astronaut: pictures.Picture, cut_astronaut: canvas.Canvas
) -> None:
    alpha = np.ones((512, 512), np.float32)
    alpha[:40] = 0
    made = head.cut(opened(astronaut.rgb, alpha), HeadOptions(chosen=(FACE,), outputs="mask"))
    assert at(made.mask, FACE) > 0.95
    assert at(cut_astronaut.mask, HAIR) > 0.95
    assert (made.mask[:40] == 0).all()


def test_the_job_writes_picture_and_mask_by_default(astronaut_file: Path, tmp_path: Path) -> None:
    outputs = dispatch.run("head", str(astronaut_file), str(tmp_path), {"crop": True})
    assert [output.kind for output in outputs] == ["image", "thumbnail", "mask", "thumbnail"]
    with Image.open(outputs[0].path) as image, Image.open(outputs[2].path) as mask:
        assert (np.asarray(image.getchannel("A")) == np.asarray(mask)).all()


def test_the_list_of_faces_is_a_file_for_the_page(
    astronaut_file: Path, cup_file: Path, tmp_path: Path
) -> None:
    (output,) = dispatch.run("faces", str(astronaut_file), str(tmp_path), {})
    assert (output.kind, output.of, output.width, output.format) == ("faces", "photo", 512, "json")
    listed = json.loads(Path(output.path).read_text())
    assert [entry["kind"] for entry in listed["heads"]] == ["human"]
    assert abs(listed["heads"][0]["x"] - FACE[0]) < 25
    (output,) = dispatch.run("faces", str(cup_file), str(tmp_path), {})
    assert json.loads(Path(output.path).read_text())["heads"] == []


def test_the_command_line_cuts_lists_and_refuses(
    astronaut_file: Path, cup_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, mask = tmp_path / "out.webp", tmp_path / "mask.png"
    run = ["head", str(astronaut_file), str(target), "--faces", "largest", "--crop", "--mask", str(mask)]
    assert command_line.main(run) == 0
    with Image.open(target) as picture, Image.open(mask) as white:
        assert picture.size == white.size < (512, 512)
    assert command_line.main(["head", str(astronaut_file), "--list"]) == 0
    assert json.loads(capsys.readouterr().out)["heads"]
    assert command_line.main(["head", str(cup_file), str(tmp_path / "none.png")]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / "none.png").exists()


def test_a_missing_network_is_said_and_stops_only_this(
    astronaut: pictures.Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor.engines.networks import tflite

    tflite.open_network.cache_clear()
    monkeypatch.setenv("WEIGHTS_DIR", str(tmp_path))
    with pytest.raises(WeightsMissing, match="face-detection-near"):
        tflite.open_network(weights.FACES_NEAR)
    tflite.open_network.cache_clear()


@pytest.mark.parametrize(
    "options",
    [
        {"faces": "some"},
        {"chosen": "0"},
        {"chosen": [-1]},
        {"chosen": [[1, 2, 3]]},
        {"chosen": [[1, float("nan")]]},
        {"chosen": [True]},
        {"outputs": "all"},
        {"margin": 0.46},
        {"margin_of": "photo"},
        {"crop": "yes"},
        {"square": 1},
        {"format": "gif"},
        {"size": "huge"},
        {"background": "whitish"},
        {"colour": "red"},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidOptions, match=next(iter(options))):
        HeadOptions.from_dict(options)


def test_the_random_walk_stops_at_an_edge_and_keeps_to_what_is_sure() -> None:
    colours = np.zeros((40, 60, 3), np.float32)
    colours[:, 30:] = 60
    prior = np.full((40, 60), 0.5, np.float32)
    trust = np.zeros((40, 60), np.float32)
    prior[:, 5], trust[:, 5] = 1, 20
    prior[:, 55], trust[:, 55] = 0, 20
    result = random_walker.solve(colours, prior, trust, np.ones((40, 60), np.float32))
    assert result[:, :30].min() > 0.7
    assert result[:, 30:].max() < 0.3


def test_after_a_cutout_its_matte_is_not_made_again(
    astronaut_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch.run("cutout", str(astronaut_file), str(tmp_path), {})
    monkeypatch.setattr(alpha_matte, "judge", lambda *_: pytest.fail("the whole picture was looked at again"))
    made = dispatch.run("head", str(astronaut_file), str(tmp_path), {})
    assert [output.kind for output in made] == ["image", "thumbnail", "mask", "thumbnail"]
