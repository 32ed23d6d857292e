"""The promise of the queue: fair between people, first come first served for each, nobody waits for ever."""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from editor.models import Photo, Task, Turn
from editor.remote import circuit
from editor.tasks import lease, scheduling
from editor.tasks.lease import Attempt
from editor.tools import Tool
from editor.work import orders
from tests.end_to_end.installation import ROOT
from tests.support import waiting
from tests.support.servers import postgres, redis  # noqa: F401  (fixtures)

MakePhoto = Callable[..., Photo]
Place = Callable[..., Task]


@pytest.mark.parametrize(
    ("database", "queue", "examples"),
    # Derived from nothing random: the second and third are told the first stories of the first.
    [("sqlite", "database", 8), ("postgresql", "database", 4), ("sqlite", "redis", 3)],
)
def test_random_arrivals_of_many_owners_are_served_fairly(
    database: str, queue: str, examples: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Nobody's later piece before an earlier one, nobody twice while another waits, nothing for ever.

    Retried, deferred and remote work among them, and several workers at once: see arrivals.py.
    """
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "picwish_site.settings",
        "PYTHONPATH": str(ROOT),
        "EXAMPLES": str(examples),
    }
    if database == "postgresql":
        environment["DATABASE_URL"] = request.getfixturevalue("postgres")
    if queue == "redis":
        environment["TASKS_URL"] = f"{request.getfixturevalue('redis')}/0"
    command = [sys.executable, str(ROOT / "tests/editor/work/arrivals.py")]
    done = waiting.run(command, env=environment, cwd=ROOT)
    came = json.loads(done.stdout.splitlines()[-1])
    assert (came["vendor"], came["queue"]) == (database, queue)
    assert came["served"] > came["examples"] >= examples
    assert (came["taken"], came["twice"]) == (30, 0)
    assert came["unfair"] <= 1 + 4, "as many as there were workers may be noted late"
    assert (len(came["crossed"]) >= 5) is (database == "postgresql")
    assert not any(came["crossed"].values()), came["crossed"]


@pytest.fixture
def place(photo_of: MakePhoto) -> Place:
    """Returns a function that places an order, for work that nobody does in these tests."""
    photos: dict[int, Photo] = {}

    def make(owner: User, tool: Tool = Tool.CUTOUT) -> Task:
        if owner.pk not in photos:
            photos[owner.pk] = photo_of(owner)
        return orders.place(owner, photos[owner.pk], tool, {})

    return make


def served(queue: str = "quick") -> Task:
    """Take what is next, as a worker does, and return it."""
    held = lease.take_next(queue)
    assert isinstance(held, Attempt)
    return held.task


def test_a_burst_keeps_nobody_waiting_for_more_than_one_of_it(alice: User, bob: User, place: Place) -> None:
    burst = [place(alice) for _ in range(6)]
    his = [place(bob) for _ in range(2)]
    assert [served() for _ in range(8)] == [burst[0], his[0], burst[1], his[1], *burst[2:]]


def test_who_comes_later_does_not_go_before_who_waits(
    alice: User, bob: User, charlie: User, place: Place
) -> None:
    first, second = place(alice), place(alice)
    assert served() == first
    newcomer, another = place(bob), place(charlie)
    assert [served() for _ in range(3)] == [second, newcomer, another]


def test_what_lost_its_worker_goes_before_later_work_of_its_owner(
    alice: User, bob: User, place: Place
) -> None:
    lost, later, his = place(alice), place(alice), place(bob)
    assert served() == lost
    Task.objects.filter(pk=lost.pk).update(
        state=0, owner_token=None, lease_expires_at=None, not_before=timezone.now()
    )
    assert [served() for _ in range(3)] == [his, lost, later]


@pytest.mark.parametrize("overdue", [timedelta(seconds=1), timedelta(days=1)])
def test_what_was_deferred_stands_in_line_from_when_it_is_due(
    alice: User, bob: User, place: Place, overdue: timedelta
) -> None:
    now = timezone.now()
    deferred, his = place(alice), place(bob)
    Task.objects.filter(pk=deferred.pk).update(created_at=now - 2 * overdue, not_before=now + overdue)
    assert served() == his
    assert lease.take_next("quick") is None
    Task.objects.filter(pk=deferred.pk).update(not_before=timezone.now())
    later = place(bob)
    assert [served(), served()] == [deferred, later]


def test_an_overdue_look_is_its_owners_turn_and_no_more(alice: User, bob: User, place: Place) -> None:
    looked_after, waiting = place(alice), place(alice)
    first = place(bob)
    assert served() == looked_after
    Task.objects.filter(pk=looked_after.pk).update(
        owner_token=None, state=3, not_before=timezone.now() - timedelta(hours=1)
    )
    assert [served() for _ in range(3)] == [first, looked_after, waiting]


def test_a_render_holds_up_no_cutout_and_is_nobodys_turn_in_the_other_queue(
    alice: User, bob: User, place: Place
) -> None:
    render, cutout, his = place(alice, Tool.SCENE), place(alice), place(bob)
    assert served("render") == render
    assert [served(), served()] == [cutout, his]
    assert {turn.queue for turn in Turn.objects.filter(owner=alice)} == {"quick", "render"}


def test_photos_to_prepare_stand_in_their_owners_line(
    alice: User, bob: User, photo_of: MakePhoto, place: Place
) -> None:
    mine = [photo_of(alice) for _ in range(3)]
    for photo in mine:
        orders.prepare(photo)
        orders.prepare(photo)
    orders.find_heads(mine[0])
    his = place(bob)
    taken = [lease.take_next("quick") for _ in range(5)]
    assert [getattr(one, "photo", None) for one in taken] == [mine[0], None, mine[1], mine[2], mine[0]]
    assert isinstance(taken[1], Attempt)
    assert taken[1].task == his


def test_a_provider_that_answers_again_lets_those_who_waited_stand_in_line(
    alice: User, bob: User, place: Place
) -> None:
    waited, his = place(alice), place(bob)
    Task.objects.filter(pk=waited.pk).update(
        provider="picwish", not_before=timezone.now() + timedelta(hours=1)
    )
    circuit.release_tasks("picwish")
    assert [served(), served()] == [his, waited]


def test_the_page_knows_how_many_go_before(alice: User, bob: User, charlie: User, place: Place) -> None:
    burst = [place(alice) for _ in range(5)]
    his = place(bob)
    assert [scheduling.count_ahead(task) for task in (burst[0], his, burst[1], burst[4])] == [0, 1, 2, 5]
    hers = place(charlie)
    everybody = [*burst, his, hers]
    foretold = sorted(everybody, key=scheduling.count_ahead)
    assert [scheduling.count_ahead(task) for task in foretold] == list(range(7))
    assert [served() for _ in range(7)] == foretold
    assert scheduling.count_ahead(burst[4]) == 0
