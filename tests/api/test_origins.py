"""Pages of other sites that call from a browser: of the listed origins, with a key, never by a cookie."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from accounts.models import User
from editor.api.access import rate_limit
from editor.api.errors import ApiError
from editor.api.reference.openapi import build_document
from editor.files import signed_urls
from editor.work import orders
from picwish_site.server.body_limit import most_bytes
from tests.editor.files.files_out import photo_of, result_of
from tests.support.served import call
from web import api_errors, environment

from .conftest import VISUAL, Program

SHOP, OTHER = "https://shop.example", "https://evil.example"
NO_TASK = "0c37b0a8-5be0-4b0e-8b0b-2d5d2d5f9f5b"
CALLS = [
    (method.upper(), path.replace("{task_id}", NO_TASK))
    for path, operations in build_document()["paths"].items()
    for method in operations
]
SIGNED = "/results/signed/{}"


def ask(method: str, path: str, origin: str = SHOP, **options: Any) -> Any:
    headers = {"Origin": origin} | options.pop("headers", {})
    return call(method, path, origins=(SHOP,), headers=headers, **options)


def preflight(path: str, method: str, origin: str = SHOP, **options: Any) -> Any:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-api-key, x-client"}
    return ask("OPTIONS", path, origin, headers=asked, **options)


def check_readable(answer: Any) -> None:
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Origin" in answer.headers.get_list("Vary", split_commas=True)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    exposed = answer.headers["Access-Control-Expose-Headers"]
    for name in ("Retry-After", "X-Request-ID", "X-Image-Width", "Content-Range", "Content-Disposition"):
        assert name in exposed


@pytest.fixture
def signed(alice: User) -> str:
    """The path of a result's own address."""
    return signed_urls.sign_path(result_of(photo_of(alice)))


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), [*CALLS, ("GET", SIGNED.format("a/cutout.png"))])
def test_a_browser_that_asks_first_is_told_that_it_may(method: str, path: str) -> None:
    answer = preflight(path, method)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Length" not in answer.headers  # RFC 9110, 8.6
    check_readable(answer)
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert answer.headers["Access-Control-Allow-Headers"] == "x-api-key, x-client"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_the_answer_can_be_read_also_where_there_is_no_key_or_another_method_is_meant(
    method: str, path: str
) -> None:
    answer = ask(method, path)
    check_readable(answer)
    # Some documents know no 401: a missing key is as a wrong one there.
    shut_out, _, _ = ApiError(401, "").told(path)
    assert answer.status_code == (200 if path == "/api/openapi.json" else shut_out)
    other = ask("DELETE", path)
    check_readable(other)
    assert other.status_code == 405


def test_every_refusal_can_be_read(
    alice_program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = {"X-API-KEY": alice_program.secret}
    create = f"{VISUAL}segmentation"
    refused = {
        400: ask("POST", create, headers=key),
        401: ask("POST", create, headers={"X-API-KEY": "wrong"}),
        404: ask("GET", f"{create}/{NO_TASK}", headers=key),
        413: ask("POST", create, headers=key | {"Content-Length": str(most_bytes(create) + 1)}),
    }
    monkeypatch.setattr(rate_limit, "get_rate", lambda key: 0)
    refused[429] = [ask("GET", f"{create}/{NO_TASK}", headers=key) for _ in range(9)][-1]
    monkeypatch.undo()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a slip")

    monkeypatch.setattr(orders, "place", broken)
    refused[500] = ask("POST", create, data={"image_url": "https://pictures.example/a.jpg"}, headers=key)
    for status, answer in refused.items():
        assert answer.status_code == status
        check_readable(answer)
        assert answer.json()["message"]


def test_the_short_way_of_polls_can_be_read(alice_program: Program) -> None:
    task = alice_program.ordered(image_url="https://pictures.example/a.jpg")
    for method in ("GET", "HEAD"):
        answer = ask(method, f"{VISUAL}segmentation/{task.pk}", headers={"X-API-KEY": alice_program.secret})
        assert answer.status_code == 200
        check_readable(answer)


def test_a_picture_can_be_fetched_by_its_own_address_whole_and_in_parts(signed: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(method, signed)
        assert answer.status_code == 200
        check_readable(answer)
    check_readable(ask("GET", signed + "x/y"))
    assert ask("GET", SIGNED.format("nothing")).status_code == 404
    check_readable(ask("GET", SIGNED.format("nothing")))


def test_what_a_page_kept_for_itself_is_not_given_to_another(signed: str) -> None:
    """An <img> asks without an origin; a cache that gave its answer to fetch() would break that."""
    answer = call("GET", signed, origins=(SHOP,))
    assert "Origin" in answer.headers.get_list("Vary", split_commas=True)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin", [OTHER, "null", "https://shop.example.evil.example", "http://shop.example"]
)
def test_who_is_not_listed_reads_nothing(origin: str) -> None:
    for answer in (
        preflight("/v1/remove", "POST", origin),
        ask("POST", "/v1/remove", origin),
        ask("GET", SIGNED.format("a"), origin),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Headers" not in answer.headers


@pytest.mark.django_db
def test_by_default_nobody_is_listed(settings: Any) -> None:
    assert settings.CORS_ORIGINS == []
    answer = call("GET", "/v1/me", headers={"Origin": SHOP})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.django_db
def test_a_star_lets_every_page_call() -> None:
    for headers in ({"Origin": OTHER}, {}):
        answer = call("GET", "/v1/me", origins=("*",), headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": OTHER, "Access-Control-Request-Method": "POST"}
    assert call("OPTIONS", "/v1/remove", origins=("*",), headers=asked).status_code == 204


def test_a_cookie_opens_nothing_from_there(alice_client: Client) -> None:
    name = settings.SESSION_COOKIE_NAME
    cookie = {"Cookie": f"{name}={alice_client.cookies[name].value}"}
    assert ask("GET", "/v1/me", headers=cookie).status_code == 401
    for path in ("/editor/", "/gallery/", "/account/keys/", "/healthz"):
        assert "Access-Control-Allow-Origin" not in ask("GET", path, headers=cookie).headers


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_who_asks_by_options_alone_is_told_the_methods(method: str, path: str) -> None:
    answer = call("OPTIONS", path)
    assert answer.status_code == 200
    assert method in answer.headers["Allow"].split(", ")
    assert answer.content == b""


@pytest.mark.parametrize(
    "given",
    ["shop.example", "https://shop.example/page", "ftp://shop.example", "https://", "null", "*.example"],
)
def test_what_is_no_origin_stops_the_start_with_its_name(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CORS_ORIGINS"):
        environment.origins([given])


def test_origins_are_kept_as_browsers_write_them() -> None:
    given = ["https://Shop.example/", " http://10.0.0.7:3000", "*", ""]
    assert environment.origins(given) == [SHOP, "http://10.0.0.7:3000", "*"]


def test_a_page_may_read_what_a_dialect_s_answers_tell_of_the_picture() -> None:
    for family in api_errors.FAMILIES:
        for beginning in family.beginnings:
            exposed = ask("GET", f"{beginning}nothing").headers["Access-Control-Expose-Headers"].split(", ")
            assert {"X-RateLimit-Remaining", *family.exposed} <= set(exposed)
    told = ask("GET", "/v1.0/nothing").headers["Access-Control-Expose-Headers"]
    assert "X-Credits-Charged" in told
    assert "X-Foreground-Top" in told
    assert "X-Credits-Charged" not in ask("GET", "/v1/nothing").headers["Access-Control-Expose-Headers"]
