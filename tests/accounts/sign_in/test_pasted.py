"""What copying and pasting leaves around addresses and passwords is nobody's mistake."""

import io
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

from .test_locked_out import LIMIT
from .test_password_reset import link_for, set_by
from .test_sign_in import sign_in, signed_in_id
from .test_sign_up import CHARLIE, SIGN_UP

NEW = "a garden of my own"
# What each stands for: a trailing blank, both ends, a line's end, no-break, no width, a file's first mark.
AROUND = ["{} ", "  {} ", "{}\r\n", "\t{}", "{}\u00a0", "\u200b{}\u200b", "\ufeff{}"]

around = pytest.mark.parametrize("around", AROUND, ids=ascii)


@around
def test_blanks_around_a_password_do_not_keep_alice_out(client: Client, alice: User, around: str) -> None:
    sign_in(client, "alice@example.com", around.format(PASSWORD))
    assert signed_in_id(client) == str(alice.pk)


@around
def test_blanks_around_an_address_do_not_either(client: Client, alice: User, around: str) -> None:
    sign_in(client, around.format("alice@example.com"))
    assert signed_in_id(client) == str(alice.pk)


@pytest.mark.parametrize("kept", [" a garden of my own", "a garden of my own ", "  both  ends  "])
def test_a_password_that_was_set_with_blanks_around_it_goes_on_working(
    client: Client, alice: User, kept: str
) -> None:
    User.objects.update(password=make_password(kept))
    assert sign_in(client, alice.email, kept.strip()).status_code == 422
    sign_in(client, alice.email, kept)
    assert signed_in_id(client) == str(alice.pk)


def test_blanks_inside_are_part_of_it(client: Client, alice: User) -> None:
    assert " " in PASSWORD
    assert sign_in(client, alice.email, PASSWORD.replace(" ", "")).status_code == 422
    assert sign_in(client, alice.email, PASSWORD.replace(" ", "  ")).status_code == 422


def test_a_wrong_password_with_blanks_counts_once(client: Client, alice: User) -> None:
    statuses = [sign_in(client, alice.email, " a guess ").status_code for _ in range(LIMIT)]
    assert statuses == [422] * (LIMIT - 1) + [429]


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_as_many_hashes_are_made_for_every_address(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """So that the time tells nobody who has an account."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    made: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: made.append(password) or encode(self, password, salt),
    )
    sign_in(client, email, " a guess ")
    assert len(made) == 2  # as it is, and without the blanks


def by_signing_up(client: Client, alice: User, password: str) -> User:
    client.post(SIGN_UP, {**CHARLIE, "password": password})
    return User.objects.get(email=CHARLIE["email"])


def by_changing_it(client: Client, alice: User, password: str) -> User:
    client.force_login(alice)
    client.post(reverse("accounts:password-change"), {"password": f" {PASSWORD} ", "new_password": password})
    return User.objects.get(pk=alice.pk)


def by_a_letter(client: Client, alice: User, password: str) -> User:
    set_by(client, link_for(client, alice.email), password)
    return User.objects.get(pk=alice.pk)


def by_the_admin(client: Client, alice: User, password: str) -> User:
    client.force_login(User.objects.create_superuser("olga@example.com", PASSWORD))
    address = reverse("admin:auth_user_password_change", args=[alice.pk])
    client.post(address, {"password1": password, "password2": password, "usable_password": "true"})
    return User.objects.get(pk=alice.pk)


def by_command(client: Client, alice: User, password: str) -> User:
    import sys

    sys.stdin, before = io.StringIO(f"{password}\n"), sys.stdin
    try:
        call_command("createuser", "dora@example.com", "--password-stdin", stdout=io.StringIO())
    finally:
        sys.stdin = before
    return User.objects.get(email="dora@example.com")


@pytest.mark.usefixtures("letters_at_once")
@pytest.mark.parametrize(
    "way",
    [by_signing_up, by_changing_it, by_a_letter, by_the_admin, by_command],
    ids=lambda way: way.__name__,
)
def test_a_new_password_is_kept_without_them_wherever_it_is_set(
    client: Client, alice: User, way: Any
) -> None:
    user = way(client, alice, f" {NEW} ")
    assert user.check_password(NEW)
    assert user.check_password(f" {NEW} ")
    assert not user.check_password(PASSWORD)


def test_blanks_do_not_make_a_short_password_long(client: Client, db: None) -> None:
    response = client.post(SIGN_UP, {**CHARLIE, "password": "short     "})
    assert response.context["form"].has_error("password", "password_too_short")
    assert not User.objects.exists()
