"""Finishes: what a person wants done to the cutouts of a photo, as data, one row for each that was set."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .owned import OwnedQuerySet
from .photo import Photo


class FinishQuerySet(OwnedQuerySet):
    def since(self, number: int) -> Self:
        """One of a photo's and those that were set after it, in that order."""
        return self.filter(number__gte=number).order_by("number")


class Finish(models.Model):
    """One finish of a photo. `Photo.finish_number` says which of them counts; 0 is none of them."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="finishes")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="finishes")
    number = models.PositiveIntegerField(
        help_text=_("From 1, in the order in which they were set; never used twice.")
    )
    data = models.JSONField(default=dict, help_text=_("As the engine's Finish.to_dict has it."))
    backdrop = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="finishes_before"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = FinishQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "number"], name="finish_number_once")]
        indexes = [models.Index(fields=["owner", "-created_at"], name="finish_owner_newest")]

    def __str__(self) -> str:
        return gettext("%(number)s of %(whole)s") % {"number": self.number, "whole": self.photo_id}
