"""Runs: begun from a recipe, listed, followed while they go, stopped, gone on with, done again, deleted."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from editor.models import Run
from editor.views.access import Request, signed_in
from editor.views.responses import get_first_error
from editor.work.runs import flow, intake
from editor.work.runs.errors import RunRefused
from web.error_pages import answer
from web.language.sentences import tell

from .recipes import get_usable_recipe
from .run_cards import list_run_cards
from .run_sheet import Sheet
from .run_sight import Sight

ON_A_PAGE = 24
MOST_NAME = 120
WRONG_NAME = format_lazy(_("Give the run a name of up to {most_name} characters."), most_name=MOST_NAME)


class RunNameForm(forms.Form):
    """What a run is called."""

    name = forms.CharField(
        max_length=MOST_NAME, error_messages={"required": WRONG_NAME, "max_length": WRONG_NAME}
    )

    def clean_name(self) -> str:
        name = " ".join("".join(one for one in self.cleaned_data["name"] if one.isprintable()).split())
        if not name:
            raise forms.ValidationError(str(WRONG_NAME), code="required")
        return name


def get_own_run(request: Request, run_id: uuid.UUID) -> Run:
    """Return a run of the person who asks. Raises Http404 for anybody else's."""
    return get_object_or_404(Run.objects.owned_by(request.user).select_related("recipe"), pk=run_id)


@require_safe
@signed_in
def run_list(request: Request) -> HttpResponseBase:
    """All runs of a person, newest first, page by page."""
    pages = Paginator(Run.objects.owned_by(request.user).newest_first(), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "cards": list_run_cards(list(page.object_list))}
    return render(request, "editor/catalogue/runs.html", context)


@require_POST
@signed_in
def new_run(request: Request, recipe_id: uuid.UUID) -> HttpResponseBase:
    """Begin a run of a recipe, one's own or a shared one: photos are added next."""
    recipe = get_usable_recipe(request, recipe_id)
    try:
        run = intake.create(request.user, recipe)
    except RunRefused as exc:
        return answer(request, exc.status, gettext("No run was begun"), tell(exc.sentence))
    return redirect("editor:run", run.pk)


@require_safe
@signed_in
def run(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """A run: what is gathered for it and how to start it; then how far it is, and what came of each photo."""
    row = get_own_run(request, run_id)
    sight = Sight(row, Sheet.of(row, request.GET), every_name="names" in request.GET)
    template = "editor/catalogue/run.html"
    if request.htmx and not request.htmx.history_restore_request:
        template = (
            "editor/catalogue/run/gathered.html" if sight.is_gathering else "editor/catalogue/run/sheet.html"
        )
    return render(request, template, {"run": row, "sight": sight, "sheet": sight.sheet})


@require_safe
@signed_in
def run_progress(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """How far a run is, for the page that asks again and again, with what has changed on it since."""
    row = get_own_run(request, run_id)
    if not request.htmx:
        return redirect("editor:run", row.pk)
    sight = Sight(row, Sheet.of(row, request.GET))
    context = {"run": row, "sight": sight, "sheet": sight.sheet, "oob": True}
    context["changed"] = sight.sheet.list_changed(request.GET.getlist("open"))
    # What can be pressed is put in place anew only where it is other than what the page shows.
    context["turned"] = request.GET.get("look") != sight.look
    return render(request, "editor/catalogue/run/progress.html", context)


def act(request: Request, run_id: uuid.UUID, does: Callable[[Run], Any], said: str = "") -> HttpResponseBase:
    """Have something done to a run of one's own, and show its page again. said: what then is told."""
    row = get_own_run(request, run_id)
    try:
        does(row)
    except RunRefused as exc:
        messages.error(request, tell(exc.sentence))
    else:
        if said:
            messages.success(request, said)
    return redirect("editor:run", row.pk)


@require_POST
@signed_in
def run_start(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    return act(request, run_id, flow.start)


@require_POST
@signed_in
def run_stop(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """Stop a run: what is at work comes to its end, what waits goes on waiting."""
    return act(request, run_id, flow.stop)


@require_POST
@signed_in
def run_go_on(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    return act(request, run_id, flow.go_on)


@require_POST
@signed_in
def run_again(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """Have the failed photos of a run done again, or all of them by the recipe as it is now.

    One that has not begun takes that recipe, and keeps what was gathered.
    """
    if request.POST.get("which") == "recipe":
        return act(request, run_id, flow.renew_recipe)
    if request.POST.get("which") == "all":
        return act(request, run_id, flow.rerun_all)
    return act(request, run_id, flow.rerun_failed)


@require_POST
@signed_in
def run_rename(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    row = get_own_run(request, run_id)
    form = RunNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, get_first_error(form))
    else:
        Run.objects.filter(pk=row.pk).update(name=form.cleaned_data["name"])
    return redirect("editor:run", row.pk)


@require_POST
@signed_in
def run_delete(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """Delete a run with its files, and with photos of which nothing was made; cutouts stay."""
    row = get_own_run(request, run_id)
    name = row.name
    try:
        flow.delete(row)
    except RunRefused as exc:
        messages.error(request, tell(exc.sentence))
        return redirect("editor:run", row.pk)
    messages.success(request, gettext("%(name)s is deleted.") % {"name": name})
    return redirect("editor:catalogue")
