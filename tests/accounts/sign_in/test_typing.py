"""Every page that is there for typing opens with the caret in the field where typing begins."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

from .fields import fields_of
from .test_password_reset import link_for


@pytest.mark.parametrize(
    ("name", "focused", "autocomplete"),
    [
        ("sign-in", "username", {"username": "username", "password": "current-password"}),
        ("sign-up", "name", {"name": "name", "email": "username", "password": "new-password"}),
        ("password-reset", "email", {"email": "username"}),
    ],
)
def test_the_doors_pages(
    client: Client, db: None, name: str, focused: str, autocomplete: dict[str, str]
) -> None:
    fields = fields_of(client.get(reverse(f"accounts:{name}")))
    assert fields.focused == [focused]
    assert {key: fields.inputs[key]["autocomplete"] for key in autocomplete} == autocomplete
    assert all(buttons[0] == "submit" for buttons in fields.forms if buttons)


@pytest.mark.parametrize(
    ("name", "focused"),
    [("email-change", "email"), ("password-change", "password"), ("delete", "email"), ("keys", "name")],
)
def test_ones_own_pages(alice_client: Client, name: str, focused: str) -> None:
    fields = fields_of(alice_client.get(reverse(f"accounts:{name}")))
    assert fields.focused == [focused]
    assert all(buttons[0] == "submit" for buttons in fields.forms if buttons)


@pytest.mark.usefixtures("letters_at_once")
def test_the_page_of_a_letters_link(client: Client, alice: User) -> None:
    assert fields_of(client.get(link_for(client, alice.email), follow=True)).focused == ["new_password"]


def test_the_desks_page_that_asks(owner_client: Client, alice: User) -> None:
    page = owner_client.get(reverse("admin:accounts_user_act", args=["grant"]), {"ids": str(alice.pk)})
    assert fields_of(page).focused == ["credits"]


@pytest.mark.parametrize(
    ("form", "focused"),
    [
        ({"username": "alice", "password": "x"}, "username"),
        ({"username": "alice@example.com", "password": ""}, "password"),
        # Right or wrong, a password does not come back: it is what is typed next.
        ({"username": "alice@example.com", "password": "x"}, "password"),
    ],
)
def test_after_a_refusal_it_is_where_typing_goes_on(
    client: Client, alice: User, form: dict[str, str], focused: str
) -> None:
    assert fields_of(client.post(reverse("accounts:sign-in"), form)).focused == [focused]


def test_a_new_key_is_to_be_copied_and_not_typed_over(alice_client: Client) -> None:
    assert fields_of(alice_client.post(reverse("accounts:keys"), {"name": "Shop"})).focused == []


def test_the_account_page_is_for_looking_too(alice_client: Client) -> None:
    assert fields_of(alice_client.get(reverse("accounts:profile"))).focused == []
    assert fields_of(alice_client.post(reverse("accounts:profile"), {"name": "x" * 500})).focused == ["name"]


def test_a_form_sent_twice_signs_in_once(client: Client, alice: User) -> None:
    """The second one's token is of before the sign-in; who sent it is in all the same."""
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(reverse("accounts:sign-in"))
    form = {
        "username": alice.email,
        "password": PASSWORD,
        "csrfmiddlewaretoken": str(page.context["csrf_token"]),
    }
    for _ in range(2):
        answer = strict.post(reverse("accounts:sign-in"), form)
        assert (answer.status_code, answer["Location"]) == (302, reverse("editor:editor"))
