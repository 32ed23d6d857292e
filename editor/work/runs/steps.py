"""The steps of a run: what its next photos need is ordered, some pieces at a time, as others end.

Rows are the truth. Of a run a few pieces wait in the queue at a time, so that its owner's single photo does
not stand behind all of it; whose turn it is between people is the queue's to say. Each end of a task, or of a
photo's files, has the run go on (see listen), and upkeep picks up what lies still.
"""

from collections import defaultdict
from collections.abc import Hashable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from editor.files import uploads
from editor.models import MAX_ATTEMPTS, Preparation, Result, Run, RunItem, Task, Worker
from editor.states import UNDER_WAY
from editor.states import State as TaskState
from editor.tasks import signals
from editor.tools import QUICK
from editor.work import messages, orders
from web import clock, outages
from web.statements.queries import Statement

from . import stored
from .errors import RunRefused
from .plans import USABLE, Plan

State = RunItem.State

LEAST_AT_ONCE = 3
"""Pieces of a run that wait or are worked on at a time; two for each worker, where those are more."""
MOMENT = timedelta(microseconds=1)
WAITS_FOR_ROOM = frozenset({"too_many_at_once", "too_many_waiting"})
"""Refusals of an order that pass by themselves."""
IN_THE_TRASH = "Its photo is in the trash. Bring it back, then run what failed again."
LOST_WORKERS = (
    f"{MAX_ATTEMPTS} times the worker was ended while its files were made, mostly for want of memory. "
    "Ask for a smaller size, or tell the studio's admin."
)


@outages.begin_again
def advance(run: Run) -> None:
    """Have a run's next pieces wait in the queue; end it where nothing is left. Safe at any time."""
    with transaction.atomic():
        found = Run.objects.select_for_update(no_key=True).filter(pk=run.pk).first()
        if found is None:
            return
        catch_up(found)
        try:
            plan = Plan(found)
        except RunRefused as exc:
            halt(found, exc.sentence)
        else:
            if plan.recipe.same_scale:
                share_scales(plan)
            order_next(plan)
        finish(found)
    run.refresh_from_db()


def order_next(plan: Plan) -> None:
    """Order so many of the next pieces as may wait: files first, then cutouts where the run is going."""
    run = plan.run
    free = ask_for_ready(plan, count_at_once() - count_under_way(run))
    if run.state != Run.State.GOING or free <= 0:
        return
    for item in run.items.filter(state=State.WAITING).select_related("photo").order_by("number"):
        try:
            free -= order(plan, item)
        except orders.OrderRefused as exc:
            if exc.code not in WAITS_FOR_ROOM:
                halt(run, describe_halt(run, exc))
            break
        if free <= 0:
            break
    if plan.recipe.same_scale:
        # Those that were cut out before bring no end of a task that would do so.
        share_scales(plan)
        ask_for_ready(plan, free)


def ask_for_ready(plan: Plan, free: int) -> int:
    """Have files made of photos that are ready for them, so many at most. Return how many more may wait."""
    asked = Preparation.objects.filter(kind=Preparation.Kind.FILES).values("photo")
    ready = plan.run.items.filter(state=State.DELIVERING).exclude(photo__in=asked)
    for item in ready.select_related("photo", "task").order_by("number"):
        if free <= 0:
            break
        if not plan.recipe.same_scale or "shares" in item.measured:
            free -= ask_for_files(item)
    return free


def describe_halt(run: Run, refusal: orders.OrderRefused) -> str:
    """Return why a run stopped by itself, and what to do."""
    if refusal.code != "too_few_credits":
        return f"{refusal.sentence} Then go on."
    usable = run.items.filter(state__in=USABLE)
    through, whole = usable.exclude(state=State.WAITING).count(), usable.count()
    return (
        f"Your credits ended after {through} of {whole} photos. Ask the studio's admin for more, then go on."
    )


def order(plan: Plan, item: RunItem) -> int:
    """Have a photo cut out, or take the cutout that there is. Return how many pieces wait for that.

    Raises OrderRefused.
    """
    photo = item.photo
    if photo is None or photo.trashed_at is not None:
        item.state, item.message = State.FAILED, stored.PHOTO_IS_GONE if photo is None else IN_THE_TRASH
        item.save(update_fields=["state", "message"])
        return 0
    subject = plan.recipe.subject
    same = find_cutout(item, subject)
    item.task = same or orders.cut_out(photo, {"subject": subject})
    item.state = State.CUTTING
    item.save(update_fields=["state", "task"])
    if same is None:
        return 1
    measure(item, same)
    return 0 if plan.recipe.same_scale else ask_for_files(item)


def measure(item: RunItem, task: Task) -> None:
    """Note of a photo what its cutout has found out, from where its files are made next."""
    photo = item.photo
    facts = task.facts
    item.confidence = facts.get("confidence")
    item.measured = (
        {"box": facts["box"], "size": [photo.width, photo.height]} if photo and "box" in facts else {}
    )
    item.state, item.message = State.DELIVERING, ""
    item.save(update_fields=["state", "message", "confidence", "measured"])


def ask_for_files(item: RunItem) -> int:
    """Have a photo's files made, before the cutouts of its run that wait. Return how many pieces that is."""
    photo = item.photo
    if photo is None:
        return 0
    waiting = Task.objects.queued().filter(run_items__run=item.run_id).aggregate(first=Min("created_at"))
    place = waiting["first"] - MOMENT if waiting["first"] else clock.now()
    defaults = {"owner_id": photo.owner_id, "created_at": place}
    made = Preparation.objects.get_or_create(photo=photo, kind=Preparation.Kind.FILES, defaults=defaults)[1]
    if made:
        transaction.on_commit(partial(messages.send, QUICK))
    return int(made)


def count_at_once() -> int:
    return max(LEAST_AT_ONCE, 2 * Worker.objects.alive().filter(queue=QUICK).count())


def count_under_way(run: Run) -> int:
    """Return how many pieces of a run wait in the queue or are worked on."""
    cutting = run.items.filter(state=State.CUTTING).count()
    asked = Preparation.objects.filter(kind=Preparation.Kind.FILES, photo__run_items__run=run)
    return cutting + asked.distinct().count()


def share_scales(plan: Plan) -> None:
    """Give each photo of a group its share of the frame, once all the group's are cut out.

    Where the shares of those that are done change by that, their files are made again.
    """
    run = plan.run
    groups: dict[Hashable, list[RunItem]] = defaultdict(list)
    open_groups = set[Hashable]()
    items = run.items.exclude(state__in=[State.FAILED, State.UNREADABLE, State.DOUBLE]).order_by("number")
    if not items.filter(state=State.DELIVERING).exclude(measured__has_key="shares").exists():
        return
    for item in items:
        group = plan.find_group(item)
        groups[group].append(item)
        if item.state in (State.WAITING, State.CUTTING):
            open_groups.add(group)
    changed = []
    for group, members in groups.items():
        measured = [item for item in members if "box" in item.measured]
        if group in open_groups or all("shares" in item.measured for item in members):
            continue
        shares = {item.pk: row for item, row in zip(measured, plan.find_shares(measured), strict=True)}
        for item in members:
            before, now = item.measured.get("shares"), shares.get(item.pk, [1.0] * len(plan.orders))
            if before != now:
                item.measured["shares"], item.state = now, State.DELIVERING
                changed.append(item)
    RunItem.objects.bulk_update(changed, ["measured", "state"], batch_size=500)


def halt(run: Run, message: str) -> None:
    """Have a run stand still, with the reason for people."""
    Run.objects.filter(pk=run.pk, state=Run.State.GOING).update(
        state=Run.State.STOPPED, message=message[:300], ended_at=clock.now()
    )


def finish(run: Run) -> None:
    """End a run of which nothing is left to do."""
    left = run.items.filter(state__in=[State.WAITING, State.CUTTING, State.DELIVERING])
    if not left.exists():
        Run.objects.filter(pk=run.pk, state=Run.State.GOING).update(
            state=Run.State.DONE, message="", ended_at=clock.now()
        )


# -- What has ended ------------------------------------------------------------------------------------


def catch_up(run: Run) -> None:
    """Take note of cutouts of a run that have ended since."""
    cutting = run.items.filter(state=State.CUTTING).exclude(task__state__in=UNDER_WAY)
    for item in cutting.select_related("photo", "task"):
        task = item.task
        if task is None:
            item.state = State.WAITING
            item.save(update_fields=["state"])
        elif task.status is TaskState.DONE:
            measure(item, task)
        else:
            take_failure(run, item, task)


def take_failure(run: Run, item: RunItem, task: Task) -> None:
    """Note that a cutout failed: of a correction the cutout before it counts; a full disk stops the run."""
    if "strokes" in task.params and (before := find_cutout(item, task.params.get("subject", ""))):
        item.task = before
        item.save(update_fields=["task"])
        measure(item, before)
    elif task.message == uploads.DISK_IS_FULL:
        item.state, item.task = State.WAITING, None
        item.save(update_fields=["state", "task"])
        halt(run, stored.DISK_IS_FULL)
    else:
        item.state, item.message = State.FAILED, task.sentence[:300]
        item.save(update_fields=["state", "message"])


def find_cutout(item: RunItem, subject: str) -> Task | None:
    """Return the task of the newest cutout of a photo by that subject, as it came or was corrected."""
    made = Result.objects.pictures().filter(photo=item.photo_id, bare=True)
    tasks = (one.task for one in made.select_related("task").newest_first())
    return next((task for task in tasks if task.params.get("subject", "") == subject), None)


def follow_task(task: Task, **kwargs: Any) -> None:
    """Have those runs go on that waited for a task, or for room for one more."""
    if keys := FOLLOWING.ask(owner=task.owner_id, task=task.pk):
        for run in Run.objects.filter(pk__in=[key for (key,) in keys]):
            advance(run)


def build_following(*, owner: int, task: UUID) -> QuerySet[Run, Any]:
    """Return the query of the runs that may go on once a task has ended."""
    waiting = RunItem.objects.filter(task=task, state=State.CUTTING).values("run")
    going = Q(owner=owner, state=Run.State.GOING)
    return Run.objects.filter(going | Q(pk__in=waiting)).order_by().values_list("pk")


FOLLOWING = Statement(build_following, owner=int, task=UUID)


def follow_files(photo_id: Any, kind: str, **kwargs: Any) -> None:
    """Have those runs go on that waited for a photo's files."""
    if kind == Preparation.Kind.FILES:
        runs = RunItem.objects.filter(photo=photo_id).values("run")
        # After a correction others may follow, though the run as such is done.
        following = RunItem.objects.filter(run__in=runs, state=State.DELIVERING).values("run")
        for run in Run.objects.filter(Q(state=Run.State.GOING) | Q(pk__in=following), pk__in=runs):
            advance(run)


def listen() -> None:
    """Hear of what ends, in this process."""
    signals.task_ended.connect(follow_task, dispatch_uid="runs")
    signals.prepared.connect(follow_files, dispatch_uid="runs")


def pick_up(*, everything: bool = False) -> int:
    """Have runs go on that lie still: a worker or a message was lost. Return how many were looked at.

    everything: also those that were stopped, of which a photo's files may still be wanted.
    """
    for lost in Preparation.objects.given_up().filter(kind=Preparation.Kind.FILES):
        RunItem.objects.filter(photo=lost.photo_id, state=State.DELIVERING).update(
            state=State.FAILED, message=LOST_WORKERS[:300]
        )
        lost.delete()
    ended = RunItem.objects.filter(state=State.CUTTING).exclude(task__state__in=UNDER_WAY)
    wanted = RunItem.objects.filter(state=State.DELIVERING)
    if not everything:
        wanted = wanted.filter(run__state=Run.State.DONE)
    still = Q(state=Run.State.GOING) | Q(pk__in=ended.values("run")) | Q(pk__in=wanted.values("run"))
    found = list(Run.objects.filter(still))
    for run in found:
        advance(run)
    return len(found)
