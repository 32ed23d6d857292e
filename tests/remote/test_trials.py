"""“Try it now”: one real call to a service as it is set up, and what came of it in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from editor.models import Photo, Provider, Task
from editor.providers.http_service import Patience
from editor.remote import circuit, routing, sealed_keys, trial_calls
from editor.tools import Tool
from tests.conftest import PASSWORD, signed_in
from web.environment import Service

from . import hostile

NAMES = ["picwish", "removebackground"]


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SERVICES = dict.fromkeys(NAMES, Service("", "", False))
    settings.WAYS = dict.fromkeys(Tool, "")
    settings.PROVIDER_RATE = 1000.0
    monkeypatch.setattr(trial_calls, "PATIENCE", Patience(read=2.0, order=8, look=8, picture=8))
    monkeypatch.setattr(trial_calls, "LOOK_EVERY", 0.01)


@pytest.fixture
def admin(db: None) -> Client:
    return signed_in(User.objects.create_superuser("root@example.com", PASSWORD))


@pytest.fixture
def set_up(service: hostile.Service, db: None) -> hostile.Service:
    """Both services lead to the one that answers as it is told to."""
    Provider.objects.update(base_url=service.url, sealed_key=sealed_keys.seal(service.key))
    return service


def page_of(client: Client, name: str = "picwish") -> str:
    return client.get(reverse("admin:editor_provider_try", args=[name])).content.decode()


def tried(client: Client, name: str = "picwish") -> str:
    """Press the button; return what the page says came of it."""
    page = client.post(reverse("admin:editor_provider_try", args=[name])).content.decode()
    found = re.search(r'<li class="(success|error)">(.*?)</li>', page, re.DOTALL)
    assert found is not None, page
    return f"{found[1]}: {found[2]}"


@pytest.mark.parametrize("name", NAMES)
def test_a_service_that_works_is_said_to_work(admin: Client, set_up: hostile.Service, name: str) -> None:
    said = tried(admin, name)
    assert re.match(r"success: .*cutout.* It took \d+\.\d seconds\.", said)
    orders = [call for call in set_up.calls if call.method == "POST"]
    assert len(orders) == 1
    assert not Task.objects.exists()
    assert not Photo.objects.exists()
    assert Provider.objects.get(pk=name).last_success_at is not None
    assert AuditEntry.objects.get(action="tried a service").details in said


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("401", "refuses the studio's key. Make sure that address and key are right."),
        ("402", "credits with"),
        ("404", "is not what answers at its address (404). Make sure"),
        ("429", "asked too often"),
        ("503", "has trouble on its side (503)"),
        ("html", "answered"),
        ("reset", "its answer got lost"),
        ("refuse", "does not answer"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_what_one_says_that_does_not_is_told(
    admin: Client, set_up: hostile.Service, name: str, kind: str, words: str
) -> None:
    set_up.behave(kind, on="submit")
    said = tried(admin, name)
    assert said.startswith("error: ")
    assert words in said.replace("&#x27;", "'")
    assert "Tell the person who runs" not in said
    assert len(set_up.asked("submit")) <= 1, "a call that failed is not made again"
    assert Provider.objects.get(pk=name).last_error_at is not None


@pytest.mark.parametrize(
    ("kind", "on", "said"),
    [
        ("failed", "look", "success: It answers, though this picture was not to its liking"),
        ("wrong_size", "picture", "error: PicWish made a picture of 61 × 40 pixels"),
        ("expired", "picture", "error: The address of the picture that PicWish made has expired"),
        ("text", "picture", "error: PicWish answered with something that is not a picture"),
    ],
)
def test_the_whole_way_of_a_task_is_gone(
    admin: Client, set_up: hostile.Service, kind: str, on: hostile.Where, said: str
) -> None:
    set_up.behave(kind, on=on)
    assert tried(admin).startswith(said)


def test_one_that_goes_on_working_is_not_waited_for_without_end(
    admin: Client, set_up: hostile.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_calls, "LONGEST", 0.3)
    set_up.behave("never", on="look")
    assert "works on it still" in tried(admin)


@pytest.mark.parametrize(
    "given", [{"base_url": "", "sealed_key": ""}, {"sealed_key": ""}, {"sealed_key": "another secret's"}]
)
def test_nothing_is_sent_where_something_is_missing(
    admin: Client, set_up: hostile.Service, given: dict[str, str]
) -> None:
    Provider.objects.update(**given)
    assert "Nothing was sent." in tried(admin)
    assert 'type="submit" class="default"' not in page_of(admin)
    assert set_up.calls == []


def test_one_that_is_switched_off_can_be_tried_before_it_is_switched_on(
    admin: Client, set_up: hostile.Service
) -> None:
    Provider.objects.update(enabled=False)
    assert tried(admin).startswith("success")
    assert routing.get_connection(Provider.objects.get(pk="picwish")).trouble == "It is switched off."


def test_a_trial_that_works_ends_the_pause_after_failures(admin: Client, set_up: hostile.Service) -> None:
    for _ in range(circuit.MOST_FAILURES):
        circuit.record_failure("picwish", "PicWish does not answer.")
    assert Provider.objects.get(pk="picwish").is_paused
    tried(admin)
    assert not Provider.objects.get(pk="picwish").is_paused


def test_looking_at_the_page_sends_nothing_and_it_says_what_a_trial_costs(
    admin: Client, set_up: hostile.Service
) -> None:
    page = page_of(admin)
    assert "It costs there what one cutout costs" in page
    assert set_up.url in page
    assert set_up.key not in page
    assert set_up.calls == []
    for address in (
        reverse("admin:editor_provider_changelist"),
        reverse("admin:editor_provider_change", args=["picwish"]),
    ):
        assert reverse("admin:editor_provider_try", args=["picwish"]) in admin.get(address).content.decode()


def test_only_who_may_change_it_may_try_it(bob: User, set_up: hostile.Service) -> None:
    bob.is_staff = True
    bob.save()
    address = reverse("admin:editor_provider_try", args=["picwish"])
    assert signed_in(bob).get(address).status_code == 403
    assert signed_in(bob).post(address).status_code == 403
    foreign = Client(enforce_csrf_checks=True)
    foreign.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    assert foreign.post(address).status_code == 403
    assert set_up.calls == []


def test_trials_keep_to_the_pace_of_all_calls(
    admin: Client, set_up: hostile.Service, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROVIDER_RATE = 0.1
    monkeypatch.setattr(trial_calls, "SLOT_WITHIN", timedelta(0))
    circuit.take_slot("picwish", timedelta(seconds=1))
    assert "asked too often" in tried(admin)
    assert set_up.calls == []
