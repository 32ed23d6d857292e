"""Pictures and files as they leave the studio: each to its owner alone, or by a signed address."""

import os
import uuid

from asgiref.sync import sync_to_async
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.models import User
from editor.files import downloads, signed_urls
from editor.files.conversions import ConversionFailed, DownloadForm, convert
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


@require_safe
@signed_in
def result_file(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    result = _result(request.user, result_id)
    return _send_result(request, result)


@require_safe
@signed_in
def result_thumbnail(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """The small copy, which the trash shows as well."""
    results = Result.with_trash.owned_by(request.user).select_related("photo")
    return _send_thumbnail(request, get_object_or_404(results, pk=result_id))


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


# The guard reads the signed-in person from the database, so an asynchronous view asks it on a thread.
_guard = sync_to_async(signed_in(lambda request: None))  # type: ignore[arg-type,return-value]
_answer = sync_to_async(answer)


@require_safe
async def result_download(request: Request, result_id: uuid.UUID) -> HttpResponseBase:
    """A result to keep: as it is, or in another format or size."""
    refused = await _guard(request)
    if refused is not None:
        return refused
    result = await sync_to_async(_result)(request.user, result_id)
    form = DownloadForm(request.GET)
    if not form.is_valid():
        return await _answer(request, 400, "That download is not on offer", form.sentence)
    if form.fits(result):
        return await sync_to_async(_send_result)(request, result, attachment=True)
    return await _send_converted(request, result, form)


@require_safe
def result_signed(request: Request, token: str, name: str = "") -> HttpResponseBase:
    """A picture to whoever has its address, until the address ends. No session is looked at.

    name: for whoever saves the file; the token alone says which it is.
    """
    try:
        address = signed_urls.read(token)
    except signed_urls.AddressExpired:
        return answer(request, 410, "This address has expired", "Ask for a new one where you got it.")
    except signed_urls.AddressWrong:
        raise Http404 from None
    cache = f"private, max-age={address.seconds}"
    if address.model is Photo:
        photo = get_object_or_404(Photo, pk=address.pk)
        return _send_clean_copy(request, photo, str(photo.thumbnail), cache=cache, original=False)
    result = get_object_or_404(Result.objects.select_related("photo"), pk=address.pk)
    if address.kind is signed_urls.Kind.THUMBNAIL:
        return _send_thumbnail(request, result, cache=cache)
    # Thumbnails are for the admin's desk; of whoever is suspended, nobody else gets anything.
    if not User.objects.filter(pk=result.owner_id, is_active=True).exists():
        raise Http404
    attachment = address.kind is signed_urls.Kind.DOWNLOAD
    return _send_result(request, result, attachment=attachment, cache=cache)


def _result(user: object, result_id: uuid.UUID) -> Result:
    return get_object_or_404(Result.objects.owned_by(user).select_related("photo"), pk=result_id)


def _send_result(
    request: Request, result: Result, *, attachment: bool = False, cache: str = downloads.FOREVER
) -> HttpResponseBase:
    return downloads.send_stored(
        request,
        str(result.file),
        picture_format=result.format,
        file_name=downloads.name_result(result),
        attachment=attachment,
        cache=cache,
    )


def _send_thumbnail(request: Request, result: Result, *, cache: str = downloads.FOREVER) -> HttpResponseBase:
    if not result.thumbnail:
        raise Http404
    picture_format = downloads.get_format(str(result.thumbnail))
    return downloads.send_stored(
        request,
        str(result.thumbnail),
        picture_format=picture_format,
        file_name=downloads.name_result(result, picture_format),
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
    return answer(request, 404, "No preview yet", "This photo shows once its first task has read it.")


async def _send_converted(request: Request, result: Result, form: DownloadForm) -> HttpResponseBase:
    picture_format = form.format_for(result)
    try:
        file = await convert(
            str(result.file),
            format=picture_format,
            size=form.cleaned_data["size"],
            background=form.cleaned_data["background"],
        )
    except FileNotFoundError:
        # Says that the file is missing, as for every other way to it.
        return await sync_to_async(_send_result)(request, result, attachment=True)
    except ConversionFailed as exc:
        return await _answer(request, exc.status, "This download did not work", exc.sentence)
    return downloads.send_open(
        request,
        file,
        os.fstat(file.fileno()).st_size,
        picture_format=picture_format,
        file_name=downloads.name_result(result, picture_format),
        attachment=True,
        cache=downloads.NEVER,
    )
