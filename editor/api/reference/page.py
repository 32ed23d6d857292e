"""The reference page: the OpenAPI document for people, with examples of the reader's own address."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from editor.api.access import rate_limit
from editor.api.access.auth import by_get
from editor.api.dialects import registry
from editor.api.webhooks import SIGNATURE
from editor.states import State

from .examples import write_examples

# What the seeds say of each state, in the words of a program's reader.
STATES = [(state.value, state.word, state.sentence) for state in sorted(State, reverse=True)]


@by_get
async def reference(request: HttpRequest) -> HttpResponse:
    return await sync_to_async(render_page)(request)


def render_page(request: HttpRequest) -> HttpResponse:
    base = f"{request.scheme}://{request.get_host()}"
    sections = [
        {"endpoint": endpoint, "examples": write_examples(endpoint, base)}
        for dialect in registry.list_dialects()
        for endpoint in dialect.endpoints
    ]
    context = {
        "base": base,
        "sections": sections,
        "states": STATES,
        "dialects": registry.list_dialects(),
        "signature_header": SIGNATURE,
        "polls": rate_limit.POLLS,
    }
    return render(request, "api/reference.html", context)
