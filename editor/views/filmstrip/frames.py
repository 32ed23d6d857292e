"""A photo as the strip shows it: how its newest work goes, and the newest picture of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from editor.files.downloads import SHOWN_BY_BROWSERS
from editor.models import Photo, Result, Task
from editor.states import FAILURES, State

# Bytes of a photo that a frame of a few pixels is worth.
MOST_AS_IT_CAME = 4 * 2**20


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
        return self.state in FAILURES

    @property
    def done(self) -> bool:
        return self.state is State.DONE

    @property
    def has_small_picture(self) -> bool:
        """Whether the photo can be shown: by its copy or, until a worker comes to make that, as it came."""
        photo = self.photo
        waits = self.under_way and photo.bytes <= MOST_AS_IT_CAME
        return bool(photo.thumbnail) or (waits and photo.format.lower() in SHOWN_BY_BROWSERS)

    @property
    def word(self) -> str:
        return self.state.word if self.state is not None else gettext("Not worked on yet")

    @property
    def key(self) -> str:
        """Changes whenever the frame looks different."""
        photo = self.photo
        return f"{photo.pk} {self.work} {self.progress} {bool(photo.thumbnail)} {photo.finish_number}"

    @property
    def work(self) -> str:
        """Changes whenever something else was done to the photo, or something else came of it."""
        return f"{self.state} {self.result_id}"


def select_newest_task(column: str) -> Subquery:
    return Subquery(Task.objects.filter(photo=OuterRef("pk")).newest_first().values(column)[:1])


def annotate_work(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Add to each photo what its frame shows: task_state, task_progress, result_id."""
    result = Result.objects.pictures().filter(photo=OuterRef("pk")).newest_first()
    return photos.annotate(
        task_state=select_newest_task("state"),
        task_progress=select_newest_task("progress"),
        result_id=Subquery(result.values("pk")[:1]),
    )


def find_frame(photo: Photo) -> Frame:
    return Frame.of(annotate_work(Photo.objects.filter(pk=photo.pk)).get())
