"""Tasks: work done on photos."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from editor import tools
from editor.states import RUNNING, UNDER_WAY, State
from web import clock

from .owned import OwnedQuerySet
from .photo import Photo

# A picture that crashes the imaging process fails at once; what is counted here are workers that
# died, which is hardly ever the task's fault. So the bound is there for the one time it is.
MAX_ATTEMPTS = 5


SOURCE_IS_GONE = gettext_noop(
    "The result that this was to work on was deleted. Mark the photo, or another result."
)


# What a cutout without a finish is ordered by; orders of programs and of before say more.
CUTTING_OUT = frozenset({"subject", "strokes"})


class TaskQuerySet(OwnedQuerySet):
    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def queued(self) -> Self:
        return self.filter(state=State.QUEUED)

    def of_queue(self, queue: str) -> Self:
        return self.filter(tool__in=tools.list_queued_in(queue))

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def held_by(self, token: uuid.UUID) -> Self:
        """Tasks that a worker with this token may still write to: nobody else claimed them since."""
        return self.running().filter(owner_token=token)

    def parked(self) -> Self:
        """Tasks that another service works on: nobody here has them until it is time to look again."""
        return self.running().filter(owner_token=None, not_before__isnull=False)

    def due(self, now: datetime | None = None) -> Self:
        """Tasks that need not be left alone any longer."""
        return self.filter(models.Q(not_before=None) | models.Q(not_before__lte=now or clock.now()))

    def lock(self) -> list[uuid.UUID]:
        """Keep these tasks as they are until the transaction ends, in the one order in which everybody does.

        Returns their keys. Who ends or deletes several locks all of them first: one after the other, they
        would have the account already for which the worker waits that ends the next one.
        """
        rows = self.select_for_update(no_key=True).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def expired(self) -> Self:
        """Tasks whose worker, or whose next look, has not been heard of for a whole lease."""
        return self.running().filter(lease_expires_at__lt=clock.now())


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
    continues = models.BooleanField(default=False, help_text=_("Works on a result, not on the photo."))
    tool = models.CharField(max_length=10, choices=[(value, _(label)) for value, label in tools.CHOICES])
    provider = models.CharField(max_length=20, default="local")
    params = models.JSONField(default=dict, help_text=_("As the tool's form cleaned them."))
    state = models.SmallIntegerField(choices=[(s.value, _(s.word)) for s in State], default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text=_("Percent."))
    message = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("Why it failed, or has too few takes, for people."),
    )
    # Names in storage of what can be shown before it is done, by take; gone once it is settled.
    early = models.JSONField(default=list, blank=True)
    # Takes that are archived while others are still made, see tasks/takes.py; results once it is settled.
    finished = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True, help_text=_("What the engine found, for the page."))
    credits = models.PositiveSmallIntegerField(
        default=0, help_text=_("What it costs if it succeeds; what it did cost once it has.")
    )
    api_key = models.ForeignKey(
        "accounts.ApiKey", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    # What a program asked about the answer, such as return_type; empty for the page's own tasks.
    answer = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text=_("When it goes with its photo and results.")
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    owner_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Until then nobody need take it up; from then on it stands in line."),
    )
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "lease_expires_at"], name="task_state_lease"),
            models.Index(fields=["owner", "-created_at"], name="task_owner_newest"),
            models.Index(fields=["photo", "-created_at"], name="task_photo_newest"),
            # All that a worker must know of those who wait, to say whose turn it is.
            models.Index(
                fields=["state", "tool", "owner", "created_at", "not_before"], name="task_waiting_in_line"
            ),
            # The admin's lists and dashboard look at everybody's.
            models.Index(fields=["-created_at"], name="task_newest"),
        ]

    def __str__(self) -> str:
        return gettext("%(tool)s of %(photo)s") % {"tool": self.get_tool_display(), "photo": self.photo_id}

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def sentence(self) -> str:
        """What happens to it, or why it failed and what to do, for people."""
        return self.message or self.status.sentence

    @property
    def takes(self) -> int:
        """How many pictures of one kind were asked for."""
        return int(self.params.get("takes", 1))

    @property
    def makes_bare_cutout(self) -> bool:
        """Whether nothing but the cutting out was asked for: what more is done to it is a finish."""
        plain = self.tool == tools.Tool.CUTOUT and set(self.params) <= CUTTING_OUT
        return plain and self.backdrop_id is None and self.expires_at is None

    @property
    def lost_its_source(self) -> bool:
        """Whether the result that it was to work on was deleted, if only to the trash."""
        source = self.source_result
        return self.continues and (source is None or source.trashed_at is not None)

    @property
    def queue(self) -> str:
        return tools.SPECS[tools.Tool(self.tool)].queue

    @property
    def seconds(self) -> float | None:
        """How long the work took, from the claim to the archived results."""
        if self.processed_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.processed_at).total_seconds()
