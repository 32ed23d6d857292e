"""Photos, archives and tables come into a run: one file for each request of a script, some from a form."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from editor.files import uploads
from editor.models import Run, RunItem
from editor.views.access import Request, signed_in
from editor.views.responses import say
from editor.work.runs import intake, tables
from editor.work.runs.errors import RunRefused
from web.error_pages import is_by_script

from .runs import get_own_run

TABLE = (".csv", ".tsv")
NOTHING = "Choose photos, a folder, a ZIP or a table first."


@dataclass
class Arrival:
    """What came of the files of one request. notes: sentences about what was left out, and why."""

    added: int = 0
    doubles: int = 0
    unreadable: int = 0
    notes: list[str] = field(default_factory=list)

    def count(self, item: RunItem) -> None:
        self.added += item.state == RunItem.State.WAITING
        self.doubles += item.state == RunItem.State.DOUBLE
        self.unreadable += item.state == RunItem.State.UNREADABLE

    @property
    def sentence(self) -> str:
        """What came, for people: "24 photos added. 1 double, 2 that cannot be read." """
        said = f"{self.added} photo{'' if self.added == 1 else 's'} added."
        rest = [f"{self.doubles} double{'' if self.doubles == 1 else 's'}"] if self.doubles else []
        rest += [f"{self.unreadable} that cannot be read"] if self.unreadable else []
        return f"{said} {', '.join(rest)}." if rest else said


@require_POST
@signed_in
def run_upload(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """Take files into a run. A script sends one with its path and is told in JSON; a form sends some."""
    run = get_own_run(request, run_id)
    files = [one for one in request.FILES.getlist("file") if one is not None]
    if not files:
        return refuse(request, run, NOTHING, 422)
    arrival = Arrival()
    try:
        take_in(run, files, request.POST.getlist("path"), arrival)
    except RunRefused as exc:
        return refuse(request, run, exc.sentence, exc.status, arrival)
    except uploads.UploadRefused as exc:
        return refuse(request, run, exc.sentence, exc.status, arrival)
    if is_by_script(request):
        said = {"added": arrival.added, "doubles": arrival.doubles, "unreadable": arrival.unreadable}
        return JsonResponse({**said, "notes": arrival.notes}, status=201)
    messages.success(request, arrival.sentence)
    for note in arrival.notes[:5]:
        messages.warning(request, note)
    return redirect("editor:run", run.pk)


def take_in(run: Run, files: Sequence[UploadedFile], paths: Sequence[str], arrival: Arrival) -> None:
    """Add files to a run, each by what it is. paths: theirs in the folder that they came in, where told."""
    told = paths if len(paths) == len(files) else [""] * len(files)
    # What a table says of photos is laid beside those that are there: it comes last.
    for upload, path in sorted(zip(files, told, strict=True), key=lambda one: is_table(one[0])):
        if is_archive(upload):
            found = intake.add_archive(run, upload)
        elif is_table(upload):
            found = tables.add_table(run, upload)
        else:
            arrival.count(intake.add_upload(run, upload, path))
            continue
        arrival.added += found.added
        arrival.doubles += found.doubles
        arrival.unreadable += found.unreadable
        arrival.notes += found.notes


def is_table(upload: UploadedFile) -> bool:
    return (upload.name or "").lower().endswith(TABLE)


def is_archive(upload: UploadedFile) -> bool:
    """Whether a file says by its name that it is a ZIP: by their bytes, office documents are some too."""
    return (upload.name or "").lower().endswith(".zip")


def refuse(
    request: Request, run: Run, sentence: str, status: int, arrival: Arrival | None = None
) -> HttpResponseBase:
    """Say why not: to a script with the status, to a browser on the page, with what had come by then."""
    if is_by_script(request):
        return say(sentence, status)
    if arrival and arrival.added:
        messages.success(request, arrival.sentence)
    messages.error(request, sentence)
    return redirect("editor:run", run.pk)
