"""Light rigs, each with the sky of its hour, what is in the air, and cameras."""

from __future__ import annotations

from .rows import Camera, Light, Sky, Word

NOON = Sky("#2476dc", "#62a8ef", "#c9e4fb", "#ffffff", 1.2)

LIGHTS: dict[str, Light] = {
    "softbox": Light("one large soft light and a fill", for_the_dark=True),
    "high-key": Light("bright and nearly without shadow"),
    "low-key": Light(
        "dark, with a narrow light from the side",
        for_the_dark=True,
        is_hard=True,
        sky=Sky("#0d1018", "#1b2230", "#39414d", "#2a303c", 0.16, dark=True),
    ),
    "sun": Light("hard sun with clear shadows", is_hard=True, sky=NOON),
    "window": Light("daylight from a window at the side"),
    "blinds": Light("sun through blinds", is_hard=True),
    "leaf-shadows": Light("sun through leaves", is_hard=True),
    "morning": Light(
        "low, soft, slightly warm light", sky=Sky("#6ba3e2", "#b5d0ec", "#ffe3c2", "#fff1e2", 1.25)
    ),
    "noon": Light("bright daylight from above", is_hard=True, sky=NOON),
    "golden": Light(
        "the golden hour", is_hard=True, sky=Sky("#6f9bd0", "#ecd0a6", "#ffc678", "#ffe3bd", 1.4)
    ),
    "sunset": Light(
        "a red sun near the horizon", is_hard=True, sky=Sky("#4d5aa0", "#e28a86", "#ff8c3e", "#ff9a76", 1.25)
    ),
    "dusk": Light(
        "blue light after sunset",
        for_the_dark=True,
        sky=Sky("#1c2a5c", "#4a5fa0", "#c59ab5", "#6f7fb8", 0.42, dark=True),
        glows=True,
    ),
    "night": Light(
        "dark, a cool key light",
        for_the_dark=True,
        sky=Sky("#0a1130", "#16245a", "#43549a", "#26335f", 0.32, dark=True),
        glows=True,
    ),
    "overcast": Light("even light of a grey sky", sky=Sky("#b7c0ca", "#ccd3da", "#e3e7ea", "#eef0f2", 1.0)),
    "spot": Light(
        "one spot from above",
        for_the_dark=True,
        is_hard=True,
        sky=Sky("#0e1424", "#1c2740", "#3a4560", "#2a3550", 0.2, dark=True),
    ),
    "rim": Light(
        "light from behind along the edges",
        for_the_dark=True,
        sky=Sky("#10182c", "#26334f", "#5a6880", "#37435c", 0.26, dark=True),
    ),
    "candle": Light(
        "warm, flickering and low",
        for_the_dark=True,
        sky=Sky("#0e0f1e", "#27223a", "#5a3f42", "#2d2740", 0.2, dark=True),
        glows=True,
    ),
    "neon": Light(
        "two colours from both sides",
        for_the_dark=True,
        sky=Sky("#0b0920", "#1c1540", "#43296b", "#2a1f50", 0.24, dark=True),
        glows=True,
    ),
}

AIR: dict[str, Word] = {
    "snowfall": Word("snow is falling"),
    "mist": Word("mist above the ground"),
    "rain": Word("rain and drops"),
    "dust": Word("specks of dust in the light"),
    "smoke": Word("thin smoke behind"),
    "fireflies": Word("small floating lights"),
    "falling-petals": Word("petals are falling"),
    "falling-leaves": Word("leaves are falling"),
    "powder": Word("a burst of powder behind"),
}

CAMERAS: dict[str, Camera] = {
    "eye": Camera("at the product's height", drop=0.36, length=2.7, wide=0.62, high=0.58),
    "low": Camera("from slightly below", drop=0.12, length=2.4, wide=0.62, high=0.62),
    "high": Camera("from above, tilted down", drop=0.85, length=2.9, wide=0.6, high=0.52),
    "top": Camera("straight from above, the product lies", drop=0.0, length=3.2, wide=0.66, high=0.66),
    "close": Camera("near, the product fills the picture", drop=0.3, length=3.4, wide=0.76, high=0.72),
    "wide": Camera("far, much of the set is seen", drop=0.42, length=1.9, wide=0.42, high=0.4),
}
