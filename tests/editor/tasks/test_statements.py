"""Queries that are put into SQL once: they answer what the same query built anew would."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet

from accounts.models import User
from editor import wiring
from editor.engines.types import Output
from editor.models import Photo, Task
from editor.providers.contract import Job
from editor.states import State
from editor.tools import QUICK, Tool
from editor.work import orders, pipeline
from web import clock
from web.statements.queries import Statement, list_columns, make_row

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
    with django_assert_max_num_queries(19):
        pipeline.serve(QUICK)
    assert {State(task.state) for task in Task.objects.filter(pk__in=[one.pk for one in tasks])} == {
        State.DONE
    }
