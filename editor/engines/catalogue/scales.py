"""The same scale across a set: products keep their sizes relative to each other, the largest fills the frame.

Photos of one set-up show each product at as many pixels as it is large. Pure arithmetic on boxes, so that
pages and workers can do it without the pixels.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from editor.engines.finishing.finish import RANGES, Finish

LEAST_SHARE = next(least for name, least, _ in RANGES if name == "share")


@dataclass(frozen=True)
class Member:
    """One product of a set. width, height: of the box around it, in pixels of its photo. photo: the photo's
    own width and height. rotation: degrees clockwise by which it is turned.
    """

    width: float
    height: float
    photo: tuple[int, int] = (1, 1)
    rotation: float = 0.0

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any], photo: tuple[int, int], rotation: float = 0.0) -> Member:
        """Return the member in what was found out of a cutout: {"box": [left, top, right, bottom], …}."""
        left, top, right, bottom = facts["box"]
        return cls(right - left, bottom - top, photo, rotation)


def find_shares(members: Sequence[Member], finish: Finish) -> list[float]:
    """Return the Finish.share of each member in this frame, so that all are scaled alike.

    The one that fits least well has 1. No share is below what a finish takes, so a product a hundred times
    smaller than the largest comes out larger than it is beside that. Frames that keep sizes as they are need
    no share: 1 for each.
    """
    scales = [find_scale(one, finish) for one in members]
    if not scales or None in scales:
        return [1.0] * len(members)
    own = [scale for scale in scales if scale is not None]
    common = min(own) if finish.enlarge else min(1.0, *own)
    # Where none may be enlarged, a share below 1 would make smaller what a common limit has made alike.
    return [min(1.0, max(LEAST_SHARE, common / scale)) for scale in own]


def find_scale(member: Member, finish: Finish) -> float | None:
    """Return the scale at which a member fits, or fills, a frame by itself, enlarged or not.

    None where the frame leaves sizes as they are. As finishing.frame places it; of a product that is turned
    by other than quarters its box's corners stand for its outline.
    """
    if finish.canvas not in ("exact", "photo") or finish.scaling not in ("fit", "fill"):
        return None
    turn = member.rotation
    whole = finish.reference == "photo"
    wide, tall = _turn(*member.photo, turn) if whole else _turn(member.width, member.height, turn)
    wide, tall = max(1.0, wide), max(1.0, tall)
    width, height = member.photo[::-1] if turn % 180 == 90 else member.photo
    if finish.canvas == "exact":
        width, height = finish.width, finish.height
    left, top, right, bottom = finish.margins
    if finish.margin_of == "subject":
        longer = max(wide, tall)
        ratios = width / (wide + (left + right) * longer), height / (tall + (top + bottom) * longer)
    else:
        units = (width, height) if finish.margin_of == "canvas" else (1, 1)
        room = width - (left + right) * units[0], height - (top + bottom) * units[1]
        ratios = max(1.0, room[0]) / wide, max(1.0, room[1]) / tall
    return min(ratios) if finish.scaling == "fit" else max(ratios)


def find_group(same_scale: str, name: str, columns: Mapping[str, str]) -> Hashable:
    """Return what the members of one set share, by Recipe.same_scale; None for what stands by itself.

    The group is the table's; where that says none, photos of one folder are one.
    """
    if same_scale == "all":
        return "all"
    if same_scale != "group":
        return None
    return columns.get("group") or ("folder", str(PurePosixPath(name).parent))


def _turn(wide: float, tall: float, degrees: float) -> tuple[float, float]:
    """Return the size of the box around a box that was turned; by quarters exactly."""
    if degrees % 90 == 0:
        return (wide, tall) if degrees % 180 == 0 else (tall, wide)
    cosine, sine = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    return wide * cosine + tall * sine, wide * sine + tall * cosine
