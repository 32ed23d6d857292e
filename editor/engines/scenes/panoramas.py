"""Panoramas: what a set is surrounded by, as metal and glass in it mirror it."""

from __future__ import annotations

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
