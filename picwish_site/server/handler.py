"""Django's end of the ASGI server."""

import os
from typing import IO, Any

from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from web import api_errors

UNREADABLE = "The address of this call cannot be read. Write what is not ASCII in it as %XX."


class Handler(ASGIHandler):
    """Reads what comes in chunks and tells no length, as forms do that a program streams.

    Django takes a body without Content-Length for none, and caps a form's text by that header.
    """

    def create_request(
        self, scope: Any, body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        if not any(name == b"content-length" for name, _ in scope["headers"]):
            body_file.seek(0, os.SEEK_END)
            if length := body_file.tell():
                told = (b"content-length", str(length).encode())
                scope = {**scope, "headers": [*scope["headers"], told]}
            body_file.seek(0)
        request, refused = super().create_request(scope, body_file)
        if refused is not None and api_errors.to_program(scope["path"]):
            status, headers, body = api_errors.refusal(scope["path"], refused.status_code, UNREADABLE)
            return None, HttpResponse(body, status=status, headers=headers)
        return request, refused  # type: ignore[return-value]
