"""The filmstrip: the photos on the desk, of which a page holds those that are near what it shows."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from editor.models import Photo, PhotoQuerySet
from editor.states import FAILURES, RETRY_HELPS, UNDER_WAY, State
from editor.views.access import Request, signed_in
from editor.views.tools.registry import find_tool_in_hand
from editor.work import forecast
from web.error_pages import is_by_script

from .frames import Frame, annotate_work, select_newest_task

# Frames that a page begins with, and the most that it is given at once.
AT_FIRST = 36
MOST = 160


@dataclass(frozen=True)
class Strip:
    """Some of the frames on a desk in their order, newest first, and what there is in all.

    start: how many come before the first of these frames. total, working, failed, finished: photos of
    the whole desk. opened: the frame of the photo that is open, wherever it is; None where it is not
    on the desk. words_left: how long all that is under way takes, where that are several. again: photos that
    may be tried again. needy: the next photo after the open one that needs a look, or the first.
    """

    frames: Sequence[Frame]
    start: int
    total: int
    working: int
    failed: int
    finished: int
    opened: Frame | None = None
    words_left: str = ""
    again: int = 0
    needy: uuid.UUID | None = None

    @classmethod
    def of(
        cls,
        user: User,
        start: int = 0,
        count: int = AT_FIRST,
        around: Photo | None = None,
        opened: uuid.UUID | None = None,
    ) -> Self:
        """Return so many frames from a place on, or with a photo in their middle where it is on the desk."""
        photos = Photo.objects.owned_by(user).on_the_desk()
        by_state = photos.order_by().annotate(task_state=select_newest_task("state"))
        sums = by_state.aggregate(
            total=Count("pk"),
            working=Count("pk", filter=Q(task_state__in=UNDER_WAY)),
            failed=Count("pk", filter=Q(task_state__in=FAILURES)),
            finished=Count("pk", filter=Q(task_state=State.DONE)),
            again=Count("pk", filter=Q(task_state__in=RETRY_HELPS)),
            before=Count("pk", filter=is_newer_than(around) if around else Q(pk=None)),
        )
        before = sums.pop("before")
        if around is not None and around.on_desk:
            start = before - count // 2
        start = max(0, min(start, sums["total"] - count))
        frames = [Frame.of(photo) for photo in annotate_work(photos)[start : start + count]]
        found = next((frame for frame in frames if frame.photo.pk == opened), None)
        if found is None and opened is not None and sums["total"] > len(frames):
            found = next(map(Frame.of, annotate_work(photos).filter(pk=opened)), None)
        # One alone says so itself, beside its picture.
        words_left = forecast.describe_rest(user) if sums["working"] > 1 else ""
        needy = find_next(photos, opened) if sums["failed"] else None
        return cls(frames, start, **sums, opened=found, words_left=words_left, needy=needy)

    @property
    def opened_key(self) -> str:
        """The open photo and what was done to it last; "" where it is not on the desk."""
        return f"{self.opened.photo.pk} {self.opened.work}" if self.opened else ""

    @property
    def version(self) -> str:
        """Changes whenever anything does that a page shows of the strip."""
        sums = (self.start, self.total, self.working, self.failed, self.finished, self.again)
        told = f"{sums} {self.words_left} {self.needy}"
        keys = "\n".join([*(frame.key for frame in self.frames), self.opened_key, told])
        return hashlib.sha256(keys.encode()).hexdigest()[:16]


def find_next(photos: PhotoQuerySet, opened: uuid.UUID | None) -> uuid.UUID | None:
    """Return the next of these photos after the open one that needs a look, of the first where it is none."""
    needy = photos.annotate(task_state=select_newest_task("state")).filter(task_state__in=FAILURES)
    keys = list(needy.values_list("pk", flat=True))
    if not keys:
        return None
    return keys[(keys.index(opened) + 1) % len(keys)] if opened in keys else keys[0]


def is_newer_than(photo: Photo) -> Q:
    """The condition under which a photo comes before another in the strip."""
    return Q(created_at__gt=photo.created_at) | Q(created_at=photo.created_at, pk__gt=photo.pk)


@signed_in
@require_safe
def strip(request: Request) -> HttpResponseBase:
    """The frames asked for as they are now, or 204 where the asker has this version already."""
    if not is_by_script(request):
        return redirect("editor:editor")
    asked = parse_window(request.GET)
    if around := asked.get("around"):
        asked["around"] = Photo.objects.owned_by(request.user).filter(pk=around).first()
    frames = Strip.of(request.user, **asked)
    if request.GET.get("version") == frames.version:
        return HttpResponse(status=204)
    return render(
        request, "editor/filmstrip/strip.html", {"strip": frames, "tool": find_tool_in_hand(request)}
    )


def parse_window(query: Mapping[str, str]) -> dict[str, Any]:
    """Return which frames an address asks for: `from` and `count`, or `around` a photo, and which photo is
    `open`. What is wrong asks for the first."""
    try:
        start, count = int(query.get("from", 0)), int(query.get("count", AT_FIRST))
        keys = {name: uuid.UUID(query[name]) if query.get(name) else None for name in ("around", "open")}
    except ValueError:
        return {}
    return {
        "start": max(0, min(start, 2**31)),
        "count": max(1, min(count, MOST)),
        "around": keys["around"],
        "opened": keys["open"],
    }
