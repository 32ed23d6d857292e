"""Somebody signs in, or should not."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

SIGN_IN = reverse("accounts:sign-in")
EDITOR = reverse("editor:editor")
GALLERY = reverse("editor:gallery")


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def signed_in_id(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_alice_signs_in_and_stands_in_the_editor(client: Client, alice: User) -> None:
    response = sign_in(client, "alice@example.com")
    assert (response.status_code, response["Location"]) == (302, EDITOR)
    assert signed_in_id(client) == str(alice.pk)


@pytest.mark.parametrize("typed", ["ALICE@Example.COM", "  alice@example.com ", "Alice@example.com\n"])
def test_alice_signs_in_however_she_types_her_address(client: Client, alice: User, typed: str) -> None:
    sign_in(client, typed)
    assert signed_in_id(client) == str(alice.pk)


def test_signing_in_changes_the_session_key(client: Client, alice: User) -> None:
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    sign_in(client, "alice@example.com")
    assert client.session.session_key != before


def test_a_wrong_password_is_refused_in_the_words_of_an_unknown_address(client: Client, alice: User) -> None:
    wrong = sign_in(client, "alice@example.com", "not her password")
    unknown = sign_in(client, "nobody@example.com", "not her password")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert wrong.context["form"].has_error("__all__", "invalid_login")
    assert signed_in_id(client) is None


def test_the_typed_password_never_comes_back(client: Client, alice: User) -> None:
    assert b"not her password" not in sign_in(client, "alice@example.com", "not her password").content


def test_a_suspended_person_is_told_so_once_the_password_was_right(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    refused = sign_in(client, "alice@example.com")
    assert refused.status_code == 422
    assert refused.context["form"].has_error("__all__", "inactive")
    assert "suspended" in refused.content.decode()
    assert signed_in_id(client) is None


def test_and_not_to_who_does_not_know_it(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    suspended = sign_in(client, "alice@example.com", "not her password")
    unknown = sign_in(client, "nobody@example.com", "not her password")
    assert suspended.context["form"].errors == unknown.context["form"].errors


def test_an_open_session_ends_when_its_person_is_suspended(alice_client: Client, alice: User) -> None:
    assert alice_client.get(reverse("accounts:profile")).status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = alice_client.get(reverse("accounts:profile"))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, SIGN_IN)


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("", "x", "username"),
        ("no address", "x", "username"),
        ("a@example.com\nBcc: b@example.com", "x", "username"),
        ("a" * 10_000 + "@example.com", "x", "username"),
        ("a\0@example.com", "x", "username"),
        ("alice@example.com", "", "password"),
        ("alice@example.com", "x" * 10_000, "password"),
        ("alice@example.com", "x\0", "password"),
    ],
)
def test_bad_input_is_named_at_its_field(
    client: Client, alice: User, email: str, password: str, field: str
) -> None:
    response = sign_in(client, email, password)
    assert response.status_code == 422
    assert response.context["form"].has_error(field)
    assert f'id="id_{field}_error"'.encode() in response.content
    assert f'aria-describedby="id_{field}_error"'.encode() in response.content


def test_an_empty_post_is_refused_at_both_fields(client: Client, db: None) -> None:
    response = client.post(SIGN_IN)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"username", "password"}


def test_alice_goes_on_to_the_page_she_wanted(client: Client, alice: User) -> None:
    page = client.get(SIGN_IN, {"next": GALLERY})
    assert page.context["next"] == GALLERY
    assert sign_in(client, "alice@example.com", next=GALLERY)["Location"] == GALLERY


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "https://evil.example/",
        "http:///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "https://testserver@evil.example/",
    ],
)
def test_nobody_is_sent_to_another_host(client: Client, alice: User, evil: str) -> None:
    assert client.get(SIGN_IN, {"next": evil}).context["next"] == ""
    assert sign_in(client, "alice@example.com", next=evil)["Location"] == EDITOR
    assert client.get(SIGN_IN, {"next": evil})["Location"] == EDITOR


def test_who_is_signed_in_goes_on_at_once(alice_client: Client) -> None:
    assert alice_client.get(SIGN_IN)["Location"] == EDITOR
    assert alice_client.get(SIGN_IN, {"next": GALLERY})["Location"] == GALLERY


def test_the_page_is_not_kept_by_caches_and_links_to_signing_up(client: Client, db: None) -> None:
    response = client.get(SIGN_IN)
    assert "no-store" in response["Cache-Control"]
    assert reverse("accounts:sign-up") in response.content.decode()


def test_no_link_to_signing_up_where_that_is_closed(client: Client, db: None, settings: Any) -> None:
    settings.SIGNUP_OPEN = False
    assert reverse("accounts:sign-up") not in client.get(SIGN_IN).content.decode()


def test_a_foreign_page_cannot_sign_anybody_in(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "alice@example.com").status_code == 403
    assert signed_in_id(client) is None
    page = client.get(SIGN_IN)
    token = str(page.context["csrf_token"])
    assert sign_in(client, "alice@example.com", csrfmiddlewaretoken=token).status_code == 302


def test_signing_out_takes_a_post(alice_client: Client) -> None:
    assert alice_client.get(reverse("accounts:sign-out")).status_code == 405
    assert signed_in_id(alice_client) is not None
    response = alice_client.post(reverse("accounts:sign-out"))
    assert (response.status_code, response["Location"]) == (302, SIGN_IN)
    assert signed_in_id(alice_client) is None
