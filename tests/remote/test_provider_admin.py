"""Services at the admin's desk: keys go in and never come out; what the environment says stays."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from editor.models import Provider, Route, Task
from editor.remote import circuit, routing, sealed_keys
from editor.states import State
from editor.tasks import lease
from editor.tools import Tool
from editor.work import orders
from tests.conftest import PASSWORD, signed_in
from web.environment import Service

KEY = "sk-live-4f1d9a7e2c83-b6X9"
CHANGE = reverse("admin:editor_provider_change", args=["picwish"])
PROVIDERS = reverse("admin:editor_provider_changelist")
ROUTES = reverse("admin:editor_route_changelist")


@pytest.fixture(autouse=True)
def nothing_in_the_environment(settings: Any) -> None:
    settings.SERVICES = dict.fromkeys(("picwish", "removebackground"), Service("", "", False))
    settings.WAYS = dict.fromkeys(Tool, "")


@pytest.fixture
def admin(db: None) -> Client:
    return signed_in(User.objects.create_superuser("root@example.com", PASSWORD))


def picwish() -> Provider:
    return Provider.objects.get(pk="picwish")


def enter(admin: Client, **fields: str) -> str:
    """Fill the form in; return the page that comes back, the list's where it was taken."""
    given = {"base_url": "https://picwish.example", "enabled": "on", **fields}
    return admin.post(CHANGE, given, follow=True).content.decode()


def route(admin: Client, tool: str, way: str) -> str:
    """Choose in the list who carries a tool's tasks out; return the page that comes back."""
    page = admin.get(ROUTES).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(form[^"]*)" value="([^"]*)"', page))
    places = {name.removesuffix("-tool"): kept for name, kept in fields.items() if name.endswith("-tool")}
    ways = {f"{place}-way": way if kept == tool else "local" for place, kept in places.items()}
    return admin.post(ROUTES, {**fields, **ways, "_save": "Save"}, follow=True).content.decode()


def test_a_key_goes_in_and_never_comes_out(admin: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = enter(admin, new_key=KEY)

    provider = picwish()
    assert routing.get_connection(provider).key == KEY
    said += enter(admin, base_url="https://picwish.example/v2", heeds_idempotency_keys="on")
    assert routing.get_connection(picwish()).key == KEY, "left empty it is kept"
    for address in (
        CHANGE,
        PROVIDERS,
        reverse("admin:index"),
        reverse("admin:accounts_auditentry_changelist"),
    ):
        said += admin.get(address).content.decode()
    assert "Set, ends in …b6X9." in said
    said += caplog.text + provider.sealed_key + repr(routing.get_connection(provider))
    said += "".join(f"{entry.action} {entry.details}" for entry in AuditEntry.objects.all())
    assert KEY not in said
    assert KEY[:-4] not in said
    assert AuditEntry.objects.filter(action="changed", target="PicWish").count() == 2


def test_a_key_of_the_wrong_form_is_not_said_again(admin: Client) -> None:
    page = enter(admin, new_key="schlüssel-zum-glück")
    assert "plain letters and digits" in page
    assert "glück" not in page
    assert picwish().sealed_key == ""


def test_a_key_is_not_sent_to_another_address_than_it_was_given_for(admin: Client) -> None:
    enter(admin, new_key=KEY)
    page = enter(admin, base_url="https://elsewhere.example")
    assert "Enter the key again" in page
    assert picwish().base_url == "https://picwish.example"
    enter(admin, base_url="https://elsewhere.example", forget_key="on")
    assert routing.get_connection(picwish()).key == ""


@pytest.mark.parametrize("address", ["picwish.example", "ftp://picwish.example", "https://user:word@host"])
def test_an_address_that_is_none_is_refused(admin: Client, address: str) -> None:
    assert "Use https://host" in enter(admin, base_url=address)


@pytest.mark.django_db
def test_another_secret_key_leaves_the_key_shut_and_says_so(settings: Any) -> None:
    Provider.objects.update(base_url="https://picwish.example", sealed_key=sealed_keys.seal(KEY))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert routing.get_connection(picwish()).key == KEY
    settings.SECRET_KEY_FALLBACKS = []
    assert routing.get_connection(picwish()).trouble == routing.KEY_UNREADABLE


def test_the_environment_goes_before_and_is_only_shown(admin: Client, settings: Any) -> None:
    enter(admin, new_key="the key in the database")
    settings.SERVICES |= {"picwish": Service("https://fixed.example", KEY, True)}
    settings.WAYS |= {"cutout": "picwish+local"}

    page = admin.get(CHANGE).content.decode()
    assert "https://fixed.example (set by PICWISH_URL)" in page
    assert "Set by PICWISH_KEY, ends in …b6X9." in page
    assert 'name="new_key"' not in page
    assert KEY not in page
    assert "PROVIDER_CUTOUT" in admin.get(ROUTES).content.decode()
    route(admin, "cutout", "local")
    assert routing.find_way("cutout") == routing.Way("picwish", fallback=True, fixed=True)
    assert routing.get_connection(picwish()).base_url == "https://fixed.example"


@pytest.mark.django_db
def test_the_environments_key_goes_to_no_address_of_the_desk(settings: Any) -> None:
    Provider.objects.update(base_url="https://elsewhere.example")
    settings.SERVICES |= {"picwish": Service("", KEY, False)}
    assert routing.get_connection(picwish()).base_url == ""


def test_a_route_chosen_in_the_list_holds_for_the_next_task(admin: Client) -> None:
    assert routing.find_way("erase") == routing.Way()
    enter(admin, new_key=KEY)
    assert "errornote" not in route(admin, "erase", "picwish+local")
    assert routing.find_way("erase") == routing.Way("picwish", fallback=True)
    assert routing.find_way("cutout") == routing.Way()
    assert AuditEntry.objects.filter(action="changed", target="Erase").exists()


@pytest.mark.parametrize("way", ["picwish", "picwish+local"])
@pytest.mark.parametrize(
    ("entered", "missing"),
    [
        ({}, "address and key are"),
        ({"base_url": "https://picwish.example"}, "key is"),
        ({"sealed_key": "sealed", "base_url": ""}, "address is"),
        ({"base_url": "https://picwish.example", "sealed_key": "another secret's"}, "cannot be read"),
        ({"base_url": "https://picwish.example", "sealed_key": "sealed", "enabled": False}, "switched off"),
    ],
    ids=["nothing", "no key", "no address", "unreadable", "off"],
)
def test_who_cannot_be_asked_is_given_no_tool(
    admin: Client, way: str, entered: dict[str, Any], missing: str
) -> None:
    if entered.get("sealed_key") == "sealed":
        entered = {**entered, "sealed_key": sealed_keys.seal(KEY)}
    Provider.objects.filter(pk="picwish").update(**entered)
    page = route(admin, "erase", way)
    assert "PicWish cannot carry this out yet." in page
    assert missing in page
    assert "Set it up under" in page
    assert routing.find_way("erase") == routing.Way()


def test_what_stands_in_the_list_already_holds_up_no_other_row(admin: Client) -> None:
    Route.objects.filter(pk="erase").update(way="picwish")
    page = admin.get(ROUTES).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(form[^"]*)" value="([^"]*)"', page))
    ways = dict(re.findall(r'<select name="(form-\d-way)".*?value="([^"]*)" selected', page, re.DOTALL))
    assert "picwish" in ways.values()
    answer = admin.post(ROUTES, {**fields, **ways, "_save": "Save"}, follow=True).content.decode()
    assert "errornote" not in answer


@pytest.mark.parametrize(
    ("change", "field"),
    [({"base_url": ""}, "base_url"), ({"forget_key": "on"}, "new_key"), ({"enabled": ""}, "enabled")],
)
def test_who_carries_a_tool_out_keeps_what_it_takes(
    admin: Client, change: dict[str, str], field: str
) -> None:
    enter(admin, new_key=KEY)
    route(admin, "erase", "picwish")
    before = picwish()
    page = enter(admin, **change)
    assert "It carries out object removals. Have another do that first" in page
    assert (picwish().base_url, picwish().sealed_key, picwish().enabled) == (
        before.base_url,
        before.sealed_key,
        True,
    )
    route(admin, "erase", "local")
    assert "Have another do that first" not in enter(admin, **change)


def test_with_the_studio_to_fall_back_on_it_may_be_switched_off(admin: Client) -> None:
    enter(admin, new_key=KEY)
    route(admin, "erase", "picwish+local")
    enter(admin, enabled="")
    assert not picwish().enabled


def test_only_who_can_carry_a_tool_out_is_offered(admin: Client) -> None:
    page = admin.get(ROUTES).content.decode()
    assert page.count('value="removebackground"') == 1
    assert page.count('value="picwish+local"') == len(Tool)
    Route.objects.filter(pk="erase").update(way="removebackground")
    assert routing.find_way("erase") == routing.Way(), "it cannot erase"


def test_how_it_goes_is_shown(admin: Client, alice: User, photo_of: Any) -> None:
    Route.objects.filter(pk="cutout").update(way="picwish")
    assert "Its address and key are missing" in admin.get(PROVIDERS).content.decode()
    assert "is not ready; cutouts fail" in admin.get(ROUTES).content.decode()
    enter(admin, new_key=KEY)
    circuit.take_slot("picwish", timedelta(seconds=1))
    circuit.record_success("picwish")
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    now = timezone.now()
    Task.objects.filter(pk=task.pk).update(
        provider="picwish", state=State.DONE, processed_at=now, completed_at=now
    )

    page = admin.get(PROVIDERS).content.decode()
    assert ">Ready<" in page
    assert 'field-calls_today">1<' in page
    assert 'field-credits_today">1<' in page
    desk = admin.get(reverse("admin:index")).content.decode()
    assert "For cutouts. 1 call, 1 credit today; last success just now" in desk

    for _ in range(circuit.MOST_FAILURES):
        circuit.record_failure("picwish", "PicWish does not answer. Try again in a few minutes.")
    for address in (PROVIDERS, reverse("admin:index")):
        assert "Does not answer since" in admin.get(address).content.decode()
    admin.post(PROVIDERS, {"action": "ask_again", "_selected_action": ["picwish"]})
    assert not picwish().is_paused


def test_what_workers_write_meanwhile_is_kept(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """They go on while the form is looked at: saving it must not bring back what the row was before."""
    seal = sealed_keys.seal

    def failing_meanwhile(key: str) -> str:
        circuit.record_failure("picwish", "PicWish does not answer.")
        return seal(key)

    monkeypatch.setattr(sealed_keys, "seal", failing_meanwhile)
    enter(admin, new_key=KEY)
    assert picwish().last_error == "PicWish does not answer."
    assert routing.get_connection(picwish()).key == KEY


def test_a_new_key_lets_waiting_tasks_try_at_once(admin: Client, alice: User, photo_of: Any) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    attempt = lease.claim(task.pk)
    assert attempt is not None
    attempt.put_back(timezone.now() + timedelta(minutes=9), provider="picwish")
    enter(admin, new_key=KEY)
    assert lease.claim(task.pk) is not None


def test_support_may_not_see_it(bob: User) -> None:
    bob.is_staff = True
    bob.save()
    assert signed_in(bob).get(CHANGE).status_code == 403
