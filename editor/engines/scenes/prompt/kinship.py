"""Kinship of words: which of them stand for each other, go with each other, or mean the product itself."""

from __future__ import annotations

from editor.engines.scenes.vocabulary import split_words

LIGHTS_OF = {
    "tone-soft": "softbox",
    "tone-pale": "softbox",
    "tone-bright": "high-key",
    "tone-dark": "low-key",
    "tone-warm": "warm-light",
    "tone-cool": "cool-light",
    "tone-neon": "neon-light",
}
LIGHTEST = 225  # of 255: what is lighter is white to a person
REFINED = {"beach": "seaside", "island": "seaside", "waterfall": "jungle"}
"""Places that say more of where it is than those said before them: a beach by the sea."""
PERVASIVE = frozenset({"tone-pastel", "tone-neon", "tone-warm", "tone-cool"})
"""Tones that, said of a thing, colour the whole set."""
KIN = {
    "leaves": ("palm", "eucalyptus"),
    "plant": ("leaves", "palm", "eucalyptus", "pampas", "fir", "flowers"),
    "flowers": ("petals",),
}
"""Props that go with others where those are not wanted: palm leaves are leaves."""
AMONG_FOOD = {
    "mint-green": "mint-leaves",
    "peach": "peach-fruit",
    "plum": "plum-fruit",
    "olive-green": "olive-branch",
}
"""Colours that are themselves things to eat where they are said among such: "kiwi and mint"."""
SUNNY = frozenset({"amber", "golden", "gold", "honey"})
"""Colours that light has by the sun's hour rather than by a lamp."""
WINDOWED = frozenset({"living-room", "bedroom", "office", "kitchen"})
"""Rooms whose sets have a window."""
EDIBLE = frozenset(
    split_words(
        "citrus whole-citrus berries apples pears peaches plums mangoes tomatoes pomegranates figs avocado "
        "kiwi coconut dragon-fruit watermelon cucumber cherries grapes bananas strawberries pineapple "
        "ice-cubes basil rosemary honey cocktails glasses cheese"
    )
)
GLOWING = frozenset({"neon", "tubes", "grid"})
"""What of a set glows in the colours that are said of it, all of them at once."""
PRODUCTS = frozenset(
    {
        "cup",
        "coffee-cup",
        "candles",
        "vase",
        "lamp",
        "tools",
        "towel",
        "plant",
        "books",
        "gift-box",
        "ring",
        "ball",
        "cube",
        "lantern",
        "tray",
    }
)
"""Things that may be the product itself, where a prompt begins with one that stands on something."""
