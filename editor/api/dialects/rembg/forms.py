"""What the address of rembg's server takes, in its names and values."""

import re
from typing import Any

from django import forms

from editor.api.requests.call_form import BINARY, IMAGE_ALONE, MASK_ALONE, OUTPUTS, FinishedCallForm
from editor.api.requests.fields import AlphaColourField, ChoiceOfWords, PictureFileField, UrlField, YesNoField
from editor.engines.finishing.finish import Finish
from editor.tools import Tool

# Its networks; each leaves the studio to choose, but for the one that looks for people alone.
PEOPLE = "u2net_human_seg"
MODELS = (
    "u2net",
    "u2netp",
    PEOPLE,
    "silueta",
    "isnet-general-use",
    "isnet-anime",
    "birefnet-general",
    "birefnet-general-lite",
    "birefnet-portrait",
    "birefnet-dis",
    "birefnet-hrsod",
    "birefnet-cod",
    "birefnet-massive",
    "bria-rmbg",
)
LEVELS = re.compile(r"(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})")
NO_EFFECT = "Taken and without effect: edges are solved for in any case."


class LevelsField(AlphaColourField):
    """A colour as red, green, blue and alpha in 0 to 255, or as style sheets write it."""

    default_error_messages = {
        "colour": "“%(value)s” is not a colour. Write red, green, blue and alpha, as 255,255,255,255.",
    }

    def clean(self, value: Any) -> str:
        text = "".join(str(value or "").split())
        # Of what is wholly see-through the colour counts for nothing.
        return "" if (found := LEVELS.fullmatch(text)) and int(found[4]) == 0 else super().clean(text)

    def levels(self, text: str) -> tuple[tuple[int, ...] | None, int]:
        if found := LEVELS.fullmatch(text):
            *rgb, alpha = map(int, found.groups())
            return tuple(rgb), alpha
        return super().levels(text)


class ServerForm(FinishedCallForm):
    """Background removal as rembg's server does it, the picture as the answer."""

    tool = Tool.CUTOUT
    sources = ("file", "url")
    no_image = "No picture was sent. Send it as file, or where it is as url."
    image_url = None  # type: ignore[assignment]
    image_file = None  # type: ignore[assignment]
    callback_url = None  # type: ignore[assignment]
    pairs = (("url", "file"),)
    waits = True

    file = PictureFileField(help_text="The picture.")
    url = UrlField(help_text="Or where it is to be fetched.")
    model = ChoiceOfWords(
        *MODELS,
        initial=MODELS[0],
        help_text=f"{PEOPLE} keeps people alone; with any other the studio finds the subject by itself.",
    )
    om = YesNoField(help_text="true answers with the mask alone, the subject white.")
    bgc = LevelsField(
        required=False,
        max_length=40,
        help_text="What it is laid on: red, green, blue and alpha, as 255,255,255,255; 0,0,0,0 for nothing.",
    )
    a = YesNoField(help_text=NO_EFFECT)
    af = forms.IntegerField(required=False, min_value=0, max_value=255, help_text=NO_EFFECT)
    ab = forms.IntegerField(required=False, min_value=0, max_value=255, help_text=NO_EFFECT)
    ae = forms.IntegerField(required=False, min_value=0, max_value=1000, help_text=NO_EFFECT)
    ppm = YesNoField(help_text="Taken and without effect: a mask comes smooth and whole in any case.")

    def make_finish(self, cleaned: dict[str, Any]) -> Finish:
        return Finish(background=cleaned["bgc"], format="png")

    def to_params(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "subject": "person" if cleaned["model"] == PEOPLE else "",
            "outputs": OUTPUTS[MASK_ALONE if cleaned["om"] else IMAGE_ALONE],
            "finish": self.finish.to_dict(),
        }

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": BINARY}
