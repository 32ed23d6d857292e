"""Ann, whom a provider of identity vouches for and who has no password, does grave things too."""

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

from .provider import BACK, BEGIN, Provider, come_in
from .test_oidc import ann

DELETE, PROVE = reverse("accounts:delete"), reverse("accounts:prove")


@pytest.fixture
def stale(client: Client, acme: Provider, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Ann's browser, an hour after she signed in."""
    come_in(client, acme)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()
    return client


def prove(client: Client, acme: Provider) -> Any:
    response = client.post(BEGIN, {"process": "prove", "next": DELETE})
    address = response["Refresh"].removeprefix("0;url=")
    assert "prompt=login" in address
    return client.get(BACK, acme.authorize(address))


def test_who_has_just_signed_in_is_not_asked_again(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    page = client.get(DELETE)
    assert page.status_code == 200
    assert "password" not in page.context["form"].fields
    client.post(DELETE, {"email": "ann@shop.example"})
    assert not User.objects.exists()


def test_later_she_signs_in_at_her_provider_again(stale: Client, acme: Provider) -> None:
    for address in (DELETE, reverse("accounts:email-change"), reverse("accounts:password-change")):
        assert stale.post(address, {"email": "ann@shop.example"})["Location"].startswith(PROVE)
    page = stale.get(PROVE, {"next": DELETE}).content.decode()
    assert "Sign in with Acme again" in page
    # Nothing typed there is a proof, since she has nothing to type.
    assert stale.post(PROVE, {"next": DELETE}).status_code in (200, 422)
    assert stale.get(DELETE).status_code == 302
    assert prove(stale, acme)["Location"] == DELETE
    assert stale.get(DELETE).status_code == 200


def test_another_person_of_the_provider_proves_nothing(stale: Client, acme: Provider) -> None:
    acme.claims |= {"sub": "7", "email": "bea@shop.example"}
    assert prove(stale, acme).status_code == 403
    assert stale.get(DELETE).status_code == 302
    assert User.objects.get() == ann()


def test_she_sets_a_password_and_then_needs_no_provider(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    client.post(reverse("accounts:password-change"), {"new_password": PASSWORD})
    assert ann().check_password(PASSWORD)
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.post(PROVE, {"password": PASSWORD, "next": DELETE})["Location"] == DELETE
    assert client.post(PROVE, {"password": "wrong"}).status_code == 422
