"""cutout.cut: the subject of a photo, with the real network."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines import types
from editor.engines.errors import (
    InvalidOptions,
    NotAPicture,
    NothingFound,
    RegionEmpty,
    RegionOutside,
    UnsuitableContent,
)
from editor.engines.io import compose, pictures
from editor.engines.matting import alpha_matte
from editor.engines.tools import cutout, subject_selection
from editor.engines.tools.cutout import CutoutOptions
from tests.engines.conftest import opened

pytestmark = pytest.mark.usefixtures("network")

Ball = tuple[NDArray[np.uint8], NDArray[np.float32]]


def overlap(alpha: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    a, b = alpha > 0.5, truth > 0.5
    return float((a & b).sum() / (a | b).sum())


def test_a_known_alpha_is_recovered(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    made = cutout.cut(opened(ball_photo))
    assert overlap(made.mask, ball[1]) > 0.97


def test_a_subject_pasted_elsewhere_is_found_again(ball: Ball, cup: NDArray[np.uint8]) -> None:
    colour, alpha = ball
    table = np.array(Image.fromarray(cup[330:, :150]).resize((480, 360), Image.Resampling.BICUBIC))
    made = cutout.cut(opened(compose.lay_over(colour, alpha, table)))
    assert overlap(made.mask, alpha) > 0.95


def test_the_inside_is_the_photo_itself(cat: NDArray[np.uint8]) -> None:
    made = cutout.cut(opened(cat))
    assert made.alpha is not None
    inside = pictures.to_bytes(made.alpha) == 255
    assert inside.mean() > 0.2
    assert (made.rgb[inside] == cat[inside]).all()


def test_the_photo_is_unchanged_and_the_result_is_the_same_again(cat: NDArray[np.uint8]) -> None:
    before = cat.copy()
    first, second = cutout.cut(opened(cat)), cutout.cut(opened(cat))
    assert (cat == before).all()
    assert (first.rgb == second.rgb).all()
    assert (first.mask == second.mask).all()


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_sheet_holds_nothing(shade: int) -> None:
    with pytest.raises(NothingFound):
        cutout.cut(opened(np.full((200, 300, 3), shade, np.uint8)))


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (1, 4000), (4000, 1), (3, 700)])
def test_a_picture_too_small_for_a_subject_is_refused_with_what_to_do(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    with pytest.raises(UnsuitableContent, match="at least 16 pixels"):
        cutout.cut(opened(pixels))


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (300, 300)])
def test_noise_is_cut_or_refused_but_never_comes_out_blank(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    try:
        made = cutout.cut(opened(pixels))
    except NothingFound:
        return
    assert made.mask.shape == shape
    assert (made.mask > 0.5).any()


def test_what_was_transparent_stays_so(ball: Ball) -> None:
    colour, alpha = ball
    halved = alpha.copy()
    halved[:, 240:] = 0
    made = cutout.cut(opened(colour, halved))
    # But for the rounding of a stored level.
    assert (made.mask <= halved + 0.51 / 255).all()
    assert overlap(made.mask, halved) > 0.9


def test_hidden_colours_do_not_count(ball: Ball, cup: NDArray[np.uint8]) -> None:
    colour, alpha = ball
    hidden = np.array(Image.fromarray(cup).resize((480, 360)))
    dirty = np.where(alpha[..., None] > 0, colour, hidden)
    clean = np.where(alpha[..., None] > 0, colour, 0).astype(np.uint8)
    assert (
        alpha_matte.show_transparency(opened(dirty, alpha))
        == alpha_matte.show_transparency(opened(clean, alpha))
    ).all()


def test_a_wholly_transparent_picture_holds_nothing(cat: NDArray[np.uint8]) -> None:
    with pytest.raises(NothingFound):
        cutout.cut(opened(cat, np.zeros(cat.shape[:2], np.float32)))


def test_cropping_leaves_the_subject_and_its_margin(ball: Ball, ball_photo: NDArray[np.uint8]) -> None:
    tight = cutout.cut(opened(ball_photo), CutoutOptions(crop=True))
    wide = cutout.cut(opened(ball_photo), CutoutOptions(crop=True, margin=0.25, square=True))
    assert abs(tight.rgb.shape[0] - 220) < 12
    assert wide.rgb.shape[0] == wide.rgb.shape[1]
    assert abs(wide.rgb.shape[0] - 2 * max(tight.rgb.shape[:2])) < 3
    assert wide.mask[0].max() == 0


def test_where_the_subject_is_in_the_photo_is_said_whatever_the_canvas(
    ball: Ball, ball_photo: NDArray[np.uint8]
) -> None:
    expected = compose.subject_box(ball[1])
    for options in (CutoutOptions(), CutoutOptions(crop=True, margin=0.2, square=True, size="preview")):
        box = cutout.cut(opened(ball_photo), options).box
        assert np.abs(np.subtract(box, expected)).max() < 6


def test_jpg_is_white_unless_a_colour_is_asked_for(ball_photo: NDArray[np.uint8]) -> None:
    white = cutout.cut(opened(ball_photo), CutoutOptions(format="jpg"))
    blue = cutout.cut(opened(ball_photo), CutoutOptions(format="jpg", background="#0000ff"))
    assert white.alpha is None
    assert tuple(white.rgb[0, 0]) == (255, 255, 255)
    assert tuple(blue.rgb[0, 0]) == (0, 0, 255)


def test_a_picture_may_be_the_background(ball_photo: NDArray[np.uint8], cup_file: Path) -> None:
    made = cutout.cut(opened(ball_photo), CutoutOptions(background_path=str(cup_file)))
    expected = compose.scale_to_cover(pictures.read(cup_file).rgb, 480, 360)
    outside = made.mask == 0
    assert (made.rgb[outside] == expected[outside]).all()


def test_a_background_that_is_no_picture_is_named(ball_photo: NDArray[np.uint8], tmp_path: Path) -> None:
    path = tmp_path / "background.jpg"
    path.write_text("nothing")
    with pytest.raises(NotAPicture, match="The background"):
        cutout.cut(opened(ball_photo), CutoutOptions(background_path=str(path)))


def test_sizes_are_longest_sides_and_never_enlarge(ball_photo: NDArray[np.uint8]) -> None:
    small = cutout.cut(opened(ball_photo), CutoutOptions(size="preview"))
    large = cutout.cut(opened(ball_photo), CutoutOptions(size="large"))
    assert small.rgb.shape[:2] == small.mask.shape == (192, 256)
    assert large.rgb.shape[:2] == (360, 480)


@pytest.mark.parametrize(
    "options",
    [
        {"subject": "animal"},
        {"outputs": "all"},
        {"format": "gif"},
        {"size": "huge"},
        {"margin": 0.6},
        {"margin": 0.46},
        {"margin": 0.51, "margin_of": "subject"},
        {"margin_of": "photo"},
        {"margin": -0.1},
        {"margin": "0.1"},
        {"margin": float("nan")},
        {"crop": "yes"},
        {"square": 1},
        {"background": "whitish"},
        {"background": "red", "background_path": "x.jpg"},
        {"colour": "red"},
        {"format": []},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidOptions, match=next(iter(options))):
        CutoutOptions.from_dict(options)


def test_strokes_after_a_cutout_look_at_the_photo_no_more_and_lead_to_the_same(
    cat: NDArray[np.uint8], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cat.png"
    pictures.write(path, cat, format="png")
    photo = pictures.read(path)
    strokes = CutoutOptions.from_dict(
        {"strokes": [{"keep": False, "radius": 12, "points": [[200, 150], [240, 160]]}]}
    )
    monkeypatch.setattr(subject_selection, "memory", subject_selection.Memory())
    unprepared = cutout.cut(photo, strokes, path=path)
    monkeypatch.setattr(subject_selection, "memory", subject_selection.Memory())
    whole = cutout.cut(photo, path=path)

    def looked_again(*ignored: object) -> subject_selection.Subject:
        raise AssertionError("The photo was looked at again.")

    monkeypatch.setattr(subject_selection, "find", looked_again)
    corrected = cutout.cut(photo, strokes, path=path)

    assert (corrected.rgb == unprepared.rgb).all()
    assert (corrected.mask == unprepared.mask).all()
    assert (corrected.mask[145:165, 195:245] < whole.mask[145:165, 195:245]).any()


def test_where_nobody_finds_anything_a_person_paints_it_and_the_photo_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sheet.png"
    sheet = np.full((120, 160, 3), 200, np.uint8)
    sheet[40:80, 60:100] = 190
    pictures.write(path, sheet, format="png")
    photo = pictures.read(path)
    looks: list[str] = []

    def nothing(picture: pictures.Picture, subject: str) -> subject_selection.Subject:
        looks.append(subject)
        raise NothingFound

    monkeypatch.setattr(subject_selection, "memory", subject_selection.Memory())
    monkeypatch.setattr(subject_selection, "find", nothing)
    for points in ([[70, 60]], [[70, 60], [90, 60]]):
        options = CutoutOptions.from_dict({"strokes": [{"keep": True, "radius": 5, "points": points}]})
        assert cutout.cut(photo, options, path=path).mask[60, 70] == 1
    assert looks == [""]


def test_of_large_photos_only_the_last_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def file(name: str) -> Path:
        path = tmp_path / name
        path.write_text(name)
        return path

    def found(side: int) -> subject_selection.Subject:
        return subject_selection.Subject(np.zeros((side, side), np.float32), None, "object")

    memory = subject_selection.Memory()
    # Seven bytes a pixel: alpha, and the colours that it will have.
    monkeypatch.setattr(subject_selection, "REMEMBERED_BYTES", 2 * 7 * 100 * 100)
    first, second, large, last = (file(name) for name in ("first", "second", "large", "last"))
    memory.keep(first, "", found(100))
    memory.keep(second, "", found(100))
    assert memory.recall(first, "")
    assert memory.recall(second, "")
    memory.keep(large, "", found(400))
    assert memory.recall(large, "")
    assert not memory.recall(second, "")
    memory.keep(last, "", found(100))
    assert not memory.recall(large, "")
    assert memory.recall(last, "")


def test_a_photo_that_is_to_stay_whole_keeps_every_pixel(cup: NDArray[np.uint8]) -> None:
    made = cutout.cut(opened(cup), CutoutOptions(keep="all"))
    assert made.alpha is not None
    assert made.alpha.min() == 1
    assert (made.rgb == cup).all()


def test_transparency_that_is_there_is_kept_where_that_is_asked(cup: NDArray[np.uint8]) -> None:
    alpha = np.zeros(cup.shape[:2], np.float32)
    alpha[50:150, 60:260] = 1
    made = cutout.cut(replace(opened(cup), alpha=alpha), CutoutOptions(keep="alpha"))
    assert made.alpha is not None
    assert (made.alpha == alpha).all()
    assert made.box == (60, 50, 260, 150)


def test_a_density_that_is_asked_for_is_written(cup: NDArray[np.uint8], tmp_path: Path) -> None:
    pictures.write(tmp_path / "in.png", cup, format="png")
    made = cutout.run(str(tmp_path / "in.png"), tmp_path, {"keep": "all", "dpi": 300}, lambda share: None)
    with Image.open(next(one.path for one in made if one.kind == "image")) as written:
        assert written.info["dpi"] == pytest.approx((300, 300), abs=0.1)


# -- What orders of programs ask for ----------------------------------------------------------------------


def test_only_what_is_in_a_region_is_found_and_all_else_is_background(
    ball: Ball, ball_photo: NDArray[np.uint8]
) -> None:
    pair = np.concatenate([ball_photo, ball_photo], 1)  # two balls, 960 x 360
    before = pair.copy()
    made = cutout.cut(opened(pair), CutoutOptions(region=("0%", "0px", "50%", "100%")))
    assert (pair == before).all()
    assert made.mask.shape == pair.shape[:2]
    assert overlap(made.mask[:, :480], ball[1]) > 0.97
    assert not made.mask[:, 480:].any()
    assert np.abs(np.subtract(made.box, compose.subject_box(ball[1]))).max() < 6


@pytest.mark.parametrize(
    ("region", "error"),
    [
        (("0px", "0px", "481px", "10px"), RegionOutside),
        (("0px", "0px", "0px", "10px"), RegionEmpty),
        (("0px", "0px", "10px", "10px"), UnsuitableContent),
    ],
)
def test_a_region_that_holds_no_picture_is_refused(
    ball_photo: NDArray[np.uint8], region: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        cutout.cut(opened(ball_photo), CutoutOptions(region=region))


def test_a_canvas_has_no_more_pixels_than_it_may(ball_photo: NDArray[np.uint8], tmp_path: Path) -> None:
    Image.fromarray(ball_photo).save(tmp_path / "ball.png")
    options = {"finish": {"canvas": "content"}, "most_pixels": 10_000}
    image, *_, facts = cutout.run(str(tmp_path / "ball.png"), tmp_path, options, types.ignore_progress)
    assert image.width * image.height <= 10_000 < (image.width + 1) * (image.height + 1)
    found = json.loads(Path(facts.path).read_text())
    left, top, right, bottom = found["box"]
    assert found["canvas"] == [right - left, bottom - top]
    # It fills a canvas that is cut to it.
    assert np.abs(np.subtract(found["placed"], (0, 0, image.width, image.height))).max() <= 1


def test_a_picture_that_is_opaque_all_over_is_a_jpg_where_that_is_asked(
    ball_photo: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(ball_photo).save(tmp_path / "ball.png")
    for background, format in (("#ffffff", "jpg"), ("", "png"), ("#ffffff80", "png")):
        options = {"finish": {"background": background}, "jpg_where_opaque": True}
        image, *_ = cutout.run(str(tmp_path / "ball.png"), tmp_path, options, types.ignore_progress)
        assert (image.format, Path(image.path).suffix) == (format, f".{format}")


def test_layers_and_masks_are_written_as_they_are_asked_for(
    ball: Ball, ball_photo: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(ball_photo).save(tmp_path / "ball.png")
    source = str(tmp_path / "ball.png")
    options = {"finish": {"background": "#0000ff"}, "layers": True}
    archive, *_ = cutout.run(source, tmp_path, options, types.ignore_progress)
    assert (archive.kind, archive.format, archive.width, archive.height) == ("image", "zip", 480, 360)
    with zipfile.ZipFile(archive.path) as opened_archive:
        assert opened_archive.namelist() == ["color.jpg", "alpha.png", "background.jpg"]
        alpha = np.asarray(Image.open(io.BytesIO(opened_archive.read("alpha.png"))))
    assert overlap(alpha / np.float32(255), ball[1]) > 0.97
    options = {"outputs": "mask", "mask_format": "jpg"}
    mask, *_ = cutout.run(source, tmp_path, options, types.ignore_progress)
    with Image.open(mask.path) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "L")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"region": ("0%", "0%", "1%")}, "region"),
        ({"region": ("0%", "0%", "1%", "1")}, "length"),
        ({"most_pixels": -1}, "most_pixels"),
        ({"layers": 1}, "layers"),
        ({"solid": "no"}, "solid"),
        ({"jpg_where_opaque": None}, "jpg_where_opaque"),
        ({"mask_format": "zip"}, "mask_format"),
    ],
)
def test_wrong_options_of_programs_are_refused_by_name(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidOptions, match=f"(?i){named}"):
        CutoutOptions.from_dict(wrong)
