"""alpha_matte.judge and its steps: doubts, further looks, what is solid, and the ground's say."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from editor.engines.io import pictures
from editor.engines.matting import alpha_matte, multi_pass, plain_background
from editor.engines.networks import isnet
from tests.engines.conftest import opened

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]

BARE = alpha_matte.Steps(looks=False, ground=False, solid=False, edges=False)
SIDE = isnet.SIDE


def disc(radius: float, side: int = SIDE, softness: float = 3) -> Plane:
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    distance = np.hypot(rows - side / 2, columns - side / 2)
    return np.clip((radius - distance) / softness + 0.5, 0, 1).astype(np.float32)


def overlap(alpha: Plane | None, truth: Plane) -> float:
    if alpha is None:
        return 0.0
    a, b = alpha > 0.5, truth > 0.5
    return float((a & b).sum() / (a | b).sum())


@pytest.fixture(scope="module")
def carton() -> tuple[Pixels, Plane]:
    """A white box with a blue strip on a white sheet, and its alpha: few grey levels apart at the left."""
    shape = Image.new("L", (600, 600))
    ImageDraw.Draw(shape).rectangle((180, 120, 420, 480), fill=255)
    alpha = np.asarray(shape, np.float32) / 255
    shade = np.linspace(249, 228, 600, dtype=np.float32)[None, :, None] * np.ones((600, 1, 3), np.float32)
    shade[380:420] = (45, 90, 210)
    photo = shade * alpha[..., None] + 255 * (1 - alpha[..., None])
    return photo.astype(np.uint8), alpha


def studio(hole: bool) -> tuple[Pixels, NDArray[np.bool_]]:
    """A pale block, with a hole or without, on a shaded sweep with a soft shadow; and where the block is."""
    shape = Image.new("L", (512, 512))
    pen = ImageDraw.Draw(shape)
    pen.rectangle((160, 160, 350, 350), fill=255)
    if hole:
        pen.rectangle((220, 220, 290, 290), fill=0)
    block = np.asarray(shape) > 0
    shadow = np.asarray(shape.filter(ImageFilter.GaussianBlur(16)), np.float32) / 255
    sweep = np.linspace(225, 205, 512, dtype=np.float32)[:, None] * (
        1 - (0.05 if hole else 0.25) * np.roll(shadow, 10, 0)
    )
    grey = np.where(block, 244, sweep)
    return np.repeat(grey[..., None], 3, axis=2).astype(np.uint8), block


def test_a_sharp_look_leaves_no_doubt_and_a_see_through_side_does() -> None:
    sharp = disc(300)
    torn = sharp.copy()
    torn[450:600, 400:600] *= 0.5
    assert multi_pass.measure_doubt(multi_pass.to_grid(sharp)) == 0
    assert multi_pass.measure_doubt(multi_pass.to_grid(torn)) > multi_pass.DOUBT


def test_outlines_alone_leave_no_doubt_however_long_they_are() -> None:
    rows = np.arange(SIDE)
    comb = np.clip(np.abs((rows % 64) - 32) / 4 - 3.5, 0, 1).astype(np.float32)
    assert multi_pass.measure_doubt(multi_pass.to_grid(np.repeat(comb[None], SIDE, 0))) < multi_pass.DOUBT


def test_what_is_far_from_the_outline_is_decided() -> None:
    seen = disc(300)
    hazy = np.clip(seen * 0.75 + 0.1, 0, 1)
    solid = alpha_matte.decide_inside(hazy)
    assert solid[512, 512] == 1
    assert solid[5, 5] == 0


def test_outlines_and_hair_keep_their_softness() -> None:
    seen = disc(300)
    strands = seen.copy()
    strands[:200, 500:524:4] = 0.4
    solid = alpha_matte.decide_inside(strands)
    outline = (seen > 0.05) & (seen < 0.95)
    assert np.abs(solid - strands)[outline].max() < 0.05
    assert np.abs(solid - strands)[208:212, 500:524].max() < 0.05


@pytest.mark.parametrize("level", [0.2, 0.8])
def test_a_look_without_an_outline_is_not_decided(level: float) -> None:
    even = np.full((SIDE, SIDE), level, np.float32)
    assert (alpha_matte.decide_inside(even) == even).all()


def test_an_opening_stays_open() -> None:
    ring = disc(300) - disc(120)
    assert alpha_matte.decide_inside(ring)[512, 512] == 0


def test_the_ground_takes_in_its_shading_and_a_soft_shadow_but_no_pale_block() -> None:
    photo, block = studio(hole=False)
    found = plain_background.find_ground(photo, np.zeros((512, 512), np.float32))
    assert found is not None
    inner = np.asarray(Image.fromarray(block).filter(ImageFilter.MinFilter(9)))
    assert not found.reached[inner].any()
    assert found.distinct[inner].mean() > 0.95
    assert found.reached[~block].mean() > 0.8


def test_a_hole_that_the_ground_shows_through_is_not_foreign() -> None:
    photo, _ = studio(hole=True)
    found = plain_background.find_ground(photo, np.zeros((512, 512), np.float32))
    assert found is not None
    assert not found.foreign[230:280, 230:280].any()


def test_a_texture_is_no_plain_ground() -> None:
    noise = np.random.default_rng(0).integers(60, 200, (128, 128, 3)).astype(np.uint8)
    texture = np.asarray(Image.fromarray(noise).resize((512, 512), Image.Resampling.BICUBIC))
    assert plain_background.find_ground(texture, np.zeros((512, 512), np.float32)) is None


def test_a_subject_all_along_the_border_leaves_no_ground_to_judge_by() -> None:
    photo, _ = studio(hole=False)
    assert plain_background.find_ground(photo, np.ones((512, 512), np.float32)) is None


def test_the_ground_leaves_its_input_unchanged() -> None:
    photo, _ = studio(hole=False)
    before = photo.copy()
    plain_background.find_ground(photo, np.zeros((512, 512), np.float32))
    assert (photo == before).all()


def test_a_network_takes_sides_of_64_pixels_steps_only(network: None) -> None:
    from editor.engines.networks.isnet import Segmenter

    with pytest.raises(ValueError, match="multiple of 64"):
        Segmenter(700)


@pytest.mark.usefixtures("network")
def test_white_on_white_is_found_whole(carton: tuple[Pixels, Plane]) -> None:
    photo, alpha = carton
    made = alpha_matte.judge(opened(photo))
    bare = alpha_matte.judge(opened(photo), BARE)
    assert overlap(made.alpha, alpha) > 0.97
    assert overlap(made.alpha, alpha) >= overlap(bare.alpha, alpha) - 0.002


@pytest.mark.usefixtures("network")
def test_a_brick_wall_holds_no_subject(network: None) -> None:
    wall = np.repeat(skimage.data.brick()[..., None], 3, axis=2)
    assert alpha_matte.judge(pictures.Picture(wall, None, "JPEG")).alpha is None


def test_what_one_look_is_sure_of_takes_no_other(ball_photo: Pixels) -> None:
    assert not alpha_matte.judge(opened(ball_photo)).further


@pytest.mark.usefixtures("network")
def test_further_looks_fill_what_the_first_left_see_through(
    ball: tuple[Pixels, Plane], ball_photo: Pixels
) -> None:
    square = network_square(ball_photo)
    truth = np.asarray(Image.fromarray(ball[1]).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    torn = isnet.segmenter().subject(square)
    torn[400:640, 400:600] *= 0.3
    mended = multi_pass.merge_looks(square, torn).seen
    assert overlap(torn, truth) < 0.9
    assert overlap(mended, truth) > 0.97


def network_square(photo: Pixels) -> Pixels:
    return isnet.squeeze(photo)


def test_another_hue_is_no_shadow_on_the_ground_and_a_darker_grey_may_be() -> None:
    photo, block = studio(hole=False)
    inner = np.asarray(Image.fromarray(block).filter(ImageFilter.MinFilter(9)))
    for colour, is_coloured in (((60, 90, 190), True), ((120, 120, 120), False)):
        painted = np.where(block[..., None], np.array(colour, np.uint8), photo)
        found = plain_background.find_ground(painted, np.zeros((512, 512), np.float32))
        assert found is not None
        assert (found.coloured[inner].mean() > 0.95) == is_coloured


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("opacity", [0.05, 0.45, 0.6])
def test_what_is_faint_all_over_is_cut_out_as_faint(opacity: float, ball: tuple[Pixels, Plane]) -> None:
    colour, alpha = ball
    faint = pictures.Picture(colour, (alpha * opacity).astype(np.float32), "PNG")
    made = alpha_matte.judge(faint).alpha
    assert made is not None
    assert overlap(made / opacity, alpha) > 0.97
    assert np.abs(made - faint.alpha).mean() < 0.01


@pytest.mark.usefixtures("network")
def test_what_is_transparent_all_over_holds_no_subject(ball: tuple[Pixels, Plane]) -> None:
    colour, alpha = ball
    assert alpha_matte.judge(pictures.Picture(colour, np.zeros_like(alpha), "PNG")).alpha is None
