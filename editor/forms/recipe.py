"""The form of a recipe: a finish as on the desk, what is measured on each photo, and its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editor.engines import errors
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.naming import check_pattern
from editor.engines.finishing.finish import Finish

from .cutout import SubjectForm
from .finish import FinishForm, NumberField, read_fields

NO_MARKET = _("No marketplace")
FORMATS = [(one, {"webp": "WebP"}.get(one, one.upper())) for one in engine.FORMATS]
OUTPUTS = "outputs"
WHITE_SQUARE = Finish(
    canvas="exact",
    width=1600,
    height=1600,
    margins=(0.06, 0.06, 0.06, 0.06),
    scaling="fit",
    background="#ffffff",
)
"""What shops ask for most, and a new recipe begins with."""


class FileSpecForm(forms.Form):
    """One file that a recipe makes of each photo."""

    FRAMES: ClassVar = [("market", _("The market’s")), ("recipe", _("As set above"))]

    market = forms.ChoiceField(label=_("Meets the rules of"), required=False)
    frame = forms.ChoiceField(
        label=_("Size and background"), choices=FRAMES, required=False, initial="market"
    )
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, required=False, initial="jpg")
    name = forms.CharField(
        label=_("Name"),
        max_length=engine.MOST_PATTERN,
        required=False,
        initial="{stem}.{ext}",
        error_messages={
            "max_length": format_lazy(
                _("A name's pattern has at most {most_pattern} characters."), most_pattern=engine.MOST_PATTERN
            )
        },
    )
    folder = forms.CharField(
        label=_("Folder in the ZIP"),
        max_length=engine.MOST_PATTERN,
        required=False,
        error_messages={
            "max_length": format_lazy(
                _("A folder's name has at most {most_pattern} characters."), most_pattern=engine.MOST_PATTERN
            )
        },
    )
    quality = forms.IntegerField(
        label=_("Quality"),
        required=False,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Quality is a whole number from 1 to 100, or left out.")
        ),
    )
    dpi = forms.IntegerField(
        label="DPI",
        required=False,
        min_value=0,
        max_value=engine.MOST_DPI,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            format_lazy(_("DPI is a whole number up to {most_dpi}, or left out."), most_dpi=engine.MOST_DPI),
        ),
    )
    clipping_path = forms.BooleanField(label=_("With a clipping path"), required=False)

    def __init__(self, *args: Any, markets: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        market = cast(forms.ChoiceField, self.fields["market"])
        market.choices = [("", NO_MARKET), *markets]
        market.error_messages["invalid_choice"] = gettext(
            "This marketplace is not on offer any longer. Choose another."
        )
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"
        self.fields["name"].widget.attrs |= {"list": "patterns", "spellcheck": "false"}

    def has_changed(self) -> bool:
        """A file at its defaults is a file."""
        return True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_pattern(cleaned["name"] or "{stem}.{ext}")
                if cleaned["folder"]:
                    check_pattern(cleaned["folder"], what="folder")
                self.spec = engine.FileSpec(
                    market=cleaned["market"],
                    frame=cleaned["frame"] or "market",
                    folder=cleaned["folder"],
                    name=cleaned["name"] or "{stem}.{ext}",
                    format=cleaned["format"] or "jpg",
                    quality=cleaned["quality"] or 0,
                    dpi=cleaned["dpi"] or 0,
                    clipping_path=cleaned["clipping_path"],
                )
            except errors.InvalidOptions as exc:
                self.add_error(None, forms.ValidationError(str(exc), code="file"))
        return cleaned


class FileSpecFormSet(BaseFormSet):
    """The files of a recipe, in their order."""

    default_error_messages: ClassVar = {
        "missing_management_form": _("Load the page again: its files did not come along."),
        "too_few_forms": _("A recipe makes at least one file of each photo. Add one."),
        "too_many_forms": format_lazy(
            _("A recipe makes at most {most_files} files of each photo. Take some away."),
            most_files=engine.MOST_FILES,
        ),
    }


def list_specs(outputs: BaseFormSet) -> tuple[engine.FileSpec, ...]:
    """Return the files of a valid formset, without those that are left out."""
    kept = [form for form in outputs.forms if form not in outputs.deleted_forms]
    return tuple(cast(FileSpecForm, form).spec for form in kept)


MakeFileSpecs = forms.formset_factory(
    FileSpecForm,
    formset=FileSpecFormSet,
    extra=0,
    can_delete=True,
    min_num=1,
    validate_min=True,
    max_num=engine.MOST_FILES,
    validate_max=True,
    absolute_max=engine.MOST_FILES + 1,
)


class RecipeForm(FinishForm):
    """A recipe as its page sends it. Fields of the finish are as the desk has them, without its file.

    outputs: its files, a form each.
    """

    SCALES: ClassVar = [
        ("", _("Each fits its frame")),
        ("group", _("Alike in a group")),
        ("all", _("Alike in all")),
    ]
    PROVENANCES: ClassVar = [("none", _("Nothing")), ("source", _("What the photo says"))]

    name = forms.CharField(
        label=_("Name"),
        max_length=engine.MOST_NAME,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={
            "required": _("Give the recipe a name."),
            "max_length": format_lazy(
                _("A recipe's name has at most {most_name} characters."), most_name=engine.MOST_NAME
            ),
        },
    )
    subject = forms.ChoiceField(
        label=_("What it is"), choices=SubjectForm.SUBJECTS, required=False, initial=""
    )
    same_scale = forms.ChoiceField(label=_("Products’ sizes"), choices=SCALES, required=False, initial="")
    even_exposure = NumberField(_("Exposure"), 0, 1)
    even_white = NumberField(_("White balance"), 0, 1)
    straighten = forms.BooleanField(label=_("Straighten each product by its own axis"), required=False)
    most_angle = NumberField(_("By at most"), 0, engine.MOST_ANGLE, engine.Recipe.most_angle)
    provenance = forms.ChoiceField(
        label=_("What files say of their origin"), choices=PROVENANCES, required=False, initial="none"
    )

    credentials = forms.BooleanField(label=_("Sign each file with the studio’s key"), required=False)

    def __init__(self, *args: Any, markets: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        outputs = kwargs.pop("outputs", None)
        super().__init__(*args, **kwargs)
        self.outputs = MakeFileSpecs(
            self.data if self.is_bound else None,
            prefix=OUTPUTS,
            initial=outputs or ([{}] if not self.is_bound else None),
            form_kwargs={"markets": list(markets)},
        )
        if not self.is_bound:
            self.outputs.min_num = 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.outputs.is_valid():
            for sentence in self.outputs.non_form_errors():
                self.add_error(None, forms.ValidationError(str(sentence), code="files"))
            for number, form in enumerate(self.outputs.forms, 1):
                for sentences in form.errors.values():
                    sentence = gettext("File %(number)s: %(sentences)s") % {
                        "number": number,
                        "sentences": sentences[0],
                    }
                    self.add_error(None, forms.ValidationError(sentence, code="files"))
        if not self.errors:
            try:
                self.recipe = engine.Recipe(
                    name=cleaned["name"],
                    subject=cleaned["subject"],
                    finish=self.finish,
                    same_scale=cleaned["same_scale"],
                    exposure=cleaned["even_exposure"],
                    white_balance=cleaned["even_white"],
                    straighten=cleaned["straighten"],
                    most_angle=cleaned["most_angle"],
                    provenance=cleaned["provenance"] or "none",
                    credentials=cleaned["credentials"],
                    files=list_specs(self.outputs),
                )
            except errors.InvalidOptions as exc:
                self.add_error(None, forms.ValidationError(str(exc), code="recipe"))
        return cleaned

    def to_recipe(self) -> engine.Recipe:
        """Return the recipe of a valid form, without the picture behind, which has a row of its own."""
        return self.recipe


def read_recipe_fields(recipe: engine.Recipe, backdrop: Any = None) -> dict[str, Any]:
    """Return the values of RecipeForm that make this recipe, with this picture behind."""
    return {
        **read_fields(recipe.finish, backdrop),
        "name": recipe.name,
        "subject": recipe.subject,
        "same_scale": recipe.same_scale,
        "even_exposure": recipe.exposure,
        "even_white": recipe.white_balance,
        "straighten": recipe.straighten,
        "most_angle": recipe.most_angle,
        "provenance": recipe.provenance,
        "credentials": recipe.credentials,
    }


def read_output_fields(recipe: engine.Recipe) -> list[dict[str, Any]]:
    """Return the values of each of a recipe's files, as FileSpecForm has them."""
    names = ("market", "frame", "format", "name", "folder", "clipping_path")
    return [
        {name: getattr(one, name) for name in names}
        | {"quality": one.quality or None, "dpi": one.dpi or None}
        for one in recipe.files
    ]
