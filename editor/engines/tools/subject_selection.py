"""Selection of the subject that is wanted: whatever stands out, people, things, or a stamp's ink."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from editor.engines import types
from editor.engines.errors import NothingFound, WeightsMissing
from editor.engines.io import pictures
from editor.engines.io.formats import fit_size
from editor.engines.matting import alpha_matte, confidence, foreground_estimation
from editor.engines.retouching.kept_cutout import KeptCutout

SUBJECTS = ("", "person", "object", "stamp")

LEAST_THING = 0.06
"""Share of the whole subject that must be left without people for it to be a thing by itself; the photos it
was set on are not recorded."""

FACE = 0.8
"""Score from which on one quick look at a subject says that it is somebody; the photos it was set on are not
recorded."""

REMEMBERED = 2
REMEMBERED_BYTES = 320 * 2**20
"""So many of the last subjects are kept, and of large ones the last alone, up to 24 megapixels with all that
corrections go on from."""

PIXEL_BYTES = 13
"""What one of these takes for each of its pixels, packed file and all, about."""


@dataclass
class Subject:
    """What was found: its alpha, its own colours where it brings them, and what it was taken for.

    kind: that, or what tells it. It is told when somebody asks, as that takes some looks.
    fell_back: things were asked for, and none stands out beside the people, so that they were kept.
    confidence: the chance, 0..1, that it is right: of the picture's whole matte, from which people and things
    are chosen; of a stamp, how decided its ink is.
    clear: parts of it let the new ground through by themselves.
    cleaned: the colours below its alpha, once they were asked for; strokes change few of them.
    cutout: what strokes go on from, once it was made a bare cutout.
    """

    alpha: types.Alpha
    rgb: types.Image | None
    kind: str | Callable[[], str]
    confidence: float = 0.0
    fell_back: bool = False
    clear: bool = False
    cleaned: types.Image | None = field(default=None, init=False, repr=False)
    cutout: KeptCutout | None = field(default=None, init=False, repr=False)

    @property
    def took(self) -> str:
        """What it was taken for: person, object or stamp."""
        if not isinstance(self.kind, str):
            self.kind = self.kind()
        return self.kind

    def colours(self, picture: pictures.Picture, alpha: types.Alpha) -> types.Image:
        """Return the subject's colours (H, W, 3) below an alpha, cleaned of what was behind it.

        picture is the one that the subject was found in; alpha the subject's own, or a corrected one.
        """
        if self.rgb is not None:
            return self.rgb
        own = _without_clear(picture, self.alpha)
        if self.cleaned is None:
            self.cleaned = foreground_estimation.purify(picture.rgb, own)
        if alpha is self.alpha:
            return self.cleaned
        return foreground_estimation.purify_near(
            picture.rgb, _without_clear(picture, alpha), own, self.cleaned
        )


def _without_clear(picture: pictures.Picture, alpha: types.Alpha) -> types.Alpha:
    """Return alpha as colours are cleaned by it: 1 where the photo was transparent before.

    There its colour is the subject's own already.
    """
    return alpha if picture.alpha is None else np.where(picture.alpha < 1, np.float32(1), alpha)


def find(picture: pictures.Picture, subject: str = "") -> Subject:
    """Return the subject asked for; "" takes what stands out, and says what that seems to be.

    Raises NothingFound, WeightsMissing; for a stamp NotOnPaper and DarkPaper too.
    """
    if subject == "stamp":
        from editor.engines.matting import ink_extraction

        rgb, alpha = ink_extraction.extract_ink(alpha_matte.show_transparency(picture))
        return Subject(alpha, rgb, "stamp", 1 - confidence.measure_softness(alpha))
    if subject == "person":
        from editor.engines.heads import people_matte

        people = people_matte.judge(picture)
        if people.alpha is None:
            raise NothingFound("Nobody was found in this photo. Take “Auto” for what is no person.")
        return Subject(people.alpha, None, "person", people.confidence)
    matte = alpha_matte.judge(picture)
    whole = matte.alpha
    if whole is None:
        raise NothingFound
    if subject == "object":
        things = _without_people(picture, whole)
        if things is None:
            return Subject(whole, None, "person", matte.confidence, fell_back=True, clear=matte.clear)
        return Subject(things, None, "object", matte.confidence, clear=matte.clear)
    kind = partial(_tell_kind, picture, whole)
    return Subject(whole, None, kind, matte.confidence, clear=matte.clear)


def _without_people(picture: pictures.Picture, whole: types.Alpha) -> types.Alpha | None:
    """Return the alpha without the people in it; None where nothing to speak of is left then."""
    from editor.engines.heads import people_matte

    people = people_matte.estimate(picture)
    if people is None:
        return whole
    things = whole * (1 - people / np.float32(picture.opacity))
    # A rim of fractions along somebody's outline is not a thing.
    half = 0.5 * picture.opacity
    solid = float((things > half).sum())
    return things if solid >= LEAST_THING * float((whole > half).sum()) else None


def _tell_kind(picture: pictures.Picture, whole: types.Alpha) -> str:
    """Return whether what stands out is somebody or a thing; a few looks at it in a small copy tell."""
    from editor.engines.heads import people_matte

    size = fit_size(picture.width, picture.height, people_matte.LOOK_SIDE)
    rgb = Image.fromarray(alpha_matte.show_transparency(picture))
    look = np.asarray(rgb.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
    # Where it is above a half is all that is asked: every so manieth pixel says that.
    rows, columns = (np.arange(few) * many // few for few, many in zip(size[::-1], whole.shape, strict=True))
    small = whole[rows[:, np.newaxis], columns]
    try:
        seen = _shows_a_face(look, small, picture.opacity) or people_matte.shows_a_body(look, small)
    except WeightsMissing:
        return "object"
    return "person" if seen else "object"


def _shows_a_face(look: types.Image, small: types.Alpha, opacity: float) -> bool:
    """Whether one look at the subject finds somebody: milliseconds, and good enough to be told."""
    subject = small > 0.5 * opacity
    rows, columns = np.flatnonzero(subject.any(axis=1)), np.flatnonzero(subject.any(axis=0))
    if not len(rows):
        return False
    from editor.engines.networks import face_detection

    left, top = float(columns[0]), float(rows[0])
    wide, high = float(columns[-1] - columns[0] + 1), float(rows[-1] - rows[0] + 1)
    side = max(wide, high)
    looks = [
        (left + wide / 2 - side / 2, top + high / 2 - side / 2, side),
        # A face is small in a whole figure, and it is at the top of it.
        (left + wide / 2 - side / 4, top, side / 2),
    ]
    return any(face.score >= FACE for face in face_detection.detect(look, looks))


Key = tuple[str, int, int, str]
"""A file's path, when it was changed, its bytes, and which subject was asked for."""


class Memory:
    """The last subjects found, by file: strokes are corrected one after the other on the same photo."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Subject] = OrderedDict()

    def find(self, path: Path, picture: pictures.Picture, subject: str) -> Subject:
        """Return what `find` does, from memory where this very file was looked at just now."""
        key = _key(path, subject)
        if key not in self._kept:
            self.keep(path, subject, find(picture, subject))
        self._kept.move_to_end(key)
        return self._kept[key]

    def recall(self, path: Path, subject: str) -> Subject | None:
        """Return what was found in this very file just now, None if nothing was or it is forgotten."""
        return self._kept.get(_key(path, subject))

    def keep(self, path: Path, subject: str, found: Subject) -> None:
        """Remember what was found in a file when that subject was asked for."""
        key = _key(path, subject)
        self._kept[key] = found
        self._kept.move_to_end(key)
        self.trim()

    def make_room(self, pixels: int) -> None:
        """Forget the oldest, so that another of that many pixels can be found beside what is left."""
        coming = PIXEL_BYTES * pixels
        while self._kept and (len(self._kept) >= REMEMBERED or self._bytes() + coming > REMEMBERED_BYTES):
            self._kept.popitem(last=False)

    def trim(self) -> None:
        """Forget the oldest that are too many or too large; of the last what strokes can do without."""
        while len(self._kept) > 1 and (len(self._kept) > REMEMBERED or self._bytes() > REMEMBERED_BYTES):
            self._kept.popitem(last=False)
        if self._bytes() > REMEMBERED_BYTES:
            for found in self._kept.values():
                found.cutout = None

    def _bytes(self) -> int:
        """Return what is kept, each with the colours that it will have once they are asked for."""
        return sum(
            found.alpha.nbytes + 3 * found.alpha.size + (found.cutout.bytes if found.cutout else 0)
            for found in self._kept.values()
        )


def _key(path: Path, subject: str) -> Key:
    facts = path.stat()
    return str(path), facts.st_mtime_ns, facts.st_size, subject


memory = Memory()
