"""Photos: pictures that people uploaded."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .owned import OutsideTrash, Trashable, TrashableQuerySet

# From one photo to the next of those that were given together.
PLACE = timedelta(milliseconds=1)


class Doing(NamedTuple):
    """When something was done, and to how many photos at once."""

    moment: datetime
    photos: int


class PhotoQuerySet(TrashableQuerySet):
    def sources(self) -> Self:
        """Photos that were uploaded to be worked on, not to stand behind another."""
        return self.filter(purpose=Photo.Purpose.SOURCE)

    def on_the_desk(self) -> Self:
        """Photos of the filmstrip: what was not put away."""
        return self.sources().filter(on_desk=True).newest_first()

    def put_away(self, moment: datetime) -> int:
        """Take these photos off the desk. Return how many; by the moment put_back knows them."""
        return self.filter(on_desk=True).update(on_desk=False, put_away_at=moment)

    def put_back(self, moment: datetime) -> int:
        """Bring back to the desk what was put away at that moment. Return how many photos."""
        return self.filter(put_away_at=moment).update(on_desk=True, put_away_at=None)

    def last_put_away(self) -> "Doing | None":
        """Return what was put away last, None where nothing was."""
        doings = self.exclude(put_away_at=None).values_list("put_away_at").order_by("-put_away_at")
        last = doings.annotate(models.Count("pk")).first()
        return Doing(*last) if last else None

    def unused(self) -> Self:
        """Pictures that only came along with tasks and finishes, none of which is left."""
        companions = self.filter(purpose__in=[Photo.Purpose.BACKDROP, Photo.Purpose.MASK])
        return companions.filter(
            tasks_before=None,
            tasks_masked=None,
            tasks_avoiding=None,
            finishes_before=None,
            recipes_before=None,
            runs_before=None,
        )


class Photo(Trashable):
    """A picture that a person uploaded, kept as it came; the copies made from it are clean."""

    class Purpose(models.TextChoices):
        SOURCE = "source", _("to work on")
        BACKDROP = "backdrop", _("to stand behind a cutout")
        MASK = "mask", _("to say what goes, or what not to copy")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SOURCE)
    name = models.CharField(max_length=120, help_text=_("The file's own name, shortened, for people."))
    # A picture behind an address has nothing but that until a worker has fetched it.
    url = models.CharField(max_length=2048, blank=True, help_text=_("Where a worker is to fetch it."))
    file = models.FileField(max_length=120, blank=True)
    format = models.CharField(max_length=10, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0, help_text=_("As a person sees it, in pixels."))
    height = models.PositiveIntegerField(default=0)
    # Made once by the first task: upright, sRGB, without metadata, in a format browsers show.
    preview = models.FileField(max_length=120, blank=True)
    thumbnail = models.FileField(max_length=120, blank=True)
    unreadable = models.CharField(
        max_length=300, blank=True, help_text=_("Why it cannot be shown, for people.")
    )
    # As engines.heads.told says it; null until somebody wanted to know.
    heads = models.JSONField(null=True, blank=True, help_text=_("The heads in it, for the page to ring."))
    # Which of its finishes counts: the newest, unless somebody went back. 0 is none, which changes nothing.
    finish_number = models.PositiveIntegerField(default=0, editable=False)
    on_desk = models.BooleanField(default=True, help_text=_("Shown in the editor's filmstrip."))
    # Those of one doing have one moment, by which they come back together.
    put_away_at = models.DateTimeField(null=True, blank=True, help_text=_("When it left the desk."))
    created_at = models.DateTimeField(default=timezone.now)

    objects = OutsideTrash.from_queryset(PhotoQuerySet)()
    with_trash = PhotoQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="photo_owner_newest"),
            models.Index(fields=["-created_at"], name="photo_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    def move_beside(self, other: uuid.UUID, places: int) -> None:
        """Have it lie so many places behind another of the same owner, where there is that one.

        Newest come first: so many steps earlier. Photos that were given together come in any order.
        """
        beside = Photo.with_trash.filter(pk=other, owner=self.owner_id).first()
        if beside is not None:
            self.created_at = beside.created_at - places * PLACE
            self.save(update_fields=["created_at"])

    @property
    def files(self) -> list[str]:
        """Names of all its files in storage."""
        return [field.name for field in (self.file, self.preview, self.thumbnail) if field.name]
