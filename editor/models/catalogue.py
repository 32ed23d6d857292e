"""Catalogues: recipes, and runs of them over many photos, each with the files that came of it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .owned import OwnedQuerySet
from .photo import Photo
from .task import Task


class RecipeQuerySet(OwnedQuerySet):
    def usable_by(self, user: object) -> Self:
        """What a person may run and copy: their own, and what an admin shares with the whole studio."""
        return self.filter(Q(owner=user) | Q(shared=True))


class Recipe(models.Model):
    """What is done to each photo of a catalogue, under a name. Only its owner changes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recipes")
    name = models.CharField(max_length=80)
    data = models.JSONField(default=dict, help_text=_("As the engine's Recipe.to_dict has it."))
    number = models.PositiveIntegerField(default=1, help_text=_("Counts up with each change."))
    backdrop = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="recipes_before"
    )
    shared = models.BooleanField(default=False, help_text=_("Everybody in the studio may run and copy it."))
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = RecipeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], name="recipe_owner_newest")]

    def __str__(self) -> str:
        return self.name


class Market(models.Model):
    """What a marketplace asks of pictures, where an admin knows better than the table that we ship."""

    key = models.SlugField(max_length=40, primary_key=True)
    data = models.JSONField(default=dict, help_text=_("As the engine's Market.to_dict has it."))
    hidden = models.BooleanField(default=False, help_text=_("Not offered to anybody."))
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.data.get("name") or self.key)


class Run(models.Model):
    """A recipe on its way over many photos. What it was when it began, or was begun anew, is kept here."""

    class State(models.TextChoices):
        GATHERING = "gathering", _("photos are added")
        GOING = "going", _("under way")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="runs")
    recipe = models.ForeignKey(Recipe, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    recipe_number = models.PositiveIntegerField(default=1)
    data = models.JSONField(default=dict, help_text=_("The recipe, as the engine's Recipe.to_dict has it."))
    backdrop = models.ForeignKey(
        Photo, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs_before"
    )
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.GATHERING)
    message = models.CharField(max_length=300, blank=True, help_text=_("Why it stopped, for people."))
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="run_owner_newest"),
            models.Index(fields=["state"], name="run_state"),
        ]

    def __str__(self) -> str:
        return self.name


class RunItemQuerySet(models.QuerySet["RunItem"]):
    def owned_by(self, user: object) -> Self:
        return self.filter(run__owner=user)


class RunItem(models.Model):
    """One file that somebody gave to a run, and how it goes with it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CUTTING = "cutting", _("being cut out")
        DELIVERING = "delivering", _("making its files")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNREADABLE = "unreadable", _("cannot be read")
        DOUBLE = "double", _("the same as another")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField(help_text=_("From 1, in the order in which they came."))
    # None where there was nothing that could be read.
    photo = models.ForeignKey(Photo, on_delete=models.SET_NULL, null=True, related_name="run_items")
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="run_items")
    name = models.CharField(
        max_length=1000, help_text=_("Its path in the folder or archive that it came in.")
    )
    sha256 = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(
        default=dict, help_text=_("What a table said of it: sku, title, group, variant.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    message = models.CharField(max_length=300, blank=True, help_text=_("Why it failed, for people."))
    confidence = models.FloatField(null=True, help_text=_("The chance that it is cut out right, 0 to 1."))
    measured = models.JSONField(
        default=dict, help_text=_("What was found on its pixels: light, angle, size.")
    )
    # All names of a run follow from all its photos together, and are told before its work begins.
    paths = models.JSONField(
        default=list, help_text=_("Folder and name of each of its files in the archive.")
    )

    objects = RunItemQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_item_number_once")]
        indexes = [
            models.Index(fields=["run", "state"], name="run_item_state"),
            models.Index(fields=["sha256"], name="run_item_sha256"),
        ]

    def __str__(self) -> str:
        return gettext("%(number)s of %(whole)s") % {"number": self.number, "whole": self.run_id}


class RunFile(models.Model):
    """A file that a run made of one photo, with the checks that its very bytes passed or did not."""

    class Verdict(models.TextChoices):
        PASSED = "passed", _("passed")
        REPAIRED = "repaired", _("repaired")
        NOT_MET = "not_met", _("not met")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(RunItem, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField(help_text=_("Which of the recipe's files, from 1."))
    market = models.CharField(max_length=40, blank=True)
    path = models.CharField(max_length=400, help_text=_("Its folder and name in the archive."))
    file = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120, blank=True)
    format = models.CharField(max_length=5)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # The same is not made twice: recipe, cutout and engine, hashed.
    made_of = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    checks = models.JSONField(default=list, help_text=_("As the engine's Check.to_dict has each."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="run_file_one_each")]

    def __str__(self) -> str:
        return self.path

    @property
    def files(self) -> list[str]:
        """Names of all its files in storage."""
        return [field.name for field in (self.file, self.thumbnail) if field.name]
