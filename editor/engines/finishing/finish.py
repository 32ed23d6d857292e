"""The finish of a cutout: all that is done to it once it is cut out, as data.

A finish says nothing of a photo's pixels, so one fits every photo. It is kept and sent as a JSON object
(to_dict, from_dict); what is not in it is at its default, and a default finish changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from editor.engines.errors import InvalidOptions
from editor.engines.io import words
from editor.engines.limits import STUDIO
from editor.engines.options import Options, check_choice, check_flag, check_number, check_whole

VERSION = 1
ARITHMETIC = 2
"""Counts up whenever the same finish makes other pixels than before, so that what was kept is made anew."""

CANVASES = ("photo", "content", "ratio", "exact")
REFERENCES = ("subject", "photo")
UNITS = ("canvas", "subject", "px")
SCALINGS = ("stay", "keep", "fit", "fill")
SHADOWS = ("", "contact", "drop", "reflection")

MOST_MARGIN = {"canvas": 0.98, "subject": 1.0, "px": 4096}
"""The largest margin on each side, by its unit; of the canvas also of two opposite sides together."""
MOST_ZOOM = 8.0


@dataclass(frozen=True)
class Finish(Options):
    """What is done to a cutout before it is handed over. Raises InvalidOptions, naming the option.

    canvas: the "photo"'s own frame; the "content" with its margins, as large as that is; the smallest canvas
    of the `ratio` (wide, high) around that; or "exact"ly `width` x `height` pixels.
    reference: what is framed, the "subject"'s box or the whole "photo".
    margins: left, top, right, bottom, in what margin_of says: shares of the "canvas" (left and right of its
    width, above and below of its height), shares of the longer side of the reference's box ("subject"),
    or "px" of the canvas.
    scaling: "stay" where and as large as it is in the photo; "keep" its size, aligned; "fit" into what the
    margins leave; "fill" that, with what exceeds the canvas cut off. Only the canvases "photo" and "exact"
    scale: the others are as large as their content, and "stay" means "keep" to all but "photo".
    share: how much of the size that it is scaled to the subject takes, so that several keep their sizes
    relative to each other.
    enlarge: whether the subject may come out larger than it is in the photo.
    align: across and down, 0 left or top, 0.5 middle, 1 right or bottom, where there is room to move.
    rotation: of the cutout, degrees clockwise.
    background: a colour as words.parse_colour_alpha reads it, "" for none.
    backdrop_zoom, backdrop_at, backdrop_blur: of a picture behind, which covers the canvas: how many times
    larger than it must be, which part is seen (as align), how far it is blurred (0..1).
    shadow: "", "contact", "drop" or "reflection"; its strength and softness, 0..1; its direction, where the
    light comes from in degrees clockwise from above.
    exposure: stops. warmth, tint: -1..1, blue to amber and green to magenta.
    size: preset of words.SIZES. format: of the file. A jpg without a ground gets a white one.
    """

    version: int = VERSION
    canvas: str = "photo"
    ratio: tuple[float, float] = (1, 1)
    width: int = 0
    height: int = 0
    reference: str = "subject"
    margins: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    margin_of: str = "canvas"
    scaling: str = "stay"
    share: float = 1.0
    enlarge: bool = False
    align: tuple[float, float] = (0.5, 0.5)
    rotation: float = 0.0
    background: str = ""
    backdrop_zoom: float = 1.0
    backdrop_at: tuple[float, float] = (0.5, 0.5)
    backdrop_blur: float = 0.0
    shadow: str = ""
    shadow_strength: float = 0.5
    shadow_softness: float = 0.5
    shadow_direction: float = 0.0
    exposure: float = 0.0
    warmth: float = 0.0
    tint: float = 0.0
    size: str = "full"
    format: str = "png"

    def __post_init__(self) -> None:
        check_whole("version", self.version, 1, VERSION)
        check_choice("canvas", self.canvas, CANVASES, quoted=True)
        check_choice("reference", self.reference, REFERENCES, quoted=True)
        check_choice("margin_of", self.margin_of, UNITS, quoted=True)
        check_choice("scaling", self.scaling, SCALINGS, quoted=True)
        check_choice("shadow", self.shadow, SHADOWS, quoted=True)
        check_choice("size", self.size, words.SIZES, quoted=True)
        check_choice("format", self.format, words.FORMATS, quoted=True)
        check_flag("enlarge", self.enlarge)
        for name, least, most in RANGES:
            check_number(name, getattr(self, name), least, most)
        for name, count, least, most in ROWS:
            self._check_row(name, count, least, most)
        self._check_canvas()
        if self.background:
            try:
                words.parse_colour_alpha(self.background)
            except InvalidOptions as exc:
                raise InvalidOptions(f"background: {exc}") from exc

    def _check_row(self, name: str, count: int, least: float, most: float) -> None:
        """Check a row of numbers, which JSON has as a list."""
        values = getattr(self, name)
        if not isinstance(values, list | tuple) or len(values) != count:
            raise InvalidOptions(f"{name} must be {count} numbers.")
        for value in values:
            check_number(name, value, least, most)
        object.__setattr__(self, name, tuple(values))

    def _check_canvas(self) -> None:
        most = MOST_MARGIN[self.margin_of]
        if not all(0 <= margin <= most for margin in self.margins):
            raise InvalidOptions(f"Each of the margins must be a number from 0 to {most:g}.")
        exact = self.canvas == "exact"
        check_whole("width", self.width, 1 if exact else 0, STUDIO.side)
        check_whole("height", self.height, 1 if exact else 0, STUDIO.side)
        if self.width * self.height > STUDIO.pixels:
            most = STUDIO.pixels // 2**20
            raise InvalidOptions(f"A canvas may have {most} megapixels, and this has more.")
        left, top, right, bottom = self.margins
        # A hundredth of what is meant by one may be lost to rounding.
        if self.margin_of == "canvas" and max(left + right, top + bottom) > most + 1e-9:
            raise InvalidOptions(f"Opposite margins must be {most:g} of the canvas together at most.")
        if exact and self.margin_of == "px" and (left + right >= self.width or top + bottom >= self.height):
            raise InvalidOptions("These margins leave the subject no pixel. Make them smaller.")

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> Self:
        """Return the finish in a JSON object; what is absent at its default. Raises InvalidOptions."""
        version = options.get("version", VERSION)
        if isinstance(version, int) and version > VERSION:
            raise InvalidOptions(
                f"This finish is of version {version}, and this studio knows {VERSION}. Update the studio."
            )
        return super().from_dict(options)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object that from_dict takes, without what is at its default but the version."""
        found: dict[str, Any] = {"version": self.version}
        for one in fields(self):
            value = getattr(self, one.name)
            if value != one.default:
                found[one.name] = list(value) if isinstance(value, tuple) else value
        return found


RANGES: tuple[tuple[str, float, float], ...] = (
    ("share", 0.01, 1),
    ("rotation", -360, 360),
    ("backdrop_zoom", 1, MOST_ZOOM),
    ("backdrop_blur", 0, 1),
    ("shadow_strength", 0, 1),
    ("shadow_softness", 0, 1),
    ("shadow_direction", -360, 360),
    ("exposure", -3, 3),
    ("warmth", -1, 1),
    ("tint", -1, 1),
)
"""Options that are a number: the least and the most."""

ROWS: tuple[tuple[str, int, float, float], ...] = (
    ("ratio", 2, 0.01, 100_000),
    ("margins", 4, 0, math.inf),
    ("align", 2, 0, 1),
    ("backdrop_at", 2, 0, 1),
)
"""Options that are a row of numbers: how many, the least and the most of each."""
