"""What a program sent, as its endpoint's form takes it: in body or address, under any of its names."""

import json

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from editor.api.errors import ApiError

from . import parameter_names
from .call_form import MISSING, CallForm
from .fields import PictureFileField
from .multipart import UnnamedFiles

JSON = "application/json"


def read_form(request: HttpRequest, form: type[CallForm]) -> CallForm:
    """Return the call's form, valid. Raises ApiError 400 that names the parameter."""
    data, files = read_call(request, form)
    parameter_names.check_names(form, data, files)
    filled = form(data, files)
    if not filled.is_valid():
        raise make_parameter_error(filled)
    return filled


def make_parameter_error(form: CallForm) -> ApiError:
    """Return the refusal of a form that is not valid: its first error, with the parameter's name."""
    name, errors = next(iter(form.errors.get_json_data().items()))
    sentence, code = errors[0]["message"], errors[0]["code"]
    if name in form.fields and name not in sentence:
        sentence = f"{name}: {sentence}"
    if name == NON_FIELD_ERRORS:
        name = "image_file" if code in MISSING else ""
    return ApiError(400, sentence, code=form.name_error(name, code), details=name)


def read_call(
    request: HttpRequest, form: type[CallForm]
) -> tuple[QueryDict, "MultiValueDict[str, UploadedFile]"]:
    """Return fields and files. What is in the address counts where the body has none of that name."""
    pictures = {name for name, field in form.base_fields.items() if isinstance(field, PictureFileField)}
    pictures |= {theirs for theirs, ours in form.also.items() if ours in pictures}
    request.upload_handlers = [UnnamedFiles(request, pictures)]
    data = read_json(request) if request.content_type == JSON else request.POST.copy()
    files = request.FILES.copy()
    for name, values in request.GET.lists():
        if name not in data and name not in files:
            data.setlist(name, values)
    for theirs, ours in form.also.items():
        if ours in data or ours in files:
            continue
        if theirs in data:
            data.setlist(ours, data.pop(theirs))
        if theirs in files:
            files.setlist(ours, files.getlist(theirs))
            del files[theirs]
    return data, files


def read_json(request: HttpRequest) -> QueryDict:
    """Return the fields of a JSON object as a form has them. Raises ApiError 400 for anything else."""
    try:
        found = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as exc:
        raise ApiError(400, "The body is not valid JSON. Send a form, or a JSON object.") from exc
    if not isinstance(found, dict):
        raise ApiError(400, "The body is no JSON object. Send a form, or an object with the parameters.")
    fields = QueryDict(mutable=True)
    for name, value in found.items():
        if value is not None:
            fields[name] = value if isinstance(value, str) else json.dumps(value)
    return fields
