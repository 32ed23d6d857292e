"""Names of parameters that some document knows, and what of them is done.

Whoever asks for 500 × 500 and gets 256 × 171 without a word has been misled. So a name that a document
knows, the seeds', another service's or our own of another address, is refused where it is not done,
unless its value asks for what is done anyway. What no document knows is nobody's wish, and is ignored.
"""

from collections.abc import Collection, Mapping
from functools import cache

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from editor.api.dialects import registry
from editor.api.errors import ApiError

from .call_form import CallForm
from .fields import NO, YES

Harmless = Mapping[str, Collection[str]]

EITHER = YES | NO
# Our own, at addresses that do without them.
OURS: Harmless = {
    "bg_color": ("transparent", "none"),
    "batch_size": ("1",),
    "crop": NO,
    "faces": ("all",),
    "type": ("auto",),
}


def list_forms() -> list[type[CallForm]]:
    """Return the forms of all calls, of every dialect."""
    return [endpoint.form for endpoint in registry.list_endpoints()]


@cache
def list_anywhere() -> Harmless:
    """Return the names that documents know, with the values that ask for what every address does anyway."""
    theirs = {name: fine for one in registry.list_dialects() for name, fine in one.elsewhere.items()}
    return {**theirs, **OURS}


@cache
def list_known() -> frozenset[str]:
    """Return the names that some document knows: its dialect's, and those of every call's form."""
    forms = list_forms()
    return frozenset(list_anywhere()).union(*({*form.base_fields, *form.also} for form in forms))


def check_names(form: type[CallForm], data: QueryDict, files: "MultiValueDict[str, UploadedFile]") -> None:
    """Raise ApiError 400 with the first name that is known to a document and that this call cannot heed."""
    for name in (*data, *files):
        if name in form.base_fields or name not in list_known():
            continue
        fine = {"", *list_anywhere().get(name, ()), *form.harmless.get(name, ())}
        if name in files or not all(value.strip().lower() in fine for value in data.getlist(name)):
            sentence = f"{name}: this is not done at this address. Leave it out; /api/ lists what is done."
            if name in files:
                sentence = (
                    f"{name}: no file of this name is taken here. The picture goes into {form.sources[0]}."
                )
            raise ApiError(400, sentence, details=name, wrong={name: [sentence]})
