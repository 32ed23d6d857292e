"""A cutout rendered as its finish asks: framed, lit, with its shadow, on its ground.

Read from bottom to top as it is painted: ground, picture behind, shadow, subject; all in sRGB as it is coded,
as browsers do, with colours weighed by alpha wherever something is resampled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from editor.engines import types
from editor.engines.errors import EngineError
from editor.engines.io import compose, pictures, resampling
from editor.engines.io.colour.description import Density

from . import frame, light, shadow
from .finish import Finish
from .frame import Placement

WHITE = (255, 255, 255)
MOST_BLUR = 0.05
"""Standard deviation of a picture behind that is blurred by 1, as a share of the canvas's longer side."""
BLURRED_AT = 512
"""Pixels of the longer side at which it is blurred."""


@dataclass(frozen=True)
class Rendering:
    """The finished picture, alpha None where its ground is opaque, and the subject's mask on the same canvas.

    placement: where the photo lies on it.
    """

    rgb: types.Image
    alpha: types.Alpha | None
    mask: types.Alpha
    placement: Placement


@dataclass(frozen=True)
class Rendered:
    """A picture that was written: pixels, bytes, and whether its subject is smaller than was asked for."""

    width: int
    height: int
    bytes: int
    smaller: bool


def render(
    rgb: types.Image, alpha: types.Alpha, finish: Finish, backdrop: str | Path | None = None
) -> Rendering:
    """Return a cutout, at its photo's size, as a finish asks.

    backdrop: a picture file to cover the canvas with. Never take it from a stranger's form. Raises
    InvalidOptions where margins leave nothing, and what reading the backdrop raises.
    """
    # As a file holds it: what is cut and finished in one go is what is finished from the cutout's file.
    alpha = pictures.round_off(alpha)
    outline = frame.find_outline(alpha) if finish.rotation % 90 else frame.find_corners(alpha)
    placement = frame.place(outline, (alpha.shape[1], alpha.shape[0]), finish)
    table = light.make_table(finish)
    if table is not None:
        rgb = light.relight(rgb, table)
    side = pictures.SIZES[finish.size]
    rgb, mask = paint_subject(rgb, alpha, placement, side)
    placement = placement.fit(side)
    cast = shadow.cast(rgb, mask, finish)
    ground = find_ground(finish, backdrop, rgb.shape[1], rgb.shape[0])
    if cast is None and not isinstance(ground, _Tint):
        if ground is None:
            return Rendering(rgb, mask, mask, placement)
        return Rendering(compose.lay_over(rgb, mask, ground), None, mask, placement)
    made, opacity = _stack(rgb, mask, cast, ground)
    return Rendering(made, opacity, mask, placement)


def render_file(
    source: Path,
    target: Path,
    finish: Finish,
    backdrop: Path | None = None,
    *,
    mask: Path | None = None,
    density: Density | None = None,
) -> Rendered:
    """Write a cutout's file as a finish asks, in the format that it says.

    mask: where the subject's mask is to be written as well, a PNG. Raises EngineError, OSError.
    """
    picture = pictures.read(source)
    alpha = picture.alpha
    if alpha is None:
        alpha = np.ones(picture.rgb.shape[:2], np.float32)
    made = render(picture.rgb, alpha, finish, backdrop)
    # What is opaque all over is written without alpha, as where a product fills its frame.
    size = pictures.write(
        target, made.rgb, made.alpha, format=finish.format, density=density or picture.density
    )
    if mask is not None:
        pictures.write_mask(mask, made.mask)
    height, width = made.mask.shape
    return Rendered(width, height, size, made.placement.smaller)


def paint_subject(
    rgb: types.Image, alpha: types.Alpha, placement: Placement, side: int
) -> tuple[types.Image, types.Alpha]:
    """Return a cutout on its canvas, that scaled down to `side` pixels at most; see-through around it."""
    placed = placement.fit(side)
    if placed.is_exact:
        x, y = round(placed.x), round(placed.y)
        return compose.extract_box(rgb, alpha, (-x, -y, placed.width - x, placed.height - y))
    weighed = np.zeros((placed.height, placed.width, 4), np.uint8)
    left, top, right, bottom = _visible_box(alpha)
    if right > left:
        part = slice(top, bottom), slice(left, right)
        _paint(weighed, rgb[part], alpha[part], placed, (left, top))
    return pictures.unweigh(weighed)


def _visible_box(alpha: types.Alpha) -> compose.Box:
    """Return the box around all that has any alpha, however faint."""
    return compose.find_box(alpha, 0) or (0, 0, 0, 0)


def _paint(
    canvas: pictures.Weighed, rgb: types.Image, alpha: types.Alpha, placed: Placement, corner: tuple[int, int]
) -> None:
    """Scale and turn a part of the photo onto a clear canvas. corner: its x and y in the photo."""
    if placed.rotation % 90:
        _paint_turned(canvas, rgb, alpha, placed, corner)
        return
    quarters = int(placed.rotation // 90) % 4
    height, width = alpha.shape
    begins = _turn_about_corner(*corner, (width, height), quarters)
    # numpy turns the other way round.
    rgb, alpha = np.rot90(rgb, -quarters), np.rot90(alpha, -quarters)
    x, y = placed.x + begins[0] * placed.scale, placed.y + begins[1] * placed.scale
    height, width = alpha.shape
    # Clear around it, so that a pixel of the canvas half covered by its edge is half covered.
    ring = math.ceil(1 / placed.scale) + 1
    subject = pictures.weigh(rgb, alpha, ring)
    first_x, first_y = max(0, math.floor(x)), max(0, math.floor(y))
    end_x = min(canvas.shape[1], math.ceil(x + width * placed.scale))
    end_y = min(canvas.shape[0], math.ceil(y + height * placed.scale))
    if end_x <= first_x or end_y <= first_y:
        return
    box = (
        max(0.0, (first_x - x) / placed.scale + ring),
        max(0.0, (first_y - y) / placed.scale + ring),
        min(float(subject.shape[1]), (end_x - x) / placed.scale + ring),
        min(float(subject.shape[0]), (end_y - y) / placed.scale + ring),
    )
    made = resampling.resize(subject, (end_x - first_x, end_y - first_y), box)
    canvas[first_y:end_y, first_x:end_x] = made


def _paint_turned(
    canvas: pictures.Weighed, rgb: types.Image, alpha: types.Alpha, placed: Placement, corner: tuple[int, int]
) -> None:
    """Paint a part of the photo turned by other than quarters: scaled first, so that little is turned."""
    height, width = alpha.shape
    size = max(1, math.ceil(width * placed.scale)), max(1, math.ceil(height * placed.scale))
    # A pixel around it, so that its own edge is smooth as well.
    small = np.zeros((size[1] + 2, size[0] + 2, 4), np.uint8)
    small[1:-1, 1:-1] = resampling.resize(pictures.weigh(rgb, alpha), size, (0, 0, width, height))
    across, down = width / size[0], height / size[1]
    turned = math.radians(placed.rotation)
    cosine, sine = math.cos(turned) / placed.scale, math.sin(turned) / placed.scale
    # From the canvas's pixel to the photo's, to the part's, to the small one's.
    from_x = -cosine * placed.x - sine * placed.y - corner[0]
    from_y = sine * placed.x - cosine * placed.y - corner[1]
    back = (
        cosine / across,
        sine / across,
        from_x / across + 1,
        -sine / down,
        cosine / down,
        from_y / down + 1,
    )
    size = canvas.shape[1], canvas.shape[0]
    made = _to_pillow(small).transform(size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    canvas[:] = np.asarray(made)


def _turn_about_corner(left: int, top: int, size: tuple[int, int], quarters: int) -> tuple[int, int]:
    """Return where the top left corner of a part comes to lie, the photo turned about its own."""
    right, bottom = left + size[0], top + size[1]
    return {0: (left, top), 1: (-bottom, left), 2: (-right, -bottom), 3: (top, -right)}[quarters]


def _to_pillow(weighed: pictures.Weighed) -> Image.Image:
    height, width, _ = weighed.shape
    return Image.frombuffer("RGBa", (width, height), weighed, "raw", "RGBa", 0, 1)


def _resize(
    picture: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]
) -> Image.Image:
    # reducing_gap keeps a large reduction quick.
    return picture.resize(size, Image.Resampling.LANCZOS, box, reducing_gap=3.0)


@dataclass(frozen=True)
class _Tint:
    """A ground that is see-through itself."""

    colour: compose.Colour
    alpha: float


def find_ground(
    finish: Finish, backdrop: str | Path | None, width: int, height: int
) -> types.Image | compose.Colour | _Tint | None:
    """Return what a finish has behind the subject on a canvas of this size. Raises what reading raises."""
    if backdrop:
        try:
            behind = pictures.read(Path(backdrop))
        except EngineError as exc:
            raise type(exc)(f"The background: {exc}") from exc
        return cover(compose.flatten(behind), width, height, finish)
    if finish.background:
        colour, alpha = compose.parse_colour_alpha(finish.background)
        if alpha < 1 and finish.format != "jpg":
            return _Tint(colour, alpha)
        return compose.blend(colour, alpha, WHITE)
    return WHITE if finish.format == "jpg" else None


def cover(picture: types.Image, width: int, height: int, finish: Finish) -> types.Image:
    """Return a picture that covers width x height, enlarged, moved and blurred as a finish asks."""
    if (finish.backdrop_zoom, finish.backdrop_at, finish.backdrop_blur) == (1, (0.5, 0.5), 0):
        return compose.scale_to_cover(picture, width, height)
    source = Image.fromarray(picture)
    scale = max(width / source.width, height / source.height) * finish.backdrop_zoom
    wide, tall = min(source.width, width / scale), min(source.height, height / scale)
    left = (source.width - wide) * finish.backdrop_at[0]
    top = (source.height - tall) * finish.backdrop_at[1]
    part = (left, top, left + wide, top + tall)
    if not finish.backdrop_blur:
        return np.array(_resize(source, (width, height), part))
    factor = min(1.0, BLURRED_AT / max(width, height))
    small = _resize(source, (max(1, round(width * factor)), max(1, round(height * factor))), part)
    deviation = MOST_BLUR * finish.backdrop_blur * max(small.size)
    soft = small.filter(ImageFilter.GaussianBlur(deviation))
    return np.array(soft.resize((width, height), Image.Resampling.BICUBIC))


def _stack(
    rgb: types.Image,
    mask: types.Alpha,
    cast: shadow.Shadow | None,
    ground: types.Image | compose.Colour | _Tint | None,
) -> tuple[types.Image, types.Alpha | None]:
    """Return subject over shadow over ground, in bands; the alpha of it, None where the ground is opaque."""
    made = np.empty_like(rgb)
    opaque = ground is not None and not isinstance(ground, _Tint)
    opacity = None if opaque else np.empty_like(mask)
    for top in range(0, len(rgb), compose.STRIPE):
        rows = slice(top, top + compose.STRIPE)
        behind, below = _band_of_ground(ground, rows, rgb[rows].shape)
        if cast is not None:
            shade = np.float32(0) if cast.rgb is None else np.asarray(cast.rgb[rows], np.float32)
            share = cast.alpha[rows, :, np.newaxis]
            behind = shade * share + behind * (1 - share)
            below = share + below * (1 - share)
        share = mask[rows, :, np.newaxis]
        # Colours times alpha up to here, so that nothing see-through darkens what is laid on it.
        behind = np.asarray(rgb[rows], np.float32) * share + behind * (1 - share)
        below = share + below * (1 - share)
        made[rows] = np.minimum(behind / np.maximum(below, np.float32(1e-6)) + np.float32(0.5), 255)
        if opacity is not None:
            opacity[rows] = below[..., 0]
    return made, opacity


def _band_of_ground(
    ground: types.Image | compose.Colour | _Tint | None, rows: slice, shape: tuple[int, ...]
) -> tuple[types.Alpha, types.Alpha]:
    """Return the ground's colours times its alpha, and that, of some rows: (h, W, 3) and (h, W, 1)."""
    height, width, _ = shape
    if isinstance(ground, np.ndarray):
        return np.asarray(ground[rows], np.float32), np.ones((height, width, 1), np.float32)
    alpha = ground.alpha if isinstance(ground, _Tint) else 0.0 if ground is None else 1.0
    colour = ground.colour if isinstance(ground, _Tint) else ground or (0, 0, 0)
    flat = np.broadcast_to(np.array(colour, np.float32) * np.float32(alpha), shape)
    return flat, np.full((height, width, 1), alpha, np.float32)
