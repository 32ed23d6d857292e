"""The files of a photo in its runs, made by a worker: from cutout to archived files with checks.

Told to the line of its owner as a Preparation (see steps.ask_for_files). Orders nothing and sends no message.
"""

import hashlib
import json
import logging
import shutil
import tempfile
import uuid
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, InternalError, OperationalError, transaction

from editor import wiring
from editor.engines.types import Output
from editor.files import measures, uploads
from editor.models import Photo, Result, Run, RunFile, RunItem, stored_name
from editor.providers.contract import Job, Watch
from editor.providers.errors import ProviderError
from editor.tools import QUICK
from web import outages

from . import stored
from .errors import RunRefused
from .plans import Plan, PlannedFile, list_stale

logger = logging.getLogger(__name__)

State = RunItem.State


NOT_MADE = "Its files could not be made. Try again; if it fails again, tell the studio's admin."


class RunHalts(Exception):
    """Nothing is wrong with the photo, but the run cannot go on. `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def make_files(photo_id: uuid.UUID, watch: Watch) -> None:
    """Make the files of a photo in all runs that wait for them. What is there is not made again."""
    waiting = RunItem.objects.filter(photo=photo_id, state=State.DELIVERING)
    for item in waiting.select_related("run__owner", "run__backdrop", "photo").order_by("pk"):
        try:
            make_item(item, watch)
        except RunHalts as exc:
            note_halt(item, exc.sentence)
        except RunRefused as exc:
            note_failure(item, exc.sentence)
        except ProviderError as exc:
            note_failure(item, exc.sentence)
        except (OperationalError, InternalError, InterfaceError, outages.StoreAway):
            # It is put back, and then it is taken up again.
            raise
        except OSError as exc:
            if uploads.is_disk_full(exc):
                note_halt(item, stored.DISK_IS_FULL)
                continue
            logger.exception("The files of %s could not be stored", item)
            note_failure(item, NOT_MADE)
        except Exception:
            logger.exception("The files of %s could not be made", item)
            note_failure(item, NOT_MADE)


def note_failure(item: RunItem, sentence: str) -> None:
    logger.warning("No files of %s: %s", item, sentence)
    own = RunItem.objects.filter(pk=item.pk, state=State.DELIVERING, task=item.task_id)
    own.update(state=State.FAILED, message=sentence[:300])


def note_halt(item: RunItem, sentence: str) -> None:
    """Stop the item's run with the reason; the item waits until somebody goes on with it."""
    RunItem.objects.filter(pk=item.pk, state=State.DELIVERING).update(state=State.WAITING)
    # One that is not going has nobody who goes on with it: running it again makes what is missing.
    Run.objects.filter(pk=item.run_id, state__in=[Run.State.GOING, Run.State.DONE]).update(
        state=Run.State.STOPPED, message=sentence[:300]
    )


def make_item(item: RunItem, watch: Watch) -> None:
    """Make the files of one photo in one run. Raises RunHalts, RunRefused, ProviderError, OSError."""
    plan = Plan(item.run)
    cutouts = Result.objects.pictures().filter(task=item.task_id, bare=True)
    cutout = cutouts.select_related("photo", "task").first() if item.task_id else None
    if cutout is None:
        # Deleted since: it is cut out again, which costs nothing.
        RunItem.objects.filter(pk=item.pk, state=State.DELIVERING).update(state=State.WAITING, task=None)
        return
    planned = plan.plan_files(item, cutout)
    stale = list_stale(list(item.files.all()), planned)
    made: list[RunFile] = []
    with tempfile.TemporaryDirectory(prefix="run-") as scratch:
        try:
            for share in sorted({one.share for one in stale}):
                some = [one for one in stale if one.share == share]
                folder = Path(scratch) / str(len(made))
                folder.mkdir()
                made += deliver(plan, item, cutout, some, folder, watch)
            keep(item, made, len(planned), cutout)
        except BaseException:
            uploads.remove_files(stored.list_names(made))
            raise


def deliver(
    plan: Plan, item: RunItem, cutout: Result, files: list[PlannedFile], folder: Path, watch: Watch
) -> list[RunFile]:
    """Have the engine make files of one share, and archive them. Return their rows, unsaved."""
    finish = {**plan.recipe.finish.to_dict(), "share": files[0].share}
    options: dict[str, Any] = {"recipe": plan.recipe.to_dict(), "finish": finish}
    options["files"] = [one.to_dict() for one in files]
    if plan.run.backdrop is not None:
        options["backdrop_path"] = str(copy_here(plan.run.backdrop, folder))
    recipe = plan.recipe
    if recipe.credentials:
        options["identity_path"] = str(settings.IDENTITY_DIR)
    if recipe.needs_measures or recipe.provenance != "none" or recipe.credentials:
        options["photo_path"] = str(copy_here(cutout.photo, folder))
    if recipe.needs_measures and (kept := measures.get_kept(cutout)):
        options["measures"] = kept.to_dict()
    job = Job("deliver", copy_here(cutout, folder), folder, options, settings.TASK_DEADLINE)
    outputs = wiring.get_engine("local", QUICK).run(job, watch)
    check_room(item, sum(one.bytes for one in outputs))
    facts = json.loads(Path(next(one.path for one in outputs if one.kind == "facts")).read_text())
    if recipe.needs_measures and "measures" not in options:
        measures.keep(cutout, facts["measures"])
    return archive(item, files, outputs, facts["files"])


def check_room(item: RunItem, size: int) -> None:
    """Raise RunHalts where neither the disk nor the owner's plan has room for so many bytes more."""
    if not uploads.has_room_for(size):
        raise RunHalts(stored.DISK_IS_FULL)
    try:
        uploads.check_allowance(item.run.owner, size, Photo.Purpose.BACKDROP)
    except uploads.UploadRefused as exc:
        raise RunHalts(f"{exc.sentence} Then go on.") from exc


def archive(
    item: RunItem, files: list[PlannedFile], outputs: list[Output], told: list[dict[str, Any]]
) -> list[RunFile]:
    """Store what the engine made of a photo, a thumbnail of the first file among it.

    told: of each file what the engine says of it, as Delivered.to_dict has it.
    """
    small = next(one for one in outputs if one.kind == "thumbnail")
    pictures = sorted((one for one in outputs if one.kind == "image"), key=lambda one: one.number)
    made: list[RunFile] = []
    try:
        for planned, output, facts in zip(files, pictures, told, strict=True):
            row = RunFile(
                item=item,
                number=planned.number,
                market=planned.spec.market,
                path=planned.path,
                format=facts["format"],
                width=facts["width"],
                height=facts["height"],
                bytes=facts["bytes"],
                sha256=facts["sha256"],
                made_of=planned.made_of,
                verdict=facts["verdict"],
                checks=facts["checks"],
            )
            made.append(row)
            row.file.name = save(output)
            if len(made) == 1:
                row.thumbnail.name = save(small)
    except OSError:
        uploads.remove_files(stored.list_names(made))
        raise
    return made


def save(output: Output) -> str:
    with Path(output.path).open("rb") as file:
        return default_storage.save(stored_name(stored.FOLDER, Path(output.path).suffix[1:]), File(file))


@outages.begin_again
def keep(item: RunItem, made: list[RunFile], most: int, cutout: Result) -> None:
    """Make rows of what was archived, in the place of what was there; nothing where it is wanted no more."""
    with transaction.atomic():
        own = RunItem.objects.select_for_update(no_key=True).filter(
            pk=item.pk, state=State.DELIVERING, task=item.task_id
        )
        now = own.first()
        # Deleted, corrected or run again meanwhile: whoever did so has had it asked for anew.
        if now is None or now.paths != item.paths or now.measured != item.measured:
            transaction.on_commit(partial(uploads.remove_files, stored.list_names(made)))
            return
        numbers = [row.number for row in made]
        old = item.files.filter(number__in=numbers) | item.files.filter(number__gt=most)
        names = stored.drop_files(old)
        RunFile.objects.bulk_create(made)
        digest = item.sha256 or hash_stored(cutout.photo)
        own.update(state=State.DONE, message="", sha256=digest)
        transaction.on_commit(partial(uploads.remove_files, names))


def hash_stored(photo: Photo) -> str:
    """Return the SHA-256 of a photo that was fetched, whose bytes nobody had hashed."""
    with photo.file.open("rb") as file:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def copy_here(picture: Photo | Result, folder: Path) -> Path:
    """Return a path where the engine can read a picture's file, which may live in S3."""
    try:
        return Path(picture.file.path)
    except NotImplementedError:
        path = folder / f"{picture.pk}.{str(picture.file.name).rpartition('.')[2]}"
        with picture.file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path
