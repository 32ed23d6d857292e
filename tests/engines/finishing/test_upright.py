"""The angle that turns a product upright: drawn leaning by a known one, and told where nothing tells it."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from editor.engines import types
from editor.engines.finishing.upright import find_upright

SIDE, FINER = 240, 3
Draw = Callable[[ImageDraw.ImageDraw, float], object]


def lean(draw: Draw, degrees: float) -> types.Alpha:
    """Return a drawn product's alpha, turned clockwise."""
    large = SIDE * FINER
    picture = Image.new("L", (large, large))
    draw(ImageDraw.Draw(picture), large)
    turned = picture.rotate(-degrees, Image.Resampling.BICUBIC)
    return np.asarray(turned.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32) / np.float32(255)


def draw_bottle(draw: ImageDraw.ImageDraw, of: float) -> None:
    draw.rounded_rectangle((0.38 * of, 0.4 * of, 0.62 * of, 0.9 * of), 0.03 * of, fill=255)
    draw.rectangle((0.46 * of, 0.12 * of, 0.54 * of, 0.42 * of), fill=255)


def draw_box(draw: ImageDraw.ImageDraw, of: float) -> None:
    draw.rectangle((0.2 * of, 0.32 * of, 0.8 * of, 0.68 * of), fill=255)


def draw_square(draw: ImageDraw.ImageDraw, of: float) -> None:
    draw.rectangle((0.3 * of, 0.3 * of, 0.7 * of, 0.7 * of), fill=255)


def draw_mug(draw: ImageDraw.ImageDraw, of: float) -> None:
    draw.rounded_rectangle((0.3 * of, 0.3 * of, 0.6 * of, 0.7 * of), 0.03 * of, fill=255)
    draw.ellipse((0.52 * of, 0.38 * of, 0.78 * of, 0.62 * of), outline=255, width=round(0.03 * of))


def draw_pen(draw: ImageDraw.ImageDraw, of: float) -> None:
    draw.rounded_rectangle((0.475 * of, 0.1 * of, 0.525 * of, 0.9 * of), 0.02 * of, fill=255)


def draw_disc(draw: ImageDraw.ImageDraw, of: float) -> None:
    draw.ellipse((0.2 * of, 0.2 * of, 0.8 * of, 0.8 * of), fill=255)


def draw_star(draw: ImageDraw.ImageDraw, of: float) -> None:
    tips = [
        (of * (0.5 + far * math.sin(at * math.pi / 5)), of * (0.5 - far * math.cos(at * math.pi / 5)))
        for at, far in zip(range(10), [0.35, 0.14] * 5, strict=True)
    ]
    draw.polygon(tips, fill=255)


def draw_wedge(draw: ImageDraw.ImageDraw, of: float) -> None:
    heel, toe, above = (0.15 * of, 0.65 * of), (0.85 * of, 0.65 * of), (0.2 * of, 0.3 * of)
    draw.polygon([heel, toe, (0.85 * of, 0.58 * of), (0.42 * of, 0.32 * of), above], fill=255)


@pytest.mark.parametrize("draw", [draw_bottle, draw_box, draw_square, draw_mug, draw_pen])
@pytest.mark.parametrize("degrees", [-12.6, 7.3])
def test_what_leans_is_turned_upright_to_half_a_degree(draw: Draw, degrees: float) -> None:
    found = find_upright(lean(draw, degrees))
    assert found.angle == pytest.approx(-degrees, abs=0.5)
    assert found.confidence > 0.5
    assert not found.reason


def test_what_stands_upright_is_left_as_it_is() -> None:
    found = find_upright(lean(draw_bottle, 0))
    assert found.angle == 0
    assert found.reason == "The product stands upright already."


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (draw_disc, "The product is round: it has no axis."),
        (draw_star, "The product shows no clear axis."),
        (draw_wedge, "The product shows no clear axis."),
    ],
)
def test_what_has_no_axis_is_not_turned(draw: Draw, reason: str) -> None:
    for degrees in (0, 11):
        found = find_upright(lean(draw, degrees))
        assert found.angle is None
        assert found.reason == reason


def test_a_speck_is_not_measured() -> None:
    alpha = np.zeros((200, 200), np.float32)
    alpha[90:100, 90:110] = 1
    assert find_upright(alpha).reason == "The product is too small to measure an angle."


def test_nothing_visible_has_no_angle() -> None:
    assert find_upright(np.zeros((50, 60), np.float32)).angle is None
