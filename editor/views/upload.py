"""Photos come in: one file for each request, with the work to be done on it at once."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from editor import finishes
from editor.files import uploads
from editor.forms import SubjectForm, UploadForm
from editor.models import Photo
from editor.tools import Tool
from editor.work import orders
from web.error_pages import is_by_script
from web.language.sentences import tell

from .access import Request, signed_in
from .filmstrip.frames import find_frame
from .responses import get_first_error, refuse
from .tools.registry import find_tool


@signed_in
@require_POST
def upload(request: Request) -> HttpResponseBase:
    """Keep a photo and, where a tool was named, order its work. Refused, it leaves nothing behind."""
    form = UploadForm(request.POST, request.FILES)
    order = SubjectForm(request.POST) if request.POST.get("tool") == Tool.CUTOUT else None
    for asked in (form, order):
        if asked is not None and not asked.is_valid():
            return refuse(request, get_first_error(asked), 422)
    try:
        photo = take_in(request, form, order)
    except (uploads.UploadRefused, orders.OrderRefused) as exc:
        return refuse(request, tell(exc.sentence), exc.status)
    return show_arrival(request, photo)


def take_in(request: Request, form: UploadForm, order: SubjectForm | None) -> Photo:
    """Keep the photo and place the order, or neither: a second try must not make a second photo."""
    photo = uploads.receive(request.user, form.cleaned_data["photo"])
    try:
        if beside := form.cleaned_data["beside"]:
            photo.move_beside(beside, form.cleaned_data["further"])
        finishes.hand_down(photo)
        if order is None:
            orders.prepare(photo)
        else:
            orders.place(photo.owner, photo, Tool.CUTOUT, order.to_params())
    except Exception:
        orders.delete_photo(photo)
        raise
    return photo


def show_arrival(request: Request, photo: Photo) -> HttpResponse:
    """A script gets the photo's frame for the strip and its address, a browser goes there."""
    tool = find_tool(request.POST.get("tool", ""))
    address = reverse("editor:photo", args=[photo.pk]) + tool.query
    if not is_by_script(request):
        return redirect(address)
    response = render(
        request, "editor/filmstrip/frames.html#frame", {"frame": find_frame(photo), "tool": tool}, status=201
    )
    response["X-Photo"] = str(photo.pk)
    response["X-Photo-URL"] = response["Location"] = address
    return response
