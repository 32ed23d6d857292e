"""The erase tool's form: boxes, masks, and what file comes out."""

import math
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .cutout import CutoutForm
from .fields import MaskField, OneFileForm, Rectangle, RectanglesField, clip_box, count_pixels


class EraseForm(OneFileForm):
    """What goes from a picture of a known size: boxes, or a mask; and what it is not to be filled from."""

    MOST_SHARE = 0.5
    MOST_SEED = 2**31 - 1
    FORMATS = CutoutForm.FORMATS

    rectangles = RectanglesField(required=False, max_length=20_000)
    mask = MaskField(label=_("Mask, white where something should go"), required=False)
    avoid = MaskField(label=_("Mask, white where nothing is to be copied from"), required=False)
    seed = forms.IntegerField(required=False, min_value=0, max_value=MOST_SEED)
    format = forms.ChoiceField(
        label=_("File"), choices=FORMATS, initial="png", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, size: tuple[int, int], **options: Any) -> None:
        """size: width and height in pixels of the picture that is worked on, as a person sees it."""
        super().__init__(*args, **options)
        self.size = size

    def clean_rectangles(self) -> list[Rectangle]:
        boxes = []
        width, height = self.size
        for number, box in enumerate(self.cleaned_data["rectangles"], 1):
            inside = clip_box(box, width, height)
            if inside is None:
                sentence = gettext(
                    "Box %(number)s lies outside the photo, which is %(width)s × %(height)s pixels. Move it."
                ) % {"number": number, "width": width, "height": height}
                raise forms.ValidationError(sentence, code="outside")
            boxes.append(inside)
        share = count_pixels(boxes) / (width * height)
        if share == 1:
            sentence = gettext(
                "The whole photo is marked, so nothing is left to fill it from. Mark at most half of it."
            )
            raise forms.ValidationError(sentence, code="too_much")
        if share > self.MOST_SHARE:
            sentence = gettext(
                "%(value)s %% of the photo is marked; at most 50 %% can be filled. Mark less."
            ) % {"value": math.ceil(100 * share)}
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
            sentence = gettext("Nothing is marked yet. Draw a box, or paint over what should go.")
            raise forms.ValidationError(sentence, code="nothing_marked")
        if len(marked) == 2:
            raise forms.ValidationError(
                gettext("Boxes or a mask: one of them is meant, not both."), code="two_marks"
            )
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
