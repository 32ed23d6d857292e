"""What remove.bg's form is made of beside the fields of all: lengths, places, sizes of the subject."""

import re
from typing import Any

from django import forms

from editor.engines.errors import InvalidOptions
from editor.engines.io import words

PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%")


class LengthsField(forms.CharField):
    """Several lengths, each with px or %. Comes out as texts such as "10%"; a bare 0 is "0px".

    counts: how many there may be.
    """

    default_error_messages = {"lengths": "“%(value)s” cannot be read. %(example)s"}

    def __init__(self, *counts: int, example: str, **options: Any) -> None:
        self.counts, self.example = counts, example
        super().__init__(required=False, max_length=100, **options)

    def clean(self, value: Any) -> tuple[str, ...]:
        parts = str(super().clean(value)).lower().replace(",", " ").split()
        lengths = tuple("0px" if part == "0" else part for part in parts)
        try:
            for length in lengths:
                words.parse_length(length)
        except InvalidOptions as exc:
            raise self.error(value) from exc
        if lengths and len(lengths) not in self.counts:
            raise self.error(value)
        return lengths

    def error(self, value: Any) -> forms.ValidationError:
        return forms.ValidationError(
            self.error_messages["lengths"], "invalid", {"value": str(value)[:40], "example": self.example}
        )


class MarginField(LengthsField):
    """Margins of one, two or four lengths. Comes out as left, top, right, bottom: number and unit."""

    MOST = {"%": 50, "px": 500}

    def clean(self, value: Any) -> tuple[tuple[float, str], ...]:  # type: ignore[override]
        lengths = [words.parse_length(length) for length in super().clean(value) or ("0px",)]
        for number, unit in lengths:
            if number > self.MOST[unit]:
                sentence = f"A margin may have up to 50% or 500px on each side, not {number:g}{unit}."
                raise forms.ValidationError(sentence, code="invalid")
        top, right, bottom, left = (lengths * 4)[:4] if len(lengths) < 4 else lengths
        if len({unit for number, unit in lengths if number}) > 1:
            sentence = "Margins in px and in % are not mixed here. Write all of them in one of the two."
            raise forms.ValidationError(sentence, code="invalid")
        return left, top, right, bottom


class ScaleField(forms.CharField):
    """How large the subject is in its canvas. Comes out as a share, None for "original"."""

    default_error_messages = {"scale": "“%(value)s” is no scale. It can be 10%% to 100%%, or original."}

    def clean(self, value: Any) -> float | None:
        text = str(super().clean(value)).strip().lower()
        if text in ("", "original"):
            return None
        found = PERCENT.fullmatch(text)
        if found is None or not 10 <= float(found[1]) <= 100:
            raise forms.ValidationError(self.error_messages["scale"], "invalid", {"value": text[:20]})
        return float(found[1]) / 100


class PositionField(forms.CharField):
    """Where the subject is in its canvas: "original", or shares across and down; None where none is said."""

    default_error_messages = {
        "position": "“%(value)s” is no position. It can be original, center, one value from 0%% to 100%%, or "
        "two: across and down.",
    }

    def clean(self, value: Any) -> str | tuple[float, float] | None:
        text = str(super().clean(value)).strip().lower()
        if text in ("", "original"):
            return text or None
        parts = [
            PERCENT.fullmatch(part) for part in re.sub("center|centre", "50%", text).replace(",", " ").split()
        ]
        shares = [float(part[1]) / 100 for part in parts if part and float(part[1]) <= 100]
        if len(shares) != len(parts) or len(shares) not in (1, 2):
            raise forms.ValidationError(self.error_messages["position"], "invalid", {"value": text[:20]})
        return shares[0], shares[-1]


class OpacityField(forms.CharField):
    """A share in whole per cent, with or without its sign. Comes out as a share."""

    def __init__(self, *, usual: int, **options: Any) -> None:
        self.usual = usual
        super().__init__(required=False, max_length=10, initial=str(usual), **options)

    def clean(self, value: Any) -> float:
        text = str(super().clean(value)).strip().removesuffix("%") or str(self.usual)
        if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text) or float(text) > 100:
            raise forms.ValidationError(f"It can be 0 to 100, not “{text[:20]}”.", code="invalid")
        return float(text) / 100
