"""Places, seasons and moods: what belongs to them when a person names no more than that.

The order within a row is the order of how well it fits: the first is taken more often. "" among the stands
and the air means none. sparse: nothing lies about unless it was asked for; rich: as much as there is room for. near: the place itself is
not in the vocabulary, only what it is like.
"""

# ruff: noqa: E501 - a table: one theme, one line

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from editor.engines.scenes.vocabulary import BACKDROPS, Pairing, split_words


@dataclass(frozen=True)
class Theme(Pairing):
    """Pieces that fit together, by their names in the vocabulary. warmth: -1 to 1."""

    kind: str = ""
    plain: str = ""
    warmth: float = 0.0
    sparse: bool = False
    near: bool = False
    rich: bool = False


def theme(
    kind: str, surfaces: str, backdrops: str, stands: str, props: str, lights: str, palettes: str,
    *, airs: str = "", plain: str = "", warmth: float = 0.0, sparse: bool = False, near: bool = False,
    rich: bool = False,
) -> Theme:  # fmt: skip
    """Return a theme from names divided by blanks; "-" stands for none."""
    return Theme(
        split_words(surfaces), split_words(backdrops), split_words(stands), split_words(props),
        split_words(lights), split_words(airs), split_words(palettes),
        kind, plain, warmth, sparse, near, rich,
    )  # fmt: skip


PLACES = {
    "beach": theme("place", "sand", "sea", "- rock log", "shells pebbles driftwood palm", "sun golden", "ocean sunny earth", warmth=0.1),
    "island": theme("place", "sand", "sea", "- rock", "palm shells driftwood", "sun golden", "ocean sunny", plain="tropical island", warmth=0.1),
    "seaside": theme("place", "stone wet-stone planks", "sea", "- rock", "shells pebbles driftwood", "sun golden", "ocean"),
    "pool": theme("place", "stone planks tiles", "pool", "- block", "palm whole-citrus", "sun noon", "ocean sunny", plain="pool"),
    "lake": theme("place", "water wet-stone planks", "mountains forest", "rock - log", "pebbles driftwood leaves", "morning golden", "ocean forest", airs="- mist", near=True),
    "river": theme("place", "wet-stone water moss", "stream", "rock log", "fern pebbles leaves", "morning leaf-shadows", "forest ocean", airs="- mist"),
    "waterfall": theme("place", "wet-stone stone", "waterfall", "rock", "fern pebbles leaves", "leaf-shadows morning", "forest", airs="- mist"),
    "underwater": theme("place", "water sand", "sea", "rock", "bubbles shells pebbles", "overcast noon", "ocean", plain="water’s edge (nothing is shown under water)", near=True),
    "desert": theme("place", "sand", "dunes", "- rock", "rocks pampas pebbles", "golden sun sunset", "earth sunny", warmth=0.2),
    "forest": theme("place", "moss forest-floor", "forest", "log rock -", "fir mushrooms cones leaves", "leaf-shadows morning", "forest", airs="- mist dust"),
    "jungle": theme("place", "moss wet-stone wood", "forest leaf-shadow-wall garden", "rock log -", "palm leaves flowers", "leaf-shadows sun", "forest", plain="jungle", airs="- mist", near=True),
    "tropics": theme("place", "sand wood plaster", "sea leaf-shadow-wall", "- rock podium", "palm citrus flowers shells", "sun leaf-shadows", "sunny ocean candy", plain="tropical place"),
    "meadow": theme("place", "grass", "meadow", "- log rock", "flowers leaves petals", "sun golden morning", "forest sunny"),
    "garden": theme("place", "grass stone planks", "garden", "- block log", "flowers leaves petals", "sun leaf-shadows morning", "forest blush"),
    "park": theme("place", "grass planks", "garden meadow", "- log", "leaves flowers", "sun morning", "forest"),
    "countryside": theme("place", "planks grass", "meadow", "crate log -", "flowers pampas leaves", "golden sun", "earth sunny"),
    "vineyard": theme("place", "planks stone", "meadow garden", "crate - log", "berries leaves", "golden sunset", "berry earth", plain="vineyard", near=True),
    "cellar": theme("place", "planks dark-wood stone", "stone-wall brick", "- crate", "candles berries", "candle low-key", "earth berry", plain="cellar", warmth=0.3, near=True),
    "farm": theme("place", "planks", "meadow", "crate log", "pampas leaves eggs", "golden morning", "earth", plain="farm", near=True),
    "mountain-place": theme("place", "stone slate", "mountains", "rock -", "rocks pebbles fir", "morning sun golden", "ocean neutral", plain="mountains", airs="- mist"),
    "cave": theme("place", "stone wet-stone", "stone-wall", "rock", "rocks pebbles", "low-key spot", "mono earth", airs="- mist dust", plain="cave", near=True),
    "volcano": theme("place", "slate stone", "mountains", "rock", "rocks", "low-key sunset", "mono", airs="smoke", plain="volcanic rock", near=True),
    "arctic": theme("place", "ice snow", "snowfield mountains", "ice-block rock", "ice-cubes rocks", "overcast morning", "ocean white", plain="arctic", airs="- snowfall"),
    "snow-place": theme("place", "snow", "snowfield", "- log rock", "fir cones pebbles", "sun morning overcast", "white ocean", plain="snowy landscape", airs="- snowfall"),
    "heaven": theme("place", "sweep plaster gloss", "sky", "podium steps", "feathers ball", "high-key morning", "pastel white", plain="above the clouds", airs="mist"),
    "space": theme("place", "stone gloss wet-floor", "starry", "- rock", "stars ball ring", "rim night", "night", plain="outer space"),
    "street": theme("place", "cobbles asphalt", "street", "-", "leaves", "overcast morning sun", "neutral earth", plain="street"),
    "city-place": theme("place", "wet-floor concrete gloss", "city", "- plinth", "tubes drops", "night dusk", "night", plain="city"),
    "rooftop": theme("place", "concrete planks", "city sky", "- block", "plant candles fairy-lights", "dusk sunset", "night earth", plain="rooftop"),
    "balcony": theme("place", "wood planks tiles", "garden sky sea", "- block", "plant flowers cup", "morning sun golden", "neutral forest", plain="balcony", near=True),
    "kitchen-place": theme("place", "counter wood marble", "kitchen", "- board", "cup leaves citrus plant", "window morning", "neutral earth", plain="kitchen"),
    "dining-room": theme("place", "wood dark-wood linen", "living-room", "- tray", "candles flowers cup", "window candle", "neutral earth", plain="dining room", near=True),
    "bathroom-place": theme("place", "tiles wet-stone marble", "bathroom", "- tray block", "towel bubbles drops eucalyptus", "window high-key morning", "white ocean neutral", plain="bathroom"),
    "shower": theme("place", "wet-stone tiles", "tile-wall bathroom", "- block", "drops bubbles", "high-key window", "ocean white", plain="shower"),
    "spa": theme("place", "wet-stone wood stone", "bathroom stone-wall leaf-shadow-wall", "tray block -", "candles towel pebbles eucalyptus", "candle morning softbox", "neutral earth forest", plain="spa", warmth=0.2, near=True),
    "bedroom": theme("place", "linen knit wood", "bedroom", "- books tray", "books lamp cup pampas", "morning window", "neutral blush", plain="bedroom", warmth=0.1),
    "living-room-place": theme("place", "wood dark-wood knit", "living-room", "- books tray", "plant books candles lamp", "window morning", "neutral earth", plain="living room", warmth=0.1),
    "nursery": theme("place", "knit linen wood", "living-room wall", "- books", "stars balloons books feathers", "window high-key", "pastel", plain="child’s room", near=True),
    "vanity": theme("place", "marble gloss plaster", "panels wall curtain", "tray -", "flowers ball ring", "softbox window", "blush neutral", plain="dressing table", near=True),
    "wardrobe": theme("place", "wood linen plaster", "panels wall", "-", "drape plant", "window softbox", "neutral", plain="wardrobe", near=True),
    "office": theme("place", "wood dark-wood", "office", "- books", "books cup plant lamp", "window morning", "neutral mono", plain="office"),
    "library": theme("place", "dark-wood", "bookshelves", "books -", "books lamp candles", "window candle", "earth luxury", plain="library", warmth=0.2),
    "cafe": theme("place", "wood dark-wood marble", "cafe", "- tray board", "cup coffee croissants plant", "window morning", "earth", plain="café", warmth=0.2),
    "bar": theme("place", "dark-wood dark-marble", "bokeh brick", "- tray", "ice-cubes citrus candles", "low-key neon", "luxury night", plain="bar", warmth=0.2, near=True),
    "restaurant": theme("place", "dark-wood linen marble", "bokeh", "- tray", "candles flowers cup", "candle low-key", "luxury earth", plain="restaurant", warmth=0.3, near=True),
    "bakery": theme("place", "wood planks", "kitchen brick", "board tray", "bread croissants wheat", "window morning", "earth", plain="bakery", warmth=0.2, near=True),
    "nightclub": theme("place", "wet-floor gloss grid", "neon bokeh", "podium -", "tubes ball confetti", "neon", "night candy", plain="nightclub", airs="smoke -", near=True),
    "stage": theme("place", "gloss wet-floor", "curtain gradient", "podium steps", "ball ring", "spot rim", "mono luxury", plain="stage", airs="- smoke", near=True),
    "runway": theme("place", "gloss concrete", "gradient concrete-wall", "podium -", "ring", "spot high-key", "mono", plain="catwalk", sparse=True, near=True),
    "shop": theme("place", "wood counter concrete", "shop", "- podium", "plant basket", "softbox window", "neutral", plain="shop"),
    "gallery": theme("place", "concrete wood", "wall panels", "plinth column", "disc ring", "spot softbox", "white neutral", plain="gallery", sparse=True, near=True),
    "palace": theme("place", "marble dark-marble", "panels curtain", "column plinth", "candles flowers drape", "window candle", "luxury", plain="palace", near=True),
    "temple": theme("place", "stone travertine", "stone-wall arch", "column plinth", "petals candles rocks", "golden sun", "earth", plain="temple", near=True),
    "hotel": theme("place", "marble dark-wood", "panels living-room", "tray -", "flowers candles lamp", "window softbox", "luxury neutral", plain="hotel", near=True),
    "studio": theme("place", "sweep", "sweep gradient", "- podium plinth", "ball cylinder disc", "softbox high-key", "neutral pastel", plain="photo studio", sparse=True),
    "laboratory": theme("place", "gloss metal", "tile-wall gradient wall", "- plinth", "drops bubbles ball", "high-key softbox", "white ocean", plain="laboratory", near=True),
    "workshop": theme("place", "planks concrete metal", "brick concrete-wall", "crate -", "tools lamp", "window low-key", "earth mono", plain="workshop", near=True),
    "gym": theme("place", "wood concrete", "gym", "-", "towel", "low-key rim", "mono", plain="gym", sparse=True),
    "stadium": theme("place", "grass", "bokeh", "-", "", "spot night", "forest neutral", plain="sports ground under floodlights", sparse=True, near=True),
    "christmas-market": theme("place", "planks snow", "bokeh fir-lights", "- crate", "fir gifts baubles fairy-lights", "candle dusk", "festive", plain="Christmas market", airs="snowfall -", warmth=0.4, near=True),
    "picnic": theme("place", "grass linen", "meadow garden", "crate -", "berries citrus flowers leaves", "sun leaf-shadows", "sunny", plain="picnic", near=True),
    "camp": theme("place", "forest-floor planks grass", "forest mountains", "log", "lamp cones rocks", "dusk golden", "forest earth", plain="campsite", airs="- fireflies", warmth=0.2, near=True),
}  # fmt: skip

SEASONS = {
    "spring": theme("season", "grass wood linen", "garden meadow window", "- log", "flowers petals leaves feathers", "morning sun", "pastel blush forest"),
    "summer": theme("season", "sand wood tiles", "sea sky leaf-shadow-wall", "- podium", "citrus palm shells flowers", "sun noon", "sunny ocean candy"),
    "autumn": theme("season", "leaves planks wood", "forest garden", "log crate -", "pumpkins leaves cones berries", "golden window", "earth", warmth=0.3),
    "winter": theme("season", "snow ice wood", "snowfield", "- log ice-block", "fir cones ice-cubes", "morning overcast sun", "white ocean", airs="snowfall -"),
    "christmas": theme("season", "dark-wood planks snow velvet", "fir-lights", "- gift log", "baubles fir gifts candles", "candle golden", "festive luxury", plain="Christmas", warmth=0.4, airs="- snowfall"),
    "new-year": theme("season", "gloss dark-marble velvet", "bokeh", "podium steps", "confetti balloons stars ribbon", "spot low-key", "luxury night", plain="New Year"),
    "chinese-new-year": theme("season", "velvet gloss paper", "disc arch curtain", "podium steps", "ball flowers ribbon lamp", "softbox golden", "festive", plain="Chinese New Year", warmth=0.3),
    "mid-autumn": theme("season", "water wood stone", "starry disc", "- podium rock", "flowers lamp leaves", "night dusk", "night luxury", plain="Mid-Autumn Festival"),
    "valentine": theme("season", "silk velvet paper", "wall curtain disc", "podium - gift", "hearts petals flowers candles", "softbox candle", "blush berry", plain="Valentine’s Day", warmth=0.2),
    "mothers-day": theme("season", "linen paper marble", "wall arch window", "podium -", "flowers petals ribbon gifts", "morning softbox", "blush pastel", plain="Mother’s Day"),
    "fathers-day": theme("season", "dark-wood slate", "wall panels brick", "- crate", "gifts books ribbon", "window low-key", "mono earth", plain="Father’s Day"),
    "easter": theme("season", "grass wood linen", "garden meadow wall", "- log", "eggs flowers feathers leaves", "morning sun", "pastel sunny", plain="Easter"),
    "halloween": theme("season", "planks leaves dark-wood", "starry forest wall", "crate log -", "pumpkins candles leaves mushrooms", "low-key night candle", "night earth", plain="Halloween", airs="mist smoke -", warmth=0.2),
    "thanksgiving": theme("season", "wood planks linen", "kitchen living-room forest", "crate board -", "pumpkins leaves berries candles", "golden candle", "earth", plain="Thanksgiving", warmth=0.3),
    "wedding": theme("season", "linen silk marble", "curtain garden arch", "podium - steps", "flowers petals candles ribbon", "morning high-key", "white blush", plain="wedding"),
    "birthday": theme("season", "paper gloss wood", "wall bokeh disc", "podium gift -", "balloons confetti gifts ribbon", "softbox high-key", "candy pastel", plain="birthday"),
    "party": theme("season", "gloss paper", "bokeh gradient", "podium -", "balloons confetti ribbon stars", "spot softbox", "candy luxury", plain="party"),
    "baby-shower": theme("season", "linen paper", "wall arch", "podium -", "balloons stars feathers hearts", "high-key softbox", "pastel", plain="baby shower"),
    "graduation": theme("season", "dark-wood gloss", "gradient bokeh", "books podium", "books ribbon confetti stars", "softbox spot", "luxury night", plain="graduation"),
    "ramadan": theme("season", "travertine velvet marble", "starry arch", "- podium", "lamp stars candles", "night candle", "luxury night", plain="Ramadan", warmth=0.2),
    "diwali": theme("season", "velvet silk wood", "bokeh curtain", "tray podium", "candles petals flowers lamp", "candle golden", "festive berry", plain="Diwali", warmth=0.4),
    "black-friday": theme("season", "gloss wet-floor", "gradient neon", "podium plinth", "balloons gifts ball", "low-key rim", "mono", plain="Black Friday"),
    "harvest": theme("season", "planks leaves", "meadow", "crate log", "pumpkins pampas berries leaves", "golden", "earth", warmth=0.3),
    "lantern-festival": theme("season", "wood wet-floor", "bokeh starry", "podium -", "lamp ribbon flowers", "candle night", "festive", plain="lantern festival", warmth=0.3),
}  # fmt: skip

MOODS = {
    "luxury": theme("mood", "dark-marble velvet gloss marble silk", "gradient curtain panels", "podium plinth steps", "ball ring drape feathers", "low-key rim spot", "luxury"),
    "elegant": theme("mood", "marble silk travertine gloss", "panels curtain arch gradient", "podium - plinth", "flowers ball drape ring", "softbox window", "neutral blush", warmth=0.1),
    "minimal": theme("mood", "sweep plaster concrete", "sweep wall gradient", "- podium block", "", "softbox window", "neutral white", sparse=True),
    "maximal": theme("mood", "velvet silk dark-wood", "panels curtain living-room", "column plinth books", "flowers vase candles drape books ball feathers", "window candle golden", "candy berry luxury", plain="maximalist", rich=True),
    "modern": theme("mood", "gloss concrete plaster", "gradient blocks disc", "podium block plinth", "ball cylinder cube", "softbox rim", "neutral mono", sparse=True),
    "cosy": theme("mood", "knit wood linen", "living-room window", "- books tray", "candles cup books pampas", "candle morning golden", "neutral earth", warmth=0.4),
    "rustic": theme("mood", "planks wood stone", "brick wall", "crate board log", "pampas leaves candles eggs", "window golden", "earth", warmth=0.2),
    "industrial": theme("mood", "concrete metal planks", "concrete-wall brick", "block crate", "lamp cylinder", "low-key window", "mono", sparse=True),
    "vintage": theme("mood", "dark-wood velvet linen", "panels curtain wall", "books - plinth", "books lamp candles pampas", "window candle", "earth berry", warmth=0.3),
    "retro": theme("mood", "terrazzo gloss paper", "disc blocks wall", "podium steps", "ball cylinder disc", "sun softbox", "candy sunny", plain="retro"),
    "futuristic": theme("mood", "gloss grid metal", "neon gradient", "podium plinth", "ring tubes ball", "neon rim", "night", warmth=-0.2),
    "cyberpunk": theme("mood", "wet-floor grid", "neon city", "- plinth", "tubes drops", "neon", "night candy", airs="rain mist -"),
    "vaporwave": theme("mood", "grid gloss", "gradient neon", "column podium", "palm ball", "neon", "candy night"),
    "fresh": theme("mood", "wet-stone water gloss tiles", "gradient sky leaf-shadow-wall", "- block podium", "drops leaves citrus ice-cubes", "high-key sun morning", "ocean forest sunny"),
    "natural": theme("mood", "wood stone linen moss", "leaf-shadow-wall sunlit-wall window", "- log rock", "leaves eucalyptus pebbles pampas", "leaf-shadows window morning", "earth forest neutral"),
    "romantic": theme("mood", "silk linen velvet", "curtain bokeh wall", "- podium tray", "petals flowers candles hearts", "candle golden softbox", "blush berry", warmth=0.3),
    "dreamy": theme("mood", "silk water plaster", "sky gradient arch", "podium steps -", "feathers bubbles flowers ball", "morning high-key", "pastel blush", airs="mist -"),
    "feminine": theme("mood", "silk plaster marble", "arch wall curtain", "podium steps", "flowers petals ball ribbon", "softbox morning", "blush pastel"),
    "masculine": theme("mood", "slate dark-wood concrete", "concrete-wall gradient stone-wall", "block plinth", "rocks", "low-key rim", "mono earth", sparse=True),
    "moody": theme("mood", "slate dark-wood dark-marble stone", "gradient wall concrete-wall", "- block rock", "rocks leaves drape", "low-key spot dusk", "mono luxury", airs="- smoke mist"),
    "calm": theme("mood", "sand stone linen plaster", "sunlit-wall wall arch", "- rock block", "pebbles leaves pampas eucalyptus", "morning softbox leaf-shadows", "neutral earth"),
    "playful": theme("mood", "paper gloss", "blocks disc wall", "steps podium", "ball cube cone balloons confetti", "sun softbox", "candy sunny"),
    "magical": theme("mood", "moss water velvet", "forest starry", "log rock podium", "mushrooms stars flowers feathers", "morning night", "night forest", airs="fireflies mist"),
    "festive": theme("mood", "gloss velvet wood", "bokeh", "podium gift", "ribbon confetti stars gifts", "golden candle spot", "festive luxury", warmth=0.2),
    "scandinavian": theme("mood", "wood linen plaster", "wall window", "- block", "plant candles vase", "window morning", "neutral white", plain="Scandinavian"),
    "boho": theme("mood", "linen travertine sand", "arch sunlit-wall wall", "- block podium", "pampas vase feathers candles", "sun golden", "earth", warmth=0.3, plain="bohemian"),
    "mediterranean": theme("mood", "plaster tiles stone", "sea sunlit-wall arch", "- block", "citrus leaves flowers vase", "sun golden", "ocean sunny", plain="Mediterranean"),
    "japanese": theme("mood", "wood stone sand", "wall disc leaf-shadow-wall", "- block tray", "pebbles flowers leaves", "window softbox", "neutral earth", plain="Japanese"),
    "art-deco": theme("mood", "dark-marble gloss", "panels arch gradient", "steps plinth", "ball ring feathers", "rim low-key", "luxury", plain="Art Deco"),
    "geometric": theme("mood", "plaster sweep paper", "blocks disc arch", "podium steps block", "ball cube cylinder cone", "sun softbox", "pastel neutral earth"),
    "surreal": theme("mood", "water sand plaster", "arch sky dunes", "steps column", "ball ring arch", "sun dusk", "pastel candy"),
    "sporty": theme("mood", "concrete gloss metal", "concrete-wall gradient", "block podium", "drops ball", "rim sun", "mono candy", airs="- dust", sparse=True),
    "clean": theme("mood", "sweep gloss plaster", "sweep gradient wall", "- podium", "", "high-key softbox", "white neutral", sparse=True),
}  # fmt: skip

THEMES = {**PLACES, **SEASONS, **MOODS}


def lies_outdoors(themes: Iterable[str]) -> bool:
    """Whether one of the places that were named is under a sky that shows no ice: a beach, a garden, a pool."""
    places = [THEMES[id_] for id_ in themes if THEMES[id_].kind == "place"]
    behind = [BACKDROPS[place.backdrops[0]] for place in places if place.backdrops]
    return any(one.under_the_sky and one.pairing.surfaces[:1] != ("snow",) for one in behind)
