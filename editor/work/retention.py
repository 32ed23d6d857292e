"""What is older than somebody said: which pictures that are, what they weigh, and how they go.

What a plan keeps no longer goes into its owner's trash, where they find it for the trash's time. What an
admin deletes goes for good, in pieces, with every round of upkeep. What programs ordered is in neither:
it goes by itself, hours after it was made, as its owner's plan says (tasks/settlement.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import Plan, User
from editor.models import Photo, PhotoQuerySet, Result, ResultQuerySet, Retention, RunFile, Task
from editor.states import UNDER_WAY
from web import clock

from . import trash

# Photos, and results, that one round of upkeep puts into the trash.
AT_ONCE = 500


@dataclass(frozen=True)
class Old:
    """Pictures that are older than a moment."""

    photos: PhotoQuerySet
    results: ResultQuerySet

    def weigh(self) -> "Weight":
        """Return what would go with them: results of the photos are counted with these."""
        made = Result.objects.filter(
            Q(pk__in=self.results.values("pk")) | Q(photo__in=self.photos.values("pk"))
        )
        originals = self.photos.aggregate(count=Count("pk"), size=Sum("bytes", default=0))
        pictures = made.aggregate(count=Count("pk"), size=Sum("bytes", default=0))
        owners = User.objects.filter(
            Exists(self.photos.filter(owner=OuterRef("pk"))) | Exists(made.filter(owner=OuterRef("pk")))
        )
        # What runs made of a photo goes with it.
        files = RunFile.objects.filter(item__photo__in=self.photos.values("pk"))
        size = originals["size"] + pictures["size"] + files.aggregate(size=Sum("bytes", default=0))["size"]
        return Weight(originals["count"], pictures["count"], size, owners.count())


@dataclass(frozen=True)
class Weight:
    photos: int
    results: int
    bytes: int
    people: int


def find_old(
    before: datetime, *, originals: bool, results: bool, owners: QuerySet[User] | None = None
) -> Old:
    """Return what was there before a moment and is in no trash.

    A photo is as young as what was ordered of it last, and not old while anything is under way.
    """
    young = Q(created_at__gte=before) | Q(expires_at__isnull=False) | Q(state__in=UNDER_WAY)
    wanted = Task.objects.filter(young, photo=OuterRef("pk"))
    photos = Photo.objects.sources().filter(created_at__lt=before).exclude(Exists(wanted))
    made = Result.objects.kept().filter(created_at__lt=before)
    if owners is not None:
        photos, made = photos.filter(owner__in=owners), made.filter(owner__in=owners)
    return Old(photos if originals else photos.none(), made if results else made.none())


def delete(old: Old) -> Weight:
    """Leave all of it to be deleted for good by upkeep, without a way back. Return what goes."""
    weight = old.weigh()
    # Results first: those of the photos that go leave with them.
    thrown = trash.throw_results(old.results)
    moments = [thrown.moment, trash.throw_photos(old.photos).moment]
    trash.give_up(
        Photo.with_trash.filter(trashed_at__in=moments), Result.with_trash.filter(trashed_at__in=moments)
    )
    return weight


def apply_plans() -> int:
    """Put into the trash what plans keep no longer. Return how many photos and results went."""
    now, count = clock.now(), 0
    for kept in Retention.objects.select_related("plan"):
        owners = list_people(kept.plan)
        if kept.results:
            before = now - timedelta(days=kept.results)
            old = find_old(before, originals=False, results=True, owners=owners)
            first = old.results.order_by("created_at").values("pk")[:AT_ONCE]
            count += len(trash.throw_results(Result.objects.filter(pk__in=list_keys(first))).results)
        if kept.originals:
            before = now - timedelta(days=kept.originals)
            old = find_old(before, originals=True, results=False, owners=owners)
            first = old.photos.order_by("created_at").values("pk")[:AT_ONCE]
            count += trash.throw_photos(Photo.objects.filter(pk__in=list_keys(first))).photos
    return count


def list_keys(rows: QuerySet) -> list[Any]:
    return list(rows.values_list("pk", flat=True))


def list_people(plan: Plan) -> QuerySet[User]:
    """Return who is on a plan, those on none with the default one."""
    on_it = Q(plan=plan)
    if plan.is_default:
        on_it |= Q(plan=None)
    return User.objects.filter(on_it)
