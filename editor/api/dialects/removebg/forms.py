"""What remove.bg's one call takes. What it asks of frame and ground becomes a finish, as the page's does."""

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from editor.api.requests.call_form import BINARY, MISSING, FinishedCallForm, Picture
from editor.api.requests.fields import (
    AlphaColourField,
    Base64Field,
    ChoiceOfWords,
    FormatField,
    PictureFileField,
    UrlField,
    YesNoField,
)
from editor.engines import errors
from editor.engines.finishing.finish import Finish
from editor.engines.io import formats, words
from editor.engines.limits import STUDIO, Limits
from editor.models import Photo
from editor.tools import Tool

from .fields import LengthsField, MarginField, OpacityField, PositionField, ScaleField

PREVIEW, MEDIUM, HD, FULL, LARGEST = 250_000, 1_500_000, 4_000_000, 25_000_000, 50_000_000
SIZES = {
    "preview": PREVIEW,
    "small": PREVIEW,
    "regular": PREVIEW,
    "medium": MEDIUM,
    "hd": HD,
    "full": FULL,
    "4k": FULL,
    "50MP": LARGEST,
    # The largest that there are credits for; every size costs the same here.
    "auto": LARGEST,
}
# What a picture is said to show, as the engine has it. A hint: what is no person is a thing.
SUBJECTS = {
    "auto": "",
    "person": "person",
    "product": "object",
    "car": "object",
    "animal": "object",
    "transportation": "object",
    # Drawn people are what is drawn.
    "graphic": "",
}
# Fields whose error is none of their own.
CODES = {
    ("image_file", "empty"): "failed_to_read_image",
    ("image_file", "too_many"): "multiple_sources",
    ("image_file_b64", "base64"): "failed_to_read_image",
    ("image_file_b64", "too_long"): "file_too_large",
    ("bg_image_file", "empty"): "failed_to_read_image",
    ("bg_image_file", "too_many"): "multiple_bg_sources",
}
SOURCES = ("image_file", "image_file_b64", "image_url")
GROUNDS = ("bg_color", "bg_image_url", "bg_image_file")
ROI = 'Write it as "0% 0% 100% 100%": left, top, right and bottom, each in % or px.'
MARGIN = "Write one margin, two (above and below, beside) or four (top, right, bottom, left), in px or %."


class RemoveBgForm(FinishedCallForm):
    """Background removal as remove.bg has it, the picture as the answer."""

    tool = Tool.CUTOUT
    limits = Limits(STUDIO.side, LARGEST, 22 * 2**20)
    most_text = Base64Field.LONGEST + 2**20
    waits = True
    sources = SOURCES
    pairs = ()
    no_image = "No picture was sent. Send image_file, image_url or image_file_b64."
    callback_url = None  # type: ignore[assignment]

    image_file = PictureFileField(help_text="The picture. Send this, image_url or image_file_b64.")
    image_url = UrlField(help_text="Address of the picture.")
    image_file_b64 = Base64Field(help_text="The picture in base64, bare or as a data URI, up to 30 MB.")
    size = ChoiceOfWords(
        *SIZES,
        initial="preview",
        help_text="Most megapixels of the answer: preview, small and regular 0.25, medium 1.5, hd 4, full "
        "and 4k 25, 50MP and auto 50.",
    )
    type = ChoiceOfWords(
        *SUBJECTS,
        initial="auto",
        also={"graphics": "graphic", "other": "auto"},
        help_text="What is kept: person people alone, all others but auto and graphic things without people.",
    )
    type_level = ChoiceOfWords(
        "none", "1", "2", "latest", initial="1", help_text="none leaves the header X-Type out."
    )
    format = FormatField(
        "auto",
        "png",
        "jpg",
        "webp",
        "zip",
        initial="auto",
        help_text="auto is png where something is see-through, else jpg. zip has color.jpg and alpha.png, "
        "and background.jpg where there is one.",
    )
    roi = LengthsField(
        4, example=ROI, help_text="x1 y1 x2 y2, each in % or px: what lies outside is background."
    )
    crop = YesNoField(help_text="true cuts off the empty rows and columns around the subject.")
    crop_margin = MarginField(
        1,
        2,
        4,
        example=MARGIN,
        help_text="Around the cropped subject, in px or % of it: one value, two or four. Up to 50% or 500px.",
    )
    scale = ScaleField(
        required=False, max_length=20, help_text="The subject's size in its canvas: 10% to 100%, or original."
    )
    position = PositionField(
        required=False,
        max_length=40,
        help_text="The subject's place: original, center, or 0% to 100%, one value or two (across, down). "
        "With a scale it is center by itself.",
    )
    channels = ChoiceOfWords("rgba", "alpha", initial="rgba", help_text="alpha is the mask alone.")
    add_shadow = YesNoField(help_text="true puts a shadow below the subject.")
    shadow_type = ChoiceOfWords(
        "",
        "none",
        "drop",
        "3D",
        "car",
        initial="",
        help_text="drop, which add_shadow has by itself. 3D and car are not done here and are refused.",
    )
    shadow_opacity = OpacityField(usual=50, help_text="The shadow's strength, 0 to 100.")
    semitransparency = YesNoField(
        initial=True, help_text="false makes half-transparent insides, such as glass, opaque."
    )
    bg_color = AlphaColourField(
        required=False,
        max_length=40,
        help_text="What it is laid on: hex of 3, 4, 6 or 8 digits, the last ones alpha, or a name.",
    )
    bg_image_url = UrlField(help_text="Address of a picture to stand behind: it covers the canvas, centred.")
    bg_image_file = PictureFileField(help_text="Such a picture in the body.")

    def judge(self, cleaned: dict[str, Any]) -> None:
        self._clean_sources(cleaned)
        self._clean_ground(cleaned)
        self._clean_region(cleaned)
        if cleaned.get("shadow_type") in ("3D", "car"):
            sentence = f"{cleaned['shadow_type']} shadows are not done here. Use drop."
            self._refuse("shadow_type", sentence, "not_done")
        if cleaned.get("channels") == "alpha" and cleaned.get("format") == "zip":
            sentence = "zip holds colour and alpha, and channels=alpha is alpha alone. Send one of them."
            self._refuse("format", sentence)
        if cleaned.get("crop") and cleaned.get("scale") is not None and self._margins_count(cleaned):
            sentence = "scale and crop_margin both say how large a cropped canvas is. Send one of them."
            self._refuse("scale", sentence)

    def _clean_sources(self, cleaned: dict[str, Any]) -> None:
        """Have exactly one picture to work on."""
        given = [name for name in SOURCES if cleaned.get(name)]
        if len(given) > 1:
            sentence = f"{' and '.join(given)} were sent. Send one of them."
            self.add_error(None, forms.ValidationError(sentence, code="multiple_sources"))

    def _clean_ground(self, cleaned: dict[str, Any]) -> None:
        """Have one ground at most."""
        given = [name for name in GROUNDS if cleaned.get(name)]
        if len(given) > 1:
            sentence = f"{' and '.join(given)} were sent. Send one of them."
            self.add_error(None, forms.ValidationError(sentence, code="multiple_bg_sources"))

    def _clean_region(self, cleaned: dict[str, Any]) -> None:
        """Judge the region as far as the picture's size is known; what is left the engine judges."""
        region, upload = cleaned.get("roi"), cleaned.get("image_file") or cleaned.get("image_file_b64")
        if not region:
            return
        # Of what is in per cent alone it does not matter.
        width = height = 1000
        if isinstance(upload, UploadedFile):
            try:
                header = formats.probe(cast(BinaryIO, upload), self.limits)
            except errors.EngineError:
                return  # it is told of with the order
            width, height = header.width, header.height
        elif any(length.endswith("px") and length != "0px" for length in region):
            return
        try:
            words.resolve_region(region, width, height)
        except errors.RegionOutside as exc:
            sentence = str(exc) if upload else "The region leaves the picture. Keep it within 100%."
            self._refuse("roi", sentence, "roi_exceeds_bounds")
        except errors.RegionEmpty as exc:
            self._refuse("roi", str(exc), "roi_region_empty")

    def _refuse(self, field: str, sentence: str, code: str = "invalid") -> None:
        self.add_error(field, forms.ValidationError(sentence, code=code))

    def _margins_count(self, cleaned: dict[str, Any]) -> bool:
        return any(number for number, _ in cleaned.get("crop_margin") or ())

    def make_finish(self, cleaned: dict[str, Any]) -> Finish:
        shadow = cleaned["add_shadow"] or (
            cleaned["shadow_type"] == "drop" and not self.data.get("add_shadow")
        )
        return Finish(
            **(self._crop(cleaned) if cleaned["crop"] else self._place(cleaned)),
            background=cleaned["bg_color"],
            shadow="drop" if shadow and cleaned["shadow_type"] != "none" else "",
            shadow_strength=cleaned["shadow_opacity"],
            format=self._choose_format(cleaned),
        )

    def _place(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return how the subject lies in the photo's own canvas."""
        scale, position = cleaned["scale"], cleaned["position"]
        if scale is None:
            moved = isinstance(position, tuple)
            return {"scaling": "keep", "align": position} if moved else {}
        across, down = position if isinstance(position, tuple) else (0.5, 0.5)
        return {
            "scaling": "fit",
            "enlarge": True,
            "align": (across, down),
            "margins": share_out(1 - scale, 1 - scale, across, down),
        }

    def _crop(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return how the subject lies in a canvas that is cut to it."""
        scale, position, margins = cleaned["scale"], cleaned["position"], cleaned["crop_margin"]
        across, down = position if isinstance(position, tuple) else (0.5, 0.5)
        if scale is not None:
            return {"canvas": "content", "margins": share_out(1 - scale, 1 - scale, across, down)}
        left, top, right, bottom = (number for number, _ in margins)
        wide, high = left + right, top + bottom
        pixels = any(unit == "px" for number, unit in margins if number)
        if not pixels:
            # From shares of the subject to shares of the canvas, which has the margins in it.
            left, right = left / (100 + wide), right / (100 + wide)
            top, bottom = top / (100 + high), bottom / (100 + high)
        around = (left, top, right, bottom)
        if isinstance(position, tuple):
            around = share_out(left + right, top + bottom, across, down)
        return {"canvas": "content", "margins": around, "margin_of": "px" if pixels else "canvas"}

    def _choose_format(self, cleaned: dict[str, Any]) -> str:
        asked: str = cleaned["format"]
        if asked not in ("auto", "zip"):
            return asked
        colour = cleaned["bg_color"]
        opaque = bool(cleaned["bg_image_url"] or cleaned["bg_image_file"]) or len(colour) == len("#rrggbb")
        return "jpg" if opaque and asked == "auto" and cleaned["channels"] == "rgba" else "png"

    def name_error(self, parameter: str, code: str) -> str:
        if parameter == "image_file" and code in MISSING:
            return "missing_source"
        if code in ("multiple_sources", "multiple_bg_sources", "roi_exceeds_bounds", "roi_region_empty"):
            return code
        return CODES.get((parameter, code), "")

    def companions(self) -> dict[str, tuple[Photo.Purpose, Picture]]:
        behind = self.cleaned_data["bg_image_file"] or self.cleaned_data["bg_image_url"]
        return {"backdrop": (Photo.Purpose.BACKDROP, behind)} if behind else {}

    def to_params(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        params: dict[str, Any] = {
            "subject": SUBJECTS[cleaned["type"]],
            "outputs": "mask" if cleaned["channels"] == "alpha" else "image",
            "finish": self.finish.to_dict(),
            "most_pixels": SIZES[cleaned["size"]],
        }
        if cleaned["scale"] is not None and cleaned["position"] == "original" and not cleaned["crop"]:
            params["rest"] = True
        if cleaned["roi"]:
            params["region"] = list(cleaned["roi"])
        if not cleaned["semitransparency"]:
            params["solid"] = True
        if cleaned["format"] == "zip":
            params["layers"] = True
        if cleaned["format"] == "auto":
            params["jpg_where_opaque"] = True
        if cleaned["channels"] == "alpha" and cleaned["format"] in ("jpg", "webp"):
            params["mask_format"] = cleaned["format"]
        return params

    def to_answer(self) -> dict[str, Any]:
        level = self.cleaned_data["type_level"]
        return {"return_type": BINARY, "tells_type": level != "none", "type": self.cleaned_data["type"]}


def share_out(wide: float, high: float, across: float, down: float) -> tuple[float, float, float, float]:
    """Return margins so wide and high together that leave a place so far across and down."""
    return wide * across, high * down, wide * (1 - across), high * (1 - down)
