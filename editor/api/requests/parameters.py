"""What a program sent, as its endpoint's form takes it: in body or address, under any of its names."""

import json
import re

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from editor.api.errors import ApiError

from . import bodies, bracketed_names, parameter_names
from .call_form import MISSING, CallForm
from .fields import Base64Field, PictureFileField
from .multipart import UnnamedFiles

MOST_MARKS = 20_000
UNENDED = (
    "The form's parts cannot be told apart. Each line between them ends with CR LF, and the last one is two "
    "dashes, the boundary, and two dashes more."
)


def read_form(request: HttpRequest, form: type[CallForm]) -> CallForm:
    """Return the call's form, valid. Raises ApiError 400 that names the parameter."""
    data, files = read_call(request, form)
    parameter_names.check_names(form, data, files)
    filled = form(data, files)
    if not filled.is_valid():
        raise make_parameter_error(filled)
    return filled


def make_parameter_error(form: CallForm) -> ApiError:
    """Return the refusal of a form that is not valid: its first error, with the parameter's name, and all."""
    errors = form.errors.get_json_data()
    found = [(name_parameter(form, name, said[0]["code"]), said) for name, said in errors.items()]
    name, said = found[0]
    sentence = said[0]["message"]
    if said[0]["code"] in MISSING:
        sentence = " ".join(filter(None, (sentence, explain_no_picture(form))))
    if name in form.fields and name in errors and not re.search(rf"\b{re.escape(name)}\b", sentence):
        sentence = f"{name}: {sentence}"
    wrong = {parameter: [one["message"] for one in said] for parameter, said in found if parameter}
    code = form.name_error(name, said[0]["code"])
    return ApiError(400, sentence, code=code, details=name, wrong=wrong)


def name_parameter(form: CallForm, name: str, code: str) -> str:
    """Return which parameter an error of a form is about, "" for none."""
    if name != NON_FIELD_ERRORS:
        return name
    return form.sources[0] if code in MISSING else ""


def explain_no_picture(form: CallForm) -> str:
    """Return what stands in the way of a picture that its caller thinks was sent, "" where nothing came."""
    fields = form.base_fields
    for name in form.files:
        if name not in fields:
            return f"A file came as “{name[:40]}”, which is no field here."
    for name in form.sources:
        if isinstance(fields[name], PictureFileField) and form.data.get(name):
            return f"{name} came as text: it is for a file, as multipart/form-data has it."
    return ""


def read_call(
    request: HttpRequest, form: type[CallForm]
) -> tuple[QueryDict, "MultiValueDict[str, UploadedFile]"]:
    """Return fields and files. What is in the address counts where the body has none of that name."""
    pictures = {name for name, field in form.base_fields.items() if isinstance(field, PictureFileField)}
    pictures |= {theirs for theirs, ours in form.also.items() if ours in pictures}
    texts = {name for name, field in form.base_fields.items() if isinstance(field, Base64Field)}
    reader = UnnamedFiles(request, pictures, texts)
    request.upload_handlers = [reader]
    bodies.settle_kind(request, form.most_text if texts else 0)
    data = read_json(request) if request.content_type == bodies.JSON else request.POST.copy()
    files = request.FILES.copy()
    if reader.parts and not (files or (data and reader.parts.is_ended) or reader.parts.is_empty):
        raise ApiError(400, UNENDED)
    known = {*form.base_fields, *form.also, *parameter_names.list_known()}
    bracketed_names.read_brackets(data, files, known)
    asked = request.GET.copy()
    bracketed_names.read_brackets(asked, MultiValueDict(), known, plain={*data, *files})
    for name, values in asked.lists():
        if name not in data and name not in files:
            data.setlist(name, values)
    take_other_names(form, data, files)
    return data, files


def take_other_names(
    form: type[CallForm], data: QueryDict, files: "MultiValueDict[str, UploadedFile]"
) -> None:
    """Give fields that came by another of their names the form's own, where it did not come too."""
    for theirs, ours in form.also.items():
        if ours in data or ours in files:
            continue
        if theirs in data:
            data.setlist(ours, data.pop(theirs))
        if theirs in files:
            files.setlist(ours, files.getlist(theirs))
            del files[theirs]


def read_json(request: HttpRequest) -> QueryDict:
    """Return the fields of a JSON object as a form has them. Raises ApiError 400 for anything else."""
    body = request.body or b"{}"
    # A picture in base64 has none of these marks; a million of them would be a million objects.
    if sum(body.count(mark) for mark in (b",", b"[", b"{")) > MOST_MARKS:
        raise ApiError(
            400, "The body has too many values. Send a JSON object with the documented ones alone."
        )
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise ApiError(400, "The body is not valid JSON. Send a form, or a JSON object.") from exc
    if not isinstance(found, dict):
        raise ApiError(400, "The body is no JSON object. Send a form, or an object with the parameters.")
    fields = QueryDict(mutable=True)
    for name, value in found.items():
        # What lies within something goes by both names, with a point between them, as some documents have it.
        within = value.items() if isinstance(value, dict) else ()
        for whole, one in ((name, value), *((f"{name}.{key}", one) for key, one in within)):
            if one is not None:
                fields[whole] = one if isinstance(one, str) else json.dumps(one)
    return fields
