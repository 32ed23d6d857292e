"""What a frame leaves to the subject's place in its photo, decided once that is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import Finish
from editor.engines.io import compose
from editor.engines.options import check_flag

Sides = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Aimed(Protocol):
    """The options of a tool whose frame looks at where the subject is.

    aim: where the photo exceeds its canvas, the part is seen in whose middle the subject is, or nearly.
    snap: the margins of those sides at which the photo cuts the subject off, in the finish's unit; there the
    subject lies at its margin. None where such sides are like all others.
    """

    @property
    def aim(self) -> bool: ...
    @property
    def snap(self) -> Sides | None: ...


def check(options: Aimed) -> Sides | None:
    """Return `snap` as a row, which JSON has as a list. Raises InvalidOptions, naming the option."""
    check_flag("aim", options.aim)
    row = options.snap
    if row is None:
        return None
    if not isinstance(row, list | tuple) or len(row) != 4:
        raise InvalidOptions("snap must be 4 numbers.")
    left, top, right, bottom = (float(one) if isinstance(one, int | float) else -1.0 for one in row)
    if not all(0 <= one <= 4096 for one in (left, top, right, bottom)):
        raise InvalidOptions("snap must be 4 numbers from 0.")
    return left, top, right, bottom


def adapt(finish: Finish, box: compose.Box, size: tuple[int, int], options: Aimed) -> Finish:
    """Return the finish with what the subject's box says of it.

    size: the photo's width and height. Raises InvalidOptions where margins leave nothing.
    """
    if options.snap is not None:
        finish = _snap(finish, box, size, options.snap)
    return _aim(finish, box, size) if options.aim else finish


def _snap(finish: Finish, box: compose.Box, size: tuple[int, int], snap: Sides) -> Finish:
    width, height = size
    cut = (box[0] <= 0, box[1] <= 0, box[2] >= width, box[3] >= height)
    pairs = zip(finish.margins, snap, cut, strict=True)
    left, top, right, bottom = (other if is_cut else own for own, other, is_cut in pairs)
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
