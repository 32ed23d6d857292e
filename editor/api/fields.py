"""What the endpoints' forms are made of: addresses, numbers that arrive as strings, colours, boxes."""

import re
from typing import Any

from django import forms
from PIL import ImageColor

from editor.forms.fields import BackgroundField, OneFileField, Rectangle, RectanglesField
from editor.providers import guard


class PictureFileField(OneFileField):
    """A picture in the body. Whether it is one is judged with the order, not as a wrong parameter."""

    default_error_messages = {
        "empty": "The file is empty. Send a picture.",
        "too_many": "Several files were sent. Send one.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_empty_file=False, **options)


class UrlField(forms.CharField):
    """The address of a picture or of a callback; where it leads is judged by whoever goes there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=guard.LONGEST, **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text:
            try:
                guard.checked_url(text)
            except ValueError as exc:
                raise forms.ValidationError(str(exc), code="invalid") from exc
        return text


class ChoiceOfNumbers(forms.TypedChoiceField):
    """One of a few whole numbers; empty means the initial one."""

    def __init__(self, *numbers: int, initial: int, **options: Any) -> None:
        self.numbers = numbers
        listed = " or ".join([", ".join(str(number) for number in numbers[:-1]), str(numbers[-1])])
        super().__init__(
            choices=[(number, str(number)) for number in numbers],
            coerce=int,
            empty_value=initial,  # type: ignore[arg-type]
            initial=initial,
            required=False,
            error_messages={"invalid_choice": f"It can be {listed}, not “%(value)s”."},
            **options,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip() if isinstance(value, str) else value)


class ChoiceOfWords(forms.ChoiceField):
    """One of a few words; empty means the initial one."""

    def __init__(self, *words: str, initial: str, **options: Any) -> None:
        self.words = words
        listed = ", ".join(word for word in words if word)
        super().__init__(
            choices=[(word, word) for word in words],
            initial=initial,
            required=False,
            error_messages={"invalid_choice": f"It can be one of {listed}, not “%(value)s”."},
            **options,
        )

    def clean(self, value: Any) -> str:
        return super().clean(value.strip() if isinstance(value, str) else value) or str(self.initial)


class YesNoField(forms.Field):
    """true or false, in the spellings in use; empty means no."""

    WORDS = {"true": True, "1": True, "yes": True, "on": True}
    WORDS |= {"false": False, "0": False, "no": False, "off": False, "": False}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, initial=False, **options)

    def to_python(self, value: Any) -> bool:
        text = "" if value is None else str(value).strip().lower()
        if text not in self.WORDS:
            raise forms.ValidationError(f"It can be true or false, not “{text[:20]}”.", code="invalid_choice")
        return self.WORDS[text]


class ColourField(BackgroundField):
    """A colour as seed 004 takes it: hex, rgb(255, 255, 255), or a name. Comes out as #rrggbb."""

    default_error_messages = {
        "colour": "“%(value)s” is not a colour. Write it as #ffffff, rgb(255, 255, 255) or white.",
    }
    # What Pillow reads besides, such as hsl() and percentages, is not promised.
    SPELLINGS = re.compile(r"[a-z]+|#[0-9a-f]{3}|#[0-9a-f]{6}|rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)")

    def clean(self, value: Any) -> str:
        text = forms.CharField.clean(self, value).strip().lower()
        if not text:
            return ""
        bare = f"#{text}" if re.fullmatch("[0-9a-f]{3}|[0-9a-f]{6}", text) else text
        try:
            if not self.SPELLINGS.fullmatch(bare):
                raise ValueError
            levels = ImageColor.getrgb(bare)
        except ValueError as exc:
            raise forms.ValidationError(
                self.error_messages["colour"], "colour", {"value": text[:30]}
            ) from exc
        if max(levels) > 255:
            raise forms.ValidationError(self.error_messages["colour"], "colour", {"value": text[:30]})
        return "#" + "".join(f"{level:02x}" for level in levels[:3])


class BoxesField(RectanglesField):
    """The page's boxes; their numbers may have come as strings, as all of a program's may."""

    def rectangle(self, number: int, box: dict[str, Any]) -> Rectangle:
        return super().rectangle(number, {side: _number(box.get(side)) for side in self.SIDES})


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value
