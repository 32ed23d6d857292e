"""The head tool's form: which heads, how they are framed, and what file comes out."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .cutout import CutoutForm
from .fields import OneFileForm


class PlacesField(forms.MultipleChoiceField):
    """Which heads, by their places in the list of the photo's heads, largest first."""

    MOST = 200
    default_error_messages = {
        "place": _("“%(value)s” is not one of the heads. Load the page again, and choose among the rings."),
    }

    def clean(self, value: Any) -> list[int]:
        places = []
        for text in value or []:
            try:
                place = int(text)
            except (TypeError, ValueError):
                place = -1
            if not 0 <= place < self.MOST:
                params = {"value": str(text)[:20]}
                raise forms.ValidationError(self.error_messages["place"], "place", params)
            places.append(place)
        return sorted(set(places))


class HeadForm(OneFileForm):
    """Heads alone: which of them, how they are framed, and what file comes out."""

    FACES = [("all", _("All")), ("largest", _("The largest"))]

    faces = forms.ChoiceField(
        label=_("Heads"), choices=FACES, initial="all", required=False, widget=forms.RadioSelect
    )
    # Sent by a page that shows rings: whether they were there to choose from, and which were chosen.
    choice = forms.BooleanField(required=False, widget=forms.HiddenInput)
    chosen = PlacesField(required=False)
    crop = forms.BooleanField(label=_("Cut the canvas to them"), required=False)
    format = forms.ChoiceField(
        label=_("File"), choices=CutoutForm.FORMATS, initial="png", required=False, widget=forms.RadioSelect
    )
    outputs = forms.ChoiceField(
        label=_("Give me"),
        choices=CutoutForm.OUTPUTS,
        initial="image",
        required=False,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("choice") and not cleaned.get("chosen") and "chosen" not in self.errors:
            self.add_error(
                "chosen",
                forms.ValidationError(
                    gettext("Choose at least one head: click its ring."), code="none_chosen"
                ),
            )
        return cleaned

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options."""
        cleaned = self.cleaned_data
        params = {
            "faces": cleaned["faces"] or "all",
            "crop": cleaned["crop"],
            "format": cleaned["format"] or "png",
            "outputs": cleaned["outputs"] or "image",
        }
        return {**params, "chosen": cleaned["chosen"]} if cleaned["chosen"] else params
