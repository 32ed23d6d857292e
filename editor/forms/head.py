"""What cutting out heads takes."""

from typing import Any

from django import forms

from .cutout import CutoutForm
from .fields import OneFileForm


class HeadForm(OneFileForm):
    """Heads alone: which of them, how they are framed, and what file comes out."""

    FACES = [("all", "All"), ("largest", "The largest")]

    faces = forms.ChoiceField(
        label="Heads", choices=FACES, initial="all", required=False, widget=forms.RadioSelect
    )
    crop = forms.BooleanField(label="To the edge", required=False)
    format = forms.ChoiceField(
        label="File", choices=CutoutForm.FORMATS, initial="png", required=False, widget=forms.RadioSelect
    )
    outputs = forms.ChoiceField(
        label="Give me", choices=CutoutForm.OUTPUTS, initial="image", required=False, widget=forms.RadioSelect
    )

    def to_params(self) -> dict[str, Any]:
        """Return the engine's options."""
        cleaned = self.cleaned_data
        return {
            "faces": cleaned["faces"] or "all",
            "crop": cleaned["crop"],
            "format": cleaned["format"] or "png",
            "outputs": cleaned["outputs"] or "image",
        }
