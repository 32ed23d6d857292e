"""Closed lines as few Bézier curves: Schneider, "An Algorithm for Automatically Fitting Digitized Curves", in
Graphics Gems (1990), with corners kept."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .outlines import Line

Knots = NDArray[np.float64]
"""x and y of knots (N, 3, 2): handle before, anchor, handle behind; the last goes on to the first."""

SPAN = 5
"""Points to each side by which a direction, and so a corner, is judged: nearer are the pixels' stairs."""
CORNER = math.radians(55)
MOST_POINTS = 8000
"""Of one line that are looked at."""
ROUNDS = 3
"""How often points are given better places on a curve before it is split."""


def fit(line: Line, tolerance: float, most: int) -> Knots | None:
    """Return knots of curves from which no point of a closed line is further than a tolerance, in pixels.

    None where it takes more knots than `most`.
    """
    points = _space_evenly(line)
    count = len(points)
    if count < 4 * SPAN:
        few = points[:: max(1, count // 8)]
        return np.repeat(few[:, np.newaxis], 3, axis=1) if len(few) <= most else None
    breaks = _find_corners(points)
    if len(breaks) < 2:
        # Somewhere it must begin, and be taken apart for the first time.
        start = breaks[0] if breaks else 0
        breaks = sorted({start, (start + count // 2) % count})
        corners = set(breaks[:1]) if start in breaks and _is_corner(points, start) else set()
    else:
        corners = set(breaks)
    curves: list[NDArray[np.float64]] = []
    for number, begin in enumerate(breaks):
        end = breaks[(number + 1) % len(breaks)]
        piece = np.arange(begin, end + 1 if end > begin else end + count + 1)
        ahead = _direction(points, begin, 1, begin in corners)
        back = _direction(points, end, -1, end in corners)
        _fit_piece(points, piece, ahead, back, tolerance, curves, most)
        if len(curves) > most:
            return None
    made = np.stack(curves)
    return np.stack([np.roll(made[:, 2], 1, axis=0), made[:, 0], made[:, 1]], axis=1)


def flatten(knots: Knots, steps: int = 16) -> Line:
    """Return a closed line along curves."""
    following = np.roll(knots, -1, axis=0)
    curves = np.stack([knots[:, 1], knots[:, 2], following[:, 0], following[:, 1]], axis=1)
    weights = _bernstein(np.arange(steps) / steps)
    return np.asarray(np.einsum("sk,nkd->nsd", weights, curves)).reshape(-1, 2)


def _space_evenly(line: Line) -> Line:
    """Return points on a closed line a pixel from one another, further where it is very long."""
    closed = np.concatenate([line, line[:1]])
    steps = np.hypot(*np.diff(closed, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = int(min(MOST_POINTS, max(3, round(along[-1]))))
    places = np.arange(count) * along[-1] / count
    return np.stack([np.interp(places, along, closed[:, axis]) for axis in range(2)], axis=1)


def _turns(points: Line) -> NDArray[np.float64]:
    """Return by what angle a closed line turns at each of its points."""
    before = points - np.roll(points, SPAN, axis=0)
    behind = np.roll(points, -SPAN, axis=0) - points
    cross = before[:, 0] * behind[:, 1] - before[:, 1] * behind[:, 0]
    return np.abs(np.arctan2(cross, (before * behind).sum(axis=1)))


def _is_corner(points: Line, at: int) -> bool:
    return bool(_turns(points)[at] > CORNER)


def _find_corners(points: Line) -> list[int]:
    """Return where a line turns sharply, the sharpest of neighbours alone."""
    turns = _turns(points)
    around = np.stack([np.roll(turns, shift) for shift in range(-SPAN, SPAN + 1)])
    found = np.flatnonzero((turns > CORNER) & (turns >= around.max(axis=0)))
    kept: list[int] = []
    for at in found.tolist():
        if not kept or at - kept[-1] > SPAN:
            kept.append(at)
    if len(kept) > 1 and kept[0] + len(points) - kept[-1] <= SPAN:
        kept.pop()
    return kept


def _direction(points: Line, at: int, way: int, corner: bool) -> NDArray[np.float64]:
    """Return the unit vector in which a line goes on (way 1) or back (-1); at a corner by that side alone."""
    count = len(points)
    origin = points[at % count] if corner else points[(at - way * SPAN) % count]
    vector = points[(at + way * SPAN) % count] - origin
    length = float(np.hypot(*vector))
    return vector / length if length > 0 else np.array([1.0, 0.0])


def _fit_piece(
    points: Line,
    piece: NDArray[np.int64],
    ahead: NDArray[np.float64],
    back: NDArray[np.float64],
    tolerance: float,
    curves: list[NDArray[np.float64]],
    most: int,
) -> None:
    """Append the curves of a piece of a line, whose points are counted on from the first again.

    It ends before its time where they are more than `most`.
    """
    waiting = [(piece, ahead, back)]
    while waiting and len(curves) <= most:
        piece, ahead, back = waiting.pop()
        some = points[piece % len(points)]
        curve, worst, error = _fit_one(some, ahead, back, tolerance)
        if error <= tolerance or len(piece) <= 4:
            curves.append(curve)
            continue
        worst = min(max(worst, 1), len(piece) - 2)
        across = _direction(points, int(piece[worst]), 1, corner=False)
        waiting.append((piece[worst:], across, back))
        waiting.append((piece[: worst + 1], ahead, -across))


def _fit_one(
    some: Line, ahead: NDArray[np.float64], back: NDArray[np.float64], tolerance: float
) -> tuple[NDArray[np.float64], int, float]:
    """Return the curve (4, 2) along some points, which of them is furthest from it, and how far."""
    steps = np.hypot(*np.diff(some, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] == 0:
        return np.repeat(some[:1], 4, axis=0), 0, 0.0
    places = along / along[-1]
    for left in range(ROUNDS, -1, -1):
        curve = _solve(some, places, ahead, back)
        off = _bernstein(places) @ curve - some
        far = np.hypot(*off.T)
        worst = int(far.argmax())
        error = float(far[worst])
        if error <= tolerance or error > 4 * tolerance or not left:
            break
        places = _improve(curve, places, off)
    return curve, worst, error


def _solve(
    some: Line, places: NDArray[np.float64], ahead: NDArray[np.float64], back: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the curve with these ends and directions that is nearest to the points, by least squares."""
    first, last = some[0], some[-1]
    weights = _bernstein(places)
    one, other = weights[:, 1:2] * ahead, weights[:, 2:3] * back
    rest = some - (weights[:, :2].sum(axis=1)[:, None] * first + weights[:, 2:].sum(axis=1)[:, None] * last)
    c00, c01, c11 = (one * one).sum(), (one * other).sum(), (other * other).sum()
    x0, x1 = (one * rest).sum(), (other * rest).sum()
    determinant = c00 * c11 - c01 * c01
    chord = float(np.hypot(*(last - first)))
    before = behind = 0.0
    if abs(determinant) > 1e-9:
        before = float((x0 * c11 - x1 * c01) / determinant)
        behind = float((c00 * x1 - c01 * x0) / determinant)
    # Handles that point backwards, or far away, make loops: a third of the way is always sound.
    if not (1e-3 * chord < before < 3 * chord + 1 and 1e-3 * chord < behind < 3 * chord + 1):
        before = behind = chord / 3
    return np.stack([first, first + before * ahead, last + behind * back, last])


def _improve(
    curve: NDArray[np.float64], places: NDArray[np.float64], off: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return places on a curve nearer to the points, by one step of Newton's."""
    inverse = 1 - places
    first, second = 3 * np.diff(curve, axis=0), 6 * np.diff(curve, 2, axis=0)
    speed = np.stack([inverse**2, 2 * inverse * places, places**2], axis=1) @ first
    change = np.stack([inverse, places], axis=1) @ second
    slope = (speed * speed).sum(axis=1) + (off * change).sum(axis=1)
    step = np.divide((off * speed).sum(axis=1), slope, out=np.zeros_like(places), where=np.abs(slope) > 1e-9)
    return np.maximum.accumulate(np.clip(places - step, 0, 1))


def _bernstein(places: NDArray[np.float64]) -> NDArray[np.float64]:
    inverse = 1 - places
    return np.stack([inverse**3, 3 * inverse**2 * places, 3 * inverse * places**2, places**3], axis=1)
