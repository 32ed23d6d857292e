"""Somebody creates an account of their own."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

from .fields import fields_of
from .test_sign_in import EDITOR, GALLERY, SIGN_IN, sign_in, signed_in_id

SIGN_UP = reverse("accounts:sign-up")
CHARLIE = {"email": "charlie@example.com", "name": "Charlie", "password": PASSWORD}


def test_charlie_signs_up_and_then_in(client: Client, db: None) -> None:
    page = client.post(SIGN_UP, CHARLIE, follow=True)
    assert page.redirect_chain == [(SIGN_IN, 302)]
    charlie = User.objects.get()
    assert (charlie.email, charlie.name) == ("charlie@example.com", "Charlie")
    assert charlie.check_password(PASSWORD)
    fields = fields_of(page)
    assert fields.inputs["username"]["value"] == "charlie@example.com"
    assert fields.focused == ["password"]
    assert sign_in(client, "charlie@example.com")["Location"] == EDITOR
    assert signed_in_id(client) == str(charlie.pk)


def test_nobody_makes_themselves_staff(client: Client, db: None) -> None:
    client.post(SIGN_UP, {**CHARLIE, "is_staff": "on", "is_superuser": "on"})
    charlie = User.objects.get()
    assert not charlie.is_staff
    assert not charlie.is_superuser


def test_capitals_of_an_address_are_folded_and_a_name_is_one_line(client: Client, db: None) -> None:
    client.post(SIGN_UP, {**CHARLIE, "email": " Charlie@EXAMPLE.com", "name": " Charlie \r\n  Brown "})
    assert User.objects.values_list("email", "name").get() == ("charlie@example.com", "Charlie Brown")


def test_a_taken_address_is_answered_as_a_free_one_is(client: Client, alice: User) -> None:
    answers = []
    for email in ("ALICE@example.com", "nobody@example.com"):
        visitor = Client()
        answer = visitor.post(SIGN_UP, {**CHARLIE, "email": email}, follow=True)
        page = answer.content.decode().replace(email.lower(), "…")
        answers.append((answer.redirect_chain, answer.cookies.keys(), re.sub("csrf.*?>", "", page)))
    assert answers[0] == answers[1]
    assert User.objects.count() == 2
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


def test_nobody_takes_an_account_over_by_signing_up_again(client: Client, alice: User) -> None:
    client.post(SIGN_UP, {**CHARLIE, "email": alice.email, "password": "an entirely new one"})
    assert sign_in(client, alice.email, "an entirely new one").status_code == 422
    assert User.objects.get().name == ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("password1234", "password_too_common"),
        ("84736261527", "password_entirely_numeric"),
        ("charlie@example.com", "password_too_similar"),
        ("x" * 10_000, "max_length"),
        ("", "required"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(
    client: Client, db: None, password: str, code: str
) -> None:
    response = client.post(SIGN_UP, {**CHARLIE, "password": password})
    assert response.status_code == 422
    assert response.context["form"].has_error("password", code)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "charlie"),
        ("email", "charlie@example.com\nBcc: everybody@example.com"),
        ("email", "c" * 10_000 + "@example.com"),
        ("name", "C" * 10_000),
        ("name", "\0"),
    ],
)
def test_bad_input_is_named_at_its_field(client: Client, db: None, field: str, value: str) -> None:
    response = client.post(SIGN_UP, {**CHARLIE, field: value})
    assert response.status_code == 422
    assert response.context["form"].has_error(field)
    assert not User.objects.exists()


def test_charlie_goes_on_to_the_page_of_ours_that_was_wanted(client: Client, db: None) -> None:
    page = client.post(SIGN_UP, {**CHARLIE, "next": GALLERY}, follow=True)
    assert page.context["next"] == GALLERY


def test_nobody_is_sent_to_another_host(client: Client, db: None) -> None:
    assert client.post(SIGN_UP, {**CHARLIE, "next": "//evil.example"})["Location"] == SIGN_IN


def test_who_is_signed_in_goes_on_at_once(alice_client: Client) -> None:
    assert alice_client.get(SIGN_UP)["Location"] == EDITOR


def test_a_closed_studio_says_so_and_takes_nobody(client: Client, db: None, settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    assert client.get(SIGN_UP).status_code == 403
    response = client.post(SIGN_UP, CHARLIE)
    assert response.status_code == 403
    assert "Ask its admin for one" in response.content.decode()
    assert not User.objects.exists()
