"""Pictures that hurt, whose true alpha is known: products among lines and things, drawn here.

Products of a folder (their alpha is the truth), and things drawn for confidence_cases, stand on bricks,
tiles and boards, before shelves, on podiums, among props, on glossy tops that mirror them. The same products
give the same pictures. Halves: 0 is for work, to look at while something is built, 1 for the check.

    python -m bench.hard_cases [FOLDER …] [--each N] [--drawn N] [--half 0|1] [--sheet FILE]

FOLDER: as bench.matte has it. Prints the overlap (IoU, mean and worst), how many are below 0.95, and the mean
error within 6 pixels of the outline, by kind of ground: of the matte with everything, without single
steps, of the first look alone, and of the bare network. "own base" are products on one of their own
(bench.own_bases), which must keep it; of each kind it says how many lose by what is taken away. ANSWERS_DIR
(editor/engines/networks/inference.py) saves looks that are taken again.
--sheet: the worst of them on magenta, at 100 %.
"""

from __future__ import annotations

import argparse
import statistics
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engines.io import pictures
from editor.engines.matting import alpha_matte
from editor.engines.tools import dispatch

from . import confidence_cases, matte, own_bases
from .confidence_cases import Case, Draw, Ground, Plane, Product

Colour = NDArray[np.floating]

JOINT = (0.004, 0.014)
"""Width of a joint between bricks or tiles, as a share of the picture's longer side."""


WAYS = {
    "everything": alpha_matte.ALL,
    "place kept": replace(alpha_matte.ALL, place=False),
    "lines kept": replace(alpha_matte.ALL, lines=False),
    "enclosed as seen": replace(alpha_matte.ALL, enclosed=False),
    "nothing clear": replace(alpha_matte.ALL, clear=False),
    "first look": replace(alpha_matte.ALL, looks=False, lines=False, place=False, enclosed=False),
    "bare network": matte.BARE,
}
LOW = 0.95
WORST = 12
"""So many pictures are on the sheet."""

OWN_BASE = "own base"
LOST = 0.01
"""Overlap that a picture loses where the place is taken away, from which on it is counted."""


def main() -> int:
    """Print the table; 1 where everything is no better than the bare network."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=3, help="grounds of each product")
    parser.add_argument("--drawn", type=int, default=30, help="products drawn here")
    parser.add_argument("--based", type=int, default=18, help="products with a base of their own")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    products = confidence_cases.read_products(asked.folders) + confidence_cases.draw_products(asked.drawn)
    dispatch.warm()
    kinds = (*GROUNDS, OWN_BASE)
    scores: dict[str, dict[str, list[matte.Score]]] = {kind: {way: [] for way in WAYS} for kind in kinds}
    seen: list[tuple[float, Case, Plane]] = []
    further = 0
    based = (replace(case, ground=OWN_BASE) for case in own_bases.cases(asked.based, asked.each, ALL_GROUNDS))
    for case in (*cases(products, asked.each), *based):
        if asked.half not in (None, case.product.half):
            continue
        for way, steps in WAYS.items():
            made = alpha_matte.judge(pictures.Picture(case.rgb, None, "JPEG"), steps)
            colour = case.rgb.astype(np.float32) / np.float32(255)
            judged = matte.Case(case.product.name, case.rgb, case.alpha, colour)
            score = matte.score_case(judged, made.alpha)
            scores[case.ground][way].append(score)
            if steps is alpha_matte.ALL:
                further += made.further
                alpha = np.zeros_like(case.alpha) if made.alpha is None else made.alpha
                seen = sorted([*seen, (score.overlap, case, alpha)], key=lambda row: row[0])[:WORST]
    whole: dict[str, list[matte.Score]] = {
        way: [score for kind in scores.values() for score in kind[way]] for way in WAYS
    }
    for kind, ways in {**scores, "all": whole}.items():
        for way, rows in ways.items():
            if rows:
                print(f"{kind:8} {way:16} {describe(rows)}")
        lost = count_lost(ways)
        if lost:
            print(f"{kind:8} place taken away: {lost} of {len(ways['everything'])} lose more than {LOST}")
    print(f"further looks were taken at {further} of {len(whole['everything'])}")
    if asked.sheet:
        draw_sheet(seen).save(asked.sheet)
    better = matte.mean(whole["everything"], "overlap") > matte.mean(whole["bare network"], "overlap")
    return 0 if better else 1


def count_lost(ways: dict[str, list[matte.Score]]) -> int:
    """Return how many pictures lose more than LOST of their overlap where the place is taken away."""
    pairs = zip(ways["place kept"], ways["everything"], strict=True)
    return sum(kept.overlap - taken.overlap > LOST for kept, taken in pairs)


def describe(rows: Sequence[matte.Score]) -> str:
    """Return a line of figures about pictures."""
    overlaps = [row.overlap for row in rows]
    return (
        f"{len(rows):4}  IoU {statistics.mean(overlaps):.4f}  median {statistics.median(overlaps):.4f}"
        f"  worst {min(overlaps):.3f}  below {LOW} {sum(one < LOW for one in overlaps):3}"
        f"  edge {statistics.mean(row.edge for row in rows):.4f}"
    )


def draw_sheet(rows: Sequence[tuple[float, Case, Plane]]) -> Image.Image:
    """Return photos beside their cutouts on magenta, at 100 %."""
    height = sum(case.rgb.shape[0] for _, case, _ in rows)
    width = 2 * max(case.rgb.shape[1] for _, case, _ in rows)
    sheet = Image.new("RGB", (width, height), "white")
    top = 0
    for _, case, alpha in rows:
        ground = np.array([255, 0, 255], np.float32)
        laid = case.rgb * alpha[..., None] + ground * (1 - alpha[..., None])
        sheet.paste(Image.fromarray(case.rgb), (0, top))
        sheet.paste(Image.fromarray(laid.astype(np.uint8)), (case.rgb.shape[1], top))
        top += case.rgb.shape[0]
    return sheet


def cases(products: Sequence[Product], each: int) -> Iterator[Case]:
    """Stand every product on `each` grounds, of every kind in turn."""
    kinds = tuple(GROUNDS)
    for number, product in enumerate(products):
        draw = np.random.default_rng(zlib.crc32(f"hard {product.name}".encode()))
        for turn in range(each):
            kind = kinds[(number * each + turn) % len(kinds)]
            yield confidence_cases.lay(product, kind, {}, draw, GROUNDS)


def _masonry(draw: Draw, shape: tuple[int, int], rows: float, aspect: float, shift: float) -> Plane:
    """Return bricks or tiles, each of its own tone, with joints between. shift: of every other row."""
    height, width = shape
    longer = max(shape)
    high = longer / rows
    wide = high * aspect
    down, across = np.mgrid[:height, :width].astype(np.float32)
    across = across + np.float32(draw.uniform(0, wide))
    row = np.floor(down / high)
    moved = across + (row % 2) * np.float32(shift * wide)
    column = np.floor(moved / wide)
    tones = draw.uniform(-1, 1, (64, 64)).astype(np.float32)
    tone = tones[row.astype(int) % 64, column.astype(int) % 64]
    face = draw.uniform(0.25, 0.92, 3)
    joint = np.clip(face + draw.choice([-1, 1]) * draw.uniform(0.1, 0.35), 0, 1)
    colour = face + np.float32(draw.uniform(0.01, 0.09)) * tone[..., None]
    grain = cv2.GaussianBlur(draw.normal(0, 1, shape).astype(np.float32), (0, 0), longer / 500)
    colour = colour + np.float32(draw.uniform(0.01, 0.12)) * grain[..., None]
    half = np.float32(draw.uniform(*JOINT) * longer / 2)
    near = np.minimum(
        np.minimum(down % high, high - down % high), np.minimum(moved % wide, wide - moved % wide)
    )
    line = np.clip(half - near + 0.5, 0, 1)[..., None]
    return np.clip(colour * (1 - line) + joint * line, 0, 1).astype(np.float32)


def _bricks(draw: Draw, placed: Plane) -> Plane:
    wall = _masonry(draw, placed.shape[:2], draw.uniform(9, 22), draw.uniform(2.2, 3.2), 0.5)
    return _darken(draw, wall, placed)


def _tiles(draw: Draw, placed: Plane) -> Plane:
    """Tiles in perspective from the product's middle down, as on a floor; a wall of tiles above."""
    height, width = placed.shape[:2]
    wall = _masonry(draw, (height, width), draw.uniform(5, 12), 1, 0)
    edge = _foot(placed) - round(draw.uniform(0.05, 0.25) * height)
    if not 0 < edge < height - 8:
        return _darken(draw, wall, placed)
    floor = _masonry(draw, (max(height, width),) * 2, draw.uniform(6, 12), 1, 0)
    size, narrow = float(len(floor)), draw.uniform(0.15, 0.35)
    corners = np.array([[size * narrow, 0], [size * (1 - narrow), 0], [size, size], [0, size]], np.float32)
    target = np.array([[0, edge], [width, edge], [width, height], [0, height]], np.float32)
    turned = cv2.getPerspectiveTransform(corners, target)
    laid = cv2.warpPerspective(floor, turned, (width, height), flags=cv2.INTER_AREA)
    wall[edge:] = laid[edge:]
    return _darken(draw, wall, placed)


def _boards(draw: Draw, placed: Plane) -> Plane:
    """Planks with their grain, upright or lying."""
    height, width = placed.shape[:2]
    longer = max(height, width)
    planks = _masonry(draw, (longer, longer), draw.uniform(5, 12), draw.uniform(6, 14), 0.37)
    grain = draw.normal(0, 1, (longer, max(8, longer // 30))).astype(np.float32)
    planks += np.float32(draw.uniform(0.02, 0.07)) * cv2.resize(grain, (longer, longer))[..., None]
    if draw.random() < 0.5:
        planks = np.ascontiguousarray(planks.transpose(1, 0, 2))
    return _darken(draw, np.clip(planks[:height, :width], 0, 1), placed)


def _podium(draw: Draw, placed: Plane) -> Plane:
    """A sweep with a round podium under the product, a disc behind it and a ball beside it."""
    height, width = placed.shape[:2]
    base = draw.uniform(0.3, 0.92, 3)
    ground = np.ones((height, width, 3), np.float32) * base.astype(np.float32)
    left, right, foot = _sides(placed)
    middle, wide = (left + right) / 2, max(8.0, (right - left) * draw.uniform(0.6, 0.9))
    if draw.random() < 0.8:
        radius = round(wide * draw.uniform(0.7, 1.1))
        _blend(
            ground,
            _disc(
                (height, width),
                (middle + draw.uniform(-0.3, 0.3) * wide, height * draw.uniform(0.3, 0.6)),
                radius,
                radius,
            ),
            _near(draw, base),
        )
    if draw.random() < 0.8:
        radius = round(wide * draw.uniform(0.15, 0.35))
        place = (middle + draw.choice([-1, 1]) * (wide + radius), foot - radius)
        ball = _disc((height, width), place, radius, radius)
        _blend(ground, ball, _near(draw, base), shade=_round(place, radius, (height, width)))
    flat, deep = round(wide * draw.uniform(0.15, 0.3)), round(height * draw.uniform(0.06, 0.2))
    top = foot - round(flat * draw.uniform(0.2, 0.8))
    colour = _near(draw, base)
    body = np.zeros((height, width), np.float32)
    cv2.rectangle(body, (round(middle - wide), top), (round(middle + wide), top + deep), 1.0, -1)
    body = np.maximum(body, _disc((height, width), (middle, top + deep), round(wide), flat))
    _blend(ground, body, colour * np.float32(0.86))
    _blend(ground, _disc((height, width), (middle, top), round(wide), flat), colour)
    return _darken(draw, ground, placed)


def _shelf(draw: Draw, placed: Plane) -> Plane:
    """Boxes and bottles of all colours behind the product, on boards."""
    height, width = placed.shape[:2]
    ground = np.ones((height, width, 3), np.float32) * draw.uniform(0.2, 0.9, 3).astype(np.float32)
    for floor in np.linspace(0.3, 1, draw.integers(2, 4)):
        bottom, x = round(floor * height), 0
        while x < width:
            wide, high = round(width * draw.uniform(0.03, 0.14)), round(height * draw.uniform(0.08, 0.24))
            if draw.random() < 0.75:
                colour = [float(level) for level in draw.uniform(0.05, 0.95, 3)]
                cv2.rectangle(ground, (x, bottom - high), (x + wide, bottom), colour, -1)
            x += wide + round(width * draw.uniform(0, 0.03))
        board = [float(level) for level in draw.uniform(0.2, 0.8, 3)]
        cv2.rectangle(ground, (0, bottom), (width, bottom + round(0.02 * height)), board, -1)
    soft = draw.uniform(0, 0.006) * max(height, width)
    return np.asarray(cv2.GaussianBlur(ground, (0, 0), max(0.4, soft)), np.float32)


def _props(draw: Draw, placed: Plane) -> Plane:
    """Things that touch the product's outline: boxes, balls and sticks of other colours behind it."""
    ground = confidence_cases.PLAIN["studio"](draw, placed)
    height, width = ground.shape[:2]
    left, right, foot = _sides(placed)
    for _ in range(draw.integers(2, 5)):
        colour = draw.uniform(0.05, 0.95, 3)
        size = round((right - left) * draw.uniform(0.1, 0.3))
        x = draw.choice([left, right]) + draw.uniform(-0.6, 0.6) * size
        shape = np.zeros((height, width), np.float32)
        kind = draw.integers(0, 3)
        if kind == 0:
            high = round(size * draw.uniform(0.6, 2.5))
            cv2.rectangle(shape, (round(x - size), foot - high), (round(x + size), foot), 1.0, -1)
        elif kind == 1:
            shape = _disc((height, width), (x, foot - size), size, size)
        else:
            thick = max(2, round(0.008 * width))
            cv2.line(shape, (round(x), 0), (round(x + draw.uniform(-1, 1) * size), height), 1.0, thick)
        _blend(ground, shape, colour)
    return ground


def _mirror(draw: Draw, placed: Plane) -> Plane:
    """A glossy top that mirrors the product below its foot."""
    height, width = placed.shape[:2]
    ground = np.ones((height, width, 3), np.float32) * draw.uniform(0.05, 0.95, 3).astype(np.float32)
    foot = _foot(placed)
    if foot < height - 4:
        ground[foot - round(0.12 * foot) :] = draw.uniform(0.05, 0.95, 3)
        deep = min(height - foot, foot)
        below = placed[foot - deep : foot][::-1]
        fade = np.linspace(draw.uniform(0.25, 0.6), 0, deep, dtype=np.float32)[:, None, None]
        share = below[..., 3:] * fade
        ground[foot : foot + deep] = ground[foot : foot + deep] * (1 - share) + below[..., :3] * share
    return ground


def _darken(draw: Draw, ground: Plane, placed: Plane) -> Plane:
    """Return the ground under light that falls off, with the product's shadow on it."""
    shadow = confidence_cases.cast_shadow(placed[..., 3], draw, soft=draw.uniform(0.005, 0.03))
    return confidence_cases.slope_light(draw, ground) * (
        1 - np.float32(draw.uniform(0.1, 0.5)) * shadow[..., None]
    )


def _sides(placed: Plane) -> tuple[int, int, int]:
    """Return the product's first and last column, and the row that it stands on."""
    seen = placed[..., 3] > 0.5
    columns = np.flatnonzero(seen.any(axis=0))
    return (int(columns[0]), int(columns[-1]), _foot(placed)) if len(columns) else (0, 1, 1)


def _foot(placed: Plane) -> int:
    rows = np.flatnonzero((placed[..., 3] > 0.5).any(axis=1))
    return int(rows[-1]) + 1 if len(rows) else 1


def _near(draw: Draw, base: Colour) -> Plane:
    """Return a colour of the same family: as sets are painted."""
    return np.clip(base + draw.uniform(-0.2, 0.2) + draw.uniform(-0.08, 0.08, 3), 0, 1).astype(np.float32)


def _disc(shape: tuple[int, int], middle: tuple[float, float], across: int, down: int) -> Plane:
    mask = np.zeros(shape, np.float32)
    place = round(16 * middle[0]), round(16 * middle[1])
    cv2.ellipse(mask, place, (16 * max(1, across), 16 * max(1, down)), 0, 0, 360, 1.0, -1, cv2.LINE_AA, 4)
    return mask


def _round(middle: tuple[float, float], radius: int, shape: tuple[int, int]) -> Plane:
    """Return how light a ball is that is lit from above left, 0.5..1."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    away = np.hypot(columns - middle[0] + radius / 3, rows - middle[1] + radius / 3) / max(1, radius)
    return np.clip(1.05 - 0.35 * away, 0.5, 1).astype(np.float32)


def _blend(ground: Plane, mask: Plane, colour: Colour, shade: Plane | None = None) -> None:
    """Lay a colour onto the ground where the mask is."""
    laid = np.asarray(colour, np.float32) * (1 if shade is None else shade[..., None])
    ground += mask[..., None] * (laid - ground)


GROUNDS: dict[str, Ground] = {
    "bricks": _bricks,
    "tiles": _tiles,
    "boards": _boards,
    "podium": _podium,
    "shelf": _shelf,
    "props": _props,
    "mirror": _mirror,
}
ALL_GROUNDS = {**confidence_cases.PLAIN, **GROUNDS}

if __name__ == "__main__":
    raise SystemExit(main())
