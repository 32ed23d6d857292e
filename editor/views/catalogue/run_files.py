"""What came of a run: one photo with its files and checks, the files themselves, archives, the manifest."""

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from editor.engines.catalogue import manifest
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.verdicts import Check
from editor.engines.errors import InvalidOptions
from editor.files import downloads, zip_archives
from editor.models import Run, RunFile
from editor.views.access import Request, signed_in
from editor.work.runs import archive
from web.error_pages import answer

from .run_sheet import Card, Sheet, list_items, read_checks
from .runs import get_own_run

NOTHING = _("Nothing is made yet. Come back once the first photos are done.")


@dataclass(frozen=True)
class Made:
    """A file of a photo with its checks. is_shown: whether browsers show it as it is."""

    row: RunFile
    checks: list[Check]

    @property
    def is_shown(self) -> bool:
        return self.row.format in downloads.SHOWN_BY_BROWSERS


@require_safe
@signed_in
def run_item(request: Request, run_id: uuid.UUID, number: int) -> HttpResponseBase:
    """One photo of a run: each of its files, with what was measured and what was asked."""
    run = get_own_run(request, run_id)
    item = get_object_or_404(list_items(run), number=number)
    sheet = Sheet.of(run, request.GET)
    before, after = sheet.find_beside(item)
    card = Card(item)
    context = {"run": run, "card": card, "sheet": sheet, "before": before, "after": after}
    context["follows"] = card.is_at_work or (card.is_open and run.state == Run.State.GOING)
    context["files"] = [Made(file, read_checks(file)) for file in card.files]
    return render(request, "editor/catalogue/run-item.html", context)


def get_own_file(request: Request, file_id: uuid.UUID) -> RunFile:
    """Return a file that a run of the person who asks made. Raises Http404 for anybody else's."""
    return get_object_or_404(RunFile.objects.filter(item__run__owner=request.user), pk=file_id)


@require_safe
@signed_in
def run_file(request: Request, file_id: uuid.UUID) -> HttpResponseBase:
    """A file that a run made; with `download` to keep, under its own name."""
    row = get_own_file(request, file_id)
    return downloads.send_stored(
        request,
        str(row.file.name),
        picture_format=row.format,
        file_name=row.path.rpartition("/")[2],
        attachment="download" in request.GET,
    )


@require_safe
@signed_in
def run_thumbnail(request: Request, file_id: uuid.UUID) -> HttpResponseBase:
    row = get_own_file(request, file_id)
    if not row.thumbnail:
        raise Http404
    return downloads.send_stored(
        request,
        str(row.thumbnail.name),
        picture_format="webp",
        file_name=f"{row.path.rpartition('/')[2]}.webp",
    )


@require_safe
@signed_in
def run_zip(request: Request, run_id: uuid.UUID) -> HttpResponseBase:
    """All files of a run in one ZIP with the manifest, or those of one marketplace, sent as it is made."""
    run = get_own_run(request, run_id)
    market = request.GET.get("market")
    made = RunFile.objects.filter(item__run=run)
    if market is not None:
        made = made.filter(market=market)
    if not made.exists():
        return answer(request, 404, gettext("Nothing to download"), str(NOTHING))
    name = downloads.clean_name(run.name) or "run"
    ending = f" {downloads.clean_name(market) or 'files'}" if market is not None else ""
    return zip_archives.send_parts(archive.write_archive(run, market), f"{name}{ending}.zip")


@require_safe
@signed_in
def run_manifest(request: Request, run_id: uuid.UUID, ending: str) -> HttpResponseBase:
    """The manifest of a run by itself: which file came of which photo, with hashes and each check."""
    run = get_own_run(request, run_id)
    if ending not in ("csv", "json"):
        raise Http404
    if run.state == Run.State.GATHERING:
        return answer(request, 404, gettext("Nothing to download"), str(NOTHING))
    try:
        recipe = engine.Recipe.from_dict(run.data)
    except InvalidOptions as exc:
        return answer(request, 409, gettext("This manifest cannot be made"), str(exc))
    lines, _ = archive.list_lines(run)
    if ending == "csv":
        text, kind = manifest.write_csv(lines, recipe, run.recipe_number), "text/csv"
    else:
        text, kind = manifest.write_json(lines, recipe, run.recipe_number), "application/json"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    name = f"{downloads.clean_name(run.name) or 'run'} manifest.{ending}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = downloads.NEVER
    return response
