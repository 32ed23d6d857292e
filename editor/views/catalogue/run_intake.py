"""Photos, archives and tables come into a run: one file for each request of a script, some from a form."""

import uuid

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from editor.files import uploads
from editor.models import Run
from editor.views.access import Request, signed_in
from editor.views.responses import say
from editor.work.runs import intake
from editor.work.runs.errors import RunRefused
from editor.work.runs.intake import Gathered
from web.error_pages import is_by_script
from web.language.sentences import tell

from .runs import get_own_run

NOTHING = _("Choose photos, a folder, a ZIP or a table first.")


@require_POST
@signed_in
def run_upload(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """Take files into a run. A script sends one with its path and is told in JSON; a form sends some."""
    run = get_own_run(request, run_id)
    files = [one for one in request.FILES.getlist("file") if one is not None]
    if not files:
        return refuse(request, run, str(NOTHING), 422)
    gathered = Gathered()
    try:
        for one in intake.add_files(run, files, request.POST.getlist("path")):
            gathered += one
    except (RunRefused, uploads.UploadRefused) as exc:
        return refuse(request, run, tell(exc.sentence), exc.status, gathered)
    if is_by_script(request):
        said = {"added": gathered.added, "doubles": gathered.doubles, "unreadable": gathered.unreadable}
        return JsonResponse({**said, "notes": gathered.notes}, status=201)
    messages.success(request, describe(gathered))
    for note in gathered.notes[:5]:
        messages.warning(request, note)
    return redirect("editor:run", run.pk)


def describe(gathered: Gathered) -> str:
    """Return what came, for people: "24 photos added. 1 double, 2 that cannot be read." """
    added, doubles = gathered.added, gathered.doubles
    said = ngettext("%(count)s photo added.", "%(count)s photos added.", added) % {"count": added}
    rest = (
        [ngettext("%(count)s duplicate", "%(count)s duplicates", doubles) % {"count": doubles}]
        if doubles
        else []
    )
    rest += (
        [gettext("%(unreadable)s that cannot be read") % {"unreadable": gathered.unreadable}]
        if gathered.unreadable
        else []
    )
    return f"{said} {', '.join(rest)}." if rest else said


def refuse(
    request: Request, run: Run, sentence: str, status: int, gathered: Gathered | None = None
) -> HttpResponseBase:
    """Say why not: to a script with the status, to a browser on the page, with what had come by then."""
    if is_by_script(request):
        return say(sentence, status)
    if gathered and gathered.added:
        messages.success(request, describe(gathered))
    messages.error(request, sentence)
    return redirect("editor:run", run.pk)
