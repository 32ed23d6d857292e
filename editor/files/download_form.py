"""What a download may be asked to be, in the words of its address."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from editor.engines.io import words
from editor.models import Result

from .downloads import get_extension

FORMATS = {"png": "PNG", "jpg": "JPG", "webp": "WebP"}
# Longest side in pixels, the largest first.
SIZES = {name: words.SIZES[name] for name in ("large", "medium", "small", "preview")}


class DownloadForm(forms.Form):
    """A format, a size, a colour behind, or a cutout's mask; what is left out is as the picture has it."""

    format = forms.ChoiceField(
        choices=list(FORMATS.items()),
        required=False,
        error_messages={"invalid_choice": _("The format can be png, jpg or webp.")},
    )
    size = forms.ChoiceField(
        choices=[("full", _("Full size"))] + [(name, f"{side} px") for name, side in SIZES.items()],
        required=False,
        error_messages={"invalid_choice": _("The size can be full, large, medium, small or preview.")},
    )
    background = forms.CharField(
        required=False,
        validators=[
            RegexValidator(
                r"\A#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z", _("The background is a colour such as ffffff.")
            )
        ],
    )

    def clean_background(self) -> str:
        """Return "" or "#rrggbb" from any of fff, #fff, ffffff, #ffffff."""
        digits = self.cleaned_data["background"].removeprefix("#").lower()
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits}" if digits else ""

    mask = forms.BooleanField(required=False)

    @property
    def sentence(self) -> str:
        """What is wrong with it, in one sentence."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def format_for(self, result: Result) -> str:
        return self.cleaned_data["format"] or get_extension(result.format)

    def fits(self, result: Result) -> bool:
        """Whether the stored file is already what is asked for."""
        same_format = self.format_for(result) == get_extension(result.format)
        longest = SIZES.get(self.cleaned_data["size"])
        small_enough = longest is None or max(result.width, result.height) <= longest
        # A JPG has no transparency that a background could show through.
        no_ground = not self.cleaned_data["background"] or get_extension(result.format) == "jpg"
        return same_format and small_enough and no_ground
