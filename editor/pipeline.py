"""One task from photo to archived results: claim, run, publish, settle.

The row is written only while its owner token is this attempt's. Whoever lost it (a lease that ran
out while the machine slept, a row deleted by its owner) writes nothing, so a late worker cannot
double or overwrite what a second one did.
"""

import logging
import shutil
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import photos, wiring
from .engines.contract import Output
from .models import Photo, Result, Task, stored_name
from .providers.contract import Job
from .providers.errors import Cancelled, Fenced, ProviderError
from .states import State

logger = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=0.5)  # how soon a cancel is seen, and how fresh the progress shown is
LEASE = timedelta(seconds=settings.LEASE_SECONDS)

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
    task = Task.objects.select_related("photo", "backdrop").filter(pk=task_id, owner_token=token).first()
    return Attempt(task, token) if task else None


class Attempt:
    """A worker's hold on a task."""

    def __init__(self, task: Task, token: uuid.UUID) -> None:
        self.task, self.token = task, token
        self.started = time.monotonic()
        self.looked_at = self.renewed_at = timezone.now()
        self.shown = 0

    def carry_out(self) -> None:
        """Run the provider and archive what it made. Raises ProviderError, Fenced among them."""
        task = self.task
        with tempfile.TemporaryDirectory(prefix="task-") as scratch:
            folder = Path(scratch)
            source = local_copy(task.photo, folder)
            if not task.photo.preview:
                self.prepare(source, folder)
            options = dict(task.params)
            if task.backdrop is not None:
                options["background_path"] = str(local_copy(task.backdrop, folder))
            self.hold(state=State.PROCESSING)
            job = Job(task.tool, source, folder, options, self.seconds_left)
            outputs = wiring.provider(task.provider, task.queue).run(job, self.watch)
            self.hold(state=State.PUBLISHING, progress=SAVING)
            self.publish(outputs)

    @property
    def seconds_left(self) -> float:
        return settings.TASK_DEADLINE - (time.monotonic() - self.started)

    def prepare(self, source: Path, folder: Path) -> None:
        """Make the photo's own clean copies first, so that the page can show it while it waits.

        Always by our own engine: what a browser can't show should not travel before it must.
        """
        job = Job("prepare", source, folder, {}, self.seconds_left)
        outputs = wiring.provider("local", self.task.queue).run(job, lambda fraction: self.watch(0.0))
        saved: list[Saved] = []
        try:
            saved += [Saved.of(output, "copies") for output in outputs]
            names = {one.output.kind: one.name for one in saved}
            self.hold()
            with transaction.atomic():
                # Two tasks of one new photo may both make them: the first stays.
                fresh = Photo.objects.filter(pk=self.task.photo_id, preview="")
                if not fresh.update(preview=names["preview"], thumbnail=names["thumbnail"]):
                    photos.remove_files([one.name for one in saved])
        except BaseException:
            photos.remove_files([one.name for one in saved])
            raise

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
        percent = int(SAVING * min(1.0, max(0.0, fraction)))
        if percent > self.shown or now - self.renewed_at >= LEASE / 4:
            self.shown, self.renewed_at = max(percent, self.shown), now
            self.hold(progress=self.shown)

    def hold(self, **changes: object) -> None:
        """Write to the row and renew the lease, if it is still ours. Raises Fenced otherwise."""
        held = Task.objects.held_by(self.token).filter(pk=self.task.pk)
        if not held.update(lease_expires_at=timezone.now() + LEASE, **changes):
            raise Fenced

    def publish(self, outputs: list[Output]) -> None:
        """Archive the files, then make rows of them and settle the task in one transaction."""
        saved: list[Saved] = []
        try:
            saved += [Saved.of(output, "results") for output in outputs]
            with transaction.atomic():
                self.settle(State.DONE, progress=100)
                record_results(self.task, saved)
        except BaseException:
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
        changes |= {"owner_token": None, "lease_expires_at": None, "completed_at": timezone.now()}
        if not held.update(state=state, **changes):
            raise Fenced


@dataclass(frozen=True)
class Saved:
    """A file that a provider made, and its name in storage."""

    output: Output
    name: str

    @classmethod
    def of(cls, output: Output, folder: str) -> "Saved":
        with Path(output.path).open("rb") as file:
            return cls(output, default_storage.save(stored_name(folder, output.format), File(file)))


def record_results(task: Task, saved: list[Saved]) -> None:
    """Make a Result of every picture and mask; a thumbnail belongs to the first."""
    thumbnail = next((one.name for one in saved if one.output.kind == "thumbnail"), "")
    for one in saved:
        if one.output.kind not in Result.Kind.values:
            continue
        Result.objects.create(
            owner_id=task.owner_id,
            task=task,
            photo_id=task.photo_id,
            tool=task.tool,
            kind=one.output.kind,
            file=one.name,
            thumbnail=thumbnail,
            format=one.output.format,
            width=one.output.width,
            height=one.output.height,
            bytes=one.output.bytes,
        )
        thumbnail = ""


def local_copy(photo: Photo, folder: Path) -> Path:
    """Return a path where an engine can read the photo's file, which may live in S3."""
    try:
        return Path(photo.file.path)
    except NotImplementedError:
        path = folder / f"{photo.pk}.{str(photo.file.name).rpartition('.')[2]}"
        with photo.file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path
