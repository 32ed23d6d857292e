"""Two transactions that lock the same rows, each when the other has some of them: called by arrivals.py.

The first is held where it has some. The second goes on until the database has it wait. Then the first goes on
as well: had the second what the first needs next, the database would end one of them.
"""

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import connection

from accounts import deletion
from accounts.models import Plan, User
from editor.models import Photo, Task, Turn
from editor.states import State
from editor.tasks import lease, settlement, takes
from editor.tools import QUICK, Tool
from editor.work import orders, trash
from editor.work.belongings import StudioBelongings
from tests.support.waiting import PATIENCE, wait_for
from web import clock, outages

WAITING = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"


class Hand(threading.Thread):
    """Somebody at work on a connection of their own."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.trouble, self.backend = act, "", 0
        self.ready = threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            self.ready.set()
            self.act()
        except Exception as exc:  # noqa: BLE001  (told by the program)
            self.trouble = repr(exc)
        finally:
            connection.close()

    def is_held_or_done(self) -> bool:
        if not self.is_alive():
            return True
        with connection.cursor() as cursor:
            cursor.execute(WAITING, [self.backend])
            return bool(cursor.fetchone()[0])


def give_up(exc: Exception, seconds: float) -> None:
    raise exc


def cross(first: Callable[[], object], place: tuple[Any, str], second: Callable[[], object]) -> str:
    """Hold the first just before it calls what is at `place`, until the second waits. Return any trouble."""
    reached, go_on = threading.Event(), threading.Event()
    held = Hand(first)
    call = getattr(*place)

    def hold(*args: Any, **kwargs: Any) -> Any:
        if threading.current_thread() is held:
            reached.set()
            go_on.wait(PATIENCE)
        return call(*args, **kwargs)

    # Once: what is begun again would come through as well.
    once = patch.multiple(outages, MOST_BEGUN=1, rest=give_up)
    with patch.object(*place, hold), once:
        held.start()
        assert reached.wait(PATIENCE), held.trouble or "The first never came there."
        other = Hand(second)
        other.start()
        assert other.ready.wait(PATIENCE), other.trouble
        wait_for(other.is_held_or_done, "the second to wait, or to end")
        go_on.set()
        for hand in (held, other):
            hand.join(PATIENCE)
            assert not hand.is_alive(), "They wait for each other for ever."
    return " ".join(filter(None, (held.trouble, other.trouble)))


class People:
    """Somebody with credits, and with tasks of them under way."""

    def __init__(self, name: str) -> None:
        plan = Plan.objects.create(name=name, credits_per_month=10)
        self.owner = User.objects.create_user(f"{name}@example.com", plan=plan)

    def order(self, state: State = State.PROCESSING, backdrop: Photo | None = None) -> Task:
        photo = Photo.objects.create(owner=self.owner, name="lamp.jpg", file="photos/none.jpg", format="jpeg")
        task = orders.place(self.owner, photo, Tool.CUTOUT, {}, backdrop)
        Task.objects.filter(pk=task.pk).update(state=state)
        return task


def end(task: Task) -> Callable[[], bool]:
    return lambda: settlement.end(Task.objects.filter(pk=task.pk).under_way(), State.DONE)


def take_while_another_takes() -> str:
    """Two workers, and one person's pieces: the turn is one's, the piece must not be the other's."""
    people = People("taken")
    tasks = {people.order(State.QUEUED).pk for _ in range(2)}
    Turn.objects.create(owner=people.owner, queue=QUICK, served_at=clock.now())
    trouble = cross(lambda: lease.take_next(QUICK), (lease, "take_piece"), lambda: lease.take_next(QUICK))
    left = Task.objects.queued().filter(pk__in=tasks).update(state=State.CANCELLED)
    return trouble or (f"{left} were left." if left else "")


def throw_away_while_one_ends() -> str:
    people = People("thrown")
    before, ends = people.order(), people.order()
    photos = Photo.objects.filter(pk__in=[before.photo_id, ends.photo_id])
    return cross(end(ends), (takes, "record_takes"), lambda: trash.throw_photos(photos))


def delete_a_photo_while_it_is_a_backdrop() -> str:
    people = People("backdrop")
    task = people.order()
    before = people.order(backdrop=task.photo)
    return cross(end(before), (takes, "record_takes"), lambda: orders.delete_photo(task.photo))


def delete_a_person_while_a_result_is_made() -> str:
    """Its row refers to theirs."""
    people = People("deleted")
    task = people.order()
    take: dict[str, Any] = {
        "number": 1,
        "file": "results/none.png",
        "thumbnail": "",
        "format": "png",
        "gave_way": {},
    }
    take |= {"width": 1, "height": 1, "bytes": 1}
    Task.objects.filter(pk=task.pk).update(finished=[take])
    with patch.object(StudioBelongings, "stop_work"):  # it began after that
        return cross(end(task), (takes, "record_takes"), lambda: deletion.delete_account(people.owner))


def delete_a_person_whose_turn_it_is() -> str:
    people = People("served")
    people.order(State.QUEUED)
    Turn.objects.create(owner=people.owner, queue=QUICK, served_at=clock.now())
    with patch.object(StudioBelongings, "stop_work"):
        return cross(
            lambda: lease.take_next(QUICK),
            (lease, "take_piece"),
            lambda: deletion.delete_account(people.owner),
        )


CROSSINGS = (
    take_while_another_takes,
    throw_away_while_one_ends,
    delete_a_photo_while_it_is_a_backdrop,
    delete_a_person_while_a_result_is_made,
    delete_a_person_whose_turn_it_is,
)


def try_all() -> dict[str, str]:
    """Return what went wrong at each crossing, "" for nothing."""
    return {crossing.__name__: crossing() for crossing in CROSSINGS}
