"""One form per endpoint: the seeds' names and values. What they mean for a tool is the tool form's to say."""

from typing import Any, ClassVar

from django import forms

from accounts.models import User
from editor.api.requests import pictures
from editor.api.requests.call_form import (
    BASE64,
    BINARY,
    BOTH,
    IMAGE_ALONE,
    MASK_ALONE,
    OUTPUTS,
    URL,
    CallForm,
    Picture,
)
from editor.api.requests.fields import (
    NO,
    Base64Field,
    BoxesField,
    ChoiceOfNumbers,
    ChoiceOfWords,
    ColourField,
    FormatField,
    PictureFileField,
    UrlField,
)
from editor.forms import CutoutForm, EraseForm, HeadForm, SceneForm
from editor.models import Photo
from editor.tools import SPECS, Tool
from editor.work.runs import single
from editor.work.runs.errors import RunRefused
from editor.work.runs.single import SingleOrder

OF_THE_RECIPE = ("type", "crop", "format", "bg_color", "bg_image_file", "bg_image_url", "output_type")
SYNC_HELP = "0 answers at once with a task_id to ask with later; 1 waits for the result, up to 180 seconds."


class TaskForm(CallForm):
    """What the calls of all four have: a picture, in the service's earlier words in base64 too."""

    sources = ("image_file", "image_base64", "image_url")
    pairs: ClassVar[tuple[tuple[str, str], ...]] = (
        ("image_url", "image_file"),
        ("image_base64", "image_file"),
        ("image_url", "image_base64"),
    )
    most_text = Base64Field.LONGEST + 2**20

    image_base64 = Base64Field(
        help_text="The picture in base64, bare or as a data URI, as the service's earlier document has it. "
        "Send one of the three."
    )


class SegmentationForm(TaskForm):
    """Seed 000: background removal."""

    tool = Tool.CUTOUT
    tool_form: CutoutForm
    names = {"background": "bg_color", "frame": "crop", "outputs": "output_type", "subject": "type"}
    also = {"output_format": "format"}
    pairs = (*TaskForm.pairs, ("bg_image_url", "bg_image_file"))

    sync = ChoiceOfNumbers(0, 1, initial=0, help_text=SYNC_HELP)
    type = ChoiceOfWords(
        "",
        "person",
        "object",
        "stamp",
        initial="",
        also={"people": "person", "human": "person"}
        | dict.fromkeys(("product", "car", "animal", "transportation"), "object"),
        help_text="What is kept: people, things, or a seal or signature. Empty finds it by itself.",
    )
    return_type = ChoiceOfNumbers(
        URL,
        BASE64,
        BINARY,
        initial=URL,
        help_text="1 an address, 2 base64, 3 the file itself as the answer (with sync=1, one picture).",
    )
    output_type = ChoiceOfNumbers(
        BOTH, IMAGE_ALONE, MASK_ALONE, initial=IMAGE_ALONE, help_text="1 picture and mask, 2 picture, 3 mask."
    )
    crop = ChoiceOfNumbers(
        0, 1, initial=0, help_text="0 keeps the picture's size, 1 crops to the subject's edge."
    )
    format = FormatField(
        "png", "jpg", initial="png", help_text="png is transparent, jpg has a white background or bg_color."
    )
    bg_color = ColourField(
        required=False,
        max_length=40,
        help_text="Background as hex, such as 81d4fa, or a name, such as white. Only with format=jpg.",
    )
    bg_image_file = PictureFileField(
        help_text="Picture to stand behind: scaled to fill, centred, the rest cropped."
    )
    bg_image_url = UrlField(help_text="Address of a picture to stand behind.")
    recipe = forms.CharField(
        required=False,
        max_length=80,
        help_text="Ours, not the services': name or id of a recipe of your Catalogue page. It says what is "
        "cut out and which files come of it: all are in `files`, the first in `image`.",
    )
    single: SingleOrder | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        behind = [name for name in ("bg_color", "bg_image_file", "bg_image_url") if cleaned.get(name)]
        if len(behind) > 1:
            sentence = f"{behind[0]} and {behind[1]} were both sent. Send one of them."
            raise forms.ValidationError(sentence, code="two_backgrounds")
        if cleaned.get("return_type") == BINARY:
            if not self.waits:
                self.add_error(
                    "return_type", "3, the file as the answer, is for sync=1. Use 1 or 2 with sync=0."
                )
            elif cleaned.get("output_type") == BOTH:
                sentence = "3 gives one picture, and output_type=1 asks for two. Use output_type 2 or 3."
                self.add_error("return_type", sentence)
        if cleaned.get("recipe"):
            self.leave_to_recipe(cleaned)
        asked = {
            "subject": cleaned.get("type", ""),
            "background": cleaned.get("bg_color", ""),
            "frame": "edge" if cleaned.get("crop") else "as-is",
            "format": cleaned.get("format", ""),
            "outputs": OUTPUTS[cleaned.get("output_type", IMAGE_ALONE)],
        }
        self.tool_form = self.judged(CutoutForm(asked))
        return cleaned

    def leave_to_recipe(self, cleaned: dict[str, Any]) -> None:
        """Add an error to what a recipe says by itself and the call says otherwise."""
        for name in OF_THE_RECIPE:
            if cleaned.get(name) and cleaned[name] != self.fields[name].initial:
                sentence = (
                    f"{name} and recipe were both sent. The recipe says that by itself: leave {name} out."
                )
                self.add_error(name, forms.ValidationError(sentence, code="recipe"))

    def look_up(self, owner: User) -> None:
        wanted = self.cleaned_data["recipe"]
        if not wanted:
            return
        picture = self.picture()
        name = pictures.read_name(picture) if isinstance(picture, str) else picture.name or "photo"
        try:
            self.single = single.plan_order(owner, single.find_recipe(owner, wanted), name)
        except RunRefused as exc:
            self.add_error("recipe", forms.ValidationError(exc.sentence, code="recipe"))
            return
        if self.single.files > 1 and self.cleaned_data["return_type"] == BINARY:
            sentence = f"3 gives one picture, and this recipe makes {self.single.files} files. Use 1 or 2."
            self.add_error("return_type", forms.ValidationError(sentence, code="recipe"))

    @property
    def kept_before(self) -> dict[str, Photo]:
        behind = self.single.backdrop if self.single else None
        return {"backdrop": behind} if behind else {}

    def companions(self) -> dict[str, tuple[Photo.Purpose, Picture]]:
        behind = self.cleaned_data["bg_image_file"] or self.cleaned_data["bg_image_url"]
        return {"backdrop": (Photo.Purpose.BACKDROP, behind)} if behind else {}

    def to_params(self) -> dict[str, Any]:
        if self.single:
            return self.single.params
        params: dict[str, Any] = self.tool_form.to_params()
        # A colour counts with jpg alone: that is the seed's word.
        return params if params["format"] == "jpg" else {**params, "background": None}

    def to_answer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("return_type", "output_type")}


class FaceCutoutForm(TaskForm):
    """Seed 002: heads of people, pets and drawn characters."""

    tool = Tool.HEAD
    tool_form: HeadForm
    names = {"format": "output_format"}
    also = {"format": "output_format"}
    # Picture and mask come in any case, as addresses.
    harmless = {"return_type": ("1",), "output_type": ("1", "2", "3")}

    sync = ChoiceOfNumbers(0, 1, initial=0, help_text=SYNC_HELP)
    crop = ChoiceOfNumbers(0, 1, initial=0, help_text="0 keeps the picture's size, 1 crops to the heads.")
    output_format = FormatField(
        "png", "jpg", initial="png", help_text="png is transparent, jpg has a white background."
    )
    faces = ChoiceOfWords("all", "largest", initial="all", help_text="Which heads. Ours, not the service's.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        asked = {
            "crop": cleaned.get("crop") or "",
            "format": cleaned.get("output_format", ""),
            "faces": cleaned.get("faces", ""),
            "outputs": OUTPUTS[BOTH],
        }
        self.tool_form = self.judged(HeadForm(asked))
        return cleaned

    def to_params(self) -> dict[str, Any]:
        return self.tool_form.to_params()

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": URL, "output_type": BOTH}


class BackgroundForm(TaskForm):
    """Seed 001: the product in a scene. There is no waiting for it."""

    tool = Tool.SCENE
    tool_form: SceneForm
    wants_product = True
    harmless = {"sync": NO, "return_type": ("1",), "output_type": ("2",), "format": ("jpg", "jpeg")}

    batch_size = ChoiceOfNumbers(1, 2, initial=2, help_text="How many pictures.")
    prompt = SceneForm.base_fields["prompt"]
    scene_type = SceneForm.base_fields["scene_type"]
    negative_prompt = SceneForm.base_fields["negative_prompt"]
    relight = SceneForm.base_fields["relight"]
    size_cm = SceneForm.base_fields["size_cm"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = ("prompt", "scene_type", "negative_prompt", "relight", "size_cm")
        asked = {name: self.data.get(name, "") for name in names}
        self.tool_form = self.judged(SceneForm({**asked, "batch_size": cleaned.get("batch_size", 2)}))
        return cleaned

    def to_params(self) -> dict[str, Any]:
        return self.tool_form.to_params()

    @property
    def says_nothing(self) -> bool:
        """Whether a prompt was sent in which nothing is understood."""
        form = self.tool_form
        return form.cleaned_data.get("way") == "prompt" and form.understood is None

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": URL, "wants_product": True}


class InpaintForm(TaskForm):
    """Seed 003: what is marked goes."""

    tool = Tool.ERASE
    pairs = (*TaskForm.pairs, ("mask_url", "mask_file"))
    most_text = 2 * Base64Field.LONGEST + 2**20
    harmless = {"output_type": ("2",), "format": ("png",), "output_format": ("png",)}

    mask_url = UrlField(
        help_text="Address of a mask of the picture's size: white where something should go, else black."
    )
    mask_file = PictureFileField(help_text="Such a mask in the body.")
    mask_base64 = Base64Field(help_text="Such a mask in base64, bare or as a data URI.")
    rectangles = BoxesField(
        required=False,
        max_length=20_000,
        help_text='1 to 50 boxes in pixels: [{"x": 0, "y": 0, "width": 100, "height": 100}].',
    )
    sync = ChoiceOfNumbers(0, 1, initial=0, help_text=SYNC_HELP)
    return_type = ChoiceOfNumbers(URL, BASE64, initial=URL, help_text="1 an address, 2 base64.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # An empty list of boxes is sent, and marks nothing.
        given = [name for name in ("mask_url", "mask_file", "mask_base64", "rectangles") if cleaned.get(name)]
        if not given and not self.errors:
            sentence = "Nothing is marked. Send mask_url, mask_file or rectangles."
            raise forms.ValidationError(sentence, code="nothing_marked")
        if len(given) > 1:
            sentence = f"{given[0]} and {given[1]} were both sent. Send one of them."
            raise forms.ValidationError(sentence, code="two_marks")
        return cleaned

    def companions(self) -> dict[str, tuple[Photo.Purpose, Picture]]:
        given = self.cleaned_data
        mask = given["mask_file"] or given["mask_base64"] or given["mask_url"]
        return {"mask": (Photo.Purpose.MASK, mask)} if mask else {}

    def to_params(self) -> dict[str, Any]:
        # Of a picture that nobody has seen yet, no size is known that the boxes must lie in: the engine
        # judges that. All else is as the page's form has it where nothing was chosen.
        params = {"seed": 0, "format": EraseForm.base_fields["format"].initial}
        boxes = self.cleaned_data["rectangles"]
        return {**params, "rectangles": boxes} if boxes else params

    def to_answer(self) -> dict[str, Any]:
        return {"return_type": self.cleaned_data["return_type"]}


FORMS: dict[str, type[CallForm]] = {
    SPECS[form.tool].endpoint: form
    for form in (SegmentationForm, BackgroundForm, FaceCutoutForm, InpaintForm)
}
"""By the name that the endpoint has in its address."""
