"""One form per tool: the single truth of its parameters, for the page and for the API."""

import json
import math
import re
from itertools import pairwise
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from .engines import errors, formats

HEX_COLOUR = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")
TRANSPARENT, PICTURE = "", "picture"


class OneFileField(forms.FileField):
    """A file field that says so when several files were sent where one is meant."""

    default_error_messages = {
        "required": "Choose a photo first.",
        "missing": "Choose a photo first.",
        "empty": "This file is empty. Choose it again, or export the photo once more.",
        "too_many": "Only one picture is meant here. Send them one at a time.",
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
    """A photo comes in."""

    photo = OneFileField()


class BackgroundField(forms.CharField):
    """What stands behind a cutout: nothing, "picture", or a colour, which comes out as #rrggbb."""

    default_error_messages = {
        "colour": "“%(value)s” is not a colour. Write it as six hex digits, such as #81d4fa.",
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


class CutoutForm(OneFileForm):
    """The product alone: what stands behind it, how it is framed, and what file comes out."""

    FRAMES = [("as-is", "As it is"), ("edge", "To the edge"), ("square", "Square")]
    FORMATS = [("png", "PNG"), ("jpg", "JPG"), ("webp", "WebP")]
    OUTPUTS = [("image", "Picture"), ("mask", "Mask"), ("both", "Both")]
    SIZES = [
        ("full", "Full"),
        ("large", "2048 px"),
        ("medium", "1024 px"),
        ("small", "512 px"),
        ("preview", "256 px"),
    ]
    DEFAULT_MARGINS = {"as-is": 0, "edge": 0, "square": 10}

    background = BackgroundField(label="Behind it", required=False, max_length=20, initial=TRANSPARENT)
    backdrop = OneFileField(label="Picture behind it", required=False)
    frame = forms.ChoiceField(
        label="Frame", choices=FRAMES, initial="as-is", required=False, widget=forms.RadioSelect
    )
    margin = forms.IntegerField(
        label="Margin",
        required=False,
        min_value=0,
        max_value=50,
        help_text="Percent of the subject's longer side. Empty: none, or 10 for a square.",
    )
    format = forms.ChoiceField(
        label="File", choices=FORMATS, initial="png", required=False, widget=forms.RadioSelect
    )
    outputs = forms.ChoiceField(
        label="Give me", choices=OUTPUTS, initial="image", required=False, widget=forms.RadioSelect
    )
    size = forms.ChoiceField(
        label="Size", choices=SIZES, initial="full", required=False, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("background") == PICTURE and not (
            cleaned.get("backdrop") or "backdrop" in self.errors
        ):
            self.add_error(
                "backdrop", forms.ValidationError("Choose the picture that stands behind.", code="required")
            )
        return cleaned

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options, without the picture behind, which has a row of its own."""
        cleaned = self.cleaned_data
        frame = cleaned["frame"] or "as-is"
        margin = cleaned["margin"]
        percent = self.DEFAULT_MARGINS[frame] if margin is None else margin
        background = cleaned["background"]
        return {
            "background": None if background in (TRANSPARENT, PICTURE) else background,
            "crop": frame != "as-is",
            "square": frame == "square",
            "margin": percent / 100,
            "format": cleaned["format"] or "png",
            "outputs": cleaned["outputs"] or "image",
            "size": cleaned["size"] or "full",
        }

    @property
    def backdrop_upload(self) -> UploadedFile | None:
        """The picture to stand behind, where one is asked for."""
        return self.cleaned_data["backdrop"] if self.cleaned_data["background"] == PICTURE else None


Rectangle = dict[str, int]


class RectanglesField(forms.CharField):
    """Boxes as seed 003 writes them: a JSON list of {"x", "y", "width", "height"} in the picture's pixels.

    Comes out as a list of whole numbers as they were sent; the form clips them to its picture.
    """

    MOST = 50
    SIDES = ("x", "y", "width", "height")
    LARGEST = 10**9
    default_error_messages = {
        "json": "The boxes cannot be read. Send them as JSON, such as "
        '[{"x": 0, "y": 0, "width": 100, "height": 100}].',
        "too_many": "%(count)s boxes are marked; at most 50 are taken. Delete some, or use a mask instead.",
        "not_a_number": "Box %(number)s has no valid %(side)s. Give it as a number of pixels.",
        "no_size": "Box %(number)s has no size. Its width and height must be above 0.",
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


def clipped(box: Rectangle, width: int, height: int) -> Rectangle | None:
    """Return the part of a box that lies in a picture, None where there is none."""
    left, top = max(0, box["x"]), max(0, box["y"])
    right, bottom = min(width, box["x"] + box["width"]), min(height, box["y"] + box["height"])
    if left >= right or top >= bottom:
        return None
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def area(boxes: list[Rectangle]) -> int:
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
        "empty": "This mask is empty. Save it once more as a black and white PNG.",
        "too_many": "Only one mask is meant here. Paint them into one picture.",
        "no_picture": "This mask is no picture we can read. Use a black and white PNG of the photo's size.",
        "other_size": "This mask is %(width)s × %(height)s pixels, the photo %(wanted_width)s × "
        "%(wanted_height)s. Use a mask of the photo's size.",
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


class EraseForm(OneFileForm):
    """What goes from a picture of a known size: boxes, or a mask; and what it is not to be filled from."""

    MOST_SHARE = 0.5
    MOST_SEED = 2**31 - 1
    FORMATS = CutoutForm.FORMATS

    rectangles = RectanglesField(required=False, max_length=20_000)
    mask = MaskField(label="Mask, white where something should go", required=False)
    avoid = MaskField(label="Mask, white where nothing is to be copied from", required=False)
    seed = forms.IntegerField(required=False, min_value=0, max_value=MOST_SEED)
    format = forms.ChoiceField(
        label="File", choices=FORMATS, initial="png", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, size: tuple[int, int], **options: Any) -> None:
        """size: width and height in pixels of the picture that is worked on, as a person sees it."""
        super().__init__(*args, **options)
        self.size = size

    def clean_rectangles(self) -> list[Rectangle]:
        boxes = []
        width, height = self.size
        for number, box in enumerate(self.cleaned_data["rectangles"], 1):
            inside = clipped(box, width, height)
            if inside is None:
                sentence = (
                    f"Box {number} lies outside the photo, which is {width} × {height} pixels. Move it."
                )
                raise forms.ValidationError(sentence, code="outside")
            boxes.append(inside)
        share = area(boxes) / (width * height)
        if share == 1:
            sentence = (
                "The whole photo is marked, so nothing is left to fill it from. Mark at most half of it."
            )
            raise forms.ValidationError(sentence, code="too_much")
        if share > self.MOST_SHARE:
            sentence = (
                f"{math.ceil(100 * share)} % of the photo is marked; at most 50 % can be filled. Mark less."
            )
            raise forms.ValidationError(sentence, code="too_much")
        return boxes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("mask", "avoid"):
            upload = cleaned.get(name)
            if upload:
                try:
                    cast(MaskField, self.fields[name]).check_size(upload, *self.size)
                except forms.ValidationError as exc:
                    self.add_error(name, exc)
        marked = [name for name in ("rectangles", "mask") if cleaned.get(name) or name in self.errors]
        if not marked:
            sentence = "Nothing is marked yet. Draw a box, or paint over what should go."
            raise forms.ValidationError(sentence, code="nothing_marked")
        if len(marked) == 2:
            raise forms.ValidationError("Boxes or a mask: one of them is meant, not both.", code="two_marks")
        return cleaned

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options, without the masks, which have rows of their own."""
        cleaned = self.cleaned_data
        params = {"seed": cleaned["seed"] or 0, "format": cleaned["format"] or "png"}
        return {**params, "rectangles": cleaned["rectangles"]} if cleaned["rectangles"] else params

    @property
    def mask_uploads(self) -> dict[str, UploadedFile]:
        """The masks that came along, by the name that orders.place has for them."""
        return {name: upload for name in ("mask", "avoid") if (upload := self.cleaned_data[name])}
