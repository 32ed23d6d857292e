"""What fits where nothing was said: a set is completed from its place, season and mood, then from its pieces."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from ..plan import MOST_PROPS, Piece, SetPlan
from . import colours
from .themes import THEMES, Theme, theme
from .wishes import Part, Wishes

RANK = ("place", "season", "mood")

DEFAULT = theme("", "sweep plaster paper gloss", "gradient wall arch disc sunlit-wall", "podium - steps plinth block", "ball leaves flowers pebbles disc", "softbox window morning", "neutral pastel earth")  # fmt: skip

FITS: dict[str, Theme] = {
    "sweep": theme("", "sweep", "sweep gradient disc arch blocks", "- podium", "ball cylinder", "softbox high-key", "neutral pastel"),
    "gloss": theme("", "gloss", "gradient wall disc", "- podium", "ball ring", "softbox rim", "neutral mono"),
    "mirror": theme("", "mirror", "gradient bokeh curtain", "-", "ball ring", "rim spot softbox", "mono night luxury"),
    "marble": theme("", "marble", "wall arch gradient sunlit-wall panels", "- block", "leaves flowers ball eucalyptus", "softbox window morning", "neutral blush white"),
    "dark-marble": theme("", "dark-marble", "gradient panels curtain", "- plinth", "ball ring candles", "low-key rim spot", "luxury mono"),
    "travertine": theme("", "travertine", "arch wall sunlit-wall leaf-shadow-wall", "- block", "pampas leaves pebbles", "sun morning softbox", "earth neutral"),
    "terrazzo": theme("", "terrazzo", "wall disc arch", "- podium", "ball leaves citrus", "sun softbox", "pastel neutral"),
    "concrete": theme("", "concrete", "concrete-wall wall gradient", "- block", "leaves plant ball", "window softbox", "neutral mono"),
    "slate": theme("", "slate", "gradient stone-wall wall", "- rock", "leaves rocks pebbles", "low-key window", "mono earth"),
    "stone": theme("", "stone", "wall stone-wall leaf-shadow-wall sunlit-wall", "- rock", "leaves pebbles rocks", "window leaf-shadows morning", "earth neutral"),
    "plaster": theme("", "plaster", "wall arch sunlit-wall leaf-shadow-wall", "- block podium", "pampas leaves vase", "sun morning softbox", "neutral earth"),
    "wood": theme("", "wood", "wall window living-room sunlit-wall", "-", "leaves plant flowers cup", "window morning", "neutral earth"),
    "dark-wood": theme("", "dark-wood", "wall gradient living-room", "-", "leaves candles books", "window low-key", "earth"),
    "planks": theme("", "planks", "garden wall brick meadow", "-", "leaves flowers pampas", "window golden", "earth"),
    "counter": theme("", "counter", "kitchen tile-wall", "- board", "leaves citrus cup", "window morning", "neutral"),
    "linen": theme("", "linen", "wall curtain sunlit-wall window", "-", "flowers pampas leaves", "window morning", "neutral blush"),
    "silk": theme("", "silk", "curtain gradient wall", "-", "petals flowers ball", "softbox window", "blush luxury"),
    "velvet": theme("", "velvet", "curtain gradient panels", "-", "ball petals ring", "low-key spot softbox", "luxury berry"),
    "knit": theme("", "knit", "living-room window wall", "-", "candles cup books", "window candle", "neutral"),
    "paper": theme("", "paper", "wall sweep blocks disc", "- podium", "ball disc cone", "softbox sun", "pastel candy"),
    "crumpled-paper": theme("", "crumpled-paper", "wall sweep gradient", "-", "leaves pampas", "window softbox", "earth neutral"),
    "tiles": theme("", "tiles", "tile-wall wall bathroom", "- block", "towel leaves drops", "window high-key", "white ocean"),
    "water": theme("", "water", "gradient sky sea wall", "- rock block", "drops petals leaves", "morning sun softbox", "ocean pastel"),
    "wet-stone": theme("", "wet-stone", "stone-wall leaf-shadow-wall forest gradient", "- rock", "pebbles leaves drops", "morning leaf-shadows", "forest neutral"),
    "sand": theme("", "sand", "sea dunes sky", "- rock", "shells pebbles pampas", "sun golden", "earth ocean"),
    "grass": theme("", "grass", "meadow garden sky", "- log", "flowers leaves", "sun morning", "forest sunny"),
    "moss": theme("", "moss", "forest leaf-shadow-wall", "- rock log", "mushrooms fir leaves", "leaf-shadows morning", "forest"),
    "forest-floor": theme("", "forest-floor", "forest", "- log", "cones fir mushrooms", "leaf-shadows", "forest"),
    "leaves": theme("", "leaves", "forest garden", "- log", "pumpkins cones", "golden", "earth"),
    "snow": theme("", "snow", "snowfield mountains fir-lights", "- log", "fir cones", "sun morning overcast", "white ocean"),
    "ice": theme("", "ice", "snowfield gradient mountains", "- ice-block", "ice-cubes", "overcast rim", "ocean white"),
    "metal": theme("", "metal", "gradient concrete-wall", "- plinth", "ball ring", "rim softbox", "mono"),
    "wet-floor": theme("", "wet-floor", "city neon gradient", "-", "drops", "night neon", "night mono"),
    "grid": theme("", "grid", "neon gradient starry", "- podium", "tubes ring", "neon", "night candy"),
}  # fmt: skip

BEFORE: dict[str, Theme] = {
    "sweep": theme("", "sweep", "", "- podium plinth", "", "softbox high-key", "neutral"),
    "gradient": theme("", "gloss sweep plaster", "", "podium - plinth", "ball", "softbox rim", "neutral pastel"),
    "wall": theme("", "plaster sweep wood travertine", "", "- podium block", "leaves vase pampas", "window softbox morning", "neutral earth"),
    "panels": theme("", "marble dark-wood wood", "", "- plinth", "vase flowers", "window softbox", "neutral"),
    "arch": theme("", "plaster travertine sand", "", "podium steps -", "pampas leaves ball", "sun morning", "earth blush"),
    "disc": theme("", "plaster paper gloss", "", "podium steps -", "ball leaves", "softbox sun", "pastel neutral"),
    "blocks": theme("", "plaster paper", "", "podium -", "ball cube cylinder", "sun softbox", "pastel earth"),
    "stone-wall": theme("", "stone travertine slate", "", "- rock block", "leaves pebbles", "window low-key", "earth neutral"),
    "brick": theme("", "planks wood concrete", "", "- crate", "plant leaves lamp", "window golden", "earth"),
    "concrete-wall": theme("", "concrete wood metal", "", "- block", "plant leaves", "window low-key", "mono neutral"),
    "tile-wall": theme("", "tiles counter marble", "", "- tray", "leaves towel", "window high-key", "white ocean"),
    "curtain": theme("", "velvet silk wood gloss", "", "- podium", "flowers drape", "softbox spot window", "blush luxury"),
    "sunlit-wall": theme("", "plaster wood linen", "", "- block", "vase leaves pampas", "window sun", "neutral earth"),
    "leaf-shadow-wall": theme("", "plaster travertine wood", "", "- podium block", "leaves palm", "leaf-shadows sun", "neutral forest"),
    "bokeh": theme("", "gloss dark-wood dark-marble", "", "-", "ball candles", "softbox low-key", "luxury night"),
    "kitchen": theme("", "counter wood", "", "- board", "leaves cup", "window morning", "neutral"),
    "bathroom": theme("", "tiles wet-stone marble", "", "- tray", "towel leaves", "window high-key", "white"),
    "living-room": theme("", "wood dark-wood", "", "-", "books plant candles", "window morning", "neutral"),
    "window": theme("", "wood linen plaster", "", "-", "plant flowers cup", "window morning", "neutral"),
    "sky": theme("", "sweep plaster grass", "", "podium - rock", "flowers ball feathers", "sun morning", "pastel ocean"),
    "sea": theme("", "sand wet-stone planks", "", "- rock", "shells pebbles", "sun golden", "ocean"),
    "dunes": theme("", "sand", "", "- rock", "pampas rocks", "golden sun", "earth"),
    "meadow": theme("", "grass planks", "", "- log", "flowers leaves", "sun golden", "forest sunny"),
    "garden": theme("", "grass planks stone", "", "- log", "flowers leaves", "sun leaf-shadows", "forest blush"),
    "forest": theme("", "moss forest-floor planks", "", "log rock -", "fir mushrooms leaves", "leaf-shadows morning", "forest"),
    "mountains": theme("", "stone slate planks", "", "rock -", "rocks pebbles", "morning sun", "neutral ocean"),
    "snowfield": theme("", "snow ice", "", "- log", "fir cones", "sun morning", "white ocean"),
    "city": theme("", "wet-floor gloss concrete", "", "-", "drops", "night dusk", "night"),
    "neon": theme("", "wet-floor gloss grid", "", "- podium", "tubes", "neon", "night candy"),
    "starry": theme("", "stone sand gloss", "", "- rock", "stars", "night rim", "night"),
    "fir-lights": theme("", "dark-wood planks snow", "", "- gift", "baubles fir gifts", "candle golden", "festive"),
}  # fmt: skip

PAINTABLE_SURFACES = ("sweep", "plaster", "paper", "gloss", "velvet", "silk", "linen", "tiles", "terrazzo")
PAINTABLE_BACKDROPS = ("sweep", "gradient", "wall", "panels", "arch", "disc", "blocks", "curtain", "sunlit-wall", "leaf-shadow-wall")
PLAIN_BACKDROPS = ("gradient", "wall", "sweep")
# What a palette cannot be without; a colour that is unwanted rules them out.
HUES = {
    "earth": ("#c8674a",), "pastel": ("#f4c2cc", "#b0e2c8"), "blush": ("#eebfc2",), "ocean": ("#3f7fb5",),
    "forest": ("#3d6b35",), "sunny": ("#ffd23f", "#f28c28"), "berry": ("#7a2d55", "#f7a8c0"), "mono": ("#1d1d1f",),
    "white": ("#ffffff",), "night": ("#191970", "#7a2f9c"), "festive": ("#c1121f", "#1f7a3a", "#d4af37"),
    "candy": ("#ff69b4", "#40e0d0", "#ffd93b"), "luxury": ("#0b0b0c", "#0c4a34", "#d4af37"), "neutral": ("#e8e2d8",),
}  # fmt: skip
ALIKE = 0.45  # how near an unwanted colour may come


def furnish(wishes: Wishes, key: str, seed: int) -> SetPlan:
    """Return the set that was wished for, what was left open filled by taste. Same key and seed, same set."""
    rng = random.Random(f"{key}\n{seed}")  # noqa: S311 - variety, not a secret
    said = sorted((THEMES[id_] for id_ in wishes.themes), key=lambda one: RANK.index(one.kind))
    surface = wishes.parts.get("surface")
    backdrop = wishes.parts.get("backdrop")
    pieces = [*_fits(FITS, surface), *_fits(BEFORE, backdrop)]
    sources = [*said, *pieces, DEFAULT]

    behind = _backdrop(wishes, rng, sources, surface, backdrop, said)
    under = _surface(wishes, rng, sources, surface, behind, said)
    sources = [*said, FITS[under.name], BEFORE[behind.name], DEFAULT] if not pieces else sources
    if "camera" in wishes.settings and wishes.settings["camera"] == "top" and backdrop is None:
        behind = Part("sweep", behind.colour or under.colour)
    stand = _stand(wishes, rng, sources, surface, backdrop, said)
    props = _props(wishes, rng, sources, said)
    light = wishes.settings.get("light") or _pick(rng, sources, "lights", _out(wishes, "light"), "softbox")
    air = wishes.settings.get("air")
    if air is None:
        airs = next((one.airs for one in said if one.airs), ())
        air = _weighted(rng, [name for name in airs if ("air", name) not in wishes.out]) or ""
    palette = wishes.settings.get("palette")
    if palette is None:
        palette = "" if wishes.colours and not said else _palette(wishes, rng, sources)
    warmth = float(wishes.settings.get("warmth", 0)) or sum(one.warmth for one in said) / max(len(said), 1)
    stand, props, under, behind = _coloured(wishes, stand, props, under, behind, surface, backdrop)
    return SetPlan(
        surface=_piece(under),
        backdrop=_piece(behind),
        stand=_piece(stand) if stand is not None else None,
        props=tuple(_piece(prop) for prop in props[:MOST_PROPS]),
        light=light,
        warmth=round(min(max(warmth + rng.uniform(-0.08, 0.08), -1), 1), 2),
        air=air,
        camera=wishes.settings.get("camera") or rng.choice(("eye", "eye", "eye", "high")),
        palette=palette,
        pose=wishes.settings.get("pose", ""),
        blur=float(wishes.settings.get("blur", round(rng.uniform(0.45, 0.65), 2))),
    )


def _piece(part: Part) -> Piece:
    return Piece(part.name, part.colour, part.finish, part.count)


def _fits(table: dict[str, Theme], part: Part | None) -> list[Theme]:
    return [table[part.name]] if part is not None and part.name else []


def _out(wishes: Wishes, role: str) -> set[str]:
    return {name for kind, name in wishes.out if kind == role}


def _weighted(rng: random.Random, names: Sequence[str]) -> str:
    """Return one of the names, the first the most often; "" of none."""
    if not names:
        return ""
    return rng.choices(names, [1 / (place + 1.5) for place in range(len(names))])[0]


def _pick(rng: random.Random, sources: Iterable[Theme], what: str, out: set[str], otherwise: str) -> str:
    """Return a name from the first source that has one to offer."""
    for source in sources:
        if names := [name for name in getattr(source, what) if name not in out]:
            return _weighted(rng, names)
    return otherwise


def _backdrop(
    wishes: Wishes, rng: random.Random, sources: Sequence[Theme], surface: Part | None, said: Part | None,
    themes: Sequence[Theme],
) -> Part:  # fmt: skip
    out = _out(wishes, "backdrop")
    if said is not None and said.name:
        return said
    if said is not None:
        names = [name for name in PLAIN_BACKDROPS if name not in out] or ["gradient"]
        return Part(rng.choice(names), said.colour, said.finish)
    if wishes.settings.get("camera") == "top" and surface is not None and surface.name == "sweep":
        return Part("sweep", surface.colour)
    choice = _pick(rng, sources, "backdrops", out, "gradient")
    if wishes.colours and not any(name in PAINTABLE_BACKDROPS for name in (choice,)) and not _places(themes):
        offers = [name for source in sources for name in source.backdrops]
        paintable = [name for name in dict.fromkeys(offers) if name in PAINTABLE_BACKDROPS and name not in out]
        choice = _weighted(rng, paintable[:4]) or choice
    return Part(choice)


def _places(themes: Sequence[Theme]) -> bool:
    return any(one.kind == "place" for one in themes)


def _surface(
    wishes: Wishes, rng: random.Random, sources: Sequence[Theme], said: Part | None, behind: Part,
    themes: Sequence[Theme],
) -> Part:  # fmt: skip
    out = _out(wishes, "surface")
    if said is not None and said.name:
        return said
    colour = said.colour if said is not None else ""
    finish = said.finish if said is not None else ""
    if behind.name == "sweep" and "sweep" not in out and not themes:
        return Part("sweep", colour or behind.colour, finish)
    fitting = BEFORE[behind.name].surfaces
    for source in sources:
        names = [name for name in source.surfaces if name not in out]
        if colour or (wishes.colours and not _places(themes)):
            names = [name for name in names if name in PAINTABLE_SURFACES]
        if names:
            both = [name for name in names if name in fitting]
            return Part(_weighted(rng, both or names), colour, finish)
    return Part(next(name for name in (*fitting, *PAINTABLE_SURFACES) if name not in out), colour, finish)


def _stand(
    wishes: Wishes, rng: random.Random, sources: Sequence[Theme], surface: Part | None, backdrop: Part | None,
    themes: Sequence[Theme],
) -> Part | None:  # fmt: skip
    """Return what lifts the product: what was said; nothing where it was said to be on a surface."""
    if (said := wishes.parts.get("stand")) is not None:
        return said
    lying = wishes.settings.get("pose") in ("lie", "hang") or wishes.settings.get("camera") == "top"
    if lying or (surface is not None and surface.name) or (wishes.bare and not themes):
        return None
    out = _out(wishes, "stand")
    name = _pick(rng, sources, "stands", out, "")
    finish = next((finish for finish in wishes.accents if finish in ("marble", "wood", "stone", "gloss", "glass")), "")
    return Part(name, finish=finish) if name else None


def _props(wishes: Wishes, rng: random.Random, sources: Sequence[Theme], themes: Sequence[Theme]) -> list[Part]:
    """Return the props that were said, and some that belong to the place, season or mood."""
    props = list(wishes.props)
    sparse = any(one.sparse for one in themes)
    if wishes.bare or len(props) > 2 or (sparse and not wishes.accents):
        return props
    most = (2 if themes else 1) if not props else (1 if themes else 0)
    if themes and not props:
        most = rng.choice((2, 3, 3))
    elif not themes and not props:
        most = rng.choice((0, 1, 2))
    if wishes.accents and not props:
        most = max(most, 1)
    out = _out(wishes, "prop") | {prop.name for prop in props}
    offers = list(dict.fromkeys(name for source in (themes or sources) for name in source.props if name not in out))
    if wishes.accents and not any(name in ("ball", "ring") for name in offers):
        offers.insert(0, "ball")
    for number in range(most):
        if not offers:
            break
        name = _weighted(rng, offers[:5])
        offers.remove(name)
        finish = wishes.accents[0] if wishes.accents and number == 0 and name in ("ball", "ring", "cube", "disc", "vase") else ""
        props.append(Part(name, finish=finish))
    return props


def _palette(wishes: Wishes, rng: random.Random, sources: Sequence[Theme]) -> str:
    """Return a palette that has none of the unwanted colours; with colours said, the nearest to them."""
    out = _out(wishes, "palette")
    offers = list(dict.fromkeys(name for source in sources for name in source.palettes if name not in out))
    allowed = [
        name
        for name in (*offers, "neutral", "white", "mono")
        if not any(colours.apart(hue, bad) < ALIKE for hue in HUES[name] for bad in wishes.unwanted_colours)
    ]
    if wishes.colours and allowed:
        return min(allowed, key=lambda name: min(colours.apart(hue, wishes.colours[0]) for hue in HUES[name]))
    return _weighted(rng, allowed[:3])


def _coloured(
    wishes: Wishes, stand: Part | None, props: list[Part], under: Part, behind: Part,
    surface: Part | None, backdrop: Part | None,
) -> tuple[Part | None, list[Part], Part, Part]:  # fmt: skip
    """Return stand, props, surface and backdrop with the colours that were said of nothing in particular."""
    if behind.name == "sweep" and under.name == "sweep":
        shared = behind.colour or under.colour
        under, behind = Part("sweep", under.colour or shared, under.finish), Part("sweep", behind.colour or shared, behind.finish)
    if not wishes.colours:
        return stand, props, under, behind
    main, other = wishes.colours[0], wishes.colours[-1]
    used = False
    if not behind.colour and behind.name in PAINTABLE_BACKDROPS:
        behind, used = Part(behind.name, main, behind.finish), True
    if not under.colour and under.name in PAINTABLE_SURFACES and (surface is None or not used):
        under, used = Part(under.name, main, under.finish), True
    accent = other if used else main
    if len(wishes.colours) > 1 or not used:
        if stand is not None and not stand.colour and stand.name in ("podium", "steps", "plinth", "block", "gift", "tray"):
            stand, used = Part(stand.name, accent, stand.finish), True
        props = [
            Part(prop.name, prop.colour or accent, prop.finish, prop.count)
            if not prop.finish and prop.name in ("ball", "cube", "cylinder", "cone", "disc", "ring", "flowers", "petals", "balloons", "baubles", "ribbon", "candles", "hearts", "drape", "gifts")
            else prop
            for prop in props
        ]
        painted = any(prop.colour == accent for prop in props) or (stand is not None and stand.colour == accent)
        if not painted and not wishes.bare and len(props) < MOST_PROPS:
            props = [*props, Part("ball", accent)]
    return stand, props, under, behind
