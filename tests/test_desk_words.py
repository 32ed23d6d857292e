"""The admin's desk speaks to people who run a studio, and what it adds up adds up."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from editor import dashboard
from editor.dashboard import Dashboard
from editor.models import Photo, Task
from editor.states import State
from editor.templatetags.words import weights_in_one_unit
from editor.tools import Tool
from picwish_site.admin.contents import LEFT_OUT, PACKAGES, SECTIONS, WORDS

from .conftest import PASSWORD, signed_in

# Of packages, for those who program with them.
FOREIGN = ["Axes", "Authentication and Authorization", "Access attempt", "Access log", "Access failure"]
FOREIGN += ["Task Result", "Tasks Database Backend", "Api key", "Groups", "Exceptions<", "Django"]


@pytest.fixture
def owner_client(db: None) -> Client:
    return signed_in(User.objects.create_superuser("olga@example.com", PASSWORD))


def test_every_row_of_the_desk_has_its_place_under_a_heading() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert registered == {label for labels in SECTIONS.values() for label in labels}
    assert not registered & LEFT_OUT
    assert WORDS.keys() <= registered


def test_every_package_with_rows_there_has_words() -> None:
    packages = {model._meta.app_label for model in admin.site._registry}
    assert packages == PACKAGES.keys()
    assert {name: apps.get_app_config(name).verbose_name for name in PACKAGES} == PACKAGES


def test_no_page_of_the_desk_speaks_of_packages(owner_client: Client) -> None:
    pages = ["/admin/"]
    for model in admin.site._registry:
        pages += [
            f"/admin/{model._meta.app_label}/",
            f"/admin/{model._meta.app_label}/{model._meta.model_name}/",
        ]
    for page in pages:
        words = re.sub(r"<(script|style).*?</\1>", "", owner_client.get(page).content.decode(), flags=re.S)
        text = re.sub(r"<[^>]*>", "<", words)
        assert [word for word in FOREIGN if word in text] == [], page


def test_a_role_sees_its_own_rows_alone(bob: User) -> None:
    from django.contrib.auth.models import Group

    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.groups.add(Group.objects.get(name="Support"))
    listed = signed_in(bob).get("/admin/").context["app_list"]
    assert "Work" in [section["name"] for section in listed]
    assert all(section["models"] for section in listed)
    assert "Audit log" not in [row["name"] for section in listed for row in section["models"]]


# -- Sums ------------------------------------------------------------------------------------------


def number(words: str) -> float:
    return float(words.split()[0])


@pytest.mark.parametrize(
    ("whole", "free"),
    [
        (271_123_456_789, 70_400_000_000),
        (271_500_000_000, 70_500_000_000),
        (999_400_000_000, 499_700_000_000),
        (1_999_999_999_999, 5_000_000),
        (8_400_000_000, 8_350_000_000),
        (500_000, 499_000),
        (271_000_000_000, 0),
        (0, 0),
    ],
)
def test_a_disk_is_said_in_figures_that_add_up(whole: int, free: int) -> None:
    said = weights_in_one_unit(whole, free)
    assert number(said[1]) + number(said[2]) == pytest.approx(number(said[0]))
    assert len({words.split()[1] for words in said}) == 1
    for words, amount in zip(said, (whole, free, whole - free), strict=True):
        unit = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}[words.split()[1]]
        assert number(words) * unit == pytest.approx(amount, abs=unit)


def test_what_the_system_keeps_for_itself_counts_as_used(
    owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with root's share of a disk: 39 used and 70 free of 271 is no sum that anybody can follow."""
    usage = type("Usage", (), {"total": 271 * 10**9, "used": 39 * 10**9, "free": 70 * 10**9})
    monkeypatch.setattr(dashboard.shutil, "disk_usage", lambda path: usage)
    page = owner_client.get("/admin/").content.decode()
    assert "70 GB free" in page
    assert "201 GB used of 271 GB" in page


def test_todays_tasks_are_all_accounted_for(alice: User, bob: User) -> None:
    photo = Photo.objects.create(owner=alice, name="lamp.jpg", file="photos/none.jpg", format="jpeg")
    for state in State:
        Task.objects.create(owner=alice, photo=photo, tool=Tool.CUTOUT, state=state, credits=1)
    Task.objects.create(owner=bob, photo=photo, tool=Tool.CUTOUT, state=State.FAILED, credits=1)
    today: dict[str, Any] = Dashboard(timezone.now()).today
    parts = ("done", "failed", "cancelled", "under_way")
    assert sum(today[part] for part in parts) == today["tasks"] == len(State) + 1
    assert (today["credits"], today["people"]) == (1, 1)
    # One word for one thing: a cancelled task is no failure in any of them.
    cache.clear()  # what a test before this one looked up is kept for a minute
    board = Dashboard(timezone.now())
    assert sum(failure.count for failure in board.failures) == today["failed"]
    assert {one.name: one.total for one in board.by_hour.series}["failed"] == today["failed"]
