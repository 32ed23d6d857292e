"""Signed addresses of pictures, which need no session and expire: for programs, and to be passed on."""

import time
import uuid
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from editor import finishes
from editor.models import Photo, Result

from . import downloads

MAX_SECONDS = 7 * 24 * 60 * 60
# The end is part of what is signed, since each address has a time of its own; a TimestampSigner
# would sign the beginning and ask for the length apart.
_signer = Signer(sep=".", salt="editor.addresses")
_LETTERS: dict[str, type[Result] | type[Photo]] = {"r": Result, "p": Photo}


class Kind(StrEnum):
    """What the address gives."""

    FILE = "file"
    DOWNLOAD = "download"
    THUMBNAIL = "thumbnail"


class AddressWrong(Exception):
    """The address was not made by us, or was changed since."""


class AddressExpired(Exception):
    """The address was ours, but its time is over."""


class Address(NamedTuple):
    """What an address that still holds stands for. seconds: how long it holds from now."""

    model: type[Result] | type[Photo]
    pk: uuid.UUID
    kind: Kind
    seconds: int


def sign(picture: Result | Photo, kind: str = Kind.FILE, seconds: int = 3600) -> str:
    """Return an absolute address under which anybody sees the picture for so many seconds.

    Raises ValueError for a kind that is none, or a time that is over already or over a week.
    """
    return settings.SITE_URL + sign_path(picture, kind, seconds)


def sign_path(picture: Result | Photo, kind: str = Kind.FILE, seconds: int = 3600) -> str:
    """Return the same address without scheme and host, for our own pages."""
    if not 0 < seconds <= MAX_SECONDS:
        raise ValueError(f"An address may hold for 1 to {MAX_SECONDS} seconds, not {seconds}.")
    letter = "p" if isinstance(picture, Photo) else "r"
    value = f"{letter}-{picture.pk.hex}-{Kind(kind)}-{int(time.time()) + seconds}"
    parts = [_signer.sign(value)]
    if isinstance(picture, Result) and kind != Kind.THUMBNAIL:
        # Many programs take the file's name, or at least its ending, from the address' last part.
        current = finishes.get_current(picture.photo) if picture.bare else None
        parts.append(downloads.name_plainly(picture, current.finish.format if current else ""))
    return reverse("editor:result-signed", args=parts)


def read(token: str) -> Address:
    """Return what the token stands for. Raises AddressWrong, AddressExpired."""
    try:
        letter, pk, kind, end = _signer.unsign(token).split("-")
    except BadSignature as exc:
        raise AddressWrong from exc
    seconds = int(end) - int(time.time())
    if seconds <= 0:
        raise AddressExpired
    return Address(_LETTERS[letter], uuid.UUID(pk), Kind(kind), seconds)
