"""remove.bg's error table, each code provoked."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from accounts import ledger
from accounts.models import ApiKey, Plan, User
from editor.api.dialects.removebg import views
from editor.models import Task
from editor.states import State
from editor.work import orders
from tests.editor.files.files_out import photo_of

from .conftest import Program, png
from .removebg_calls import ADDRESS, ENCODED, URL, check_refusal, params, refusal, upload

pytestmark = pytest.mark.usefixtures("no_patience")


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
