"""A studio that lets nobody in by a password but who runs it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.emails import queue, signed_links
from accounts.models import Invitation, User
from tests.accounts.sign_in.test_sign_in import SIGN_IN, sign_in, signed_in_id
from tests.conftest import PASSWORD
from web.identity import password_sign_in

from .provider import Provider, come_in

FORM = 'name="password"'


@pytest.fixture(autouse=True)
def studio(acme: Provider, settings: Any) -> None:
    settings.PASSWORD_SIGN_IN = False


def test_the_door_has_the_provider_alone(client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert "Sign in with Acme" in page
    assert FORM not in page
    assert "Forgot the password" not in page
    assert "Create an account" not in page
    assert client.get(reverse("accounts:sign-up")).status_code == 403


def test_a_right_password_opens_nothing(client: Client, alice: User) -> None:
    assert sign_in(client, alice.email).status_code == 422
    assert signed_in_id(client) is None
    queue.send_reset_link.call(alice.email)
    assert mail.outbox == []


def test_the_last_admin_is_not_shut_out(client: Client, db: None) -> None:
    """Whatever becomes of the provider."""
    olga = User.objects.create_superuser("olga@example.com", PASSWORD)
    assert FORM in client.get(SIGN_IN, {"password": ""}).content.decode()
    sign_in(client, olga.email)
    assert signed_in_id(client) == str(olga.pk)
    assert client.get(reverse("accounts:password-change")).status_code == 200


def test_others_neither_see_nor_set_one(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    assert "Password" not in client.get(reverse("accounts:profile")).content.decode()
    assert client.get(reverse("accounts:password-change")).status_code == 403
    # Nor is one asked for before something grave: the sign-in of a moment ago is enough.
    assert FORM not in client.get(reverse("accounts:delete")).content.decode()


def test_an_invitation_is_accepted_by_the_provider(client: Client, db: None) -> None:
    ends = timezone.now() + timedelta(days=1)
    invitation = Invitation.objects.create(email="new@shop.example", by_letter=True, expires_at=ends)
    link = signed_links.Invite(invitation.pk, by_letter=True).address.removeprefix("http://testserver")
    page = client.get(link).content.decode()
    assert "Come in with Acme" in page
    assert FORM not in page
    client.post(link, {"name": "New", "password": PASSWORD})
    assert not User.objects.exists()


def test_without_a_provider_it_stops_the_start() -> None:
    assert password_sign_in(True, {})
    with pytest.raises(ImproperlyConfigured, match="PASSWORD_SIGN_IN"):
        password_sign_in(False, {})
