"""Pictures easy and hard whose true alpha is known: what a confidence is fitted and judged on.

Products of a folder, and things drawn here, are laid on grounds of every kind: plain ones, ones of the
product's own colour, photos, cloths, shadows, ones with something else in the picture. Sizes, places, noise,
blur and JPEG vary; some products run out of the frame. The same products give the same pictures.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from . import matte

Plane = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Draw = np.random.Generator
Ground = Callable[[Draw, Plane], Plane]

SIDES = (600, 1300)
"""Pixels of a picture's longer side, least and most."""

SHARES = (0.35, 0.88)
"""Share of the picture's sides that a product takes up."""

PHOTOS = ("astronaut", "brick", "chelsea", "coffee", "grass", "gravel", "rocket", "stereo_motorcycle")


@dataclass(frozen=True)
class Product:
    """A thing in colours and alpha, RGBA (H, W, 4) in 0..1. half: 0 to fit on, 1 to judge by."""

    name: str
    rgba: Plane
    half: int


@dataclass(frozen=True)
class Case:
    """A picture and its true alpha (H, W)."""

    product: Product
    ground: str
    rgb: Pixels
    alpha: Plane


def cases(products: Sequence[Product], photos: dict[str, Pixels], each: int) -> Iterator[Case]:
    """Lay every product on `each` grounds, of every kind in turn."""
    kinds = [*PLAIN, *(f"photo {name}" for name in photos)]
    for number, product in enumerate(products):
        draw = np.random.default_rng(zlib.crc32(product.name.encode()))
        for turn in range(each):
            kind = kinds[(number * each + turn) % len(kinds)]
            yield lay(product, kind, photos, draw)


def read_products(folders: Sequence[Path]) -> list[Product]:
    """Return the RGBA PNG files of folders, trimmed to what is seen of them."""
    products: list[Product] = []
    for folder in folders:
        for path in sorted(folder.glob("*.png")):
            picture = Image.open(path).convert("RGBA")
            picture = picture.crop(picture.getchannel("A").point(lambda level: 255 * (level > 12)).getbbox())
            picture.thumbnail((1200, 1200))
            products.append(
                Product(
                    path.stem, np.asarray(picture, np.float32) / np.float32(255), choose_half(len(products))
                )
            )
    return products


def choose_half(place: int) -> int:
    """Return the half of a product by its place in the list: of every form drawn both halves get some."""
    return (place + place // len(FORMS)) % 2


def read_photos(folders: Sequence[Path]) -> dict[str, Pixels]:
    """Return the photos that things are put before: of FOLDER/backgrounds, and of scikit-image."""
    photos = {name: getattr(skimage.data, name)() for name in PHOTOS}
    photos["stereo_motorcycle"] = photos["stereo_motorcycle"][0]
    found = {name: np.asarray(Image.fromarray(photo).convert("RGB")) for name, photo in photos.items()}
    for folder in folders:
        for path in sorted((folder / "backgrounds").glob("*.jpg")):
            found[path.stem] = np.asarray(Image.open(path).convert("RGB"))
    return found


def draw_products(count: int) -> list[Product]:
    """Return things drawn here: solid, holed, thin, spiky, each in a finish of its own."""
    products = []
    for number in range(count):
        draw = np.random.default_rng(9000 + number)
        form = tuple(FORMS)[number % len(FORMS)]
        side = matte.DRAWN_SIDE
        shape = Image.new("L", (2 * side, 2 * side))
        FORMS[form](ImageDraw.Draw(shape), draw, 2 * side / 100)
        alpha = np.asarray(shape.resize((side, side), Image.Resampling.BOX), np.float32) / np.float32(255)
        rgba = _paint(alpha, draw)
        rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
        rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        products.append(Product(f"{form} {number}", rgba, choose_half(number)))
    return products


def lay(
    product: Product,
    kind: str,
    photos: dict[str, Pixels],
    draw: Draw,
    grounds: Mapping[str, Ground] | None = None,
) -> Case:
    """Return the product on a ground of that kind, as a camera and a JPEG leave it. grounds: else PLAIN."""
    grounds = PLAIN if grounds is None else grounds
    longer = draw.uniform(*SIDES)
    aspect = draw.uniform(0.7, 1.45)
    height, width = round(longer * min(1, 1 / aspect)), round(longer * min(1, aspect))
    placed = _place(product.rgba, height, width, draw)
    colour, alpha = np.ascontiguousarray(placed[..., :3]), np.ascontiguousarray(placed[..., 3])
    if kind in grounds:
        ground = grounds[kind](draw, placed)
    else:
        ground = _part(photos[kind.removeprefix("photo ")], height, width, draw)
        if draw.random() < 0.5:
            ground *= 1 - np.float32(draw.uniform(0.2, 0.6)) * cast_shadow(alpha, draw, soft=0.03)[..., None]
    made = colour * alpha[..., None] + ground * (1 - alpha[..., None])
    if draw.random() < 0.2:
        made = cv2.GaussianBlur(made, (0, 0), draw.uniform(0.6, 2.2))
    made = made * np.float32(draw.uniform(0.75, 1.12))
    if draw.random() < 0.3:
        made = made + draw.normal(0, draw.uniform(0.004, 0.04), made.shape).astype(np.float32)
    return Case(product, kind, _as_jpeg(made, round(draw.uniform(55, 96))), alpha)


def _place(rgba: Plane, height: int, width: int, draw: Draw) -> Plane:
    """Return the product somewhere on an empty canvas; one in eight runs out of it."""
    share = draw.uniform(*SHARES)
    scale = share * min(height / rgba.shape[0], width / rgba.shape[1])
    size = max(8, round(rgba.shape[1] * scale)), max(8, round(rgba.shape[0] * scale))
    weighted = np.dstack([rgba[..., :3] * rgba[..., 3:], rgba[..., 3]])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = np.clip(cv2.resize(weighted, size, interpolation=way), 0, 1)
    if draw.random() < 0.5:
        small = small[:, ::-1]
    top = round(draw.uniform(0.1, 0.9) * (height - size[1]))
    left = round(draw.uniform(0.1, 0.9) * (width - size[0]))
    if draw.random() < 0.125:
        left = -round(size[0] * draw.uniform(0.08, 0.3)) if draw.random() < 0.5 else left
        top = height - round(size[1] * draw.uniform(0.7, 0.92)) if left >= 0 else top
    canvas = np.zeros((height, width, 4), np.float32)
    rows = slice(max(0, top), min(height, top + size[1]))
    columns = slice(max(0, left), min(width, left + size[0]))
    inner = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    canvas[rows, columns] = small[inner]
    canvas[..., :3] = np.clip(canvas[..., :3] / np.maximum(canvas[..., 3:], 1e-3), 0, 1)
    return canvas


def _part(photo: Pixels, height: int, width: int, draw: Draw) -> Plane:
    """Return a part of a photo that covers the canvas."""
    factor = max(height / photo.shape[0], width / photo.shape[1]) * draw.uniform(1, 1.6)
    size = math.ceil(photo.shape[1] * factor), math.ceil(photo.shape[0] * factor)
    large = cv2.resize(photo, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    top, left = (round(draw.uniform(0, 1) * gap) for gap in (size[1] - height, size[0] - width))
    return large[top : top + height, left : left + width].astype(np.float32) / np.float32(255)


def cast_shadow(alpha: Plane, draw: Draw, soft: float) -> Plane:
    """Return where a shadow of the product falls, 0..1."""
    height, width = alpha.shape
    across, down = draw.uniform(-0.06, 0.06) * width, draw.uniform(0.01, 0.06) * height
    moved = cv2.warpAffine(alpha, np.array([[1, 0, across], [0, 1, down]], np.float32), (width, height))
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), max(0.5, soft * height)), np.float32)


def _even(shape: tuple[int, ...], colour: Sequence[float] | NDArray[Any]) -> Plane:
    return np.ones((*shape[:2], 3), np.float32) * np.asarray(colour, np.float32)


def _white(draw: Draw, placed: Plane) -> Plane:
    return _even(placed.shape, [draw.uniform(0.94, 1)] * 3)


def _dark(draw: Draw, placed: Plane) -> Plane:
    return _even(placed.shape, draw.uniform(0.02, 0.16, 3))


def _colour(draw: Draw, placed: Plane) -> Plane:
    return slope_light(draw, _even(placed.shape, draw.uniform(0.2, 0.95, 3)))


def _studio(draw: Draw, placed: Plane) -> Plane:
    ground = slope_light(draw, _even(placed.shape, [draw.uniform(0.8, 0.97)] * 3))
    return ground * (1 - np.float32(0.4) * cast_shadow(placed[..., 3], draw, soft=0.025)[..., None])


def _hard_shadow(draw: Draw, placed: Plane) -> Plane:
    ground = _even(placed.shape, draw.uniform(0.75, 1) * np.array([1, 0.99, 0.96]))
    dark = np.float32(draw.uniform(0.35, 0.75))
    return ground * (1 - dark * cast_shadow(placed[..., 3], draw, soft=0.004)[..., None])


def _own_colour(draw: Draw, placed: Plane) -> Plane:
    """A ground of the product's own colour, or hardly another: pale on pale, black on black."""
    seen = placed[placed[..., 3] > 0.5][:, :3]
    mean = seen.mean(axis=0) if len(seen) else np.full(3, 0.5)
    return slope_light(draw, _even(placed.shape, np.clip(mean + draw.uniform(-0.09, 0.09), 0, 1)))


def _camouflage(draw: Draw, placed: Plane) -> Plane:
    """A ground of patches of the product itself."""
    rgb = placed[..., :3]
    seen = np.argwhere(placed[..., 3] > 0.5)
    if not len(seen):
        return _colour(draw, placed)
    at = seen[draw.integers(0, len(seen), (12, 12))]
    patches = rgb[at[..., 0], at[..., 1]]
    height, width = placed.shape[:2]
    return np.clip(cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)


def _checks(draw: Draw, placed: Plane) -> Plane:
    height, width = placed.shape[:2]
    rows, columns = np.mgrid[:height, :width] / max(height, width)
    turned = draw.uniform(0, math.pi)
    u = np.cos(turned) * rows + np.sin(turned) * columns
    v = np.cos(turned) * columns - np.sin(turned) * rows
    every = draw.uniform(8, 40)
    across, down = np.sin(2 * np.pi * every * u) > 0, np.sin(2 * np.pi * every * v) > 0
    pattern = (across * 0.5 + down * 0.5)[..., None]
    one, other = draw.uniform(0, 1, 3), draw.uniform(0, 1, 3)
    return (one + pattern * (other - one)).astype(np.float32)


def _bokeh(draw: Draw, placed: Plane) -> Plane:
    """Blobs of light and colour, out of focus, as behind a product in a room."""
    height, width = placed.shape[:2]
    ground = np.zeros((height, width, 3), np.float32)
    for cells, share in ((4, 0.5), (9, 0.35), (25, 0.15)):
        noise = draw.uniform(0, 1, (cells, cells, 3)).astype(np.float32)
        ground += np.float32(share) * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    contrast, light = np.float32(draw.uniform(1, 2.2)), np.float32(draw.uniform(0.3, 0.7))
    return np.clip((ground - 0.5) * contrast + light, 0, 1)


def _table(draw: Draw, placed: Plane) -> Plane:
    """A table's edge behind the product: two colours, a line between, a shadow."""
    ground = _even(placed.shape, draw.uniform(0.4, 0.95, 3))
    edge = round(draw.uniform(0.35, 0.75) * len(ground))
    ground[edge:] = draw.uniform(0.15, 0.9, 3)
    return ground * (1 - np.float32(0.5) * cast_shadow(placed[..., 3], draw, soft=0.02)[..., None])


def _company(draw: Draw, placed: Plane) -> Plane:
    """Something else in the picture, that was not meant: a box at the edge."""
    ground = _studio(draw, placed)
    height, width = ground.shape[:2]
    wide, high = round(width * draw.uniform(0.1, 0.3)), round(height * draw.uniform(0.15, 0.5))
    left = 0 if draw.random() < 0.5 else width - wide
    top = round(draw.uniform(0, 1) * (height - high))
    ground[top : top + high, left : left + wide] = draw.uniform(0, 1, 3)
    return ground


def slope_light(draw: Draw, ground: Plane) -> Plane:
    """Return the ground with light that falls off across it."""
    height, width = ground.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32) / max(height, width)
    across, down = draw.uniform(-0.25, 0.25, 2).astype(np.float32)
    return np.clip(ground * (1 + across * (columns - 0.5) + down * (rows - 0.5))[..., None], 0, 1)


def _as_jpeg(photo: Plane, quality: int) -> Pixels:
    file = io.BytesIO()
    Image.fromarray((np.clip(photo, 0, 1) * 255 + 0.5).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file))


def _paint(alpha: Plane, draw: Draw) -> Plane:
    """Return a shape in colours: even, striped or mottled, lit from one side and rounded."""
    height, width = alpha.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32) / height
    pale = draw.random() < 0.35
    paint = _even(alpha.shape, draw.uniform(0.82, 0.97, 3) if pale else draw.uniform(0.04, 0.9, 3))
    finish = draw.integers(0, 4)
    if finish == 1:
        stripes = np.sin(draw.uniform(25, 90) * (columns + draw.uniform(-1, 1) * rows)) > 0.2
        paint[stripes] = draw.uniform(0, 1, 3)
    elif finish == 2:
        cells = draw.uniform(-0.25, 0.25, (14, 14, 3)).astype(np.float32)
        paint += cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC)
    elif finish == 3:
        top, left = draw.uniform(0.3, 0.5, 2)
        label = (rows > top) & (rows < top + 0.2) & (columns > left) & (columns < left + 0.25)
        paint[label] = draw.uniform(0, 1, 3)
    body = cv2.GaussianBlur(alpha, (0, 0), height / 35)
    light = (1.06 - np.float32(draw.uniform(0, 0.45)) * columns) * (0.8 + 0.2 * body)
    return np.dstack([np.clip(paint * light[..., None], 0, 1), alpha]).astype(np.float32)


def _blob(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    _around(pen, draw, unit, waves=(2, 3, 4, 5), depth=0.28)


def _spiky(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    _around(pen, draw, unit, waves=(5, 9, 14, 23), depth=0.4)


def _around(pen: ImageDraw.ImageDraw, draw: Draw, unit: float, waves: Sequence[int], depth: float) -> None:
    angles = np.linspace(0, 2 * np.pi, 720)
    radius = np.ones_like(angles)
    for wave in waves:
        radius += draw.uniform(0.2, 1) * depth / len(waves) * 2 * np.sin(wave * angles + draw.uniform(0, 7))
    radius = 36 * radius / radius.max()
    wide = draw.uniform(0.6, 1)
    points = zip(50 + wide * radius * np.cos(angles), 50 + radius * np.sin(angles), strict=True)
    pen.polygon([(x * unit, y * unit) for x, y in points], fill=255)


def _bottle(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    body, neck = draw.uniform(9, 16), draw.uniform(3, 6)
    pen.rounded_rectangle(_box(50 - body, 38, 50 + body, 90, unit), 4 * unit, fill=255)
    pen.polygon(_points([(50 - body, 42), (50 - neck, 24), (50 + neck, 24), (50 + body, 42)], unit), fill=255)
    pen.rectangle(_box(50 - neck, 10, 50 + neck, 26, unit), fill=255)


def _chair(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    leg = draw.uniform(1.2, 3)
    pen.rectangle(_box(25, 50, 75, 56, unit), fill=255)
    for left in (25, 75 - leg):
        pen.rectangle(_box(left, 55, left + leg, 92, unit), fill=255)
        pen.rectangle(_box(left, 10, left + leg, 52, unit), fill=255)
    for top in np.linspace(12, 40, int(draw.integers(2, 5))):
        pen.rectangle(_box(25, top, 75, top + leg, unit), fill=255)


def _wires(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    thick = max(2, round(draw.uniform(0.7, 2.2) * unit))
    pen.ellipse(_box(20, 20, 80, 80, unit), outline=255, width=thick)
    for angle in np.linspace(0, np.pi, int(draw.integers(3, 8)), endpoint=False):
        x, y = 30 * np.cos(angle), 30 * np.sin(angle)
        pen.line(_points([(50 - x, 50 - y), (50 + x, 50 + y)], unit), fill=255, width=thick)


def _mug(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    pen.ellipse(_box(55, 38, 82, 68, unit), outline=255, width=round(draw.uniform(3, 6) * unit))
    pen.rounded_rectangle(_box(25, 26, 63, 78, unit), draw.uniform(1, 9) * unit, fill=255)


def _crate(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    corners = [(28, 26), (58, 20), (74, 27), (74, 76), (58, 84), (28, 77)]
    moved = [(x + draw.uniform(-4, 4), y + draw.uniform(-4, 4)) for x, y in corners]
    pen.polygon(_points(moved, unit), fill=255)


def _pair(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    for left in (12, 54):
        pen.rounded_rectangle(_box(left, 30, left + 34, 74, unit), draw.uniform(2, 17) * unit, fill=255)


def _ring(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    pen.ellipse(_box(22, 22, 78, 78, unit), outline=255, width=round(draw.uniform(3, 13) * unit))


def _lamp(pen: ImageDraw.ImageDraw, draw: Draw, unit: float) -> None:
    stem = draw.uniform(0.8, 2)
    pen.polygon(_points([(38, 12), (62, 12), (72, 38), (28, 38)], unit), fill=255)
    pen.rectangle(_box(50 - stem, 37, 50 + stem, 86, unit), fill=255)
    pen.ellipse(_box(36, 84, 64, 91, unit), fill=255)


def _box(left: float, top: float, right: float, bottom: float, unit: float) -> tuple[float, ...]:
    return left * unit, top * unit, right * unit, bottom * unit


def _points(points: Sequence[tuple[float, float]], unit: float) -> list[tuple[float, float]]:
    return [(float(x * unit), float(y * unit)) for x, y in points]


FORMS: dict[str, Callable[[ImageDraw.ImageDraw, Draw, float], None]] = {
    "blob": _blob,
    "bottle": _bottle,
    "chair": _chair,
    "crate": _crate,
    "lamp": _lamp,
    "mug": _mug,
    "pair": _pair,
    "ring": _ring,
    "spiky": _spiky,
    "wires": _wires,
}

PLAIN: dict[str, Ground] = {
    "white": _white,
    "studio": _studio,
    "own colour": _own_colour,
    "hard shadow": _hard_shadow,
    "camouflage": _camouflage,
    "colour": _colour,
    "checks": _checks,
    "dark": _dark,
    "bokeh": _bokeh,
    "table": _table,
    "company": _company,
}
