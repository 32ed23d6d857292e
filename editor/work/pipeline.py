"""The pipeline of one task, from photo to archived results: claim, run, publish, settle; or handed over."""

import json
import logging
import shutil
import tempfile
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings

from editor import wiring
from editor.engines.errors import EngineError
from editor.engines.limits import SEEDS, STUDIO, Limits
from editor.engines.types import Output, ignore_progress
from editor.files import uploads
from editor.models import SOURCE_IS_GONE, Photo, Preparation, Result
from editor.providers.contract import Job, Watch
from editor.providers.errors import DeadlinePassed, Fenced, ProviderError, Refused, Unknown
from editor.remote import handover, routing
from editor.states import State
from editor.tasks import advice, heartbeat, lease, signals, takes
from editor.tasks.archive import archive
from editor.tasks.lease import SAVING, Again, Attempt, claim
from editor.tools import QUICK, Tool
from web import clock, observation, outages

from .runs import delivery

logger = logging.getLogger(__name__)

# Bytes that are stored before anybody could read that they are.
WORTH_SAYING = 2**20
STORE_WAITED_FOR = timedelta(days=1)

# A prompt stays with the task, for people, as does what a set shows of it; our engine gets the plan.
FOR_PEOPLE = ("prompt", "account")


def serve(queue: str) -> Again | None:
    """Take up what is next in a queue, whoever's it is; nothing happens where nothing waits.

    Returns when it is to be taken up again, where it did not end here.
    """
    held = lease.take_next(queue)
    if isinstance(held, Preparation):
        prepare(held)
        return None
    return run_attempt(held, look_after if held is not None and held.is_look else carry_out)


def perform(task_id: uuid.UUID) -> Again | None:
    """Carry out this very task, out of turn. One that is claimed, settled or gone is left alone.

    Returns as serve.
    """
    return run_attempt(claim(task_id), carry_out)


def look(task_id: uuid.UUID) -> Again | None:
    """Look after this very task that a service works on, if it is time to. Returns as serve."""
    return run_attempt(lease.claim_parked(task_id), look_after)


def run_attempt(attempt: Attempt | None, work: Callable[[Attempt], Again | None]) -> Again | None:
    """Do the work, and settle the task as failed where that raises."""
    if attempt is None:
        return None
    task = attempt.task
    with observation.work_on(f"{task.tool} task", task=str(task.pk), person=task.owner_id):
        return settle_attempt(attempt, work)


def settle_attempt(attempt: Attempt, work: Callable[[Attempt], Again | None]) -> Again | None:
    """Do the work of an attempt that is known in the log."""
    task_id = attempt.task.pk
    try:
        try:
            with attempt.keep():
                return work(attempt)
        except Exception as exc:
            if (outages.is_outage(exc) or outages.is_full(exc)) and not has_waited_too_long(attempt, exc):
                logger.warning("Task %s waits for the database or the store of pictures: %s", task_id, exc)
                return attempt.come_again()
            # Another machine's disk may have room; this one's must not end the whole queue.
            if uploads.is_disk_full(exc) and attempt.may_try_again and heartbeat.has_company(attempt.queue):
                logger.warning("Task %s is left to another worker, as this one's disk is full.", task_id)
                return attempt.leave_to_others()
            raise
    except Fenced:
        logger.warning("Task %s was taken from this worker; nothing is written.", task_id)
    except ProviderError as exc:
        attempt.fail(exc.state, exc.sentence)
    except OSError as exc:
        logger.exception("Task %s could not be stored", task_id)
        attempt.fail(State.NOT_ARCHIVED, uploads.DISK_IS_FULL if uploads.is_disk_full(exc) else "")
    except Exception as exc:
        if outages.is_full(exc):
            raise  # nothing can be written; its lease runs out, and then it is taken up again
        logger.exception("Task %s failed", task_id)
        attempt.fail(State.FAILED)
    return None


def has_waited_too_long(attempt: Attempt, exc: Exception) -> bool:
    """Whether a task waits for the store for so long that it must be its own files that cannot be had."""
    age = clock.now() - attempt.task.created_at
    return isinstance(exc, outages.StoreAway) and age > STORE_WAITED_FOR


def carry_out(attempt: Attempt) -> Again | None:
    """Hand the task over to whom it goes to, or else do it here. Raises ProviderError, Fenced among them."""
    with tempfile.TemporaryDirectory(prefix="task-") as scratch:
        attempt.folder = folder = Path(scratch)
        job = prepare_job(attempt, folder)
        way = routing.find_way(attempt.task.tool)
        # What was begun here is ended here: a service would make and charge all of it.
        if way.provider and not attempt.finished:
            try:
                return handover.hand_over(attempt, job, way)
            except handover.LeftToUs as exc:
                logger.info("Task %s is carried out here: %s", attempt.task.pk, exc)
        return carry_out_here(attempt, job)


def carry_out_here(attempt: Attempt, job: Job) -> Again | None:
    """Have our own engine do the job, and archive what it made; not what was finished before."""
    if takes.are_all_made(attempt.task):
        attempt.publish([])
        return None
    if want := routing.explain_want(job.tool):
        raise Refused(State.NO_RESOURCES, want)
    if "prompt" in job.options and "plan" not in job.options:
        raise Refused(State.BAD_PROMPT, State.BAD_PROMPT.sentence)
    options = {name: value for name, value in job.options.items() if name not in FOR_PEOPLE}
    if job.tool == Tool.SCENE:
        options |= {"seconds": attempt.seconds_left, "made": takes.list_made(attempt.task)}
    attempt.say(state=State.PROCESSING, provider="local")
    own = Job(job.tool, job.source, job.folder, options, attempt.seconds_left)
    try:
        outputs = wiring.get_engine("local", attempt.queue).run(own, attempt.watch)
    except Fenced:
        raise
    except Unknown:
        # Of a web process that is newer than this worker; in the middle of an upgrade both are there.
        if not (attempt.may_try_again and heartbeat.has_others(attempt.queue)):
            raise
        logger.warning("Task %s is left to a worker of other code.", attempt.task.pk)
        return attempt.leave_to_others()
    except DeadlinePassed as exc:
        sentence = exc.sentence or advice.describe_slowness(attempt.task, attempt.seconds_allowed)
        attempt.keep_all_takes()
        raise DeadlinePassed(sentence) from exc
    except ProviderError:
        attempt.keep_all_takes()
        raise
    if sum(one.bytes for one in outputs) > WORTH_SAYING:
        attempt.hold(state=State.PUBLISHING, progress=SAVING)
    attempt.publish(outputs)
    return None


def look_after(attempt: Attempt) -> Again | None:
    """Ask the service how the task goes, and fetch what it made once it is done."""
    with tempfile.TemporaryDirectory(prefix="task-") as scratch:
        attempt.folder = folder = Path(scratch)
        return handover.look_after(attempt, partial(prepare_job, attempt, folder))


def prepare_job(attempt: Attempt, folder: Path) -> Job:
    """Return the task as a job: its pictures at hand and, for a page, the photo's clean copies made."""
    task = attempt.task
    # What lies behind a cutout is its background; a scene that a product stands in, its backdrop.
    behind = "backdrop" if task.tool == Tool.SCENE else "background"
    pictures = {behind: task.backdrop, "mask": task.mask, "avoid": task.avoid}
    companions = {name: picture for name, picture in pictures.items() if picture is not None}
    for picture in (task.photo, *companions.values()):
        fetch_picture(attempt, picture, folder)
    source = get_local_copy(task.photo, folder)
    # A program sees no page, and waits for its picture.
    if not task.photo.preview and task.api_key_id is None:
        make_copies(attempt, source, folder)
    if task.lost_its_source:
        raise Refused(State.UNSUITABLE, SOURCE_IS_GONE)
    if task.source_result is not None:
        source = get_local_copy(task.source_result, folder)
    if task.params.get("provenance", "none") != "none":
        # A cutout says nothing of its origin; its photo may.
        companions["photo"] = task.photo
    paths = {f"{name}_path": str(get_local_copy(picture, folder)) for name, picture in companions.items()}
    return Job(task.tool, source, folder, {**task.params, **paths}, attempt.seconds_left)


def fetch_picture(attempt: Attempt, picture: Photo, folder: Path) -> None:
    """Fetch a picture that is only known by its address so far, and keep it as if it was uploaded."""
    if picture.file or not picture.url:
        return
    path = folder / f"fetched-{picture.pk}"
    wiring.fetch(picture.url, path, attempt.seconds_left, lambda share: attempt.watch(0.0))
    attempt.hold()
    try:
        if picture is attempt.task.photo and attempt.task.answer.get("wants_product"):
            with path.open("rb") as file:
                uploads.check_product(file)
        asked = attempt.task.answer.get("limits")
        usual = SEEDS if attempt.task.expires_at else STUDIO
        uploads.store_fetched(picture, path, Limits(*asked) if asked else usual)
    except EngineError as exc:
        raise Refused(exc.state, str(exc)) from exc


def make_copies(attempt: Attempt, source: Path, folder: Path) -> None:
    """Make the photo's own clean copies first, so that the page can show it while it waits.

    Always by our own engine: what a browser can't show should not travel before it must.
    """
    job = Job("prepare", source, folder, {}, attempt.seconds_left)
    provider = wiring.get_engine("local", attempt.queue)
    outputs = provider.run(job, lambda fraction: attempt.watch(0.0))
    attempt.hold()
    archive_copies(attempt.task.photo_id, outputs)


def prepare(asked: Preparation) -> None:
    """Make of a photo what was asked for, unless it is there already, and have done with it."""
    kinds = {
        Preparation.Kind.COPIES: prepare_copies,
        Preparation.Kind.HEADS: find_heads,
        Preparation.Kind.FILES: delivery.make_files,
    }
    try:
        kinds[Preparation.Kind(asked.kind)](asked.photo_id, lease.renew_claim(asked))
    except Exception as exc:
        if not outages.is_outage(exc):
            raise
        logger.warning("Photo %s waits for the database or the store of pictures: %s", asked.photo_id, exc)
        lease.put_preparation_back(asked)
        return
    asked.delete()
    signals.prepared.send_robust(sender=Preparation, photo_id=asked.photo_id, kind=asked.kind)


def prepare_copies(photo_id: uuid.UUID, watch: Watch = ignore_progress) -> None:
    """Make the clean copies of a photo that has no task which would. Safe to run twice."""
    photo = Photo.objects.filter(pk=photo_id, preview="", unreadable="").first()
    if photo is None:
        return
    with tempfile.TemporaryDirectory(prefix="photo-") as scratch:
        folder = Path(scratch)
        try:
            job = Job("prepare", get_local_copy(photo, folder), folder, {}, settings.TASK_DEADLINE)
            archive_copies(photo.pk, wiring.get_engine("local", QUICK).run(job, watch))
        except Refused as exc:
            Photo.objects.filter(pk=photo_id, preview="").update(unreadable=exc.sentence[:300])
        except outages.StoreAway:
            raise
        except (ProviderError, OSError):
            # Upkeep has it done again, and so has the photo's first task.
            logger.exception("The copies of photo %s could not be made", photo_id)


def find_heads(photo_id: uuid.UUID, watch: Watch = ignore_progress) -> None:
    """Find the heads in a photo for the page to ring, unless that was done. Safe to run twice."""
    photo = Photo.objects.filter(pk=photo_id, heads__isnull=True).first()
    if photo is None:
        return
    with tempfile.TemporaryDirectory(prefix="photo-") as scratch:
        folder = Path(scratch)
        job = Job("faces", get_local_copy(photo, folder), folder, {}, settings.TASK_DEADLINE)
        try:
            (faces,) = wiring.get_engine("local", QUICK).run(job, watch)
            heads = json.loads(Path(faces.path).read_text())
        except outages.StoreAway:
            raise
        except (ProviderError, OSError) as exc:
            # The tool itself will say why when it is ordered; the page offers it without rings.
            logger.warning("The heads of photo %s could not be looked for: %s", photo_id, exc)
            heads = {"heads": []}
    Photo.objects.filter(pk=photo_id).update(heads=heads)


def archive_copies(photo_id: uuid.UUID, outputs: list[Output]) -> None:
    """Archive a photo's preview and thumbnail, unless somebody else was first."""
    names = {one.output.kind: one.name for one in archive(outputs, "copies")}
    fresh = Photo.objects.filter(pk=photo_id, preview="")
    if not fresh.update(preview=names["preview"], thumbnail=names["thumbnail"], unreadable=""):
        uploads.remove_files(list(names.values()))


def get_local_copy(picture: Photo | Result, folder: Path) -> Path:
    """Return a path where an engine can read the picture's file, which may live in S3."""
    try:
        return Path(picture.file.path)
    except NotImplementedError:
        path = folder / f"{picture.pk}.{str(picture.file.name).rpartition('.')[2]}"
        with picture.file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path
