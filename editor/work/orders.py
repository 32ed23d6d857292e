"""Orders: what a person may ask for becomes a task's row and a message. And the ways to stop and clear up."""

import logging
import random
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import allowance, ledger
from accounts.models import ApiKey, User
from editor.files import uploads
from editor.models import (
    CUTTING_OUT,
    SOURCE_IS_GONE,
    Callback,
    Photo,
    Preparation,
    Result,
    ResultQuerySet,
    Run,
    Task,
)
from editor.remote import routing
from editor.states import State
from editor.tasks import advice, scheduling, settlement, takes
from editor.tools import QUICK, SPECS, Tool
from web import outages

from . import messages
from .runs import corrections, stored

logger = logging.getLogger(__name__)

# What one person may have waiting, whatever their plan says: this keeps the queue finite.
MAX_WAITING = 500
# What a program ordered and that never ended goes after so long; what did end goes sooner.
API_TASKS_LAST = timedelta(days=1)
LOOKED_BACK = 100
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class ApiCall:
    """What makes an order a program's: its key, how it wants the answer, whom to call at the end."""

    key: ApiKey
    answer: dict[str, Any] = field(default_factory=dict)
    callback_url: str = ""


class OrderRefused(Exception):
    """A request was not accepted. `sentence` says why and what to do; `status` is for HTTP."""

    def __init__(self, code: str, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.status = code, sentence, status


def cost(tool: str, params: dict[str, Any]) -> int:
    """Return the credits that this work costs if it succeeds. Correcting a cutout by strokes costs none."""
    if "strokes" in params:
        return 0
    return SPECS[Tool(tool)].credits * int(params.get("takes", 1))


def is_cut_already(photo: Photo, tool: str, params: dict[str, Any]) -> bool:
    """Whether the page asks for a cutout that was made and paid for: of this photo, with this subject.

    So a cutout whose file is gone, or that was finished when it was made, is cut again without a credit.
    """
    if tool != Tool.CUTOUT or not set(params) <= CUTTING_OUT:
        return False
    made = photo.tasks.filter(tool=Tool.CUTOUT, state=State.DONE, api_key=None)
    subject = params.get("subject", "")
    return any(before.get("subject", "") == subject for before in made.values_list("params", flat=True))


@outages.begin_again
def place(
    owner: User,
    photo: Photo,
    tool: str,
    params: dict[str, Any],
    backdrop: Photo | None = None,
    *,
    mask: Photo | None = None,
    avoid: Photo | None = None,
    source_result: Result | None = None,
    call: ApiCall | None = None,
) -> Task:
    """Accept an order for a tool's work on a photo and hand it to the queue once it is committed.

    params: as the tool's form cleaned them. mask: what to work on, white; avoid: what not to copy
    from, white; source_result: the result of this photo to go on from; call: the program's call that
    asks for it, whose pictures do not stay. Raises OrderRefused.
    """
    pictures = [photo, backdrop, mask, avoid, source_result]
    if any(picture is not None and picture.owner_id != owner.pk for picture in pictures):
        raise OrderRefused("not_yours", "This photo belongs to somebody else.", status=404)
    if source_result is not None and source_result.photo_id != photo.pk:
        raise OrderRefused("other_photo", "This result was made of another photo.", status=404)
    with transaction.atomic():
        check_order(owner, tool)
        task = Task.objects.create(
            owner=owner,
            photo=photo,
            backdrop=backdrop,
            mask=mask,
            avoid=avoid,
            source_result=source_result,
            continues=source_result is not None,
            tool=Tool(tool),
            params=params,
            credits=0 if call is None and is_cut_already(photo, tool, params) else cost(tool, params),
            api_key=call.key if call else None,
            answer=call.answer if call else {},
            expires_at=timezone.now() + API_TASKS_LAST if call else None,
        )
        try:
            ledger.reserve(owner, task.pk, task.credits, tool=task.tool, reason=Tool(tool).label)
        except ledger.TooFewCredits as exc:
            raise OrderRefused(
                "too_few_credits",
                f"This costs {describe_credits(exc.needed)} and you have {describe_credits(exc.left)}. "
                "Ask the studio's admin for more.",
                402,
            ) from exc
        if call and call.callback_url:
            Callback.objects.create(task=task, url=call.callback_url)
        transaction.on_commit(partial(messages.send, task.queue))
    return task


@outages.begin_again
def cut_out(photo: Photo, params: dict[str, Any]) -> Task:
    """Order a photo's cutout for the page; or return the one that is under way, where this is the same.

    So what is pressed twice, or in two windows, is made and paid for once. Raises OrderRefused.
    """
    with transaction.atomic():
        # Whoever orders the same at this moment waits here, where the database can make them.
        User.objects.select_for_update(no_key=True).filter(pk=photo.owner_id).first()
        waiting = photo.tasks.under_way().filter(tool=Tool.CUTOUT, api_key=None, cancel_requested=False)
        same = next((task for task in waiting if task.params == params and task.backdrop_id is None), None)
        return same or place(photo.owner, photo, Tool.CUTOUT, params)


def describe_credits(credits: int) -> str:
    return "1 credit" if credits == 1 else f"{credits} credits"


def check_order(owner: User, tool: str) -> None:
    """Check that a person may place one more order. Raises OrderRefused."""
    # Asked of the database, since whoever is suspended in this very minute may hold an older copy;
    # and locked, where it can be, so that a person's orders are counted one after the other.
    if User.objects.select_for_update(no_key=True).filter(pk=owner.pk, is_active=True).first() is None:
        raise OrderRefused("suspended", "This account is suspended. Ask the studio's admin.", 403)
    allowed = allowance.get_allowance(owner)
    if absent := routing.explain_absence(tool):
        raise OrderRefused("tool_not_here", absent, 400)
    if tool not in allowed.tools:
        raise OrderRefused("tool_not_in_plan", describe_absence_in_plan(tool), 403)
    waiting = Task.objects.owned_by(owner).queued().count()
    if waiting >= MAX_WAITING:
        sentence = f"{MAX_WAITING} photos are waiting already. Go on when some are done."
        raise OrderRefused("too_many_waiting", sentence, 429)
    most = allowed.most_at_once
    if most is not None and Task.objects.owned_by(owner).under_way().count() >= most:
        sentence = f"Your plan has {most} pictures worked on at once. Go on when some are done."
        raise OrderRefused("too_many_at_once", sentence, 429)


def describe_absence_in_plan(tool: str) -> str:
    """Return what somebody is told whose plan is without this tool."""
    return f"{Tool(tool).label} is not in your plan. Ask the studio's admin for it."


def cancel(task: Task) -> bool:
    """Stop a task, at once where no worker has it, else once its worker looks. False if it had ended."""
    row = Task.objects.filter(pk=task.pk)
    for waiting in (row.queued(), row.parked()):
        if settlement.end(waiting, State.CANCELLED, cancel_requested=True):
            return True
    return bool(row.running().update(cancel_requested=True))


def time_out(task: Task) -> bool:
    """End a task whose caller has waited as long as there is waiting: state -8, free. False if it had ended.

    Whoever works on it finds that at the next look, and lets go.
    """
    rows = Task.objects.filter(pk=task.pk).under_way()
    return settlement.end(rows, State.TOO_SLOW, message=describe_vain_wait(task))


def describe_vain_wait(task: Task) -> str:
    """Return what a caller is told who has waited for a task as long as there is waiting."""
    waiting = Task.objects.filter(pk=task.pk).queued().first()
    return advice.describe_vain_wait(scheduling.count_ahead(waiting) if waiting else None)


def retry(task: Task) -> Task:
    """Place the same order again. Raises OrderRefused while the first is still under way."""
    if not task.status.is_settled:
        raise OrderRefused(
            "under_way", "This is still being worked on. Wait for it, or cancel it first.", 409
        )
    return place_again(task, task.params)


def correct(result: Result, strokes: list[dict[str, Any]]) -> Task:
    """Cut a cutout's photo out again as these strokes say, or return the task that did so before.

    All strokes count, those of the result as well, so undoing one is going back to a task that is
    there already. What is under way with other strokes is no longer wanted. Raises OrderRefused.
    """
    made = result.task
    plain = {name: value for name, value in made.params.items() if name != "strokes"}
    photo = result.photo
    before = photo.tasks.filter(tool=Tool.CUTOUT, results__isnull=False, results__trashed_at=None).distinct()
    for task in before.select_related("photo").newest_first()[:LOOKED_BACK]:
        own = task.params.get("strokes", [])
        if own == strokes and {**plain, "strokes": own} == {**task.params, "strokes": own}:
            drop_corrections(photo, strokes)
            corrections.hand_over(task)
            return task
    drop_corrections(photo, strokes)
    task = place(made.owner, photo, Tool.CUTOUT, {**plain, "strokes": strokes}, made.backdrop)
    corrections.hand_over(task)
    return task


def drop_corrections(photo: Photo, strokes: list[dict[str, Any]]) -> None:
    """Stop corrections of a photo that are still under way and that these strokes have overtaken.

    Those are the ones that they go on from, or go back to. What was drawn otherwise meanwhile, in another
    tab, becomes a result of its own, so that no stroke is lost.
    """
    for task in photo.tasks.under_way().filter(params__has_key="strokes"):
        own = task.params["strokes"]
        shared = min(len(own), len(strokes))
        if own[:shared] == strokes[:shared]:
            cancel(task)


def another_fill(task: Task, format: str = "") -> Task:
    """Erase the same marks once more, from another start, as a further variant; in another format, if one
    is given. Raises OrderRefused."""
    tasks = Task.objects.filter(photo=task.photo_id, tool=Tool.ERASE)
    # Beyond all seeds of this photo, so that no variant comes twice.
    last = max((params.get("seed", 0) for params in tasks.values_list("params", flat=True)), default=0)
    other = {"format": format} if format else {}
    return place_again(task, {**task.params, **other, "seed": last + 1})


def another_take(task: Task) -> Task:
    """Photograph the same scene once more, as another take. Raises OrderRefused."""
    seed = random.randrange(LARGEST_SEED)  # noqa: S311  (a picture's variation, no secret)
    return place_again(task, {**task.params, "seed": seed, "takes": 1})


def place_again(task: Task, params: dict[str, Any]) -> Task:
    """Place a task's order anew, with all that came along with it. Raises OrderRefused."""
    check_source(task)
    return place(
        task.owner,
        task.photo,
        task.tool,
        params,
        task.backdrop,
        mask=task.mask,
        avoid=task.avoid,
        source_result=task.source_result,
    )


def check_source(task: Task) -> None:
    """Raise OrderRefused where the result that a task was to work on was deleted."""
    if task.lost_its_source:
        raise OrderRefused("source_is_gone", SOURCE_IS_GONE, status=409)


def prepare(photo: Photo) -> None:
    """Have a photo's clean copies made though nothing is to be done to it yet."""
    ask_for(photo, Preparation.Kind.COPIES)


def find_heads(photo: Photo) -> None:
    """Have the heads of a photo found, so that the page can ring them. Costs nothing."""
    ask_for(photo, Preparation.Kind.HEADS)


def ask_for(photo: Photo, kind: Preparation.Kind) -> None:
    """Have something made of a photo, in its owner's turn. Asked for twice, it is made once."""
    defaults = {"owner_id": photo.owner_id}
    if Preparation.objects.get_or_create(photo=photo, kind=kind, defaults=defaults)[1]:
        transaction.on_commit(partial(messages.send, QUICK))


@outages.begin_again
def delete_photo(photo: Photo) -> None:
    """Delete a photo for good with its tasks and results, rows first, then files.

    A worker that has one of the tasks finds its row gone at the next look and lets go.
    """
    with transaction.atomic():
        # Runs before tasks, tasks before the account: as where runs go on, and where tasks end.
        followed = Run.objects.filter(pk__in=photo.run_items.values("run"))
        list(followed.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        naming = Q(photo=photo) | Q(backdrop=photo) | Q(mask=photo) | Q(avoid=photo)
        Task.objects.filter(naming).lock()
        # Read afresh: a worker may have made its clean copies since this row was loaded.
        names = [name for row in Photo.with_trash.filter(pk=photo.pk) for name in row.files]
        names += stored.forget_photo(photo)
        for result in Result.with_trash.filter(photo=photo):
            names += result.files
        # What was reserved for work that now has nothing to work on.
        for task_id in photo.tasks.under_way().values_list("pk", flat=True):
            ledger.give_back(task_id)
        for early, finished in photo.tasks.values_list("early", "finished"):
            names += [*early, *takes.list_files(finished)]
        rows = [
            *photo.tasks.values_list("backdrop", "mask", "avoid"),
            *photo.finishes.values_list("backdrop"),
        ]
        companions = {pk for row in rows for pk in row if pk}
        photo.delete()
        # What came along with its tasks alone goes at once; upkeep would take it a day later.
        unused = Photo.objects.filter(pk__in=companions).unused()
        names += [name for row in unused for name in row.files]
        unused.delete()
        transaction.on_commit(partial(uploads.remove_files, names))


def add_masks(results: QuerySet[Result]) -> ResultQuerySet:
    """Return results and the masks made alongside, in the trash or not."""
    take = results.order_by().filter(task=OuterRef("task"), number=OuterRef("number"))
    return Result.with_trash.filter(Exists(take))


@outages.begin_again
def delete_results(results: QuerySet[Result]) -> int:
    """Delete results for good with the masks made alongside, rows and files. Return how many rows went."""
    with transaction.atomic():
        doomed = list(add_masks(results))
        names = [name for result in doomed for name in result.files]
        Result.with_trash.filter(pk__in=[result.pk for result in doomed]).delete()
        transaction.on_commit(partial(uploads.remove_files, names))
    return len(doomed)
