"""erase: from a photo and marks to a photo without the thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines import __main__ as command_line
from editor.engines import errors
from editor.engines.inpainting import erase_mask, hole_groups
from editor.engines.tools import erase


def scene() -> NDArray[np.uint8]:
    """A red ball lies on speckled ground, uint8 (160, 200, 3)."""
    ground = np.random.default_rng(3).integers(90, 130, (160, 200, 3)).astype(np.uint8)
    rows, columns = np.mgrid[:160, :200]
    ground[np.hypot(rows - 80, columns - 100) < 20] = (220, 30, 30)
    return ground


BALL = [[76, 56, 48, 48]]


def ball_mask() -> NDArray[np.bool_]:
    return erase_mask.mask_from_rectangles(BALL, 200, 160)


def test_the_thing_is_gone_and_everything_else_is_bit_for_bit_the_same() -> None:
    image, mask = scene(), ball_mask()
    before = image.copy()
    result = erase.erase(image, mask)
    assert (image == before).all()
    assert (result[~mask] == image[~mask]).all()
    red = (result[..., 0] > 180) & (result[..., 1] < 60)
    assert not red.any()
    filled = result[mask].astype(float)
    assert np.abs(filled.mean(axis=0) - 109.5).max() < 4
    # The speckles go on: a smear would have next to no spread.
    assert filled.std() > 8


def test_the_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    image, mask = scene(), ball_mask()
    first = erase.erase(image, mask, seed=5)
    assert (first == erase.erase(image, mask, seed=5)).all()
    assert (first != erase.erase(image, mask, seed=6)).any()


def test_what_is_to_be_avoided_is_not_copied() -> None:
    image, mask = scene(), ball_mask()
    image[:, :70] = (20, 20, 240)
    avoid = np.zeros(mask.shape, bool)
    avoid[:, :70] = True
    result = erase.erase(image, mask, avoid=avoid)
    assert not (result[mask][:, 2] > 180).any()


def test_avoiding_everything_still_fills_the_hole() -> None:
    image, mask = scene(), ball_mask()
    result = erase.erase(image, mask, avoid=np.ones(mask.shape, bool))
    assert not ((result[..., 0] > 180) & (result[..., 1] < 60)).any()


def test_a_hole_of_one_pixel_takes_a_colour_from_around() -> None:
    image = np.full((40, 40, 3), 77, np.uint8)
    image[20, 20] = 255
    mask = np.zeros((40, 40), bool)
    mask[20, 20] = True
    assert (erase.erase(image, mask) == 77).all()


@pytest.mark.parametrize("corner", [(0, 0), (0, 30), (30, 0), (30, 30)])
def test_a_hole_at_the_border_is_filled(corner: tuple[int, int]) -> None:
    image = np.full((60, 60, 3), 77, np.uint8)
    mask = np.zeros((60, 60), bool)
    mask[corner[0] : corner[0] + 30, corner[1] : corner[1] + 30] = True
    image[mask] = 255
    assert (erase.erase(image, mask) == 77).all()


@pytest.mark.parametrize("size", [(1, 2), (2, 1), (5, 5), (7, 7), (6, 300), (300, 8)])
def test_pictures_too_small_for_patches_are_filled_smoothly(size: tuple[int, int]) -> None:
    image = np.full((*size, 3), 50, np.uint8)
    mask = np.zeros(size, bool)
    mask[0, 0] = True
    image[0, 0] = 255
    assert (erase.erase(image, mask) == 50).all()


def test_stripes_with_no_room_for_a_source_patch_are_filled_smoothly() -> None:
    image = np.full((40, 40, 3), 60, np.uint8)
    mask = np.zeros((40, 40), bool)
    mask[::4, :] = True
    image[mask] = 255
    assert np.abs(erase.erase(image, mask).astype(int) - 60).max() <= 1


def test_many_holes_are_all_filled() -> None:
    image = np.full((700, 700, 3), 90, np.uint8)
    mask = np.zeros((700, 700), bool)
    for y in range(20, 700, 75):
        for x in range(20, 700, 75):
            mask[y : y + 6, x : x + 6] = True
    image[mask] = 255
    assert (erase.erase(image, mask) == 90).all()


def test_holes_far_apart_do_not_touch_the_ground_between() -> None:
    mask = np.zeros((900, 900), bool)
    mask[10:20, 10:20] = mask[870:890, 860:890] = True
    groups = hole_groups.find_groups(mask, 1.5)
    assert len(groups) == 2
    together = np.zeros(mask.shape, int)
    for group in groups:
        together[group.window] += group.hole
    assert (together == mask).all()


def test_groups_cover_every_marked_pixel_once() -> None:
    mask = np.random.default_rng(1).random((333, 411)) > 0.997
    together = np.zeros(mask.shape, int)
    for group in hole_groups.find_groups(mask, 1.0):
        together[group.window] += group.hole
    assert (together == mask).all()


def test_progress_rises_to_1_and_may_cancel() -> None:
    image, mask = scene(), ball_mask()
    heard: list[float] = []
    erase.erase(image, mask, report=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert len(heard) >= 3

    def stop(share: float) -> None:
        raise errors.Cancelled

    with pytest.raises(errors.Cancelled):
        erase.erase(image, mask, report=stop)


def test_marks_that_do_not_suit_are_refused() -> None:
    image = scene()
    with pytest.raises(erase_mask.NothingMarked):
        erase.erase(image, np.zeros((160, 200), bool))
    with pytest.raises(erase_mask.TooMuchMarked):
        erase.erase(image, np.ones((160, 200), bool))
    with pytest.raises(erase_mask.MaskDoesNotFit):
        erase.erase(image, np.ones((10, 10), bool))
    with pytest.raises(erase_mask.MaskDoesNotFit):
        erase.erase(image, ball_mask(), avoid=np.ones((10, 10), bool))


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    path = tmp_path / "scene.png"
    Image.fromarray(scene()).save(path)
    return path


def test_a_job_writes_the_image_and_its_thumbnail(scene_file: Path, tmp_path: Path) -> None:
    heard: list[float] = []
    outputs = erase.run(str(scene_file), tmp_path, {"rectangles": BALL}, heard.append)
    assert [(output.kind, output.of, output.format) for output in outputs] == [
        ("image", "result", "png"),
        ("thumbnail", "result", "webp"),
    ]
    assert [Path(output.path).name for output in outputs] == ["image.png", "image-thumbnail.webp"]
    for output in outputs:
        assert Path(output.path).stat().st_size == output.bytes
        with Image.open(output.path) as picture:
            assert picture.size == (output.width, output.height)
    with Image.open(outputs[0].path) as picture:
        pixels, mask = np.asarray(picture), ball_mask()
    assert (pixels[~mask] == scene()[~mask]).all()
    assert heard == sorted(heard)


def test_a_mask_file_and_an_avoid_file_are_heard(scene_file: Path, tmp_path: Path) -> None:
    mask_path, avoid_path = tmp_path / "mask.png", tmp_path / "avoid.png"
    Image.fromarray(ball_mask()).save(mask_path)
    Image.fromarray(np.zeros((160, 200), bool)).save(avoid_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    options = {"mask_path": str(mask_path), "avoid_path": str(avoid_path), "seed": 2, "format": "webp"}
    by_mask = erase.run(str(scene_file), tmp_path / "a", options, lambda share: None)
    options = {"rectangles": BALL, "seed": 2, "format": "webp"}
    by_rectangle = erase.run(str(scene_file), tmp_path / "b", options, lambda share: None)
    assert Path(by_mask[0].path).read_bytes() == Path(by_rectangle[0].path).read_bytes()


def test_alpha_and_hidden_colours_are_kept(tmp_path: Path) -> None:
    pixels = np.dstack([scene(), np.random.default_rng(4).integers(0, 256, (160, 200), np.uint8)])
    path = tmp_path / "clear.png"
    Image.fromarray(pixels).save(path)
    outputs = erase.run(str(path), tmp_path, {"rectangles": BALL}, lambda share: None)
    with Image.open(outputs[0].path) as picture:
        result, mask = np.asarray(picture), ball_mask()
    assert (result[..., 3] == pixels[..., 3]).all()
    assert (result[~mask] == pixels[~mask]).all()


def test_a_transparent_picture_as_jpg_lies_on_white(tmp_path: Path) -> None:
    path = tmp_path / "clear.png"
    Image.fromarray(np.dstack([scene(), np.zeros((160, 200), np.uint8)])).save(path)
    outputs = erase.run(str(path), tmp_path, {"rectangles": BALL, "format": "jpg"}, lambda share: None)
    with Image.open(outputs[0].path) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_rectangles_lie_on_the_picture_as_a_person_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    turned = Image.fromarray(scene()).rotate(90, expand=True)
    exif = turned.getexif()
    exif[0x0112] = 6  # a viewer turns it clockwise by 90 degrees
    turned.save(path, quality=95, exif=exif)
    outputs = erase.run(str(path), tmp_path, {"rectangles": BALL}, lambda share: None)
    with Image.open(outputs[0].path) as picture:
        result = np.asarray(picture)
    assert result.shape == (160, 200, 3)
    assert not ((result[..., 0] > 170) & (result[..., 1] < 60)).any()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rectangles": BALL, "mask_path": "mask.png"},
        {"rectangles": BALL, "seed": -1},
        {"rectangles": BALL, "seed": "1"},
        {"rectangles": BALL, "seed": True},
        {"rectangles": BALL, "format": "gif"},
        {"rectangles": BALL, "colour": 1},
        {"rectangles": []},
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: dict[str, object], scene_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(errors.InvalidOptions):
        erase.run(str(scene_file), tmp_path, options, lambda share: None)


def test_the_command_erases_by_rectangle(scene_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    assert command_line.main(["erase", str(scene_file), str(target), "--rect", "76,56,48,48"]) == 0
    with Image.open(target) as picture:
        result = np.asarray(picture)
    assert (result == erase.erase(scene(), ball_mask())).all()


@pytest.mark.parametrize("slope", [0.0, 0.08, 0.4])
def test_a_line_that_slants_is_thin_and_a_thing_is_not(slope: float) -> None:
    rows, columns = np.mgrid[:200, :300]
    line = np.abs(rows - 60 - slope * columns) < 7 * np.hypot(1, slope)
    thing = (rows >= 105) & (rows < 190) & (columns >= 20) & (columns < 70)
    kept = erase.drop_thin(line | thing)
    assert not kept[:, 90:].any()
    assert kept[thing].mean() > 0.98
