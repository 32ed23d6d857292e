"""What is put into SQL once: it asks and writes what the same, built anew, would."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import F, QuerySet

from accounts.models import User
from editor import wiring
from editor.engines.types import Output
from editor.models import Photo, Result, Task
from editor.providers.contract import Job
from editor.states import State
from editor.tools import QUICK, Tool
from editor.work import orders, pipeline
from web import clock
from web.statements.queries import Statement, list_columns, make_row
from web.statements.writes import Removal, Update, insert

MakePhoto = Callable[..., Photo]


def build(state: State, *, owner: int, before: datetime) -> QuerySet[Task, Any]:
    rows = Task.objects.filter(state=state, owner=owner, created_at__lt=before)
    return rows.order_by("created_at").values_list("pk", "owner", "created_at", "params")


def test_each_answer_is_of_what_it_was_asked_with(alice: User, bob: User, photo_of: MakePhoto) -> None:
    hers = [orders.place(alice, photo_of(alice), Tool.CUTOUT, {"takes": n}) for n in (1, 2)]
    his = orders.place(bob, photo_of(bob), Tool.CUTOUT, {})
    Task.objects.filter(pk=hers[1].pk).update(state=State.DONE)
    statement, soon, long_ago = Statement(build, owner=int, before=datetime), clock.now(), clock.now()
    soon, long_ago = soon + timedelta(hours=1), long_ago - timedelta(hours=1)
    for kind in (State.QUEUED, State.DONE):
        for owner in (alice.pk, bob.pk):
            for before in (soon, long_ago):
                anew = list(build(kind, owner=owner, before=before))
                assert statement.ask(kind, owner=owner, before=before) == anew
    ((key, _, moment, params),) = statement.ask(State.DONE, owner=alice.pk, before=soon)
    assert (key, moment, params) == (hers[1].pk, hers[1].created_at, {"takes": 2})
    assert statement.ask(State.QUEUED, owner=bob.pk, before=soon)[0][0] == his.pk
    assert len(statement.known) == 2


def test_a_row_of_values_is_the_row_itself(alice: User, photo_of: MakePhoto) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {"subject": "shoe"})
    names = list_columns(Task)
    statement = Statement(lambda *, task: Task.objects.filter(pk=task).values_list(*names), task=UUID)
    (values,) = statement.ask(task=task.pk)
    made = make_row(Task, names, values)
    assert {name: getattr(made, name) for name in names} == {name: getattr(task, name) for name in names}
    some = list_columns(Task, only=("owner_id", "id"))
    assert make_row(Task, some, (task.pk, alice.pk)).get_deferred_fields() == set(names) - set(some)


def test_a_value_that_the_query_makes_no_use_of_is_a_mistake() -> None:
    statement = Statement(lambda *, owner, now: Task.objects.filter(owner=owner), owner=int, now=datetime)
    with pytest.raises(ValueError, match="no use of now"):
        statement.ask(owner=1, now=clock.now())


def build_held(state: State, *, owner: int, more: int) -> tuple[QuerySet[Task], dict[str, Any]]:
    return Task.objects.filter(state=state, owner=owner), {
        "attempts": F("attempts") + more,
        "progress": 9,
    }


def test_an_update_writes_what_it_is_given_to_the_rows_that_are_meant(
    alice: User, bob: User, photo_of: MakePhoto
) -> None:
    hers, his = (orders.place(one, photo_of(one), Tool.CUTOUT, {}) for one in (alice, bob))
    update, token = Update(build_held, owner=int, more=int), uuid4()
    now = clock.now()
    plain = {"state": State.DONE, "owner_token": token, "facts": {"words": "a 'b' %s"}, "completed_at": now}
    assert update.write(plain, State.QUEUED, owner=alice.pk, more=2) == 1
    assert update.write(plain, State.QUEUED, owner=alice.pk, more=2) == 0
    told = Task.objects.values("attempts", *plain).get(pk=hers.pk)
    assert told == {**plain, "attempts": 2}
    assert update.write({"facts": {}, "owner_token": None}, State.DONE, owner=alice.pk, more=1) == 1
    assert Task.objects.values_list("attempts", "facts", "owner_token").get(pk=hers.pk) == (3, {}, None)
    his.refresh_from_db()
    assert (his.status, his.attempts) == (State.QUEUED, 0)


def test_a_removal_takes_away_what_is_meant_alone(alice: User, bob: User, photo_of: MakePhoto) -> None:
    keys = [orders.place(one, photo_of(one), Tool.CUTOUT, {}).pk for one in (alice, bob)]
    removal = Removal(lambda task: Task.objects.filter(pk=task), task=UUID)
    assert [removal.carry_out(task=keys[0]) for _ in range(2)] == [1, 0]
    assert list(Task.objects.values_list("pk", flat=True)) == [keys[1]]


def test_an_inserted_row_is_as_a_saved_one(alice: User, photo_of: MakePhoto) -> None:
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    values = {"task": task, "photo": task.photo, "owner": alice, "tool": Tool.CUTOUT, "format": "png"}
    made = [Result(**values, number=n, file="a.png", width=3, height=2, bytes=n) for n in (1, 2)]
    insert(made[0])
    made[1].save()
    rows = Result.objects.order_by("number")
    one, other = rows.values("kind", "thumbnail", "bare", "trashed_at", "owner", "width")
    assert one == other
    assert [row.pk for row in rows] == [row.pk for row in made]
    assert not made[0]._state.adding


def test_a_worker_asks_little_for_an_order(
    alice: User,
    photo_of: MakePhoto,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    class Engine:
        def run(self, job: Job, watch: Any) -> list[Output]:
            path = job.folder / "image.png"
            path.write_bytes(b"png")
            return [Output("image", str(path), 8, 8, "png", 3)]

    monkeypatch.setattr(wiring, "get_engine", lambda name, queue=QUICK: Engine())
    photo = photo_of(alice)
    Photo.objects.filter(pk=photo.pk).update(preview=photo.file.name)
    tasks = [orders.place(alice, photo, Tool.CUTOUT, {}) for _ in range(2)]
    pipeline.serve(QUICK)
    # Savepoints among them, which within a test stand for transactions.
    with django_assert_max_num_queries(17):
        pipeline.serve(QUICK)
    assert {State(task.state) for task in Task.objects.filter(pk__in=[one.pk for one in tasks])} == {
        State.DONE
    }
