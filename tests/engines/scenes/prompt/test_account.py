"""The account of a set: nothing is called shown that the plan, which is what is rendered, does not have."""

from __future__ import annotations

from dataclasses import fields

import pytest

from editor.engines.scenes.plan import SetPlan
from editor.engines.scenes.prompt import Account, understand
from editor.engines.scenes.prompt.account import PIECES, Claim, Verdict, judge_claim
from editor.engines.scenes.prompt.language.lexicon import lexicon, read_stand_ins
from editor.engines.scenes.prompt.ratio import find_ratio


def account_of(prompt: str, negative: str = "", seed: int = 1, pose: str = "") -> Account:
    understood = understand(prompt, negative)
    return understood.account(understood.plan(seed), pose)


def test_what_is_shown_nearly_is_named_with_what_stands_there() -> None:
    account = account_of("red roses, orchids and reeds in a hotel, on marble")
    assert account.shown == ("red roses", "marble surface")
    assert account.near == ("orchids → flowers", "reeds → pampas", "hotel → marble before panels")
    assert not account.missing


def test_words_that_share_a_concept_with_what_is_shown_are_told_apart() -> None:
    account = account_of("condensation and blackberries on a bench, white marble")
    assert account.near[:2] == ("condensation → drops of water", "blackberries → berries")
    assert account_of("drops of water, berries").shown == ("drops of water", "berries")
    assert not {"berries", "drops of water"} & {*account.shown}


def test_a_product_floats_where_that_was_said_unless_it_lies() -> None:
    assert account_of("levitating, pink background").shown == ("floating", "pink background")
    assert "levitating" in account_of("levitating, pink background", pose="lie").missing


def test_every_stand_in_is_a_phrase_of_its_lexicon() -> None:
    for language, keys in read_stand_ins().items():
        unknown = [key for key in keys if not lexicon(language).find(key)]
        assert unknown == [], language


def test_sun_through_blinds_is_sunlight() -> None:
    assert not account_of("sunlight through blinds, beige wall").missing


def test_what_another_word_pushed_out_is_not_shown() -> None:
    assert "golden hour" in account_of("golden hour, marble, rim light").missing
    assert "oak table" in account_of("oak table, black marble").missing


def test_what_lies_has_no_stand_and_nothing_behind_it() -> None:
    assert account_of("flat lay with a podium and a brick wall").missing == ("podium", "brick wall")
    assert account_of("marble podium, brick wall", pose="lie").missing == ("marble podium", "brick wall")


def test_a_seventh_kind_of_prop_is_not_shown() -> None:
    account = account_of("balls, cubes, cones, rings, shells, pebbles, candles on sand")
    assert account.missing == ("candles",)


def test_what_was_refused_and_is_there_all_the_same_is_not_passed_over() -> None:
    assert account_of("cloudless sky, sand").missing == ("cloud",)
    assert "without flowers" in account_of("spring meadow", "flowers").shown


def test_every_setting_that_a_word_makes_is_claimed_of_the_plan() -> None:
    """Words that set a field of the plan are judged by that very field."""
    plan = understand("marble").plan(0)
    named = {field.name for field in fields(SetPlan)} - {"stand", "props", "version"}
    for name in ("light", "air", "camera", "palette", "pose", "warmth", "blur"):
        assert name in named
        value = {"warmth": "0.6", "blur": "0.1"}.get(name, "nothing of the kind")
        assert judge_claim(Claim(name, value), plan) is Verdict.MISSING
    for role in PIECES:
        assert judge_claim(Claim(role, "nothing of the kind" if role != "surface" else "sand"), plan) < 2


@pytest.mark.parametrize("seed", range(4))
def test_claims_hold_for_every_seed(seed: int) -> None:
    text = "white marble podium with two gold spheres, terracotta wall, warm light, blurred background"
    account = account_of(text, seed=seed)
    assert not account.missing
    assert len(account.shown) == 5


# words that were taken for others, or for nothing


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("flower-free kitchen with lemons", ("prop", "flowers")),
        ("candleless dark wood", ("prop", "candles")),
        ("kitchen without leaves", ("prop", "leaves")),
    ],
)
def test_free_less_and_without_mean_what_they_say(text: str, out: tuple[str, str]) -> None:
    understood = understand(text)
    assert out in understood.wishes.out
    for seed in range(4):
        assert out[1] not in {prop.name for prop in understood.plan(seed).props}


def test_seamless_is_no_seam_that_is_missing() -> None:
    assert understand("seamless white background").plan(0).backdrop.name == "sweep"


def test_maximalism_is_full_and_minimalism_is_empty() -> None:
    for seed in range(3):
        assert len(understand("maximalism").plan(seed).props) == 6
        assert not understand("minimalism").plan(seed).props


def test_sun_says_nothing_against_an_hour_of_sun() -> None:
    understood = understand("desert dunes at sunset, long shadows")
    assert understood.plan(0).light == "sunset"
    assert not understood.account(understood.plan(0)).missing


def test_a_background_has_the_colour_that_was_said_of_it_whatever_lies_before_it() -> None:
    for seed in range(6):
        plan = understand("yellow background, bold pop art, geometric shapes").plan(seed)
        assert plan.backdrop.name != "sweep" or plan.surface.name == "sweep"
        assert plan.backdrop.colour == "#ffd93b"


def test_a_dark_studio_is_of_dark_paper() -> None:
    for seed in range(4):
        plan = understand("red neon, dark studio").plan(seed)
        assert {plan.surface.colour, plan.backdrop.colour} <= {"#232326", ""}
        assert "#232326" in (plan.surface.colour, plan.backdrop.colour)
    assert understand("dark studio, white wall").plan(0).backdrop.colour == "#ffffff"


def test_a_slip_is_mended_within_its_own_language_or_not_at_all() -> None:
    assert understand("minimalistc set").account(understand("minimalistc set").plan(0)).shown
    # One letter from the Italian "marmo" and from the German "Marmor", in an English sentence.
    assert "marmro" in account_of("a marmro thing on the wooden table by the window").missing


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("beige set, empty space on the left", "left"),
        ("marble, room for text on the right", "right"),
        ("sand and sky with copy space above", "top"),
        ("Marmor, Freiraum rechts", "right"),
        ("marbre, espace vide à gauche", "left"),
        ("mármol, espacio libre arriba", "top"),
        ("大理石，左侧留白", "left"),
        ("大理石、右に余白", "right"),
    ],
)
def test_words_for_empty_space_set_where_it_is(text: str, side: str) -> None:
    assert understand(text).copy_space == side


def test_jargon_yields_to_what_was_named() -> None:
    plan = understand("cinematic shot of a beach, bokeh, 8k, octane render").plan(0)
    assert plan.backdrop.name == "sea"
    assert plan.blur == 0.9
    assert plan.light != "low-key"
    assert understand("cinematic, marble").plan(0).light == "low-key"
    assert understand("black marble, bokeh").plan(0).backdrop.name == "bokeh"


@pytest.mark.parametrize(
    ("text", "aspect", "exact"),
    [
        ("sand --ar 16:9", "16:9", True),
        ("sand —ar 9:16 --v 6", "9:16", True),
        ("sand --ar 3:2", "", False),
        ("marble, 4:5", "4:5", True),
    ],
)
def test_a_ratio_is_read(text: str, aspect: str, exact: bool) -> None:
    found = find_ratio(text)
    assert found is not None
    assert exact == found.exact
    if exact:
        assert (found.aspect, understand(text).aspect) == (aspect, aspect)


@pytest.mark.parametrize("text", ["sand at 12:30", "marble", "1:1:1", "--ar 1:40", "--ar 0:1"])
def test_what_is_no_ratio_is_none(text: str) -> None:
    assert find_ratio(text) is None
