"""What the endpoints' forms are made of: addresses, numbers that arrive as strings, colours, boxes."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from PIL import ImageColor

from editor.forms.fields import BackgroundField, OneFileField, Rectangle, RectanglesField
from editor.providers import ssrf_guard


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
        super().__init__(required=False, max_length=ssrf_guard.LONGEST, **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text:
            try:
                ssrf_guard.check_url(text)
            except ValueError as exc:
                raise forms.ValidationError(str(exc), code="invalid") from exc
        return text


YES = frozenset({"1", "true", "yes", "on", "y", "t"})
NO = frozenset({"0", "false", "no", "off", "n", "f"})
NONE_OF_IT = ("0", "0px", "0%", "0.0")


class ChoiceOfNumbers(forms.TypedChoiceField):
    """One of a few whole numbers; empty means the initial one, and 0 and 1 may be said as no and yes."""

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
        text = super().to_python(value).strip()
        if set(self.numbers) == {0, 1} and text.lower() in YES | NO:
            return str(int(text.lower() in YES))
        # Languages with one kind of number write 1 as 1.0.
        return re.sub(r"\.0+\Z", "", text)


class ChoiceOfWords(forms.ChoiceField):
    """One of a few words in any case; empty, or "auto", means the initial one.

    also: other words for them, in small letters.
    """

    def __init__(
        self, *words: str, initial: str, also: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        self.words = words
        self.also = {"auto": initial} | {word.lower(): word for word in words} | dict(also or {})
        listed = ", ".join(word for word in words if word)
        super().__init__(
            choices=[(word, word) for word in words],
            initial=initial,
            required=False,
            error_messages={"invalid_choice": f"It can be one of {listed}, not “%(value)s”."},
            **options,
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).strip()
        return self.also.get(self.plain(text), text)

    def clean(self, value: Any) -> str:
        return super().clean(value) or str(self.initial)

    def plain(self, text: str) -> str:
        """Return what is looked up among the words."""
        return text.lower()


class FormatField(ChoiceOfWords):
    """A file format, however it is spelled: jpg, JPEG, .png, image/webp."""

    JPG = dict.fromkeys(("jpeg", "jpe", "jfif", "pjpeg"), "jpg")

    def __init__(self, *words: str, **options: Any) -> None:
        super().__init__(*words, also=self.JPG, **options)

    def plain(self, text: str) -> str:
        return text.lower().removeprefix("image/").removeprefix("x-").removeprefix(".")


class YesNoField(forms.Field):
    """true or false, in the spellings in use; empty means the initial one."""

    def __init__(self, *, initial: bool = False, **options: Any) -> None:
        super().__init__(required=False, initial=initial, **options)

    def to_python(self, value: Any) -> bool:
        text = "" if value is None else str(value).strip().lower()
        if text and text not in YES | NO:
            raise forms.ValidationError(f"It can be true or false, not “{text[:20]}”.", code="invalid_choice")
        return text in YES if text else bool(self.initial)


class ColourField(BackgroundField):
    """A colour as style sheets write it: hex with # or without, rgb(255, 255, 255), or a name.

    Comes out as #rrggbb; "" for none and for "transparent".
    """

    default_error_messages = {
        "colour": "“%(value)s” is not a colour. Write it as #ffffff, rgb(255, 255, 255) or white.",
        "see_through": "“%(value)s” is half transparent, which is not done. Leave its last part out.",
    }
    HEX = re.compile("#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
    FUNCTION = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*(?:[/,]\s*([\d.]+%?)\s*)?\)")
    NONE = frozenset({"", "none", "transparent"})

    def clean(self, value: Any) -> str:
        text = forms.CharField.clean(self, value).strip().lower()
        if text in self.NONE:
            return ""
        levels, is_opaque = self.levels(text)
        if levels is None or max(levels) > 255:
            raise forms.ValidationError(self.error_messages["colour"], "colour", {"value": text[:30]})
        if not is_opaque:
            raise forms.ValidationError(self.error_messages["see_through"], "colour", {"value": text[:30]})
        return "#" + "".join(f"{level:02x}" for level in levels)

    def levels(self, text: str) -> tuple[tuple[int, ...] | None, bool]:
        """Return red, green and blue, None for what is no colour; and whether nothing shows through it."""
        if found := self.HEX.fullmatch(text):
            digits = found[1] if len(found[1]) > 4 else "".join(digit * 2 for digit in found[1])
            red, green, blue, *alpha = bytes.fromhex(digits)
            return (red, green, blue), alpha in ([], [255])
        if found := self.FUNCTION.fullmatch(text):
            *rgb, share = found.groups()
            return tuple(map(int, rgb)), share in (None, "100%") or re.fullmatch(
                r"1(\.0*)?", share
            ) is not None
        return (ImageColor.getrgb(text)[:3] if text in ImageColor.colormap else None), True


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
