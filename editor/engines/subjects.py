"""Whose matte is wanted: whatever stands out, people, things, or the ink of a stamp."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import contract, foreground, matte, pictures
from .errors import NothingFound, WeightsMissing

SUBJECTS = ("", "person", "object", "stamp")

LEAST_THING = 0.06
"""Share of the whole subject that must be left without people for it to be a thing by itself."""

FACE = 0.8
"""Score from which on one quick look at a subject says that it is somebody."""

REMEMBERED = 2


@dataclass(frozen=True)
class Subject:
    """What was found: its alpha, its own colours where it brings them, and what it was taken for."""

    alpha: contract.Alpha
    rgb: contract.Image | None
    took: str

    def colours(self, picture: pictures.Picture, alpha: contract.Alpha) -> contract.Image:
        """Return the subject's colours (H, W, 3) below an alpha, cleaned of what was behind it."""
        if self.rgb is not None:
            return self.rgb
        if picture.alpha is None:
            return foreground.purified(picture.rgb, alpha)
        # Where the photo was transparent before, its colour is the subject's own already.
        return foreground.purified(picture.rgb, np.where(picture.alpha < 1, np.float32(1), alpha))


def find(picture: pictures.Picture, subject: str = "") -> Subject:
    """Return the subject asked for; "" takes what stands out, and says what that seems to be.

    Raises NothingFound, WeightsMissing; for a stamp NotOnPaper and DarkPaper too.
    """
    if subject == "stamp":
        from . import stamp

        rgb, alpha = stamp.lifted(matte.visible(picture))
        return Subject(alpha, rgb, "stamp")
    if subject == "person":
        from . import person

        people = person.people(picture)
        if people is None:
            raise NothingFound("Nobody was found in this photo. Take “Auto” for what is no person.")
        return Subject(people, None, "person")
    whole = matte.estimate(picture)
    if whole is None:
        raise NothingFound
    if subject == "object":
        return Subject(_without_people(picture, whole), None, "object")
    return Subject(whole, None, "person" if _shows_a_face(picture, whole) else "object")


def _without_people(picture: pictures.Picture, whole: contract.Alpha) -> contract.Alpha:
    """Return the alpha without the people in it, if anything to speak of is left then."""
    from . import person

    people = person.people(picture)
    if people is None:
        return whole
    things = whole * (1 - people)
    # A rim of fractions along somebody's outline is not a thing.
    solid = float((things > 0.5).sum())
    return things if solid >= LEAST_THING * float((whole > 0.5).sum()) else whole


def _shows_a_face(picture: pictures.Picture, whole: contract.Alpha) -> bool:
    """Whether one look at the subject finds somebody: milliseconds, and good enough to be told."""
    rows, columns = np.flatnonzero((whole > 0.5).any(axis=1)), np.flatnonzero((whole > 0.5).any(axis=0))
    if not len(rows):
        return False
    from . import faces

    left, top = float(columns[0]), float(rows[0])
    wide, high = float(columns[-1] - columns[0] + 1), float(rows[-1] - rows[0] + 1)
    side = max(wide, high)
    looks = [
        (left + wide / 2 - side / 2, top + high / 2 - side / 2, side),
        # A face is small in a whole figure, and it is at the top of it.
        (left + wide / 2 - side / 4, top, side / 2),
    ]
    try:
        return any(face.score >= FACE for face in faces.found(picture.rgb, looks))
    except WeightsMissing:
        return False


class Memory:
    """The last subjects found, by file: strokes are corrected one after the other on the same photo."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int, str], Subject] = OrderedDict()

    def find(self, path: Path, picture: pictures.Picture, subject: str) -> Subject:
        """Return what `find` does, from memory where this very file was looked at just now."""
        facts = path.stat()
        key = (str(path), facts.st_mtime_ns, facts.st_size, subject)
        if key not in self._kept:
            self._kept[key] = find(picture, subject)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


memory = Memory()
