"""What a person or a program sees when something goes wrong outside any one page."""

import asyncio
from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import User
from picwish_site.server.body_limit import BodyLimit, most_bytes
from web import environment, error_pages


def test_an_address_that_is_none_is_a_page_with_a_way_on(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert b"Nothing here" in answer.content
    assert b"<html" in answer.content


def test_a_script_gets_the_sentence_alone(client: Client) -> None:
    answer = client.get("/nothing/here/", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")


def test_a_server_error_never_shows_a_trace(rf: RequestFactory) -> None:
    answer = error_pages.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"Traceback" not in answer.content


def test_the_admins_desk_is_entered_by_the_studios_own_door(client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/sign-in/?next=/admin/")


def test_who_is_no_staff_is_told_so_at_the_admins_desk(alice_client: Client) -> None:
    answer = alice_client.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_staff_gets_to_the_admins_desk(alice: User, client: Client) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client.force_login(alice)
    assert client.get("/admin/").status_code == 200


def test_every_page_says_where_it_may_load_from(client: Client) -> None:
    answer = client.get("/account/sign-in/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "HX-Request" in answer["Vary"]
    assert "microphone=()" in answer["Permissions-Policy"]


def test_the_sign_of_life_answers_anybody(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


# -- The cap on bodies --------------------------------------------------------------------------


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads a whole body and says how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def answer_to(chunks: list[bytes], headers: list[tuple[bytes, bytes]] | None = None, stall: float = 0) -> Any:
    """Send a body in chunks through the cap; return status and body of the answer."""
    sent: list[Any] = []
    waiting = list(chunks)

    async def receive() -> Any:
        if stall and len(waiting) == 1:
            await asyncio.sleep(stall)
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/editor/photos/", "headers": headers or []}
    limited = BodyLimit(reading, most=lambda path: 100, idle=0.2, total=1)
    asyncio.run(limited(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_a_body_within_the_cap_passes_untouched() -> None:
    assert answer_to([b"a" * 60, b"b" * 40]) == (200, b"100")


@pytest.mark.parametrize(
    ("chunks", "headers"),
    [
        ([b"a" * 60, b"b" * 41], []),
        ([b"a" * 60, b"b" * 41], [(b"content-length", b"10")]),
        ([b""], [(b"content-length", b"2000000000")]),
    ],
    ids=["streamed without end", "lying length", "2 GB announced"],
)
def test_a_body_over_the_cap_is_cut_off(chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> None:
    status, body = answer_to(chunks, headers)
    assert status == 413
    assert b"60 MB" in body


def test_a_stalled_upload_is_let_go() -> None:
    status, body = answer_to([b"a", b"b", b"c"], stall=0.5)
    assert status == 408
    assert b"again" in body


# -- Forms that do not show where they come from ----------------------------------------------------

SIGN_IN = "/account/sign-in/"


def refused(client: Client, **headers: str) -> str:
    """Send the sign-in form as it should not be sent; return what the page says."""
    answer = client.post(SIGN_IN, {"csrfmiddlewaretoken": "x" * 64}, headers=headers)
    assert answer.status_code == 403
    return answer.content.decode()


def test_a_form_without_its_cookie_is_told_of_cookies(db: None) -> None:
    page = refused(Client(enforce_csrf_checks=True))
    assert "sent no cookie of http://testserver" in page
    assert "Allow cookies" in page
    assert "signed in or out" not in page


def test_and_of_the_studios_own_address_if_it_was_opened_under_another(db: None, settings: Any) -> None:
    page = refused(Client(enforce_csrf_checks=True))
    assert f"open the studio at {settings.SITE_URL}" in page
    settings.SITE_URL = "http://testserver"
    assert "open the studio at" not in refused(Client(enforce_csrf_checks=True))


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://testserver:81", "null"])
def test_a_form_from_another_address_is_told_which_is_right(db: None, settings: Any, origin: str) -> None:
    page = refused(Client(enforce_csrf_checks=True), Origin=origin)
    assert settings.SITE_URL in page
    assert "CSRF_TRUSTED_ORIGINS" in page
    assert (origin == "null") != (origin in page)


def test_over_tls_without_a_referrer_it_is_told_of_that(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(SIGN_IN, {}, secure=True)
    assert answer.status_code == 403
    assert "referrer" in answer.content.decode()


def test_a_form_of_an_old_page_is_told_to_load_it_anew(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(SIGN_IN)
    page = refused(client)
    assert "signed in or out in another tab" in page
    assert "Load it anew" in page
    assert "cookie" not in page.lower().replace("data-csrf-cookie", "")


def test_a_name_that_the_studio_does_not_go_by_is_told_its_own(client: Client, settings: Any) -> None:
    answer = client.get("/", headers={"Host": "printer.example"})
    assert answer.status_code == 400
    assert settings.SITE_URL in answer.content.decode()
    assert "ALLOWED_HOSTS" in answer.content.decode()


def test_cookies_are_named_for_the_installation() -> None:
    names = {
        environment.cookie_prefix(key, site)
        for key in ("k" * 50, "l" * 50)
        for site in ("http://127.0.0.1:8000", "http://127.0.0.1:8001")
    }
    assert len(names) == 4


def test_people_may_send_larger_pictures_than_programs() -> None:
    assert most_bytes("/editor/photos/") > 60 * 2**20
    assert most_bytes("/editor/photos/00000000-0000-0000-0000-000000000000/erase/") > 120 * 2**20
    assert most_bytes("/api/tasks/visual/head-extraction-of-nobody") < 30 * 2**20
