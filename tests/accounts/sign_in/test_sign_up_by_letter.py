"""Somebody creates an account where letters arrive: one confirms the address, and leads to a password."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from freezegun import freeze_time

from accounts.models import User
from tests.conftest import PASSWORD

from .fields import fields_of
from .test_sign_in import EDITOR, GALLERY, signed_in_id
from .test_sign_up import SIGN_UP

DONE = reverse("accounts:sign-up-done")
CHARLIE = {"email": "charlie@example.com", "name": "Charlie"}

pytestmark = pytest.mark.usefixtures("letters_arrive")


@pytest.fixture
def letters_arrive(settings: Any, letters_at_once: None) -> None:
    settings.LETTERS_ARRIVE = True


def link_for(client: Client, **more: str) -> str:
    """Ask for an account and return the path of the letter's link."""
    client.post(SIGN_UP, {**CHARLIE, **more})
    found = re.search(r"/account/sign-up/\S+", mail.outbox[-1].body)
    assert found is not None
    return found[0]


def test_charlie_chooses_a_password_by_the_letter_and_stands_in_the_editor(client: Client, db: None) -> None:
    link = link_for(client)
    assert not User.objects.exists()
    page = fields_of(client.get(link))
    assert page.focused == ["new_password"]
    assert page.inputs["username"]["value"] == "charlie@example.com"
    response = client.post(link, {"new_password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, EDITOR)
    charlie = User.objects.get()
    assert (charlie.email, charlie.name, charlie.is_staff) == ("charlie@example.com", "Charlie", False)
    assert signed_in_id(client) == str(charlie.pk)


def test_the_page_that_was_wanted_is_kept_through_the_letter(client: Client, db: None) -> None:
    assert client.post(link_for(client, next=GALLERY), {"new_password": PASSWORD})["Location"] == GALLERY
    other = Client()
    link = link_for(other, email="dora@example.com", next="//evil.example")
    assert other.post(link, {"new_password": PASSWORD})["Location"] == EDITOR


def test_a_taken_address_is_answered_alike_and_its_owner_written_to(client: Client, alice: User) -> None:
    answers = [client.post(SIGN_UP, {**CHARLIE, "email": email}) for email in (alice.email, "no@example.com")]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, DONE)] * 2
    assert client.get(DONE).status_code == 200
    taken, free = mail.outbox
    assert taken.to == ["alice@example.com"]
    assert "You have one with it already" in taken.body
    assert "/account/sign-up/" not in str(taken.message())
    assert "/account/sign-up/" in free.body


def test_the_web_does_the_same_work_for_every_address(client: Client, alice: User, settings: Any) -> None:
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}}
    for email in ("alice@example.com", "nobody@example.com"):
        client.post(SIGN_UP, {**CHARLIE, "email": email})
    assert DBTaskResult.objects.count() == 2
    assert not mail.outbox


def test_a_suspended_owner_is_told_that(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    client.post(SIGN_UP, {**CHARLIE, "email": alice.email})
    assert "suspended" in mail.outbox[0].body


def test_a_letter_to_a_stranger_carries_no_words_of_who_had_it_sent(client: Client, db: None) -> None:
    client.post(SIGN_UP, {**CHARLIE, "name": "Win a car at evil.example"})
    text, html = mail.outbox[0].body, str(mail.outbox[0].alternatives[0][0])
    assert "evil.example" not in text + html + str(mail.outbox[0].subject)


def test_a_link_makes_one_account(client: Client, db: None) -> None:
    link = link_for(client)
    client.post(link, {"new_password": PASSWORD})
    again = Client().post(link, {"new_password": "an entirely new one"})
    assert again.status_code == 410
    assert "Sign in with the password that you chose" in again.content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_a_link_works_for_a_day_and_only_as_it_was_sent(client: Client, db: None) -> None:
    link = link_for(client)
    assert client.get(link.replace("sign-up/", "sign-up/x")).status_code == 410
    with freeze_time(timezone.now() + timedelta(hours=25)):
        assert client.post(link, {"new_password": PASSWORD}).status_code == 410
    assert not User.objects.exists()


def test_a_studio_that_closed_meanwhile_takes_nobody(client: Client, db: None, settings: Any) -> None:
    link = link_for(client)
    settings.SIGNUP_OPEN = False
    assert client.post(link, {"new_password": PASSWORD}).status_code == 410
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "code"), [("short", "password_too_short"), ("charlie@example.com", "password_too_similar")]
)
def test_a_weak_password_is_refused_with_its_reason(
    client: Client, db: None, password: str, code: str
) -> None:
    response = client.post(link_for(client), {"new_password": password})
    assert response.status_code == 422
    assert response.context["form"].has_error("new_password", code)
    assert not User.objects.exists()
