"""Alice looks at what she used and has left."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import ledger
from accounts.models import Account, CreditEntry, PlanException, Usage, User
from editor.models import Photo, Task
from tests.conftest import signed_in
from tests.support.markup import on_one_line

USAGE = reverse("accounts:usage")
# What the editor's page asks for again while work goes on, the header's number with it.
STRIP = reverse("editor:strip")
SCRIPT = {"X-Requested-With": "fetch"}


def spend(user: User, credits: int = 1, tool: str = "cutout") -> None:
    task_id = uuid.uuid4()
    ledger.reserve(user, task_id, credits, tool=tool, reason=tool.title())
    ledger.settle(task_id)


def text_of(response: Any) -> str:
    """What stands on the page, without marks, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(USAGE).status_code == 302


def test_the_page_says_what_is_left_what_was_used_and_what_is_stored(
    alice_client: Client, alice: User, bob: User
) -> None:
    spend(alice, 6, "scene")
    spend(alice, 1)
    spend(bob, 50)
    ledger.grant(alice, 20, reason="Open day")
    page = text_of(alice_client.get(USAGE))
    assert "Credits left 513" in page
    assert "493 of 500 this month, and 20 granted on top" in page
    assert "7 credits · 2 tasks done" in page
    assert "Open day" in page
    assert "Standard plan · Cutout, Head, Erase, Scene" in page
    assert "of 20 GB" in page.replace("Of", "of")


def test_the_chart_is_drawn_to_scale_and_stands_beside_as_a_table(alice_client: Client, alice: User) -> None:
    spend(alice, 6, "scene")
    spend(alice, 2)
    chart = alice_client.get(USAGE).context["usage"].chart
    heights = {one.series: one.height for one in chart.segments}
    assert heights["scene"] == pytest.approx(3 * heights["cutout"])
    assert min(one.y for one in chart.segments) >= 0
    page = alice_client.get(USAGE).content.decode()
    today = timezone.localdate()
    row = re.search(rf"<tr><th scope=\"row\">{today.day} {today:%b}</th>(.*?)</tr>", page)
    assert row is not None
    assert re.findall(r">(\d+)<", row[1]) == ["2", "0", "0", "6", "8"]


def test_the_header_says_what_is_left_and_nothing_where_there_is_no_limit(
    alice_client: Client, alice: User, owner_client: Client
) -> None:
    spend(alice, 6, "scene")
    assert "494 credits left" in text_of(alice_client.get(reverse("editor:gallery")))
    assert "494 credits left" in text_of(alice_client.get(STRIP, headers=SCRIPT))
    strip = on_one_line(owner_client.get(STRIP, headers=SCRIPT))
    assert 'id="credits" href="/account/usage/" hidden' in strip


def test_who_has_spent_everything_is_told_when_more_comes(alice_client: Client, alice: User) -> None:
    spend(alice, 500)
    page = text_of(alice_client.get(USAGE))
    assert "No credits are left. The next come on 1 " in page
    assert 'class="credits none"' in alice_client.get(STRIP, headers=SCRIPT).content.decode()


def test_exceptions_that_hold_are_named(alice_client: Client, alice: User) -> None:
    soon = timezone.now() + timedelta(days=3)
    PlanException.objects.create(user=alice, reason="Christmas campaign", most_photos=5000, ends_at=soon)
    page = text_of(alice_client.get(USAGE))
    assert "Christmas campaign until" in page
    assert "0 photos of 5,000" in page


def test_the_ledger_is_paged_and_filtered(alice_client: Client, alice: User) -> None:
    for _ in range(20):
        spend(alice)
    first = alice_client.get(USAGE).context["usage"]
    assert (len(first.entries), first.older is not None) == (30, True)
    second = alice_client.get(USAGE, {"before": first.older}).context["usage"]
    assert (len(second.entries), second.older) == (11, None)
    assert {entry.pk for entry in first.entries}.isdisjoint(entry.pk for entry in second.entries)
    spent = alice_client.get(USAGE, {"shown": "spent"}).context["usage"].entries
    assert {entry.kind for entry in spent} == {"settle"}
    granted = alice_client.get(USAGE, {"shown": "granted"}).context["usage"].entries
    assert [entry.kind for entry in granted] == ["grant"]


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "x"},
        {"month": "9999-12"},
        {"month": "0001-01"},
        {"before": "-1"},
        {"before": "9" * 40},
        {"before": "²"},
        {"shown": "'; DROP TABLE"},
    ],
)
def test_an_address_that_makes_no_sense_shows_this_month(alice_client: Client, query: dict[str, str]) -> None:
    assert alice_client.get(USAGE, query).status_code == 200


def test_an_earlier_month_is_shown_by_its_days(alice_client: Client, alice: User) -> None:
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    Usage.objects.create(account=Account.objects.get(user=alice), day=month, tool="head", credits=9, tasks=9)
    page = text_of(alice_client.get(USAGE, {"month": f"{month:%Y-%m}"}))
    assert f"{month:%B %Y} 9 credits · 9 tasks done" in page


# -- However long the ledger ------------------------------------------------------------------------


def many(user: User, count: int) -> None:
    account = Account.objects.get(user=user)
    CreditEntry.objects.bulk_create(
        [
            CreditEntry(account=account, kind=kind, amount=1, effect=effect, task_id=task_id, tool="cutout")
            for task_id in (uuid.uuid4() for _ in range(count // 2))
            for kind, effect in (("reserve", 0), ("settle", 0))
        ]
    )


def queries(client: Client, address: str, **query: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address, query).status_code == 200
    return [one["sql"] for one in captured]


def steps(sql: str) -> list[str]:
    """Return how the database goes about a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[-1] for row in cursor.fetchall()]


def test_the_page_takes_as_many_queries_for_a_long_ledger_as_for_a_short_one(alice: User, bob: User) -> None:
    many(alice, 3000)
    many(bob, 60)
    long, short = (queries(signed_in(user), USAGE) for user in (alice, bob))
    assert len(long) == len(short) <= 20


@pytest.mark.parametrize("shown", ["", "spent", "granted"])
def test_the_ledger_is_read_by_index_and_never_sorted_or_summed(alice: User, bob: User, shown: str) -> None:
    many(alice, 2000)
    many(bob, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    reads = [sql for sql in queries(signed_in(alice), USAGE, shown=shown) if "creditentry" in sql]
    assert len(reads) == 1
    plan = steps(reads[0])
    assert not [
        step for step in plan if "TEMP B-TREE" in step or step.startswith("SCAN accounts_creditentry")
    ], plan
    assert [step for step in plan if "accounts_creditentry USING" in step], plan


def test_the_list_of_people_takes_as_many_queries_for_fifty_as_for_three(
    owner_client: Client, alice: User, bob: User
) -> None:
    people = reverse("admin:accounts_user_changelist")
    few = queries(owner_client, people)
    for number in range(50):
        User.objects.create_user(f"person-{number}@example.com")
    many(alice, 2000)
    full = queries(owner_client, people)
    assert len(full) == len(few) <= 12
    assert not [sql for sql in full if "accounts_creditentry" in sql]


def test_the_ledger_at_the_desk_is_read_from_its_end(owner_client: Client, alice: User) -> None:
    many(alice, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    desk = reverse("admin:accounts_creditentry_changelist")
    queries(owner_client, desk)
    # Asked once in a few minutes: which tools there are, of all rows.
    reads = [sql for sql in queries(owner_client, desk) if "creditentry" in sql]
    assert len(reads) == 2
    for sql in reads:
        assert re.search(r"LIMIT (50|20000)\b", sql)
        assert not [step for step in steps(sql) if "TEMP B-TREE" in step]


def test_a_line_names_the_photo_that_it_is_about_and_shows_no_number_of_a_task(
    alice_client: Client, alice: User, bob: User, photo_of: Callable[..., Photo]
) -> None:
    photo, foreign = photo_of(alice), photo_of(bob)
    task = Task.objects.create(owner=alice, photo=photo, tool="cutout")
    for about in (task.pk, Task.objects.create(owner=bob, photo=foreign, tool="cutout").pk, uuid.uuid4()):
        ledger.reserve(alice, about, 1, tool="cutout", reason="Cutout")
    response = alice_client.get(USAGE)
    link = reverse("editor:photo", args=[photo.pk])
    assert response.content.decode().count(f'href="{link}">{photo.name}</a>') == 1
    assert str(foreign.pk) not in response.content.decode()
    assert str(task.pk)[:8] not in text_of(response)
    Photo.objects.filter(pk=photo.pk).update(trashed_at=timezone.now())
    assert link not in alice_client.get(USAGE).content.decode()
