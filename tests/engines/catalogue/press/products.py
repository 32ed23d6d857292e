"""Products as masks have them: soft edges, holes, several parts, fine outlines."""

import numpy as np


def draw_mug(side: int = 700) -> np.ndarray:
    """A mug with a handle that one sees through, on its canvas."""
    y, x = np.mgrid[:side, :side] / side
    body = np.minimum(0.22 + 0.02 * y - np.abs(x - 0.42), 0.3 - np.abs(y - 0.5))
    middle = np.hypot(x - 0.65, (y - 0.5) * 0.9)
    handle = 0.035 - np.abs(middle - 0.13)
    return soften(np.maximum(body, handle), side)


def draw_pair(side: int = 600) -> np.ndarray:
    """Two earrings: a wavy disc each, with three holes."""
    y, x = np.mgrid[:side, :side] / side
    made = np.full((side, side), -1.0)
    for across in (0.27, 0.73):
        angle, far = np.arctan2(y - 0.5, x - across), np.hypot(y - 0.5, x - across)
        disc = 0.19 + 0.012 * np.sin(14 * angle) - far
        for turn in (0.3, 2.4, 4.5):
            hole = np.hypot(x - across - 0.09 * np.cos(turn), y - 0.5 - 0.09 * np.sin(turn)) - 0.04
            disc = np.minimum(disc, hole)
        made = np.maximum(made, disc)
    return soften(made, side)


def draw_box_at_the_edge(side: int = 300) -> np.ndarray:
    """A box that the picture's left and lower edge cut off, hard as a stencil."""
    made = np.zeros((side, side), np.float32)
    made[side // 3 :, : side // 2] = 1
    return made


def draw_fringe(side: int = 900) -> np.ndarray:
    """A brush with sixty bristles, and dust around it."""
    y, x = np.mgrid[:side, :side] / side
    wave = 0.06 * np.abs(((x * 60) % 1) * 2 - 1)
    made = np.minimum(np.minimum(0.62 + wave - y, y - 0.3), 0.4 - np.abs(x - 0.5))
    noise = np.random.default_rng(5).random((side, side)) > 0.99999
    return np.maximum(soften(made, side), noise.astype(np.float32))


def soften(inside: np.ndarray, side: int) -> np.ndarray:
    """Alpha of a distance to the outline, 1 two pixels within."""
    return np.clip(inside * side / 2 + 0.5, 0, 1).astype(np.float32)
