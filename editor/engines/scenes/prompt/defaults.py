"""Defaults: what fits where nothing was said. Place, season and mood first, then what is in the set."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from editor.engines.scenes.plan import MOST_HUES, MOST_PROPS, Piece, SetPlan
from editor.engines.scenes.vocabulary import (
    BACKDROPS,
    LIGHTS,
    PALETTES,
    PROPS,
    STANDS,
    SURFACES,
    Backdrop,
    Pairing,
    Surface,
    goes_with,
)

from . import colours
from .intent import Part, Wishes
from .themes import THEMES, Theme

RANK = ("place", "season", "mood")

PAINTABLE_SURFACES = tuple(name for name, row in SURFACES.items() if row.paintable)

PLAIN_BACKDROPS = ("gradient", "wall", "sweep")
DEFAULT = goes_with(
    surfaces="sweep plaster paper gloss",
    backdrops="gradient wall arch disc sunlit-wall",
    stands="podium - steps plinth block",
    props="ball leaves flowers pebbles disc",
    lights="softbox window morning",
    palettes="neutral pastel earth",
)
"""What goes with anything."""

DARK = 0.5  # how near to black a backdrop is that bright light would grey
NEARLY_BLACK = 0.3
DIMS = {"low-key": "#232326", "rim": "#2a2a30", "neon": "#46464f"}
"""What has no colour of its own in a set that is to be dark; neon wants something to fall on."""

LAMPS = frozenset({"candle", "spot", "rim"})
"""Lights that reach no further than the set."""

BY_DAY = frozenset({"sun", "noon", "morning", "window", "softbox", "high-key", "leaf-shadows", "blinds"})
"""Lights under which a sky is blue."""

STREETS = frozenset({"asphalt", "cobbles", "wet-floor"})

ALIKE = 0.45  # how near an unwanted colour may come


def furnish(wishes: Wishes, key: str, seed: int) -> SetPlan:
    """Return the set that was wished for, what was left open filled by taste. Same key and seed, same set."""
    rng = random.Random(f"{key}\n{seed}")  # noqa: S311 - variety, not a secret
    if wishes.settings.get("light") == "neon" and wishes.colours and not wishes.hues:
        # In the light of neon tubes colours are the tubes'.
        hues = tuple(colours.apply_tone(colour, "neon") for colour in wishes.colours[:MOST_HUES])
        wishes = replace(wishes, hues=hues, colours=())
    if "light" not in wishes.settings and any(prop.name == "tubes" for prop in wishes.props):
        # By day tubes are pale sticks.
        wishes = replace(wishes, settings={**wishes.settings, "light": "neon"})
    if _is_said_of_the_lens(wishes):
        parts = {role: part for role, part in wishes.parts.items() if role != "backdrop"}
        wishes = replace(wishes, parts=parts, settings={**wishes.settings, "blur": "0.9"})
    said = sorted((THEMES[id_] for id_ in wishes.themes), key=lambda one: RANK.index(one.kind))
    surface = wishes.parts.get("surface")
    backdrop = wishes.parts.get("backdrop")
    pieces = [*_pairings(SURFACES, surface), *_pairings(BACKDROPS, backdrop)]
    sources = [*said, *pieces, DEFAULT]
    things: Sequence[Pairing] = sources
    if backdrop is not None and backdrop.name and BACKDROPS[backdrop.name].kind == "view":
        # A moody evening at the window has a window sill, not the rocks of a mood.
        things = [*(one for one in said if one.kind != "mood"), *pieces, DEFAULT]

    behind = _choose_backdrop(wishes, rng, sources, surface, backdrop, said)
    under = _choose_surface(wishes, rng, things, surface, behind, said)
    flat = wishes.settings.get("camera") == "top" and (surface is None or not surface.name)
    if flat and backdrop is not None and behind.colour and behind.name in ("sweep", "wall"):
        # Seen straight from above, what is behind the product is what it lies on.
        under = behind = Part("sweep", behind.colour, behind.finish)
    # A sheet that runs up behind the product has one colour: its own.
    own = behind.colour and under.name != "sweep"
    up = behind.name == "sweep" and (own or not SURFACES[under.name].is_sheet)
    if up or (behind.name == "gradient" and under.name == "water"):
        behind = Part("wall", behind.colour, behind.finish)
    if not pieces:
        things = sources = [*said, SURFACES[under.name].pairing, BACKDROPS[behind.name].pairing, DEFAULT]
    if "camera" in wishes.settings and wishes.settings["camera"] == "top" and backdrop is None:
        behind = Part("sweep", behind.colour or under.colour)
    stand = _choose_stand(wishes, rng, things, surface, backdrop, said)
    props = _choose_props(wishes, rng, (said or sources) if things is sources else things[:-1], said)
    air = wishes.settings.get("air")
    if air is None:
        airs = next((one.airs for one in said if one.airs), ())
        air = _pick_weighted(rng, [name for name in airs if ("air", name) not in wishes.out]) or ""
    palette = wishes.settings.get("palette")
    if palette is None:
        palette = "" if wishes.colours and not said else _choose_palette(wishes, rng, sources)
    warmth = float(wishes.settings.get("warmth", 0)) or sum(one.warmth for one in said) / max(len(said), 1)
    stand, props, under, behind = _spread_colours(wishes, stand, props, under, behind, surface, backdrop)
    light = wishes.settings.get("light") or _choose_light(wishes, rng, sources, behind)
    dim = DIMS.get(wishes.settings.get("light", ""), "")
    if not dim and backdrop is not None and backdrop.colour and _is_black(backdrop.colour):
        # Before a black background nobody lays a white cloth.
        dim = DIMS["low-key"]
    if dim and palette != "white":
        under, behind = _darken(dim, under, behind, surface, backdrop)
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
        hues=wishes.hues,
        air_colour=wishes.settings.get("air_colour", "") if air else "",
    )


def _is_black(colour: str) -> bool:
    return colours.measure_distance(colour, "#000000") < NEARLY_BLACK


def _is_said_of_the_lens(wishes: Wishes) -> bool:
    """Whether "bokeh" is jargon for a wide open lens: a place or a landscape was named that is behind."""
    ground, behind = wishes.parts.get("surface"), wishes.parts.get("backdrop")
    if behind is None or behind.name != "bokeh":
        return False
    return _has_place(wishes) or (ground is not None and bool(ground.name) and SURFACES[ground.name].wide)


def _darken(
    dim: str, under: Part, behind: Part, surface: Part | None, backdrop: Part | None
) -> tuple[Part, Part]:
    """Return ground and backdrop, which have no colour yet, in the dark that was asked for.

    surface, backdrop: what was named, which stays as it is where it is more than paper or a wall.
    """
    if (under.name == "sweep" or (surface is None and SURFACES[under.name].paintable)) and not under.colour:
        under = Part(under.name, dim, under.finish)
    row = BACKDROPS[behind.name]
    if row.paintable and (row.plain or backdrop is None) and not behind.colour:
        behind = Part(behind.name, dim, behind.finish)
    return under, behind


def _piece(part: Part) -> Piece:
    return Piece(part.name, part.colour, part.finish, part.count)


def _pairings(table: Mapping[str, Surface] | Mapping[str, Backdrop], part: Part | None) -> list[Pairing]:
    return [table[part.name].pairing] if part is not None and part.name else []


def _unwanted(wishes: Wishes, role: str) -> set[str]:
    return {name for kind, name in wishes.out if kind == role}


def _pick_weighted(rng: random.Random, names: Sequence[str]) -> str:
    """Return one of the names, the first the most often; "" of none."""
    if not names:
        return ""
    return rng.choices(names, [1 / (place + 1.5) for place in range(len(names))])[0]


def _pick(rng: random.Random, sources: Iterable[Pairing], what: str, out: set[str], otherwise: str) -> str:
    """Return a name from the first source that has one to offer."""
    for source in sources:
        if names := [name for name in getattr(source, what) if name not in out]:
            return _pick_weighted(rng, names)
    return otherwise


def _choose_backdrop(
    wishes: Wishes, rng: random.Random, sources: Sequence[Pairing], surface: Part | None, said: Part | None,
    themes: Sequence[Theme],
) -> Part:  # fmt: skip
    out = _unwanted(wishes, "backdrop")
    if said is not None and said.name == "sky":
        # A beach and its blue sky: the sea has one.
        views = [name for one in themes if one.kind == "place" for name in one.backdrops[:1]]
        return next((Part(name) for name in views if BACKDROPS[name].under_the_sky), said)
    if said is not None and said.name:
        return said
    if said is not None:
        # Paper takes a colour that was said, a wall what it is made of; a gradient is but light on them.
        plain = ("wall",) if said.finish else ("sweep", "wall") if said.colour else PLAIN_BACKDROPS
        names = [name for name in plain if name not in out] or ["gradient"]
        return Part(rng.choice(names), said.colour, said.finish)
    if wishes.settings.get("camera") == "top" and surface is not None and surface.name == "sweep":
        return Part("sweep", surface.colour)
    if wishes.settings.get("light") in LAMPS and not _has_place(wishes):
        # By candle light a meadow would be but black.
        out = out | {name for name, row in BACKDROPS.items() if row.under_the_sky and name != "city"}
    shared = [name for name in _list_shared_backdrops(themes) if name not in out]
    choice = _pick_weighted(rng, shared) or _pick(rng, sources, "backdrops", out, "gradient")
    if wishes.colours and not BACKDROPS[choice].paintable and not _has_place(wishes):
        offers = [name for source in sources for name in source.backdrops]
        paintable = [name for name in dict.fromkeys(offers) if BACKDROPS[name].paintable and name not in out]
        choice = _pick_weighted(rng, paintable[:4]) or choice
    return Part(choice)


def _list_shared_backdrops(themes: Sequence[Theme]) -> list[str]:
    """Return what is behind all places that were named, where they are several: a camp in a pine forest."""
    places = [one for one in themes if one.kind == "place"]
    first = places[0].backdrops if len(places) > 1 else ()
    return [name for name in first if all(name in place.backdrops for place in places)]


def _has_place(wishes: Wishes) -> bool:
    return any(THEMES[id_].kind == "place" for id_ in wishes.themes)


def _choose_surface(
    wishes: Wishes, rng: random.Random, sources: Sequence[Pairing], said: Part | None, behind: Part,
    themes: Sequence[Theme],
) -> Part:  # fmt: skip
    out = _unwanted(wishes, "surface")
    if said is not None and said.name:
        return said
    colour = said.colour if said is not None else ""
    finish = said.finish if said is not None else ""
    if behind.name in ("sweep", "wall") and behind.colour and "sweep" not in out and not themes:
        return Part("sweep", colour or behind.colour, finish)
    fitting = BACKDROPS[behind.name].pairing.surfaces
    for source in sources:
        names = [name for name in source.surfaces if name not in out]
        if colour or (wishes.colours and not _has_place(wishes)):
            names = [name for name in names if SURFACES[name].paintable]
        if names:
            both = [name for name in names if name in fitting]
            return Part(_pick_weighted(rng, both or names), colour, finish)
    return Part(next(name for name in (*fitting, *PAINTABLE_SURFACES) if name not in out), colour, finish)


def _choose_stand(
    wishes: Wishes, rng: random.Random, sources: Sequence[Pairing], surface: Part | None,
    backdrop: Part | None, themes: Sequence[Theme],
) -> Part | None:  # fmt: skip
    """Return what lifts the product: what was said; nothing where it was said to be on a surface."""
    if (said := wishes.parts.get("stand")) is not None:
        return said
    lying = wishes.settings.get("pose") in ("lie", "hang") or wishes.settings.get("camera") == "top"
    if lying or (surface is not None and surface.name) or (wishes.bare and not themes):
        return None
    out = _unwanted(wishes, "stand")
    name = _pick(rng, sources, "stands", out, "")
    finish = next(
        (finish for finish in wishes.accents if finish in ("marble", "wood", "stone", "gloss", "glass")), ""
    )
    return Part(name, finish=finish) if name else None


def _choose_light(wishes: Wishes, rng: random.Random, sources: Sequence[Pairing], behind: Part) -> str:
    """Return a light that fits; before a dark backdrop one that leaves it dark."""
    out = _unwanted(wishes, "light")
    if "blue_sky" in wishes.settings:
        # In the evening it is not.
        out = out | (LIGHTS.keys() - BY_DAY)
    if behind.colour and colours.measure_distance(behind.colour, "#000000") < DARK:
        out = out | {name for name, row in LIGHTS.items() if not row.for_the_dark}
    return _pick(rng, sources, "lights", out, "softbox")


def _choose_props(
    wishes: Wishes, rng: random.Random, givers: Sequence[Pairing], themes: Sequence[Theme]
) -> list[Part]:
    """Return the props that were said, and some of those that givers have to offer."""
    props = list(wishes.props)
    sparse = any(one.sparse for one in themes)
    rich = any(one.rich for one in themes)
    if wishes.bare or (len(props) > 2 and not rich) or (sparse and not wishes.accents):
        return props
    # Whoever names two things has said what is to be in the picture.
    most = (2 if themes else 1) if not props else int(bool(themes) and len(props) == 1)
    if themes and not props:
        most = rng.choice((2, 3, 3))
    if rich:
        most = MOST_PROPS - len(props)
    elif not themes and not props:
        most = rng.choice((0, 1, 2))
    if wishes.accents and not props:
        most = max(most, 1)
    out = _unwanted(wishes, "prop") | {prop.name for prop in props}
    offers = list(dict.fromkeys(name for giver in givers for name in giver.props if name not in out))
    ground = wishes.parts.get("surface")
    if ground is not None and ground.name in STREETS:
        # A road by the sea has no driftwood on it.
        offers = [name for name in offers if name in SURFACES[ground.name].pairing.props]
    for _ in range(most):
        if not offers:
            break
        name = _pick_weighted(rng, offers[:5])
        offers.remove(name)
        props.append(Part(name))
    if wishes.accents and not any(prop.finish for prop in props):
        shiny = next((prop for prop in props if PROPS[prop.name].metallic and not prop.colour), None)
        accent = Part(
            shiny.name if shiny else "ball", finish=wishes.accents[0], count=shiny.count if shiny else 0
        )
        props = [accent if prop is shiny else prop for prop in props] if shiny else [*props, accent]
    return props


def _choose_palette(wishes: Wishes, rng: random.Random, sources: Sequence[Pairing]) -> str:
    """Return a palette that has none of the unwanted colours; with colours said, the nearest to them."""
    out = _unwanted(wishes, "palette")
    offers = list(dict.fromkeys(name for source in sources for name in source.palettes if name not in out))
    allowed = [
        name
        for name in (*offers, "neutral", "white", "mono")
        if not any(
            colours.measure_distance(hue, bad) < ALIKE
            for hue in PALETTES[name].hues
            for bad in wishes.unwanted_colours
        )
    ]
    if wishes.colours and allowed:
        return min(allowed, key=lambda name: _measure_distance(name, wishes.colours[0]))
    return _pick_weighted(rng, allowed[:3])


def _measure_distance(palette: str, colour: str) -> float:
    """Return how far a colour is from the nearest of those that a palette cannot be without."""
    return min(colours.measure_distance(hue, colour) for hue in PALETTES[palette].hues)


def _spread_colours(
    wishes: Wishes, stand: Part | None, props: list[Part], under: Part, behind: Part,
    surface: Part | None, backdrop: Part | None,
) -> tuple[Part | None, list[Part], Part, Part]:  # fmt: skip
    """Return stand, props, surface and backdrop with the colours that were said of nothing in particular."""
    if behind.name == "sweep" and under.name == "sweep":
        shared = behind.colour or under.colour
        under, behind = (
            Part("sweep", under.colour or shared, under.finish),
            Part("sweep", behind.colour or shared, behind.finish),
        )
    if not wishes.colours:
        return stand, props, under, behind
    main, other = wishes.colours[0], wishes.colours[-1]
    used = False
    if not behind.colour and BACKDROPS[behind.name].paintable:
        behind, used = Part(behind.name, main, behind.finish), True
    if not under.colour and SURFACES[under.name].paintable and (surface is None or not used):
        under, used = Part(under.name, main, under.finish), True
    accent = other if used else main
    if len(wishes.colours) > 1 or not used:
        if stand is not None and not stand.colour and STANDS[stand.name].paintable:
            stand, used = Part(stand.name, accent, stand.finish), True
        props = [
            Part(prop.name, prop.colour or accent, prop.finish, prop.count)
            if not prop.finish and PROPS[prop.name].paintable
            else prop
            for prop in props
        ]
        painted = any(prop.colour == accent for prop in props) or (
            stand is not None and stand.colour == accent
        )
        if not painted and not wishes.bare and len(props) < MOST_PROPS:
            props = [*props, Part("ball", accent)]
    return stand, props, under, behind
