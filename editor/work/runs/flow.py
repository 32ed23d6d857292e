"""The flow of a run as people direct it: begun, stopped, gone on with, done again, deleted."""

import uuid
from collections.abc import Iterable
from functools import partial

from django.db import transaction

from editor.files import uploads
from editor.models import Photo, Recipe, Result, Run, RunFile, RunItem, Task
from editor.states import UNDER_WAY
from editor.work import orders, recipes
from web import clock, outages

from . import stored
from .errors import RunRefused
from .gather import mark_doubles
from .plans import USABLE, Plan, list_stale
from .steps import advance, halt

__all__ = ["advance", "delete", "go_on", "rerun_all", "rerun_failed", "start", "stop"]

State = RunItem.State


@outages.begin_again
def start(run: Run) -> None:
    """Begin the work. Raises RunRefused where names collide, no photo is there, or the recipe cannot be."""
    with transaction.atomic():
        lock(run, Run.State.GATHERING)
        mark_doubles(run)
        plan = Plan(run)
        name_items(plan)
        now = clock.now()
        Run.objects.filter(pk=run.pk).update(state=Run.State.GOING, message="", started_at=now, ended_at=None)
    run.refresh_from_db()
    advance(run)


@outages.begin_again
def stop(run: Run) -> None:
    """Stop a run: what is being worked on is finished, what only waits goes back. Raises RunRefused."""
    with transaction.atomic():
        lock(run, Run.State.GOING)
        take_back(run)
        halt(run, "")
    run.refresh_from_db()


@outages.begin_again
def go_on(run: Run) -> None:
    """Go on with a run that was stopped, or stopped by itself. Raises RunRefused."""
    with transaction.atomic():
        lock(run, Run.State.STOPPED)
        Run.objects.filter(pk=run.pk).update(state=Run.State.GOING, message="", ended_at=None)
    run.refresh_from_db()
    advance(run)


@outages.begin_again
def rerun_failed(run: Run) -> None:
    """Try once more what failed. Raises RunRefused where nothing did, or the run is under way."""
    with transaction.atomic():
        lock(run, Run.State.STOPPED, Run.State.DONE)
        failed = run.items.filter(state=State.FAILED, photo__isnull=False)
        if not failed.update(state=State.WAITING, task=None, message=""):
            raise RunRefused("No photo of this run failed.", 409)
        Run.objects.filter(pk=run.pk).update(state=Run.State.GOING, message="", ended_at=None)
    run.refresh_from_db()
    advance(run)


@outages.begin_again
def rerun_all(run: Run, recipe: Recipe | None = None) -> None:
    """Run all photos again by a recipe, by default the run's own as it is today.

    Only what changed is made again. Raises RunRefused, and then nothing changed.
    """
    with transaction.atomic():
        lock(run, Run.State.STOPPED, Run.State.DONE)
        take_recipe(run, recipe)
        plan = Plan(run)
        name_items(plan)
        run.state, run.message, run.ended_at = Run.State.GOING, "", None
        run.save()
        begin_anew(plan)
    advance(run)


@outages.begin_again
def renew_recipe(run: Run) -> None:
    """Have a run that has not begun go by its recipe as it is today; its photos stay. Raises RunRefused."""
    with transaction.atomic():
        lock(run, Run.State.GATHERING)
        take_recipe(run)
        run.save(update_fields=["data", "recipe", "recipe_number", "backdrop"])


def take_recipe(run: Run, recipe: Recipe | None = None) -> None:
    """Give a run's row a recipe, by default its own as it is today. Nothing is saved. Raises RunRefused."""
    if recipe is None and run.recipe_id is not None:
        # One that is no longer shared stays what it was when the run began.
        recipe = Recipe.objects.usable_by(run.owner).filter(pk=run.recipe_id).first()
    if recipe is None:
        return
    try:
        run.data = recipes.read(recipe).to_dict()
    except recipes.RecipeRefused as exc:
        raise RunRefused(exc.sentence) from exc
    run.recipe, run.recipe_number, run.backdrop = recipe, recipe.number, recipe.backdrop


@outages.begin_again
def delete(run: Run) -> None:
    """Delete a run with its files, and with those photos of it of which nothing else was made."""
    with transaction.atomic():
        if Run.objects.select_for_update(no_key=True).filter(pk=run.pk).first() is None:
            return
        take_back(run)
        photos = list(run.items.exclude(photo=None).values_list("photo", flat=True).distinct())
        names = stored.drop_files(RunFile.objects.filter(item__run=run))
        Run.objects.filter(pk=run.pk).delete()
        transaction.on_commit(partial(uploads.remove_files, names))
        unused = Photo.objects.filter(pk__in=photos, on_desk=False, run_items=None, results=None)
        for photo in unused.exclude(tasks__state__in=UNDER_WAY):
            orders.delete_photo(photo)


def lock(run: Run, *states: str) -> None:
    """Lock a run's row until the transaction ends. Raises RunRefused unless it is in one of these states."""
    found = Run.objects.select_for_update(no_key=True).filter(pk=run.pk).first()
    if found is None:
        raise RunRefused("This run was deleted.", 404)
    if found.state not in states:
        raise RunRefused(REFUSALS[Run.State(found.state)], 409)


REFUSALS = {
    Run.State.GATHERING: "This run has not begun. Start it first.",
    Run.State.GOING: "This run is under way. Stop it first, or wait for its end.",
    Run.State.STOPPED: "This run was stopped. Go on with it, or run all of it again.",
    Run.State.DONE: "This run is done. Run all of it again, or begin a new one.",
}


def name_items(plan: Plan) -> None:
    """Write down what each photo's files will be called. Raises RunRefused where they cannot be."""
    named = plan.preview_names()
    if named.objections:
        raise RunRefused(" ".join(named.objections[:3]))
    if not named.rows:
        raise RunRefused("There is no photo in this run that can be read. Add some first.")
    for row in named.rows:
        row.item.paths = row.paths
    RunItem.objects.bulk_update([row.item for row in named.rows], ["paths"], batch_size=500)


def take_back(run: Run) -> None:
    """Take orders back that no worker has; photos that somebody works on at the desk are left alone."""
    waiting = run.items.filter(state=State.CUTTING, task__in=Task.objects.queued(), photo__on_desk=False)
    keys = Task.objects.filter(pk__in=waiting.values("task")).lock()
    tasks = list(Task.objects.filter(pk__in=keys))
    waiting.update(state=State.WAITING, task=None)
    for task in tasks:
        # Another run of the same photo may wait for it too.
        if not task.run_items.exists():
            orders.cancel(task)


def begin_anew(plan: Plan) -> None:
    """Set back each photo as far as the recipe asks for: to be cut out, to have files made, or not at all."""
    run = plan.run
    items = (
        run.items.filter(state__in=USABLE)
        .exclude(photo=None)
        .select_related("task")
        .prefetch_related("files")
    )
    cutouts = find_results(items)
    for item in items:
        task = item.task
        same = task is not None and task.params.get("subject", "") == plan.recipe.subject
        cutout = cutouts.get(task.pk) if task is not None and same else None
        item.message = ""
        item.measured.pop("shares", None)
        if cutout is None:
            item.state, item.task = State.WAITING, None
        elif item.state != State.DONE or plan.recipe.same_scale or is_stale(plan, item, cutout):
            item.state = State.DELIVERING
    RunItem.objects.bulk_update(items, ["state", "task", "message", "measured"], batch_size=500)


def is_stale(plan: Plan, item: RunItem, cutout: Result) -> bool:
    planned = plan.plan_files(item, cutout)
    files = list(item.files.all())
    return len(files) != len(planned) or bool(list_stale(files, planned))


def find_results(items: Iterable[RunItem]) -> dict[uuid.UUID, Result]:
    """Return the cutouts of items' tasks by the tasks' keys."""
    tasks = [item.task_id for item in items if item.task_id]
    return {result.task_id: result for result in Result.objects.pictures().filter(task__in=tasks, bare=True)}
