"""The scene tool's form: a scene, words or a photo of one's own, and how the product stands there."""

import math
import random
import unicodedata
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from editor import scenes
from editor.engines.errors import InvalidOptions, PromptNotUnderstood
from editor.engines.scenes import framing, prompt, true_size
from editor.remote import routing
from editor.tools import Tool

from .cutout import CutoutForm
from .fields import HEX_COLOUR, OneFileField, OneFileForm

MOST_SEED = 2**31 - 1
# Characters that nobody types: they would only hide what a prompt says, or upset a database.
UNSEEN = {"Cc", "Cs", "Co", "Cn"}


class PromptField(forms.CharField):
    """Words about a scene, in any language, on one line and without control characters.

    strip_to_limit: whether what is too long is cut off rather than refused.
    """

    MOST = 1024
    widget = forms.Textarea
    default_error_messages = {
        "max_length": _("This has %(show_value)d characters; at most 1024 are read. Shorten it."),
    }

    def __init__(self, *, strip_to_limit: bool = False, **options: Any) -> None:
        super().__init__(max_length=self.MOST, required=False, **options)
        self.strip_to_limit = strip_to_limit

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        seen = "".join(" " if unicodedata.category(one) in UNSEEN else one for one in text)
        words = " ".join(seen.split())
        return words[: self.MOST] if self.strip_to_limit else words


class ColourField(forms.CharField):
    """A colour as hex digits, which comes out as #rrggbb; empty for as the scene has it."""

    default_error_messages = {
        "colour": _("“%(value)s” is not a colour. Write it as six hex digits, such as #c96f4a."),
    }

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        match = HEX_COLOUR.match(text)
        if match is None:
            raise forms.ValidationError(self.error_messages["colour"], "colour", {"value": text[:20]})
        digits = match[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


class PlaceField(forms.CharField):
    """Where the product stands and how large it is: "x,y,scale" as sets.framing has it, or nothing.

    x and y: the middle of its foot as shares of the picture's width and height. Comes out as a list of
    three floats, None for as the scene has it.
    """

    default_error_messages = {
        "place": _("The place cannot be read. Send it as x,y,scale, such as 0.5,0.8,0.6."),
        "outside": _("This place is outside of what is possible: %(why)s"),
    }

    def clean(self, value: Any) -> list[float] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError as exc:
            raise forms.ValidationError(self.error_messages["place"], code="place") from exc
        if len(numbers) != 3 or not all(math.isfinite(number) for number in numbers):
            raise forms.ValidationError(self.error_messages["place"], code="place")
        x, y, scale = (round(number, 4) for number in numbers)
        try:
            return [*framing.check_place((x, y, scale))]
        except InvalidOptions as exc:
            raise forms.ValidationError(self.error_messages["outside"], "outside", {"why": exc}) from exc


class SceneForm(OneFileForm):
    """A scene by its number, in words, or as a photo of one's own; how the product stands in it.

    page: asked on the page, where a photo may be the scene, `by` says which of the three ways is
    meant, and words that say nothing are refused. A program's are taken, and its task fails (-17).
    """

    WAYS = [("scene", _("Pick one")), ("words", _("Describe it")), ("photo", _("Your photo"))]
    ASPECTS = [
        ("", _("As is")),
        ("1:1", "1:1"),
        ("4:5", "4:5"),
        ("9:16", "9:16"),
        ("16:9", "16:9"),
    ]
    COPY_SPACES = [("", _("None")), ("left", _("Left")), ("right", _("Right")), ("top", _("Above"))]
    TAKES = [(1, _("One")), (2, _("Two"))]
    SIZES = [(1024, _("1024 px")), (1536, _("1536 px")), (2048, _("2048 px"))]
    COLOURS = ("surface", "backdrop", "accent")
    DEFAULT_FLOOR = 0.8
    DEFAULT_RELIGHT = 60

    by = forms.ChoiceField(label=_("The scene"), choices=WAYS, required=False, widget=forms.RadioSelect)
    scene_type = forms.IntegerField(
        required=False,
        error_messages={
            "invalid": _("A scene is named by its number, such as 105. Choose one from the list.")
        },
    )
    prompt = PromptField(label=_("What it looks like"))
    negative_prompt = PromptField(label=_("Without"))
    backdrop = OneFileField(label=_("Your photo of the place"), required=False)
    kept_backdrop = forms.UUIDField(required=False)
    floor = forms.FloatField(
        required=False,
        min_value=0.05,
        max_value=1.0,
        error_messages={
            "invalid": _("The floor line is a share of the height, such as 0.8."),
            "min_value": _("The floor line is above the picture. Drag it down."),
            "max_value": _("The floor line is below the picture. Drag it up."),
        },
    )
    batch_size = forms.TypedChoiceField(
        label=pgettext_lazy("how many", "Takes"),
        choices=TAKES,
        coerce=int,
        empty_value=None,
        initial=2,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("One or two pictures can be made at once, not %(value)s.")},
    )
    aspect = forms.ChoiceField(
        label=_("Shape"), choices=ASPECTS, initial="", required=False, widget=forms.RadioSelect
    )
    size = forms.IntegerField(
        label=_("Longer side"),
        required=False,
        min_value=256,
        max_value=2048,
        error_messages={
            "invalid": _("The size is the longer side in pixels, such as 1024."),
            "min_value": _("A picture has at least 256 pixels on its longer side."),
            "max_value": _("A picture has at most 2048 pixels on its longer side."),
        },
    )
    copy_space = forms.ChoiceField(
        label=_("Room for text"), choices=COPY_SPACES, initial="", required=False, widget=forms.RadioSelect
    )
    place = PlaceField(required=False, max_length=80)
    match = forms.BooleanField(label=_("Match the light"), required=False)
    relight = forms.IntegerField(
        label=_("Scene’s light on it"),
        required=False,
        min_value=0,
        max_value=100,
        error_messages={
            "invalid": _("The scene's light on the product is a whole number of percent, such as 60."),
            "min_value": _("The scene's light on the product goes from 0 percent."),
            "max_value": _("The scene's light on the product goes up to 100 percent."),
        },
    )
    exact = forms.BooleanField(label=_("Exact pixels"), required=False)
    size_cm = forms.FloatField(
        label=_("The product’s longer side"),
        required=False,
        min_value=true_size.SMALLEST,
        max_value=true_size.LARGEST,
        error_messages={
            "invalid": _("The product's longer side is a number of centimetres, such as 22."),
            "min_value": _("A product has at least 0.3 centimetres. Measure its longer side."),
            "max_value": _("A product has at most 1000 centimetres. Measure its longer side in centimetres."),
        },
    )
    surface = ColourField(label=pgettext_lazy("of a scene", "Ground"), required=False, max_length=20)
    backdrop_colour = ColourField(label=_("Behind"), required=False, max_length=20)
    accent = ColourField(label=_("Accent"), required=False, max_length=20)
    # Kept in what a take is ordered with as the engine has it.
    provenance = forms.BooleanField(label=_("Say its origin in the file"), required=False)
    seed = forms.IntegerField(required=False, min_value=0, max_value=MOST_SEED)
    format = forms.ChoiceField(
        label=_("File"), choices=CutoutForm.FORMATS, initial="jpg", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, page: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.page = page
        self.understood: prompt.Understanding | None = None

    def clean_scene_type(self) -> int | None:
        number: int | None = self.cleaned_data["scene_type"]
        # What is not asked for is not judged: on the page another way may be in hand.
        if number is None or self.data.get("by", "scene") != "scene" or scenes.is_offered(number):
            return number
        raise forms.ValidationError(
            gettext("Scene %(number)s is not offered. Choose another one from the list.")
            % {"number": number},
            code="unknown_scene",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ways = [way for way in ("scene_type", "prompt") if cleaned.get(way) not in (None, "")]
        ways += ["backdrop"] if cleaned.get("backdrop") or cleaned.get("kept_backdrop") else []
        wrong = [way for way in ("scene_type", "prompt", "backdrop") if way in self.errors]
        by = cleaned.get("by")
        if self.page and by:
            meant = {"scene": "scene_type", "words": "prompt", "photo": "backdrop"}[by]
            for way in wrong:
                if way != meant:
                    del self.errors[way]
            ways, wrong = [way for way in ways if way == meant], [way for way in wrong if way == meant]
        if not ways and not wrong:
            raise forms.ValidationError(self.neither(by), code="neither")
        if len({*ways, *wrong}) > 1:
            sentence = gettext("A prompt or a scene_type: one of them is meant, not both. Leave one out.")
            raise forms.ValidationError(sentence, code="both")
        cleaned["way"] = (ways or wrong)[0]
        if cleaned["way"] == "prompt" and not wrong and "negative_prompt" not in self.errors:
            self.read_prompt()
        return cleaned

    def read_prompt(self) -> None:
        """Find out what the words mean."""
        try:
            self.understood = prompt.understand(
                self.cleaned_data["prompt"], self.cleaned_data["negative_prompt"]
            )
        except PromptNotUnderstood as exc:
            # Another service has a vocabulary of its own: there the words go as they are.
            if self.page and not routing.find_way(Tool.SCENE).provider:
                self.add_error("prompt", forms.ValidationError(str(exc), code="not_understood"))

    def neither(self, by: str | None) -> str:
        if not self.page:
            return gettext("Neither a prompt nor a scene_type was sent. Send one of them.")
        return {
            "words": gettext("Say what the scene looks like first: a place, a surface, a light."),
            "photo": gettext("Choose a photo of your own first."),
        }.get(by or "", gettext("Choose a scene first."))

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options, and what was said, for people.

        Without the photo behind, which has a row of its own. A prompt that says nothing brings no plan.
        """
        cleaned = self.cleaned_data
        seed = cleaned["seed"]
        if seed is None:
            seed = random.randrange(MOST_SEED)  # noqa: S311  (a picture's variation, no secret)
        params: dict[str, Any] = {
            "seed": seed,
            # A photo of one's own has one light and one view: there is but one take of it.
            "takes": 1 if cleaned["way"] == "backdrop" else cleaned["batch_size"] or 2,
            "size": cleaned["size"] or settings.SCENE_SIDE,
            "format": cleaned["format"] or "jpg",
        }
        if cleaned["way"] == "scene_type":
            params["scene"] = cleaned["scene_type"]
        elif cleaned["way"] == "backdrop":
            params["floor"] = self.DEFAULT_FLOOR if cleaned["floor"] is None else cleaned["floor"]
        elif self.understood is not None:
            plan = self.understood.plan(seed)
            params["plan"] = plan.to_dict()
            if cleaned["size_cm"] is not None:
                plan = true_size.fit_to_size(plan, cleaned["size_cm"])
            params["account"] = self.understood.account(plan).to_dict()
        if cleaned["way"] == "prompt":
            params["prompt"] = cleaned["prompt"]
        if cleaned["provenance"]:
            params["provenance"] = "source"
        colours = {"surface": "surface", "backdrop_colour": "backdrop", "accent": "accent"}
        asked = {option: cleaned[field] for field, option in colours.items()}
        # A photo of one's own has the colours and the things that it has.
        if cleaned["way"] != "backdrop":
            params |= asked | {"negative_prompt": cleaned["negative_prompt"]}
            params["size_cm"] = cleaned["size_cm"]
            params["relight"] = 0.0 if cleaned["exact"] else (cleaned["relight"] or 0) / 100
        for name in ("aspect", "copy_space", "place", "match"):
            params[name] = cleaned[name]
        if cleaned["way"] == "prompt" and self.understood is not None:
            # Words ask for them where nothing was picked.
            params["aspect"] = cleaned["aspect"] or self.understood.aspect
            params["copy_space"] = cleaned["copy_space"] or self.understood.copy_space
        return {name: value for name, value in params.items() if value not in (None, "", False)}

    @property
    def backdrop_upload(self) -> UploadedFile | None:
        """The photo that is to be the scene, where one came along."""
        return self.cleaned_data["backdrop"] if self.cleaned_data["way"] == "backdrop" else None

    @property
    def backdrop_before(self) -> uuid.UUID | None:
        """The row of a photo that was a scene before, where that is meant and no new one came along."""
        meant = self.cleaned_data["way"] == "backdrop" and not self.cleaned_data["backdrop"]
        return self.cleaned_data["kept_backdrop"] if meant else None
