"""Alice sees where she is signed in, and ends what she does not know."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.identity.places import describe_device
from accounts.models import User
from tests.accounts.sign_in.test_sign_in import sign_in, signed_in_id
from tests.conftest import PASSWORD

PLACES, PROFILE = reverse("accounts:places"), reverse("accounts:profile")
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
)


def come_in(agent: str = "", **more: str) -> Client:
    client = Client(headers={"user-agent": agent}, **more)
    assert sign_in(client, "alice@example.com").status_code == 302
    return client


def listed(client: Client) -> list[Any]:
    return client.get(PLACES).context["places"]


def is_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == 200


def test_each_browser_is_listed_with_where_it_is(alice: User) -> None:
    phone, desk = come_in(PHONE, REMOTE_ADDR="10.0.0.7"), come_in("curl/8")
    here, other = listed(desk)
    assert (here.is_here, here.device) == (True, "Unknown browser")
    assert (other.is_here, other.device, other.machine) == (False, "Safari on iPhone", "10.0.0.7")
    assert "this browser" in desk.get(PLACES).content.decode()
    assert len(listed(phone)) == 2


def test_one_is_ended_and_the_others_go_on(alice: User) -> None:
    phone, desk = come_in(), come_in()
    other = listed(desk)[1]
    desk.post(reverse("accounts:place-end", args=[other.id]))
    assert (is_in(phone), is_in(desk), len(listed(desk))) == (False, True, 1)


def test_all_others_end_those_too_that_were_never_noted(alice: User) -> None:
    old = Client()
    old.force_login(alice)
    phone, desk = come_in(), come_in()
    desk.post(reverse("accounts:places-end-others"))
    assert [is_in(client) for client in (old, phone, desk)] == [False, False, True]
    assert [place.is_here for place in listed(desk)] == [True]


def test_what_is_over_is_not_listed(alice: User) -> None:
    phone, desk, gone = come_in(), come_in(), come_in()
    gone.post(reverse("accounts:sign-out"))
    assert len(listed(desk)) == 2
    desk.post(
        reverse("accounts:password-change"), {"password": PASSWORD, "new_password": "another battery horse"}
    )
    assert [place.is_here for place in listed(desk)] == [True]
    assert not is_in(phone)


def test_nobody_ends_somebody_elses(alice: User, bob_client: Client) -> None:
    desk = come_in()
    assert bob_client.post(reverse("accounts:place-end", args=[listed(desk)[0].id])).status_code == 404
    assert bob_client.get(reverse("accounts:place-end", args=[1])).status_code == 405
    assert is_in(desk)
    assert signed_in_id(Client()) is None


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605",
            "Safari on Mac",
        ),
        ("", "Unknown browser"),
        ("<script>", "Unknown browser"),
    ],
)
def test_a_device_is_told_in_a_few_words(agent: str, said: str) -> None:
    assert describe_device(agent) == said
