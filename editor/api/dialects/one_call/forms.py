"""What the one call takes, in the names and values of its service: as it is today, and as seed 004 has it.

Where the two disagree the seed's form keeps the seed's meaning: `small`, `medium`, `large` and `preview` are
lengths of the longer side, and a picture that came as image_file or image_url is cropped without padding
unless some was asked for. All of it comes to a finish.
"""

from typing import Any

from editor.api.requests.call_form import (
    BINARY,
    IMAGE_ALONE,
    MASK_ALONE,
    MISSING,
    OUTPUTS,
    FinishedCallForm,
)
from editor.api.requests.fields import (
    YES,
    Base64Field,
    ChoiceOfWords,
    ColourField,
    FormatField,
    PictureFileField,
    UrlField,
)
from editor.api.requests.framing import (
    PIXELS,
    SHARE,
    CropField,
    Length,
    MarginsField,
    PaddingField,
    SideField,
    Sides,
    inscribe,
    nest,
    widen,
)
from editor.engines import errors
from editor.engines.finishing.finish import Finish
from editor.forms import CutoutForm
from editor.tools import Tool

MOST_SIDE = 6000  # pixels that width and height may have
MOST_PADDING = {SHARE: 1.0}
MOST_MARGIN = {SHARE: 1.0, PIXELS: 4096.0}
USUAL_PADDING = Length(0.1, SHARE)
# Megapixels of those sizes that the seed does not have.
CAPS = {"hd": 4_000_000}
CONTAIN, COVER, SCALE_DOWN = "contain", "cover", "scale-down"


class RemoveForm(FinishedCallForm):
    """Background removal in one call, the picture as the answer."""

    tool = Tool.CUTOUT
    no_image = "No picture was sent. Send it as file or image_file, or where it is as url or image_url."
    # The file counts where several come, then the base64.
    sources = ("image_file", "file", "image_file_b64", "image_url", "url")
    most_text = Base64Field.LONGEST + 2**20
    pairs = ()
    harmless = {"sync": YES, "return_type": ("3",), "output_type": ("2",), "type": ("auto",)}
    callback_url = None  # type: ignore[assignment]

    image_file = PictureFileField(help_text="The picture.")
    file = PictureFileField(help_text="The picture, by the name that the service's client has for it today.")
    image_file_b64 = Base64Field(help_text="The picture in base64, bare or as a data URI.")
    image_url = UrlField(help_text="Or where it is to be fetched.")
    url = UrlField(help_text="Or where it is to be fetched, by today's client's name.")
    format = FormatField(
        *dict(CutoutForm.FORMATS), initial="png", help_text="Of the answer. jpg has no transparency."
    )
    channels = ChoiceOfWords(
        "rgba",
        "rgb",
        "alpha",
        initial="rgba",
        help_text="rgb is opaque, on bg_color or else white; alpha is the mask alone, the subject white.",
    )
    bg_color = ColourField(
        required=False,
        max_length=40,
        help_text="What it is laid on: #ffffff, #fff, rgb(255, 255, 255) or white.",
    )
    size = ChoiceOfWords(
        *dict(CutoutForm.SIZES),
        *CAPS,
        initial="full",
        also=dict.fromkeys(("original", "4k", "50mp"), "full") | {"regular": "preview"},
        help_text="Longest side: full as it is, large 2048, medium 1024, small 512, preview 256 pixels; "
        "or hd, up to 4 megapixels. Without effect beside width or height.",
    )
    crop = CropField(
        initial=False,
        help_text="true crops to the subject, a ratio such as 4:3 to the least of it around it.",
    )
    padding = PaddingField(
        MOST_PADDING,
        help_text="Around the subject when cropped: a share of its size such as 0.1 or 10%, on each side; "
        "or two, across and down, as 10%,5%. Else 10%, but none where the picture came as image_file or "
        "image_url and crop is true.",
    )
    crop_margin = MarginsField(
        MOST_MARGIN,
        help_text="The same in remove.bg's words: one to four values, in per cent or pixels. "
        "Counts without padding.",
    )
    width = SideField(
        MOST_SIDE, help_text="Of the answer, in pixels. Alone, the height follows; beside height, a canvas."
    )
    height = SideField(MOST_SIDE, help_text="Likewise.")
    fit = ChoiceOfWords(
        CONTAIN,
        COVER,
        SCALE_DOWN,
        initial=CONTAIN,
        help_text="How the picture lies in width and height: within, over all of it, or within and never "
        "enlarged.",
    )

    def make_finish(self, cleaned: dict[str, Any]) -> Finish:
        """Return the finish that is asked for. Raises InvalidOptions."""
        crop, width, height = cleaned["crop"], cleaned["width"], cleaned["height"]
        margins, margin_of = self.find_margins(cleaned) if crop else ((0.0,) * 4, "canvas")
        ratio = crop if isinstance(crop, tuple) else None
        asked: dict[str, Any] = {"margins": margins, "margin_of": margin_of}
        if crop:
            asked |= {"canvas": "ratio", "ratio": ratio} if ratio else {"canvas": "content"}
            asked |= {"scaling": "keep"}
        if width and height:
            asked = self.place_on_canvas(asked, ratio, width, height, cleaned["fit"])
        opaque = cleaned["channels"] == "rgb" or cleaned["format"] == "jpg"
        sized = width or height or cleaned["size"] in CAPS
        return Finish(
            **asked,
            reference="subject" if crop else "photo",
            background=cleaned["bg_color"] or ("#ffffff" if opaque else ""),
            size="full" if sized else cleaned["size"],
            format=cleaned["format"],
        )

    def place_on_canvas(
        self,
        asked: dict[str, Any],
        ratio: tuple[float, float] | None,
        width: int,
        height: int,
        fit: str,
    ) -> dict[str, Any]:
        """Return what a frame is asked to be, on a canvas of these sides. Raises InvalidOptions."""
        if asked["margin_of"] == "px":
            raise errors.InvalidOptions(
                "crop_margin in pixels cannot be told beside width and height. Use per cent, or one of them."
            )
        left, top, right, bottom = asked["margins"]
        if ratio:
            across, down = inscribe(ratio, width, height)
            left, right = (nest(across, margin, 1 - 2 * across) for margin in (left, right))
            top, bottom = (nest(down, margin, 1 - 2 * down) for margin in (top, bottom))
        return {
            "canvas": "exact",
            "width": width,
            "height": height,
            "margins": (left, top, right, bottom),
            "scaling": "fill" if fit == COVER else "fit",
            "enlarge": fit != SCALE_DOWN,
        }

    def find_margins(self, cleaned: dict[str, Any]) -> tuple[Sides, str]:
        """Return the margins of what is cropped, left, top, right, bottom, and what they are measured on."""
        padding, margins = cleaned["padding"], cleaned["crop_margin"]
        if padding is None and margins is None:
            is_todays = isinstance(cleaned["crop"], tuple) or cleaned["file"] or cleaned["url"]
            usual = USUAL_PADDING if is_todays else Length(0, SHARE)
            padding = (usual, usual)
        if padding is not None:
            across, down = padding
            margins = (across, down, across, down)
        left, top, right, bottom = (length.value for length in margins)
        if any(length.unit == PIXELS and length.value for length in margins):
            return (left, top, right, bottom), "px"
        left, right = widen(left, right)
        top, bottom = widen(top, bottom)
        return (left, top, right, bottom), "canvas"

    waits = True

    def to_params(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        width, height = cleaned["width"], cleaned["height"]
        params: dict[str, Any] = {
            "subject": "",
            "outputs": OUTPUTS[MASK_ALONE if cleaned["channels"] == "alpha" else IMAGE_ALONE],
            "finish": self.finish.to_dict(),
            # What covers its canvas with the whole photo is cut off where the subject is not.
            "aim": self.finish.scaling == "fill" and self.finish.reference == "photo",
        }
        if bool(width) != bool(height):
            params["resize"] = [width or 0, height or 0]
            params["resize_up"] = cleaned["fit"] != SCALE_DOWN
        elif not width and cleaned["size"] in CAPS:
            params["most_pixels"] = CAPS[cleaned["size"]]
        return params

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": BINARY}

    def name_error(self, parameter: str, code: str) -> str:
        return "missing_image" if parameter in self.sources and code in MISSING else ""
