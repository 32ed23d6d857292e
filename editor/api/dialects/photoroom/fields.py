"""Values that Photoroom alone writes so."""

import re
from typing import Any

from django import forms

from editor.api.requests.fields import ChoiceOfWords
from editor.engines.limits import STUDIO

PHOTO, SUBJECT = "photo", "subject"
MOST_SIDE = STUDIO.side
OutputSize = str | tuple[int, int]


class OutputSizeField(forms.CharField):
    """How large the picture is: PHOTO as the photo, SUBJECT as the subject, or two sides in pixels."""

    SIDES = re.compile(r"(\d{1,5})x(\d{1,5})")
    WORDS = {"": PHOTO, "auto": PHOTO, "originalimage": PHOTO, "croppedsubject": SUBJECT}
    default_error_messages = {
        "size": "“%(value)s” is no size. It can be auto, originalImage, croppedSubject, or sides as 800x600.",
        "side": f"A side can have 1 to {MOST_SIDE} pixels.",
    }

    def clean(self, value: Any) -> OutputSize:
        text = super().clean(value).strip().lower()
        if text in self.WORDS:
            return self.WORDS[text]
        found = self.SIDES.fullmatch(text)
        if found is None:
            raise forms.ValidationError(self.error_messages["size"], "size", {"value": text[:20]})
        width, height = int(found[1]), int(found[2])
        if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
            raise forms.ValidationError(self.error_messages["side"], "side")
        return width, height


class NeverOrAuto(ChoiceOfWords):
    """Whether something is done where it can be; "auto" is a word here, and not as if nothing was said."""

    def __init__(self, **options: Any) -> None:
        super().__init__("never", "auto", initial="never", also={"auto": "auto"}, **options)
