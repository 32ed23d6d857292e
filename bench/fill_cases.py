"""Pictures whose hidden ground is known: things, lines, planes and marks drawn here over known grounds.

Each case is a ground with something on it that is to be erased, the mask a person would paint, and where
the ground has other things that must not be copied. The same seed gives the same pictures. Halves: 0 is for
work, to look at while something is built, 1 for the check.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Draw = np.random.Generator
Ground = Callable[[Draw], Pixels]

WIDE, HIGH = 640, 480

PHOTOS = ("coffee", "chelsea", "astronaut", "rocket", "motorcycle_left")
TEXTURES = ("brick", "grass", "gravel", "immunohistochemistry")


@dataclass(frozen=True)
class Case:
    """A picture (H, W, 3), what it shows without what is to go, the mask, and other things' pixels."""

    name: str
    kind: str
    image: Pixels
    truth: Pixels
    mask: Mask
    foreign: Mask
    judged: Mask
    """Where the picture is compared with the truth: all that the erased thing changed."""


def make_cases(
    half: int, each: int, folders: Sequence[Path] = (), kinds: Sequence[str] | None = None
) -> Iterator[Case]:
    """Return so many cases of each kind; folders: of products with alpha, beside those drawn here."""
    products = [path for folder in folders for path in sorted(folder.glob("*.png"))]
    for kind in kinds or KINDS:
        for number in range(each):
            draw = np.random.default_rng(zlib.crc32(f"{kind}-{half}-{number}".encode()))
            yield KINDS[kind](f"{kind}-{number}", draw, products)


def _photo(name: str) -> Pixels:
    if name == "motorcycle_left":
        image = np.asarray(skimage.data.stereo_motorcycle()[0])
    else:
        image = np.asarray(getattr(skimage.data, name)())
    rgb = np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image[..., :3]
    return np.ascontiguousarray(rgb)


def ground_of_texture(draw: Draw) -> Pixels:
    """Return brick, grass, gravel or tissue, tinted."""
    image = Image.fromarray(_photo(TEXTURES[int(draw.integers(len(TEXTURES)))]))
    tint = draw.uniform(0.75, 1.0, 3)
    rgb = np.asarray(image.resize((WIDE, HIGH), Image.Resampling.LANCZOS, box=(0, 64, 512, 448)), np.float64)
    return np.clip(rgb * tint, 0, 255).astype(np.uint8)


def ground_of_photo(draw: Draw) -> Pixels:
    """Return a part of one of scikit-image's photos."""
    image = Image.fromarray(_photo(PHOTOS[int(draw.integers(len(PHOTOS)))]))
    scale = max(WIDE / image.width, HIGH / image.height)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    left = int(draw.integers(image.width - WIDE + 1))
    top = int(draw.integers(image.height - HIGH + 1))
    return np.asarray(image.crop((left, top, left + WIDE, top + HIGH))).copy()


def ground_of_studio(draw: Draw) -> Pixels:
    """Return a sweep of one colour, lit from one side, with a camera's noise."""
    rows, columns = np.mgrid[:HIGH, :WIDE]
    colour = draw.uniform(120, 235, 3)
    shade = 1 - 0.25 * np.hypot(columns / WIDE - draw.uniform(0, 1), rows / HIGH - draw.uniform(0, 0.5))
    return _noisy(colour * shade[..., None], draw)


def ground_of_lines(draw: Draw) -> Pixels:
    """Return a wall with a rail or panels above a floor: edges that run straight through the picture."""
    canvas = np.ascontiguousarray(ground_of_studio(draw))
    slope = float(draw.uniform(-0.12, 0.12))
    floor = float(draw.uniform(0.5, 0.65)) * HIGH
    rows, columns = np.mgrid[:HIGH, :WIDE]
    below = rows > floor + slope * (columns - WIDE / 2)
    dark = draw.uniform(0.35, 0.75, 3)
    canvas = np.where(below[..., None], (canvas * dark).astype(np.uint8), canvas)
    canvas = np.ascontiguousarray(canvas)
    for _ in range(int(draw.integers(1, 4))):
        offset = float(draw.uniform(-0.3, 0.3)) * HIGH
        start = (0, round(floor + offset - slope * WIDE / 2))
        end = (WIDE, round(floor + offset + slope * WIDE / 2))
        cv2.line(canvas, start, end, _colour(draw), int(draw.integers(2, 9)), cv2.LINE_AA)
    if draw.random() < 0.6:
        x = round(float(draw.uniform(0.35, 0.65)) * WIDE)
        lean = round(float(draw.uniform(-60, 60)))
        cv2.line(
            canvas, (x - lean, 0), (x + lean, HIGH), _colour(draw), int(draw.integers(3, 12)), cv2.LINE_AA
        )
    return _noisy(canvas.astype(np.float64), draw)


def ground_of_plane(draw: Draw) -> Pixels:
    """Return a tiled or boarded floor seen from a slant, below a wall."""
    size = 900
    flat = np.empty((size, size, 3), np.float64)
    tile = int(draw.integers(50, 100))
    colour, joint = draw.uniform(110, 220, 3), draw.uniform(30, 90, 3)
    boards = draw.random() < 0.5
    rows, columns = np.mgrid[:size, :size]
    tall = tile * (6 if boards else 1)
    shift = (columns // tile % 2) * (tall // 2) if boards else 0
    number = np.asarray((rows + shift) // tall * 31 + columns // tile * 7)
    vary = np.random.default_rng(int(draw.integers(1 << 30))).uniform(0.85, 1.1, int(number.max()) + 1)
    flat[:] = colour * vary[number][..., None]
    seams = ((rows + shift) % tall < 4) | (columns % tile < 4)
    flat[seams] = joint
    flat += (
        ndimage.gaussian_filter(draw.standard_normal((size, size)), (9, 1) if boards else 1.5)[..., None] * 14
    )
    horizon = int(draw.uniform(0.08, 0.3) * HIGH)
    squeeze = draw.uniform(0.2, 0.34) * WIDE
    lean = draw.uniform(-0.15, 0.15) * WIDE
    corners = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    far, near = squeeze, -0.35 * WIDE
    seen = np.array(
        [[far + lean, horizon], [WIDE - far + lean, horizon], [WIDE - near, HIGH + 8], [near, HIGH + 8]],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, seen)
    wall = np.full((HIGH, WIDE, 3), draw.uniform(150, 235, 3))
    cover = cv2.warpPerspective(np.ones((size, size)), matrix, (WIDE, HIGH), flags=cv2.INTER_AREA)
    floor = np.asarray(cv2.warpPerspective(flat, matrix, (WIDE, HIGH)), np.float64)
    floor[horizon:] += (1 - cover[horizon:, :, None]) * colour
    wall[horizon:] = floor[horizon:]
    return _noisy(wall, draw)


GROUNDS: dict[str, Ground] = {
    "texture": ground_of_texture,
    "photo": ground_of_photo,
    "studio": ground_of_studio,
    "lines": ground_of_lines,
    "plane": ground_of_plane,
}


def _noisy(values: NDArray[np.float64], draw: Draw) -> Pixels:
    return np.clip(values + draw.normal(0, 2.0, values.shape), 0, 255).astype(np.uint8)


def _colour(draw: Draw) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in draw.integers(20, 230, 3))
    return red, green, blue


def draw_thing(draw: Draw, side: int, products: Sequence[Path]) -> tuple[Pixels, NDArray[np.floating]]:
    """Return a thing's colours and alpha, `side` pixels high: a product of a folder, or one drawn here."""
    if products and draw.random() < 0.6:
        picture = Image.open(products[int(draw.integers(len(products)))]).convert("RGBA")
        picture = picture.crop(picture.getchannel("A").point(lambda a: 255 * (a > 128)).getbbox())
        wide = max(12, min(round(picture.width * side / picture.height), 2 * side))
        rgba = np.asarray(picture.resize((wide, side), Image.Resampling.LANCZOS))
        return rgba[..., :3], rgba[..., 3].astype(np.float32) / 255
    wide = round(side * float(draw.uniform(0.45, 1.0)))
    big = np.zeros((side * 4, wide * 4), np.uint8)
    body = np.array(
        [
            [0.1, 0.35],
            [0.3, 0.28],
            [0.35, 0.02],
            [0.65, 0.02],
            [0.7, 0.28],
            [0.9, 0.35],
            [0.85, 0.98],
            [0.15, 0.98],
        ]
    ) + draw.uniform(-0.08, 0.08, (8, 2))
    cv2.fillPoly(big, [(np.clip(body, 0, 1) * (wide * 4, side * 4)).astype(np.int32)], 255)
    alpha = cv2.resize(cv2.GaussianBlur(big, (0, 0), 6), (wide, side), interpolation=cv2.INTER_AREA)
    hue = int(draw.integers(180))
    column = np.linspace(-1, 1, wide)
    hsv = np.zeros((side, wide, 3), np.uint8)
    hsv[..., 0], hsv[..., 1] = hue, int(draw.integers(170, 250))
    hsv[..., 2] = (110 + 120 * (1 - column**2)).astype(np.uint8)
    hsv[round(side * 0.5) : round(side * 0.7), :, 0] = (hue + 70) % 180
    for y in (0.4, 0.47, 0.8):
        cv2.circle(hsv, (wide // 2, round(side * y)), max(2, side // 30), (0, 10, 250), -1)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)), alpha.astype(np.float32) / 255


def _paste(image: Pixels, thing: tuple[Pixels, NDArray[np.floating]], x: int, y: int) -> NDArray[np.floating]:
    """Lay a thing on an image, in place, its foot's middle at x, y; return its alpha there."""
    rgb, alpha = thing
    high, wide = alpha.shape
    whole = np.zeros(image.shape[:2], np.float32)
    left, top = x - wide // 2, y - high
    rows = slice(max(0, top), min(HIGH, top + high))
    columns = slice(max(0, left), min(WIDE, left + wide))
    own = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    part = alpha[own]
    whole[rows, columns] = part
    over = rgb[own] * part[..., None]
    image[rows, columns] = (over + image[rows, columns] * (1 - part[..., None]) + 0.5).astype(np.uint8)
    return whole


def _cast_shadow(image: Pixels, alpha: NDArray[np.floating], strength: float) -> NDArray[np.floating]:
    """Darken an image below and beside a thing, in place; return how much, 0..1."""
    drop = ndimage.shift(alpha, (3, 14), order=1, prefilter=False)
    rows = np.flatnonzero(alpha.max(axis=1) > 0.5)
    foot = np.zeros_like(alpha)
    foot[rows[-1] - max(4, len(rows) // 8) :] = drop[rows[-1] - max(4, len(rows) // 8) :]
    shade = strength * np.clip(ndimage.gaussian_filter(foot, (4, 9)) * 1.6, 0, 1)
    image[:] = (image * (1 - shade[..., None]) + 0.5).astype(np.uint8)
    return shade


def _painted(alpha: NDArray[np.floating], grown: int) -> Mask:
    """Return the mask that somebody paints of a thing, so many pixels too wide, or too tight."""
    inside = alpha > 0.5
    if grown < 0:
        return np.asarray(ndimage.binary_erosion(inside, iterations=-grown))
    return np.asarray(ndimage.binary_dilation(inside, iterations=max(grown, 1)))


def _on(name: str, kind: str, draw: Draw, products: Sequence[Path], ground: str, *, grown: int, others: int,
        shadow: float = 0.0, near: float = 1.0) -> Case:  # fmt: skip
    truth = GROUNDS[ground](draw)
    x, y = round(WIDE * float(draw.uniform(0.4, 0.6))), round(HIGH * float(draw.uniform(0.6, 0.85)))
    foreign = np.zeros((HIGH, WIDE), bool)
    size = round(HIGH * float(draw.uniform(0.25, 0.42)))
    for number in range(others):
        away = (1 if number % 2 else -1) * round(size * float(near * draw.uniform(0.9, 1.3)) + number * 12)
        other = draw_thing(draw, round(size * float(draw.uniform(0.6, 1.1))), products)
        foreign |= _paste(truth, other, x + away, y + int(draw.integers(-20, 30))) > 0.05
    image = truth.copy()
    thing = draw_thing(draw, size, products)
    blank = image.copy()
    alpha = _paste(blank, thing, x, y)
    shade = _cast_shadow(image, alpha, shadow) if shadow else np.zeros_like(alpha)
    _paste(image, thing, x, y)
    mask = _painted(alpha, grown)
    judged = ndimage.binary_dilation(mask | (alpha > 0.02), iterations=2) | (shade > 0.06)
    foreign &= ~mask
    return Case(f"{name}-{ground}", kind, image, truth, mask, foreign, judged)


def _draw_mark(draw: Draw) -> NDArray[np.floating]:
    """Return how a see-through mark of letters covers a picture, 0..1."""
    sheet = np.zeros((HIGH, WIDE), np.uint8)
    text = ("SAMPLE", "stock photo", "(c) shop 24", "PREVIEW")[int(draw.integers(4))]
    scale = float(draw.uniform(1.8, 3.2))
    thick = int(draw.integers(5, 13))
    (wide, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    place = (max(8, (WIDE - wide) // 2), int(draw.integers(150, 350)))
    cv2.putText(sheet, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), float(draw.uniform(-25, 25)), 1)
    return np.asarray(cv2.warpAffine(sheet, turn, (WIDE, HIGH)), np.float32) / 255


def _mark(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    ground = ("photo", "photo", "texture", "lines")[int(draw.integers(4))]
    truth = GROUNDS[ground](draw)
    cover = _draw_mark(draw)
    strength = float(draw.uniform(0.25, 0.65))
    colour = np.full(3, float(draw.choice([0, 255, 255, 255])))
    alpha = (cover * strength)[..., None]
    image = np.clip(truth * (1 - alpha) + colour * alpha + 0.5, 0, 255).astype(np.uint8)
    if draw.random() < 0.5:
        # As JPEG leaves it.
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 92])[1], cv2.IMREAD_COLOR)
    wide = int(draw.choice([2, 4, 14]))
    mask = ndimage.binary_dilation(cover > 0.3, np.ones((3, 3)), iterations=wide)
    none = np.zeros((HIGH, WIDE), bool)
    return Case(f"{name}-{ground}", "marks", image, truth, mask, none, mask)


def _thing(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    ground = ("texture", "photo", "studio", "texture")[int(draw.integers(4))]
    return _on(name, "things", draw, products, ground, grown=4, others=2)


def _crowd(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    ground = ("texture", "photo", "studio", "lines")[int(draw.integers(4))]
    return _on(name, "crowds", draw, products, ground, grown=4, others=2, near=0.55)


def _lines(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    return _on(name, "lines", draw, products, "lines", grown=4, others=int(draw.integers(2)))


def _plane(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    return _on(name, "planes", draw, products, "plane", grown=4, others=int(draw.integers(2)))


def _tight(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    ground = ("texture", "photo", "studio", "lines")[int(draw.integers(4))]
    grown = -int(draw.integers(1, 6))
    return _on(name, "tight", draw, products, ground, grown=grown, others=1)


def _shadow(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    ground = ("texture", "studio", "lines")[int(draw.integers(3))]
    return _on(
        name, "shadows", draw, products, ground, grown=2, others=0, shadow=float(draw.uniform(0.35, 0.6))
    )


def _plain(name: str, draw: Draw, products: Sequence[Path]) -> Case:
    ground = ("texture", "photo")[int(draw.integers(2))]
    return _on(name, "plain", draw, products, ground, grown=4, others=0)


KINDS: dict[str, Callable[[str, Draw, Sequence[Path]], Case]] = {
    "plain": _plain,
    "things": _thing,
    "crowds": _crowd,
    "lines": _lines,
    "planes": _plane,
    "tight": _tight,
    "shadows": _shadow,
    "marks": _mark,
}
