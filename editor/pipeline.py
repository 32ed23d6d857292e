"""One task from photo to archived results: claim, run, publish, settle.

The row is written only while its owner token is this attempt's. Whoever lost it (a lease that ran
out while the machine slept, a row deleted by its owner) writes nothing, so a late worker cannot
double or overwrite what a second one did.
"""

import json
import logging
import shutil
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import photos, settlement, wiring
from .engines.contract import Output
from .engines.errors import EngineError
from .models import SOURCE_IS_GONE, Photo, Result, Task, Tool, stored_name
from .providers.contract import Job
from .providers.errors import Cancelled, Fenced, ProviderError, Refused
from .states import State

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=0.5)  # how soon a cancel is seen, and how fresh the progress shown is
LEASE = timedelta(seconds=settings.LEASE_SECONDS)

MOST_JSON = 64 * 1024  # bytes
# What was said stays with the task, for people; the engine gets the plan that it was taken for.
FOR_PEOPLE = ("prompt", "negative_prompt")
SAVING = 95  # percent; what the engine reports is scaled to end here


def perform(task_id: uuid.UUID) -> None:
    """Carry out a task that waits. One that is claimed, settled or gone is left alone."""
    attempt = claim(task_id)
    if attempt is None:
        return
    try:
        attempt.carry_out()
    except Fenced:
        logger.warning("Task %s was taken from this worker; nothing is written.", task_id)
    except ProviderError as exc:
        attempt.fail(State(exc.state), exc.sentence)
    except OSError as exc:
        logger.exception("Task %s could not be stored", task_id)
        attempt.fail(State.NOT_ARCHIVED, photos.DISK_IS_FULL if photos.is_disk_full(exc) else "")
    except Exception:
        logger.exception("Task %s failed", task_id)
        attempt.fail(State.FAILED)


def claim(task_id: uuid.UUID) -> "Attempt | None":
    """Take a waiting task, by one conditional update. None if it does not wait (any more)."""
    token = uuid.uuid4()
    now = timezone.now()
    taken = Task.objects.filter(pk=task_id, state=State.QUEUED).update(
        state=State.PREPARING,
        owner_token=token,
        lease_expires_at=now + LEASE,
        attempts=F("attempts") + 1,
        processed_at=now,
        progress=0,
    )
    if not taken:
        return None
    rows = Task.objects.select_related("photo", "backdrop", "mask", "avoid", "source_result")
    task = rows.filter(pk=task_id, owner_token=token).first()
    return Attempt(task, token) if task else None


class Attempt:
    """A worker's hold on a task."""

    def __init__(self, task: Task, token: uuid.UUID) -> None:
        self.task, self.token = task, token
        self.started = time.monotonic()
        self.looked_at = self.renewed_at = timezone.now()
        self.shown = 0
        self.early: list[str] = []
        self.folder: Path | None = None

    def carry_out(self) -> None:
        """Run the provider and archive what it made. Raises ProviderError, Fenced among them."""
        task = self.task
        with tempfile.TemporaryDirectory(prefix="task-") as scratch:
            self.folder = folder = Path(scratch)
            # What lies behind a cutout is its background; a scene that a product stands in, its backdrop.
            behind = "backdrop" if task.tool == Tool.SCENE else "background"
            pictures = {behind: task.backdrop, "mask": task.mask, "avoid": task.avoid}
            companions = {name: picture for name, picture in pictures.items() if picture is not None}
            for picture in (task.photo, *companions.values()):
                self.bring(picture, folder)
            source = local_copy(task.photo, folder)
            if not task.photo.preview:
                self.prepare(source, folder)
            if task.lost_its_source:
                raise Refused(State.UNSUITABLE, SOURCE_IS_GONE)
            if task.source_result is not None:
                source = local_copy(task.source_result, folder)
            if "prompt" in task.params and "plan" not in task.params:
                raise Refused(State.BAD_PROMPT, State.BAD_PROMPT.sentence)
            options = {name: value for name, value in task.params.items() if name not in FOR_PEOPLE}
            for name, picture in companions.items():
                options[f"{name}_path"] = str(local_copy(picture, folder))
            self.hold(state=State.PROCESSING)
            job = Job(task.tool, source, folder, options, self.seconds_left)
            outputs = wiring.provider(task.provider, task.queue).run(job, self.watch)
            self.hold(state=State.PUBLISHING, progress=SAVING)
            self.publish(outputs)

    @property
    def seconds_left(self) -> float:
        deadline = settings.RENDER_DEADLINE if self.task.queue == "render" else settings.TASK_DEADLINE
        return deadline - (time.monotonic() - self.started)

    def bring(self, picture: Photo, folder: Path) -> None:
        """Fetch a picture that is only known by its address so far, and keep it as if it was uploaded."""
        if picture.file or not picture.url:
            return
        path = folder / f"fetched-{picture.pk}"
        wiring.fetch(picture.url, path, self.seconds_left, lambda share: self.watch(0.0))
        self.hold()
        try:
            if picture is self.task.photo and self.task.answer.get("wants_product"):
                with path.open("rb") as file:
                    photos.check_product(file)
            photos.keep(picture, path)
        except EngineError as exc:
            raise Refused(exc.state, str(exc)) from exc

    def prepare(self, source: Path, folder: Path) -> None:
        """Make the photo's own clean copies first, so that the page can show it while it waits.

        Always by our own engine: what a browser can't show should not travel before it must.
        """
        job = Job("prepare", source, folder, {}, self.seconds_left)
        outputs = wiring.provider("local", self.task.queue).run(job, lambda fraction: self.watch(0.0))
        self.hold()
        keep_copies(self.task.photo_id, outputs)

    def watch(self, fraction: float) -> None:
        """Show progress, renew the lease, and stop the work if it is no longer wanted or ours."""
        now = timezone.now()
        if now - self.looked_at < LOOK_EVERY:
            return
        self.looked_at = now
        row = Task.objects.held_by(self.token).filter(pk=self.task.pk).values("cancel_requested").first()
        if row is None:
            raise Fenced
        if row["cancel_requested"]:
            raise Cancelled
        self.show_early()
        percent = int(SAVING * min(1.0, max(0.0, fraction)))
        if percent > self.shown or now - self.renewed_at >= LEASE / 4:
            self.shown, self.renewed_at = max(percent, self.shown), now
            self.hold(progress=self.shown)

    def show_early(self) -> None:
        """Store what the engine can show of its pictures before they are done, one for each take."""
        number = len(self.early) + 1
        path = self.folder / f"early-{number}.webp" if self.folder else None
        if path is None or not path.exists():
            return
        name = stored_name("early", "webp")
        with path.open("rb") as file:
            self.early.append(default_storage.save(name, File(file)))
        self.hold(early=self.early)

    def hold(self, **changes: object) -> None:
        """Write to the row and renew the lease, if it is still ours. Raises Fenced otherwise."""
        held = Task.objects.held_by(self.token).filter(pk=self.task.pk)
        if not held.update(lease_expires_at=timezone.now() + LEASE, **changes):
            raise Fenced

    def publish(self, outputs: list[Output]) -> None:
        """Archive the files, then make rows of them and settle the task in one transaction."""
        facts = found(outputs)
        saved = archive([output for output in outputs if output.kind != "facts"], "results")
        try:
            with transaction.atomic():
                self.settle(State.DONE, progress=100, facts=facts)
                record_results(self.task, saved)
        except Fenced:
            # Rolled back for certain. After any other error the rows may have been written all the
            # same (a connection lost at the commit), so the files stay and upkeep judges by the rows.
            photos.remove_files([one.name for one in saved])
            raise

    def fail(self, state: State, sentence: str = "") -> None:
        """Settle the task as failed, if it is still ours."""
        try:
            self.settle(state, message=sentence[:300])
        except Fenced:
            logger.warning("Task %s failed with %s, but is no longer ours.", self.task.pk, state)

    def settle(self, state: State, **changes: object) -> None:
        held = Task.objects.held_by(self.token).filter(pk=self.task.pk)
        if not settlement.end(held, state, **changes):
            # Whoever has it now, or has deleted it, knows nothing of these.
            photos.remove_files(self.early)
            raise Fenced


def found(outputs: list[Output]) -> dict[str, Any]:
    """Return what the engine says that it found, of all its JSON files together."""
    facts: dict[str, Any] = {}
    for output in outputs:
        if output.kind == "facts" and output.bytes <= MOST_JSON:
            facts |= json.loads(Path(output.path).read_text())
    return facts


@dataclass(frozen=True)
class Saved:
    """A file that a provider made, and its name in storage."""

    output: Output
    name: str


def archive(outputs: list[Output], folder: str) -> list[Saved]:
    """Store the files that a provider made. Where one cannot be stored none stays, and OSError is raised."""
    saved: list[Saved] = []
    try:
        for output in outputs:
            name = stored_name(folder, output.format)
            with Path(output.path).open("rb") as file:
                saved.append(Saved(output, default_storage.save(name, File(file))))
    except OSError:
        photos.remove_files([one.name for one in saved])
        raise
    return saved


def prepare(photo_id: uuid.UUID) -> None:
    """Make the clean copies of a photo that has no task which would. Safe to run twice."""
    photo = Photo.objects.filter(pk=photo_id, preview="", unreadable="").first()
    if photo is None:
        return
    with tempfile.TemporaryDirectory(prefix="photo-") as scratch:
        folder = Path(scratch)
        try:
            job = Job("prepare", local_copy(photo, folder), folder, {}, settings.TASK_DEADLINE)
            keep_copies(photo.pk, wiring.provider("local", "quick").run(job, lambda fraction: None))
        except Refused as exc:
            Photo.objects.filter(pk=photo_id, preview="").update(unreadable=exc.sentence[:300])
        except (ProviderError, OSError):
            # Upkeep has it done again, and so has the photo's first task.
            logger.exception("The copies of photo %s could not be made", photo_id)


def find_heads(photo_id: uuid.UUID) -> None:
    """Find the heads in a photo for the page to ring, unless that was done. Safe to run twice."""
    photo = Photo.objects.filter(pk=photo_id, heads__isnull=True).first()
    if photo is None:
        return
    with tempfile.TemporaryDirectory(prefix="photo-") as scratch:
        folder = Path(scratch)
        job = Job("faces", local_copy(photo, folder), folder, {}, settings.TASK_DEADLINE)
        try:
            (faces,) = wiring.provider("local", "quick").run(job, lambda fraction: None)
            heads = json.loads(Path(faces.path).read_text())
        except (ProviderError, OSError) as exc:
            # The tool itself will say why when it is ordered; the page offers it without rings.
            logger.warning("The heads of photo %s could not be looked for: %s", photo_id, exc)
            heads = {"heads": []}
    Photo.objects.filter(pk=photo_id).update(heads=heads)


def keep_copies(photo_id: uuid.UUID, outputs: list[Output]) -> None:
    """Archive a photo's preview and thumbnail, unless somebody else was first."""
    names = {one.output.kind: one.name for one in archive(outputs, "copies")}
    fresh = Photo.objects.filter(pk=photo_id, preview="")
    if not fresh.update(preview=names["preview"], thumbnail=names["thumbnail"], unreadable=""):
        photos.remove_files(list(names.values()))


def record_results(task: Task, saved: list[Saved]) -> None:
    """Make a Result of every picture and mask; a thumbnail follows the one that it shows."""
    for one, following in zip(saved, [*saved[1:], None], strict=True):
        if one.output.kind not in Result.Kind.values:
            continue
        thumbnail = following.name if following and following.output.kind == "thumbnail" else ""
        Result.objects.create(
            owner_id=task.owner_id,
            task=task,
            photo_id=task.photo_id,
            tool=task.tool,
            kind=one.output.kind,
            number=one.output.number,
            file=one.name,
            thumbnail=thumbnail,
            format=one.output.format,
            width=one.output.width,
            height=one.output.height,
            bytes=one.output.bytes,
        )


def local_copy(picture: Photo | Result, folder: Path) -> Path:
    """Return a path where an engine can read the picture's file, which may live in S3."""
    try:
        return Path(picture.file.path)
    except NotImplementedError:
        path = folder / f"{picture.pk}.{str(picture.file.name).rpartition('.')[2]}"
        with picture.file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path
