"""Uploads: judged by their header, limited, stored under names of ours."""

import errno
import logging
import re
import shutil
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.db.models import Sum
from django.utils.text import get_valid_filename

from accounts import allowance
from accounts.models import User
from editor.engines import errors
from editor.engines.io import formats
from editor.engines.limits import SEEDS, STUDIO, Limits
from editor.models import Photo, Result, RunFile, stored_name
from web import outages

logger = logging.getLogger(__name__)

SMALLEST_PRODUCT = 256  # pixels a side
FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
MAKE_ROOM = "Delete some in the gallery, and empty the trash there."
DISK_IS_FULL = "The studio's disk is full, so the photo was not kept. Delete some pictures or tell its admin."


class UploadRefused(Exception):
    """A file was not taken. `sentence` tells its owner why and what to do; `status` is for HTTP."""

    def __init__(self, code: str, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.status = code, sentence, status


def receive(
    owner: User,
    upload: UploadedFile,
    purpose: str = Photo.Purpose.SOURCE,
    *,
    on_desk: bool = True,
    limits: Limits = STUDIO,
) -> Photo:
    """Store an uploaded picture as it came and return its row. Nothing is decoded here.

    most_bytes: that it may have. Raises UploadRefused, and then nothing is left behind: no file, no row.
    """
    size = upload.size or 0
    if size == 0:
        raise UploadRefused("empty", "This file is empty. Choose it again, or export the photo once more.")
    if size > limits.bytes:
        raise UploadRefused(
            "too_large",
            f"This file has {size / 2**20:.1f} MB; a photo may have {limits.megabytes}. "
            "Save it smaller, for example as JPG.",
            status=413,
        )
    if not has_room_for(size):
        raise UploadRefused("disk_full", DISK_IS_FULL, status=507)
    check_allowance(owner, size, purpose)
    try:
        header = formats.probe(cast(BinaryIO, upload), limits)
    except errors.EngineError as exc:
        raise UploadRefused("not_suitable", str(exc)) from exc
    upload.seek(0)
    name = stored_name("photos", header.extension)
    try:
        name = default_storage.save(name, upload)
        return Photo.objects.create(
            owner=owner,
            purpose=purpose,
            name=clean_name(upload.name or "", header.extension),
            file=name,
            format=header.format.lower(),
            bytes=size,
            width=header.width,
            height=header.height,
            on_desk=on_desk,
        )
    except (OSError, DatabaseError) as exc:
        remove_files([name])
        if not is_disk_full(exc):
            raise
        raise UploadRefused("disk_full", DISK_IS_FULL, status=507) from exc


def check_allowance(owner: User, size: int, purpose: str) -> None:
    """Raise UploadRefused where the person's plan has no room for one more picture of so many bytes."""
    allowed = allowance.get_allowance(owner)
    most = allowed.most_photos if purpose == Photo.Purpose.SOURCE else None
    # What is in the trash counts: its files are there until it is emptied.
    if most is not None and Photo.with_trash.owned_by(owner).taking_room().sources().count() >= most:
        sentence = f"Your plan keeps {most} photos, and you have them. {MAKE_ROOM}"
        raise UploadRefused("too_many_photos", sentence, status=403)
    if allowed.most_bytes is not None and count_stored_bytes(owner) + size > allowed.most_bytes:
        gigabytes = allowed.most_bytes / 2**30
        raise UploadRefused(
            "storage_full",
            f"Your plan keeps {gigabytes:.3g} GB of pictures, and this would be more. {MAKE_ROOM}",
            status=403,
        )


def count_stored_bytes(owner: User) -> int:
    """Return how many bytes a person's photos, results and files of runs have together, with the trash."""
    photos, results = Photo.with_trash.owned_by(owner), Result.with_trash.owned_by(owner)
    tables = (photos.taking_room(), results.taking_room(), RunFile.objects.filter(item__run__owner=owner))
    return sum(table.aggregate(total=Sum("bytes"))["total"] or 0 for table in tables)


def store_fetched(photo: Photo, path: Path, limits: Limits = SEEDS) -> None:
    """Store the picture that was fetched for a photo, and fill in its row.

    Raises EngineError where it is no picture we take, OSError where it cannot be stored.
    """
    with path.open("rb") as file:
        header = formats.probe(file, limits)
        file.seek(0)
        name = default_storage.save(stored_name("photos", header.extension), File(file))
    facts = {"format": header.format.lower(), "width": header.width, "height": header.height}
    # Its row may be gone, or another worker may have been first.
    if Photo.objects.filter(pk=photo.pk, file="").update(file=name, bytes=path.stat().st_size, **facts):
        photo.refresh_from_db()
        return
    remove_files([name])
    if not Photo.objects.filter(pk=photo.pk).exists():
        raise FileNotFoundError(f"Photo {photo.pk} was deleted while its picture was fetched.")
    photo.refresh_from_db()


def check_product(file: BinaryIO) -> None:
    """Check that a file's header promises a product alone, as seed 001 wants it of programs.

    That is a transparent PNG of SMALLEST_PRODUCT pixels a side at least. Raises NotAPicture,
    UnsuitableContent.
    """
    file.seek(0)
    kind = formats.sniff(file)
    if kind.plugin != "PNG":
        raise errors.NotAPicture("This is not a PNG. Send the product alone, as a transparent PNG.")
    header = formats.open_picture(file, kind)
    if min(header.size) < SMALLEST_PRODUCT:
        width, height = header.size
        raise errors.UnsuitableContent(
            f"This picture is {width} x {height} pixels; at least {SMALLEST_PRODUCT} x {SMALLEST_PRODUCT} "
            "are needed."
        )
    if not ("A" in header.getbands() or "transparency" in header.info):
        raise errors.UnsuitableContent("This PNG is not transparent anywhere. Cut the product out first.")
    file.seek(0)


def is_disk_full(exc: Exception) -> bool:
    """Whether the file system or the database says that there is no room left."""
    return exc.errno in FULL_DISK if isinstance(exc, OSError) else outages.is_full(exc)


def has_room_for(size: int) -> bool:
    """Whether a file of this many bytes leaves the reserve that the database needs to go on working."""
    if not isinstance(storages["default"], FileSystemStorage):
        return True
    folder = Path(default_storage.path(""))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(folder).free - size >= settings.DISK_RESERVE_MB * 2**20


def clean_name(name: str, extension: str) -> str:
    """Return the file's own name in a form that is safe to show and to save under: at most 120 characters.

    It never becomes a path: what is stored is named by stored_name.
    """
    base = re.split(r"[\\/]", name)[-1]
    printable = "".join(char for char in base if char.isprintable()).strip(" .")
    stem, dot, ending = printable.rpartition(".")
    if not dot or len(ending) > 8 or not get_valid_filename(ending or "x").isalnum():
        stem, ending = printable, extension
    stem = stem[: 119 - len(ending)].strip() or "photo"
    return f"{stem}.{ending}"


def remove_files(names: list[str]) -> None:
    """Delete files from storage. What cannot be deleted is logged and left to upkeep."""
    for name in filter(None, names):
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("Could not delete %s", name)
