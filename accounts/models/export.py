"""Copies of all that the studio has of a person, made for them to take along."""

import secrets
import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from web import clock

FOLDER = "exports"
# A worker that has not been heard of for so long is taken for dead.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
# How long a copy can be downloaded.
LASTS = timedelta(days=7)


class ExportQuerySet(models.QuerySet["Export"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(owner=user)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def under_way(self) -> Self:
        return self.filter(state__in=[Export.State.WAITING, Export.State.GOING])

    def due(self) -> Self:
        """Those that no worker has, or whose worker died, the first that was asked for first."""
        free = Q(lease_expires_at=None) | Q(lease_expires_at__lte=clock.now())
        return self.under_way().filter(free).order_by("created_at", "pk")

    def over(self) -> Self:
        """Those whose time is over, those that failed as well."""
        return self.filter(expires_at__lte=clock.now())


class Export(models.Model):
    """A ZIP of all that is a person's. This row is the truth about how far it is; any worker may go on."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits"
        GOING = "going", _("is made")
        DONE = "done", _("can be downloaded")
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # No file field: what is a copy of everything goes into no backup beside the things themselves.
    stored = models.CharField(max_length=120, blank=True, help_text=_("The ZIP's name in storage."))
    total = models.PositiveBigIntegerField(default=0, help_text=_("Bytes of the files that go into it."))
    gathered = models.PositiveBigIntegerField(default=0, help_text=_("Of these, what is in it already."))
    bytes = models.PositiveBigIntegerField(default=0, help_text=_("Of the ZIP."))
    files = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0, help_text=_("Files that were gone from storage."))
    message = models.CharField(max_length=300, blank=True, help_text=_("Why it failed, for people."))
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, editable=False, help_text=_("Whose worker's it is now."))
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("When it is deleted."))

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(state__in=["waiting", "going"]),
                name="one_export_under_way_per_person",
            )
        ]
        indexes = [models.Index(fields=["state", "lease_expires_at"], name="export_state_lease")]

    def __str__(self) -> str:
        return gettext("Copy of %(created_at)s") % {
            "created_at": formats.date_format(timezone.localtime(self.created_at), "DATE_FORMAT")
        }

    @property
    def is_under_way(self) -> bool:
        return self.state in (Export.State.WAITING, Export.State.GOING)

    @property
    def percent(self) -> int:
        """How much of it is gathered; 100 is for what is done."""
        return min(99, self.gathered * 100 // self.total) if self.total else 0

    def claim(self) -> str | None:
        """Make it this worker's. Return the name under which its ZIP is to be stored, None where it is not.

        What a dead worker left half written keeps its name in `stored` until then, for it to be deleted.
        """
        random = secrets.token_hex(20)
        name = f"{FOLDER}/{random[:2]}/{random}.zip"
        token = uuid.uuid4()
        claimed = (
            Export.objects.due()
            .filter(pk=self.pk, attempts__lt=MAX_ATTEMPTS, token=self.token)
            .update(
                state=Export.State.GOING,
                token=token,
                stored=name,
                gathered=0,
                attempts=F("attempts") + 1,
                lease_expires_at=clock.now() + LEASE,
            )
        )
        self.token = token
        return name if claimed else None

    def hold(self, **changes: Any) -> bool:
        """Write something of it, and keep it for another lease. False where it is this worker's no more."""
        own = Export.objects.filter(pk=self.pk, token=self.token, state=Export.State.GOING)
        return bool(own.update(**{"lease_expires_at": clock.now() + LEASE, **changes}))
