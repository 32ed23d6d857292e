"""Marketplaces as data: kept and sent as JSON, refused with a sentence, and what they make of a finish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from editor.engines.catalogue.markets import MARKETS, Market, apply_market, check_name
from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import Finish


@pytest.mark.parametrize("market", MARKETS.values(), ids=list(MARKETS))
def test_each_row_goes_through_json_and_says_where_it_is_from(market):
    assert Market.from_dict(json.loads(json.dumps(market.to_dict()))) == market
    assert market.source
    assert market.date


@pytest.mark.parametrize("market", MARKETS.values(), ids=list(MARKETS))
def test_the_frame_made_for_a_market_keeps_its_own_rules(market):
    made = apply_market(Finish(width=300, canvas="exact", height=300, margin_of="px"), market)
    assert made.width >= market.least[0]
    assert made.height >= market.least[1]
    assert max(made.width, made.height) >= market.least_longest
    if market.ratios:
        assert any(abs(made.width / made.height - wide / high) < 1e-9 for wide, high in market.ratios)
    if market.fill[2]:
        fill = 1 - made.margins[0] - made.margins[2]
        assert market.fill[0] <= fill <= market.fill[2]


def test_white_leaves_out_the_shadow_and_keeps_light_and_place():
    own = Finish(shadow="contact", exposure=0.5, align=(0.5, 1), rotation=3, share=0.5, background="red")
    made = apply_market(own, MARKETS["amazon"])
    assert (made.shadow, made.background) == ("", "#ffffff")
    assert (made.exposure, made.align, made.rotation, made.share) == (0.5, (0.5, 1), 3, 0.5)
    assert apply_market(own, MARKETS["etsy"]).shadow == "contact"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": "No Key"}, "key"),
        ({"name": " "}, "name"),
        ({"ground": "pink"}, "ground"),
        ({"good": [100, 0]}, "good"),
        ({"least": [900, 900], "good": [800, 800]}, "least"),
        ({"fill": [0.9, 0.8, 1]}, "fill"),
        ({"formats": []}, "formats"),
        ({"formats": ["exe"]}, "formats"),
        ({"ratios": [[1, 0]]}, "ratios"),
        ({"ratios": 1}, "ratios"),
        ({"most_bytes": -1}, "most_bytes"),
        ({"date": "yesterday"}, "date"),
        ({"names": "(a+)+"}, "names"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_a_market_cannot_be_is_refused_by_its_name(change, says):
    with pytest.raises(InvalidOptions, match=says):
        Market.from_dict({"key": "own", "name": "Own"} | change)


@pytest.mark.parametrize(
    ("name", "key", "fits"),
    [
        ("B0012.MAIN.jpg", "amazon", True),
        ("B0012.PT03.jpg", "amazon", True),
        ("B00-12.MAIN.jpg", "amazon", False),
        ("B0012.jpg", "amazon", False),
        ("04012345678901.jpg", "walmart", True),
        ("4012345.jpg", "walmart", False),
        ("04012345678901_C1C1.jpg", "gs1", True),
        ("Stuhl_grün.jpg", "otto", False),
        ("Stuhl grün.jpg", "etsy", True),
    ],
)
def test_names_fit_or_do_not(name, key, fits):
    assert check_name(name, MARKETS[key]) is fits


def test_the_document_shows_every_row_with_its_date():
    document = (Path(__file__).parents[3] / "docs/marketplaces.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in document.splitlines() if line.startswith("| `")}
    for key, market in MARKETS.items():
        assert market.date[:7] in rows[key]
        assert all(format in rows[key] for format in market.formats)
        assert not market.good[0] or f"{market.good[0]} × {market.good[1]}" in rows[key]
