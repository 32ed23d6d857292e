"""The form of a finish: what a cutout's frame, ground, shadow, light and file are to be."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editor.engines import errors
from editor.engines.finishing import finish as engine
from editor.engines.limits import STUDIO
from web.language.sentences import tell

from .cutout import CutoutForm
from .fields import PICTURE, TRANSPARENT, BackgroundField, OneFileField, OneFileForm

SIDES = ("left", "top", "right", "bottom")


class NumberField(forms.FloatField):
    """A number in a range that may be left out, and is then what it usually is."""

    def __init__(self, label: Any, least: float, most: float, usual: float = 0.0) -> None:
        sentence = format_lazy(
            _("{label} is a number from {least} to {most}."),
            label=label,
            least=f"{least:g}",
            most=f"{most:g}",
        )
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(
            label=label,
            required=False,
            min_value=least,
            max_value=most,
            initial=usual,
            error_messages=messages,
        )
        self.usual = usual

    def clean(self, value: Any) -> float:
        number = super().clean(value)
        return self.usual if number is None else float(number)


class RatioField(forms.CharField):
    """The proportions of a canvas, wide to high: "4:5", or the name of a sheet. Comes out as two numbers."""

    SHEETS: ClassVar[dict[str, tuple[float, float]]] = {"A4": (210, 297)}
    default_error_messages = {
        "ratio": _(
            "“%(value)s” is not a ratio. Write its width and height with a colon between, such as 4:5."
        ),
    }

    def clean(self, value: Any) -> tuple[float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        if text.upper() in self.SHEETS:
            return self.SHEETS[text.upper()]
        try:
            wide, high = (float(part) for part in text.split(":"))
        except ValueError:
            wide = high = 0.0
        if not (0.01 <= wide <= 100_000 and 0.01 <= high <= 100_000):
            raise forms.ValidationError(self.error_messages["ratio"], "ratio", {"value": text[:20]})
        return wide, high


def describe_ratio(ratio: tuple[float, float]) -> str:
    """Return a ratio as its field takes it."""
    sheet = next((name for name, sides in RatioField.SHEETS.items() if sides == tuple(ratio)), "")
    return sheet or f"{ratio[0]:g}:{ratio[1]:g}"


class FinishForm(OneFileForm):
    """A finish as the page sends it. What is left out is at its default, so an empty form changes nothing.

    Numbers are as the engine's Finish has them, but for the margin, which is in per cent of the canvas or of
    the subject's longer side, or in pixels. Without `scaling` the subject stays where it is in the photo's
    frame, is fitted into an exact canvas, and keeps its size in the others.
    """

    CANVASES: ClassVar = [
        ("photo", _("As the photo")),
        ("content", _("Cropped")),
        ("ratio", _("Ratio")),
        ("exact", _("Exact size")),
    ]
    RATIOS: ClassVar = ["1:1", "4:5", "9:16", "16:9", "A4"]
    MARGINS_OF: ClassVar = [("canvas", _("Canvas, %")), ("subject", _("Product, %")), ("px", _("Pixels"))]
    SCALINGS: ClassVar = [
        ("stay", _("As in the photo")),
        ("keep", _("Actual size")),
        ("fit", _("Fit")),
        ("fill", _("Fill")),
    ]
    USUAL_SCALING: ClassVar = {"photo": "stay", "content": "keep", "ratio": "keep", "exact": "fit"}
    SHADOWS: ClassVar = [
        ("", _("None")),
        ("contact", _("Contact")),
        ("drop", _("Drop")),
        ("reflection", _("Reflection")),
    ]
    MOST_MARGIN: ClassVar = {"canvas": 49, "subject": 100, "px": 4096}
    TOO_WIDE: ClassVar = {
        "canvas": _("A margin can be at most %(most)s %% of the canvas on each side. Make it smaller."),
        "subject": _("A margin can be at most %(most)s %% of the subject on each side. Make it smaller."),
        "px": _("A margin can be at most %(most)s pixels on each side. Make it smaller."),
    }

    canvas = forms.ChoiceField(label=_("Frame"), choices=CANVASES, required=False, initial="photo")
    ratio = RatioField(label=_("Ratio"), required=False, max_length=20, initial="1:1")
    width = forms.IntegerField(label=_("Width"), required=False)
    height = forms.IntegerField(label=_("Height"), required=False)
    margin = NumberField(_("Margin"), 0, 4096)
    # Each side by itself, instead of one margin for all.
    sides = forms.BooleanField(label=_("Each side separately"), required=False)
    margin_left = NumberField(_("Left"), 0, 4096)
    margin_top = NumberField(_("Top"), 0, 4096)
    margin_right = NumberField(_("Right"), 0, 4096)
    margin_bottom = NumberField(_("Bottom"), 0, 4096)
    margin_of = forms.ChoiceField(
        label=_("Measured on"), choices=MARGINS_OF, required=False, initial="canvas"
    )
    scaling = forms.ChoiceField(label=_("Scaling"), choices=SCALINGS, required=False)
    enlarge = forms.BooleanField(label=_("Allow enlarging"), required=False)
    align_x = NumberField(_("Across"), 0, 1, 0.5)
    align_y = NumberField(_("Down"), 0, 1, 0.5)
    rotation = NumberField(_("Rotation"), -360, 360)
    background = BackgroundField(label=_("Behind it"), required=False, max_length=20, initial=TRANSPARENT)
    backdrop = OneFileField(label=_("Picture behind it"), required=False)
    # A picture of one's own that is behind already, or was before.
    kept_backdrop = forms.UUIDField(required=False)
    backdrop_zoom = NumberField(_("Zoom"), 1, engine.MOST_ZOOM, 1)
    backdrop_x = NumberField(_("Part seen, across"), 0, 1, 0.5)
    backdrop_y = NumberField(_("Part seen, down"), 0, 1, 0.5)
    backdrop_blur = NumberField(_("Blur"), 0, 1)
    shadow = forms.ChoiceField(label=_("Shadow"), choices=SHADOWS, required=False, initial="")
    shadow_strength = NumberField(_("Strength"), 0, 1, 0.5)
    shadow_softness = NumberField(_("Softness"), 0, 1, 0.5)
    shadow_direction = NumberField(_("Direction"), -360, 360)
    exposure = NumberField(_("Exposure"), -3, 3)
    warmth = NumberField(_("Warmth"), -1, 1)
    tint = NumberField(_("Tint"), -1, 1)
    size = forms.ChoiceField(label=_("Size"), choices=CutoutForm.SIZES, required=False, initial="full")
    format = forms.ChoiceField(label=_("File"), choices=CutoutForm.FORMATS, required=False, initial="png")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("background") == PICTURE and not (
            cleaned.get("backdrop") or cleaned.get("kept_backdrop") or "backdrop" in self.errors
        ):
            self._refuse("backdrop", gettext("Choose the picture that stands behind."), "required")
        margin_of = cleaned.get("margin_of") or "canvas"
        most = self.MOST_MARGIN[margin_of]
        counting = self._list_margins(cleaned)
        for name in {"margin", *(f"margin_{side}" for side in SIDES)} - set(counting):
            # What nobody sees says nothing, and a wrong one is left out.
            self.errors.pop(name, None)
            cleaned[name] = 0.0
        for name in dict.fromkeys(counting):
            if cleaned.get(name, 0) > most:
                self._refuse(name, self.TOO_WIDE[margin_of] % {"most": most})
        if cleaned.get("canvas") == "ratio" and cleaned.get("ratio") is None and "ratio" not in self.errors:
            self._refuse("ratio", gettext("Say which ratio the canvas is to have, such as 4:5."), "required")
        self._clean_sides(cleaned)
        if not self.errors:
            try:
                self.finish = self._make_finish(cleaned)
            except errors.InvalidOptions as exc:
                self.add_error(None, forms.ValidationError(tell(exc), code="finish"))
        return cleaned

    @staticmethod
    def _list_margins(cleaned: dict[str, Any]) -> list[str]:
        """Return the fields of the left, top, right and bottom margin, which may be one for all of them."""
        return [f"margin_{side}" if cleaned.get("sides") else "margin" for side in SIDES]

    def _clean_sides(self, cleaned: dict[str, Any]) -> None:
        """Check the sides of an exact canvas; those of others say nothing, and a wrong one is left out."""
        if cleaned.get("canvas") != "exact":
            for name in ("width", "height"):
                self.errors.pop(name, None)
                cleaned[name] = None
            return
        for name in ("width", "height"):
            side = cleaned.get(name)
            if name in self.errors or side is None or not 1 <= side <= STUDIO.side:
                self.errors.pop(name, None)
                sentence = {
                    "width": gettext("The canvas's width is a whole number of pixels from 1 to %(side)s."),
                    "height": gettext("The canvas's height is a whole number of pixels from 1 to %(side)s."),
                }[name] % {"side": intcomma(STUDIO.side)}
                self._refuse(name, sentence, "side")

    def _refuse(self, field: str, sentence: str, code: str = "max_value") -> None:
        self.add_error(field, forms.ValidationError(sentence, code=code))

    def _make_finish(self, cleaned: dict[str, Any]) -> engine.Finish:
        canvas = cleaned["canvas"] or "photo"
        margin_of = cleaned["margin_of"] or "canvas"
        names = self._list_margins(cleaned)
        # 8 / 100 is 0.08, where 8 * 0.01 need not be.
        left, top, right, bottom = (cleaned[name] / (1 if margin_of == "px" else 100) for name in names)
        background = cleaned["background"]
        return engine.Finish(
            canvas=canvas,
            ratio=cleaned["ratio"] or (1, 1),
            width=cleaned["width"] or 0,
            height=cleaned["height"] or 0,
            margins=(left, top, right, bottom),
            margin_of=margin_of,
            scaling=cleaned["scaling"] or self.USUAL_SCALING[canvas],
            enlarge=cleaned["enlarge"],
            align=(cleaned["align_x"], cleaned["align_y"]),
            rotation=cleaned["rotation"],
            background="" if background in (TRANSPARENT, PICTURE) else background,
            backdrop_zoom=cleaned["backdrop_zoom"],
            backdrop_at=(cleaned["backdrop_x"], cleaned["backdrop_y"]),
            backdrop_blur=cleaned["backdrop_blur"],
            shadow=cleaned["shadow"],
            shadow_strength=cleaned["shadow_strength"],
            shadow_softness=cleaned["shadow_softness"],
            shadow_direction=cleaned["shadow_direction"],
            exposure=cleaned["exposure"],
            warmth=cleaned["warmth"],
            tint=cleaned["tint"],
            size=cleaned["size"] or "full",
            format=cleaned["format"] or "png",
        )

    def to_finish(self) -> engine.Finish:
        """Return the finish of a valid form, without the picture behind, which has a row of its own."""
        return self.finish

    @property
    def backdrop_upload(self) -> UploadedFile | None:
        """The picture to stand behind, where one came along and is meant."""
        return self.cleaned_data["backdrop"] if self.cleaned_data["background"] == PICTURE else None

    @property
    def backdrop_before(self) -> uuid.UUID | None:
        """The row of a picture that was behind before, where that is meant and no new one came along."""
        meant = self.cleaned_data["background"] == PICTURE and not self.cleaned_data["backdrop"]
        return self.cleaned_data["kept_backdrop"] if meant else None


class FramesForm(forms.Form):
    """Which frames a picture is wanted in, all in one download."""

    ratio = forms.MultipleChoiceField(
        choices=[(ratio, ratio) for ratio in FinishForm.RATIOS],
        error_messages={
            "required": _("Choose the frames that you want."),
            "invalid_choice": format_lazy(
                _("The frames on offer are {ratios}."), ratios=", ".join(FinishForm.RATIOS)
            ),
        },
    )

    def read_ratios(self) -> dict[str, tuple[float, float]]:
        """Return the ratios of a valid form, each once, by what files are named for them."""
        field = RatioField()
        chosen = dict.fromkeys(self.cleaned_data["ratio"])
        return {text.replace(":", "x"): field.clean(text) or (1, 1) for text in chosen}


def read_fields(finish: engine.Finish, backdrop: uuid.UUID | None = None) -> dict[str, Any]:
    """Return the form's values that make this finish, with this picture behind it."""
    # To what a person may have typed: 0.07 * 100 is a little more than 7.
    margins = [one if finish.margin_of == "px" else round(one * 100, 6) for one in finish.margins]
    sides = dict(zip((f"margin_{side}" for side in SIDES), margins, strict=True))
    return {
        "canvas": finish.canvas,
        "ratio": describe_ratio(finish.ratio),
        "width": finish.width or None,
        "height": finish.height or None,
        "margin": margins[0],
        "sides": len(set(margins)) > 1,
        **sides,
        "margin_of": finish.margin_of,
        "scaling": finish.scaling,
        "enlarge": finish.enlarge,
        "align_x": finish.align[0],
        "align_y": finish.align[1],
        "rotation": finish.rotation,
        "background": PICTURE if backdrop else finish.background,
        "kept_backdrop": backdrop,
        "backdrop_zoom": finish.backdrop_zoom,
        "backdrop_x": finish.backdrop_at[0],
        "backdrop_y": finish.backdrop_at[1],
        "backdrop_blur": finish.backdrop_blur,
        "shadow": finish.shadow,
        "shadow_strength": finish.shadow_strength,
        "shadow_softness": finish.shadow_softness,
        "shadow_direction": finish.shadow_direction,
        "exposure": finish.exposure,
        "warmth": finish.warmth,
        "tint": finish.tint,
        "size": finish.size,
        "format": finish.format,
    }
