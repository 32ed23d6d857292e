"""Services behind HTTP that may carry tasks out: how each is reached, how it goes, what it has of ours."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editor import services
from editor.tools import CHOICES

from .task import Task


class Provider(models.Model):
    """A service, one row for each that we can speak with. What the environment says of it goes before.

    The lower half is written by workers: when it may be called next, how its last calls ended, and
    the circuit that keeps us from asking what does not answer (remote/circuit.py).
    """

    name = models.CharField(primary_key=True, max_length=20, choices=services.CHOICES, editable=False)
    base_url = models.CharField(_("address"), max_length=300, blank=True, help_text=_("Such as https://host"))
    sealed_key = models.TextField(blank=True, editable=False)
    key_ends = models.CharField(max_length=4, blank=True, editable=False)
    enabled = models.BooleanField(default=True)
    heeds_idempotency_keys = models.BooleanField(
        default=False,
        help_text=_("A call sent twice with one Idempotency-Key is taken once, as a studio like this does."),
    )

    next_slot_at = models.DateTimeField(null=True, blank=True, editable=False)
    calls = models.PositiveIntegerField(default=0, editable=False, help_text=_("Of the day in called_on."))
    called_on = models.DateField(null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)
    last_error_at = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text=_("In a row."))
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    # Nobody calls it before open_until; then one call goes through, until probe_until the only one.
    open_until = models.DateTimeField(null=True, blank=True, editable=False)
    probe_until = models.DateTimeField(null=True, blank=True, editable=False)
    pauses = models.PositiveSmallIntegerField(default=0, editable=False, help_text=_("In a row."))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.get_name_display()

    @property
    def is_paused(self) -> bool:
        """Whether it must not be called, for not answering, until one call has found that it does again."""
        return self.open_until is not None

    @property
    def last_call_failed(self) -> bool:
        failed, succeeded = self.last_error_at, self.last_success_at
        return failed is not None and (succeeded is None or failed > succeeded)

    @property
    def calls_today(self) -> int:
        return self.calls if self.called_on == timezone.localdate() else 0

    @property
    def silence(self) -> str:
        """Since when it does not answer, for people, for the log; "" while it does."""
        return f"{self} does not answer since {clock(self.failing_since)}" if self.is_paused else ""


class Route(models.Model):
    """Who carries a tool's tasks out: "local", a provider's name, or that and "+local" to fall back on."""

    LOCAL = "local"
    FALLBACK = "+local"

    tool = models.CharField(
        primary_key=True,
        max_length=10,
        choices=[(value, _(label)) for value, label in CHOICES],
        editable=False,
    )
    way = models.CharField(_("carried out by"), max_length=30, default=LOCAL)

    class Meta:
        ordering = ["tool"]

    def __str__(self) -> str:
        return self.get_tool_display()


class RemoteCall(models.Model):
    """What became of handing one task over to a provider. Written before anything is asked."""

    class Phase(models.TextChoices):
        TRYING = "trying", _("it does not have it")
        SUBMITTING = "submitting", _("asked; whether it has it is not known")
        SUBMITTED = "submitted", _("it has it")
        GIVEN_UP = "given up", _("the studio carries it out itself")

    task = models.OneToOneField(Task, on_delete=models.CASCADE, primary_key=True, related_name="remote_call")
    provider = models.CharField(max_length=20, choices=services.CHOICES)
    key = models.UUIDField(default=uuid.uuid4, editable=False, help_text=_("Sent as Idempotency-Key."))
    remote_id = models.CharField(max_length=200, blank=True)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.TRYING)
    tries = models.PositiveSmallIntegerField(default=0, help_text=_("Of handing it over."))
    tried_at = models.DateTimeField(null=True, blank=True, help_text=_("The first time."))
    submitted_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Of looks and fetching, in a row."))

    def __str__(self) -> str:
        return f"{self.get_provider_display()} {self.remote_id}"


def clock(moment: datetime | None) -> str:
    """Return a moment as the studio's clock says it, with the day where it was another one."""
    local = timezone.localtime(moment)
    today = timezone.localtime() - local < timedelta(hours=20)
    return f"{local:%H:%M}" if today else f"{local:%Y-%m-%d %H:%M}"
