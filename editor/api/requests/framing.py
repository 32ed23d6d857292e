"""How services write a picture's frame: lengths in shares and pixels, margins, ratios, and whether to crop.

What they mean for a picture is a finish (editor/engines/finishing), the same for every dialect.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms

from editor.forms.finish import RatioField

from .fields import NO, YES

Sides = tuple[float, float, float, float]
"""Left, top, right, bottom."""

SHARE, PIXELS = "share", "px"
# Which of so many values counts for top, right, bottom and left.
SHORTHAND = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}
LENGTH = re.compile(r"(\d{1,6}(?:\.\d{0,9})?|\.\d{1,9})\s*(%|px)?")


@dataclass(frozen=True)
class Length:
    """A share of something (0.1), or pixels. unit: SHARE, or PIXELS."""

    value: float
    unit: str

    @property
    def is_share(self) -> bool:
        """Whether it can be taken for a share: nothing is nothing in either unit."""
        return self.unit == SHARE or not self.value


def read_length(text: str) -> Length:
    """Return what 0.1, 10% or 12px says. Raises ValueError."""
    found = LENGTH.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(text)
    value = float(found[1])
    return Length(value / 100 if found[2] == "%" else value, PIXELS if found[2] == "px" else SHARE)


def widen(before: float, after: float) -> tuple[float, float]:
    """Return margins that are shares of the subject's own side as shares of the canvas' side."""
    whole = 1 + before + after
    return before / whole, after / whole


def inscribe(ratio: tuple[float, float], width: int, height: int) -> tuple[float, float]:
    """Return the shares of a canvas, across and down, that lie on each side of the largest box of a ratio."""
    wide, high = ratio
    across, down = min(width, height * wide / high), min(height, width * high / wide)
    return (1 - across / width) / 2, (1 - down / height) / 2


def nest(outer: float, inner: float, room: float) -> float:
    """Return a margin with another within it, which is a share of the room that the outer ones leave."""
    return outer + inner * room


class LengthField(forms.CharField):
    """A length of at most so much. Comes out as a Length, None where nothing was said.

    most: by unit; a unit that is not in it is not taken.
    """

    default_error_messages = {
        "length": "“%(value)s” is no length that is taken here. Write %(ways)s.",
        "too_long": "“%(value)s” is too much. It can be at most %(most)s.",
    }

    def __init__(self, most: dict[str, float], **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)
        self.most = most

    def clean(self, value: Any) -> Length | None:
        text = super().clean(value).strip()
        return self.read(text) if text else None

    def read(self, text: str) -> Length:
        try:
            length = read_length(text)
        except ValueError:
            length = Length(1, "")
        if length.unit not in self.most and not (length.unit and length.is_share):
            ways = "a share such as 0.1 or 10%"
            ways += " or pixels such as 10px" if PIXELS in self.most else ""
            raise self.error("length", value=text[:20], ways=ways)
        if length.value > self.most.get(length.unit, 0):
            most = self.most[length.unit]
            shown = f"{most:g} px" if length.unit == PIXELS else f"{most:.0%}"
            raise self.error("too_long", value=text[:20], most=shown)
        return length

    def error(self, code: str, **params: Any) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code, params)


class PaddingField(LengthField):
    """One length for both axes, or two with a comma between, across and down: 10%, or 10%,7.5%."""

    default_error_messages = {
        "count": "“%(value)s” has more than two values. Write one for both axes, or two as 10%%,5%%.",
    }

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value).strip()
        if not text:
            return None
        parts = text.split(",")
        if len(parts) > 2:
            raise self.error("count", value=text[:20])
        lengths = [self.read(part) for part in parts]
        return lengths[0], lengths[-1]


class MarginsField(LengthField):
    """One to four lengths as style sheets have them: all; upright and across; top, right, bottom, left.

    Comes out as left, top, right, bottom.
    """

    default_error_messages = {
        "count": "“%(value)s” has more than four values. Write one, two or four, as style sheets do.",
        "mixed": "“%(value)s” has both per cent and pixels. Use one of them.",
    }

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value).strip()
        if not text:
            return None
        lengths = [self.read(part) for part in text.split()]
        if len(lengths) > 4:
            raise self.error("count", value=text[:20])
        if not (
            all(one.is_share for one in lengths)
            or all(one.unit == PIXELS or not one.value for one in lengths)
        ):
            raise self.error("mixed", value=text[:20])
        # What is missing is as what lies opposite, or as the first.
        top, right, bottom, left = (lengths[number] for number in SHORTHAND[len(lengths)])
        return left, top, right, bottom


class CropField(RatioField):
    """Whether to crop to the subject: true, false, or to which ratio around it, such as 4:3.

    Comes out as True, False, or two numbers.
    """

    MOST = 20  # times as long as wide, or the other way
    default_error_messages = {
        "ratio": "“%(value)s” is none of true, false or a ratio. Write a ratio as 4:3.",
        "narrow": "“%(value)s” is too narrow. A ratio can be up to 20:1 or 1:20.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=20, **options)

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value).strip().lower()
        if text in {"", *NO}:
            return False
        if text in YES:
            return True
        found = super().clean(text)
        if found is None or not 1 / self.MOST <= found[0] / found[1] <= self.MOST:
            raise forms.ValidationError(self.error_messages["narrow"], "narrow", {"value": text[:20]})
        return found


class SideField(forms.IntegerField):
    """A side of a picture in pixels."""

    def __init__(self, most: int, **options: Any) -> None:
        sentence = f"It is a whole number of pixels from 1 to {most}."
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(required=False, min_value=1, max_value=most, error_messages=messages, **options)
