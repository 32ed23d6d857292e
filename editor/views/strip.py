"""The filmstrip: all photos on the desk, in one query however many there are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from editor.models import Photo, Result, Task
from editor.states import State

from .access import by_script, signed_in
from .rail import tool_of

# Frames in the strip; older photos stay in the gallery, and come up as newer ones are put away.
LONGEST = 300


@dataclass(frozen=True)
class Frame:
    """One photo in the strip, with the state of its newest task and its newest picture."""

    photo: Photo
    state: State | None
    progress: int
    result_id: Any

    @classmethod
    def of(cls, photo: Any) -> "Frame":
        state = None if photo.task_state is None else State(photo.task_state)
        return cls(photo, state, photo.task_progress or 0, photo.result_id)

    @property
    def under_way(self) -> bool:
        return self.state is not None and not self.state.is_settled

    @property
    def failed(self) -> bool:
        """Whether it needs a look; what a person cancelled does not."""
        return self.state is not None and self.state.is_failed and self.state is not State.CANCELLED

    @property
    def done(self) -> bool:
        return self.state is State.DONE

    @property
    def word(self) -> str:
        return self.state.word if self.state is not None else "Not worked on yet"

    @property
    def key(self) -> str:
        """Changes whenever the frame looks different."""
        photo = self.photo
        return f"{photo.pk} {self.state} {self.progress} {self.result_id} {bool(photo.thumbnail)}"


@dataclass(frozen=True)
class Strip:
    """The frames in their order, newest first."""

    frames: Sequence[Frame]

    @classmethod
    def of(cls, user: User) -> "Strip":
        photos = with_work(Photo.objects.owned_by(user).on_the_desk())
        return cls([Frame.of(photo) for photo in photos[:LONGEST]])

    @property
    def working(self) -> int:
        return sum(frame.under_way for frame in self.frames)

    @property
    def failed(self) -> int:
        return sum(frame.failed for frame in self.frames)

    @property
    def version(self) -> str:
        keys = "\n".join(frame.key for frame in self.frames)
        return hashlib.sha256(keys.encode()).hexdigest()[:16]


def with_work(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Add to each photo what its frame shows: task_state, task_progress, result_id."""
    task = Task.objects.filter(photo=OuterRef("pk")).newest_first()
    result = Result.objects.pictures().filter(photo=OuterRef("pk")).newest_first()
    return photos.annotate(
        task_state=Subquery(task.values("state")[:1]),
        task_progress=Subquery(task.values("progress")[:1]),
        result_id=Subquery(result.values("pk")[:1]),
    )


def frame_of(photo: Photo) -> Frame:
    return Frame.of(with_work(Photo.objects.filter(pk=photo.pk)).get())


@signed_in
@require_safe
def strip(request: HttpRequest) -> HttpResponseBase:
    """The frames as they are now, or 204 where the asker has this version already."""
    if not by_script(request):
        return redirect("editor:editor")
    frames = Strip.of(request.user)  # type: ignore[arg-type]  # behind signed_in
    if request.GET.get("version") == frames.version:
        return HttpResponse(status=204)
    return render(request, "editor/strip.html", {"strip": frames, "tool": tool_of(request)})
