"""Backups: when the studio was saved last, and where to."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """A backup that was made whole. The backup itself says more, and does not know of this row."""

    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    place = models.CharField(max_length=300, help_text=_("The folder, as the machine calls it that made it."))
    files = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.place}"
