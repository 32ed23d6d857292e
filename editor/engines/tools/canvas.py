"""The canvas of what is cut out, a subject or heads: cropped, squared, sized, on its ground, written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from editor.engines import types
from editor.engines.errors import EngineError, InvalidOptions
from editor.engines.io import compose, outputs, pictures
from editor.engines.io.colour.description import Density
from editor.engines.options import Options, check_choice, check_flag

OUTPUTS = ("image", "mask", "both")
WHITE = (255, 255, 255)


@dataclass(frozen=True)
class CanvasOptions(Options):
    """How what is cut out is handed over. Raises InvalidOptions on creation, naming the option.

    outputs: the picture, its mask, or both.
    crop: cut the canvas to the subject, with `margin` on each side.
    margin, margin_of: a share of the "canvas" or of the "subject", as compose.canvas_box has them.
    square: widen the canvas to a square.
    format: of the picture; masks are PNG. A jpg without a background gets a white one.
    background: a colour as compose.parse_colour reads it.
    size: preset of pictures.SIZES.
    """

    outputs: str = "image"
    crop: bool = False
    margin: float = 0.0
    margin_of: str = "canvas"
    square: bool = False
    format: str = "png"
    background: str | None = None
    size: str = "full"

    def __post_init__(self) -> None:
        check_choice("outputs", self.outputs, OUTPUTS, quoted=True)
        check_choice("format", self.format, pictures.FORMATS, quoted=True)
        check_choice("size", self.size, pictures.SIZES, quoted=True)
        check_flag("crop", self.crop)
        check_flag("square", self.square)
        compose.check_margin(self.margin, self.margin_of)
        if self.background:
            try:
                compose.parse_colour(self.background)
            except InvalidOptions as exc:
                raise InvalidOptions(f"background: {exc}") from exc


@dataclass(frozen=True)
class Canvas:
    """The finished picture (alpha None once it is on a background) and the mask of the same canvas."""

    rgb: types.Image
    alpha: types.Alpha | None
    mask: types.Alpha


def finish(
    rgb: types.Image, alpha: types.Alpha, options: CanvasOptions, backdrop: str | None = None
) -> Canvas:
    """Return what is cut out, at the photo's size, as options ask: framed, sized, on its ground.

    backdrop: a picture file to cover the canvas with. Raises what reading it raises.
    """
    rgb, alpha = compose.place_on_canvas(rgb, alpha, options)
    rgb, sized = pictures.resize(rgb, alpha, pictures.SIZES[options.size])
    mask = np.ones(rgb.shape[:2], np.float32) if sized is None else sized
    ground = _ground(options, backdrop, rgb.shape[1], rgb.shape[0])
    if ground is None:
        return Canvas(rgb, mask, mask)
    return Canvas(compose.lay_over(rgb, mask, ground), None, mask)


def write(made: Canvas, options: CanvasOptions, folder: Path, density: Density | None) -> list[types.Output]:
    """Write the picture, its mask, or both, each with its thumbnail."""
    files = []
    if options.outputs != "mask":
        image = pictures.to_pillow(made.rgb, made.alpha)
        files += outputs.write_result(image, folder, options.format, density=density)
    if options.outputs != "image":
        files += outputs.write_result(
            pictures.to_grey(made.mask), folder, "png", kind="mask", density=density
        )
    return files


def _ground(
    options: CanvasOptions, backdrop: str | None, width: int, height: int
) -> types.Image | compose.Colour | None:
    if backdrop:
        try:
            behind = pictures.read(Path(backdrop))
        except EngineError as exc:
            raise type(exc)(f"The background: {exc}") from exc
        return compose.scale_to_cover(compose.flatten(behind), width, height)
    if options.background:
        return compose.parse_colour(options.background)
    return WHITE if options.format == "jpg" else None
