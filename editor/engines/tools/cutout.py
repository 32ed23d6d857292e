"""Background removal: what to make of a photo, and its making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from editor.engines import types
from editor.engines.errors import EngineError, InvalidOptions, NothingFound, UnsuitableContent
from editor.engines.io import compose, pictures
from editor.engines.matting.strokes import Stroke, listed

from . import subject_selection
from .subject_selection import SUBJECTS

OUTPUTS = ("image", "mask", "both")
LEAST_SIDE = 16
"""Pixels a side below which nobody, the network included, can tell what a picture shows."""

WHITE = (255, 255, 255)


@dataclass(frozen=True)
class CutoutOptions:
    """What to make of a photo. Raises InvalidOptions on creation, naming the option.

    subject: "" finds it by itself; else person, object or stamp.
    strokes: what a person painted to correct it, as strokes.listed takes them.
    outputs: the picture, its mask, or both.
    crop: cut the canvas to the subject, with `margin` on each side.
    margin, margin_of: a share of the "canvas" or of the "subject", as compose.canvas_box has them.
    square: widen the canvas to a square.
    format: of the picture; masks are PNG. A jpg without a background gets a white one.
    background: a colour as compose.colour reads it.
    background_path: a picture file to cover the canvas with. Never take it from a stranger's form.
    size: preset of pictures.SIZES.
    """

    subject: str = ""
    outputs: str = "image"
    crop: bool = False
    margin: float = 0.0
    margin_of: str = "canvas"
    square: bool = False
    format: str = "png"
    background: str | None = None
    background_path: str | None = None
    size: str = "full"
    strokes: tuple[Stroke, ...] = ()

    def __post_init__(self) -> None:
        _one_of("subject", self.subject, SUBJECTS)
        _one_of("outputs", self.outputs, OUTPUTS)
        _one_of("format", self.format, tuple(pictures.FORMATS))
        _one_of("size", self.size, tuple(pictures.SIZES))
        object.__setattr__(self, "strokes", listed(self.strokes))
        for name in ("crop", "square"):
            if not isinstance(getattr(self, name), bool):
                raise InvalidOptions(f"{name} must be true or false.")
        compose.check_margin(self.margin, self.margin_of)
        if self.background and self.background_path:
            raise InvalidOptions("background and background_path exclude each other.")
        if self.background:
            try:
                compose.colour(self.background)
            except InvalidOptions as exc:
                raise InvalidOptions(f"background: {exc}") from exc

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> CutoutOptions:
        """Return the options in a JSON object; absent ones at their defaults. Raises InvalidOptions."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(options) - known):
            raise InvalidOptions(f"There is no option {', '.join(unknown)}.")
        return cls(**options)


@dataclass(frozen=True)
class Cutout:
    """The finished picture (alpha None once it is on a background) and the mask of the same canvas.

    took: what the subject was taken for, "person", "object" or "stamp".
    """

    rgb: types.Image
    alpha: types.Alpha | None
    mask: types.Alpha
    took: str


def cut(
    picture: pictures.Picture,
    options: CutoutOptions | None = None,
    report: types.Report = types.unheard,
    *,
    path: Path | None = None,
) -> Cutout:
    """Return the subject of a picture, its colours cleaned of the old background, as options ask.

    path: the picture's file, by which its matte is remembered for the next correction.
    Raises UnsuitableContent below LEAST_SIDE, NothingFound, WeightsMissing, and what reading the
    background picture raises.
    """
    options = options or CutoutOptions()
    if min(picture.width, picture.height) < LEAST_SIDE:
        raise UnsuitableContent(
            f"This picture has {picture.width} x {picture.height} pixels, too few to tell a subject. "
            f"Use one with at least {LEAST_SIDE} pixels a side."
        )
    subject = _found(picture, options, path)
    alpha = _corrected(picture, subject.alpha, options)
    report(0.7)
    # Of a mask alone nobody sees the colours.
    rgb = picture.rgb if options.outputs == "mask" else subject.colours(picture, alpha)
    report(0.9)
    return finished(rgb, alpha, options, subject.took)


def finished(rgb: types.Image, alpha: types.Alpha, options: CutoutOptions, took: str) -> Cutout:
    """Return a subject that is cut out, at the photo's size, as options ask: framed, sized, on its ground.

    Raises what reading the background picture raises.
    """
    rgb, alpha = compose.framed(rgb, alpha, options)
    rgb, sized = pictures.resize(rgb, alpha, pictures.SIZES[options.size])
    mask = np.ones(rgb.shape[:2], np.float32) if sized is None else sized
    background = _background(options, rgb.shape[1], rgb.shape[0])
    if background is None:
        return Cutout(rgb, mask, mask, took)
    return Cutout(compose.laid_on(rgb, mask, background), None, mask, took)


def _found(picture: pictures.Picture, options: CutoutOptions, path: Path | None) -> subject_selection.Subject:
    if path is None:
        return subject_selection.find(picture, options.subject)
    if not options.strokes:
        # Always looked at anew, and kept: strokes follow soon, and wait for nothing then.
        subject = subject_selection.find(picture, options.subject)
    else:
        try:
            return subject_selection.memory.find(path, picture, options.subject)
        except NothingFound:
            # What nobody finds a person may paint.
            nothing = np.zeros(picture.rgb.shape[:2], np.float32)
            subject = subject_selection.Subject(nothing, None, options.subject or "object")
    subject_selection.memory.keep(path, options.subject, subject)
    return subject


def _corrected(picture: pictures.Picture, alpha: types.Alpha, options: CutoutOptions) -> types.Alpha:
    if not options.strokes:
        return alpha
    # Its kernel is compiled on import, which only corrections need.
    from editor.engines.matting import stroke_correction

    made = stroke_correction.corrected(picture.rgb, alpha, options.strokes)
    if not (made > 0.5 * picture.opacity).any():
        raise NothingFound("Nothing is left of the subject. Undo the last stroke.")
    return made


def _background(options: CutoutOptions, width: int, height: int) -> types.Image | compose.Colour | None:
    if options.background_path:
        try:
            behind = pictures.read(Path(options.background_path))
        except EngineError as exc:
            raise type(exc)(f"The background: {exc}") from exc
        return compose.covered(compose.opaque(behind), width, height)
    if options.background:
        return compose.colour(options.background)
    return WHITE if options.format == "jpg" else None


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        listed = ", ".join(repr(word) for word in allowed)
        raise InvalidOptions(f"{name} must be one of {listed}.")
