"""True size: what of a set suits a product of so many centimetres, and what stands there where it does not.

A metre of a set is the product's longer side; how many centimetres that is decides how coarse wood and tiles
look beside it, how large a candle is, and whether it can stand on a worktop at all.
"""

from __future__ import annotations

import re
from dataclasses import replace

from editor.engines.errors import InvalidOptions

from .plan import Piece, SetPlan
from .vocabulary import BACKDROPS, PROPS, STANDS, SURFACES

SMALLEST, LARGEST = 0.3, 1000.0
"""Centimetres of a product's longer side."""

TYPICAL = 20.0
"""Centimetres of the product that the pieces are modelled for."""

COARSEST, FINEST = 0.35, 5.0
LEAST_PROP, MOST_PROP = 0.3, 3.0
FLOOR_FROM = 75.0
"""From here a product stands on the floor of the place, not on a table in it."""

ROAD_FROM = 250.0

FLOORS = {"counter": "tiles", "moss": "grass", "leaves": "forest-floor", "crumpled-paper": "sweep"}
"""What a surface is replaced with where the product is too large for it; else boards, or a road."""

ON_FLOORS = {
    "plant": 4.0, "monstera": 4.0, "palm": 4.0, "cactus": 4.0, "bamboo": 4.0, "vase": 2.5, "pampas": 2.5,
    "lamp": 3.5, "lantern": 2.0, "basket": 2.0, "candles": 1.5, "books": 1.5,
}  # fmt: skip
"""How much larger than on a table such a thing usually is where it stands on the floor."""

GUESSES: tuple[tuple[str, float], ...] = (
    (r"car|auto|suv|sedan|van|truck|wagen|coche|voiture", 430.0),
    (r"motor(?:bike|cycle)|scooter|bicycle|bike|fahrrad|vélo|bici", 175.0),
    (r"sofa|couch|canapé", 200.0),
    (r"bed|mattress|matratze", 205.0),
    (r"wardrobe|cupboard|bookcase|schrank", 190.0),
    (r"table|desk|tisch", 140.0),
    (r"chair|stool|armchair|stuhl|sessel|chaise|silla", 90.0),
    (r"hoodie|jacket|coat|sweater|pullover|jacke", 72.0),
    (r"t-?shirt|tee|shirt|blouse|hemd", 70.0),
    (r"dress|trousers|pants|jeans|kleid|hose", 105.0),
    (r"suitcase|luggage|koffer", 65.0),
    (r"backpack|rucksack", 45.0),
    (r"hand ?bag|bag|purse|tasche|sac|bolso", 32.0),
    (r"boots?|stiefel", 35.0),
    (r"shoes?|sneakers?|heels?|sandals?|trainers?|schuhe?|zapatos?|chaussures?", 29.0),
    (r"lamp|lampe", 45.0),
    (r"laptop|notebook", 34.0),
    (r"wine|sekt|champagne", 31.0),
    (r"bottle|flasche|botella|bouteille|bottiglia|garrafa", 22.0),
    (r"books?|buch|libro|livre", 23.0),
    (r"headphones?|kopfhörer", 20.0),
    (r"teapot|kettle", 22.0),
    (r"phone|smartphone|handy", 15.0),
    (r"sun ?glasses|glasses|brille|gafas|lunettes", 15.0),
    (r"can|dose|lata", 12.0),
    (r"mug|cup|tasse|becher|taza", 10.0),
    (r"perfume|parfum|fragrance|cologne", 11.0),
    (r"serum|cream|jar|creme|tiegel|pot", 9.0),
    (r"lipstick|lippenstift", 8.0),
    (r"watch|uhr|reloj|montre", 8.0),
    (r"necklace|bracelet|kette|armband", 18.0),
    (r"ear ?rings?|ohrringe?", 3.0),
    (r"rings?|anillo|bague", 2.5),
)
"""Words for products, and the longer side of a usual one in centimetres; the first that is found counts."""

GARMENT = 70.0


def check_size(value: float) -> float:
    """Return a product's longer side in centimetres. Raises InvalidOptions out of its range."""
    if not SMALLEST <= value <= LARGEST:
        raise InvalidOptions(f"size_cm goes from {SMALLEST} to {LARGEST:g} centimetres.")
    return value


def guess_size(words: str, *, garment: bool = False) -> float | None:
    """Return how long what words name usually is, in centimetres; None where nothing is known of it.

    words: a file's name, a prompt. garment: whether its outline is a shirt's.
    """
    text = re.sub(r"[_\W\d]+", " ", words.casefold())
    for names, size in GUESSES:
        if re.search(rf"\b(?:{names})\b", text):
            return size
    return GARMENT if garment else None


def grain(size_cm: float, drawn_for: float = TYPICAL) -> float:
    """Return how much finer wood, tiles and the like look than they are drawn, beside this product."""
    return min(max(size_cm / drawn_for, COARSEST), FINEST) if size_cm and drawn_for else 1.0


def scale_prop(name: str, size_cm: float) -> float:
    """Return how large a prop is beside what it is to a product of the usual size; shapes have no size."""
    if not size_cm or not PROPS[name].cm:
        return 1.0
    if stands_on_floor(size_cm) and name in ON_FLOORS:
        return min(ON_FLOORS[name] * TYPICAL / size_cm, 1.5)
    return min(max(TYPICAL / size_cm, LEAST_PROP), MOST_PROP)


def stands_on_floor(size_cm: float) -> bool:
    """Whether a product is so large that the surface is the floor of the place."""
    return size_cm >= FLOOR_FROM


def fit_to_size(plan: SetPlan, size_cm: float) -> SetPlan:
    """Return the set with what does not suit a product of so many centimetres replaced, or left out."""
    surface = plan.surface
    if not _suits(SURFACES[surface.name].sizes, size_cm):
        outside = BACKDROPS[plan.backdrop.name].under_the_sky
        surface = Piece(_choose_floor(surface.name, size_cm, outside=outside), surface.colour)
    backdrop = plan.backdrop
    if not _suits(BACKDROPS[backdrop.name].sizes, size_cm):
        backdrop = Piece("concrete-wall" if size_cm >= ROAD_FROM else "wall", backdrop.colour)
    stand = plan.stand
    if stand is not None and not _suits(STANDS[stand.name].sizes, size_cm):
        stand = None
    props = tuple(prop for prop in plan.props if _suits(PROPS[prop.name].sizes, size_cm))
    return replace(plan, surface=surface, backdrop=backdrop, stand=stand, props=props)


def _suits(sizes: tuple[float, float], size_cm: float) -> bool:
    return sizes[0] <= size_cm <= sizes[1]


def _choose_floor(name: str, size_cm: float, *, outside: bool) -> str:
    if size_cm >= ROAD_FROM:
        # In a hall it stands on what halls have; no car was ever on a table's boards.
        return "asphalt" if outside else "concrete"
    return FLOORS.get(name, "wood")
