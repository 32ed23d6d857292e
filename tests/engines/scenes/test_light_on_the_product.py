"""Light of the set on the product: at most a stop and a tint where it is asked for, else not one bit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.errors import InvalidOptions
from editor.engines.io.colour.spaces import srgb_light
from editor.engines.scenes import composite
from editor.engines.scenes.options import SceneOptions

SIDE = 60
BOX = (20, 20, 20 + SIDE, 20 + SIDE)


def product() -> Image.Image:
    """Every grey and many colours, opaque but for a soft rim."""
    chance = np.random.default_rng(1)
    rgba = np.full((SIDE, SIDE, 4), 255, np.uint8)
    rgba[..., :3] = chance.integers(0, 256, (SIDE, SIDE, 3))
    rgba[:, :, 3] = np.clip(np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1]) * 85, 0, 255)
    return Image.fromarray(rgba)


def lit(light: NDArray[np.float32], strength: float) -> NDArray[np.uint8]:
    plate = np.full((100, 100, 3), 40, np.uint8)
    gain = composite.limit_light(light, strength)
    return composite.overlay_product(plate, product(), BOX, gain=gain)[20:80, 20:80]


def wild() -> NDArray[np.float32]:
    """Light from total darkness to a blaze, of every colour."""
    return np.random.default_rng(2).uniform(0, 9, (7, 5, 3)).astype(np.float32) ** 2


def test_without_it_every_opaque_pixel_is_the_products_own() -> None:
    before = np.asarray(product())
    inside = before[..., 3] == 255
    assert composite.limit_light(wild(), 0.0) is None
    assert np.abs(lit(wild(), 0.0).astype(int) - before[..., :3])[inside].max() == 0
    assert SceneOptions(scene=101).relight == 0


def test_it_is_a_stop_and_a_tint_at_most() -> None:
    gain = composite.limit_light(wild(), 1.0)
    assert gain is not None
    most = 2 ** (composite.MOST_STOPS + composite.MOST_TINT)
    assert 1 / most <= gain.min() < 1 < gain.max() <= most
    half = composite.limit_light(wild(), 0.5)
    assert half is not None
    assert np.allclose(np.log2(half), 0.5 * np.log2(gain), atol=1e-5)


def test_even_light_changes_nothing_and_blue_light_makes_it_bluer() -> None:
    before = np.asarray(product())
    inside = before[..., 3] == 255
    even = lit(np.ones((4, 4, 3), np.float32), 1.0)
    assert np.abs(even.astype(int) - before[..., :3])[inside].max() <= 1
    blue = lit(np.full((4, 4, 3), (0.5, 0.8, 2.0), np.float32), 0.6)
    was, now = before[..., :3][inside].mean(0), blue[inside].mean(0)
    assert now[2] / now[0] > 1.1 * was[2] / was[0]


def test_it_is_laid_on_in_linear_light_and_keeps_light_letters_apart() -> None:
    brighter = np.full((2, 2, 3), 1.5, np.float32)
    over = np.array([[[60.0] * 3, [200.0] * 3, [235.0] * 3, [250.0] * 3]], np.float32)
    gain = composite.limit_light(brighter, 1.0)
    assert gain is not None
    made = composite.lay_on_light(over, gain)[0, :, 0]
    assert srgb_light(made[:1] / 255)[0] == pytest.approx(
        gain[0, 0, 0] * srgb_light(over[0, :1, 0] / 255)[0], rel=1e-3
    )
    assert (np.diff(made) > 0.5).all()
    assert made[-1] < 255


def test_what_sticks_out_of_the_picture_is_lit_like_the_rest() -> None:
    plate = np.zeros((50, 50, 3), np.uint8)
    gain = composite.limit_light(wild(), 1.0)
    made = composite.overlay_product(plate, product(), (30, 30, 90, 90), gain=gain)
    assert made[30:, 33:].any()
    assert not made[:30].any()


@pytest.mark.parametrize("relight", [-0.1, 1.1, "much", True])
def test_a_share_is_from_0_to_1(relight: object) -> None:
    with pytest.raises(InvalidOptions, match="relight"):
        SceneOptions(scene=101, relight=relight)  # type: ignore[arg-type]


def test_a_lamp_in_the_dark_glows_beyond_its_edge_and_a_bright_wall_does_not_fog() -> None:
    dark = np.full((200, 200, 3), 12, np.uint8)
    dark[60:140, 98:103] = (40, 255, 255)
    made = composite.spread_glow(dark)
    assert made[100, 108, 1] > 42
    assert made[100, 108, 1] > made[100, 108, 0] + 30
    assert made[5, 5].max() < 30
    wall = np.full((200, 200, 3), 240, np.uint8)
    wall[:, :100] = 30
    fogged = composite.spread_glow(wall).astype(int)
    assert abs(fogged[:, :80] - 30).mean() < 30
