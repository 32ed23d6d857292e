"""Who signs out at the provider is signed out here, and nobody else is by a token that says so."""

import time
from datetime import timedelta
from typing import Any
from unittest import mock

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.identity import logout
from accounts.models import AuditEntry, SingleUse, User
from accounts.protection import single_use, throttle
from tests.accounts.sign_in.test_sign_in import signed_in_id
from tests.conftest import PASSWORD

from .provider import CLIENT_ID, Provider, come_in

ENDED = reverse("accounts:oidc-ended", args=["acme"])
EVENT = {"http://schemas.openid.net/event/backchannel-logout": {}}
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def make_token(acme: Provider, key: Any = None, algorithm: str = "RS256", **changes: Any) -> str:
    now = int(time.time())
    said = {"iss": acme.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": f"{time.time_ns()}"}
    said |= {"sub": "42", "events": EVENT, **changes}
    said = {name: value for name, value in said.items() if value is not None}
    headers = {"kid": "one", "typ": "logout+jwt"}
    return jwt.encode(said, None if algorithm == "none" else key or acme.key, algorithm, headers=headers)


def send(token: str) -> Any:
    """Send a token as a provider does: without a cookie, and with no token of a page."""
    return Client(enforce_csrf_checks=True).post(ENDED, {"logout_token": token})


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


@pytest.fixture
def ann(acme: Provider) -> Client:
    client = Client()
    come_in(client, acme)
    assert is_in(client)
    return client


def test_a_persons_sessions_end_however_they_were_begun(ann: Client, acme: Provider) -> None:
    elsewhere, user = Client(), User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    come_in(ann, acme)
    elsewhere.force_login(user)
    response = send(make_token(acme))
    assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)
    assert not is_in(ann)
    assert not is_in(elsewhere)
    last = AuditEntry.objects.order_by("pk").last()
    assert last
    assert (last.by, last.action) == ("Acme", "signed out everywhere by a provider")


def test_of_one_session_there_what_was_begun_by_it_ends(ann: Client, acme: Provider) -> None:
    acme.token = {"sid": "at the office"}
    office, home = Client(), Client()
    come_in(office, acme)
    acme.token = {"sid": "at home"}
    come_in(home, acme)
    assert send(make_token(acme, sid="at the office")).status_code == 200
    assert (is_in(office), is_in(home), is_in(ann)) == (False, True, True)
    # Without saying whose it is, and about one that is over.
    assert send(make_token(acme, sid="at home", sub=None)).status_code == 200
    assert send(make_token(acme, sid="at home", sub=None)).status_code == 200
    assert (is_in(home), is_in(ann)) == (False, True)


def test_somebody_elses_sessions_go_on(ann: Client, acme: Provider, alice_client: Client) -> None:
    acme.token = {"sid": "at home"}
    come_in(ann, acme)
    assert send(make_token(acme, sub="7")).status_code == 200
    assert send(make_token(acme, sub="7", sid="at home")).status_code == 200
    assert is_in(ann)
    assert send(make_token(acme)).status_code == 200
    assert (is_in(ann), is_in(alice_client)) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "another studio"},
        {"aud": [CLIENT_ID, "another"]},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"iat": None},
        {"jti": None},
        {"jti": ""},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"events": ["http://schemas.openid.net/event/backchannel-logout"]},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": True}},
        {"nonce": "x"},
        {"sub": None},
        {"sid": 7},
    ],
)
def test_a_token_that_is_not_whole_ends_nothing(ann: Client, acme: Provider, changes: dict[str, Any]) -> None:
    response = send(make_token(acme, **changes))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert is_in(ann)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("none", None), ("HS256", b"a secret of the studio's, and longer"), ("RS256", OTHER_KEY)],
)
def test_nor_does_one_that_the_provider_did_not_sign(
    ann: Client, acme: Provider, algorithm: str, key: Any
) -> None:
    assert send(make_token(acme, key, algorithm)).status_code == 400
    assert send("no token").status_code == 400
    assert Client().post(ENDED).status_code == 400
    assert Client().get(ENDED).status_code == 405
    assert is_in(ann)


def test_a_token_works_once(ann: Client, acme: Provider) -> None:
    token = make_token(acme)
    assert send(token).status_code == 200
    come_in(ann, acme)
    assert send(token).status_code == 400
    assert is_in(ann)


def test_it_works_once_whichever_web_process_gets_it(
    ann: Client, acme: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not at all where the sessions could not be ended: the provider sends it once more."""
    token = make_token(acme)
    with monkeypatch.context() as patch:
        patch.setattr(logout, "end_all", mock.Mock(side_effect=OSError("in the middle")))
        with pytest.raises(OSError, match="in the middle"):
            logout.end_sessions(settings.IDENTITY_PROVIDERS["acme"], token)
    assert send(token).status_code == 200
    throttle.get_limiter.cache_clear()  # what a process counts for itself
    come_in(ann, acme)
    assert send(token).status_code == 400
    assert is_in(ann)


def test_what_counted_once_is_forgotten_when_it_is_not_right_any_more(db: None) -> None:
    assert single_use.is_first_use("123456", timedelta(minutes=-1))
    assert single_use.is_first_use("654321")
    assert not single_use.is_first_use("654321")
    assert single_use.is_first_use("123456", timedelta(minutes=-1))
    assert single_use.forget_old() == 1
    assert SingleUse.objects.count() == 1


def test_an_id_token_ends_nothing(ann: Client, acme: Provider) -> None:
    assert send(make_token(acme, events=None, jti=None, nonce="n")).status_code == 400
    assert is_in(ann)


def test_a_provider_that_is_down_is_asked_to_send_it_again(ann: Client, acme: Provider) -> None:
    acme.key = rsa.generate_private_key(65537, 2048)
    acme.is_down = True
    assert send(make_token(acme)).status_code == 503
    acme.is_down = False
    assert is_in(ann)


def test_nonsense_is_not_checked_without_end(
    ann: Client, acme: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "NO_LOGOUTS", "2/minute")
    assert [send("no token").status_code for _ in range(3)] == [400, 400, 429]
    assert signed_in_id(ann)
