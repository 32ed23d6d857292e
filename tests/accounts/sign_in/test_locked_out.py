"""Too many wrong passwords close an address for a while, from one machine."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from axes.models import AccessAttempt
from django.conf import settings
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from accounts.models import User
from tests.conftest import PASSWORD

from .test_sign_in import sign_in, signed_in_id

LIMIT = settings.AXES_FAILURE_LIMIT
WAIT = timedelta(hours=settings.AXES_COOLOFF_TIME)


def guess(client: Client, email: str, times: int) -> Any:
    for _ in range(times):
        response = sign_in(client, email, "not the password")
    return response


def test_after_the_limit_not_even_the_right_password_opens(client: Client, alice: User) -> None:
    assert guess(client, alice.email, LIMIT - 1).status_code == 422
    assert guess(client, alice.email, 1).status_code == 429
    assert sign_in(client, alice.email).status_code == 429
    assert signed_in_id(client) is None


def test_the_page_says_how_long_and_what_else_to_do(client: Client, alice: User) -> None:
    response = guess(client, alice.email, LIMIT)
    assert "Try again in 15 minutes." in response.content.decode()
    assert reverse("accounts:password-reset") in response.content.decode()
    assert response["Retry-After"] == "900"


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}])
def test_a_script_gets_the_plain_sentence(client: Client, alice: User, header: dict[str, str]) -> None:
    guess(client, alice.email, LIMIT)
    form = {"username": alice.email, "password": "x"}
    response = client.post(reverse("accounts:sign-in"), form, headers=header)
    assert response.status_code == 429
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().endswith("Try again in 15 minutes.")


def test_another_address_is_not_locked(client: Client, alice: User, bob: User) -> None:
    guess(client, alice.email, LIMIT)
    sign_in(client, bob.email)
    assert signed_in_id(client) == str(bob.pk)


def test_another_machine_is_not_locked(client: Client, alice: User) -> None:
    guess(client, alice.email, LIMIT)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere, alice.email)
    assert signed_in_id(elsewhere) == str(alice.pk)


def test_other_capitals_count_together(client: Client, alice: User) -> None:
    guess(client, "alice@example.com", LIMIT - 1)
    assert guess(client, " ALICE@example.com", 1).status_code == 429
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"alice@example.com"}


def test_an_unknown_address_is_locked_alike(client: Client, db: None) -> None:
    assert guess(client, "nobody@example.com", LIMIT).status_code == 429


def test_it_opens_again_when_the_time_is_over(client: Client, alice: User) -> None:
    guess(client, alice.email, LIMIT)
    with freeze_time(timezone.now() + WAIT + timedelta(seconds=1)):
        sign_in(client, alice.email)
        assert signed_in_id(client) == str(alice.pk)


def test_the_right_password_forgets_the_wrong_ones(client: Client, alice: User) -> None:
    guess(client, alice.email, LIMIT - 1)
    sign_in(client, alice.email)
    assert not AccessAttempt.objects.exists()


def test_the_admins_door_is_the_studios_own(client: Client, alice: User) -> None:
    """So that guesses count in one place: what is posted there is not even looked at."""
    answer = client.post("/admin/login/", {"username": alice.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:sign-in"))
    assert signed_in_id(client) is None


def test_guessing_from_an_open_session_locks_too(alice_client: Client, alice: User) -> None:
    form = {"password": "a guess", "new_password": "a quite new password"}
    for _ in range(LIMIT):
        response = alice_client.post(reverse("accounts:password-change"), form)
    assert response.status_code == 429
    assert alice_client.post(reverse("accounts:delete"), form).status_code == 429


def test_no_password_is_written_down_with_an_attempt(client: Client, alice_client: Client) -> None:
    guess(client, "alice@example.com", 1)
    form = {"password": "a guess", "new_password": "a quite new password"}
    alice_client.post(reverse("accounts:password-change"), form)
    noted = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert AccessAttempt.objects.get().failures_since_start == 2
    assert "not the password" not in noted
    assert "guess" not in noted
    assert "quite" not in noted


def test_it_locks_under_asgi_as_well(alice: User) -> None:
    client = AsyncClient()
    form = {"username": alice.email, "password": "x"}
    post = async_to_sync(client.post)
    statuses = [post(reverse("accounts:sign-in"), form).status_code for _ in range(LIMIT)]
    assert statuses == [422] * (LIMIT - 1) + [429]
    assert "Try again in 15 minutes." in post(reverse("accounts:sign-in"), form).content.decode()
