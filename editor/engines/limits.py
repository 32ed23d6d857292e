"""How large a picture may be that somebody brings: to the studio, and to the seeds' endpoints."""

from __future__ import annotations

import math
from dataclasses import dataclass

from editor.engines.errors import TooLarge


@dataclass(frozen=True)
class Limits:
    """The most pixels a side, pixels in all and bytes of a file."""

    side: int
    pixels: int
    bytes: int

    @property
    def megabytes(self) -> int:
        return self.bytes // 2**20

    def check(self, width: int, height: int) -> None:
        """Raise TooLarge, with the sizes said, unless a picture of this size is taken."""
        if width <= self.side and height <= self.side and width * height <= self.pixels:
            return
        if self.pixels >= self.side**2:
            most = f"at most {self.side} x {self.side} are taken"
        else:
            most = f"at most {self.pixels // 2**20} megapixels are taken, and {self.side} pixels a side"
        raise TooLarge(f"This picture is {width} x {height} pixels; {most}. Make it smaller and try again.")

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """Return a size scaled down, never up, so that it is taken."""
        factor = min(1.0, self.side / max(width, height), math.sqrt(self.pixels / (width * height)))
        if factor == 1:
            return width, height
        return max(1, math.floor(width * factor)), max(1, math.floor(height * factor))


STUDIO = Limits(16_384, 64 * 2**20, 60 * 2**20)
"""What cameras make, whose makers call 9248 x 6944 pixels 64 megapixels.

The page, the command line and the studio's own endpoints take it.
"""

SEEDS = Limits(4096, 4096**2, 20 * 2**20)
"""What the services of the seeds take, here and where we are their client."""
