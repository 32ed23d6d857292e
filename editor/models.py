"""What the editor keeps: photos, the work done on them, and the pictures that came of it."""

import secrets
import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from .states import RUNNING, UNDER_WAY, State

# A picture that crashes the imaging process fails at once; what is counted here are workers that
# died, which is hardly ever the task's fault. So the bound is there for the one time it is.
MAX_ATTEMPTS = 5


class Tool(models.TextChoices):
    """What a task does to a photo."""

    CUTOUT = "cutout", "Cutout"
    HEAD = "head", "Head"
    ERASE = "erase", "Erase"
    SCENE = "scene", "Scene"


# A render must never hold up a cutout.
QUEUES = {Tool.CUTOUT: "quick", Tool.HEAD: "quick", Tool.ERASE: "quick", Tool.SCENE: "render"}


SOURCE_IS_GONE = "The result that this was to work on was deleted. Mark the photo, or another result."


def stored_name(folder: str, extension: str) -> str:
    """Return a new name for a file: unguessable, ours alone, spread over 256 folders."""
    token = secrets.token_hex(20)
    return f"{folder}/{token[:2]}/{token}.{extension}"


class OwnedQuerySet(models.QuerySet):
    def owned_by(self, user: Any) -> Self:
        """Where every look-up of something a person owns starts."""
        return self.filter(owner=user)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class PhotoQuerySet(OwnedQuerySet):
    def sources(self) -> Self:
        """Photos that were uploaded to be worked on, not to stand behind another."""
        return self.filter(purpose=Photo.Purpose.SOURCE)

    def on_the_desk(self) -> Self:
        """Photos of the filmstrip: what was not put away."""
        return self.sources().filter(on_desk=True).newest_first()

    def unused(self) -> Self:
        """Pictures that only came along with a task, none of which is left."""
        companions = self.filter(purpose__in=[Photo.Purpose.BACKDROP, Photo.Purpose.MASK])
        return companions.filter(tasks_before=None, tasks_masked=None, tasks_avoiding=None)


class Photo(models.Model):
    """A picture that a person uploaded, kept as it came; the copies made from it are clean."""

    class Purpose(models.TextChoices):
        SOURCE = "source", "to work on"
        BACKDROP = "backdrop", "to stand behind a cutout"
        MASK = "mask", "to say what goes, or what not to copy"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SOURCE)
    name = models.CharField(max_length=120, help_text="The file's own name, shortened, for people.")
    # A picture behind an address has nothing but that until a worker has fetched it.
    url = models.CharField(max_length=2048, blank=True, help_text="Where a worker is to fetch it.")
    file = models.FileField(max_length=120, blank=True)
    format = models.CharField(max_length=10, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0, help_text="As a person sees it, in pixels.")
    height = models.PositiveIntegerField(default=0)
    # Made once by the first task: upright, sRGB, without metadata, in a format browsers show.
    preview = models.FileField(max_length=120, blank=True)
    thumbnail = models.FileField(max_length=120, blank=True)
    unreadable = models.CharField(max_length=300, blank=True, help_text="Why it cannot be shown, for people.")
    # As engines.heads.told says it; null until somebody wanted to know.
    heads = models.JSONField(null=True, blank=True, help_text="The heads in it, for the page to ring.")
    on_desk = models.BooleanField(default=True, help_text="Shown in the editor's filmstrip.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="photo_owner_newest"),
            models.Index(fields=["-created_at"], name="photo_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def files(self) -> list[str]:
        """Names of all its files in storage."""
        return [field.name for field in (self.file, self.preview, self.thumbnail) if field.name]


class TaskQuerySet(OwnedQuerySet):
    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def queued(self) -> Self:
        return self.filter(state=State.QUEUED)

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def held_by(self, token: uuid.UUID) -> Self:
        """Tasks that a worker with this token may still write to: nobody else claimed them since."""
        return self.running().filter(owner_token=token)

    def expired(self) -> Self:
        """Tasks whose worker has not been heard of for a whole lease."""
        return self.running().filter(lease_expires_at__lt=timezone.now())


class Task(models.Model):
    """One piece of work on a photo. This row is the truth about it; the queue only says "look"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tasks")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="tasks")
    backdrop = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks_before"
    )
    mask = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks_masked"
    )
    avoid = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks_avoiding"
    )
    # The work goes on from one of the photo's results. Deleting that leaves what was made of it, so
    # the reference may go; `continues` stays, lest the photo itself be taken for it.
    source_result = models.ForeignKey(
        "Result", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks_after"
    )
    continues = models.BooleanField(default=False, help_text="Works on a result, not on the photo.")
    tool = models.CharField(max_length=10, choices=Tool)
    provider = models.CharField(max_length=20, default="local")
    params = models.JSONField(default=dict, help_text="As the tool's form cleaned them.")
    state = models.SmallIntegerField(choices=[(s.value, s.word) for s in State], default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    message = models.CharField(max_length=300, blank=True, help_text="Why it failed, for people.")
    # Names in storage of what can be shown before it is done, by take; gone once it is settled.
    early = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True, help_text="What the engine found, for the page.")
    credits = models.PositiveSmallIntegerField(default=0, help_text="What it costs if it succeeds.")
    api_key = models.ForeignKey(
        "accounts.ApiKey", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    # What a program asked about the answer, such as return_type; empty for the page's own tasks.
    answer = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When it goes with its photo and results."
    )
    priority = models.SmallIntegerField(default=0, help_text="-100 to 100; the higher goes first.")
    attempts = models.PositiveSmallIntegerField(default=0)
    owner_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    enqueued_at = models.DateTimeField(null=True, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "lease_expires_at"], name="task_state_lease"),
            models.Index(fields=["owner", "-created_at"], name="task_owner_newest"),
            models.Index(fields=["photo", "-created_at"], name="task_photo_newest"),
            # The admin's lists and dashboard look at everybody's.
            models.Index(fields=["-created_at"], name="task_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tool_display()} of {self.photo_id}"

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def sentence(self) -> str:
        """What happens to it, or why it failed and what to do, for people."""
        return self.message or self.status.sentence

    @property
    def lost_its_source(self) -> bool:
        """Whether the result that it was to work on was deleted."""
        return self.continues and self.source_result_id is None

    @property
    def queue(self) -> str:
        return QUEUES[Tool(self.tool)]

    @property
    def seconds(self) -> float | None:
        """How long the work took, from the claim to the archived results."""
        if self.processed_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.processed_at).total_seconds()

    def ahead(self) -> int:
        """How many tasks of the same queue will be taken before this one."""
        same_queue = [tool for tool, queue in QUEUES.items() if queue == self.queue]
        earlier = models.Q(priority=self.priority, created_at__lt=self.created_at)
        return (
            Task.objects.queued()
            .filter(tool__in=same_queue)
            .filter(models.Q(priority__gt=self.priority) | earlier)
            .count()
        )


class ResultQuerySet(OwnedQuerySet):
    def pictures(self) -> Self:
        return self.filter(kind=Result.Kind.IMAGE)

    def kept(self) -> Self:
        """Results of the page; a program's go within the hour and never come into the gallery."""
        return self.filter(task__expires_at=None)


class Result(models.Model):
    """A picture that a task made, archived in storage."""

    class Kind(models.TextChoices):
        IMAGE = "image", "picture"
        MASK = "mask", "mask"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="results")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="results")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="results")
    tool = models.CharField(max_length=10, choices=Tool)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.IMAGE)
    number = models.PositiveSmallIntegerField(default=1, help_text="Which take, where there are several.")
    file = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120, blank=True)
    format = models.CharField(max_length=5)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = ResultQuerySet.as_manager()

    class Meta:
        constraints = [
            # Whatever a duplicate worker does: one picture of a kind per task and take.
            models.UniqueConstraint(fields=["task", "kind", "number"], name="one_result_per_task_and_take")
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="result_owner_newest"),
            models.Index(fields=["photo", "-created_at"], name="result_photo_newest"),
            models.Index(fields=["-created_at"], name="result_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tool_display()} {self.width} × {self.height}"

    @property
    def files(self) -> list[str]:
        """Names of all its files in storage."""
        return [field.name for field in (self.file, self.thumbnail) if field.name]


class IdempotencyKey(models.Model):
    """What a program's POST led to, so that the same one sent again leads there and not to more work."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request's method, path and body.")
    # The key outlives its task: sent again, it says that what it led to is gone, and orders nothing.
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class Callback(models.Model):
    """An address that a program wants called once its task has ended."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="callback")
    url = models.CharField(max_length=2048)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.url


class SceneQuerySet(models.QuerySet):
    def offered(self) -> Self:
        return self.filter(enabled=True)


class Scene(models.Model):
    """A background template. Its number is part of the HTTP contract and never changes."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=40)
    keywords = models.CharField(max_length=300, blank=True)
    enabled = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ["position", "number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> Self:
        """Workers that were heard of within three beats."""
        return self.filter(seen_at__gte=timezone.now() - 3 * Worker.BEAT)


class Worker(models.Model):
    """A process that carries tasks out. It says every few seconds that it lives (pulse.py)."""

    BEAT = timedelta(seconds=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.CharField(max_length=20)
    host = models.CharField(max_length=100)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.queue} on {self.host}, process {self.process}"
