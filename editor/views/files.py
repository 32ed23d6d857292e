"""Pictures and files as they leave the studio: each to its owner alone, or by a signed address."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import User
from editor import finishes
from editor.files import direct_addresses, downloads, renders, signed_urls, zip_archives
from editor.files.download_form import DownloadForm
from editor.files.render_process import RenderFailed
from editor.files.renders import Render
from editor.forms import FramesForm
from editor.models import Photo, Result, Task
from web.error_pages import answer
from web.language.sentences import tell

from .access import Request, signed_in
from .responses import get_first_error


@require_safe
@signed_in
def photo_preview(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    photo = get_object_or_404(Photo.objects.owned_by(request.user), pk=photo_id)
    return _send_clean_copy(request, photo, str(photo.preview))


@require_safe
@signed_in
def photo_thumbnail(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """The small copy, which the trash shows as well."""
    photo = get_object_or_404(Photo.with_trash.owned_by(request.user), pk=photo_id)
    return _send_clean_copy(request, photo, str(photo.thumbnail or photo.preview))


@require_safe
@signed_in
def photo_original(request: Request, photo_id: uuid.UUID) -> HttpResponseBase:
    """The upload as it came, with all that it says about itself, for its owner to keep."""
    photo = get_object_or_404(Photo.objects.owned_by(request.user), pk=photo_id)
    return downloads.send_stored(
        request,
        str(photo.file),
        picture_format=photo.format,
        file_name=downloads.name_photo(photo),
        attachment=True,
        cache=downloads.NEVER,
    )


class Waiting(ABC):
    """An answer that waits for the process that makes pictures."""

    @abstractmethod
    async def answer(self) -> HttpResponseBase:
        """Return the answer, once it is there."""


@dataclass(frozen=True)
class Making(Waiting):
    """An answer that waits for a render, which its process makes where it is not there yet."""

    request: Request
    render: Render
    file_name: str
    attachment: bool
    cache: str
    # Seconds for which the store itself may answer in our place.
    direct: int = 0

    async def answer(self) -> HttpResponseBase:
        etag = quote_etag(self.render.key)
        if known := get_conditional_response(self.request, etag=etag):
            known["ETag"], known["Cache-Control"] = etag, self.cache
            return known
        try:
            file = await renders.open_render(self.render)
        except FileNotFoundError:
            # Says that it is missing, as for every other way to it.
            return await sync_to_async(send_own_file)(self.request, self.render.result)
        except RenderFailed as exc:
            title = gettext("This picture could not be prepared")
            return await sync_to_async(answer)(self.request, exc.status, title, tell(exc.sentence))
        if self.direct and direct_addresses.are_given():
            await sync_to_async(file.close)()
            return await sync_to_async(direct_addresses.send_there)(
                self.render.stored,
                picture_format=self.render.format,
                file_name=self.file_name,
                attachment=self.attachment,
                seconds=self.direct,
            )
        return downloads.send_open(
            self.request,
            file,
            file.size,
            picture_format=self.render.format,
            file_name=self.file_name,
            attachment=self.attachment,
            cache=self.cache,
            etag=etag,
        )


def waits_for_renders(view: Callable[..., HttpResponseBase | Waiting]) -> Callable[..., Any]:
    """Let a view answer with what that process makes: it waits for that on no thread."""
    on_thread = sync_to_async(view)

    @wraps(view)
    async def waiting(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = await on_thread(request, *args, **kwargs)
        return await found.answer() if isinstance(found, Waiting) else found

    return waiting


@require_safe
@waits_for_renders
@signed_in
def result_file(request: Request, result_id: uuid.UUID) -> HttpResponseBase | Making:
    """A result as it is handed over: a cutout with the finish that counts, or with `bare` without one."""
    result = find_result(request, result_id)
    return send_own_file(request, result) if "bare" in request.GET else send_picture(request, result)


@require_safe
@waits_for_renders
@signed_in
def result_thumbnail(request: Request, result_id: uuid.UUID) -> HttpResponseBase | Making:
    """The small copy, which the trash shows as well."""
    results = Result.with_trash.owned_by(request.user).select_related("photo")
    return send_thumbnail(request, get_object_or_404(results, pk=result_id))


@require_safe
@waits_for_renders
@signed_in
def result_screen(request: Request, result_id: uuid.UUID) -> HttpResponseBase | Making:
    """A cutout without its finish, as large as screens need it, for the stage, which gives it its finish."""
    result = find_result(request, result_id)
    if not result.bare:
        raise Http404
    # It is the same for good: what it is made of is never written twice under one name.
    return send(request, result, renders.find_screen_copy(result), cache=downloads.FOREVER)


@require_safe
@signed_in
def task_early(request: Request, task_id: uuid.UUID, number: int) -> HttpResponseBase:
    """What a task can show of a picture before all is done; number counts the takes from 1."""
    task = get_object_or_404(Task.objects.owned_by(request.user), pk=task_id)
    finished = next((take for take in task.finished if take["number"] == number), None)
    if finished is not None:
        name, format = finished["file"], finished["format"]
        return downloads.send_stored(
            request, name, picture_format=format, file_name=f"take-{number}.{format}", cache=downloads.NEVER
        )
    if not 1 <= number <= len(task.early) or not task.early[number - 1]:
        raise Http404
    name = task.early[number - 1]
    return downloads.send_stored(
        request, name, picture_format="webp", file_name=f"take-{number}.webp", cache=downloads.NEVER
    )


@require_safe
@waits_for_renders
@signed_in
def result_download(request: Request, result_id: uuid.UUID) -> HttpResponseBase | Making:
    """A result to keep: as it is handed over, or in another format or size, or on another ground."""
    result = find_result(request, result_id)
    form = DownloadForm(request.GET)
    if not form.is_valid():
        return answer(request, 400, gettext("That download is not on offer"), form.sentence)
    asked = dict(form.cleaned_data)
    if asked.pop("mask") and result.bare:
        mask = renders.find_mask(result, finishes.get_current(result.photo), size=asked["size"])
        return send(request, result, mask, attachment=True, cache=downloads.CHANGING)
    if result.bare:
        return send_picture(request, result, attachment=True, asked=asked)
    render = None
    if not form.fits(result):
        render = renders.find_conversion(result, **{**asked, "format": form.format_for(result)})
    return send(request, result, render, attachment=True, cache=downloads.FOREVER)


@require_safe
@signed_in
def result_frames(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """A cutout in several frames, as its finish has it otherwise, in one archive."""
    result = find_result(request, result_id)
    if not result.bare:
        raise Http404
    form = FramesForm(request.GET)
    if not form.is_valid():
        return answer(request, 400, gettext("That download is not on offer"), get_first_error(form))
    return zip_archives.send_frames(result, form.read_ratios())


@require_safe
@waits_for_renders
def result_signed(request: Request, token: str, name: str = "") -> HttpResponseBase | Making:
    """A picture to whoever has its address, until the address ends. No session is looked at.

    name: for whoever saves the file; the token alone says which it is.
    """
    try:
        address = signed_urls.read(token)
    except signed_urls.AddressExpired:
        return answer(
            request, 410, gettext("This address has expired"), gettext("Ask for a new one where you got it.")
        )
    except signed_urls.AddressWrong:
        raise Http404 from None
    cache = f"private, max-age={address.seconds}"
    if address.model is Photo:
        photo = get_object_or_404(Photo, pk=address.pk)
        return _send_clean_copy(request, photo, str(photo.thumbnail), cache=cache, original=False)
    result = get_object_or_404(Result.objects.select_related("photo"), pk=address.pk)
    if address.kind is signed_urls.Kind.THUMBNAIL:
        return send_thumbnail(request, result, cache=cache)
    # Thumbnails are for the admin's desk; of whoever is suspended, nobody else gets anything.
    if not User.objects.filter(pk=result.owner_id, is_active=True).exists():
        raise Http404
    attachment = address.kind is signed_urls.Kind.DOWNLOAD
    return send_picture(request, result, attachment=attachment, cache=cache, direct=address.seconds)


def find_result(request: Request, result_id: uuid.UUID) -> Result:
    """Return a result of the person who asks. Raises Http404 for anybody else's."""
    results = Result.objects.owned_by(request.user).select_related("photo")
    return get_object_or_404(results, pk=result_id)


def send_picture(
    request: Request,
    result: Result,
    *,
    attachment: bool = False,
    asked: Mapping[str, str] | None = None,
    cache: str = downloads.FOREVER,
    direct: int = 0,
) -> HttpResponseBase | Making:
    """Answer with a result as it is handed over. asked: format, size, background instead of a finish's.

    direct: seconds for which the store itself may answer, where the operator wants that; 0 for never.
    """
    if not result.bare:
        return send(request, result, None, attachment=attachment, cache=cache, direct=direct)
    render = renders.find_picture(result, finishes.get_current(result.photo), **(asked or {}))
    cache = downloads.CHANGING
    return send(request, result, render, attachment=attachment, cache=cache, direct=direct)


def send_thumbnail(
    request: Request, result: Result, *, cache: str = downloads.FOREVER
) -> HttpResponseBase | Making:
    if not result.thumbnail:
        raise Http404
    if not result.bare:
        return send(request, result, None, stored=str(result.thumbnail), cache=cache)
    render = renders.find_thumbnail(result, finishes.get_current(result.photo))
    return send(request, result, render, stored=str(result.thumbnail), cache=downloads.CHANGING)


def send_own_file(request: Request, result: Result) -> HttpResponseBase:
    """Answer with a result's own file, as it was archived."""
    return downloads.send_stored(
        request,
        str(result.file),
        picture_format=result.format,
        file_name=downloads.name_result(result),
        cache=downloads.FOREVER,
    )


def send(
    request: Request,
    result: Result,
    render: Render | None,
    *,
    stored: str = "",
    attachment: bool = False,
    cache: str,
    direct: int = 0,
) -> HttpResponseBase | Making:
    """Answer with a render of a result, or without one with a stored file: its own where none is named."""
    if render is not None:
        file_name = downloads.name_result(result, render.format, mask=render.is_mask)
        return Making(request, render, file_name, attachment, cache, direct)
    picture_format = downloads.get_format(stored) if stored else result.format
    if direct and direct_addresses.are_given():
        return direct_addresses.send_there(
            stored or str(result.file),
            picture_format=picture_format,
            file_name=downloads.name_result(result, picture_format),
            attachment=attachment,
            seconds=direct,
        )
    return downloads.send_stored(
        request,
        stored or str(result.file),
        picture_format=picture_format,
        file_name=downloads.name_result(result, picture_format),
        attachment=attachment,
        cache=cache,
    )


def _send_clean_copy(
    request: Request,
    photo: Photo,
    stored: str,
    *,
    cache: str = downloads.FOREVER,
    original: bool = True,
) -> HttpResponseBase:
    """Answer with the copy that the first task made; until then its owner sees the upload itself."""
    if stored:
        picture_format = downloads.get_format(stored)
        file_name = f"{downloads.get_stem(photo)}.{downloads.get_extension(picture_format)}"
        return downloads.send_stored(
            request, stored, picture_format=picture_format, file_name=file_name, cache=cache
        )
    if original and photo.format.lower() in downloads.SHOWN_BY_BROWSERS:
        return downloads.send_stored(
            request,
            str(photo.file),
            picture_format=photo.format,
            file_name=downloads.name_photo(photo),
            cache=downloads.NEVER,
        )
    return answer(
        request, 404, gettext("No preview yet"), gettext("This photo shows once its first task has read it.")
    )
