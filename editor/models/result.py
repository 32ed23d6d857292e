"""Results: pictures that tasks made."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editor.tools import CHOICES, Tool

from .owned import OutsideTrash, Trashable, TrashableQuerySet
from .photo import Photo
from .task import Task

SURE = 0.9
"""Confidence from which on nobody need look at a cutout: engines.matting.confidence's, which loads numpy."""


class ResultQuerySet(TrashableQuerySet):
    def pictures(self) -> Self:
        return self.filter(kind=Result.Kind.IMAGE)

    def unsure(self) -> Self:
        """Cutouts that may well be wrong and that nobody has corrected since.

        Of those made by other services, and of those made before it was told, nothing is known.
        """
        corrected = Result.objects.filter(
            photo=OuterRef("photo"), created_at__gt=OuterRef("created_at"), task__params__has_key="strokes"
        )
        doubted = self.filter(tool=Tool.CUTOUT, task__facts__confidence__lt=SURE)
        return doubted.exclude(task__params__has_key="strokes").exclude(Exists(corrected))

    def kept(self) -> Self:
        """Results of the page; a program's go within the hour and never come into the gallery."""
        return self.filter(task__expires_at=None)


class Result(Trashable):
    """A picture that a task made, archived in storage."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        MASK = "mask", _("mask")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="results")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="results")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="results")
    tool = models.CharField(max_length=10, choices=[(value, _(label)) for value, label in CHOICES])
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.IMAGE)
    number = models.PositiveSmallIntegerField(default=1, help_text=_("Which take, where there are several."))
    file = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120, blank=True)
    # Of such a one the file is what pictures are made of, as its photo's finish says when they are asked for.
    bare = models.BooleanField(
        default=False, help_text=_("The product alone, with its alpha, at the photo's full size.")
    )
    format = models.CharField(max_length=5)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = OutsideTrash.from_queryset(ResultQuerySet)()
    with_trash = ResultQuerySet.as_manager()

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
