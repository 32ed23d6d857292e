"""The types that the engines share: images, masks, alphas, outputs, and the report of progress.

Kept free of imports at run time, so that naming a type never loads numpy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Image = NDArray[np.uint8]
"""uint8 RGB (H, W, 3), sRGB."""

type Mask = NDArray[np.bool_]
"""bool (H, W), True = act here."""

type Alpha = NDArray[np.float32]
"""float32 (H, W) in 0..1, 1 = subject."""

Report = Callable[[float], None]
"""Called with the share of the work that is done, 0..1, rising. May raise errors.Cancelled."""

Kind = Literal["image", "mask", "preview", "thumbnail", "faces", "facts"]
"""What an output is. faces and facts are small JSON objects: the heads in a photo; what a tool found."""


PATCH, PATCH_WORDS = "patch.png", "patch.json"
"""Files of a correction that are there before others: what screens can show of it, and where that lies."""


def ignore_progress(share: float) -> None:
    """Ignore the progress: the report of callers that do not show any."""


@dataclass(frozen=True)
class Output:
    """One file that a tool has written. width and height in pixels, bytes the file's size.

    of tells a thumbnail of the result from one of the photo, which come together with `prepare`.
    number counts the pictures of one kind, where a tool makes several.
    """

    kind: Kind
    path: str
    width: int
    height: int
    format: str
    bytes: int
    of: Literal["result", "photo"] = "result"
    number: int = 1
