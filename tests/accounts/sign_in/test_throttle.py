"""How often one machine, and all together, may make accounts, have letters sent and guess."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from accounts.models import User
from accounts.protection import throttle
from tests.accounts.people.test_email_change import EMAIL_CHANGE
from tests.conftest import PASSWORD
from web import environment

from .test_password_reset import RESET
from .test_sign_in import sign_in, signed_in_id
from .test_sign_up import CHARLIE, SIGN_UP

HERE, THERE = "192.0.2.7", "192.0.2.8"

pytestmark = pytest.mark.usefixtures("letters_at_once")

Asks = Callable[[str, int], Any]


def sign_up(machine: str, number: int) -> Any:
    return Client(REMOTE_ADDR=machine).post(SIGN_UP, {**CHARLIE, "email": f"c{number}@example.com"})


def ask_for_a_letter(machine: str, number: int) -> Any:
    User.objects.get_or_create(email=f"c{number}@example.com", defaults={"password": "!"})
    return Client(REMOTE_ADDR=machine).post(RESET, {"email": f"c{number}@example.com"})


def move(machine: str, number: int) -> Any:
    user = User.objects.filter(name="mover").first() or User.objects.create_user(
        "mover@example.com", PASSWORD, name="mover"
    )
    client = Client(REMOTE_ADDR=machine)
    client.force_login(user)
    return client.post(EMAIL_CHANGE, {"email": f"c{number}@example.com", "password": PASSWORD})


LIMITED = [(sign_up, "SIGNUP_LIMIT"), (ask_for_a_letter, "LETTER_LIMIT"), (move, "LETTER_LIMIT")]

limited = pytest.mark.parametrize(("ask", "setting"), LIMITED, ids=lambda one: getattr(one, "__name__", one))


@limited
def test_one_machine_is_stopped_and_another_is_not(db: None, settings: Any, ask: Asks, setting: str) -> None:
    assert [ask(HERE, number).status_code for number in range(12)] == [302] * 6 + [429] * 6
    assert ask(THERE, 12).status_code == 302


@limited
def test_all_together_are_stopped_too(db: None, settings: Any, ask: Asks, setting: str) -> None:
    setattr(settings, f"{setting}_IN_ALL", "3/hour")
    statuses = [ask(f"192.0.2.{number}", number).status_code for number in range(5)]
    assert statuses == [302] * 3 + [429] * 2


@limited
def test_what_is_refused_says_until_when_and_keeps_what_was_typed(
    db: None, settings: Any, ask: Asks, setting: str
) -> None:
    setattr(settings, setting, "1/hour")
    ask(HERE, 0)
    refused = ask(HERE, 1)
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "from this machine. Try again in 60 minutes." in refused.content.decode()
    assert 'value="c1@example.com"' in refused.content.decode()
    with freeze_time(timezone.now() + timedelta(hours=1, seconds=1)):
        assert ask(HERE, 2).status_code == 302


@limited
def test_forms_that_are_refused_for_what_is_in_them_count_nothing(
    client: Client, alice_client: Client, settings: Any, ask: Asks, setting: str
) -> None:
    setattr(settings, setting, "1/hour")
    for _ in range(3):
        assert client.post(SIGN_UP, {**CHARLIE, "password": "short"}).status_code == 422
        assert client.post(RESET, {"email": "no address"}).status_code == 422
        assert (
            alice_client.post(EMAIL_CHANGE, {"email": "x@example.com", "password": "no"}).status_code == 422
        )
    assert ask("127.0.0.1", 0).status_code == 302


def test_twelve_accounts_are_not_made_in_one_go(db: None) -> None:
    for number in range(12):
        sign_up(HERE, number)
    assert User.objects.count() == 6


def test_one_address_gets_one_letter_a_minute_whoever_asks(db: None, alice: User) -> None:
    for number in range(9):
        assert Client(REMOTE_ADDR=f"192.0.2.{number}").post(RESET, {"email": alice.email}).status_code == 302
    assert len(mail.outbox) == 1
    with freeze_time(timezone.now() + timedelta(seconds=61)):
        Client(REMOTE_ADDR=HERE).post(RESET, {"email": alice.email})
    assert len(mail.outbox) == 2


def test_a_machine_that_guesses_at_many_addresses_is_stopped(
    db: None, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "WRONG_PASSWORDS", "5/15 minutes")
    here = Client(REMOTE_ADDR=HERE)
    statuses = [sign_in(here, f"c{number}@example.com", "a guess").status_code for number in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    refused = sign_in(here, alice.email)
    assert refused.status_code == 429
    assert re.search(
        r"wrong passwords from this machine. Try again in 1[45] minutes", refused.content.decode()
    )
    assert signed_in_id(here) is None
    elsewhere = Client(REMOTE_ADDR=THERE)
    sign_in(elsewhere, alice.email)
    assert signed_in_id(elsewhere) == str(alice.pk)


@pytest.mark.parametrize(
    ("address", "machine"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        # One machine has as many of these as it likes.
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", "0.0.0.0"),  # noqa: S104
    ],
)
def test_a_machine_is_known_by_its_address(rf: RequestFactory, address: str, machine: str) -> None:
    assert throttle.identify_machine(rf.get("/", REMOTE_ADDR=address)) == machine


def test_the_lockout_knows_machines_alike(client: Client, alice: User) -> None:
    statuses = [
        sign_in(Client(REMOTE_ADDR=f"2001:db8::{number:x}"), alice.email, "a guess").status_code
        for number in range(1, 9)
    ]
    assert statuses == [422] * 7 + [429]
    assert sign_in(Client(REMOTE_ADDR="2001:db8::99"), alice.email).status_code == 429


def test_a_limit_that_cannot_be_understood_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGNUP_LIMIT is 'some'"):
        environment.limit("SIGNUP_LIMIT", "some")
    assert environment.limit("SIGNUP_LIMIT", "6/hour;20/day") == "6/hour;20/day"


def test_the_door_itself_is_no_limit(client: Client, alice: User) -> None:
    """Signing in rightly counts nothing, however often."""
    for _ in range(20):
        assert sign_in(client, alice.email).status_code == 302
        client.post(reverse("accounts:sign-out"))


def test_one_account_is_stopped_from_however_many_machines(db: None) -> None:
    statuses = [move(f"192.0.2.{number}", number).status_code for number in range(11)]
    assert statuses == [302] * 10 + [429]
