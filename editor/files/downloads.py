"""Downloads: stored pictures streamed from any storage, under names that people recognise."""

import hashlib
import logging
import re
import unicodedata
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext

from editor.engines.io.formats import KINDS
from editor.models import Photo, Result
from web import file_answers
from web.error_pages import answer

logger = logging.getLogger(__name__)

CHUNK = file_answers.CHUNK

# A stored file is never written twice under one name, so a browser may keep it for good.
FOREVER = "private, max-age=31536000, immutable"
# A cutout's address shows it with the finish that counts now: a browser asks each time whether it still does.
CHANGING = "private, no-cache"
# An upload as it came may say where it was taken: it stays out of every cache.
NEVER = file_answers.NEVER

# By the names that formats go by in our records: Pillow's, and the endings we give to files.
_KINDS = {kind.plugin.lower(): kind for kind in KINDS.values()} | {
    kind.extension: kind for kind in KINDS.values()
}
SHOWN_BY_BROWSERS = frozenset(name for name, kind in _KINDS.items() if kind.browser_safe)

# Control characters could end a header; the others are not allowed in names on some systems.
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029/\\:*?"<>|]+')
LONGEST_STEM = 100
# Names of devices, which Windows keeps for itself whatever their ending.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def get_content_type(picture_format: str) -> str:
    """Return the type that a format of our own records has; unknown ones are plain bytes."""
    if picture_format == "zip":
        return "application/zip"
    if picture_format == "psd":  # which is made here, and not read
        return "image/vnd.adobe.photoshop"
    kind = _KINDS.get(picture_format.lower())
    return kind.mime if kind else "application/octet-stream"


def get_extension(picture_format: str) -> str:
    """Return the file ending that people know for a format: jpg, not jpeg."""
    kind = _KINDS.get(picture_format.lower())
    return kind.extension if kind else "psd" if picture_format == "psd" else "bin"


def get_format(stored: str) -> str:
    """Return the format of a file that we made and named, by its ending."""
    return PurePosixPath(stored).suffix.lstrip(".").lower()


def clean_name(name: str) -> str:
    """Return a name that is fit for every file system and for a header."""
    name = NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", name))
    return " ".join(name.split()).strip(" .")


def get_stem(photo: Photo) -> str:
    """Return the photo's name without its ending, cleaned; never empty."""
    head, dot, ending = photo.name.rpartition(".")
    name = head if dot and head and ending.isalnum() and len(ending) <= 8 else photo.name
    name = clean_name(name)[:LONGEST_STEM].rstrip(" .") or "picture"
    return f"_{name}" if DEVICES.match(name) else name


def name_photo(photo: Photo) -> str:
    """Return the name that the upload came with: it is the same file."""
    return clean_name(photo.name) or f"picture.{get_extension(photo.format)}"


def name_result(result: Result, picture_format: str = "", *, mask: bool = False) -> str:
    """Return the photo's own name with the picture's ending, say "Lamp.png".

    What stands beside another of its task tells itself apart: a mask says that it is one, a second take
    that it is the second. mask: whether it is the mask that is made of this picture.
    """
    ending = "-mask" if mask or result.kind == Result.Kind.MASK else ""
    take = f"-{result.number}" if result.number > 1 else ""
    return f"{get_stem(result.photo)}{take}{ending}.{get_extension(picture_format or result.format)}"


def name_plainly(result: Result, picture_format: str = "") -> str:
    """Return, say, "cutout.png" or "scene-2.jpg": a name for addresses, which tells nothing of the photo."""
    kind = "mask" if result.kind == Result.Kind.MASK else result.tool
    take = f"-{result.number}" if result.number > 1 else ""
    return f"{kind}{take}.{get_extension(picture_format or result.format)}"


def send_stored(
    request: HttpRequest,
    stored: str,
    *,
    picture_format: str,
    file_name: str,
    attachment: bool = False,
    cache: str = FOREVER,
) -> HttpResponseBase:
    """Answer with a stored file or a part of it, with 304 if the browser has it, or say that it is gone."""
    etag = None
    if "no-store" not in cache:
        etag = quote_etag(hashlib.sha256(stored.encode()).hexdigest()[:32])
        known = get_conditional_response(request, etag=etag)
        if known is not None:
            known["ETag"], known["Cache-Control"] = etag, cache
            return known
    try:
        file = default_storage.open(stored)
        size = file.size
    except FileNotFoundError:
        logger.error("The stored file %s is missing (asked for at %s).", stored, request.path)
        return answer(
            request,
            404,
            gettext("The file is gone"),
            gettext(
                "This picture's file is no longer in the studio's storage. Make it again from the "
                "photo, or ask the studio's admin to restore the files."
            ),
        )
    return send_open(
        request,
        file,
        size,
        picture_format=picture_format,
        file_name=file_name,
        attachment=attachment,
        cache=cache,
        etag=etag,
    )


def send_open(
    request: HttpRequest,
    file: IO[bytes] | Any,
    size: int,
    *,
    picture_format: str,
    file_name: str,
    attachment: bool,
    cache: str,
    etag: str | None = None,
) -> HttpResponseBase:
    """Answer with an open file of a format of our own records, or the part of it that is asked for."""
    return file_answers.send_open(
        request,
        file,
        size,
        content_type=get_content_type(picture_format),
        file_name=file_name,
        attachment=attachment,
        cache=cache,
        etag=etag,
    )
