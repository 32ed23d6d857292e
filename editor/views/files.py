"""Pictures and files as they leave the studio: each to its owner alone, or by a signed address."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.models import User
from editor import finishes
from editor.files import downloads, renders, signed_urls
from editor.files.download_form import DownloadForm
from editor.files.render_process import RenderFailed
from editor.files.renders import Render
from editor.models import Photo, Result, Task
from web.error_pages import answer

from .access import Request, signed_in


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


# The guard reads the signed-in person from the database, so an asynchronous view asks it on a thread.
_guard = sync_to_async(signed_in(lambda request: None))  # type: ignore[arg-type,return-value]
_answer = sync_to_async(answer)


def signed_in_async(view: Callable[..., Awaitable[HttpResponseBase]]) -> Callable[..., Any]:
    """What signed_in is, for a view that waits for renders."""

    @wraps(view)
    async def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return await _guard(request) or await view(request, *args, **kwargs)

    return guarded


@require_safe
@signed_in_async
async def result_file(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """A result as it is handed over: a cutout with the finish that counts, or with `bare` without one."""
    result = await _find_result(request.user, result_id)
    if "bare" in request.GET:
        return await send(request, result, None)
    return await send_picture(request, result)


@require_safe
@signed_in_async
async def result_thumbnail(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """The small copy, which the trash shows as well."""
    return await send_thumbnail(request, await _find_result_or_trashed(request.user, result_id))


@require_safe
@signed_in_async
async def result_screen(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """A cutout without its finish, as large as screens need it, for the stage, which gives it its finish."""
    result = await _find_result(request.user, result_id)
    if not result.bare:
        raise Http404
    # It is the same for good: what it is made of is never written twice under one name.
    render = renders.find_screen_copy(result)
    return await send(request, result, render, cache=downloads.FOREVER)


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
@signed_in_async
async def result_download(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """A result to keep: as it is handed over, or in another format or size, or on another ground."""
    result = await _find_result(request.user, result_id)
    form = DownloadForm(request.GET)
    if not form.is_valid():
        return await _answer(request, 400, "That download is not on offer", form.sentence)
    asked = form.cleaned_data
    if asked.pop("mask") and result.bare:
        current = await sync_to_async(finishes.get_current)(result.photo)
        mask = renders.find_mask(result, current, size=asked["size"])
        return await send(request, result, mask, attachment=True, cache=downloads.CHANGING)
    if result.bare:
        return await send_picture(request, result, attachment=True, asked=asked)
    render = None
    if not form.fits(result):
        render = renders.find_conversion(result, **{**asked, "format": form.format_for(result)})
    return await send(request, result, render, attachment=True)


@require_safe
async def result_signed(request: Request, token: str, name: str = "") -> HttpResponseBase:
    """A picture to whoever has its address, until the address ends. No session is looked at.

    name: for whoever saves the file; the token alone says which it is.
    """
    try:
        address = signed_urls.read(token)
    except signed_urls.AddressExpired:
        return await _answer(request, 410, "This address has expired", "Ask for a new one where you got it.")
    except signed_urls.AddressWrong:
        raise Http404 from None
    cache = f"private, max-age={address.seconds}"
    picture = await _find_signed(address)
    if isinstance(picture, Photo):
        copy = sync_to_async(_send_clean_copy)
        return await copy(request, picture, str(picture.thumbnail), cache=cache, original=False)
    if address.kind is signed_urls.Kind.THUMBNAIL:
        return await send_thumbnail(request, picture, cache=cache)
    attachment = address.kind is signed_urls.Kind.DOWNLOAD
    return await send_picture(request, picture, attachment=attachment, cache=cache)


@sync_to_async
def _find_result(user: object, result_id: uuid.UUID) -> Result:
    return get_object_or_404(Result.objects.owned_by(user).select_related("photo"), pk=result_id)


@sync_to_async
def _find_result_or_trashed(user: object, result_id: uuid.UUID) -> Result:
    return get_object_or_404(Result.with_trash.owned_by(user).select_related("photo"), pk=result_id)


@sync_to_async
def _find_signed(address: signed_urls.Address) -> Photo | Result:
    """Return what an address stands for. Raises Http404 where it may no longer be seen."""
    if address.model is Photo:
        return get_object_or_404(Photo, pk=address.pk)
    result = get_object_or_404(Result.objects.select_related("photo"), pk=address.pk)
    # Thumbnails are for the admin's desk; of whoever is suspended, nobody else gets anything.
    seen = address.kind is signed_urls.Kind.THUMBNAIL
    if not seen and not User.objects.filter(pk=result.owner_id, is_active=True).exists():
        raise Http404
    return result


async def send_picture(
    request: Request,
    result: Result,
    *,
    attachment: bool = False,
    asked: Mapping[str, str] | None = None,
    cache: str = downloads.FOREVER,
) -> HttpResponseBase:
    """Answer with a result as it is handed over. asked: format, size, background instead of a finish's."""
    if not result.bare:
        return await send(request, result, None, attachment=attachment, cache=cache)
    current = await sync_to_async(finishes.get_current)(result.photo)
    render = renders.find_picture(result, current, **(asked or {}))
    return await send(request, result, render, attachment=attachment, cache=downloads.CHANGING)


async def send_thumbnail(
    request: Request, result: Result, *, cache: str = downloads.FOREVER
) -> HttpResponseBase:
    if not result.thumbnail:
        raise Http404
    render = None
    if result.bare:
        cache = downloads.CHANGING
        current = await sync_to_async(finishes.get_current)(result.photo)
        render = renders.find_thumbnail(result, current)
    return await send(request, result, render, stored=str(result.thumbnail), cache=cache)


async def send(
    request: Request,
    result: Result,
    render: Render | None,
    *,
    stored: str = "",
    attachment: bool = False,
    cache: str = downloads.FOREVER,
) -> HttpResponseBase:
    """Answer with a render of a result, or with a file of its own; stored: which, where not the picture."""
    stored = stored or str(result.file)
    picture_format = render.format if render else downloads.get_format(stored)
    mask = render is not None and render.is_mask
    file_name = downloads.name_result(result, picture_format, mask=mask)
    sent: dict[str, Any] = {"attachment": attachment, "cache": cache}
    sent |= {"picture_format": picture_format, "file_name": file_name}
    if render is not None:
        etag = quote_etag(render.key)
        if known := get_conditional_response(request, etag=etag):
            known["ETag"], known["Cache-Control"] = etag, cache
            return known
        try:
            file = await renders.open_render(render)
            return downloads.send_open(request, file, file.size, etag=etag, **sent)
        except FileNotFoundError:
            stored = str(result.file)  # says that it is missing, as for every other way to it
        except RenderFailed as exc:
            return await _answer(request, exc.status, "This picture could not be prepared", exc.sentence)
    return await sync_to_async(downloads.send_stored)(request, stored, **sent)


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
    return answer(request, 404, "No preview yet", "This photo shows once its first task has read it.")
