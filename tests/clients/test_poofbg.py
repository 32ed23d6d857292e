"""PyPI's poofbg, as it is today and as it was: the one call, by the client of the service that has it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import SIDE, Caller, Outcome, Served, picture
from .environments import POOFBG, POOFBG_BEFORE, PythonClient

Calls = Callable[..., list[Outcome]]


def calls_with(client: PythonClient, served: Served, run: Caller) -> Calls:
    def make(*calls: dict[str, Any]) -> list[Outcome]:
        where = {"base_url": f"{served.url}/v1", "key": served.key}
        return run(client, "call_poofbg.py", *({**where, **one} for one in calls))

    return make


@pytest.fixture(params=[POOFBG, POOFBG_BEFORE], ids=lambda client: client.name)
def call(request: pytest.FixtureRequest, served: Served, run: Caller) -> Calls:
    """Returns a function that makes calls with either of the two, in its own words."""
    return calls_with(request.param, served, run)


@pytest.fixture
def call_today(served: Served, run: Caller) -> Calls:
    """The same, with today's alone."""
    return calls_with(POOFBG, served, run)


def test_a_picture_comes_back_cut_out_however_it_is_handed_over(call: Calls, folder: Path) -> None:
    ways = ("cup.jpg", "bytes:cup.jpg", "file:cup.jpg")
    for outcome in call(*({"image": way, "saved": "out.png"} for way in ways)):
        assert (outcome["content_type"], outcome["width"], outcome["height"]) == ("image/png", SIDE, HIGH)
        assert outcome["request_id"].startswith("req_")
        assert outcome["processing_time_ms"] > 0
        for share in ("matte_confidence", "matte_ambiguous_ratio"):
            assert 0 <= outcome[share] <= 1
    made = picture(folder / "out.png")
    assert (made.mode, made.size) == ("RGBA", (SIDE, HIGH))
    assert made.getchannel("A").getextrema() == (0, 255)


HIGH = SIDE * 2 // 3


def test_every_option_does_what_it_says(call_today: Calls, folder: Path) -> None:
    options: list[dict[str, Any]] = [
        {"format": "jpg"},
        {"format": "webp"},
        {"channels": "rgb", "bg_color": "#ff0000"},
        {"channels": "rgba", "bg_color": "blue"},
        {"channels": "alpha"},
        {"size": "preview"},
        {"size": "hd"},
        {"crop": True, "padding": "0"},
        {"crop": True, "padding": "10%"},
        {"crop": "1:1"},
        {"width": 150},
        {"height": 400},
        {"width": 120, "height": 120},
        {"width": 120, "height": 120, "fit": "cover"},
        {"width": 600, "height": 600, "fit": "scale-down"},
        {"crop": True, "width": 500, "height": 500, "format": "jpg", "bg_color": "white"},
    ]
    named = [{"image": "cup.jpg", "saved": f"option-{number}", **one} for number, one in enumerate(options)]
    outcomes = call_today(*named)
    assert not [outcome for outcome in outcomes if "error" in outcome]
    made = [picture(folder / f"option-{number}") for number in range(len(options))]
    jpg, webp, red, blue, mask, preview, hd, tight, padded, square, wide, high, fitted, cover, kept, shop = (
        made
    )
    for outcome, one in zip(outcomes, made, strict=True):
        assert (outcome["width"], outcome["height"]) == one.size
    assert (jpg.format, jpg.mode, jpg.getpixel((0, 0))) == ("JPEG", "RGB", (255, 255, 255))
    assert (webp.format, webp.mode) == ("WEBP", "RGBA")
    assert (red.mode, red.getpixel((0, 0))) == ("RGB", (255, 0, 0))
    assert blue.convert("RGBA").getpixel((0, 0)) == (0, 0, 255, 255)
    assert (mask.mode, mask.getextrema()) == ("L", (0, 255))
    assert max(preview.size) == 256
    assert hd.size == (SIDE, HIGH)
    assert tight.width < SIDE
    assert padded.size == pytest.approx((tight.width * 1.2, tight.height * 1.2), abs=1)
    assert square.width == square.height == pytest.approx(max(tight.size) * 1.2, abs=1)
    assert wide.size == (150, 100)
    assert high.size == (600, 400)
    assert fitted.size == cover.size == (120, 120)
    # Fitted into it there is nothing above the photo; what covers it reaches from edge to edge.
    assert fitted.getchannel("A").crop((0, 0, 120, 20)).getbbox() is None
    assert kept.size == (600, 600)
    assert (shop.format, shop.size) == ("JPEG", (500, 500))


def test_a_picture_behind_an_address_is_fetched(call_today: Calls, served: Served) -> None:
    (outcome,) = call_today({"url": f"{served.host.url}/cup.jpg"})
    assert outcome["width"] == SIDE


def test_the_account_is_told(call: Calls) -> None:
    (outcome,) = call({})
    account = outcome["account"]
    assert account.keys() == {"organizationId", "plan", "maxCredits", "usedCredits"}
    assert isinstance(account["usedCredits"], int)


@pytest.mark.parametrize(
    ("asked", "error", "status", "code", "named"),
    [
        ({"key": "wrong"}, "AuthError", 401, "authentication_error", "key"),
        ({"image": "broken.jpg"}, "PoofError", 422, "invalid_image", ""),
        ({"image": "bytes:notes.txt"}, "PoofError", 422, "invalid_image", "picture"),
        ({"image": "cup.jpg", "format": "gif"}, "ValidationError", 400, "validation_error", "format"),
        ({"image": "cup.jpg", "crop": "perhaps"}, "ValidationError", 400, "validation_error", "crop"),
        ({"image": "cup.jpg", "width": 9999}, "ValidationError", 400, "validation_error", "width"),
    ],
)
def test_what_is_wrong_is_an_error_of_its_own_class(
    call: Calls, asked: dict[str, Any], error: str, status: int, code: str, named: str
) -> None:
    (outcome,) = call(asked)
    assert (outcome["error"], outcome["status_code"], outcome["code"]) == (error, status, code)
    assert named in outcome["message"]
    assert outcome["request_id"].startswith("req_")
    if code == "validation_error":
        assert outcome["details"].keys() == {named}


def test_who_has_no_credits_is_told_so_and_nothing_is_charged(call: Calls, served: Served) -> None:
    refused, account = call({"image": "cup.jpg", "key": served.poor}, {"key": served.poor})
    assert (refused["error"], refused["code"]) == ("PaymentRequiredError", "payment_required")
    assert account["account"]["usedCredits"] == 0


def test_too_many_calls_are_told_from_other_errors(call: Calls, served: Served) -> None:
    # Each is refused at once, and counted.
    outcomes = call(*[{"image": "bytes:notes.txt", "key": served.slow}] * 12)
    errors = {(outcome["error"], outcome["code"]) for outcome in outcomes}
    assert errors == {("PoofError", "invalid_image"), ("RateLimitError", "rate_limit_exceeded")}


def test_what_is_not_done_here_is_an_error_and_no_riddle(call_today: Calls) -> None:
    """Clips: a clip is no picture, and there is no job of one."""
    clip, job = call_today({"image": "bytes:clip.mp4"}, {"job": "job_8f3a1c2e9b7d4a10"})
    assert (clip["error"], clip["code"]) == ("PoofError", "invalid_image")
    assert (job["error"], job["status_code"], job["code"]) == ("PoofError", 404, "not_found")
