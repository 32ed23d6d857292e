"""One form per tool: the single truth of its parameters, for the page and for the API."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

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
