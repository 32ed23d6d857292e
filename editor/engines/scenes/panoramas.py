"""Panoramas: what a set is surrounded by, as metal and glass in it mirror it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .plan import SetPlan
from .vocabulary import BACKDROPS, LIGHTS

WOODED = {"forest", "stream", "waterfall", "garden", "meadow"}
BUILT = {"street", "city"}
ROOMS = {
    "kitchen", "bathroom", "living-room", "window", "bedroom", "shop", "bookshelves", "office", "cafe", "gym",
    "curtain", "panels", "fir-lights",
}  # fmt: skip
LOW_SUN = {"golden", "sunset", "morning"}
DAYLIGHT = {"sun", "noon", "leaf-shadows", "blinds"}

ROOM, TINT = 0.75, 0.45
"""How much of a panorama's unevenness the light all round has, and of its colours: paper stays white."""


def choose_panorama(plan: SetPlan) -> str:
    """Return which of the panoramas a set is surrounded by: a studio, a room, or what is out of doors."""
    behind, light = plan.backdrop.name, plan.light
    if BACKDROPS[behind].under_the_sky or behind in WOODED | {"sky", "starry"}:
        if LIGHTS[light].sky.dark:
            return "night"
        if light in LOW_SUN:
            return "sunrise" if light == "morning" else "sunset"
        return "forest" if behind in WOODED else "city" if behind in BUILT else "sunset"
    if behind in ROOMS or light in ("window", "candle", "morning"):
        return "interior"
    return "courtyard" if light in DAYLIGHT else "studio"


def find_lobes(pixels: NDArray[np.float32], most: float) -> NDArray[np.float32]:
    """Return the light of a panorama (h, w, 3), from below up, along +x, -x, +y, -y, +z, -z: (6, 3).

    It is 1 on average. most: of a pixel; the rig's lamps stand for what is brighter. The six are an ambient
    cube: J. Mitchell, G. McTaggart and C. Green, "Shading in Valve's Source engine", SIGGRAPH 2006 courses.
    """
    height, width = pixels.shape[:2]
    up = (np.arange(height) + 0.5) / height * np.pi - np.pi / 2
    round_about = (np.arange(width) + 0.5) / width * 2 * np.pi
    around, high = np.meshgrid(round_about, up)
    # As Cycles reads an equirectangular picture: its middle is +x, and it turns from there towards -y.
    ways = np.stack([-np.cos(around) * np.cos(high), np.sin(around) * np.cos(high), np.sin(high)], -1)
    light = np.minimum(pixels, most)
    lobes = []
    for axis in range(3):
        for sign in (1, -1):
            weight = np.maximum(sign * ways[..., axis], 0) ** 2 * np.cos(high)
            lobes.append((light * weight[..., None]).sum((0, 1)) / weight.sum())
    found = np.array(lobes)
    grey = (found @ np.array([0.2126, 0.7152, 0.0722]))[:, None]
    mean = float(grey.mean())
    tint = (found / np.maximum(grey, 1e-6)) ** TINT
    return np.asarray((1 - ROOM + ROOM * grey / max(mean, 1e-6)) * tint, np.float32)
