"""Alice moves her account to another address: by a letter to it, or at once where none can be sent."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.emails import address_change
from accounts.models import User
from tests.accounts.sign_in.test_sign_in import signed_in_id
from tests.conftest import PASSWORD

from .test_profile import PROFILE

EMAIL_CHANGE = reverse("accounts:email-change")
NEW = {"email": "Alice@Shop.example", "password": PASSWORD}


# -- Where no letters arrive -----------------------------------------------------------------------


@pytest.mark.usefixtures("letters_at_once")
def test_alice_changes_her_address_and_the_old_one_is_told(alice_client: Client, alice: User) -> None:
    response = alice_client.post(EMAIL_CHANGE, {"email": "Alice@Shop.example", "password": PASSWORD})
    assert response["Location"] == PROFILE
    assert User.objects.get().email == "alice@shop.example"
    assert signed_in_id(alice_client) == str(alice.pk)
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    assert "alice@shop.example" not in str(mail.outbox[0].message())


@pytest.mark.parametrize(
    ("email", "password", "field", "code"),
    [
        ("new@example.com", "wrong", "password", "wrong_password"),
        ("new@example.com", "", "password", "required"),
        ("new@example.com", "x" * 10_000, "password", "max_length"),
        ("BOB@example.com", PASSWORD, "email", "unique"),
        ("new@example.com\nBcc: x@example.com", PASSWORD, "email", "invalid"),
        ("a" * 10_000 + "@example.com", PASSWORD, "email", "max_length"),
    ],
)
def test_a_bad_change_of_address_is_refused(
    alice_client: Client, alice: User, bob: User, email: str, password: str, field: str, code: str
) -> None:
    response = alice_client.post(EMAIL_CHANGE, {"email": email, "password": password})
    assert response.status_code == 422
    assert response.context["form"].has_error(field, code)
    assert User.objects.get(pk=alice.pk).email == response.context["user"].email == "alice@example.com"


def test_the_slower_of_two_at_once_does_not_move(alice: User, bob: User) -> None:
    assert not address_change.move(alice, bob.email)
    assert User.objects.get(pk=alice.pk).email == "alice@example.com"


# -- Where letters arrive --------------------------------------------------------------------------


@pytest.fixture
def by_letter(settings: Any, letters_at_once: None) -> None:
    settings.LETTERS_ARRIVE = True


def link_in(letter: Any) -> str:
    found = re.search(r"/account/email-change/\S+", letter.body)
    assert found is not None
    return found[0]


@pytest.mark.usefixtures("by_letter")
def test_the_link_in_the_letter_moves_it_and_works_once(
    client: Client, alice_client: Client, alice: User
) -> None:
    assert alice_client.post(EMAIL_CHANGE, NEW)["Location"] == PROFILE
    assert User.objects.get().email == "alice@example.com"
    letter = mail.outbox.pop()
    assert letter.to == ["alice@shop.example"]
    # Whichever device reads the mail; and a mail program that looks at links moves nothing.
    assert client.get(link_in(letter)).status_code == 200
    assert User.objects.get().email == "alice@example.com"
    client.post(link_in(letter))
    assert User.objects.get().email == "alice@shop.example"
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    assert client.post(link_in(letter)).status_code == 410


@pytest.mark.usefixtures("by_letter")
@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password": "another"}, {"email": "x@example.com"}]
)
def test_the_link_ends_with_what_it_was_asked_for_upon(
    client: Client, alice_client: Client, alice: User, change: dict[str, Any]
) -> None:
    alice_client.post(EMAIL_CHANGE, NEW)
    User.objects.update(**change)
    assert client.post(link_in(mail.outbox[-1])).status_code == 410
    assert User.objects.get().email != "alice@shop.example"


@pytest.mark.usefixtures("by_letter")
def test_an_address_taken_meanwhile_is_not_taken_away(
    client: Client, alice_client: Client, alice: User
) -> None:
    alice_client.post(EMAIL_CHANGE, NEW)
    User.objects.create_user("alice@shop.example", PASSWORD)
    assert client.post(link_in(mail.outbox[-1])).status_code == 410
    assert User.objects.get(pk=alice.pk).email == "alice@example.com"


@pytest.mark.usefixtures("by_letter")
def test_it_does_not_tell_who_has_an_account_but_writes_to_them(
    alice_client: Client, alice: User, bob: User
) -> None:
    pages = []
    for email in ("bob@example.com", "nobody@example.com"):
        answer = alice_client.post(EMAIL_CHANGE, {"email": email, "password": PASSWORD}, follow=True)
        pages.append(answer.content.decode().replace(email, "…"))
    assert re.sub("csrf.*?>", "", pages[0]) == re.sub("csrf.*?>", "", pages[1])
    assert "You have one with it already" in mail.outbox[0].body
    assert "alice" not in str(mail.outbox[0].message()) + str(mail.outbox[1].message())


def test_a_made_up_link_is_refused(client: Client, db: None) -> None:
    assert client.get(reverse("accounts:email-confirm", args=["made:up"])).status_code == 410


def test_ones_own_address_is_no_new_one(alice_client: Client) -> None:
    answer = alice_client.post(EMAIL_CHANGE, {"email": "ALICE@example.com", "password": PASSWORD})
    assert answer.context["form"].has_error("email", "same_address")
