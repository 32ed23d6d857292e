"""Alice signs in with something that she has, too: an app's code, a passkey, a recovery code."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, SignInRule, User
from tests.accounts.sign_in.test_sign_in import EDITOR, GALLERY, SIGN_IN, sign_in, signed_in_id
from tests.conftest import PASSWORD

from .passkey_device import Device
from .provider import Provider, come_in, named

FACTORS, STEP = reverse("accounts:second-factor"), reverse("accounts:second-step")
APP, PASSKEY = reverse("accounts:app-add"), reverse("accounts:passkey-add")
CODES, OPTIONS = reverse("accounts:codes-renew"), reverse("accounts:passkey-options")
WITH_PASSKEY, PROVE = reverse("accounts:passkey-sign-in"), reverse("accounts:prove")

pytestmark = pytest.mark.usefixtures("letters_at_once")


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def add_app(client: Client) -> tuple[str, list[str]]:
    """Add an app; return its secret and the recovery codes that came with it."""
    secret = client.get(APP).context["secret"]
    shown = client.post(APP, {"code": code_of(secret)})
    assert shown.status_code == 200, shown.content
    return secret, shown.context["codes"]


def options(client: Client, purpose: str) -> Any:
    response = client.post(OPTIONS, {"for": purpose})
    assert response.status_code == 200, response.content
    return response.json()


def add_passkey(client: Client, device: Device) -> Any:
    made = {"name": "Phone", "credential": device.make(options(client, "new"))}
    return client.post(PASSKEY, made)


@pytest.fixture(autouse=True)
def at_localhost(settings: Any) -> None:
    settings.SITE_URL = "http://localhost"


@pytest.fixture
def at_home(alice: User) -> Client:
    """Alice's browser, just signed in."""
    client = Client()
    sign_in(client, alice.email)
    return client


# -- An app ----------------------------------------------------------------------------------------


def test_an_app_is_added_and_asked_for_at_the_next_sign_in(at_home: Client, alice: User) -> None:
    secret, codes = add_app(at_home)
    assert len(codes) == 10
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data)
    assert not any(code.replace(" ", "") in str(Authenticator.objects.values()) for code in codes)
    assert [letter.to for letter in mail.outbox] == [[alice.email]]

    away = Client()
    asked = sign_in(away, alice.email, next=GALLERY)
    assert (asked["Location"], signed_in_id(away)) == (STEP, None)
    assert away.get(GALLERY).status_code == 302
    wrong = away.post(STEP, {"code": "000000"})
    assert (wrong.status_code, signed_in_id(away)) == (422, None)
    # The one that added it is spent: each code works once.
    right = code_of(secret, 1)
    assert away.post(STEP, {"code": f" {right[:3]} {right[3:]}"})["Location"] == GALLERY
    assert signed_in_id(away) == str(alice.pk)
    other = Client()
    sign_in(other, alice.email)
    assert other.post(STEP, {"code": right}).status_code == 422


def test_a_recovery_code_opens_once(at_home: Client, alice: User) -> None:
    _, codes = add_app(at_home)
    for expected in (302, 422):
        away = Client()
        sign_in(away, alice.email)
        assert away.post(STEP, {"code": codes[0]}).status_code == expected
    assert b"9 left" in at_home.get(FACTORS).content


def test_new_recovery_codes_put_an_end_to_the_old_ones(at_home: Client, alice: User) -> None:
    _, old = add_app(at_home)
    at_home.get(CODES)
    new = at_home.post(CODES).context["codes"]
    assert not set(new) & set(old)
    away = Client()
    sign_in(away, alice.email)
    assert away.post(STEP, {"code": old[0]}).status_code == 422
    assert away.post(STEP, {"code": new[0]})["Location"] == EDITOR


def test_the_wrong_code_adds_no_app(at_home: Client, alice: User) -> None:
    secret = at_home.get(APP).context["secret"]
    wrong = at_home.post(APP, {"code": "12"})
    assert (wrong.status_code, wrong.context["secret"]) == (422, secret)
    assert not Authenticator.objects.exists()
    at_home.post(APP, {"code": code_of(secret)})
    assert at_home.get(APP)["Location"] == FACTORS


def test_codes_cannot_be_tried_without_end(at_home: Client, alice: User) -> None:
    secret, _ = add_app(at_home)
    statuses = []
    for number in range(9):
        away = Client(REMOTE_ADDR=f"192.0.2.{number}")
        sign_in(away, alice.email)
        statuses.append(away.post(STEP, {"code": f"{number:06}"}).status_code)
    assert statuses == [422] * 8 + [429]
    assert away.post(STEP, {"code": code_of(secret, 1)}).status_code == 429


def test_the_second_step_is_for_who_made_the_first(client: Client, alice: User, at_home: Client) -> None:
    add_app(at_home)
    assert client.get(STEP)["Location"] == SIGN_IN
    assert client.post(STEP, {"code": "123456"})["Location"] == SIGN_IN
    assert at_home.get(STEP)["Location"] == EDITOR


def test_a_secret_of_another_key_is_said_in_the_log_and_opens_nothing(
    at_home: Client, alice: User, settings: Any, caplog: Any
) -> None:
    secret, _ = add_app(at_home)
    settings.SECRET_KEY = "another" * 10
    away = Client()
    sign_in(away, alice.email)
    assert away.post(STEP, {"code": code_of(secret, 1)}).status_code == 422
    assert "another SECRET_KEY" in caplog.text


# -- Passkeys --------------------------------------------------------------------------------------


def test_a_passkey_alone_signs_in(at_home: Client, alice: User) -> None:
    device = Device()
    assert len(add_passkey(at_home, device).context["codes"]) == 10
    away = Client()
    opened = away.post(WITH_PASSKEY, {"credential": device.show(options(away, "sign-in")), "next": GALLERY})
    assert (opened["Location"], signed_in_id(away)) == (GALLERY, str(alice.pk))


def test_or_is_the_second_step_after_a_password(at_home: Client, alice: User) -> None:
    device = Device()
    add_passkey(at_home, device)
    away = Client()
    assert sign_in(away, alice.email)["Location"] == STEP
    assert "Use a passkey" in away.get(STEP).content.decode()
    assert away.post(STEP, {"credential": device.show(options(away, "step"))})["Location"] == EDITOR
    assert signed_in_id(away) == str(alice.pk)


def test_a_suspended_person_stays_out(at_home: Client, alice: User) -> None:
    device = Device()
    add_passkey(at_home, device)
    User.objects.update(is_active=False)
    away = Client()
    assert away.post(WITH_PASSKEY, {"credential": device.show(options(away, "sign-in"))}).status_code == 403
    assert signed_in_id(away) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device, asked: "",
        lambda device, asked: "[]",
        lambda device, asked: '{"id": 1}',
        lambda device, asked: "x" * 50_000,
        lambda device, asked: Device().show(asked),
        lambda device, asked: device.show(asked, origin="http://evil.example"),
        lambda device, asked: device.show({"publicKey": {"challenge": "b3RoZXI"}}),
        lambda device, asked: device.show(asked).replace('"signature": "', '"signature": "AAAA'),
        lambda device, asked: re.sub('"userHandle": "[^"]*"', '"userHandle": "enp6"', device.show(asked)),
        lambda device, asked: device.show(asked).replace("authenticatorData", "data"),
    ],
)
def test_what_is_no_answer_of_hers_opens_nothing(at_home: Client, alice: User, spoil: Any) -> None:
    device = Device()
    add_passkey(at_home, device)
    away = Client()
    asked = options(away, "sign-in")
    refused = away.post(WITH_PASSKEY, {"credential": spoil(device, asked)})
    assert (refused.status_code, signed_in_id(away)) == (403, None)


def test_an_answer_works_once(at_home: Client, alice: User) -> None:
    device = Device()
    add_passkey(at_home, device)
    away = Client()
    shown = device.show(options(away, "sign-in"))
    away.post(WITH_PASSKEY, {"credential": shown})
    other = Client()
    options(other, "sign-in")
    assert other.post(WITH_PASSKEY, {"credential": shown}).status_code == 403


def test_a_device_that_asks_for_nothing_is_not_taken(at_home: Client, alice: User) -> None:
    assert add_passkey(at_home, Device(verifies=False)).status_code == 422
    device = Device()
    add_passkey(at_home, device)
    device.flags = 1
    away = Client()
    assert away.post(WITH_PASSKEY, {"credential": device.show(options(away, "sign-in"))}).status_code == 403


def test_a_browsers_nonsense_adds_no_passkey(at_home: Client, alice: User) -> None:
    for made in (
        "",
        "null",
        '{"response": {}}',
        Device().make({"publicKey": {"challenge": "eA", "user": {"id": "eA"}}}),
    ):
        assert at_home.post(PASSKEY, {"name": "Phone", "credential": made}).status_code == 422
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("address", "works"),
    [
        ("https://studio.example", True),
        ("http://localhost:8000", True),
        ("http://studio.example", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(
    client: Client, db: None, settings: Any, address: str, works: bool
) -> None:
    settings.SITE_URL, settings.SECURE = address, address.startswith("https")
    assert (b"Sign in with a passkey" in client.get(SIGN_IN).content) == works


# -- Removing --------------------------------------------------------------------------------------


def remove(client: Client, factor: Authenticator) -> Any:
    return client.post(reverse("accounts:factor-remove", args=[factor.pk]))


def test_the_last_one_takes_the_recovery_codes_along(at_home: Client, alice: User) -> None:
    add_app(at_home)
    assert at_home.get(reverse("accounts:factor-remove", args=[Authenticator.objects.get(type="totp").pk]))
    assert remove(at_home, Authenticator.objects.get(type="totp"))["Location"] == FACTORS
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), alice.email)["Location"] == EDITOR
    assert "was removed" in mail.outbox[-1].body


def test_nobody_removes_somebody_elses(at_home: Client, alice: User, bob: User) -> None:
    add_app(at_home)
    client = Client()
    sign_in(client, bob.email)
    assert remove(client, Authenticator.objects.get(type="totp")).status_code == 404
    assert remove(at_home, Authenticator.objects.get(type="recovery_codes")).status_code == 404


@pytest.mark.parametrize("address", [APP, PASSKEY, CODES])
def test_who_came_in_long_ago_shows_who_they_are_first(
    alice_client: Client, alice: User, address: str
) -> None:
    led = alice_client.get(address)
    assert led["Location"].startswith(PROVE)
    assert alice_client.post(OPTIONS, {"for": "new"}).status_code == 403
    assert alice_client.post(PROVE, {"password": PASSWORD, "next": APP})["Location"] == APP
    assert alice_client.get(APP).status_code == 200


def test_a_code_or_a_passkey_shows_it_as_well(at_home: Client, alice: User) -> None:
    device = Device()
    secret, _ = add_app(at_home)
    add_passkey(at_home, device)
    stale = Client()
    stale.force_login(alice)
    assert stale.post(PROVE, {"code": "000000"}).status_code == 422
    assert stale.post(PROVE, {"credential": "{}"}).status_code == 422
    assert stale.get(APP).status_code == 302
    assert stale.post(PROVE, {"code": code_of(secret, 1), "next": CODES})["Location"] == CODES
    other = Client()
    other.force_login(alice)
    shown = device.show(options(other, "prove"))
    assert other.post(PROVE, {"credential": shown, "next": CODES})["Location"] == CODES
    assert other.get(CODES).status_code == 200


# -- Of whom one is asked --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "rule", "is_staff", "asked"),
    [
        ("", "nobody", True, False),
        ("", "admins", True, True),
        ("", "admins", False, False),
        ("", "everybody", False, True),
        ("nobody", "everybody", True, False),
        ("everybody", "nobody", False, True),
    ],
)
def test_of_whom_one_is_asked_the_setting_says_before_the_desk(
    client: Client, alice: User, settings: Any, setting: str, rule: str, is_staff: bool, asked: bool
) -> None:
    settings.SECOND_FACTOR = setting
    SignInRule.objects.update(second_factor=rule)
    User.objects.update(is_staff=is_staff)
    sign_in(client, alice.email)
    assert (client.get(GALLERY).status_code == 302) == asked


def test_they_are_led_through_adding_one_and_then_go_on(client: Client, alice: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "everybody"
    sign_in(client, alice.email)
    for address in (EDITOR, reverse("accounts:keys"), reverse("accounts:delete"), "/admin/"):
        assert client.get(address)["Location"] == FACTORS
    assert client.get(EDITOR, headers={"x-requested-with": "fetch"}).status_code == 403
    assert "asks you for one" in client.get(FACTORS).content.decode()
    add_app(client)
    assert client.get(EDITOR).status_code == 200
    # And the only one stays.
    kept = Authenticator.objects.get(type="totp")
    assert remove(client, kept).status_code == 409
    add_passkey(client, Device())
    assert remove(client, kept).status_code == 302


def test_who_would_go_round_it_signs_out_or_is_led_back(client: Client, alice: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "everybody"
    sign_in(client, alice.email)
    assert client.get(SIGN_IN)["Location"] == FACTORS
    client.post(reverse("accounts:sign-out"))
    assert client.get(SIGN_IN).status_code == 200


def test_the_desks_door_asks_for_it_as_well(client: Client, owner: User) -> None:
    home = Client()
    sign_in(home, owner.email)
    secret, _ = add_app(home)
    door = client.get("/admin/login/", {"next": "/admin/"})["Location"]
    assert door.startswith(SIGN_IN)
    assert client.post(door, {"username": owner.email, "password": PASSWORD})["Location"] == STEP
    assert client.get("/admin/").status_code == 302
    assert client.post(STEP, {"code": code_of(secret, 1)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_provider_that_asks_for_one_itself_is_enough(client: Client, acme: Provider, settings: Any) -> None:
    settings.SECOND_FACTOR = "everybody"
    settings.IDENTITY_PROVIDERS = named(acme, asks_second_factor=True)
    settings.SITE_URL = "http://testserver"
    come_in(client, acme)
    assert client.get(GALLERY).status_code == 200
    settings.IDENTITY_PROVIDERS = named(acme)
    other = Client()
    come_in(other, acme)
    assert other.get(GALLERY)["Location"] == FACTORS


def test_who_came_by_a_provider_is_asked_for_what_they_have(
    client: Client, acme: Provider, settings: Any
) -> None:
    settings.SITE_URL = "http://testserver"
    come_in(client, acme)
    secret, _ = add_app(client)
    other = Client()
    assert come_in(other, acme, next=GALLERY)["Location"] == STEP
    assert signed_in_id(other) is None
    assert other.post(STEP, {"code": code_of(secret, 1)})["Location"] == GALLERY


# -- Lost ------------------------------------------------------------------------------------------


def test_an_admin_resets_what_was_lost_on_record(at_home: Client, alice: User, owner_client: Client) -> None:
    add_app(at_home)
    act = reverse("admin:accounts_user_act", args=["reset-factor"])
    owner_client.post(f"{act}?ids={alice.pk}")
    assert not Authenticator.objects.exists()
    assert at_home.get(FACTORS).status_code == 302
    assert AuditEntry.objects.get(action="reset the second factor").target == alice.email
    assert sign_in(Client(), alice.email)["Location"] == EDITOR


def test_so_does_a_command(at_home: Client, alice: User, capsys: Any) -> None:
    add_app(at_home)
    for words in ("has no second factor any more", "has no second factor."):
        call_command("resetfactor", alice.email)
        assert words in capsys.readouterr().out


def test_an_admin_disconnects_who_lost_their_account_at_the_provider(
    client: Client, acme: Provider, settings: Any, owner_client: Client
) -> None:
    settings.SITE_URL = "http://testserver"
    come_in(client, acme)
    ann = User.objects.get(email="ann@shop.example")
    owner_client.post(f"{reverse('admin:accounts_user_act', args=['disconnect'])}?ids={ann.pk}")
    assert client.get(FACTORS).status_code == 302
    # A new one of the same confirmed address is hers again.
    acme.claims["sub"] = "7"
    come_in(again := Client(), acme)
    assert signed_in_id(again) == str(ann.pk)


def test_the_rule_is_changed_at_the_desk_where_no_setting_says_it(
    owner_client: Client, settings: Any
) -> None:
    page = reverse("admin:accounts_signinrule_change", args=[1])
    settings.SECOND_FACTOR = "admins"
    assert "goes before this page" in owner_client.get(page).content.decode()
    assert owner_client.post(page, {"second_factor": "everybody"}).status_code == 403
    settings.SECOND_FACTOR = ""
    assert owner_client.post(page, {"second_factor": "everybody"}).status_code == 302
    assert SignInRule.objects.get().second_factor == "everybody"
