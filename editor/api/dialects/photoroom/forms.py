"""What Photoroom's addresses take, in its names and values: a segment, and the framing part of an edit."""

from typing import Any, ClassVar

from django import forms

from editor.api.requests.call_form import BINARY, IMAGE_ALONE, MASK_ALONE, OUTPUTS, FinishedCallForm, Picture
from editor.api.requests.fields import (
    AlphaColourField,
    Base64Field,
    ChoiceOfWords,
    FormatField,
    PictureFileField,
    UrlField,
    YesNoField,
)
from editor.api.requests.framing import PIXELS, SHARE, Length, LengthField, SideField, Sides, nest
from editor.engines import errors
from editor.engines.finishing.finish import Finish
from editor.engines.limits import STUDIO, Limits
from editor.models import Photo
from editor.tools import Tool

from .fields import MOST_SIDE, PHOTO, SUBJECT, NeverOrAuto, OutputSizeField

# Pixels of each size.
SIZES = {"preview": 250_000, "medium": 1_500_000, "hd": 4_000_000, "full": 36_000_000}
FORMATS = ("png", "jpg", "webp")
MOST_LENGTH = {SHARE: 0.49, PIXELS: 4096.0}
SIDES = ("Left", "Top", "Right", "Bottom")
ACROSS = {"left": 0.0, "center": 0.5, "right": 1.0}
DOWN = {"top": 0.0, "center": 0.5, "bottom": 1.0}
# Its shadows, each as the nearest of ours.
SHADOWS: dict[str, dict[str, Any]] = {
    "ai.soft": {"shadow": "contact", "shadow_softness": 0.8},
    "ai.preset-soft": {"shadow": "contact", "shadow_softness": 0.8},
    "ai.hard": {"shadow": "contact", "shadow_softness": 0.2},
    "ai.preset-hard": {"shadow": "contact", "shadow_softness": 0.2},
    "ai.floating": {"shadow": "drop"},
}


class PhotoroomForm(FinishedCallForm):
    """What both have: a cutout that is finished, and comes as the answer."""

    tool = Tool.CUTOUT
    limits = Limits(STUDIO.side, STUDIO.pixels, 30 * 2**20)
    image_url = None  # type: ignore[assignment]
    callback_url = None  # type: ignore[assignment]
    pairs: ClassVar[tuple[tuple[str, str], ...]] = ()
    waits = True

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": BINARY}


class SegmentForm(PhotoroomForm):
    """A background removed."""

    sources = ("image_file", "image_file_b64")
    most_text = Base64Field.LONGEST + 2**20
    no_image = "No picture was sent. Send it as image_file."

    image_file = PictureFileField(help_text="The picture.")
    image_file_b64 = Base64Field(help_text="Or the picture in base64, bare or as a data URI.")
    format = FormatField(*FORMATS, initial="png", help_text="Of the answer. jpg has no transparency.")
    channels = ChoiceOfWords(
        "rgba", "alpha", initial="rgba", help_text="alpha is the mask alone, the subject white."
    )
    bg_color = AlphaColourField(
        required=False, max_length=40, help_text="What it is laid on: #FF00FF, #FF00FF80 or red."
    )
    size = ChoiceOfWords(
        *SIZES,
        initial="full",
        help_text="Megapixels that the answer may have: preview 0.25, medium 1.5, hd 4, full 36.",
    )
    crop = YesNoField(help_text="true crops to the subject.")
    despill = YesNoField(
        help_text="The old background is taken out of the edges' colours in any case, a green one too."
    )

    def make_finish(self, cleaned: dict[str, Any]) -> Finish:
        return Finish(
            canvas="content" if cleaned["crop"] else "photo",
            background=cleaned["bg_color"],
            format=cleaned["format"],
        )

    def to_params(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "subject": "",
            "outputs": OUTPUTS[MASK_ALONE if cleaned["channels"] == "alpha" else IMAGE_ALONE],
            "finish": self.finish.to_dict(),
            "most_pixels": SIZES[cleaned["size"]],
        }


class EditForm(PhotoroomForm):
    """The framing part of an edit: how the subject lies on its canvas, what is behind it, and the file."""

    sources = ("imageFile", "imageUrl")
    no_image = "No picture was sent. Send it as imageFile, or where it is as imageUrl."
    image_file = None  # type: ignore[assignment]
    pairs = (("imageUrl", "imageFile"), ("background.imageUrl", "background.imageFile"))

    imageFile = PictureFileField(help_text="The picture.")  # noqa: N815 - the service's names
    imageUrl = UrlField(help_text="Or where it is to be fetched.")  # noqa: N815
    removeBackground = YesNoField(  # noqa: N815
        initial=True, help_text="false leaves the picture whole, and frames it alone."
    )
    outputSize = OutputSizeField(  # noqa: N815
        required=False,
        max_length=30,
        help_text="auto and originalImage have the picture's size, croppedSubject the subject's with its "
        "margins, 800x600 just that.",
    )
    maxWidth = SideField(  # noqa: N815
        MOST_SIDE, help_text="The picture is made smaller so that it is no wider. Not with 800x600."
    )
    maxHeight = SideField(MOST_SIDE, help_text="Likewise no higher.")  # noqa: N815
    vars().update(
        {
            f"{name}{side}": LengthField(MOST_LENGTH, help_text=about.format(where))
            for name, about in (
                ("margin", "Around the subject{}: a share of the picture such as 0.1 or 10%, or 20px."),
                (
                    "padding",
                    "The same within the margin{}; not heeded where the picture itself cuts the subject off.",
                ),
            )
            for side, where in (
                ("", " on each side"),
                ("Left", " on the left"),
                ("Top", " above"),
                ("Right", " on the right"),
                ("Bottom", " below"),
            )
        }
    )
    scaling = ChoiceOfWords(
        "fit", "fill", initial="fit", help_text="Whether the subject lies within its margins or covers them."
    )
    horizontalAlignment = ChoiceOfWords(  # noqa: N815
        "", *ACROSS, initial="", help_text="Where there is room; in the middle where nothing is said."
    )
    verticalAlignment = ChoiceOfWords("", *DOWN, initial="", help_text="Likewise.")  # noqa: N815
    referenceBox = ChoiceOfWords(  # noqa: N815
        "subjectBox",
        "originalImage",
        initial="subjectBox",
        help_text="What is framed: the subject, or the whole picture around it.",
    )
    ignorePaddingAndSnapOnCroppedSides = YesNoField(  # noqa: N815
        initial=True,
        help_text="Whether a subject that the picture cuts off lies at that edge, without padding.",
    )
    keepExistingAlphaChannel = NeverOrAuto(  # noqa: N815
        help_text="auto cuts out by the transparency that the picture has, where it has some.",
    )
    preserveMetadata = ChoiceOfWords(  # noqa: N815
        "never", initial="never", help_text="What a file tells of its making is never kept."
    )
    vars().update(
        {
            "background.color": AlphaColourField(
                required=False,
                max_length=40,
                help_text="What is behind: FF0000, FF0000EE or red. Else nothing is.",
            ),
            "background.imageUrl": UrlField(help_text="Address of a picture behind."),
            "background.imageFile": PictureFileField(help_text="A picture behind."),
            "background.scaling": ChoiceOfWords(
                "fill", initial="fill", help_text="It covers the canvas, centred."
            ),
            "shadow.mode": ChoiceOfWords(
                "",
                *SHADOWS,
                initial="",
                help_text="A shadow: soft and hard ones where the subject stands, floating one below it.",
            ),
            "export.format": FormatField(*FORMATS, initial="png", help_text="Of the answer."),
            "export.dpi": forms.IntegerField(
                required=False,
                min_value=72,
                max_value=1200,
                help_text="Pixels per inch that the file asks to be printed at, 72 to 1200.",
            ),
        }
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not isinstance(cleaned["outputSize"], str):
            for name in ("maxWidth", "maxHeight"):
                if cleaned[name]:
                    self.add_error(
                        name, "This goes with originalImage and croppedSubject alone. Leave it out."
                    )
        if not cleaned["removeBackground"]:
            for name in ("background.imageUrl", "background.imageFile", "shadow.mode"):
                if cleaned[name]:
                    self.add_error(name, "Without removeBackground there is nothing it could be seen behind.")
        return cleaned

    def make_finish(self, cleaned: dict[str, Any]) -> Finish:
        size = cleaned["outputSize"]
        is_subject = cleaned["removeBackground"] and cleaned["referenceBox"] == "subjectBox"
        margins, self.snap, margin_of = self.find_margins(cleaned)
        asked: dict[str, Any] = {"canvas": {PHOTO: "photo", SUBJECT: "content"}.get(size, "exact")}
        if asked["canvas"] == "exact":
            asked["width"], asked["height"] = size
        return Finish(
            **asked,
            reference="subject" if is_subject else "photo",
            margins=margins,
            margin_of=margin_of,
            scaling="keep" if size == SUBJECT else cleaned["scaling"],
            enlarge=True,
            align=(
                ACROSS[cleaned["horizontalAlignment"] or "center"],
                DOWN[cleaned["verticalAlignment"] or "center"],
            ),
            background=cleaned["background.color"],
            format=cleaned["export.format"],
            **SHADOWS.get(cleaned["shadow.mode"], {}),
        )

    def find_margins(self, cleaned: dict[str, Any]) -> tuple[Sides, Sides, str]:
        """Return margins with the padding in them, left, top, right, bottom; without it; and their unit.

        Raises InvalidOptions where they are in several units and nobody knows yet how these compare.
        """
        lengths = [
            [cleaned[f"{name}{side}"] or cleaned[name] or Length(0, SHARE) for side in SIDES]
            for name in ("margin", "padding")
        ]
        margin_of = "canvas"
        if isinstance(cleaned["outputSize"], tuple):
            lengths = [
                [to_share(length, cleaned["outputSize"][number % 2]) for number, length in enumerate(row)]
                for row in lengths
            ]
        units = {length.unit for row in lengths for length in row if length.value}
        if len(units) > 1:
            raise errors.InvalidOptions(
                "These margins are in pixels and in shares. Use one of them, or outputSize in pixels."
            )
        outer, inner = ([length.value for length in row] for row in lengths)
        room = (1 - outer[0] - outer[2], 1 - outer[1] - outer[3])
        if PIXELS in units:
            margin_of, room = "px", (1.0, 1.0)
        left, top, right, bottom = (
            nest(outer[number], inner[number], room[number % 2]) for number in range(4)
        )
        return (left, top, right, bottom), (outer[0], outer[1], outer[2], outer[3]), margin_of

    def companions(self) -> dict[str, tuple[Photo.Purpose, Picture]]:
        behind = self.cleaned_data["background.imageFile"] or self.cleaned_data["background.imageUrl"]
        return {"backdrop": (Photo.Purpose.BACKDROP, behind)} if behind else {}

    def to_params(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        params: dict[str, Any] = {"subject": "", "outputs": "image", "finish": self.finish.to_dict()}
        if not cleaned["removeBackground"]:
            params["keep"] = "all"
        elif cleaned["keepExistingAlphaChannel"] == "auto":
            params["keep"] = "alpha"
        if cleaned["ignorePaddingAndSnapOnCroppedSides"] and self.finish.reference == "subject":
            # Where somebody says how it is to lie, it lies so.
            said = (cleaned["horizontalAlignment"], cleaned["verticalAlignment"])
            params["snap"] = [None if said[number % 2] else one for number, one in enumerate(self.snap)]
        if cleaned["maxWidth"] or cleaned["maxHeight"]:
            params["resize"] = [cleaned["maxWidth"] or 0, cleaned["maxHeight"] or 0]
        if cleaned["export.dpi"]:
            params["dpi"] = cleaned["export.dpi"]
        return params


def to_share(length: Length, side: int) -> Length:
    """Return a length as a share of a side of so many pixels."""
    return length if length.unit == SHARE else Length(length.value / side, SHARE)
