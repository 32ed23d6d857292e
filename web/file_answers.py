"""Answers with a file: whole or a part of it, streamed from any storage without a thread of its own."""

from collections.abc import AsyncIterator
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from .byte_ranges import Part, Unsatisfiable, parse_range

CHUNK = 256 * 1024  # bytes
# Stays out of every cache.
NEVER = "private, no-store"


class FileStream:
    """An open file as an asynchronous iterator of chunks, read on a thread, closed with its response.

    part: what of it, where not all.
    """

    def __init__(self, file: IO[bytes] | Any, part: Part | None = None) -> None:
        self.file, self.part = file, part
        self.source = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.part is None:
            # A storage elsewhere fetches its file at the first touch.
            read = sync_to_async(self.file.read, thread_sensitive=False)
            while chunk := await read(CHUNK):
                yield chunk
            return
        self.source = await sync_to_async(self.part.begin, thread_sensitive=False)(self.file)
        read = sync_to_async(self.source.read, thread_sensitive=False)
        left = self.part.length
        while left and (chunk := await read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.source.close()
        self.file.close()


def send_open(
    request: HttpRequest,
    file: IO[bytes] | Any,
    size: int,
    *,
    content_type: str,
    file_name: str,
    attachment: bool,
    cache: str,
    etag: str | None = None,
    is_large: bool = False,
) -> HttpResponseBase:
    """Answer with an open file, or the part of it that is asked for.

    It is closed when the answer is sent, or when the client left. etag: the file's, quoted. is_large: it is
    not to be fetched to this machine first, where its storage is elsewhere.
    """
    response: HttpResponseBase
    try:
        part = parse_range(request, size, etag)
    except Unsatisfiable:
        file.close()
        headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes", "Cache-Control": NEVER}
        return HttpResponse(status=416, headers=headers, content_type="text/plain; charset=utf-8")
    if request.method == "HEAD":
        file.close()
        response = HttpResponse()
    else:
        whole = Part(0, size, size) if is_large and size else None
        response = StreamingHttpResponse(FileStream(file, part or whole), status=206 if part else 200)
    if part:
        response["Content-Range"] = part.header
    if etag:
        response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = content_type
    response["Content-Length"] = str(part.length if part else size)
    response["Content-Disposition"] = content_disposition_header(attachment, file_name) or "inline"
    response["Cache-Control"] = cache
    response["X-Content-Type-Options"] = "nosniff"
    return response
