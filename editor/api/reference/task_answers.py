"""What tasks are answered with (payloads.py), as data for the OpenAPI document and the reference page."""

from editor.api.payloads import COMPLETE, FAILED, PROCESSING
from editor.states import State

from .reference_data import Answer, Schema

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
FILES = Answer(
    "files",
    {"type": "array", "items": {"type": "object"}},
    "With recipe: each file with its path, market, format, width, height, bytes, sha256, the verdict and the "
    "checks that were made on its bytes, and its address as image.",
    done=True,
)
WORDS: Schema = {"type": "array", "items": STRING}
PROMPT_DETAIL = Answer(
    "prompt_detail",
    {"type": "object", "properties": {"shown": WORDS, "near": WORDS, "not_shown": WORDS}},
    "Of a prompt: what the picture shows as it was said, what only nearly (“roses → flowers”), and what it "
    "does not show. Ours, not the service's.",
    done=True,
)
NOTE = Answer(
    "note",
    STRING,
    "Why a picture is missing, or was rendered with less, where that is so: time or memory did not suffice.",
    done=True,
)
