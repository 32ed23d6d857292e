"""Cutouts rendered as their finishes ask."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from editor.engines.errors import NotAPicture
from editor.engines.finishing import light
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.render import Rendering, render, render_file
from editor.engines.io import compose

RED, BLUE = (200, 30, 30), (20, 40, 220)


@pytest.fixture
def product() -> tuple[np.ndarray, np.ndarray]:
    """A product of 200 x 100 pixels, red above and blue below, in a photo of 400 x 300."""
    rgb = np.zeros((300, 400, 3), np.uint8)
    rgb[100:150, 80:280] = RED
    rgb[150:200, 80:280] = BLUE
    alpha = np.zeros((300, 400), np.float32)
    alpha[100:200, 80:280] = 1
    return rgb, alpha


def make(product: tuple[np.ndarray, np.ndarray], backdrop: Path | None = None, **asked: Any) -> Rendering:
    return render(*product, Finish.from_dict(asked), backdrop)


def test_a_default_finish_changes_no_pixel(product: tuple[np.ndarray, np.ndarray]) -> None:
    made = make(product)
    assert made.alpha is not None
    assert (made.rgb == product[0]).all()
    assert (made.alpha == product[1]).all()


def test_an_exact_frame_has_its_size_and_its_margin_to_the_pixel(
    product: tuple[np.ndarray, np.ndarray],
) -> None:
    made = make(product, canvas="exact", width=100, height=160, margins=[0.1] * 4, scaling="fit")
    assert made.mask.shape == (160, 100)
    assert compose.subject_box(made.mask) == (10, 60, 90, 100)


def test_enlarged_its_edge_stays_where_it_was_asked_for(product: tuple[np.ndarray, np.ndarray]) -> None:
    asked = {"canvas": "exact", "width": 1000, "height": 1000, "margins": [0.1] * 4, "scaling": "fit"}
    made = make(product, **asked, enlarge=True)
    left, top, right, bottom = compose.subject_box(made.mask)
    assert (left, right) == pytest.approx((100, 900), abs=4)
    assert (top, bottom) == pytest.approx((300, 700), abs=4)


@pytest.mark.parametrize("background", ["", "#ffffff", "#ffffff80"])
def test_what_is_resampled_takes_no_colour_from_what_is_see_through(
    product: tuple[np.ndarray, np.ndarray], background: str
) -> None:
    rgb, alpha = product
    rgb[alpha == 0] = (0, 255, 0)  # what was behind, which must never shine through
    asked = {"canvas": "exact", "width": 97, "height": 83, "scaling": "fit", "rotation": 7}
    made = render(rgb, alpha, Finish.from_dict({**asked, "background": background}))
    seen = made.rgb[..., 1].astype(int) - np.maximum(made.rgb[..., 0], made.rgb[..., 2])
    visible = made.mask > 0.05
    assert seen[visible].max() < 30


def test_turned_by_quarters_all_pixels_are_the_products_own(product: tuple[np.ndarray, np.ndarray]) -> None:
    made = make(product, canvas="content", rotation=90)
    assert made.mask.shape == (200, 100)
    assert (made.rgb[:, :50] == BLUE).all()
    assert (made.rgb[:, 50:] == RED).all()
    back = make((made.rgb, made.mask), canvas="content", rotation=-90)
    assert (back.rgb == product[0][100:200, 80:280]).all()


def test_clockwise_is_clockwise_also_between_quarters(product: tuple[np.ndarray, np.ndarray]) -> None:
    made = make(product, rotation=20)
    rows, columns = np.nonzero(made.mask > 0.5)
    left, right = columns < 150, columns > 250
    assert rows[left].mean() < rows[right].mean()


def test_the_size_caps_the_longer_side(product: tuple[np.ndarray, np.ndarray]) -> None:
    made = make(product, canvas="ratio", size="preview", rotation=3)
    assert max(made.mask.shape) == min(made.mask.shape)
    assert max(make(product, size="preview").mask.shape) == 256


@pytest.mark.parametrize("kind", ["contact", "drop", "reflection"])
def test_a_shadow_is_in_the_alpha_and_right_over_any_colour(
    product: tuple[np.ndarray, np.ndarray], kind: str
) -> None:
    clear = make(product, shadow=kind)
    assert clear.alpha is not None
    assert clear.alpha.sum() > clear.mask.sum()
    assert (clear.rgb[clear.mask == 1] == product[0][clear.mask == 1]).all()
    for ground in ("#ffffff", "#808080", "#1c1a17"):
        laid = compose.lay_over(clear.rgb, clear.alpha, compose.parse_colour(ground)).astype(int)
        direct = make(product, shadow=kind, background=ground).rgb
        assert abs(laid - direct).max() <= 2


def test_no_shadow_is_the_default_and_none_at_no_strength(product: tuple[np.ndarray, np.ndarray]) -> None:
    plain = make(product, background="#fff")
    none = make(product, background="#fff", shadow="drop", shadow_strength=0)
    assert (plain.rgb == none.rgb).all()


@pytest.mark.parametrize(("degrees", "side"), [(90, "left"), (-90, "right")])
def test_a_shadow_falls_away_from_its_light(
    product: tuple[np.ndarray, np.ndarray], degrees: int, side: str
) -> None:
    made = make(product, shadow="drop", shadow_direction=degrees)
    assert made.alpha is not None
    fallen = made.alpha - made.mask
    left, right = fallen[:, :80].sum(), fallen[:, 280:].sum()
    assert (left > 3 * right) if side == "left" else (right > 3 * left)


def test_softer_is_wider_and_stronger_is_darker(product: tuple[np.ndarray, np.ndarray]) -> None:
    def fallen(**asked: Any) -> np.ndarray:
        made = make(product, shadow="contact", **asked)
        assert made.alpha is not None
        return made.alpha - made.mask

    assert (fallen(shadow_softness=1) > 0.02).sum() > (fallen(shadow_softness=0) > 0.02).sum()
    assert fallen(shadow_strength=1).max() > fallen(shadow_strength=0.3).max()


def test_a_shadow_looks_alike_at_every_size(product: tuple[np.ndarray, np.ndarray]) -> None:
    asked = {"shadow": "drop", "canvas": "exact", "scaling": "fit", "margins": [0.2] * 4, "enlarge": True}
    small = make(product, **asked, width=200, height=200).alpha
    large = make(product, **asked, width=1600, height=1600).alpha
    assert small is not None
    assert large is not None
    shrunk = np.asarray(Image.fromarray(large).resize((200, 200), Image.Resampling.BOX))
    assert abs(shrunk - small).mean() < 0.01


def test_a_reflection_is_the_product_upside_down_and_fading(product: tuple[np.ndarray, np.ndarray]) -> None:
    made = make(product, shadow="reflection", shadow_softness=0)
    assert made.alpha is not None
    column = made.alpha[200:300, 180]
    assert (np.diff(column[:40]) <= 1e-6).all()
    assert column[0] > column[20] > column[45] == 0
    assert made.rgb[210, 180].tolist() == list(BLUE)


def test_exposure_is_in_stops_of_linear_light(product: tuple[np.ndarray, np.ndarray]) -> None:
    table = light.make_table(Finish(exposure=1))
    assert table is not None
    # 46 is .0273 in linear light, twice that is coded as 66.
    assert int(table[0, 46]) == 66
    assert table[0, 255] == 255
    assert light.make_table(Finish()) is None


def test_a_warmer_light_leaves_the_brightness_of_grey(product: tuple[np.ndarray, np.ndarray]) -> None:
    gains = light.find_gains(Finish(warmth=0.8, tint=-0.5))
    assert gains @ light.LUMINANCE == pytest.approx(1)
    assert gains[0] > gains[2]
    assert light.find_gains(Finish(tint=1))[1] < 1


def test_light_falls_on_the_product_alone(product: tuple[np.ndarray, np.ndarray]) -> None:
    lit = make(product, exposure=1, background="#808080")
    assert (lit.rgb[0, 0] == 128).all()
    assert lit.rgb[120, 100, 0] > RED[0]


def test_a_see_through_ground_stays_so_but_in_a_jpg(product: tuple[np.ndarray, np.ndarray]) -> None:
    made = make(product, background="#ff000080")
    assert made.alpha is not None
    assert made.alpha[0, 0] == pytest.approx(128 / 255)
    assert made.rgb[0, 0].tolist() == [255, 0, 0]
    jpg = make(product, background="#ff000080", format="jpg")
    assert jpg.alpha is None
    assert jpg.rgb[0, 0].tolist() == [255, 127, 127]


@pytest.fixture
def backdrop(tmp_path: Path) -> Path:
    """A picture whose red rises to the right and whose green rises downwards."""
    ramp = np.linspace(0, 255, 200).astype(np.uint8)
    pixels = np.stack(np.broadcast_arrays(ramp[None, :], ramp[:, None], np.uint8(90)), axis=2)
    path = tmp_path / "behind.png"
    Image.fromarray(pixels).save(path)
    return path


def test_a_picture_behind_covers_is_moved_and_enlarged(
    product: tuple[np.ndarray, np.ndarray], backdrop: Path
) -> None:
    plain = make(product, backdrop).rgb
    assert plain.shape == (300, 400, 3)
    right = make(product, backdrop, backdrop_zoom=2, backdrop_at=[1, 0.5]).rgb
    assert right[0, 0, 0] > plain[0, 0, 0] + 100
    blurred = make(product, backdrop, backdrop_blur=1).rgb
    assert blurred[150, 390, 0] < plain[150, 390, 0]


def test_a_broken_picture_behind_is_named(product: tuple[np.ndarray, np.ndarray], tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing")
    with pytest.raises(NotAPicture, match="The background"):
        make(product, broken)


@pytest.mark.parametrize("format", ["png", "jpg", "webp"])
def test_a_file_is_rendered_into_a_file_the_same_each_time(
    product: tuple[np.ndarray, np.ndarray], tmp_path: Path, format: str
) -> None:
    rgba = np.dstack([product[0], (product[1] * 255).astype(np.uint8)])
    source = tmp_path / "cutout.png"
    Image.fromarray(rgba).save(source, dpi=(300, 300))
    finish = Finish.from_dict({"canvas": "ratio", "margins": [0.1] * 4, "format": format})
    targets = [tmp_path / f"{name}.{format}" for name in ("one", "two")]
    mask = tmp_path / "mask.png"
    made = [render_file(source, target, finish, mask=mask) for target in targets]
    assert made[0] == made[1]
    assert targets[0].read_bytes() == targets[1].read_bytes()
    with Image.open(targets[0]) as picture, Image.open(mask) as shape:
        assert picture.size == shape.size == (made[0].width, made[0].height) == (250, 250)
        assert ("A" in picture.getbands()) == (format != "jpg")
        if format != "webp":
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
