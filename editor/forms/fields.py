"""Form fields that several tools share: one file, a colour, boxes, a mask."""

import json
import math
import re
import uuid
from itertools import pairwise
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from editor.engines import errors
from editor.engines.io import formats

HEX_COLOUR = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")
TRANSPARENT, PICTURE = "", "picture"


class OneFileField(forms.FileField):
    """A file field that says so when several files were sent where one is meant."""

    default_error_messages = {
        "required": _("Choose a photo first."),
        "missing": _("Choose a photo first."),
        "empty": _("This file is empty. Choose it again, or export the photo once more."),
        "too_many": _("Only one picture is meant here. Send them one at a time."),
    }
    widget = forms.ClearableFileInput

    def clean_all(self, files: list[UploadedFile]) -> None:
        """Raise ValidationError where more than one file came."""
        if len(files) > 1:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")


class OneFileForm(forms.Form):
    """A form whose file fields take one file each."""

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            if isinstance(field, OneFileField) and hasattr(self.files, "getlist"):
                try:
                    field.clean_all(self.files.getlist(self.add_prefix(name)))
                except forms.ValidationError as exc:
                    self.add_error(name, exc)
        return self.cleaned_data


class UploadForm(OneFileForm):
    """A photo comes in.

    beside, further: a photo that it was given together with, and how many places behind that it belongs,
    below 0 before it. What is wrong in them says nothing.
    """

    MOST_PLACES = 100_000

    photo = OneFileField()
    beside = forms.CharField(required=False)
    further = forms.CharField(required=False)

    def clean_beside(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.cleaned_data["beside"])
        except ValueError:
            return None

    def clean_further(self) -> int:
        found = re.fullmatch(r"-?[0-9]{1,6}", self.cleaned_data["further"])
        places = int(found[0]) if found else 0
        return max(-self.MOST_PLACES, min(places, self.MOST_PLACES))


class BackgroundField(forms.CharField):
    """What stands behind a cutout: nothing, "picture", or a colour, which comes out as #rrggbb."""

    default_error_messages = {
        "colour": _("“%(value)s” is not a colour. Write it as six hex digits, such as #81d4fa."),
    }

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text in (TRANSPARENT, PICTURE):
            return text
        match = HEX_COLOUR.match(text)
        if match is None:
            raise forms.ValidationError(self.error_messages["colour"], "colour", {"value": text[:20]})
        digits = match[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


Rectangle = dict[str, int]


class RectanglesField(forms.CharField):
    """Boxes as seed 003 writes them: a JSON list of {"x", "y", "width", "height"} in the picture's pixels.

    Comes out as a list of whole numbers as they were sent; the form clips them to its picture.
    """

    MOST = 50
    SIDES = ("x", "y", "width", "height")
    LARGEST = 10**9
    default_error_messages = {
        "json": _(
            'The boxes cannot be read. Send them as JSON, such as [{"x": 0, "y": 0, "width": '
            '100, "height": 100}].'
        ),
        "too_many": _(
            "%(count)s boxes are marked; at most 50 are taken. Delete some, or use a mask instead."
        ),
        "not_a_number": _("Box %(number)s has no valid %(side)s. Give it as a number of pixels."),
        "no_size": _("Box %(number)s has no size. Its width and height must be above 0."),
    }

    def clean(self, value: Any) -> list[Rectangle]:
        text = super().clean(value)
        try:
            boxes = json.loads(text) if text else []
        except (ValueError, RecursionError) as exc:
            raise self.error("json") from exc
        if not isinstance(boxes, list) or not all(isinstance(box, dict) for box in boxes):
            raise self.error("json")
        if len(boxes) > self.MOST:
            raise self.error("too_many", count=len(boxes))
        return [self.rectangle(number, box) for number, box in enumerate(boxes, 1)]

    def rectangle(self, number: int, box: dict[str, Any]) -> Rectangle:
        for side in self.SIDES:
            value = box.get(side)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.error("not_a_number", number=number, side=side)
            # Infinite, not a number at all, or beyond what any picture measures.
            if not abs(value) <= self.LARGEST:
                raise self.error("not_a_number", number=number, side=side)
        if box["width"] <= 0 or box["height"] <= 0:
            raise self.error("no_size", number=number)
        # Every pixel that a box touches is in it.
        left, top = math.floor(box["x"]), math.floor(box["y"])
        right, bottom = math.ceil(box["x"] + box["width"]), math.ceil(box["y"] + box["height"])
        return {"x": left, "y": top, "width": right - left, "height": bottom - top}

    def error(self, code: str, **params: Any) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code, params)


def clip_box(box: Rectangle, width: int, height: int) -> Rectangle | None:
    """Return the part of a box that lies in a picture, None where there is none."""
    left, top = max(0, box["x"]), max(0, box["y"])
    right, bottom = min(width, box["x"] + box["width"]), min(height, box["y"] + box["height"])
    if left >= right or top >= bottom:
        return None
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def count_pixels(boxes: list[Rectangle]) -> int:
    """Return how many pixels the boxes cover together, each counted once."""
    total = 0
    edges = sorted({edge for box in boxes for edge in (box["x"], box["x"] + box["width"])})
    for left, right in pairwise(edges):
        reached = None
        column = [box for box in boxes if box["x"] <= left and box["x"] + box["width"] >= right]
        for box in sorted(column, key=lambda box: box["y"]):
            top, bottom = box["y"], box["y"] + box["height"]
            top = top if reached is None else max(top, reached)
            total += max(0, bottom - top) * (right - left)
            reached = bottom if reached is None else max(bottom, reached)
    return total


class MaskField(OneFileField):
    """A black and white picture that lies on another. Its content is judged by the worker."""

    default_error_messages = {
        "empty": _("This mask is empty. Save it once more as a black and white PNG."),
        "too_many": _("Only one mask is meant here. Paint them into one picture."),
        "no_picture": _(
            "This mask is no picture we can read. Use a black and white PNG of the photo's size."
        ),
        "other_size": _(
            "This mask is %(width)s × %(height)s pixels, the photo %(wanted_width)s × "
            "%(wanted_height)s. Use a mask of the photo's size."
        ),
    }

    def check_size(self, upload: UploadedFile, width: int, height: int) -> None:
        """Raise ValidationError unless the file's header promises a picture of this size."""
        try:
            header = formats.probe(cast(BinaryIO, upload))
        except errors.EngineError as exc:
            raise forms.ValidationError(self.error_messages["no_picture"], code="no_picture") from exc
        if (header.width, header.height) != (width, height):
            sizes = {"width": header.width, "height": header.height}
            wanted = {"wanted_width": width, "wanted_height": height}
            raise forms.ValidationError(self.error_messages["other_size"], "other_size", sizes | wanted)
