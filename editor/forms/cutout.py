"""What a cutout takes."""

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from editor.engines import errors, strokes

from .fields import PICTURE, TRANSPARENT, BackgroundField, OneFileField, OneFileForm


class StrokesField(forms.CharField):
    """What was painted to correct a cutout: JSON as the engine's strokes.listed takes it."""

    LONGEST = 2_000_000  # characters
    widget = forms.HiddenInput
    default_error_messages = {
        "json": "The strokes cannot be read. Undo the last one, or load the page again.",
    }

    def clean(self, value: Any) -> list[dict[str, Any]]:
        text = super().clean(value)
        if not text:
            return []
        try:
            painted = json.loads(text)
            strokes.listed(painted)
        except (ValueError, RecursionError) as exc:
            raise forms.ValidationError(self.error_messages["json"], code="json") from exc
        except errors.InvalidOptions as exc:
            raise forms.ValidationError(str(exc), code="strokes") from exc
        return [{name: stroke[name] for name in ("keep", "radius", "points")} for stroke in painted]


class CutoutForm(OneFileForm):
    """The product alone: what stands behind it, how it is framed, and what file comes out."""

    SUBJECTS = [("", "Auto"), ("person", "Person"), ("object", "Object"), ("stamp", "Stamp")]
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

    subject = forms.ChoiceField(
        label="What it is", choices=SUBJECTS, initial="", required=False, widget=forms.RadioSelect
    )
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
            "subject": cleaned["subject"],
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


class CorrectionForm(forms.Form):
    """What was painted on a cutout: all strokes so far, none to have it as it was found."""

    strokes = StrokesField(required=False, max_length=StrokesField.LONGEST)
