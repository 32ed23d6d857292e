"""The pace of rendering: how quickly sets are rendered here, and what gives way where time would not suffice.

First samples do: Cycles stops by itself once the seconds it was given are over. Where not even the fewest
would fit, the picture is made smaller; where no picture fits, none is begun. Nothing gives way where there
is time, so the same seed then leads to the same pixels on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 3
"""Samples that a picture is to have before it is made smaller for want of time."""

LEAST_SIDE = 384
"""Longer side in pixels to which a picture is made smaller at most."""

HARDLY = 0.9
"""A picture that would have to be made smaller by no more than this has a sample less instead."""

KEPT_BACK = 0.12
"""Share of the time allowed that is kept for laying the product over, for archiving, and for surprises."""

ENOUGH = 0.6
"""Whoever gets less of the processors than this is not alone with them."""


@dataclass(frozen=True)
class Pace:
    """Seconds until a picture's first sample, seconds for a sample of a megapixel, share of the processors.

    Removing the noise takes about as long as a sample: 0.8 s beside 1.0 s, measured at 512 × 512.
    """

    begin: float
    sample: float
    share: float = 1.0

    def seconds(self, pixels: int, samples: int) -> float:
        """Return how long a picture takes with so many samples, its noise removed."""
        return self.begin + self.sample * pixels / 1e6 * (samples + 1)

    def limit(self, pixels: int, seconds: float) -> float:
        """Return for how long samples may be taken so that a picture is done in so many seconds."""
        return seconds - self.begin - self.sample * pixels / 1e6

    @property
    def is_busy(self) -> bool:
        """Whether other work, or a limit, keeps the processors from this one."""
        return self.share < ENOUGH


@dataclass(frozen=True)
class Choice:
    """How a picture is rendered: its longer side in pixels, and seconds for its samples."""

    side: int
    limit: float


def choose_rendering(pace: Pace, size: tuple[int, int], left: float, pictures: int) -> Choice | None:
    """Return how the next of so many pictures of a size is rendered in the seconds left for all of them.

    None where it would not be done in time whatever gave way.
    """
    side, pixels = max(size), size[0] * size[1]
    least = min(1.0, LEAST_SIDE / side) ** 2
    # Where not all can be had in time, one whole picture is worth more than the beginnings of two.
    share = max(left / pictures, min(left, pace.seconds(round(pixels * least), FEWEST)))
    if pace.seconds(round(pixels * least), 1) > share:
        return None
    # So many pixels fit with the fewest samples.
    fitting = (share - pace.begin) / (pace.sample / 1e6 * (FEWEST + 1)) if pace.sample > 0 else pixels
    shrunk = min(1.0, max(least, fitting / pixels)) ** 0.5
    if shrunk > HARDLY:
        shrunk = 1.0
    side = min(side, round(side * shrunk))
    return Choice(side, max(0.1, pace.limit(round(pixels * shrunk**2), share)))
