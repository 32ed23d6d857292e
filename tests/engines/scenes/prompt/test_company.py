"""Words beside one another: what one of them is changes what another is taken for."""

from __future__ import annotations

import pytest

from editor.engines.scenes.prompt import understand
from editor.engines.scenes.vocabulary import SURFACES


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        ("sneaker on a city street by day, trees, soft sunlight", "street"),
        ("trees along a garden path", "garden"),
        ("a bottle among trees", "forest"),
    ],
)
def test_trees_belong_to_the_place_that_was_named(words: str, behind: str) -> None:
    understood = understand(words)
    plan = understood.plan(0)
    assert plan.backdrop.name == behind
    assert "trees" in understood.account(plan).shown


def test_blocks_in_a_child_s_room_are_toys() -> None:
    understood = understand("kids' room with pastel blocks")
    plan = understood.plan(0)
    assert plan.backdrop.name in ("living-room", "wall")
    assert "cube" in {prop.name for prop in plan.props}
    assert understand("geometric pastel blocks").plan(0).backdrop.name == "blocks"


@pytest.mark.parametrize("seed", range(6))
def test_a_road_has_on_it_what_roads_have(seed: int) -> None:
    plan = understand("a coastal road in the evening sun").plan(seed)
    assert plan.surface.name == "asphalt"
    assert {prop.name for prop in plan.props} <= set(SURFACES["asphalt"].pairing.props)


@pytest.mark.parametrize("seed", range(6))
def test_a_mood_brings_no_rocks_to_a_window(seed: int) -> None:
    plan = understand("rainy window, moody blue evening").plan(seed)
    assert plan.backdrop.name == "window"
    assert plan.stand is None
    assert "rocks" not in {prop.name for prop in plan.props}


def test_tools_lie_on_a_workbench() -> None:
    understood = understand("industrial workshop bench with tools, hard side light")
    plan = understood.plan(0)
    assert "tools" in {prop.name for prop in plan.props}
    assert plan.light == "sun"
    assert "tools" in understood.account(plan).shown


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("bathroom shelf with eucalyptus, soft morning light, room for text at the right", "right"),
        ("space for text on the left side", "left"),
        ("room for a headline above", "top"),
        ("generous copy space to the right side", "right"),
        ("marble, leave plenty of room for text over on the right", "right"),
        ("room for text, on the right a candle, marble", "left"),
        ("bright marble with room for text", "left"),
        ("Platz für Text auf der rechten Seite, Marmor", "right"),
        ("mármol con espacio para texto en el lado derecho", "right"),
        ("мрамор, место для текста справа", "right"),
        ("大理石, 右侧留白", "right"),
    ],
)
def test_room_for_text_is_where_it_was_asked_for(words: str, side: str) -> None:
    assert understand(words).copy_space == side


def test_what_is_behind_a_flat_lay_is_what_it_lies_on() -> None:
    understood = understand("flat lay, yellow background, notebooks")
    plan = understood.plan(0)
    assert plan.surface.name == "sweep"
    assert "yellow background" in understood.account(plan).shown
    on_marble = understand("flat lay on marble, pink background")
    assert on_marble.plan(0).surface.name == "marble"
    assert "pink background" in on_marble.account(on_marble.plan(0)).missing


@pytest.mark.parametrize(
    ("words", "surface", "behind", "stand", "light"),
    [
        (
            "mid-century living room, walnut floor, large window with sheer curtains",
            "",
            "living-room",
            "",
            "",
        ),
        ("loft with a brick wall, large windows", "", "brick", "", "window"),
        ("swimming pool, wet tiles, palm shadow", "tiles", "pool", "", "leaf-shadows"),
        ("by the campfire, camping, pine forest", "", "forest", "", ""),
        ("desert highway, mountains in the distance", "asphalt", "mountains", "", ""),
        ("concrete wall, hard shadow", "", "concrete-wall", "", "sun"),
        ("mok op een houten plank in de keuken", "", "kitchen", "shelf", ""),
        ("levitating above rippling water, sky blue gradient", "water", "wall", "levitation", ""),
    ],
)
def test_places_are_what_all_their_words_say(
    words: str, surface: str, behind: str, stand: str, light: str
) -> None:
    for seed in range(3):
        plan = understand(words).plan(seed)
        assert plan.backdrop.name == behind
        assert not surface or plan.surface.name == surface
        assert not stand or (plan.stand is not None and plan.stand.name == stand)
        assert not light or plan.light == light


def test_prose_keeps_to_its_clauses() -> None:
    understood = understand(
        "Elevate your nightly ritual: our serum rests on a slab of cool travertine while the last amber "
        "light of day filters through eucalyptus leaves"
    )
    plan = understood.plan(1)
    assert plan.stand is not None
    assert (plan.stand.name, plan.stand.finish) == ("block", "stone")
    assert (plan.light, plan.warmth >= -0.1) == ("golden", True)


def test_what_is_sold_sparkles_and_drops_without_confetti_and_water() -> None:
    assert not {"drops", "confetti"} & {prop.name for prop in understand("streetwear drop").plan(0).props}
    sparkling = understand("black velvet, single spotlight, sparkling crystals").plan(0)
    assert {prop.name for prop in sparkling.props} == {"crystals"}


@pytest.mark.parametrize(
    ("words", "surface", "prop"),
    [
        ("garrafa na praia, coqueiros, gelo e rodelas de laranja", "sand", "ice-cubes"),
        ("on ice, cold blue light", "ice", ""),
        ("spa stones bamboo steam", "", "bamboo"),
    ],
)
def test_ice_is_in_drinks_or_underfoot_and_bamboo_stands_beside_stones(
    words: str, surface: str, prop: str
) -> None:
    plan = understand(words).plan(0)
    assert not surface or plan.surface.name == surface
    assert not prop or prop in {one.name for one in plan.props}


def test_a_stand_in_is_told_though_its_place_was_named() -> None:
    understood = understand("gym floor, dumbbells")
    assert "dumbbells → gym" in understood.account(understood.plan(0)).near


def test_the_french_bank_is_not_burgundy() -> None:
    plan = understand("bouteille posée sur des rochers mouillés au bord d'une cascade").plan(0)
    assert plan.stand is not None
    assert (plan.stand.name, plan.stand.colour) == ("rock", "")


@pytest.mark.parametrize(
    ("words", "surface", "behind", "props"),
    [
        ("beach bar, cocktails, lanterns", "", "", {"cocktails", "lantern"}),
        ("pale pink marble, peonies, a strand of pearls", "marble", "", {"flowers", "pearls"}),
        ("한여름 해변, 파란 하늘, 조개껍데기", "sand", "sea", {"shells"}),
        ("Kürbisse, Herbstlaub, Strickdecke", "knit", "", {"pumpkins", "leaves"}),
        ("underground parking garage, neon light strips", "", "concrete-wall", {"tubes"}),
    ],
)
def test_nothing_that_was_named_gives_way_to_another_of_its_kind(
    words: str, surface: str, behind: str, props: set[str]
) -> None:
    plan = understand(words).plan(0)
    assert not surface or plan.surface.name == surface
    assert not behind or plan.backdrop.name == behind
    assert props <= {prop.name for prop in plan.props}


def test_before_a_black_background_lies_nothing_white() -> None:
    for seed in range(4):
        plan = understand("luxury gift, black background, gold ribbon").plan(seed)
        if SURFACES[plan.surface.name].paintable:
            assert plan.surface.colour
            assert int(plan.surface.colour[1:3], 16) < 60
