"""Alice looks after her own account: name, e-mail, password."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.sign_in.test_sign_in import SIGN_IN, signed_in_id
from tests.conftest import PASSWORD, signed_in

PROFILE = reverse("accounts:profile")
PASSWORD_CHANGE = reverse("accounts:password-change")
NEW = "an entirely new one"


@pytest.mark.parametrize("name", ["profile", "email-change", "password-change", "delete"])
def test_a_stranger_is_sent_to_sign_in(client: Client, db: None, name: str) -> None:
    address = reverse(f"accounts:{name}")
    for response in (client.get(address), client.post(address)):
        assert (response.status_code, response["Location"]) == (302, f"{SIGN_IN}?next={address}")


@pytest.mark.parametrize("name", ["profile", "email-change", "password-change", "delete"])
def test_each_page_opens_and_a_get_writes_nothing(alice_client: Client, alice: User, name: str) -> None:
    response = alice_client.get(reverse(f"accounts:{name}"), {"email": "x@example.com", "name": "X"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert User.objects.values_list("email", "name").get() == (alice.email, alice.name)


@pytest.mark.parametrize("name", ["profile", "email-change", "password-change", "delete", "sign-out"])
def test_a_foreign_page_cannot_post(alice: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    form = {"name": "X", "email": alice.email, "password": PASSWORD, "new_password": NEW}
    assert client.post(reverse(f"accounts:{name}"), form).status_code == 403
    assert User.objects.get().check_password(PASSWORD)
    assert signed_in_id(client) == str(alice.pk)


def test_alice_names_herself(alice_client: Client) -> None:
    assert alice_client.post(PROFILE, {"name": "  Alice  Ample "})["Location"] == PROFILE
    assert User.objects.get().name == "Alice Ample"
    assert "Your name is saved." in alice_client.get(PROFILE).content.decode()


def test_an_endless_name_is_refused_and_the_header_keeps_hers(alice_client: Client, alice: User) -> None:
    response = alice_client.post(PROFILE, {"name": "A" * 10_000})
    assert response.status_code == 422
    assert response.context["form"].has_error("name", "max_length")
    assert response.context["user"].name == User.objects.get().name == ""


def test_a_name_cannot_write_html(alice_client: Client) -> None:
    alice_client.post(PROFILE, {"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in alice_client.get(PROFILE).content.decode()


def test_a_new_password_keeps_this_session_and_ends_the_others(alice_client: Client, alice: User) -> None:
    elsewhere = signed_in(alice)
    before = alice_client.session.session_key
    response = alice_client.post(PASSWORD_CHANGE, {"password": PASSWORD, "new_password": NEW})
    assert response["Location"] == PROFILE
    assert User.objects.get().check_password(NEW)
    assert alice_client.get(PROFILE).status_code == 200
    assert alice_client.session.session_key != before
    assert elsewhere.get(PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("wrong", NEW, "password", "wrong_password"),
        (PASSWORD, "short", "new_password", "password_too_short"),
        (PASSWORD, "alice@example.com", "new_password", "password_too_similar"),
        (PASSWORD, "x" * 10_000, "new_password", "max_length"),
        (PASSWORD, "", "new_password", "required"),
    ],
)
def test_a_bad_change_of_password_is_refused(
    alice_client: Client, old: str, new: str, field: str, code: str
) -> None:
    response = alice_client.post(PASSWORD_CHANGE, {"password": old, "new_password": new})
    assert response.status_code == 422
    assert response.context["form"].has_error(field, code)
    assert User.objects.get().check_password(PASSWORD)
    assert alice_client.get(PROFILE).status_code == 200
