"""Products that enclose something: openings that show the ground, and insides that only look as if they did.

Handles, chains, frames, chairs, scissors and hooks have holes; dials, lenses, cushions with a print, plates,
windows and dark openings of shoes have none. Each is drawn of parts from the back to the front, later "holes"
are cut out of earlier parts; the same numbers give the same products. Halves: 0 is for work, 1 for the check.

    python -m bench.enclosing [--count N] [--each N] [--half 0|1]

Prints, by kind of ground, the overlap with everything and with what is enclosed left as the network saw it,
how many pictures gain and lose by more than GAIN, and what a picture costs in seconds of CPU.
"""

from __future__ import annotations

import argparse
import statistics
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from editor.engines.io import pictures
from editor.engines.matting import alpha_matte
from editor.engines.tools import dispatch

from . import confidence_cases, hard_cases, matte
from .confidence_cases import Case, Draw, Ground, Plane, Product

Points = Sequence[tuple[float, float]]
Part = tuple[str, Points, int, float]
"""Kind of pen, points in hundredths of the side, which of the product's colours or HOLE, width of a line."""

FIRST = 23_000
"""Seed of the first product."""

HOLE = -1
SIDE = 720
GAIN = 0.01
STAND_ON = (
    "studio",
    "colour",
    "as inside",
    "table",
    "boards",
    "own colour",
    "white",
    "bricks",
    "bokeh",
    "dark",
)


def main() -> int:
    """Print the table; 1 where more pictures lose than gain."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=96, help="products")
    parser.add_argument("--each", type=int, default=1, help="grounds of each")
    parser.add_argument("--half", type=int, choices=(0, 1))
    asked = parser.parse_args()
    dispatch.warm()
    overlaps: dict[str, list[tuple[float, float]]] = {}
    seconds: list[tuple[float, float]] = []
    for case in cases(asked.count, asked.each, hard_cases.ALL_GROUNDS):
        if asked.half not in (None, case.product.half):
            continue
        picture = pictures.Picture(case.rgb, None, "JPEG")
        scores, took = [], []
        for steps in (replace(alpha_matte.ALL, enclosed=False), alpha_matte.ALL):
            started = time.process_time()
            made = alpha_matte.judge(picture, steps)
            took.append(time.process_time() - started)
            scores.append(matte.overlap(case.alpha, made.alpha))
        overlaps.setdefault(case.ground, []).append((scores[0], scores[1]))
        seconds.append((took[0], took[1]))
        if abs(scores[1] - scores[0]) > GAIN:
            print(f"{case.product.name:14} {case.ground:12} {scores[0]:.3f} -> {scores[1]:.3f}", flush=True)
    rows = [pair for pairs in overlaps.values() for pair in pairs]
    for kind, pairs in {**overlaps, "all": rows}.items():
        before, after = (statistics.mean(pair[side] for pair in pairs) for side in (0, 1))
        gained = sum(now - then > GAIN for then, now in pairs)
        lost = sum(then - now > GAIN for then, now in pairs)
        print(f"{kind:12} {len(pairs):3}  as seen {before:.4f}  now {after:.4f}  gain {gained}  lose {lost}")
    before, after = (statistics.mean(pair[side] for pair in seconds) for side in (0, 1))
    print(f"CPU seconds a picture: {before:.2f} as seen, {after:.2f} now")
    return int(sum(now < then - GAIN for then, now in rows) > sum(now > then + GAIN for then, now in rows))


def cases(count: int, each: int, grounds: Mapping[str, Ground]) -> Iterator[Case]:
    """Stand so many products on `each` grounds, of every kind of STAND_ON in turn."""
    every = {**grounds, "as inside": _as_inside}
    for number, product in enumerate(draw_products(count)):
        draw = np.random.default_rng(zlib.crc32(f"enclosing {product.name}".encode()))
        for turn in range(each):
            kind = STAND_ON[(number * each + number // len(STAND_ON) + turn) % len(STAND_ON)]
            yield confidence_cases.lay(product, kind, {}, draw, every)


def draw_products(count: int) -> Iterator[Product]:
    """Draw products of every form in turn; each form has both halves."""
    for number in range(count):
        draw = np.random.default_rng(FIRST + number)
        form = tuple(FORMS)[number % len(FORMS)]
        rgba = _paint(FORMS[form](draw), draw)
        rows, columns = (np.flatnonzero(rgba[..., 3].any(axis=axis)) for axis in (1, 0))
        rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        half = (number + number // len(FORMS)) % 2
        yield Product(f"{form} {number}", rgba, half)


def _as_inside(draw: Draw, placed: Plane) -> Plane:
    """A ground of the colour of the product's middle: a dial on a wall of the dial's own colour."""
    rows, columns = np.nonzero(placed[..., 3] > 0.5)
    if not len(rows):
        return confidence_cases.PLAIN["studio"](draw, placed)
    middle = np.hypot(rows - rows.mean(), columns - columns.mean())
    nearest = np.argsort(middle)[: max(20, len(rows) // 50)]
    colour = np.median(placed[rows[nearest], columns[nearest], :3], axis=0)
    even = np.ones((*placed.shape[:2], 3), np.float32) * np.clip(colour + draw.uniform(-0.1, 0.1), 0, 1)
    shadow = confidence_cases.cast_shadow(placed[..., 3], draw, soft=draw.uniform(0.005, 0.03))
    lit = confidence_cases.slope_light(draw, even.astype(np.float32))
    return lit * (1 - np.float32(draw.uniform(0, 0.4)) * shadow[..., None])


def _paint(parts: Sequence[Part], draw: Draw) -> Plane:
    """Return parts over one another, RGBA (H, W, 4) in 0..1."""
    side = SIDE
    colours = draw.uniform(0.04, 0.96, (4, 3)).astype(np.float32)
    kind = draw.random()
    if kind < 0.25:
        # Black on black, white on white: parts are hardly apart.
        colours = np.clip(colours[0] + draw.uniform(-0.09, 0.09, (4, 3)), 0, 1).astype(np.float32)
    elif kind < 0.5:
        grey = draw.uniform(0.03, 0.97, (4, 1)) + draw.uniform(-0.03, 0.03, (4, 3))
        colours = np.clip(grey, 0, 1).astype(np.float32)
    made = np.zeros((side, side, 4), np.float32)
    for pen, points, place, wide in parts:
        mask = _stamp(pen, points, wide, side)
        if place == HOLE:
            made[..., 3] *= 1 - mask
            continue
        paint = _light(colours[place], mask, draw)
        made[..., :3] += mask[..., None] * (np.clip(paint, 0, 1) - made[..., :3])
        made[..., 3] = np.maximum(made[..., 3], mask)
    return made


def _stamp(pen: str, points: Points, wide: float, side: int) -> Plane:
    """Return the mask of a part."""
    shape = Image.new("L", (2 * side, 2 * side))
    unit = side / 50
    corners = [(x * unit, y * unit) for x, y in points]
    draw, thick = ImageDraw.Draw(shape), max(1, round(wide * unit))
    if pen == "polygon":
        draw.polygon(corners, fill=255)
    elif pen == "line":
        draw.line(corners, fill=255, width=thick, joint="curve")
    elif wide:
        getattr(draw, pen)([*corners[0], *corners[1]], outline=255, width=thick)
    else:
        getattr(draw, pen)([*corners[0], *corners[1]], fill=255)
    return np.asarray(shape.resize((side, side), Image.Resampling.BOX), np.float32) / np.float32(255)


def _light(colour: NDArray[np.float32], mask: Plane, draw: Draw) -> Plane:
    """Return a part's colour, lit from one side, with its grain, and at times a gleam."""
    side = len(mask)
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side
    body = cv2.blur(mask, (side // 12, side // 12))
    across, down = draw.uniform(-0.4, 0.4, 2).astype(np.float32)
    light = (1 + across * (columns - 0.5) + down * (rows - 0.5)) * (0.85 + 0.15 * body)
    coarse = side // int(draw.choice([3, 6, 12]))
    grain = draw.normal(0, draw.choice([0, 0.015, 0.05]), (coarse, coarse)).astype(np.float32)
    paint = colour * light[..., None] + cv2.resize(grain, (side, side))[..., None]
    if draw.random() < 0.25:
        x, y, size = draw.uniform(0.35, 0.65), draw.uniform(0.35, 0.65), draw.uniform(0.01, 0.06)
        gleam = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * size * size))
        paint = paint + np.float32(draw.uniform(0.2, 0.8)) * gleam[..., None].astype(np.float32)
    return paint


def _ring_parts(draw: Draw, inner: int) -> list[Part]:
    """Return a body with a disc in it, of a colour or a hole."""
    x, y, size = draw.uniform(42, 58), draw.uniform(38, 60), draw.uniform(9, 22)
    rim = draw.uniform(1, 5)
    flat = draw.uniform(0.7, 1.0)
    return [
        (
            "ellipse",
            [(x - size - rim, y - (size + rim) * flat), (x + size + rim, y + (size + rim) * flat)],
            1,
            0,
        ),
        ("ellipse", [(x - size, y - size * flat), (x + size, y + size * flat)], inner, 0),
    ]


def _body(draw: Draw) -> Part:
    left, top = draw.uniform(14, 24), draw.uniform(20, 30)
    pen = str(draw.choice(["rectangle", "rounded_rectangle", "ellipse"]))
    return (pen, [(left, top), (100 - left + draw.uniform(-6, 6), 84 + draw.uniform(-8, 6))], 0, 0)


def _camera(draw: Draw) -> list[Part]:
    lens = _ring_parts(draw, 2)
    (x0, y0), (x1, y1) = lens[1][1]
    wide, high = (x1 - x0) / 5, (y1 - y0) / 5
    parts: list[Part] = [
        _body(draw),
        *lens,
        ("ellipse", [(x0 + wide, y0 + high), (x1 - wide, y1 - high)], 3, 0),
    ]
    if draw.random() < 0.5:
        parts.append(("ellipse", [(x0 + wide, y0 + high), (x1 - wide, y1 - high)], 1, 0.8))
    return parts


def _dial(draw: Draw) -> list[Part]:
    parts = _ring_parts(draw, 2)
    (x0, y0), (x1, y1) = parts[1][1]
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    for angle, length in zip(draw.uniform(0, 6.3, 2), (0.5, 0.75), strict=True):
        end = x + length * (x1 - x) * np.cos(angle), y + length * (y1 - y) * np.sin(angle)
        parts.append(("line", [(x, y), end], 3, draw.uniform(0.6, 1.6)))
    if draw.random() < 0.6:
        parts.insert(0, ("polygon", [(x - 20, 90), (x + 20, 90), (x + 8, y), (x - 8, y)], 0, 0))
    if draw.random() < 0.5:
        parts.insert(0, ("ellipse", [(x - 9, y0 - 16), (x + 9, y0 + 4)], 0, 1.5))
    return parts


def _cushion(draw: Draw) -> list[Part]:
    parts: list[Part] = [("rounded_rectangle", [(16, 16), (84, 84)], 0, 0)]
    for _ in range(int(draw.integers(2, 7))):
        x, y, size = draw.uniform(28, 72), draw.uniform(28, 72), draw.uniform(4, 12)
        pen = str(draw.choice(["ellipse", "rectangle"]))
        wide = float(draw.choice([0, 0, draw.uniform(1, 3)]))
        parts.append((pen, [(x - size, y - size), (x + size, y + size)], int(draw.integers(1, 4)), wide))
    return parts


def _plate(draw: Draw) -> list[Part]:
    flat, wide = draw.uniform(0.35, 1), draw.uniform(30, 40)
    inner = wide * draw.uniform(0.45, 0.8)
    return [
        ("ellipse", [(50 - wide, 50 - wide * flat), (50 + wide, 50 + wide * flat)], 0, 0),
        ("ellipse", [(50 - inner, 50 - inner * flat), (50 + inner, 50 + inner * flat)], 1, 0),
    ]


def _shoe(draw: Draw) -> list[Part]:
    left, wide = draw.uniform(14, 18), draw.uniform(6, 10)
    return [
        ("polygon", [(12, 36), (34, 34), (50, 54), (86, 64), (92, 78), (12, 78)], 0, 0),
        ("ellipse", [(left, 32), (left + 2 * wide, 32 + wide)], 2, 0),
        ("rounded_rectangle", [(10, 75), (93, 83)], 1, 0),
    ]


def _screen(draw: Draw) -> list[Part]:
    rim = draw.uniform(1.5, 6)
    parts: list[Part] = [
        ("rounded_rectangle", [(14, 22), (86, 70)], 0, 0),
        ("rectangle", [(14 + rim, 22 + rim), (86 - rim, 70 - rim)], 2, 0),
    ]
    if draw.random() < 0.6:
        parts += [("rectangle", [(46, 70), (54, 84)], 0, 0), ("rectangle", [(34, 82), (66, 86)], 0, 0)]
    return parts


def _frame(draw: Draw) -> list[Part]:
    rim = draw.uniform(3, 10)
    parts: list[Part] = [("rectangle", [(18, 14), (82, 86)], 0, 0)]
    parts.append(("rectangle", [(18 + rim, 14 + rim), (82 - rim, 86 - rim)], HOLE, 0))
    if draw.random() < 0.5:
        parts.append(("line", [(18, 50), (82, 50)], 0, draw.uniform(1, 3)))
    return parts


def _basket(draw: Draw) -> list[Part]:
    thick, high = draw.uniform(1.5, 5), draw.uniform(8, 34)
    parts: list[Part] = [
        ("ellipse", [(28, 52 - high), (72, 52 + high)], 0, thick),
        ("polygon", [(20, 50), (80, 50), (72, 86), (28, 86)], 1, 0),
    ]
    if draw.random() < 0.5:
        parts.append(("rectangle", [(36, 60), (64, 74)], 2, 0))
    return parts


def _kettle(draw: Draw) -> list[Part]:
    thick = draw.uniform(2.5, 6)
    parts: list[Part] = [
        ("ellipse", [(56, 30), (86, 72)], 1, thick),
        ("rounded_rectangle", [(24, 26), (66, 82)], 0, 0),
    ]
    if draw.random() < 0.5:
        parts.append(("ellipse", [(34, 40), (56, 62)], 2, 0))
    return parts


def _chain(draw: Draw) -> list[Part]:
    thick, parts = draw.uniform(1.2, 3.5), list[Part]()
    for number in range(int(draw.integers(4, 8))):
        x = 12 + 11 * number
        y = 50 + 14 * np.sin(number + draw.uniform(-0.4, 0.4))
        parts.append(("ellipse", [(x - 9, y - 7), (x + 9, y + 7)], number % 2, thick))
    return parts


def _mesh(draw: Draw) -> list[Part]:
    thick, step = draw.uniform(0.8, 2), draw.uniform(7, 14)
    parts: list[Part] = [("rectangle", [(18, 26), (82, 84)], 0, draw.uniform(2, 4))]
    parts += [("line", [(x, 27), (x, 83)], 0, thick) for x in np.arange(18 + step, 80, step)]
    return [*parts, *(("line", [(19, y), (81, y)], 0, thick) for y in np.arange(26 + step, 82, step))]


def _armchair(draw: Draw) -> list[Part]:
    slot, leg = draw.uniform(2, 9), draw.uniform(1.5, 4)
    return [
        ("rounded_rectangle", [(22, 14), (78, 56)], 0, 0),
        ("rounded_rectangle", [(34, 46 - slot), (66, 48)], HOLE, 0),
        ("rounded_rectangle", [(20, 46), (80, 66)], 1, 0),
        ("rectangle", [(24, 64), (24 + leg, 92)], 2, 0),
        ("rectangle", [(76 - leg, 64), (76, 92)], 2, 0),
    ]


def _scissors(draw: Draw) -> list[Part]:
    thick, spread = draw.uniform(2, 5), draw.uniform(4, 14)
    return [
        ("polygon", [(50, 52), (47, 56), (50 - spread, 8)], 2, 0),
        ("polygon", [(50, 52), (53, 56), (50 + spread, 8)], 2, 0),
        ("line", [(50, 50), (40, 68)], 0, 3),
        ("line", [(50, 50), (60, 68)], 0, 3),
        ("ellipse", [(24, 64), (46, 90)], 0, thick),
        ("ellipse", [(54, 64), (76, 90)], 0, thick),
    ]


def _glasses(draw: Draw) -> list[Part]:
    thick, size = draw.uniform(1.5, 4), draw.uniform(14, 18)
    own = draw.random() < 0.5
    parts = list[Part]()
    for x in (30.0, 70.0):
        box = [(x - size, 50 - 0.8 * size), (x + size, 50 + 0.8 * size)]
        if own:
            parts.append(("ellipse", box, 2, 0))
        parts.append(("ellipse", box, 0, thick))
    parts.append(("line", [(30 + size - 1, 48), (70 - size + 1, 48)], 0, thick))
    return parts


def _hook(draw: Draw) -> list[Part]:
    """A ring with a mouth: nearly enclosed."""
    thick, mouth = draw.uniform(4, 10), draw.uniform(1, 4)
    return [
        ("ellipse", [(22, 22), (78, 78)], 0, thick),
        ("rectangle", [(50 - mouth, 68), (50 + mouth, 82)], HOLE, 0),
        ("rectangle", [(46, 10), (54, 24)], 1, 0),
    ]


def _bag(draw: Draw) -> list[Part]:
    thick = draw.uniform(1, 3)
    parts: list[Part] = [
        ("ellipse", [(34, 14), (66, 66)], 1, thick),
        ("polygon", [(22, 42), (78, 42), (84, 86), (16, 86)], 0, 0),
    ]
    if draw.random() < 0.6:
        parts.append(("rounded_rectangle", [(36, 54), (64, 74)], 2, 0))
    return parts


FORMS: dict[str, Callable[[Draw], list[Part]]] = {
    "camera": _camera,
    "basket": _basket,
    "dial": _dial,
    "frame": _frame,
    "cushion": _cushion,
    "chain": _chain,
    "plate": _plate,
    "kettle": _kettle,
    "shoe": _shoe,
    "mesh": _mesh,
    "screen": _screen,
    "armchair": _armchair,
    "glasses": _glasses,
    "scissors": _scissors,
    "bag": _bag,
    "hook": _hook,
}

if __name__ == "__main__":
    raise SystemExit(main())
