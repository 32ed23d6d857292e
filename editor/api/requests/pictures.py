"""The pictures of a program's call: kept where they came in the body, noted where they are to be fetched."""

from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from editor.engines.errors import EngineError
from editor.engines.limits import SEEDS, Limits
from editor.files import uploads
from editor.models import Photo
from editor.states import State
from editor.work import orders

from .call_form import Picture


@dataclass(frozen=True)
class Verdict:
    """What the look at a picture's header alone says about the task: it will fail, with this state."""

    state: State
    sentence: str


def keep_picture(
    owner: User,
    picture: Picture,
    purpose: Photo.Purpose = Photo.Purpose.SOURCE,
    limits: Limits = SEEDS,
) -> tuple[Photo, Verdict | None]:
    """Keep a picture, or its address, for a program. It is not put onto its owner's desk.

    What is no picture that we take makes a row all the same, without a file, and a verdict: a program
    learns of it from its task. Raises UploadRefused for what is too large or cannot be stored.
    """
    facts: dict[str, Any] = {"owner": owner, "purpose": purpose, "on_desk": False}
    if isinstance(picture, str):
        return Photo.objects.create(url=picture, name=read_name(picture), **facts), None
    try:
        return uploads.receive(owner, picture, purpose, on_desk=False, limits=limits), None
    except uploads.UploadRefused as exc:
        if not isinstance(exc.__cause__, EngineError):
            raise
        name = uploads.clean_name(picture.name or "", "bin")
        row = Photo.objects.create(name=name, unreadable=exc.sentence[:300], **facts)
        return row, Verdict(exc.__cause__.state, exc.sentence)


def read_name(url: str) -> str:
    """Return the last part of an address, as the name of what it gives."""
    return uploads.clean_name(unquote(urlsplit(url).path), "jpg")


def judge_product(picture: Picture) -> Verdict | None:
    """Say why an upload is no transparent product as seed 001 wants it. What is fetched is judged then."""
    if not isinstance(picture, UploadedFile):
        return None
    try:
        uploads.check_product(cast(BinaryIO, picture))
    except EngineError as exc:
        return Verdict(exc.state, str(exc))
    return None


def delete_kept(kept: list[Photo]) -> None:
    """Delete pictures whose order was not placed."""
    for photo in kept:
        orders.delete_photo(photo)
