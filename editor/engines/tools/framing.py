"""What a frame leaves to the subject's place in its photo, decided once that is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import MOST_MARGIN, Finish
from editor.engines.io import compose
from editor.engines.options import check_flag, check_number

Snap = tuple[float | None, float | None, float | None, float | None]
"""Left, top, right, bottom."""


class Aimed(Protocol):
    """The options of a tool whose frame looks at where the subject is.

    aim: where the photo exceeds its canvas, the part is seen in whose middle the subject is, or nearly.
    rest: the subject is as far across and down its canvas as it is in the photo, where it is scaled, too.
    snap: the margins of those sides at which the photo cuts the subject off, in the finish's unit; there the
    subject lies at its margin. None for sides, or for all, where that makes no difference.
    """

    @property
    def aim(self) -> bool: ...
    @property
    def rest(self) -> bool: ...
    @property
    def snap(self) -> Snap | None: ...


def check(options: Aimed) -> Snap | None:
    """Return `snap` as a row, which JSON has as a list. Raises InvalidOptions, naming the option."""
    check_flag("aim", options.aim)
    check_flag("rest", options.rest)
    row = options.snap
    if row is None:
        return None
    if not isinstance(row, list | tuple) or len(row) != 4:
        raise InvalidOptions("snap must be 4 numbers.")
    for one in row:
        if one is not None:
            check_number("snap", one, 0, MOST_MARGIN["px"])
    left, top, right, bottom = row
    return left, top, right, bottom


def adapt(finish: Finish, box: compose.Box, size: tuple[int, int], options: Aimed) -> Finish:
    """Return the finish with what the subject's box says of it.

    size: the photo's width and height. Raises InvalidOptions where margins leave nothing.
    """
    if options.snap is not None:
        finish = _snap(finish, box, size, options.snap)
    if options.rest:
        finish = _rest(finish, box, size)
    return _aim(finish, box, size) if options.aim else finish


def _rest(finish: Finish, box: compose.Box, size: tuple[int, int]) -> Finish:
    """Return the finish whose room, margins and all, is shared out as the photo shares out its own."""
    left, top, right, bottom = finish.margins
    beside = [size[axis] - (box[axis + 2] - box[axis]) for axis in (0, 1)]
    across, down = (
        min(1.0, max(0.0, box[axis] / beside[axis])) if beside[axis] > 0 else 0.5 for axis in (0, 1)
    )
    wide, high = left + right, top + bottom
    margins = (wide * across, high * down, wide * (1 - across), high * (1 - down))
    return replace(finish, margins=margins, align=(across, down))


def _snap(finish: Finish, box: compose.Box, size: tuple[int, int], snap: Snap) -> Finish:
    width, height = size
    ends = (box[0] <= 0, box[1] <= 0, box[2] >= width, box[3] >= height)
    left, top, right, bottom = (
        own if other is None or not is_cut else other
        for own, other, is_cut in zip(finish.margins, snap, ends, strict=True)
    )
    cut = [is_cut and one is not None for is_cut, one in zip(ends, snap, strict=True)]
    # Cut off on both sides, it lies in the middle, as it does where it is cut off on none.
    across, down = (
        finish.align[axis] if cut[axis] == cut[axis + 2] else 0.0 if cut[axis] else 1.0 for axis in (0, 1)
    )
    return replace(finish, margins=(left, top, right, bottom), align=(across, down))


def _aim(finish: Finish, box: compose.Box, size: tuple[int, int]) -> Finish:
    """Return the finish with the alignment by which the subject's middle is the canvas's, or is near it."""
    sides = (finish.width, finish.height)
    scale = max(side / whole for side, whole in zip(sides, size, strict=True))
    align = []
    for axis in (0, 1):
        beyond = size[axis] * scale - sides[axis]
        middle = (box[axis] + box[axis + 2]) / 2 * scale
        align.append(min(1.0, max(0.0, (middle - sides[axis] / 2) / beyond)) if beyond > 0 else 0.5)
    return replace(finish, align=(align[0], align[1]))
