"""An archive of a whole folder comes in from who is signed in, and from nobody else, whatever it says."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.test import Client

from accounts.models import User
from editor.files.large_uploads import MOST_ARCHIVE_BYTES, LargeUploads
from picwish_site.server.body_limit import count_seconds, most_bytes

PATH = "/catalogue/runs/c0ffee/files/"
LARGE = 500 * 2**20


def ask(length: int | None, cookie: str = "", path: str = PATH) -> int:
    """Return the status that a POST of so many bytes is answered with; 200 is the studio's beyond."""
    sent: list[dict[str, Any]] = []

    async def studio(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("Nothing of the body is read here.")

    headers = [(b"content-length", str(length).encode())] if length is not None else []
    headers += [(b"cookie", cookie.encode())] if cookie else []
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    async_to_sync(LargeUploads(studio))(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def test_a_large_body_is_taken_from_who_is_signed_in(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    name = settings.SESSION_COOKIE_NAME
    assert ask(LARGE, f"{name}={client.cookies[name].value}") == 200
    client.logout()
    assert ask(LARGE, f"{name}=made-up") == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie",
    ["", "of=another", "\x7f;;==", f"{settings.SESSION_COOKIE_NAME}="],
    ids=["none", "another", "nonsense", "empty"],
)
def test_a_stranger_sends_no_more_than_a_photo(cookie: str) -> None:
    assert ask(LARGE, cookie) == 401
    assert ask(None, cookie) == 401, "who does not say how much it is may send very much"
    assert ask(10 * 2**20, cookie) == 200, "the view says what is to be said of that"
    assert ask(LARGE, cookie, "/editor/photos/") == 200, "the cap on bodies refuses it"


def test_a_run_takes_more_than_other_pages_and_in_more_time() -> None:
    assert most_bytes(PATH) > MOST_ARCHIVE_BYTES > most_bytes("/editor/photos/")
    assert count_seconds(PATH, 300) > 10 * count_seconds("/editor/photos/", 300) == 3000
