"""More surfaces: leather, cork, foil, rattan, rugs, and floors of streets and halls."""

from __future__ import annotations

from .rows import Surface, goes_with

FLOORS: dict[str, Surface] = {
    "leather": Surface(
        "full-grain leather",
        is_sheet=True,
        sizes=(0.3, 120),
        paintable=True,
        pairing=goes_with(
            backdrops="wall gradient bookshelves panels",
            stands="-",
            props="books ball",
            lights="window low-key softbox",
            palettes="earth luxury",
        ),
    ),
    "cork": Surface(
        "pressed cork",
        is_sheet=True,
        sizes=(0.3, 120),
        pairing=goes_with(
            backdrops="wall gradient",
            stands="- block",
            props="leaves olive",
            lights="window softbox",
            palettes="earth neutral",
        ),
    ),
    "foil": Surface(
        "crumpled metal foil",
        is_sheet=True,
        sizes=(0.3, 120),
        contact=0.4,
        for_clothes=False,
        pairing=goes_with(
            backdrops="gradient wall curtain",
            stands="-",
            props="ball ring",
            lights="softbox rim neon",
            palettes="mono luxury",
        ),
    ),
    "cane": Surface(
        "woven rattan",
        is_sheet=True,
        sizes=(0.3, 120),
        pairing=goes_with(
            backdrops="sunlit-wall leaf-shadow-wall wall",
            stands="-",
            props="palm leaves shells",
            lights="sun window",
            palettes="earth neutral",
        ),
    ),
    "rug": Surface(
        "a patterned rug",
        sizes=(0.3, 250),
        pairing=goes_with(
            backdrops="living-room wall panels",
            stands="-",
            props="books lamp plant",
            lights="window golden",
            palettes="earth",
        ),
    ),
    "checkerboard": Surface(
        "polished squares of two colours",
        contact=0.6,
        pairing=goes_with(
            backdrops="wall curtain arch disc",
            stands="- plinth podium",
            props="ball cylinder flowers",
            lights="softbox sun",
            palettes="mono candy",
        ),
    ),
    "cobbles": Surface(
        "setts of granite",
        metric=40.0,
        wide=True,
        beyond="street",
        pairing=goes_with(
            backdrops="street brick stone-wall",
            stands="- crate",
            props="leaves flowers",
            lights="morning overcast",
            palettes="earth neutral",
        ),
    ),
    "asphalt": Surface(
        "the dry asphalt of a road",
        metric=40.0,
        wide=True,
        beyond="street",
        pairing=goes_with(
            backdrops="street concrete-wall mountains sky",
            stands="-",
            props="leaves",
            lights="sun overcast golden",
            palettes="mono",
        ),
    ),
    "sill": Surface(
        "a painted window sill",
        sizes=(0.3, 70),
        pairing=goes_with(
            backdrops="window",
            stands="-",
            props="plant flowers cup",
            lights="window morning",
            palettes="neutral white",
        ),
    ),
}
