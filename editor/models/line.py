"""The waiting line: who was served when, and what is to be made of photos beside tasks."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from web import clock

from .photo import Photo
from .task import MAX_ATTEMPTS


class Turn(models.Model):
    """When a worker last took something of a person's from a queue. Who was served goes to the end."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="turns")
    queue = models.CharField(max_length=20)
    served_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "queue"], name="turn_one_each")]

    def __str__(self) -> str:
        return f"{self.owner_id} in {self.queue}"


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def due(self, now: datetime | None = None) -> Self:
        """Those that no worker has, or whose worker has not been heard of for a whole lease."""
        free = models.Q(lease_expires_at=None) | models.Q(lease_expires_at__lte=now or clock.now())
        return self.filter(free, attempts__lt=MAX_ATTEMPTS)

    def given_up(self) -> Self:
        """Those that ended their worker as often as is tried."""
        return self.filter(attempts__gte=MAX_ATTEMPTS, lease_expires_at__lte=clock.now())


class Preparation(models.Model):
    """Something to be made of a photo that no task makes. Its row goes once that is done, or has failed."""

    class Kind(models.TextChoices):
        COPIES = "copies", _("its clean copies")
        HEADS = "heads", _("the list of its heads")
        FILES = "files", _("its files in runs of recipes")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="preparations")
    kind = models.CharField(max_length=10, choices=Kind)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PreparationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "kind"], name="preparation_one_each")]

    def __str__(self) -> str:
        return gettext("%(tool)s of %(photo)s") % {"tool": self.get_kind_display(), "photo": self.photo_id}

    def claim(self, lease: timedelta) -> bool:
        """Make it this worker's for the time of a lease. False where another has it, or it is gone."""
        until = clock.now() + lease
        rows = Preparation.objects.due().filter(pk=self.pk)
        return bool(rows.update(lease_expires_at=until, attempts=F("attempts") + 1))
