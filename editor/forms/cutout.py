"""The cutout tool's form, and that of the strokes that correct a cutout."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from editor.engines import errors
from editor.engines.matting import strokes

from .fields import TRANSPARENT, BackgroundField, OneFileForm


class StrokesField(forms.CharField):
    """What was painted to correct a cutout: JSON as the engine's strokes.read_strokes takes it."""

    LONGEST = 2_000_000  # characters
    widget = forms.HiddenInput
    default_error_messages = {
        "json": _("The strokes cannot be read. Undo the last one, or load the page again."),
    }

    def clean(self, value: Any) -> list[dict[str, Any]]:
        text = super().clean(value)
        if not text:
            return []
        try:
            painted = json.loads(text)
            strokes.read_strokes(painted)
        except (ValueError, RecursionError) as exc:
            raise forms.ValidationError(self.error_messages["json"], code="json") from exc
        except errors.InvalidOptions as exc:
            raise forms.ValidationError(str(exc), code="strokes") from exc
        return [{name: stroke[name] for name in strokes.WORDS if name in stroke} for stroke in painted]


class SubjectForm(OneFileForm):
    """A cutout of the page: what is to be cut out, and no more. All else is its finish."""

    SUBJECTS = [
        ("", _("Auto")),
        ("person", pgettext_lazy("what is on a photo", "Person")),
        ("object", _("Object")),
        ("stamp", _("Stamp")),
    ]

    subject = forms.ChoiceField(
        label=_("What it is"), choices=SUBJECTS, initial="", required=False, widget=forms.RadioSelect
    )

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options."""
        return {"subject": self.cleaned_data["subject"]}


class CutoutForm(SubjectForm):
    """A cutout of a program, finished in one order: what stands behind it, how it is framed, which file."""

    FRAMES = [("as-is", _("As it is")), ("edge", _("Cropped")), ("square", _("Square"))]
    FORMATS = [("png", "PNG"), ("jpg", "JPG"), ("webp", "WebP")]
    OUTPUTS = [("image", _("Picture")), ("mask", _("Mask")), ("both", _("Both"))]
    SIZES = [
        ("full", _("Full")),
        ("large", _("2048 px")),
        ("medium", _("1024 px")),
        ("small", _("512 px")),
        ("preview", _("256 px")),
    ]
    MARGINS_OF = [("canvas", _("Canvas")), ("subject", _("Product"))]
    MOST_MARGIN = {"canvas": 45, "subject": 50}
    DEFAULT_MARGINS = {"as-is": 0, "edge": 0, "square": 10}

    background = BackgroundField(label=_("Behind it"), required=False, max_length=20, initial=TRANSPARENT)
    frame = forms.ChoiceField(
        label=_("Frame"), choices=FRAMES, initial="as-is", required=False, widget=forms.RadioSelect
    )
    margin = forms.IntegerField(
        label=_("Margin"),
        required=False,
        min_value=0,
        help_text=_("Percent on each side, of what margin_of says. Empty: none, or 10 for a square."),
        error_messages={"min_value": _("A margin is 0 %% or more.")},
    )
    margin_of = forms.ChoiceField(
        label=_("Measured on"),
        choices=MARGINS_OF,
        initial="canvas",
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "The canvas: left and right of its width, above and below of its height. Or the "
            "subject: of its longer side, alike on all sides."
        ),
    )
    format = forms.ChoiceField(
        label=_("File"), choices=FORMATS, initial="png", required=False, widget=forms.RadioSelect
    )
    outputs = forms.ChoiceField(
        label=_("Give me"), choices=OUTPUTS, initial="image", required=False, widget=forms.RadioSelect
    )
    size = forms.ChoiceField(
        label=_("Size"), choices=SIZES, initial="full", required=False, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        margin_of = cleaned.get("margin_of") or "canvas"
        most = self.MOST_MARGIN[margin_of]
        if (cleaned.get("margin") or 0) > most:
            sentence = gettext(
                "A margin can be at most %(most)s %% of the %(margin_of)s on each side. Make it smaller."
            ) % {"most": most, "margin_of": margin_of}
            self.add_error("margin", forms.ValidationError(sentence, code="max_value"))
        return cleaned

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options, without the picture behind, which has a row of its own."""
        cleaned = self.cleaned_data
        frame = cleaned["frame"] or "as-is"
        margin = cleaned["margin"]
        percent = self.DEFAULT_MARGINS[frame] if margin is None else margin
        return {
            "subject": cleaned["subject"],
            "background": cleaned["background"] or None,
            "crop": frame != "as-is",
            "square": frame == "square",
            "margin": percent / 100,
            "margin_of": cleaned["margin_of"] or "canvas",
            "format": cleaned["format"] or "png",
            "outputs": cleaned["outputs"] or "image",
            "size": cleaned["size"] or "full",
        }


class CorrectionForm(forms.Form):
    """What was painted on a cutout: all strokes so far, none to have it as it was found."""

    strokes = StrokesField(required=False, max_length=StrokesField.LONGEST)
