"""Finishes of photos: which one counts, another in its place, going back and forth, one for many photos.

Nothing here is an order: no task, no credit, no message, and no cutout is touched. Rows are data alone; what
they mean for pixels is the engine's (engines/finishing), and pictures are made when somebody asks for one.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import F, Max

from accounts.models import User

from .engines import errors
from .engines.finishing import finish as engine
from .engines.io import formats, words
from .models import Finish, Photo

logger = logging.getLogger(__name__)

USUAL = engine.Finish()
USUAL_MARGIN = 0.08
# Photos in one question to the database.
AT_ONCE = 500


@dataclass(frozen=True)
class Current:
    """The finish of a photo that counts, as pictures are made by it.

    number: of its row, 0 where none counts. backdrop: the picture behind. sentence: why it is not what is in
    the row, for people; then the usual one stands in for it, and the row stays until somebody sets another.
    """

    number: int = 0
    finish: engine.Finish = field(default_factory=engine.Finish)
    backdrop: Photo | None = None
    sentence: str = ""
    can_redo: bool = False

    @property
    def can_undo(self) -> bool:
        return self.number > 0

    @property
    def changes_nothing(self) -> bool:
        """Whether a cutout's own file is the picture already."""
        return self.backdrop is None and self.finish == USUAL


def read_row(row: Finish | None, *, can_redo: bool = False) -> Current:
    """Return what a row says; the usual finish for none, and for one not known here, then with a sentence."""
    if row is None:
        return Current(can_redo=can_redo)
    try:
        finish = engine.Finish.from_dict(row.data)
    except (errors.InvalidOptions, TypeError) as exc:
        logger.warning("Finish %s of photo %s cannot be read: %s", row.number, row.photo_id, exc)
        sentence = f"{exc} Until then the cutout is shown without it."
        return Current(number=row.number, sentence=sentence, can_redo=can_redo)
    return Current(row.number, finish, row.backdrop, can_redo=can_redo)


def get_current(photo: Photo) -> Current:
    """Return the finish of a photo that counts; none where nobody ever set one."""
    # What counts, and what could be gone forward to.
    rows = photo.finishes.since(photo.finish_number).select_related("backdrop")[:2]
    found = {row.number == photo.finish_number: row for row in rows}
    return read_row(found.get(True), can_redo=False in found)


def list_current(photos: Iterable[Photo]) -> dict[object, Current]:
    """Return the finish that counts of each photo by its key, all in one query."""
    keys = [photo.pk for photo in photos]
    if not keys:
        return {}
    rows = Finish.objects.filter(photo__in=keys, number=F("photo__finish_number"))
    counting = {row.photo_id: row for row in rows.select_related("backdrop")}
    return {key: read_row(counting.get(key)) for key in keys}


def measure_picture(finish: engine.Finish, width: int, height: int) -> tuple[int, int] | None:
    """Return how large a picture a finish makes of a cutout of that size.

    None where that depends on how large the subject is in it, which the engine alone sees.
    """
    if finish.canvas in ("content", "ratio"):
        return None
    if finish.canvas == "exact":
        width, height = finish.width, finish.height
    elif finish.rotation % 180 == 90:
        width, height = height, width
    return formats.fit_size(width, height, words.SIZES[finish.size])


def reframe(finish: engine.Finish, ratio: tuple[float, float]) -> engine.Finish:
    """Return the same finish on a canvas of another ratio, wide to high, on which the subject is placed anew.

    An exact canvas keeps its longer side; of any other the subject keeps its size.
    """
    wide, high = ratio
    if finish.canvas == "exact":
        side = max(finish.width, finish.height)
        width, height = (max(1, round(side * one / max(ratio))) for one in ratio)
        return replace(finish, width=width, height=height)
    # In the photo's own frame margins say nothing, and a subject that touches its edges looks cut off.
    margins = (USUAL_MARGIN,) * 4 if finish.canvas == "photo" else finish.margins
    unit = "canvas" if finish.canvas == "photo" else finish.margin_of
    return replace(
        finish, canvas="ratio", ratio=(wide, high), scaling="keep", margins=margins, margin_of=unit
    )


def set_finish(photo: Photo, finish: engine.Finish, backdrop: Photo | None = None) -> Current:
    """Have a finish count from now on. What was gone back from is dropped, as after any undo.

    The same once more changes nothing. Where two set one at once both have a row, and the last one counts.
    """
    return append_row(photo, finish.to_dict(), backdrop)


def append_row(photo: Photo, data: dict[str, object], backdrop: Photo | None) -> Current:
    append_rows([photo], data, backdrop)
    return get_current(photo)


def append_rows(photos: Iterable[Photo], data: dict[str, object], backdrop: Photo | None) -> list[Photo]:
    """Have a finish count for photos. Return those of them that had another one before."""
    photos = list(photos)
    keys = [photo.pk for photo in photos]
    now: dict[uuid.UUID, int] = {}
    changed: set[uuid.UUID] = set()
    with transaction.atomic():
        for first in range(0, len(keys), AT_ONCE):
            locked = Photo.objects.select_for_update(no_key=True).filter(pk__in=keys[first : first + AT_ONCE])
            some = {photo.pk: photo for photo in locked}
            changed |= _append(some, data, backdrop)
            now |= {key: photo.finish_number for key, photo in some.items()}
    for photo in photos:
        photo.finish_number = now.get(photo.pk, photo.finish_number)
    return [photo for photo in photos if photo.pk in changed]


def _append(
    photos: dict[uuid.UUID, Photo], data: dict[str, object], backdrop: Photo | None
) -> set[uuid.UUID]:
    """Have a finish count for photos, which are locked. Return the keys of those that had another one."""
    counts = Finish.objects.filter(photo__in=list(photos), number=F("photo__finish_number"))
    counting = {row.photo_id: row for row in counts}
    wanted = (data, backdrop.pk if backdrop else None)
    behind = [photo for key, photo in photos.items() if read_what_counts(counting.get(key)) != wanted]
    rows = Finish.objects.filter(photo__in=behind)
    # A number is never used twice: what was made by it may be somebody's to see still.
    last = dict(rows.values_list("photo").annotate(Max("number")))
    rows.filter(number__gt=F("photo__finish_number")).delete()
    for photo in behind:
        photo.finish_number = last.get(photo.pk, 0) + 1
    Finish.objects.bulk_create(
        Finish(photo=photo, owner_id=photo.owner_id, number=photo.finish_number, data=data, backdrop=backdrop)
        for photo in behind
    )
    Photo.objects.bulk_update(behind, ["finish_number"])
    return {photo.pk for photo in behind}


def read_what_counts(row: Finish | None) -> tuple[dict[str, object], uuid.UUID | None]:
    return (row.data, row.backdrop_id) if row else (USUAL.to_dict(), None)


def undo(photo: Photo) -> Current:
    """Go back by one finish; from the first, to none."""
    with transaction.atomic():
        locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        before = locked.finishes.filter(number__lt=locked.finish_number).order_by("-number").first()
        move_to(photo, before.number if before else 0)
    return get_current(photo)


def redo(photo: Photo) -> Current:
    """Go forward again by one finish, where somebody had gone back."""
    with transaction.atomic():
        locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
        following = locked.finishes.filter(number__gt=locked.finish_number).order_by("number").first()
        move_to(photo, following.number if following else locked.finish_number)
    return get_current(photo)


def move_to(photo: Photo, number: int) -> None:
    Photo.objects.filter(pk=photo.pk).update(finish_number=number)
    photo.finish_number = number


def apply_to(photos: Iterable[Photo], source: Photo) -> list[Photo]:
    """Give these photos the finish that counts for another. Return those that had another one before.

    Each of them has a row more, by which it can be undone there.
    """
    data, backdrop = get_row_of(source)
    return append_rows(photos, data, backdrop)


def get_row_of(photo: Photo) -> tuple[dict[str, object], Photo | None]:
    """Return what the row says that counts for a photo, though it may be of a later version."""
    row = photo.finishes.filter(number=photo.finish_number).select_related("backdrop").first()
    return (row.data, row.backdrop) if row else (USUAL.to_dict(), None)


def hand_down(photo: Photo) -> None:
    """Give a new photo the finish of that photo whose finish its owner set last: a series is set up once."""
    last = find_last_set(photo.owner, photo)
    if last is not None:
        data, backdrop = get_row_of(last)
        append_row(photo, data, backdrop)


def find_last_set(owner: User | int, but: Photo | None = None) -> Photo | None:
    """Return the photo on which a person set a finish last, None where they never did."""
    rows = Finish.objects.owned_by(owner).select_related("photo").newest_first()
    row = (rows.exclude(photo=but) if but else rows).first()
    return row.photo if row else None
