"""The canvas of what is cut out, a subject or heads: cropped, squared, sized, on its ground, written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from PIL import Image

from editor.engines import types
from editor.engines.errors import InvalidOptions
from editor.engines.finishing import layers
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.render import Rendering, render
from editor.engines.io import compose, outputs, pictures
from editor.engines.io.colour.description import Density
from editor.engines.options import Options, check_choice, check_flag

OUTPUTS = ("image", "mask", "both")


@dataclass(frozen=True)
class CanvasOptions(Options):
    """How what is cut out is handed over. Raises InvalidOptions on creation, naming the option.

    outputs: the picture, its mask, or both.
    crop: cut the canvas to the subject, with `margin` on each side.
    margin, margin_of: a share of the "canvas" or of the "subject", on each side.
    square: widen the canvas to a square.
    format: of the picture; masks are PNG. A jpg without a background gets a white one.
    background: a colour as compose.parse_colour reads it.
    size: preset of pictures.SIZES.
    finish: all of that and more, as Finish.from_dict takes it, instead of all these but `outputs`.
    jpg_where_opaque: write a png that is opaque all over as jpg. mask_format: of the mask.
    layers: instead of the picture a ZIP of its colours, alpha and ground apart, see finishing/layers.py.
    """

    outputs: str = "image"
    crop: bool = False
    margin: float = 0.0
    margin_of: str = "canvas"
    square: bool = False
    format: str = "png"
    background: str | None = None
    size: str = "full"
    finish: Mapping[str, Any] | None = None
    jpg_where_opaque: bool = False
    mask_format: str = "png"
    layers: bool = False

    def __post_init__(self) -> None:
        check_choice("outputs", self.outputs, OUTPUTS, quoted=True)
        check_choice("format", self.format, pictures.FORMATS, quoted=True)
        check_choice("size", self.size, pictures.SIZES, quoted=True)
        check_flag("crop", self.crop)
        check_flag("square", self.square)
        check_flag("jpg_where_opaque", self.jpg_where_opaque)
        check_flag("layers", self.layers)
        check_choice("mask_format", self.mask_format, pictures.FORMATS, quoted=True)
        compose.check_margin(self.margin, self.margin_of)
        if self.finish is not None:
            self._check_finish()
        if self.background:
            try:
                compose.parse_colour(self.background)
            except InvalidOptions as exc:
                raise InvalidOptions(f"background: {exc}") from exc

    def _check_finish(self) -> None:
        if not isinstance(self.finish, Mapping):
            raise InvalidOptions("finish must be an object.")
        Finish.from_dict(self.finish)
        own = {one.name: one.default for one in fields(CanvasOptions)}
        for name in ("crop", "margin", "margin_of", "square", "format", "background", "size"):
            if getattr(self, name) != own[name]:
                raise InvalidOptions(f"{name} and finish exclude each other.")

    def to_finish(self) -> Finish:
        """Return the finish that is asked for, in its own words or in these."""
        if self.finish is not None:
            return Finish.from_dict(self.finish)
        grown = "ratio" if self.square else "content"
        return Finish(
            canvas=grown if self.crop or self.square else "photo",
            reference="subject" if self.crop else "photo",
            margins=(self.margin,) * 4 if self.crop else (0, 0, 0, 0),
            margin_of=self.margin_of,
            background=self.background or "",
            size=self.size,
            format=self.format,
        )


def finish(
    rgb: types.Image, alpha: types.Alpha, options: CanvasOptions, backdrop: str | None = None
) -> Rendering:
    """Return what is cut out, at the photo's size, as options ask: framed, sized, on its ground.

    backdrop: a picture file to cover the canvas with; of layers it is one of its own, see write. Raises
    InvalidOptions, what reading it raises.
    """
    return render(rgb, alpha, *set_ground_apart(options.to_finish(), backdrop, options))


def set_ground_apart(
    asked: Finish, backdrop: str | None, options: CanvasOptions
) -> tuple[Finish, str | None]:
    """Return the finish and the backdrop as they are, but of layers without the ground, which is one."""
    return (replace(asked, background="", format="png"), None) if options.layers else (asked, backdrop)


def write(
    made: Rendering,
    options: CanvasOptions,
    folder: Path,
    density: Density | None,
    backdrop: str | None = None,
) -> list[types.Output]:
    """Write the picture, its mask, or both, each with its thumbnail; or its layers, before a backdrop."""
    files = []
    if options.layers:
        path = folder / "image.zip"
        size = layers.write_layers(made, layers.paint_ground(options.to_finish(), backdrop, made), path)
        height, width = made.mask.shape
        files.append(types.Output("image", str(path), width, height, "zip", size))
    elif options.outputs != "mask":
        image = pictures.to_pillow(made.rgb, made.alpha)
        format = options.to_finish().format
        if options.jpg_where_opaque and is_opaque(image):
            image, format = image.convert("RGB"), "jpg"
        files += outputs.write_result(image, folder, format, density=density)
    if options.outputs != "image" and not options.layers:
        files += outputs.write_result(
            pictures.to_grey(made.mask), folder, options.mask_format, kind="mask", density=density
        )
    return files


def is_opaque(image: Image.Image) -> bool:
    """Whether nothing shows through a picture, RGB or RGBA."""
    return image.mode == "RGB" or image.getchannel("A").getextrema() == (255, 255)
