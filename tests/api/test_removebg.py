"""remove.bg's addresses: every value of every field, answers in bytes and in JSON, the whole error table."""

import base64
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import ledger
from accounts.models import ApiKey, Plan, User
from editor.api import long_poll
from editor.api.access import gcra, rate_limit
from editor.api.dialects.removebg import errors as removebg
from editor.api.dialects.removebg import views
from editor.engines.finishing.finish import Finish
from editor.engines.tools.cutout import CutoutOptions
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tasks import settlement
from editor.work import orders
from tests.editor.files.files_out import photo_of, result_of

from .conftest import Program, Served, png
from .test_pace import Clock

ADDRESS = "/v1.0/removebg"
URL = "https://pictures.example/lamp.jpg"
PICTURE = png(Image.new("RGB", (400, 300), (200, 30, 30)))
BLANK = Image.new("RGB", (300, 200), "white")
MULTIPART = "multipart/form-data; boundary=b"


def upload(content: bytes = PICTURE, name: str = "lamp.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # A task is looked at before anything has become of it.
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)


def params(program: Program, **fields: Any) -> dict[str, Any]:
    """Order so and return what the engine is asked for, which it takes."""
    Task.objects.all().delete()
    answer = program.post(ADDRESS, {"image_url": URL, **fields})
    assert answer.status_code == 503, answer.content  # nobody works on it
    asked = Task.objects.get().params
    CutoutOptions.from_dict(asked)
    return asked


def finish(program: Program, **fields: Any) -> Finish:
    return Finish.from_dict(params(program, **fields)["finish"])


def refusal(program: Program, content_type: str = "", **fields: Any) -> str:
    """Return the code of a call that is refused with 400, and check that nothing is left of it."""
    body: Any = fields if not content_type else json.dumps(fields)
    answer = program.post(ADDRESS, body, **({"content_type": content_type} if content_type else {}))
    return check_refusal(answer, 400)


def check_refusal(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert told.keys() == {"errors"}
    (error,) = told["errors"]
    assert error["title"]
    assert not Task.objects.exists()
    assert not Photo.objects.exists()
    return error.get("code", "")


# -- What can be asked for -------------------------------------------------------------------------------


def test_what_is_left_out_is_as_the_document_has_it(alice_program: Program) -> None:
    assert params(alice_program) == {
        "subject": "",
        "outputs": "image",
        "finish": Finish().to_dict(),
        "most_pixels": 250_000,
        "jpg_where_opaque": True,
    }
    empty = dict.fromkeys(("size", "type", "type_level", "format", "roi", "crop", "crop_margin"), "")
    empty |= dict.fromkeys(
        ("scale", "position", "channels", "add_shadow", "semitransparency", "bg_color"), ""
    )
    assert params(alice_program, **empty) == params(alice_program)


SIZES = {
    250_000: ["preview", "small", "regular"],
    1_500_000: ["medium"],
    4_000_000: ["hd"],
    25_000_000: ["full", "4k", "4K"],
    50_000_000: ["50MP", "50mp", "auto", "AUTO"],
}


@pytest.mark.parametrize(
    ("pixels", "size"), [(most, size) for most, sizes in SIZES.items() for size in sizes]
)
def test_a_size_caps_the_megapixels(alice_program: Program, pixels: int, size: str) -> None:
    assert params(alice_program, size=size)["most_pixels"] == pixels


@pytest.mark.parametrize(
    ("type", "subject"),
    [
        ("auto", ""),
        ("person", "person"),
        ("product", "object"),
        ("car", "object"),
        ("animal", "object"),
        ("transportation", "object"),
        ("graphic", ""),
        ("graphics", ""),
    ],
)
def test_a_type_says_what_is_kept(alice_program: Program, type: str, subject: str) -> None:
    assert params(alice_program, type=type)["subject"] == subject


def test_a_format_is_that_of_the_file(alice_program: Program) -> None:
    for format in ("png", "jpg", "webp", "JPEG"):
        asked = params(alice_program, format=format)
        assert asked["finish"].get("format", "png") == {"JPEG": "jpg"}.get(format, format)
        assert "jpg_where_opaque" not in asked
    assert params(alice_program, format="zip")["layers"] is True


def test_auto_is_jpg_where_nothing_shows_through(alice_program: Program) -> None:
    for fields in ({"bg_color": "81d4fa"}, {"bg_color": "red"}, {"bg_image_url": URL}):
        assert finish(alice_program, **fields).format == "jpg"
        assert params(alice_program, channels="alpha", **fields)["finish"].get("format", "png") == "png"
        assert "format" not in params(alice_program, format="zip", **fields)["finish"]
    for colour in ("81d4fa80", "#fff8", "rgba(1, 2, 3, 0.5)", ""):
        asked = params(alice_program, bg_color=colour)
        assert "format" not in asked["finish"]
        assert asked["jpg_where_opaque"] is True


@pytest.mark.parametrize(
    ("colour", "background"),
    [
        ("81d4fa", "#81d4fa"),
        ("#81d4fa", "#81d4fa"),
        ("fff", "#ffffff"),
        ("f00c", "#ff0000cc"),
        ("81d4fa80", "#81d4fa80"),
        ("#81d4faff", "#81d4fa"),
        ("black", "#000000"),
        ("transparent", ""),
    ],
)
def test_a_colour_may_have_an_alpha(alice_program: Program, colour: str, background: str) -> None:
    assert finish(alice_program, bg_color=colour).background == background


def test_a_picture_behind_comes_as_a_file_or_from_an_address(alice_program: Program) -> None:
    params(alice_program, bg_image_url=URL + "?2")
    backdrop = Task.objects.get().backdrop
    assert backdrop is not None
    assert backdrop.url == URL + "?2"
    params(alice_program, bg_image_file=upload())
    backdrop = Task.objects.get().backdrop
    assert backdrop is not None
    assert (backdrop.width, backdrop.height) == (400, 300)


def test_a_mask_alone_is_of_the_format_that_is_asked_for(alice_program: Program) -> None:
    for format, kept in (("auto", "png"), ("png", "png"), ("jpg", "jpg"), ("webp", "webp")):
        asked = params(alice_program, channels="alpha", format=format)
        assert asked["outputs"] == "mask"
        assert asked.get("mask_format", "png") == kept


def test_a_region_goes_to_the_engine(alice_program: Program) -> None:
    assert "region" not in params(alice_program)
    assert params(alice_program, roi="10% 0 90% 20px")["region"] == ["10%", "0px", "90%", "20px"]


@pytest.mark.parametrize(
    ("fields", "made"),
    [
        ({"crop": "true"}, {"canvas": "content"}),
        ({"crop_margin": "10%"}, {}),  # with crop only
        ({"crop": "true", "crop_margin": "0"}, {"canvas": "content"}),
        (
            {"crop": "1", "crop_margin": "30px"},
            {"canvas": "content", "margins": [30.0] * 4, "margin_of": "px"},
        ),
        # Ten of each side of the subject are a twelfth of a canvas that has them too.
        ({"crop": "true", "crop_margin": "10%"}, {"canvas": "content", "margins": [10 / 120] * 4}),
        (
            {"crop": "true", "crop_margin": "10px 20px"},
            {"canvas": "content", "margins": [20.0, 10.0, 20.0, 10.0], "margin_of": "px"},
        ),
        (
            {"crop": "true", "crop_margin": "1px 2px 3px 4px"},
            {"canvas": "content", "margins": [4.0, 1.0, 2.0, 3.0], "margin_of": "px"},
        ),
        (
            {"crop": "true", "crop_margin": "20px", "position": "0% 100%"},
            {"canvas": "content", "margins": [0.0, 40.0, 40.0, 0.0], "margin_of": "px"},
        ),
        ({"position": "original"}, {}),
        ({"position": "center"}, {"scaling": "keep"}),
        ({"position": "0%"}, {"scaling": "keep", "align": [0.0, 0.0]}),
        ({"position": "25% 100%"}, {"scaling": "keep", "align": [0.25, 1.0]}),
        ({"scale": "original"}, {}),
        ({"scale": "100%"}, {"scaling": "fit", "enlarge": True}),
        ({"scale": "50%"}, {"scaling": "fit", "enlarge": True, "margins": [0.25] * 4}),
        (
            {"scale": "50%", "position": "0% 100%"},
            {
                "scaling": "fit",
                "enlarge": True,
                "align": [0.0, 1.0],
                "margins": [0.0, 0.5, 0.5, 0.0],
            },
        ),
        (
            {"scale": "10%", "position": "100%"},
            {"scaling": "fit", "enlarge": True, "align": [1.0, 1.0], "margins": [0.9, 0.9, 0.0, 0.0]},
        ),
        ({"scale": "50%", "crop": "true"}, {"canvas": "content", "margins": [0.25] * 4}),
        ({"add_shadow": "true"}, {"shadow": "drop"}),
        ({"add_shadow": "true", "shadow_opacity": "30"}, {"shadow": "drop", "shadow_strength": 0.3}),
        ({"shadow_type": "drop"}, {"shadow": "drop"}),
        ({"shadow_type": "drop", "add_shadow": "false"}, {}),
        ({"shadow_type": "none", "add_shadow": "true"}, {}),
    ],
)
def test_frame_and_shadow_become_a_finish(
    alice_program: Program, fields: dict[str, str], made: dict[str, Any]
) -> None:
    asked = params(alice_program, **fields)["finish"]
    asked.pop("version")
    margins, expected = asked.pop("margins", None), made.pop("margins", None) if "margins" in made else None
    assert margins == (pytest.approx(expected) if expected else None)
    assert asked == made


def test_a_scaled_subject_rests_where_it_was_where_that_is_asked(alice_program: Program) -> None:
    asked = params(alice_program, scale="50%", position="original")
    assert (asked["rest"], asked["finish"]["scaling"]) == (True, "fit")
    for fields in ({"scale": "50%"}, {"position": "original"}, {"scale": "50%", "position": "0%"}):
        assert "rest" not in params(alice_program, **fields)


def test_what_is_half_transparent_inside_is_opaque_where_that_is_asked(alice_program: Program) -> None:
    assert params(alice_program, semitransparency="false")["solid"] is True
    for said in ("true", "1", ""):
        assert "solid" not in params(alice_program, semitransparency=said)


# -- How it is sent --------------------------------------------------------------------------------------


def photo_pixels() -> tuple[int, int]:
    photo = Task.objects.get().photo
    return photo.width, photo.height


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n"


ENCODED = base64.b64encode(PICTURE).decode()
WRITTEN = {
    "bare": ENCODED,
    "data URI": f"data:image/png;base64,{ENCODED}",
    "lines": "\r\n".join(ENCODED[at : at + 76] for at in range(0, len(ENCODED), 76)),
    "no padding": ENCODED.rstrip("="),
    "for addresses": base64.urlsafe_b64encode(PICTURE).decode(),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_base64_is_taken_in_every_kind_of_body(alice_program: Program, written: str) -> None:
    text = WRITTEN[written]
    bodies = {
        MULTIPART: part("image_file_b64", text.encode()),
        "application/x-www-form-urlencoded": urlencode({"image_file_b64": text}),
        "application/json": json.dumps({"image_file_b64": text, "crop": True, "size": "auto"}),
    }
    for kind, body in bodies.items():
        Task.objects.all().delete()
        answer = alice_program.post(ADDRESS, body, content_type=kind)
        assert answer.status_code == 503, (kind, answer.content)
        assert photo_pixels() == (400, 300)


def test_a_form_that_forgot_to_escape_its_plus_signs_is_read(alice_program: Program) -> None:
    noisy = png(Image.effect_noise((64, 64), 90).convert("RGB"))
    text = base64.b64encode(noisy).decode()
    assert "+" in text
    alice_program.post(ADDRESS, f"image_file_b64={text}", content_type="application/x-www-form-urlencoded")
    assert photo_pixels() == (64, 64)


def test_all_three_kinds_of_body_ask_for_the_same(alice_program: Program) -> None:
    fields = {"image_url": URL, "crop": True, "size": "full", "bg_color": "fff8", "semitransparency": False}
    text = {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
    alice_program.post(ADDRESS, text)
    alice_program.post(ADDRESS, urlencode(text), content_type="application/x-www-form-urlencoded")
    alice_program.post(ADDRESS + "/", json.dumps(fields), content_type="application/json")
    asked = [task.params for task in Task.objects.all()]
    assert len(asked) == 3
    assert asked == [asked[0]] * 3
    assert asked[0]["finish"]["canvas"] == "content"


def test_a_picture_may_have_22_mb_and_no_more(alice_program: Program) -> None:
    most = 22 * 2**20
    alice_program.post(ADDRESS, {"image_file": upload(PICTURE + bytes(most - len(PICTURE)))})
    assert Task.objects.get().photo.bytes == most
    Task.objects.all().delete()
    Photo.objects.all().delete()
    large = upload(PICTURE + bytes(most + 1 - len(PICTURE)))
    assert refusal(alice_program, image_file=large) == "file_too_large"
    small = upload()
    assert refusal(alice_program, image_file=small, bg_image_file=upload(bytes(most + 1))) == "file_too_large"


def test_thirty_megabytes_of_base64_are_read_and_more_are_not(alice_program: Program) -> None:
    most = 30 * 2**20
    padded = PICTURE + bytes(22 * 2**20 - len(PICTURE))
    text = base64.b64encode(padded).decode()
    assert len(text) < most
    alice_program.post(ADDRESS, json.dumps({"image_file_b64": text}), content_type="application/json")
    assert Task.objects.get().photo.bytes == len(padded)
    Task.objects.all().delete()
    Photo.objects.all().delete()
    for kind, body in (
        ("application/json", json.dumps({"image_file_b64": "A" * (most + 4)})),
        ("application/json", json.dumps({"image_file_b64": "A" * (most + 2**21)})),
        (MULTIPART, part("image_file_b64", b"A" * (most + 4))),
    ):
        answer = alice_program.post(ADDRESS, body, content_type=kind)
        assert check_refusal(answer, 400) == "file_too_large"


def test_the_same_call_again_is_the_same_task(alice_program: Program) -> None:
    for _ in range(2):
        body = json.dumps({"image_file_b64": ENCODED})
        alice_program.post(ADDRESS, body, content_type="application/json", headers={"Idempotency-Key": "one"})
    assert Task.objects.count() == 1


# -- What is answered ------------------------------------------------------------------------------------


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Returns a function that says how orders will end: with a picture, or in a state."""

    def end_so(state: State = State.DONE, sentence: str = "", **facts: Any) -> None:
        def end(task: Task) -> None:
            if state is State.DONE:
                kind = Result.Kind.MASK if task.params["outputs"] == "mask" else Result.Kind.IMAGE
                result_of(task.photo, task=task, kind=kind, thumbnail=False)
            rows = Task.objects.filter(pk=task.pk)
            settlement.end(rows, state, facts=facts, message=sentence, progress=100)

        async def settled(task_id: Any) -> bool:
            from asgiref.sync import sync_to_async

            await sync_to_async(lambda: end(Task.objects.select_related("photo").get(pk=task_id)))()
            return True

        monkeypatch.setattr(long_poll, "wait_until_settled", settled)

    return end_so


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


# -- The account -----------------------------------------------------------------------------------------


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


# -- Its error table -------------------------------------------------------------------------------------

WRONG = [
    ("missing_source", {}),
    ("missing_source", {"image_url": "", "size": "auto"}),
    ("missing_source", {"image_file": "lamp.jpg"}),
    ("multiple_sources", {"image_url": URL, "image_file": upload()}),
    ("multiple_sources", {"image_url": URL, "image_file_b64": ENCODED}),
    ("multiple_sources", {"image_file_b64": ENCODED, "image_file": upload()}),
    ("multiple_sources", {"image_file": [upload(), upload()]}),
    ("multiple_bg_sources", {"image_url": URL, "bg_color": "fff", "bg_image_url": URL}),
    ("multiple_bg_sources", {"image_url": URL, "bg_color": "fff", "bg_image_file": upload()}),
    ("multiple_bg_sources", {"image_url": URL, "bg_image_url": URL, "bg_image_file": upload()}),
    ("failed_to_read_image", {"image_file": upload(b"")}),
    ("failed_to_read_image", {"image_file_b64": "no base64!"}),
    ("failed_to_read_image", {"image_file_b64": "data:image/png;base64,"}),
    ("failed_to_read_image", {"image_file_b64": "A"}),
    ("invalid_image_url", {"image_url": "lamp.jpg"}),
    ("invalid_image_url", {"image_url": "file:///etc/passwd"}),
    ("invalid_image_url", {"image_url": "https://pictures.example/" + "a" * 3000}),
    ("invalid_bg_image_url", {"image_url": URL, "bg_image_url": "ftp://a.example/b.jpg"}),
    ("invalid_size", {"image_url": URL, "size": "huge"}),
    ("invalid_size", {"image_url": URL, "size": "large"}),
    ("invalid_type", {"image_url": URL, "type": "house"}),
    ("invalid_type_level", {"image_url": URL, "type_level": "3"}),
    ("invalid_format", {"image_url": URL, "format": "gif"}),
    ("invalid_format", {"image_url": URL, "format": "zip", "channels": "alpha"}),
    ("invalid_channels", {"image_url": URL, "channels": "rgb"}),
    ("invalid_roi", {"image_url": URL, "roi": "10% 10% 90%"}),
    ("invalid_roi", {"image_url": URL, "roi": "10 10 90 90"}),
    ("invalid_roi", {"image_url": URL, "roi": "-5px 0px 10px 10px"}),
    ("invalid_roi", {"image_url": URL, "roi": "a b c d"}),
    ("roi_exceeds_bounds", {"image_file": upload(), "roi": "0px 0px 401px 300px"}),
    ("roi_exceeds_bounds", {"image_file": upload(), "roi": "0% 0% 100% 101%"}),
    ("roi_exceeds_bounds", {"image_file_b64": ENCODED, "roi": "0px 0px 401px 300px"}),
    ("roi_exceeds_bounds", {"image_url": URL, "roi": "0% 0% 100% 101%"}),
    ("roi_region_empty", {"image_file": upload(), "roi": "10px 10px 10px 200px"}),
    ("roi_region_empty", {"image_file": upload(), "roi": "25% 0% 100px 100%"}),
    ("roi_region_empty", {"image_url": URL, "roi": "20% 0% 20% 100%"}),
    ("invalid_crop", {"image_url": URL, "crop": "maybe"}),
    ("invalid_crop_margin", {"image_url": URL, "crop": "true", "crop_margin": "600px"}),
    ("invalid_crop_margin", {"image_url": URL, "crop_margin": "51%"}),
    ("invalid_crop_margin", {"image_url": URL, "crop_margin": "10px 10px 10px"}),
    ("invalid_crop_margin", {"image_url": URL, "crop_margin": "10px 10%"}),
    ("invalid_crop_margin", {"image_url": URL, "crop_margin": "10"}),
    ("invalid_scale", {"image_url": URL, "scale": "0%"}),
    ("invalid_scale", {"image_url": URL, "scale": "9%"}),
    ("invalid_scale", {"image_url": URL, "scale": "101%"}),
    ("invalid_scale", {"image_url": URL, "scale": "0.5"}),
    ("invalid_scale", {"image_url": URL, "scale": "50%", "crop": "true", "crop_margin": "5%"}),
    ("invalid_position", {"image_url": URL, "position": "101%"}),
    ("invalid_position", {"image_url": URL, "position": "left"}),
    ("invalid_position", {"image_url": URL, "position": "1% 2% 3%"}),
    ("invalid_bg_color", {"image_url": URL, "bg_color": "sky"}),
    ("invalid_bg_color", {"image_url": URL, "bg_color": "12345"}),
    ("invalid_bg_color", {"image_url": URL, "bg_color": "rgba(300, 0, 0, 0.5)"}),
    ("invalid_semitransparency", {"image_url": URL, "semitransparency": "half"}),
    ("invalid_add_shadow", {"image_url": URL, "add_shadow": "much"}),
    ("invalid_shadow_type", {"image_url": URL, "shadow_type": "3D"}),
    ("invalid_shadow_type", {"image_url": URL, "shadow_type": "car", "add_shadow": "true"}),
    ("invalid_shadow_type", {"image_url": URL, "shadow_type": "long"}),
    ("invalid_shadow_opacity", {"image_url": URL, "shadow_opacity": "101"}),
    ("invalid_shadow_opacity", {"image_url": URL, "shadow_opacity": "-1"}),
    # What other documents know and this one does not.
    ("invalid_width", {"image_url": URL, "width": "500"}),
    ("invalid_shadow.mode", {"image_url": URL, "shadow.mode": "ai.soft"}),
]


@pytest.mark.parametrize(
    ("code", "fields"), WRONG, ids=[f"{code}-{number}" for number, (code, _) in enumerate(WRONG)]
)
def test_a_wrong_call_has_its_code_and_leaves_nothing_behind(
    alice_program: Program, code: str, fields: dict[str, Any]
) -> None:
    assert refusal(alice_program, **fields) == code


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '"a"', "[" * 10_000, '{"roi": ' * 10_000, f"[{'0,' * 1_000_000}0]"],
    ids=["broken", "list", "text", "deep", "deep objects", "many"],
)
def test_a_body_of_bad_json_is_refused(alice_program: Program, body: str) -> None:
    answer = alice_program.post(ADDRESS, body, content_type="application/json")
    assert check_refusal(answer, 400) == ""
    assert "JSON" in answer.json()["errors"][0]["title"]


def test_a_value_of_json_that_is_no_text_is_refused_by_name(alice_program: Program) -> None:
    for name, value in (("size", ["auto"]), ("roi", {"x": 1}), ("image_url", 5), ("image_file_b64", [1])):
        fields = {"image_url": URL} if name != "image_file_b64" else {}
        assert refusal(alice_program, "application/json", **{**fields, name: value})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a" + bytes(100), "invalid_file_type"),
        (b"no picture at all", "invalid_file_type"),
        (png(Image.new("1", (8000, 6251))), "resolution_too_high"),
    ],
)
def test_an_upload_that_is_no_picture_that_is_taken_has_its_code(
    alice: User, alice_program: Program, content: bytes, code: str
) -> None:
    before = ledger.get_balance(alice)
    answer = alice_program.post(ADDRESS, {"image_file": upload(content)})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
    assert ledger.get_balance(alice) == before
    assert "X-Credits-Charged" not in answer


FAILURES = [
    (State.NOT_A_PICTURE, {"image_file": upload()}, "failed_to_read_image"),
    (State.NOTHING_FOUND, {"image_file": upload()}, "unknown_foreground"),
    (State.UNSUITABLE, {"image_file": upload()}, "invalid_dimensions"),
    (State.NOT_FETCHED, {"image_url": URL}, "failed_image_download"),
    (State.OVER_URL_LIMIT, {"image_url": URL}, "file_too_large"),
    (State.NOT_A_PICTURE, {"image_url": URL}, "invalid_file_type"),
    (State.UNSUITABLE, {"image_url": URL}, "resolution_too_high"),
    (State.NOT_FETCHED, {"image_file": upload(), "bg_image_url": URL}, "failed_bg_download"),
    (State.NOT_FETCHED, {"image_url": URL, "bg_image_url": URL}, "failed_image_download"),
]


@pytest.mark.parametrize(("state", "fields", "code"), FAILURES)
def test_what_fails_has_its_code_and_costs_nothing(
    alice: User,
    alice_program: Program,
    carried_out: Callable[..., None],
    state: State,
    fields: dict[str, Any],
    code: str,
) -> None:
    carried_out(state)
    before = ledger.get_balance(alice)
    answer = alice_program.post(ADDRESS, fields)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert error["title"] == state.sentence
    assert ledger.get_balance(alice) == before


@pytest.mark.parametrize(
    ("roi", "code"),
    [("0px 0px 61px 40px", "roi_exceeds_bounds"), ("50% 0% 30px 100%", "roi_region_empty")],
)
def test_a_region_of_a_picture_that_was_fetched_is_judged_by_its_size(
    alice: User, alice_program: Program, roi: str, code: str
) -> None:
    task = Task.objects.create(
        owner=alice,
        photo=photo_of(alice),
        tool="cutout",
        state=State.UNSUITABLE,
        params={"region": roi.split()},
    )
    assert views.name_failure(task) == code


def test_our_own_failures_are_no_fault_of_the_call(
    alice_program: Program, carried_out: Callable[..., None]
) -> None:
    for state in (State.FAILED, State.NO_RESOURCES, State.TOO_SLOW, State.NOT_ARCHIVED):
        carried_out(state)
        answer = alice_program.post(ADDRESS, {"image_url": URL})
        assert (answer.status_code, answer.json()["errors"]) == (500, [{"title": state.sentence}])


@pytest.mark.parametrize("shown", ["none", "wrong", "revoked", "suspended"])
@pytest.mark.parametrize(("method", "path"), [("post", ADDRESS), ("get", "/v1.0/account")])
def test_without_a_good_key_nobody_comes_in(
    alice: User, alice_program: Program, shown: str, method: str, path: str
) -> None:
    key, secret = ApiKey.make(alice)
    if shown == "revoked":
        key.revoke()
    if shown == "suspended":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    headers = {"X-API-KEY": {"none": "", "wrong": "A" * 43}.get(shown, secret)}
    answer, _ = alice_program.ask(
        method, path, {"image_url": URL} if method == "post" else None, headers=headers
    )
    assert check_refusal(answer, 403) == "auth_failed"


def test_a_key_is_shown_in_either_way(alice_program: Program, carried_out: Callable[..., None]) -> None:
    carried_out()
    secret = alice_program.secret
    for headers in ({"Authorization": f"Bearer {secret}"}, {"x-api-key": secret}, {"X-Api-Key": secret}):
        answer, _ = alice_program.ask(
            "post", ADDRESS, {"image_url": URL}, headers={"X-API-KEY": "", **headers}
        )
        assert answer.status_code == 200


def test_too_few_credits_are_402(alice: User, alice_program: Program) -> None:
    ledger.correct(alice, -(ledger.get_balance(alice) or 0), reason="all are gone")
    answer = alice_program.post(ADDRESS, {"image_url": URL})
    assert check_refusal(answer, 402) == "insufficient_credits"


def test_a_tool_that_is_not_in_the_plan_is_not_for_this_key(alice: User, alice_program: Program) -> None:
    plan = Plan.objects.default()
    plan.tools = ["erase"]
    plan.save()
    assert check_refusal(alice_program.post(ADDRESS, {"image_url": URL}), 403) == "auth_failed"


def test_what_is_not_done_in_time_is_cancelled_and_free(alice: User, alice_program: Program) -> None:
    before = ledger.get_balance(alice)
    answer = alice_program.post(ADDRESS, {"image_url": URL})
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["title"]
    assert answer["Retry-After"]
    assert Task.objects.get().status is State.CANCELLED
    assert ledger.get_balance(alice) == before


def test_other_methods_and_addresses_are_told_in_its_shape(alice_program: Program) -> None:
    for method, path, status in (
        ("get", ADDRESS, 405),
        ("put", ADDRESS, 405),
        ("head", ADDRESS, 405),
        ("post", "/v1.0/account", 405),
        ("get", "/v1.0/nothing", 404),
        ("post", "/v1.0", 404),
    ):
        answer, body = alice_program.ask(method, path)
        assert answer.status_code == status, path
        if body:
            assert json.loads(body)["errors"][0]["title"]
    assert alice_program.ask("head", "/v1.0/account")[0].status_code == 200
    for path, allowed in ((ADDRESS, "POST, OPTIONS"), ("/v1.0/account", "GET, HEAD, OPTIONS")):
        answer, _ = alice_program.ask("options", path)
        assert (answer.status_code, answer["Allow"]) == (200, allowed)


def test_the_code_that_places_orders_is_the_same_for_all(alice_program: Program) -> None:
    """One order, one ledger: what a dialect asks for is a cutout like any other."""
    params(alice_program)
    task = Task.objects.get()
    assert (task.tool, task.credits) == ("cutout", orders.cost("cutout", task.params))
    assert task.api_key == alice_program.key


# -- A whole studio --------------------------------------------------------------------------------------


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
