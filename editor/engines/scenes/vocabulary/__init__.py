"""The words that sets are made of: one row a word, with all that is known of it. Pure data.

Each name is an English noun that stays for ever: catalogue and prompts are written in these names. A new word
is a row here and a function in blender/pieces that builds it; a line in the lexicons lets people say it.
"""

from __future__ import annotations

from collections.abc import Mapping

from .backdrops import BACKDROPS
from .lights import AIR, CAMERAS, LIGHTS
from .palettes import PALETTES
from .rows import (
    Backdrop,
    Camera,
    Light,
    Pairing,
    Palette,
    Prop,
    Scheme,
    Sky,
    Stand,
    Surface,
    Word,
    goes_with,
    split_words,
)
from .surfaces import SURFACES
from .things import PROPS, STANDS

FINISHES: dict[str, Word] = {
    "": Word("as the piece usually is"),
    "matte": Word("matte"),
    "gloss": Word("glossy"),
    "gold": Word("polished gold"),
    "silver": Word("polished silver"),
    "copper": Word("copper"),
    "glass": Word("clear glass"),
    "wood": Word("wood"),
    "marble": Word("marble"),
    "stone": Word("stone"),
    "concrete": Word("concrete"),
    "velvet": Word("velvet"),
    "fabric": Word("cloth"),
    "paper": Word("paper"),
    "wicker": Word("wicker"),
}

POSES: dict[str, Word] = {
    "": Word("as the product's outline asks for"),
    "stand": Word("stands on the surface"),
    "lie": Word("lies on it, seen from above"),
    "hang": Word("hangs before the backdrop"),
}

KINDS: dict[str, Mapping[str, Word]] = {
    "surface": SURFACES,
    "backdrop": BACKDROPS,
    "stand": STANDS,
    "prop": PROPS,
    "light": LIGHTS,
    "air": AIR,
    "camera": CAMERAS,
    "finish": FINISHES,
    "pose": POSES,
    "palette": PALETTES,
}

__all__ = [
    "AIR", "BACKDROPS", "CAMERAS", "FINISHES", "KINDS", "LIGHTS", "PALETTES", "POSES", "PROPS", "STANDS",
    "SURFACES", "Backdrop", "Camera", "Light", "Pairing", "Palette", "Prop", "Scheme", "Sky", "Stand",
    "Surface", "Word", "goes_with", "split_words",
]  # fmt: skip
