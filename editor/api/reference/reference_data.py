"""What there is for programs, as data: the OpenAPI document and the reference page are made of this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from editor.api.requests.call_form import CallForm
from editor.api.requests.fields import (
    BoxesField,
    ChoiceOfNumbers,
    ChoiceOfWords,
    PictureFileField,
    UrlField,
    YesNoField,
)

# Files of the examples.
PHOTO, PRODUCT = "photo.jpg", "product.png"
Schema = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a call, as a JSON schema. kind: its type, or its values, for people."""

    name: str
    kind: str
    schema: Schema
    about: str

    @property
    def default(self) -> str:
        value = self.schema.get("default", "")
        return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Answer:
    """One field of what a task's `data` has. done: only once the task is done."""

    name: str
    schema: Schema
    about: str
    done: bool = False


@dataclass(frozen=True)
class Call:
    """What an example sends, the file that its picture ends in, and the field of the one that it sends."""

    file: str
    saved: str
    fields: Mapping[str, str] = field(default_factory=dict)
    field: str = "image_file"


@dataclass(frozen=True)
class Endpoint:
    """One kind of work: its address, what it takes, and what its tasks tell.

    answers: fields of its tasks; none where the answer is the picture itself. beginning: of its address.
    address: the rest of it, where that is not its name. headers: of a picture as the answer. kinds: what else
    the answer may be, by its type. takes_json: whether its document has bodies of JSON.
    """

    name: str
    title: str
    about: str
    form: type[CallForm]
    answers: tuple[Answer, ...] = ()
    cost: str = "1 credit"
    notes: tuple[str, ...] = field(default=())
    beginning: str = field(kw_only=True)
    address: str = field(default="", kw_only=True)
    headers: tuple[str, ...] = field(default=(), kw_only=True)
    kinds: Mapping[str, Schema] = field(default_factory=dict, kw_only=True)
    takes_json: bool = field(default=False, kw_only=True)
    example: Call = field(kw_only=True)

    @property
    def path(self) -> str:
        return self.beginning + (self.address or self.name)

    @property
    def is_picture(self) -> bool:
        """Whether the answer is the picture itself."""
        return not self.answers

    @property
    def parameters(self) -> list[Parameter]:
        """Those of the documents first, in their order, and ours last."""
        fields = dict(self.form.base_fields)
        ours = {name: fields.pop(name) for name in ("faces", "callback_url") if name in fields}
        return [describe_parameter(name, one) for name, one in (fields | ours).items()]

    @property
    def waits(self) -> bool:
        return "sync" in self.form.base_fields


def describe_parameter(name: str, one: forms.Field) -> Parameter:
    """Return a form's field as a parameter."""
    kind, schema = describe_kind(one)
    if one.initial not in (None, ""):
        schema["default"] = one.initial
    about = str(one.help_text) or ABOUT.get(name, "")
    return Parameter(name, kind, schema, about)


# Of fields that are the page's own, where their labels say it.
ABOUT = {
    "prompt": "What the scene looks like, in up to 1024 characters: a place, a surface, things, a light. "
    "English works best. Send this or scene_type.",
    "negative_prompt": "What must not be in it.",
    "scene_type": "The scene's number. Send this or prompt.",
    "size_cm": "How long the product is, its longer side in centimetres: wood, tiles and candles are as "
    "large beside it as they are, and what it cannot stand on is replaced. Ours, not the service's.",
    "relight": "How much of the scene's light falls on the product, in percent. At 0, which is usual, its "
    "pixels stay exactly as they were sent; the page asks for 60. Ours, not the service's.",
}


def describe_kind(one: forms.Field) -> tuple[str, Schema]:
    """Return what a field takes, in a word and as a schema."""
    if isinstance(one, PictureFileField):
        return "file", {"type": "string", "format": "binary"}
    if isinstance(one, UrlField):
        return "address", {"type": "string", "format": "uri", "maxLength": one.max_length}
    if isinstance(one, ChoiceOfNumbers):
        return " | ".join(str(number) for number in one.numbers), {
            "type": "integer",
            "enum": list(one.numbers),
        }
    if isinstance(one, ChoiceOfWords):
        return " | ".join(word for word in one.words if word), {"type": "string", "enum": list(one.words)}
    if isinstance(one, YesNoField):
        return "true | false", {"type": "boolean"}
    if isinstance(one, forms.IntegerField):
        return "number", {"type": "integer"}
    schema: Schema = {"type": "string"}
    if isinstance(one, forms.CharField) and one.max_length:
        schema["maxLength"] = one.max_length
    return "JSON" if isinstance(one, BoxesField) else "text", schema
