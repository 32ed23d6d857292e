"""PyPI's poofbg, as it is today and as it was: the one call, by the client of the service that has it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import SIDE, Outcome, Served, picture
from .environments import POOFBG, POOFBG_BEFORE

Caller = Callable[..., list[Outcome]]


@pytest.fixture(params=[POOFBG, POOFBG_BEFORE], ids=str)
def call(request: pytest.FixtureRequest, served: Served, run: Caller) -> Caller:
    """Returns a function that makes calls with the client, in its own words."""

    def make(*calls: dict[str, Any]) -> list[Outcome]:
        where = {"base_url": f"{served.url}/v1", "key": served.key}
        return run(request.param, "call_poofbg.py", *({**where, **one} for one in calls))

    return make


def test_a_picture_comes_back_cut_out_however_it_is_handed_over(call: Caller, folder: Path) -> None:
    ways = ("cup.jpg", "bytes:cup.jpg", "file:cup.jpg")
    for outcome in call(*({"image": way, "saved": "out.png"} for way in ways)):
        assert (outcome["content_type"], outcome["width"]) == ("image/png", SIDE)
        assert outcome["request_id"].startswith("req_")
        assert outcome["processing_time_ms"] > 0
    made = picture(folder / "out.png")
    assert (made.mode, made.width) == ("RGBA", SIDE)
    assert made.getchannel("A").getextrema() == (0, 255)
