"""What the desk shows while photos are cut out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from accounts.models import User
from editor import scenes
from editor.forms import CutoutForm

from .sight import Sight


@dataclass(frozen=True)
class Swatch:
    """A colour that one click gives. style: its class, since a page of ours sets no inline colours."""

    value: str
    label: str
    style: str


SWATCHES = [
    Swatch("", "Transparent", "clear"),
    Swatch("#ffffff", "White", "white"),
    Swatch("#f1ede6", "Linen", "linen"),
    Swatch("#1c1a17", "Black", "black"),
    Swatch("#cfe0ea", "Sky", "sky"),
]
FREE_COLOUR = "#e8b04a"
# What the engine took the subject for, where nobody said what it is.
TOOK = {
    "person": "Taken as a person.",
    "object": "Taken as an object.",
}


class CutoutSight(Sight):
    """A photo with its cutouts."""

    form = CutoutForm

    @classmethod
    def options(cls, user: User, asked: Mapping[str, Any]) -> Form:
        crop = asked.get("crop", False)
        return CutoutForm(
            initial={
                "subject": asked.get("subject", ""),
                "background": asked.get("background") or "",
                "frame": ("square" if asked.get("square") else "edge") if crop else "as-is",
                "margin": round(asked.get("margin", 0) * 100) if crop else 10,
                "format": asked.get("format", "png"),
                "outputs": asked.get("outputs", "image"),
                "size": asked.get("size", "full"),
            }
        )

    @classmethod
    def choices(cls, user: User, form: Form) -> dict[str, Any]:
        """Return what the background can be, and the colour that is neither of the swatches."""
        background = form["background"].value()
        own_colour = background not in {swatch.value for swatch in SWATCHES}
        free_colour = background if own_colour else FREE_COLOUR
        return {"swatches": SWATCHES, "own_colour": own_colour, "free_colour": free_colour}

    @property
    def remark(self) -> str:
        if self.result is None or self.result.task.params.get("subject"):
            return ""
        return TOOK.get(self.result.task.facts.get("took", ""), "")

    @property
    def see_through(self) -> bool:
        """Whether the picked cutout can stand in a scene."""
        return self.result is not None and scenes.can_stand_in_one(self.result)
