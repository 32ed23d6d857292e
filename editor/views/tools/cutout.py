"""What the desk shows while photos are cut out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

from django.forms import Form

from accounts.models import User
from editor import scenes
from editor.forms import CutoutForm
from editor.forms.fields import PICTURE
from editor.models import Photo
from editor.states import State
from editor.tools import Tool

from .base import Sight, Swatch, ToolButton, is_id

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
    def of(cls, photo: Photo, tool: ToolButton, query: Mapping[str, str]) -> Self:
        """Return what there is to see; with `correct` the photo itself is painted on, not the result."""
        sight = super().of(photo, tool, query)
        return replace(sight, marking=bool(query.get("correct")) and sight.result is not None)

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        crop = asked.get("crop", False)
        return CutoutForm(
            initial={
                "subject": asked.get("subject", ""),
                "background": PICTURE if backdrop else asked.get("background") or "",
                "kept_backdrop": backdrop.pk if backdrop else None,
                "frame": ("square" if asked.get("square") else "edge") if crop else "as-is",
                "margin": round(asked.get("margin", 0) * 100) if crop else 10,
                "margin_of": asked.get("margin_of", "canvas"),
                "format": asked.get("format", "png"),
                "outputs": asked.get("outputs", "image"),
                "size": asked.get("size", "full"),
            }
        )

    @classmethod
    def choices(cls, user: User, form: Form) -> dict[str, Any]:
        """Return what the background can be, the colour that is none of the swatches, the kept picture."""
        background, kept = form["background"].value(), form["kept_backdrop"].value()
        own_colour = background not in {PICTURE, *(swatch.value for swatch in SWATCHES)}
        free_colour = background if own_colour else FREE_COLOUR
        pictures = Photo.objects.owned_by(user).filter(purpose=Photo.Purpose.BACKDROP)
        return {
            "swatches": SWATCHES,
            "own_colour": own_colour,
            "free_colour": free_colour,
            "kept": pictures.filter(pk=kept).first() if kept and is_id(str(kept)) else None,
        }

    @property
    def correcting(self) -> bool:
        """Whether what is under way corrects a result, which stays on the stage meanwhile."""
        return self.under_way and self.task is not None and "strokes" in self.task.params

    @property
    def looking(self) -> bool:
        return self.result is not None and not self.marking and (self.correcting or not self.under_way)

    @property
    def goes_on(self) -> bool:
        return self.looking or self.marking

    @property
    def failed(self) -> bool:
        """A correction that another stroke overtook is no failure, and nothing to be told of."""
        overtaken = self.task is not None and "strokes" in self.task.params and self.result is not None
        return super().failed and not (overtaken and self.task and self.task.status is State.CANCELLED)

    @property
    def strokes(self) -> list[dict[str, Any]]:
        """What was painted to make the picked result."""
        return self.result.task.params.get("strokes", []) if self.result else []

    @property
    def remark(self) -> str:
        if self.result is None or self.result.task.params.get("subject"):
            return ""
        return TOOK.get(self.result.task.facts.get("took", ""), "")

    @property
    def see_through(self) -> bool:
        """Whether the picked cutout can stand in a scene."""
        return self.result is not None and scenes.can_stand_in_scene(self.result)


BUTTON = ToolButton(
    tool=Tool.CUTOUT,
    icon="scissors",
    intro="The subject is found by itself, and what is around it becomes clear.",
    adds="Each is cut out right away, with the options you see.",
    at_work="Finding the subject and its edge.",
    done="cut out",
    sight=CutoutSight,
    parts=frozenset({"next", "buttons", "keys"}),
)
