"""What the endpoints' forms are made of: addresses, numbers that arrive as strings, colours, boxes."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
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


class TextOrFile(forms.Widget):
    """Takes a value that came as text, or as a file since it was too long for text."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name) or data.get(name)


class Base64Field(forms.Field):
    """A picture written in base64, bare or as a data URI. Comes out as the file, None where nothing was sent.

    Spaces stand for the plus signs that a form without escapes lost; line breaks mean nothing.
    """

    LONGEST = 30 * 2**20  # characters
    default_error_messages = {
        "base64": "This is no base64. Send the picture's bytes in base64, bare or as data:image/png;base64,…",
        "too_long": "This base64 has more than 30 MB. Send the picture as a file, or a smaller one.",
    }
    widget = TextOrFile
    PREFIX = re.compile(rb"\s*data:[^,]{0,200},", re.IGNORECASE)
    ALPHABET = bytes.maketrans(b"-_ ", b"+/+")

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> UploadedFile | None:
        if not value:
            return None
        if isinstance(value, UploadedFile) and value.size is not None and value.size > self.LONGEST:
            raise self.error("too_long")
        if isinstance(value, UploadedFile):
            value.seek(0)
        text = value.read() if isinstance(value, UploadedFile) else str(value).encode()
        if not text.strip():
            return None  # a field that was left empty
        if len(text) > self.LONGEST:
            raise self.error("too_long")
        if isinstance(value, UploadedFile) and not text.isascii():
            # The part said that it was in base64, and so it has been decoded already.
            return SimpleUploadedFile("picture", text)
        if found := self.PREFIX.match(text):
            text = text[found.end() :]
        text = text.strip().translate(self.ALPHABET, b"\r\n\t").rstrip(b"=")
        try:
            content = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
        except ValueError as exc:
            raise self.error("base64") from exc
        if not content:
            raise self.error("base64")
        return SimpleUploadedFile("picture", content)

    def error(self, code: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code)


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
WHOLE = ("full", "auto", "original", "4k", "50mp")


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
    BARE = re.compile(r"\d{1,3}(\s*,\s*\d{1,3}){2}")  # as scripts write it
    NONE = frozenset({"", "none", "transparent"})
    takes_alpha = False

    def clean(self, value: Any) -> str:
        text = forms.CharField.clean(self, value).strip().lower()
        if text in self.NONE:
            return ""
        levels, alpha = self.levels(re.sub(r"\A(0x|%23)", "#", text))
        if levels is not None and alpha == 0 and not self.takes_alpha:
            return ""  # nothing of it is seen
        if levels is None or max(*levels, alpha) > 255:
            raise forms.ValidationError(self.error_messages["colour"], "colour", {"value": text[:30]})
        if alpha != 255 and not self.takes_alpha:
            raise forms.ValidationError(self.error_messages["see_through"], "colour", {"value": text[:30]})
        return "#" + "".join(f"{level:02x}" for level in (*levels, *([] if alpha == 255 else [alpha])))

    def levels(self, text: str) -> tuple[tuple[int, ...] | None, int]:
        """Return red, green and blue, None for what is no colour; and its alpha, all in 0..255."""
        if found := self.HEX.fullmatch(text):
            digits = found[1] if len(found[1]) > 4 else "".join(digit * 2 for digit in found[1])
            red, green, blue, *alpha = bytes.fromhex(digits)
            return (red, green, blue), alpha[0] if alpha else 255
        if found := self.FUNCTION.fullmatch(f"rgb({text})" if self.BARE.fullmatch(text) else text):
            *rgb, share = found.groups()
            return tuple(map(int, rgb)), self.read_share(share)
        return (ImageColor.getrgb(text)[:3] if text in ImageColor.colormap else None), 255

    def read_share(self, share: str | None) -> int:
        """Return the alpha in 0..255 of what a function's last part says, or more for what is none."""
        if share is None:
            return 255
        try:
            return round(255 * (float(share[:-1]) / 100 if share.endswith("%") else float(share)))
        except ValueError:
            return 256


class AlphaColourField(ColourField):
    """A colour that may be half transparent: hex of four or eight digits, or rgba(). Then as #rrggbbaa."""

    takes_alpha = True


class EachOfThem(forms.TextInput):
    """Takes a list that came whole, or piece by piece under the one name, as one JSON list."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        pieces = [text.strip() for text in given if text]
        if len(pieces) < 2 and not "".join(pieces).startswith("{"):
            return data.get(name)
        bare = [text[1:-1] if text.startswith("[") and text.endswith("]") else text for text in pieces]
        return f"[{','.join(filter(None, bare))}]"


class BoxesField(RectanglesField):
    """The page's boxes; their numbers may have come as strings, as all of a program's may, and one alone."""

    widget = EachOfThem

    def rectangle(self, number: int, box: dict[str, Any]) -> Rectangle:
        return super().rectangle(number, {side: _number(box.get(side)) for side in self.SIDES})


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value
