"""What a sample call would be answered, judged by the very form of its address. Nothing is ordered."""

import json
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from editor.api.dialects import registry
from editor.api.errors import ApiError
from editor.api.reference.reference_data import Endpoint
from editor.api.requests import bracketed_names, parameter_names, parameters
from editor.api.requests.call_form import CallForm
from web import api_errors

from .sample_call import SampleCall

# Any bytes do: whether they are a picture is seen when it comes.
SOME_PICTURE = b"\x89PNG\r\n\x1a\n"
# Addresses of other services that have another one here.
ELSEWHERE = {
    "/v1/removebg": "/v1.0/removebg",
    "/remove": "/v1/remove",
    "/v1/edit": "/v2/edit",
}
NOWHERE = "There is no such address. The reference at /api/ lists all there are."
NO_KEY = "It shows no key: send yours in X-API-KEY, or it is answered with 401 or 403."


@dataclass(frozen=True)
class Verdict:
    """is_taken: whether it would be carried out. status: of HTTP. sentence: what would come, or why not.

    body: the refusal as it would be told, "" for what is taken. notes: what else is good to know. asked: what
    the engine would be asked for, as JSON.
    """

    is_taken: bool
    status: int
    sentence: str
    body: str = ""
    notes: tuple[str, ...] = ()
    asked: str = ""


def judge(call: SampleCall) -> Verdict:
    """Return what would be answered to a call with a valid key, enough credits, and a picture that is one."""
    path = "/" + "/".join(part for part in call.path.split("/") if part)
    notes: tuple[str, ...] = () if call.has_key else (NO_KEY,)
    endpoint = next((one for one in registry.list_endpoints() if one.path == path), None)
    if endpoint is None:
        return judge_other(call, path, notes)
    methods = list_methods(path)
    if call.method not in methods:
        wanted = " or ".join(methods)
        return refuse(path, ApiError(405, f"{call.method} is not for this address. Use {wanted}."), notes)
    try:
        form, unknown = fill_form(endpoint.form, call)
    except ApiError as exc:
        return refuse(path, exc, notes)
    notes += tuple(f"{name}: no document knows this name, and it is ignored." for name in unknown)
    return Verdict(
        is_taken=True,
        status=200,
        sentence=describe_answer(endpoint, form),
        notes=notes,
        asked=json.dumps(form.to_params(), indent=2, ensure_ascii=False),
    )


def judge_other(call: SampleCall, path: str, notes: tuple[str, ...]) -> Verdict:
    """Return the verdict on a call of an address that orders nothing."""
    if call.method == "GET" and is_known(path):
        return Verdict(
            True, 200, "The answer is JSON. Nothing is ordered, and nothing is charged.", notes=notes
        )
    hint = ELSEWHERE.get(path)
    if hint is None:
        near = [one.path for one in registry.list_endpoints() if one.name == path.rpartition("/")[2]]
        hint = near[0] if near else None
    more = (f"What you may mean is {hint} here.",) if hint else ()
    if api_errors.to_program(path):
        return refuse(path, ApiError(404, NOWHERE), (*more, *notes))
    return Verdict(False, 404, NOWHERE, notes=more)


def is_known(path: str) -> bool:
    """Whether the OpenAPI document has a GET at this address."""
    from editor.api.reference.openapi import build_document

    return any(
        "get" in operations and len(one.split("/")) == len(path.split("/")) and fits(one, path)
        for one, operations in build_document()["paths"].items()
    )


def fits(pattern: str, path: str) -> bool:
    pairs = zip(pattern.split("/"), path.split("/"), strict=True)
    return all(one == other or one.startswith("{") for one, other in pairs)


def list_methods(path: str) -> list[str]:
    """Return by which methods an address is asked, as the OpenAPI document has them."""
    from editor.api.reference.openapi import build_document

    return [method.upper() for method in build_document()["paths"][path]]


def fill_form(form: type[CallForm], call: SampleCall) -> tuple[CallForm, list[str]]:
    """Return the address' form, valid, and the names that nobody knows. Raises ApiError."""
    data, files = QueryDict(mutable=True), MultiValueDict[str, UploadedFile]()
    for name, value in call.fields:
        data.appendlist(name, value)
    for name in call.files:
        files.appendlist(name, SimpleUploadedFile("photo.png", SOME_PICTURE))
    bracketed_names.read_brackets(data, files, {*form.base_fields, *form.also, *parameter_names.list_known()})
    parameters.take_other_names(form, data, files)
    parameter_names.check_names(form, data, files)
    filled = form(data, files)
    if not filled.is_valid():
        raise parameters.make_parameter_error(filled)
    known = parameter_names.list_known() | form.base_fields.keys()
    return filled, sorted({*data, *files} - known)


def describe_answer(endpoint: Endpoint, form: CallForm) -> str:
    cost = f"It costs {endpoint.cost} once it is done."
    if endpoint.is_picture:
        return f"{endpoint.title}: the answer is the picture itself. {cost}"
    if form.waits:
        return f"{endpoint.title}: the answer comes when the task has ended, and tells of it. {cost}"
    return f"{endpoint.title}: the answer is a task_id to ask with. {cost}"


def refuse(path: str, error: ApiError, notes: tuple[str, ...]) -> Verdict:
    status, _, body = error.told(path, "req_…")
    told = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    return Verdict(False, status, error.sentence, told, notes)
