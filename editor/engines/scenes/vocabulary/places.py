"""More backdrops: rooms of houses and of the trade, streets, running water."""

from __future__ import annotations

from .rows import Backdrop, goes_with

PLACES: dict[str, Backdrop] = {
    "bedroom": Backdrop(
        "a bedroom out of focus",
        sizes=(0.3, 260),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="wood linen knit",
            stands="-",
            props="books candles cup",
            lights="morning window",
            palettes="neutral blush",
        ),
    ),
    "shop": Backdrop(
        "shelves of a shop out of focus",
        sizes=(0.3, 260),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="wood counter concrete",
            stands="- podium",
            props="plant",
            lights="softbox window",
            palettes="neutral",
        ),
    ),
    "bookshelves": Backdrop(
        "shelves of books out of focus",
        sizes=(0.3, 260),
        kind="view",
        distance=2.8,
        pairing=goes_with(
            surfaces="dark-wood wood leather",
            stands="-",
            props="books lamp cup",
            lights="window candle",
            palettes="earth",
        ),
    ),
    "office": Backdrop(
        "a desk and a screen out of focus",
        sizes=(0.3, 260),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="wood counter",
            stands="-",
            props="books plant cup",
            lights="window morning",
            palettes="neutral",
        ),
    ),
    "cafe": Backdrop(
        "the bar of a café out of focus",
        sizes=(0.3, 260),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="dark-wood wood counter",
            stands="-",
            props="cup coffee croissants",
            lights="window golden",
            palettes="earth",
        ),
    ),
    "gym": Backdrop(
        "a gym out of focus",
        sizes=(0.3, 260),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="concrete metal",
            stands="-",
            props="towel",
            lights="softbox low-key",
            palettes="mono",
        ),
    ),
    "street": Backdrop(
        "a street by day, out of focus",
        sizes=(0.3, 1000),
        kind="view",
        distance=3.0,
        under_the_sky=True,
        pairing=goes_with(
            surfaces="cobbles asphalt stone",
            stands="-",
            props="leaves",
            lights="sun overcast morning",
            palettes="neutral earth",
        ),
    ),
    "stream": Backdrop(
        "a stream between mossy stones",
        sizes=(0.3, 400),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="wet-stone moss stone",
            stands="rock - log",
            props="fern pebbles",
            lights="morning leaf-shadows",
            palettes="forest",
        ),
    ),
    "waterfall": Backdrop(
        "a waterfall",
        sizes=(0.3, 400),
        kind="view",
        distance=3.0,
        pairing=goes_with(
            surfaces="wet-stone moss stone",
            stands="rock -",
            props="fern leaves",
            lights="leaf-shadows morning",
            palettes="forest",
        ),
    ),
    "pool": Backdrop(
        "a swimming pool",
        sizes=(0.3, 1000),
        kind="view",
        distance=3.0,
        under_the_sky=True,
        pairing=goes_with(
            surfaces="stone planks tiles",
            stands="- block",
            props="palm whole-citrus",
            lights="sun noon",
            palettes="ocean sunny",
        ),
    ),
}
