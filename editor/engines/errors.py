"""The errors of the engines, each with a sentence for a person and the seeds' task state.

    EngineError                 -1
    ├── InvalidOptions          -1   an option is unknown or out of range
    ├── PromptNotUnderstood    -17   nothing in the words says what to build
    ├── PictureError
    │   ├── NotAPicture         -7   not a picture, damaged, or of a kind we do not read
    │   ├── UnsuitableContent  -14   a picture, but not one that this work can be done on
    │   │   ├── TooLarge       -14   more pixels than are taken
    │   │   ├── RegionOutside  -14   what is to be looked at is not all in the picture
    │   │   └── RegionEmpty    -14   … or has no pixel
    │   └── NothingFound       -11   no subject in it
    ├── TooSlow                 -8   it would not be done in the time that it may take
    ├── NotEnoughResources     -15
    │   ├── OutOfMemory        -15
    │   └── WeightsMissing     -15   a network's file is not there
    │       └── WeightsDamaged -15   … or not what its hash says
    ├── UnusableAnswer         -15   what a service made of the picture is not what was asked for
    └── Cancelled              -13   the report callback asked to stop

All of them survive pickling: they cross from the warm child process to the worker.
"""

from __future__ import annotations

from typing import ClassVar

from editor.states import State


class EngineError(Exception):
    """Base of all errors that the engines raise on purpose; str() is fit for a person to read."""

    state: ClassVar[State] = State.FAILED
    sentence: ClassVar[str] = "The picture could not be processed."

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.sentence)


class InvalidOptions(EngineError):
    """An option is unknown, of the wrong type or out of its range."""

    sentence = "One of the options is not valid."


class PromptNotUnderstood(EngineError):
    """There are no words that could say what a scene is to look like."""

    state = State.BAD_PROMPT
    sentence = "There are no words in this. Say what the scene looks like: a place, a material or a light."


class PictureError(EngineError):
    """The fault is in the picture; the same picture will fail again."""

    state = State.UNSUITABLE


class NotAPicture(PictureError):
    """The bytes are no picture, a damaged one, or one of a kind that is not read."""

    state = State.NOT_A_PICTURE
    sentence = "This file is not a picture we can read. Use JPG, PNG, WebP, BMP, TIFF, HEIC or camera raw."


class UnsuitableContent(PictureError):
    """A picture, but what it shows does not meet the requirements of the work asked for."""

    state = State.UNSUITABLE
    sentence = "This picture does not meet the requirements."


class TooLarge(UnsuitableContent):
    """The header promises more pixels than are taken."""

    sentence = "This picture has more pixels than are taken. Make it smaller and try again."


class RegionOutside(UnsuitableContent):
    """The region that is to be looked at leaves the picture."""

    sentence = "The region leaves the picture. Keep it inside."


class RegionEmpty(UnsuitableContent):
    """The region that is to be looked at has no pixel of the picture."""

    sentence = "There is no pixel in the region. Make it larger."


class NothingFound(PictureError):
    """No subject stands out from the background."""

    state = State.NOTHING_FOUND
    sentence = "No subject was found in this picture. Try one where it stands out from the background."


class TooSlow(EngineError):
    """The work would take longer than it may, on this machine as it is now."""

    state = State.TOO_SLOW
    sentence = "This takes longer than it may here. Try again at a quieter time, or with something smaller."


class NotEnoughResources(EngineError):
    """The machine lacks something that the work needs; its operator can mend that."""

    state = State.NO_RESOURCES
    sentence = "The studio lacks resources for this work. Tell the person who runs it."


class OutOfMemory(NotEnoughResources):
    """Memory ran out."""

    sentence = "There was not enough memory for this picture. Try a smaller one."


class WeightsMissing(NotEnoughResources):
    """A network's file is not in the weights folder; the message says which, and where to get it."""

    sentence = "A network's file is missing. Run: python -m editor.engines weights"


class WeightsDamaged(WeightsMissing):
    """A network's file is not the one that its SHA-256 asks for."""

    sentence = "A network's file is damaged. Delete it, then run: python -m editor.engines weights"
    own: ClassVar[str] = "The engine's own file {} is missing or damaged. Install the studio's code again."


class UnusableAnswer(EngineError):
    """A service made something of the picture that is damaged, or of another size."""

    state = State.NO_RESOURCES
    sentence = "What the service made of this picture cannot be used. Try again later."


class Cancelled(EngineError):
    """Somebody asked to stop; raised by a report callback and passed on untouched."""

    state = State.CANCELLED
    sentence = "The task was cancelled."
