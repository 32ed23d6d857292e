"""What the one call takes, in the names and values of its service."""

from typing import Any

from editor.api.requests.call_form import (
    BINARY,
    IMAGE_ALONE,
    MASK_ALONE,
    MISSING,
    OUTPUTS,
    CallForm,
)
from editor.api.requests.fields import (
    YES,
    ChoiceOfWords,
    ColourField,
    FormatField,
    PictureFileField,
    UrlField,
    YesNoField,
)
from editor.forms import CutoutForm
from editor.tools import Tool


class RemoveForm(CallForm):
    """Seed 004: background removal in one call, the picture as the answer."""

    tool = Tool.CUTOUT
    tool_form: CutoutForm
    no_image = "No picture was sent. Send it as image_file."
    also = {"file": "image_file", "url": "image_url"}
    harmless = {"sync": YES, "return_type": ("3",), "output_type": ("2",), "type": ("auto",)}
    callback_url = None  # type: ignore[assignment]
    # The file counts where both come.
    pairs = ()

    image_file = PictureFileField(help_text="The picture.")
    image_url = UrlField(help_text="Or where it is to be fetched.")
    format = FormatField(
        *dict(CutoutForm.FORMATS), initial="png", help_text="Of the answer. jpg has no transparency."
    )
    channels = ChoiceOfWords(
        "rgba",
        "rgb",
        "alpha",
        initial="rgba",
        help_text="rgb is opaque, on bg_color or else white; alpha is the mask alone.",
    )
    bg_color = ColourField(
        required=False,
        max_length=40,
        help_text="What it is laid on: #ffffff, #fff, rgb(255, 255, 255) or white.",
    )
    size = ChoiceOfWords(
        *dict(CutoutForm.SIZES),
        initial="full",
        also=dict.fromkeys(("original", "4k", "50mp"), "full") | {"regular": "preview"},
        help_text="Longest side: full as it is, large 2048, medium 1024, small 512, preview 256 pixels.",
    )
    crop = YesNoField(help_text="true crops to the subject.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opaque = cleaned.get("channels") == "rgb" or cleaned.get("format") == "jpg"
        asked = {
            "background": cleaned.get("bg_color") or ("#ffffff" if opaque else ""),
            "frame": "edge" if cleaned.get("crop") else "as-is",
            "format": cleaned.get("format", ""),
            "outputs": OUTPUTS[MASK_ALONE if cleaned.get("channels") == "alpha" else IMAGE_ALONE],
            "size": cleaned.get("size", ""),
        }
        self.tool_form = self.judged(CutoutForm(asked))
        return cleaned

    waits = True

    def to_params(self) -> dict[str, Any]:
        return self.tool_form.to_params()

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": BINARY}

    def name_error(self, parameter: str, code: str) -> str:
        return "missing_image" if parameter == "image_file" and code in MISSING else ""
