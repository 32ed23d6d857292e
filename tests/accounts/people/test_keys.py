"""Alice makes keys for her programs, and shuts one out."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.forms import MOST_KEYS
from accounts.models import ApiKey, User
from tests.support.markup import on_one_line

KEYS = reverse("accounts:keys")


def made(client: Client, name: str = "Shop import") -> str:
    """Make a key on the page and return its secret."""
    response = client.post(KEYS, {"name": name})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    found = re.search(r'id="secret" value="([^"]+)"', on_one_line(response))
    assert found is not None
    return found[1]


def test_a_stranger_is_sent_to_sign_in(client: Client, alice: User) -> None:
    key, _ = ApiKey.make(alice)
    for address in (KEYS, reverse("accounts:key-revoke", args=[key.pk])):
        assert client.get(address).status_code == client.post(address).status_code == 302
    assert ApiKey.objects.active().count() == 1


def test_a_key_is_shown_once_and_kept_as_a_hash_alone(alice_client: Client, alice: User) -> None:
    secret = made(alice_client)
    assert len(secret) >= 43
    assert made(alice_client, "Another") != secret
    found = ApiKey.objects.of_secret(secret)
    assert found is not None
    assert (found.owner, found.name, secret.startswith(found.prefix)) == (alice, "Shop import", True)
    page = alice_client.get(KEYS).content.decode()
    assert secret not in page
    assert f"{found.prefix}…" in page
    assert secret not in str(list(ApiKey.objects.values()))


@pytest.mark.parametrize("name", ["", "   ", "n" * 61, "\x00"])
def test_a_key_without_a_fitting_name_is_not_made(alice_client: Client, name: str) -> None:
    response = alice_client.post(KEYS, {"name": name})
    assert response.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing_and_is_asked_about_first(alice_client: Client, alice: User) -> None:
    secret = made(alice_client)
    key = ApiKey.objects.get()
    address = reverse("accounts:key-revoke", args=[key.pk])
    assert "Revoke Shop import?" in alice_client.get(address).content.decode()
    assert ApiKey.objects.of_secret(secret) == key
    assert alice_client.post(address)["Location"] == KEYS
    assert ApiKey.objects.of_secret(secret) is None
    assert alice_client.post(address).status_code == 404


def test_bobs_key_is_no_concern_of_alice(alice_client: Client, bob: User) -> None:
    key, secret = ApiKey.make(bob, "Bobs")
    assert "Bobs" not in alice_client.get(KEYS).content.decode()
    address = reverse("accounts:key-revoke", args=[key.pk])
    assert alice_client.get(address).status_code == alice_client.post(address).status_code == 404
    assert ApiKey.objects.of_secret(secret) == key


def test_nobody_has_keys_without_end(alice_client: Client, alice: User) -> None:
    for _ in range(MOST_KEYS):
        ApiKey.make(alice, "One more")
    response = alice_client.post(KEYS, {"name": "Too much"})
    assert response.status_code == 422
    assert "Revoke one first" in response.content.decode()
    assert ApiKey.objects.count() == MOST_KEYS


def test_use_is_noted_at_most_once_a_minute(alice: User, django_assert_num_queries: object) -> None:
    key, _ = ApiKey.make(alice)
    key.touch()
    noted = key.last_used_at
    with django_assert_num_queries(0):  # type: ignore[operator]
        key.touch()
    # Another process that read the key earlier finds that this one was first.
    stale = ApiKey.objects.get(pk=key.pk)
    stale.last_used_at = None
    stale.touch()
    key.refresh_from_db()
    assert key.last_used_at == noted
    long_ago = timezone.now() - timedelta(minutes=2)
    ApiKey.objects.update(last_used_at=long_ago)
    key.refresh_from_db()
    key.touch()
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert key.last_used_at > long_ago


@pytest.mark.parametrize("secret", ["", "x" * 10_000, "\x00", "ünïcödé", "' OR 1=1 --"])
def test_what_is_no_key_opens_nothing(alice: User, secret: str) -> None:
    ApiKey.make(alice)
    assert ApiKey.objects.of_secret(secret) is None
