"""The trash: what people deleted is kept for a while, brought back, or deleted for good with its files.

Photos and results stay rows with their files; `trashed_at` keeps them out of every look-up. A photo takes
its results along, at the same moment as itself, by which they come back with it; what was thrown away
before keeps its own.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, chain

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import User
from editor.models import GIVEN_UP, Photo, PhotoQuerySet, Result, ResultQuerySet, Task
from editor.states import State
from editor.tasks import settlement
from web import outages

from . import orders

KEPT = timedelta(days=30)
# Rows that are looked up and deleted at once, so that neither a query nor a transaction grows with the trash.
AT_ONCE = 200
# Rows that are deleted with their files while somebody waits, or between two looks at the clock.
FEW = 10
PATIENCE = 3.0  # seconds of every round of upkeep


@dataclass(frozen=True)
class Trashed:
    """What went to the trash at one moment: the keys of the pictures, and how many originals."""

    moment: datetime
    results: list[uuid.UUID]
    photos: int = 0

    @property
    def sentence(self) -> str:
        return f"{describe_counts(len(self.results), self.photos)} moved to the trash."


def describe_counts(pictures: int, originals: int) -> str:
    """Return, say, "2 pictures and 1 original"."""
    words = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((pictures, "picture"), (originals, "original"))
        if count
    ]
    return " and ".join(words) or "Nothing"


# -- Into it -------------------------------------------------------------------------------------------


@outages.begin_again
def throw_results(results: ResultQuerySet) -> Trashed:
    """Move results to the trash with the masks made alongside. The photos stay."""
    moment = timezone.now()
    with transaction.atomic():
        # The keys first: which rows are meant depends on what is about to change.
        doomed = list(orders.add_masks(results).filter(trashed_at=None).values_list("pk", "kind"))
        for chunk in batched((key for key, _ in doomed), AT_ONCE, strict=False):
            Result.objects.filter(pk__in=chunk).update(trashed_at=moment)
    return Trashed(moment, [key for key, kind in doomed if kind == Result.Kind.IMAGE])


@outages.begin_again
def throw_photos(photos: QuerySet[Photo]) -> Trashed:
    """Move photos to the trash with everything made of them. Work on them that is under way ends.

    A worker that has such work finds that it holds it no longer, and writes nothing.
    """
    moment = timezone.now()
    with transaction.atomic():
        keys = list(photos.filter(trashed_at=None).values_list("pk", flat=True))
        for task_id in Task.objects.filter(photo__in=keys).under_way().lock():
            settlement.end(Task.objects.filter(pk=task_id).under_way(), State.CANCELLED)
        results = Result.objects.filter(photo__in=keys)
        pictures = list(results.pictures().values_list("pk", flat=True))
        results.update(trashed_at=moment)
        Photo.objects.filter(pk__in=keys).update(trashed_at=moment)
    return Trashed(moment, pictures, len(keys))


# -- Out of it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Brought:
    """What came back from the trash."""

    pictures: int
    photos: int

    @property
    def sentence(self) -> str:
        return f"{describe_counts(self.pictures, self.photos)} brought back."


@outages.begin_again
def restore(photos: PhotoQuerySet, results: ResultQuerySet) -> Brought:
    """Bring back photos, each with what went along with it, and results, each with its photo."""
    with transaction.atomic():
        photos, results = photos.in_trash(), results.in_trash()
        along = Result.with_trash.filter(photo__in=photos, trashed_at=F("photo__trashed_at"))
        beside = orders.add_masks(results).in_trash()
        found = {
            row[0]: row
            for row in chain(*(some.values_list("pk", "kind", "photo") for some in (along, beside)))
        }
        owners = {*photos.values_list("pk", flat=True), *(photo for _, _, photo in found.values())}
        for chunk in batched(found, AT_ONCE, strict=False):
            Result.with_trash.filter(pk__in=chunk).update(trashed_at=None)
        originals = 0
        for chunk in batched(owners, AT_ONCE, strict=False):
            originals += Photo.with_trash.filter(pk__in=chunk).in_trash().update(trashed_at=None)
    return Brought(sum(kind == Result.Kind.IMAGE for _, kind, _ in found.values()), originals)


# -- For good ------------------------------------------------------------------------------------------


@outages.begin_again
def give_up(photos: PhotoQuerySet, results: ResultQuerySet) -> None:
    """Leave those of the photos and results that are in the trash to be deleted for good, without a way back.

    That takes no longer for thousands of them than a page may take; deleting their files would.
    """
    with transaction.atomic():
        keys = list(photos.in_trash().values_list("pk", flat=True))
        alone = list(orders.add_masks(results.in_trash()).in_trash().values_list("pk", flat=True))
        for chunk in batched(keys, AT_ONCE, strict=False):
            Result.with_trash.filter(photo__in=chunk).update(trashed_at=GIVEN_UP)
            Photo.with_trash.filter(pk__in=chunk).update(trashed_at=GIVEN_UP)
        for chunk in batched(alone, AT_ONCE, strict=False):
            Result.with_trash.filter(pk__in=chunk).update(trashed_at=GIVEN_UP)


def delete(photos: PhotoQuerySet, results: ResultQuerySet, most: int) -> int:
    """Delete for good so many of the photos and results, with their files. Return how many rows went."""
    chunk = list(photos[:most])
    for photo in chunk:
        orders.delete_photo(photo)
    keys = list(results.values_list("pk", flat=True)[: most - len(chunk)])
    return len(chunk) + (orders.delete_results(Result.with_trash.filter(pk__in=keys)) if keys else 0)


def delete_old(seconds: float = PATIENCE) -> int:
    """Delete for good what is given up or has been in the trash for its time, so long and no longer.

    Returns how many rows went; the rest goes the next time.
    """
    end, count = time.monotonic() + seconds, 0
    before = timezone.now() - KEPT
    photos = Photo.with_trash.filter(trashed_at__lt=before)
    results = Result.with_trash.filter(trashed_at__lt=before)
    while found := delete(photos, results, FEW):
        count += found
        if time.monotonic() >= end:
            break
    return count


# -- What is in it -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """Something in the trash that comes back or goes by itself: a photo with what is made of it, or a result.

    pictures: how many pictures go with a photo.
    """

    row: Photo | Result
    pictures: int = 0

    @property
    def is_photo(self) -> bool:
        return isinstance(self.row, Photo)

    @property
    def photo(self) -> Photo:
        return self.row if isinstance(self.row, Photo) else self.row.photo

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{'photo' if self.is_photo else 'result'}-{self.row.pk}"

    @property
    def days_left(self) -> int:
        """Whole days until it goes for good, at least one."""
        left = (self.row.trashed_at or timezone.now()) + KEPT - timezone.now()
        return max(1, left.days + (1 if left.seconds else 0))


def list_photos(owner: User) -> PhotoQuerySet:
    """Return the photos that a person threw away, with how many pictures went along with each."""
    photos = Photo.with_trash.owned_by(owner).sources().in_trash().last_trashed_first()
    along = Q(results__trashed_at=F("trashed_at"), results__kind=Result.Kind.IMAGE)
    return photos.annotate(pictures=Count("results", filter=along))


def list_results(owner: User) -> ResultQuerySet:
    """Return the pictures that a person threw away by themselves, not along with their photo."""
    results = Result.with_trash.owned_by(owner).in_trash().pictures().last_trashed_first()
    return results.exclude(trashed_at=F("photo__trashed_at")).select_related("photo", "task")


def list_items(owner: User, start: int, count: int) -> list[Item]:
    """Return so many of a person's items from a place on, what was thrown away last first."""
    most = start + count
    found = [Item(photo, photo.pictures) for photo in list_photos(owner)[:most]]
    found += [Item(result) for result in list_results(owner)[:most]]
    found.sort(key=lambda item: (item.row.trashed_at, item.row.pk.int), reverse=True)
    return found[start:most]


@dataclass(frozen=True)
class Load:
    """How many items are in a trash, how many bytes they have together, and how many are on their way out."""

    items: int
    size: int
    going: int


def weigh_trash(owner: User) -> Load:
    """Return how full a person's trash is."""
    kept, gone = Q(trashed_at__gt=GIVEN_UP), Q(trashed_at=GIVEN_UP)
    picture = Q(kind=Result.Kind.IMAGE)
    alone = picture & ~Q(trashed_at=F("photo__trashed_at"))
    size = Sum("bytes", filter=kept, default=0)
    photos = Photo.with_trash.owned_by(owner).aggregate(
        size=size, items=Count("pk", filter=kept), going=Count("pk", filter=gone)
    )
    results = Result.with_trash.owned_by(owner).aggregate(
        size=size, items=Count("pk", filter=kept & alone), going=Count("pk", filter=gone & picture)
    )
    return Load(**{name: photos[name] + results[name] for name in photos})
