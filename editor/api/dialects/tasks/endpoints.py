"""What the reference and the OpenAPI document say of the task endpoints."""

from typing import Any

from editor.api.reference.operations import (
    describe_answer,
    describe_operation,
    describe_response,
    make_object,
)
from editor.api.reference.reference_data import PHOTO, PRODUCT, Answer, Call, Endpoint, Schema
from editor.api.reference.task_answers import FILES, IMAGE, MASK, NOTE, PROMPT_DETAIL, STRING, TASK
from editor.tools import SPECS, Tool

from .forms import BackgroundForm, FaceCutoutForm, InpaintForm, SegmentationForm

VISUAL = "/api/tasks/visual/"
NUMBER: Schema = {"type": "integer"}

SEGMENTATION = Endpoint(
    "segmentation",
    "Background removal",
    "Finds the subject, removes what is behind it and gives a transparent PNG, or a JPG on a colour or "
    "a picture of yours.",
    SegmentationForm,
    (*TASK, IMAGE, MASK, FILES),
    beginning=VISUAL,
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
        PROMPT_DETAIL,
        NOTE,
    ),
    cost=f"{SPECS[Tool.SCENE].credits} credits for one picture, {2 * SPECS[Tool.SCENE].credits} for two",
    notes=(
        "There is no waiting for it: ask every second, for up to 300 seconds.",
        "A picture that is finished is delivered and charged alone where the other could not be.",
    ),
    beginning=VISUAL,
    example=Call(PRODUCT, "scene.jpg", {"scene_type": "105", "batch_size": "1"}),
)
FACE_CUTOUT = Endpoint(
    "self-face-cutout",
    "Face cutout",
    "Cuts out heads, with their hair and without neck and shoulders: people, pets, drawn characters. "
    "Several stay where they are, on one canvas.",
    FaceCutoutForm,
    (*TASK, IMAGE, MASK, Answer("output_type", {"type": "integer"}, "1: picture and mask.")),
    beginning=VISUAL,
    example=Call(PHOTO, "head.png", {"sync": "1", "crop": "1"}),
)
INPAINT = Endpoint(
    "inpaint",
    "Object removal",
    "Erases what a mask or boxes mark, and fills it from what is around. At most half of the picture.",
    InpaintForm,
    (*TASK, IMAGE),
    beginning=VISUAL,
    example=Call(
        PHOTO,
        "erased.png",
        {"sync": "1", "rectangles": '[{"x": 20, "y": 20, "width": 80, "height": 60}]'},
    ),
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


def describe_scenes() -> dict[str, Any]:
    """Return the GET of the scenes on offer, by its path."""
    fields: dict[str, Schema] = {name: {"type": "string"} for name in ("name", "category", "thumbnail")}
    listed = make_object(
        {"scenes": {"type": "array", "items": make_object({"scene_type": {"type": "integer"}, **fields})}}
    )
    statuses = {code: STATUSES[code] for code in (401, 405, 429, 500)}
    found = {"200": describe_response("The scenes on offer.", describe_answer(listed))}
    get = describe_operation("scenes", "The scenes", "What scene_type can be.", found, statuses, "Refusal")
    return {f"{VISUAL}background/scenes": {"get": get}}


def describe_more() -> dict[str, Any]:
    """Return the GETs of the scenes on offer and of the account's credits, by their paths."""
    return {**describe_scenes(), **describe_credits()}


def describe_credits() -> dict[str, Any]:
    coins = ("lifetime_limit", "lifetime_used", "period_limit", "period_used")
    asked = {
        "coins": {"service_name": {"type": "string"}, **dict.fromkeys(coins, NUMBER)},
        "package-credits": dict.fromkeys(("remaining_credits", "used_credits"), NUMBER),
    }
    statuses = {code: STATUSES[code] for code in (401, 405, 500)}
    made = {}
    for name, fields in asked.items():
        listed: Schema = {"type": "array", "items": make_object(fields)}
        found = {"200": describe_response("The credits of the key's account.", describe_answer(listed))}
        about = "What is left, of the month and for good."
        get = describe_operation(name, "The credits", about, found, statuses, "Refusal")
        made[f"/api/customers/{name}"] = {"get": get}
    return made
