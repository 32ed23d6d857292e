"""What there is for programs, as data: the OpenAPI document and the reference page are made of this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from editor.api.payloads import COMPLETE, FAILED, PROCESSING
from editor.api.requests.fields import (
    BoxesField,
    ChoiceOfNumbers,
    ChoiceOfWords,
    PictureFileField,
    UrlField,
    YesNoField,
)
from editor.api.requests.forms import (
    BackgroundForm,
    CallForm,
    FaceCutoutForm,
    InpaintForm,
    RemoveForm,
    SegmentationForm,
)
from editor.states import State
from editor.tools import SPECS, Tool

VISUAL = "/api/tasks/visual/"
# Files of the examples.
PHOTO, PRODUCT = "photo.jpg", "product.png"
Schema = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a call, as a JSON schema. kind: its type, or its values, for people."""

    name: str
    kind: str
    schema: Schema
    about: str

    @property
    def default(self) -> str:
        value = self.schema.get("default", "")
        return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Answer:
    """One field of what a task's `data` has. done: only once the task is done."""

    name: str
    schema: Schema
    about: str
    done: bool = False


@dataclass(frozen=True)
class Call:
    """What an example sends, and the file that its picture ends in."""

    file: str
    saved: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """One kind of work: its address, what it takes, and what its tasks tell.

    answers: fields of its tasks; none where the answer is the picture itself. beginning: of its address.
    """

    name: str
    title: str
    about: str
    form: type[CallForm]
    answers: tuple[Answer, ...] = ()
    cost: str = "1 credit"
    notes: tuple[str, ...] = field(default=())
    beginning: str = VISUAL
    example: Call = field(kw_only=True)

    @property
    def path(self) -> str:
        return self.beginning + self.name

    @property
    def is_picture(self) -> bool:
        """Whether the answer is the picture itself."""
        return not self.answers

    @property
    def parameters(self) -> list[Parameter]:
        """Those of the documents first, in their order, and ours last."""
        fields = dict(self.form.base_fields)
        ours = {name: fields.pop(name) for name in ("faces", "callback_url") if name in fields}
        return [describe_parameter(name, one) for name, one in (fields | ours).items()]

    @property
    def waits(self) -> bool:
        return "sync" in self.form.base_fields


STRING: Schema = {"type": "string"}
UNIX: Schema = {"type": "string", "pattern": "^[0-9]+$"}

TASK = (
    Answer("task_id", STRING, "Asks for the task, and names it to whoever helps."),
    Answer("created_at", UNIX, "When it was ordered, in Unix seconds, as a string."),
    Answer("processed_at", UNIX, "When the work began; “0” while it waits."),
    Answer("completed_at", UNIX, "When it ended; “0” before."),
    Answer("time_elapsed", {"type": "number"}, "Milliseconds of work so far."),
    Answer("progress", {"type": "integer", "minimum": 0, "maximum": 100}, "Percent."),
    Answer(
        "state",
        {"type": "integer", "enum": sorted(state.value for state in State)},
        "1 is done, 0 and above 1 under way, below 0 failed: see the states.",
    ),
    Answer(
        "state_detail",
        {"type": "string", "enum": [COMPLETE, FAILED, PROCESSING]},
        "The same in a word: Complete, Failed, else Processing.",
    ),
    Answer("return_type", {"type": "integer"}, "As it was asked: 1 addresses, 2 base64, 3 the file itself."),
    Answer("image_width", {"type": "integer"}, "The picture's width in pixels; 0 until it is there."),
    Answer("image_height", {"type": "integer"}, "Its height."),
)
ADDRESS = "An address that ends one hour after the task did; base64 with return_type=2."
IMAGE = Answer("image", STRING, f"The picture. {ADDRESS}", done=True)
MASK = Answer("mask", STRING, f"The mask, white where the subject is. {ADDRESS}", done=True)
NOTE = Answer(
    "note",
    STRING,
    "Why a picture is missing, or was rendered with less, where that is so: time or memory did not suffice.",
    done=True,
)

SEGMENTATION = Endpoint(
    "segmentation",
    "Background removal",
    "Finds the subject, removes what is behind it and gives a transparent PNG, or a JPG on a colour or "
    "a picture of yours.",
    SegmentationForm,
    (*TASK, IMAGE, MASK),
    example=Call(PHOTO, "cutout.png", {"sync": "1"}),
)
BACKGROUND = Endpoint(
    "background",
    "Background generation",
    "Puts a product, cut out as a transparent PNG of 256 to 4096 pixels a side, into a scene: one from the "
    "list by its number, or one described in words. The pictures have up to 1024 pixels on the longer side.",
    BackgroundForm,
    (
        *TASK,
        Answer("image_1", STRING, "The first picture, a JPG. An address that ends in an hour.", done=True),
        Answer("image_2", STRING, "The second, with batch_size=2, if it was finished.", done=True),
        NOTE,
    ),
    cost=f"{SPECS[Tool.SCENE].credits} credits for one picture, {2 * SPECS[Tool.SCENE].credits} for two",
    notes=(
        "There is no waiting for it: ask every second, for up to 300 seconds.",
        "A picture that is finished is delivered and charged alone where the other could not be.",
    ),
    example=Call(PRODUCT, "scene.jpg", {"scene_type": "105", "batch_size": "1"}),
)
FACE_CUTOUT = Endpoint(
    "self-face-cutout",
    "Face cutout",
    "Cuts out heads, with their hair and without neck and shoulders: people, pets, drawn characters. "
    "Several stay where they are, on one canvas.",
    FaceCutoutForm,
    (*TASK, IMAGE, MASK, Answer("output_type", {"type": "integer"}, "1: picture and mask.")),
    example=Call(PHOTO, "head.png", {"sync": "1", "crop": "1"}),
)
INPAINT = Endpoint(
    "inpaint",
    "Object removal",
    "Erases what a mask or boxes mark, and fills it from what is around. At most half of the picture.",
    InpaintForm,
    (*TASK, IMAGE),
    example=Call(
        PHOTO,
        "erased.png",
        {"sync": "1", "rectangles": '[{"x": 20, "y": 20, "width": 80, "height": 60}]'},
    ),
)
REMOVE = Endpoint(
    "remove",
    "Remove background, in one call",
    "One call, and the picture itself is the answer.",
    RemoveForm,
    notes=("The headers X-Image-Width, X-Image-Height, X-Processing-Time-Ms and X-Request-ID tell of it.",),
    beginning="/v1/",
    example=Call(PHOTO, "cutout.webp", {"format": "webp", "size": "medium"}),
)
TASKS = (SEGMENTATION, BACKGROUND, FACE_CUTOUT, INPAINT)

STATUSES = {
    400: "A parameter is missing, wrong or out of range: the message names it. Also: too few credits.",
    401: "No API key, a wrong or revoked one, its account suspended, or the tool is not in its plan.",
    404: "No such address or task: somebody else's, of another endpoint, or gone an hour after it ended.",
    405: "Another method is meant.",
    408: "The upload stalled.",
    413: "A picture has more than 20 MB.",
    422: "The Idempotency-Key was used for another call.",
    429: "More calls than the key may make in a second. Wait for as long as Retry-After says.",
    500: "Something broke on our side.",
    507: "The studio's disk is full.",
}
REMOVE_STATUSES = {
    400: "validation_error, missing_image or image_too_large: also where no subject was found.",
    401: "authentication_error: no API key, or a wrong or revoked one.",
    402: "payment_required: too few credits.",
    403: "permission_denied: the key's account is suspended, or the tool is not in its plan.",
    405: "method_not_allowed",
    408: "request_timeout: the upload stalled.",
    422: "validation_error: the Idempotency-Key was used for another call.",
    429: "rate_limit_exceeded: wait for as long as Retry-After says.",
    500: "internal_server_error: something broke on our side.",
    503: "internal_server_error: it was not done within three minutes; nothing was charged.",
    507: "internal_server_error: the studio's disk is full.",
}


def describe_parameter(name: str, one: forms.Field) -> Parameter:
    """Return a form's field as a parameter."""
    kind, schema = describe_kind(one)
    if one.initial not in (None, ""):
        schema["default"] = one.initial
    about = str(one.help_text) or ABOUT.get(name, "")
    return Parameter(name, kind, schema, about)


# Of fields that are the page's own, where their labels say it.
ABOUT = {
    "prompt": "What the scene looks like, in up to 1024 characters: a place, a surface, things, a light. "
    "English works best. Send this or scene_type.",
    "negative_prompt": "What must not be in it.",
    "scene_type": "The scene's number. Send this or prompt.",
}


def describe_kind(one: forms.Field) -> tuple[str, Schema]:
    """Return what a field takes, in a word and as a schema."""
    if isinstance(one, PictureFileField):
        return "file", {"type": "string", "format": "binary"}
    if isinstance(one, UrlField):
        return "address", {"type": "string", "format": "uri", "maxLength": one.max_length}
    if isinstance(one, ChoiceOfNumbers):
        return " | ".join(str(number) for number in one.numbers), {
            "type": "integer",
            "enum": list(one.numbers),
        }
    if isinstance(one, ChoiceOfWords):
        return " | ".join(word for word in one.words if word), {"type": "string", "enum": list(one.words)}
    if isinstance(one, YesNoField):
        return "true | false", {"type": "boolean"}
    if isinstance(one, forms.IntegerField):
        return "number", {"type": "integer"}
    schema: Schema = {"type": "string"}
    if isinstance(one, forms.CharField) and one.max_length:
        schema["maxLength"] = one.max_length
    return "JSON" if isinstance(one, BoxesField) else "text", schema
