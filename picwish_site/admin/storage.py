"""Storage at the desk: what each person takes, and deleting what is older than so many days, seen first."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models import Export, User
from editor.dashboard import Dashboard
from editor.models import Photo, Result, RunFile
from editor.work import retention

MOST_PEOPLE = 100


class OlderThanForm(forms.Form):
    """What is to go."""

    days = forms.IntegerField(label=_("Older than, in days"), min_value=1, max_value=36500, initial=365)
    originals = forms.BooleanField(label=_("Photos, with all that was made of them"), required=False)
    results = forms.BooleanField(label=_("Pictures made"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("originals") or cleaned.get("results")):
            raise forms.ValidationError(
                gettext("Tick what is to go: photos, pictures made, or both."), code="nothing"
            )
        return cleaned

    def find(self) -> retention.Old:
        said = self.cleaned_data
        before = timezone.now() - timedelta(days=said["days"])
        return retention.find_old(before, originals=said["originals"], results=said["results"])


@require_http_methods(["GET", "HEAD", "POST"])
def show_storage(request: HttpRequest) -> HttpResponse:
    """The page: by GET with days it says what would go, by POST it goes."""
    if not request.user.has_perm("editor.view_photo"):
        raise PermissionDenied
    may_delete = request.user.has_perm("editor.delete_photo") and request.user.has_perm(
        "editor.delete_result"
    )
    if request.method == "POST":
        if not may_delete:
            raise PermissionDenied
        form = OlderThanForm(request.POST)
        if form.is_valid():
            weight = retention.delete(form.find())
            said = gettext("%(photos)s photos and %(results)s pictures of %(people)s people") % {
                "photos": weight.photos,
                "results": weight.results,
                "people": weight.people,
            }
            audit.record(request.user, "deleted what is old", details=f"{weight}, {form.cleaned_data}")  # type: ignore[arg-type]
            messages.success(
                request,
                gettext("On their way out: %(said)s. Upkeep deletes them piece by piece.") % {"said": said},
            )
            return redirect("admin:storage")
    else:
        form = OlderThanForm(request.GET or None)
    preview = form.find().weigh() if form.is_bound and form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": gettext("Storage"),
        "board": Dashboard(),
        "beside": weigh_beside(),
        "people": list_people(),
        "most": MOST_PEOPLE,
        "form": form,
        "preview": preview,
        "may_delete": may_delete,
    }
    return TemplateResponse(request, "admin/storage.html", context, status=422 if form.errors else 200)


def list_people() -> list[User]:
    """Return who takes most room, with the bytes of all that is theirs, the trash among them."""

    def weigh(rows: Any, owner: str = "owner") -> Coalesce:
        own = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
        return Coalesce(Subquery(own.annotate(size=Sum("bytes")).values("size")), 0)

    people = User.objects.annotate(
        photo_bytes=weigh(Photo.with_trash.taking_room()),
        result_bytes=weigh(Result.with_trash.taking_room()),
        run_bytes=weigh(RunFile.objects.all(), "item__run__owner"),
        copy_bytes=weigh(Export.objects.all()),
    )
    total = F("photo_bytes") + F("result_bytes") + F("run_bytes") + F("copy_bytes")
    everybody = people.annotate(bytes=total)
    return list(everybody.filter(bytes__gt=0).order_by("-bytes")[:MOST_PEOPLE])


def weigh_beside() -> dict[str, int]:
    """Return the bytes of what is neither photo nor result: files of runs, copies of people's data."""
    size = {"size": Sum("bytes", default=0)}
    return {
        "runs": RunFile.objects.aggregate(**size)["size"],
        "copies": Export.objects.aggregate(**size)["size"],
    }
