"""Somebody forgot the password and sets a new one by a letter."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from freezegun import freeze_time

from accounts.models import User

from .test_locked_out import LIMIT, guess
from .test_sign_in import sign_in, signed_in_id

RESET = reverse("accounts:password-reset")
DONE = reverse("accounts:password-reset-done")
NEW = "an entirely new one"

pytestmark = pytest.mark.usefixtures("letters_at_once")


def link_for(client: Client, email: str) -> str:
    """Ask for a letter and return the path of its link."""
    client.post(RESET, {"email": email})
    match = re.search(rf"^{re.escape(settings.SITE_URL)}(/\S+)$", mail.outbox[-1].body, re.MULTILINE)
    assert match is not None
    return match[1]


def set_by(client: Client, link: str, password: str = NEW) -> Any:
    """Open a link and, if it leads to the form, send that."""
    response = client.get(link, follow=True)
    if response.status_code != 200:
        return response
    return client.post(response.request["PATH_INFO"], {"new_password": password})


def test_alice_sets_a_new_password_by_the_letters_link(client: Client, alice: User) -> None:
    response = set_by(client, link_for(client, "Alice@EXAMPLE.com"))
    assert response["Location"] == reverse("accounts:password-reset-complete")
    assert client.get(response["Location"]).status_code == 200
    sign_in(client, "alice@example.com", NEW)
    assert signed_in_id(client) == str(alice.pk)


def test_the_letter_is_text_and_html_with_one_link_to_this_studio(client: Client, alice: User) -> None:
    link = link_for(client, alice.email)
    letter = mail.outbox[0]
    assert letter.to == ["alice@example.com"]
    assert letter.subject == "A new password for Sweep"
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    assert settings.SITE_URL + link in html
    assert "24 hours" in letter.body


def test_a_forged_host_does_not_get_into_the_letter(client: Client, alice: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": alice.email}, headers={"Host": "evil.example"})
    assert "evil.example" not in str(mail.outbox[0].message())


def test_a_name_cannot_write_html_into_the_letter(client: Client, alice: User) -> None:
    User.objects.update(name="<img src=x>")
    client.post(RESET, {"email": alice.email})
    html, _ = mail.outbox[0].alternatives[0]
    assert "<img" not in html
    assert "Hello <img src=x>," in mail.outbox[0].body


@pytest.mark.parametrize("email", ["nobody@example.com", "alice@example.com"])
def test_the_answer_does_not_tell_who_has_an_account(client: Client, alice: User, email: str) -> None:
    response = client.post(RESET, {"email": email})
    assert (response.status_code, response["Location"]) == (302, DONE)
    assert response.cookies.keys() <= {settings.CSRF_COOKIE_NAME}
    assert len(mail.outbox) == (email == alice.email)


def test_the_web_does_the_same_work_for_every_address(client: Client, alice: User, settings: Any) -> None:
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}}
    client.post(RESET, {"email": "nobody@example.com"})
    client.post(RESET, {"email": alice.email})
    assert DBTaskResult.objects.count() == 2
    assert not mail.outbox


def test_no_letter_to_those_without_password(client: Client, alice: User) -> None:
    User.objects.update(password="!")
    assert client.post(RESET, {"email": alice.email})["Location"] == DONE
    assert not mail.outbox


def test_the_suspended_get_no_link_but_are_told(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    assert client.post(RESET, {"email": alice.email})["Location"] == DONE
    assert "suspended" in mail.outbox[0].body
    assert "/password-reset/" not in str(mail.outbox[0].message())


@pytest.mark.parametrize("arrive", [True, False])
def test_where_no_letters_arrive_the_page_says_so(
    client: Client, db: None, settings: Any, arrive: bool
) -> None:
    settings.LETTERS_ARRIVE = arrive
    page = client.post(RESET, {"email": "alice@example.com"}, follow=True).content.decode()
    assert ("sends no e-mails" in page) != arrive


def test_asking_again_at_once_sends_no_second_letter(client: Client, alice: User) -> None:
    for _ in range(5):
        assert client.post(RESET, {"email": alice.email})["Location"] == DONE
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "email", ["", "alice", "alice@example.com\nBcc: b@example.com", "a" * 10_000 + "@b.c"]
)
def test_a_malformed_address_is_refused(client: Client, alice: User, email: str) -> None:
    response = client.post(RESET, {"email": email})
    assert response.status_code == 422
    assert response.context["form"].has_error("email")
    assert not mail.outbox


def test_a_link_works_once(client: Client, alice: User) -> None:
    link = link_for(client, alice.email)
    set_by(client, link)
    response = set_by(Client(), link, "a second new one")
    assert response.status_code == 410
    assert RESET in response.content.decode()
    assert User.objects.get().check_password(NEW)


def test_a_link_works_for_a_day(client: Client, alice: User) -> None:
    link = link_for(client, alice.email)
    with freeze_time(timezone.now() + timedelta(hours=25)):
        assert set_by(client, link).status_code == 410
    assert not User.objects.get().check_password(NEW)


def test_a_link_dies_when_the_address_changes(client: Client, alice: User) -> None:
    link = link_for(client, alice.email)
    User.objects.update(email="alice@elsewhere.example")
    assert set_by(client, link).status_code == 410


def test_alices_token_does_not_open_bobs_account(client: Client, alice: User, bob: User) -> None:
    hers, his = link_for(client, alice.email).split("/"), link_for(client, bob.email).split("/")
    his[-2] = hers[-2]
    assert set_by(client, "/".join(his)).status_code == 410


@pytest.mark.parametrize("link", ["/account/password-reset/MQ/x-y/", "/account/password-reset/%F0/x-y/"])
def test_a_made_up_link_is_refused(client: Client, alice: User, link: str) -> None:
    assert client.get(link).status_code == 410


def test_a_weak_password_is_refused_with_its_reason(client: Client, alice: User) -> None:
    response = set_by(client, link_for(client, alice.email), "short")
    assert response.status_code == 422
    assert response.context["form"].has_error("new_password", "password_too_short")


def test_a_reset_opens_a_locked_address_and_ends_open_sessions(
    client: Client, alice: User, alice_client: Client
) -> None:
    guess(client, alice.email, LIMIT)
    set_by(client, link_for(client, alice.email))
    assert alice_client.get(reverse("accounts:profile")).status_code == 302
    sign_in(client, alice.email, NEW)
    assert signed_in_id(client) == str(alice.pk)
