"""The files that runs keep in storage: named for who counts, deletes and looks for orphans."""

from collections.abc import Iterable

from django.db.models import QuerySet

from editor.models import Photo, RunFile, RunItem

FOLDER = "runs"
DISK_IS_FULL = "The studio's disk is full. Delete some pictures, or tell its admin; then go on."
PHOTO_IS_GONE = "Its photo was deleted. Add it to a new run."


def list_names(files: Iterable[RunFile]) -> list[str]:
    """Return the names in storage of files of runs, thumbnails among them."""
    return [name for file in files for name in file.files]


def forget_photo(photo: Photo) -> list[str]:
    """Drop what runs made of a photo that is deleted for good. Return the names of the files to remove.

    Its line in the run stays and says so. Call it in the transaction that deletes the photo.
    """
    items = RunItem.objects.filter(photo=photo)
    names = drop_files(RunFile.objects.filter(item__in=items))
    items.exclude(state=RunItem.State.DOUBLE).update(
        state=RunItem.State.FAILED, message=PHOTO_IS_GONE, measured={}
    )
    return names


def drop_files(files: QuerySet[RunFile]) -> list[str]:
    """Delete the rows of files. Return the names that are to be removed once that is committed."""
    names = list_names(files)
    files.delete()
    return names
