"""What every call's form has, of whatever dialect: the tool's form judges, and its words are translated.

Each translates what a program asked into what the page's form of that tool takes, has that judge it,
and hands on the parameters that it makes of it.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from editor.engines.errors import InvalidOptions
from editor.engines.finishing.finish import Finish
from editor.engines.limits import SEEDS, Limits
from editor.forms.fields import OneFileForm
from editor.models import Photo
from editor.tools import Tool

from .fields import PictureFileField, UrlField

URL, BASE64, BINARY = 1, 2, 3
BOTH, IMAGE_ALONE, MASK_ALONE = 1, 2, 3
OUTPUTS = {BOTH: "both", IMAGE_ALONE: "image", MASK_ALONE: "mask"}

IMAGE_URL_HELP = "Address of the picture. Send this or image_file."
IMAGE_FILE_HELP = "The picture itself. Send this or image_url."
CALLBACK_HELP = "Address to call when the task has ended. Ours, not the services'."

# What is around the pictures and the text of a form.
AROUND = 4 * 2**20
# Codes of errors that say that there is no picture.
MISSING = frozenset({"no_image", "required", "missing"})

ToolForm = TypeVar("ToolForm", bound=forms.Form)
Picture = UploadedFile | str
"""What came in the body, or the address that it is to be fetched from."""


class CallForm(OneFileForm):
    """What all calls have: a picture, and somebody to tell when it is done.

    tool: whose work is asked for. sources: the fields that a picture may come in; the first that has one
    counts, and of `pairs` no two may. names: where the tool form calls a field otherwise than we do. also:
    other names that a field goes by. harmless: of names that are not its own, the values that ask for what is
    done anyway. limits: of a picture. most_text: bytes of all fields together. wants_product: whether the
    picture must be a product on nothing.
    """

    tool: ClassVar[Tool]
    sources: ClassVar[tuple[str, ...]] = ("image_file", "image_url")
    names: ClassVar[Mapping[str, str]] = {}
    also: ClassVar[Mapping[str, str]] = {}
    harmless: ClassVar[Mapping[str, Collection[str]]] = {}
    pairs: ClassVar[tuple[tuple[str, str], ...]] = (("image_url", "image_file"),)
    limits: ClassVar[Limits] = SEEDS
    most_text: ClassVar[int] = 2**20
    wants_product: ClassVar[bool] = False
    no_image: ClassVar[str] = "No picture was sent. Send image_url or image_file."

    image_url = UrlField(help_text=IMAGE_URL_HELP)
    image_file = PictureFileField(help_text=IMAGE_FILE_HELP)
    callback_url = UrlField(help_text=CALLBACK_HELP)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for url, file in self.pairs:
            if cleaned.get(url) and cleaned.get(file):
                sentence = f"{url} and {file} were both sent. Send one of them."
                raise forms.ValidationError(sentence, code="two_images")
        if not self.errors and not any(cleaned.get(name) for name in self.sources):
            raise forms.ValidationError(self.no_image, code="no_image")
        return cleaned

    def picture(self) -> Picture:
        """Return the picture to work on. The form must be valid."""
        return next(self.cleaned_data[name] for name in self.sources if self.cleaned_data[name])

    def companions(self) -> dict[str, tuple[Photo.Purpose, Picture]]:
        """Return the pictures that come along, by the name that orders.place has for them."""
        return {}

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options."""
        raise NotImplementedError

    def look_up(self, owner: User) -> None:
        """Look up what the call names of its key's owner. Errors are added as in clean. The form is valid."""

    @property
    def kept_before(self) -> dict[str, Photo]:
        """Return pictures of the owner that the call names, by the name that orders.place has for them."""
        return {}

    def to_answer(self) -> dict[str, Any]:
        """Return what was asked about the answer."""
        return {}

    @classmethod
    def count_most_bytes(cls) -> int:
        """Return how large a whole body may be: its pictures, its text, and what is around them."""
        pictures = sum(isinstance(field, PictureFileField) for field in cls.base_fields.values())
        return max(1, pictures) * cls.limits.bytes + cls.most_text + AROUND

    @property
    def says_nothing(self) -> bool:
        """Whether there are words in which nothing is understood."""
        return False

    def name_error(self, parameter: str, code: str) -> str:
        """Return the dialect's own code for what is wrong with a parameter, "" for that of the status."""
        return ""

    @property
    def waits(self) -> bool:
        return bool(self.cleaned_data.get("sync"))

    def judged(self, form: ToolForm) -> ToolForm:
        """Return the tool's form; where it is not valid its errors are ours, under our names."""
        for name, errors in form.errors.as_data().items():
            ours = self.names.get(name, name)
            if ours not in self.errors:
                self.add_error(ours if ours in self.fields else None, errors)
        return form


class FinishedCallForm(CallForm):
    """A call whose picture is finished as it says: framed, lit, on its ground. finish: what it asks for."""

    finish: Finish

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.judge(cleaned)
        if not self.errors:
            try:
                self.finish = self.make_finish(cleaned)
            except InvalidOptions as exc:
                self.add_error(None, forms.ValidationError(str(exc), code="finish"))
        return cleaned

    def judge(self, cleaned: dict[str, Any]) -> None:
        """Add errors of fields that are right by themselves and not together."""

    def make_finish(self, cleaned: dict[str, Any]) -> Finish:
        """Return the finish that is asked for. Raises InvalidOptions."""
        raise NotImplementedError
