"""Products that bring their base along: lamps on feet, plants in pots, candles on plates, drawn of parts.

What a rule against podiums must leave whole. Each is drawn of parts from the back to the front, each in one
of its colours and lit as a round body; the same numbers give the same products.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw

from . import confidence_cases, matte
from .confidence_cases import Case, Draw, Ground, Plane, Product, choose_half

Points = Sequence[tuple[float, float]]
Part = tuple[str, Points, int]
"""Kind of pen, points in hundredths of the side, and which of the product's colours."""

FIRST = 17_000
"""Seed of the first product."""

STAND_ON = ("studio", "colour", "table", "podium", "boards")


def cases(count: int, each: int, grounds: Mapping[str, Ground]) -> Iterator[Case]:
    """Stand so many products on `each` grounds, of every kind of STAND_ON in turn."""
    for number, product in enumerate(draw_products(count)):
        draw = np.random.default_rng(zlib.crc32(product.name.encode()))
        for turn in range(each):
            kind = STAND_ON[(number * each + turn) % len(STAND_ON)]
            yield confidence_cases.lay(product, kind, {}, draw, grounds)


def draw_products(count: int) -> list[Product]:
    """Return products of every form in turn."""
    products = []
    for number in range(count):
        draw = np.random.default_rng(FIRST + number)
        form = tuple(FORMS)[number % len(FORMS)]
        rgba = _paint(FORMS[form](draw), draw)
        rows, columns = (np.flatnonzero(rgba[..., 3].any(axis=axis)) for axis in (1, 0))
        rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        products.append(Product(f"{form} {number}", rgba, choose_half(number)))
    return products


def _paint(parts: Sequence[Part], draw: Draw) -> Plane:
    """Return parts over one another, RGBA (H, W, 4) in 0..1."""
    side = matte.DRAWN_SIDE
    colours = draw.uniform(0.04, 0.96, (4, 3)).astype(np.float32)
    if draw.random() < 0.3:
        colours[1] = np.clip(colours[0] + draw.uniform(-0.12, 0.12), 0, 1)
    made = np.zeros((side, side, 4), np.float32)
    columns = np.linspace(-1, 1, side, dtype=np.float32)[None, :]
    for kind, points, place in parts:
        shape = Image.new("L", (2 * side, 2 * side))
        corners = [(x * side / 50, y * side / 50) for x, y in points]
        pen = ImageDraw.Draw(shape)
        if kind == "polygon":
            pen.polygon(corners, fill=255)
        else:
            getattr(pen, kind)([*corners[0], *corners[1]], fill=255)
        mask = np.asarray(shape.resize((side, side), Image.Resampling.BOX), np.float32) / np.float32(255)
        middle, wide = _middle(mask)
        round_body = 1.08 - np.float32(draw.uniform(0.1, 0.4)) * ((columns - middle) / wide + 0.35) ** 2
        grain = draw.normal(0, draw.uniform(0, 0.035), (side // 6, side // 6)).astype(np.float32)
        paint = colours[place] * np.clip(round_body, 0.45, 1.1)[..., None]
        paint = paint + cv2.resize(grain, (side, side))[..., None]
        share = mask[..., None]
        made[..., :3] += share * (np.clip(paint, 0, 1) - made[..., :3])
        made[..., 3] = np.maximum(made[..., 3], mask)
    return made


def _middle(mask: Plane) -> tuple[float, float]:
    """Return a part's middle and half its width, where the picture's sides are -1 and 1."""
    columns = np.flatnonzero(mask.any(axis=0))
    left, right = columns[0] / len(mask) * 2 - 1, columns[-1] / len(mask) * 2 - 1
    return float(left + right) / 2, max(0.02, float(right - left) / 2)


def _lamp(draw: Draw) -> list[Part]:
    stem, foot, flat = draw.uniform(0.8, 2), draw.uniform(10, 22), draw.uniform(2, 6)
    return [
        ("ellipse", [(50 - foot, 88 - flat), (50 + foot, 88 + flat)], 1),
        ("rectangle", [(50 - stem, 34), (50 + stem, 88)], 2),
        ("polygon", [(38, 10), (62, 10), (74, 38), (26, 38)], 0),
    ]


def _vase(draw: Draw) -> list[Part]:
    foot, neck, body = draw.uniform(9, 20), draw.uniform(4, 9), draw.uniform(16, 24)
    return [
        ("rectangle", [(50 - foot, 82), (50 + foot, 90)], 1),
        ("rectangle", [(50 - neck, 20), (50 + neck, 84)], 0),
        ("ellipse", [(50 - body, 36), (50 + body, 80)], 0),
        ("rectangle", [(50 - neck - 2, 17), (50 + neck + 2, 21)], 2),
    ]


def _plant(draw: Draw) -> list[Part]:
    parts: list[Part] = []
    for angle in np.linspace(-1.2, 1.2, int(draw.integers(6, 12))):
        length = draw.uniform(28, 42)
        tip = 50 + length * np.sin(angle), 62 - length * np.cos(angle)
        aside = 3 * np.cos(angle), 3 * np.sin(angle)
        half = 50 + 0.5 * length * np.sin(angle), 62 - 0.5 * length * np.cos(angle)
        leaf = [(50.0, 64.0), (half[0] - aside[0], half[1] - aside[1]), tip]
        parts.append(("polygon", [*leaf, (half[0] + aside[0], half[1] + aside[1])], 2))
    wide = draw.uniform(13, 22)
    return [
        *parts,
        ("polygon", [(50 - wide, 60), (50 + wide, 60), (50 + 0.75 * wide, 90), (50 - 0.75 * wide, 90)], 0),
    ]


def _shoe(draw: Draw) -> list[Part]:
    sole = draw.uniform(4, 10)
    return [
        ("polygon", [(12, 40), (30, 38), (48, 56), (84, 64), (90, 74), (12, 74)], 0),
        ("ellipse", [(14, 36), (32, 45)], 2),
        ("rounded_rectangle", [(10, 73), (91, 73 + sole)], 1),
    ]


def _candle(draw: Draw) -> list[Part]:
    wide, plate, flat = draw.uniform(8, 18), draw.uniform(22, 34), draw.uniform(3, 7)
    return [
        ("ellipse", [(50 - plate, 82 - flat), (50 + plate, 84 + flat)], 1),
        ("ellipse", [(50 - 0.9 * plate, 81 - flat), (50 + 0.9 * plate, 81 + 0.7 * flat)], 3),
        ("rectangle", [(50 - wide, 30), (50 + wide, 80)], 0),
        ("ellipse", [(50 - wide, 77), (50 + wide, 83)], 0),
        ("ellipse", [(50 - wide, 27), (50 + wide, 33)], 3),
        ("rectangle", [(49.4, 22), (50.6, 30)], 2),
    ]


def _jar(draw: Draw) -> list[Part]:
    wide, lid = draw.uniform(14, 30), draw.uniform(6, 12)
    return [
        ("rounded_rectangle", [(50 - wide, 30), (50 + wide, 88)], 0),
        ("rectangle", [(50 - wide, 46), (50 + wide, 72)], 2),
        ("rounded_rectangle", [(50 - 0.9 * wide, 30 - lid), (50 + 0.9 * wide, 32)], 1),
    ]


def _trophy(draw: Draw) -> list[Part]:
    wide, high = draw.uniform(12, 22), draw.uniform(6, 14)
    return [
        ("rectangle", [(50 - wide, 90 - high), (50 + wide, 90)], 1),
        ("rectangle", [(47, 52), (53, 91 - high)], 0),
        ("polygon", [(30, 14), (70, 14), (60, 46), (50, 56), (40, 46)], 0),
    ]


def _cake(draw: Draw) -> list[Part]:
    wide, stand = draw.uniform(16, 24), draw.uniform(26, 36)
    return [
        ("polygon", [(46, 60), (54, 60), (62, 88), (38, 88)], 1),
        ("ellipse", [(50 - stand, 57), (50 + stand, 66)], 1),
        ("rectangle", [(50 - wide, 34), (50 + wide, 59)], 0),
        ("ellipse", [(50 - wide, 55), (50 + wide, 63)], 0),
        ("ellipse", [(50 - wide, 30), (50 + wide, 38)], 2),
    ]


def _clock(draw: Draw) -> list[Part]:
    foot = draw.uniform(14, 26)
    return [
        ("polygon", [(50 - foot, 90), (50 + foot, 90), (56, 70), (44, 70)], 1),
        ("ellipse", [(22, 18), (78, 74)], 0),
        ("ellipse", [(28, 24), (72, 68)], 2),
        ("rectangle", [(49.2, 30), (50.8, 47)], 3),
        ("rectangle", [(49.2, 45.5), (64, 47)], 3),
    ]


FORMS: dict[str, Callable[[Draw], list[Part]]] = {
    "lamp on a foot": _lamp,
    "vase on a foot": _vase,
    "plant in a pot": _plant,
    "shoe on a sole": _shoe,
    "candle on a plate": _candle,
    "jar with a lid": _jar,
    "trophy on a block": _trophy,
    "cake on a stand": _cake,
    "clock on a base": _clock,
}
