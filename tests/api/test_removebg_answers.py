"""What remove.bg's addresses answer: pictures, headers, JSON, the account; and of a whole studio."""

import base64
import json
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from accounts import ledger
from accounts.models import Plan, User
from editor.api.access import gcra, rate_limit
from editor.api.dialects.removebg import errors as removebg
from editor.api.dialects.removebg import views

from .conftest import Program, Served, png
from .removebg_calls import ADDRESS, BLANK, URL, upload
from .test_pace import Clock

pytestmark = pytest.mark.usefixtures("no_patience")


FACTS = {"took": "object", "placed": [15, 10, 45, 30], "canvas": [600, 400]}


def test_the_picture_is_the_answer_and_headers_tell_of_it(
    alice: User, alice_program: Program, carried_out: Callable[..., None]
) -> None:
    carried_out(**FACTS)
    before = ledger.get_balance(alice) or 0
    answer, body = alice_program.ask("post", ADDRESS, {"image_file": upload(), "size": "auto"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    with Image.open(BytesIO(body)) as picture:
        assert picture.size == (60, 40)
    told = {name: answer[name] for name in removebg.HEADERS}
    assert told == {
        "X-Credits-Charged": "1",
        "X-Type": "product",
        "X-Width": "60",
        "X-Height": "40",
        "X-Max-Width": "600",
        "X-Max-Height": "400",
        "X-Foreground-Top": "10",
        "X-Foreground-Left": "15",
        "X-Foreground-Width": "30",
        "X-Foreground-Height": "20",
    }
    assert before - (ledger.get_balance(alice) or 0) == int(told["X-Credits-Charged"])
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "inline"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("*/*", False),
        ("image/*", False),
        ("", False),
        # What browsers' and some servers' clients send where nobody said anything.
        ("application/json, text/plain, */*", False),
        ("image/png, application/json", False),
    ],
)
def test_json_is_answered_to_who_takes_nothing_else(
    alice_program: Program, carried_out: Callable[..., None], accept: str, inline: bool
) -> None:
    carried_out(**FACTS)
    answer, body = alice_program.ask("post", ADDRESS, {"image_url": URL}, headers={"Accept": accept})
    assert answer["X-Foreground-Left"] == "15"
    if not inline:
        assert answer["Content-Type"] == "image/png"
        return
    told = json.loads(body)
    data = told["data"]
    with Image.open(BytesIO(base64.b64decode(data.pop("result_b64")))) as picture:
        assert picture.size == (60, 40)
    assert told == {
        "data": {
            "foreground_top": 10,
            "foreground_left": 15,
            "foreground_width": 30,
            "foreground_height": 20,
        }
    }


@pytest.mark.parametrize(
    ("took", "type", "level", "told"),
    [
        ("object", "auto", "", "product"),
        ("object", "auto", "1", "product"),
        ("object", "car", "2", "car"),
        ("person", "auto", "latest", "person"),
        ("person", "car", "1", "person"),
        ("", "auto", "1", "other"),
        ("object", "auto", "none", None),
    ],
)
def test_what_it_was_taken_for_is_told_unless_nobody_wants_to_know(
    alice_program: Program,
    carried_out: Callable[..., None],
    took: str,
    type: str,
    level: str,
    told: str | None,
) -> None:
    carried_out(took=took)
    fields = {"image_url": URL, "type": type, "type_level": level}
    answer = alice_program.post(ADDRESS, fields)
    assert answer.headers.get("X-Type") == told


def test_every_answer_says_how_many_calls_are_left(
    alice: User, carried_out: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    kept = gcra.Memory(clock)
    monkeypatch.setattr(rate_limit, "get_bucket", lambda: kept)
    carried_out()
    program = Program(alice, per_second=1)
    left = []
    for fields in ({"image_url": URL}, {}, {"image_url": URL}):
        answer = program.post(ADDRESS, fields)
        assert answer["X-RateLimit-Limit"] == "2"
        assert int(answer["X-RateLimit-Reset"]) > 1_600_000_000
        left.append((answer.status_code, answer["X-RateLimit-Remaining"]))
    assert left == [(200, "1"), (400, "0"), (429, "0")]
    assert answer["Retry-After"] == "1"
    assert answer.json()["errors"][0]["code"] == "rate_limit_exceeded"
    account = program.get("/v1.0/account")  # counted apart
    assert (account.status_code, account["X-RateLimit-Remaining"]) == (200, "7")


def test_the_account_has_its_credits_in_numbers(alice: User, alice_program: Program) -> None:
    left = ledger.get_balance(alice) or 0
    ledger.correct(alice, 7, reason="a gift")
    told = alice_program.get("/v1.0/account").json()
    assert told == {
        "data": {
            "attributes": {
                "credits": {"total": left + 7, "subscription": left, "payg": 7, "enterprise": 0},
                "api": {"free_calls": 0, "sizes": "all"},
            }
        }
    }


def test_an_account_without_a_limit_has_more_than_anybody_needs(alice: User, alice_program: Program) -> None:
    Plan.objects.filter(pk=Plan.objects.default().pk).update(credits_per_month=None)
    credits = alice_program.get("/v1.0/account").json()["data"]["attributes"]["credits"]
    assert credits["total"] == credits["subscription"] == views.NO_LIMIT


def test_a_photo_comes_back_cut_out_in_every_way_that_clients_ask(served: Served, coffee: bytes) -> None:
    files = {"image_file": ("cup.jpg", coffee)}
    answer = served.post(ADDRESS, data={"size": "auto"}, files=files)
    assert answer.status_code == 200, answer.text
    with Image.open(BytesIO(answer.content)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (600, 400))
        whole = picture.getbbox()
    assert whole is not None
    place = [int(answer.headers[f"X-Foreground-{name}"]) for name in ("Left", "Top", "Width", "Height")]
    assert place[0] >= whole[0]
    assert place[0] + place[2] <= whole[2]
    assert (answer.headers["X-Type"], answer.headers["X-Credits-Charged"]) == ("product", "1")

    # As a widely used package asks: JSON, base64, small.
    body = {"image_file_b64": base64.b64encode(coffee).decode(), "size": "regular", "crop": True}
    told = served.post(ADDRESS, json=body, headers={"Accept": "application/json"})
    with Image.open(BytesIO(base64.b64decode(told.json()["data"]["result_b64"]))) as picture:
        assert picture.width * picture.height <= 250_000
        assert picture.size == (int(told.headers["X-Width"]), int(told.headers["X-Height"]))

    # As command lines do, which put the picture together themselves.
    packed = served.post(ADDRESS, data={"format": "zip", "size": "full"}, files=files)
    assert packed.headers["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(packed.content)) as archive:
        assert archive.namelist() == ["color.jpg", "alpha.png"]
        with Image.open(BytesIO(archive.read("alpha.png"))) as alpha:
            assert (alpha.mode, alpha.size) == ("L", (600, 400))

    fields = {"bg_color": "ffffff", "add_shadow": "true", "scale": "60%", "channels": "rgba", "size": "full"}
    on_white = served.post(ADDRESS, data=fields, files=files)
    with Image.open(BytesIO(on_white.content)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (600, 400))
        assert min(picture.getpixel((2, 2))) > 240  # type: ignore[arg-type, type-var]
    wide, high = (int(on_white.headers[f"X-Foreground-{name}"]) for name in ("Width", "Height"))
    assert max(wide / 600, high / 400) == pytest.approx(0.6, abs=0.02)


def test_regions_and_failures_of_fetched_pictures_have_their_codes(served: Served, coffee: bytes) -> None:
    served.host.pages["/cup.jpg"] = (200, {}, coffee)
    served.host.pages["/nothing.jpg"] = (404, {}, b"")
    address = f"{served.host.url}/cup.jpg"
    for fields, code in (
        ({"image_url": address, "roi": "0px 0px 601px 400px"}, "roi_exceeds_bounds"),
        ({"image_url": address, "roi": "0px 0px 10px 10px"}, "invalid_dimensions"),
        ({"image_url": f"{served.host.url}/nothing.jpg"}, "failed_image_download"),
        ({"image_url": address, "bg_image_url": f"{served.host.url}/nothing.jpg"}, "failed_bg_download"),
    ):
        answer = served.post(ADDRESS, data=fields)
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["code"] == code
    for content, code in ((coffee[:9000], "failed_to_read_image"), (png(BLANK), "unknown_foreground")):
        answer = served.post(ADDRESS, files={"image_file": content})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
