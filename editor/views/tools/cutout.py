"""What the desk shows while photos are cut out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from accounts.models import User
from editor import finishes, scenes
from editor.files import measures
from editor.forms import FinishForm, SubjectForm
from editor.forms.fields import PICTURE
from editor.forms.finish import SIDES, read_fields
from editor.models import Photo, Result, Run, RunItem
from editor.states import State
from editor.tools import Tool
from web.language.sentences import tell

from .base import Sight, Swatch, ToolButton, is_id

SWATCHES = [
    Swatch("", "Transparent", "clear"),
    Swatch("#ffffff", "White", "white"),
    Swatch("#f1ede6", "Linen", "linen"),
    Swatch("#1c1a17", "Black", "black"),
    Swatch("#cfe0ea", "Sky", "sky"),
]
FREE_COLOUR = "#e8b04a"
# Pictures ask for these: shops, markets and what is shown beside posts.
USUAL_SIZES = [(1600, 1600), (2000, 2000), (1080, 1350), (1080, 1920), (1920, 1080), (2480, 3508)]
FINISHED_BEFORE = gettext_noop(
    "This was finished when it was made. Cut it out again to change that; it costs nothing."
)
# What the engine took the subject for, where nobody said what it is.
TOOK = {
    "person": gettext_noop("Taken as a person."),
    "object": gettext_noop("Taken as an object."),
}
# Where an object was asked for, and none is there without the people.
KEPT_PEOPLE = gettext_noop("Nothing stands out beside the people, so they were kept.")

CLEAR_PARTS = gettext_noop("See-through parts show the new background. “Fill or open” makes one solid.")


@dataclass(frozen=True)
class Alignment:
    """One of nine places on the canvas. value: its shares across and down."""

    value: str
    label: str


ALIGNMENTS = [
    Alignment("0 0", gettext_noop("Top left")),
    Alignment("0.5 0", gettext_noop("Top")),
    Alignment("1 0", gettext_noop("Top right")),
    Alignment("0 0.5", gettext_noop("Left")),
    Alignment("0.5 0.5", gettext_noop("Middle")),
    Alignment("1 0.5", gettext_noop("Right")),
    Alignment("0 1", gettext_noop("Bottom left")),
    Alignment("0.5 1", gettext_noop("Bottom")),
    Alignment("1 1", gettext_noop("Bottom right")),
]


def make_finish_form(current: finishes.Current) -> FinishForm:
    """Return the form that says a finish, to be changed."""
    return FinishForm(initial=read_fields(current.finish, current.backdrop.pk if current.backdrop else None))


def list_ground_choices(user: User, finishing: FinishForm) -> dict[str, Any]:
    """Return a finish's form with what its fields are chosen from, and what of it is none of the usual."""
    background, kept = finishing["background"].value(), finishing["kept_backdrop"].value()
    own_colour = background not in {PICTURE, *(swatch.value for swatch in SWATCHES)}
    ratio = finishing["ratio"].value()
    pictures = Photo.objects.owned_by(user).filter(purpose=Photo.Purpose.BACKDROP)
    return {
        "finishing": finishing,
        "swatches": SWATCHES,
        "own_colour": own_colour,
        "free_colour": background if own_colour else FREE_COLOUR,
        "kept": pictures.filter(pk=kept).first() if kept and is_id(str(kept)) else None,
        "ratios": FinishForm.RATIOS,
        "own_ratio": ratio if ratio and ratio not in FinishForm.RATIOS else "",
        "usual_sizes": USUAL_SIZES,
        "scalings": [one for one in FinishForm.SCALINGS if one[0] != "stay"],
        "margins": [finishing[f"margin_{side}"] for side in SIDES],
        "alignments": ALIGNMENTS,
    }


def describe_current(photo: Photo, current: finishes.Current, cutout: Result | None = None) -> dict[str, Any]:
    """Return what the page knows of the finish that counts for a photo, as JSON.

    finish: as Finish.to_dict. number, can_undo, can_redo: where it stands among those that were set.
    backdrop: the picture behind, or null. width, height: of the picture that it makes of the cutout, null
    where there is none yet or only the engine sees how large it is. download: its address, or "".
    sentence: what is to be said of it, or "".
    """
    cutout = cutout or photo.results.filter(bare=True).newest_first().first()
    backdrop = current.backdrop
    size = finishes.measure_picture(current.finish, cutout.width, cutout.height) if cutout else None
    return {
        "finish": current.finish.to_dict(),
        "number": current.number,
        "can_undo": current.can_undo,
        "can_redo": current.can_redo,
        "backdrop": backdrop
        and {
            "id": str(backdrop.pk),
            "address": reverse("editor:photo-preview", args=[backdrop.pk]),
            "name": backdrop.name,
            "width": backdrop.width,
            "height": backdrop.height,
        },
        "sentence": tell(current.sentence),
        "width": size[0] if size else None,
        "height": size[1] if size else None,
        "download": reverse("editor:result-download", args=[cutout.pk]) if cutout else "",
    }


class CutoutSight(Sight):
    """A photo with its cutouts."""

    form = SubjectForm

    @classmethod
    def of(cls, photo: Photo, tool: ToolButton, query: Mapping[str, str]) -> Self:
        """Return what there is to see; with `correct` the photo itself is painted on, not the result."""
        sight = super().of(photo, tool, query)
        return replace(sight, marking=bool(query.get("correct")) and sight.result is not None)

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        return SubjectForm(initial={"subject": asked.get("subject", "")})

    @classmethod
    def choices(cls, user: User, form: Form, photo: Photo | None) -> dict[str, Any]:
        """Return the form of the finish that counts, and what it can be chosen from.

        Of no photo it is the one that the next will begin with.
        """
        shown = photo or finishes.find_last_set(user)
        current = finishes.get_current(shown) if shown else finishes.Current()
        # Of no product in particular, as a recipe is, nothing can be measured.
        return {**list_ground_choices(user, make_finish_form(current)), "measured": True}

    @property
    def bare(self) -> Result | None:
        """The picked result, where a finish makes pictures of it."""
        return self.result if self.result is not None and self.result.bare else None

    @property
    def finish(self) -> dict[str, Any] | None:
        """What the page knows of the photo's finish; None for a picture that was made finished."""
        if self.result is not None and self.bare is None:
            return None
        return describe_current(self.photo, self.current, self.bare)

    @property
    def handed_over(self) -> dict[str, Any]:
        """A cutout leaves with its finish, and how large its file is then is known once it is made."""
        own = super().handed_over
        if self.bare is None or self.current.changes_nothing:
            return own
        size = finishes.measure_picture(self.current.finish, self.bare.width, self.bare.height)
        width, height = size or (own["width"], own["height"])
        known = size is not None
        return {
            "format": self.current.finish.format,
            "width": width,
            "height": height,
            "bytes": 0,
            "known": known,
        }

    @cached_property
    def current(self) -> finishes.Current:
        return finishes.get_current(self.photo)

    @property
    def box(self) -> str:
        """The picked cutout's subject in the photo: left, top, right, bottom; "" where nobody said."""
        box = self.result.task.facts.get("box") if self.result else None
        return ",".join(str(edge) for edge in box) if box else ""

    @property
    def version(self) -> str:
        """What tells the picked cutout's pixels from those that other strokes make; "" where nobody said."""
        return str(self.result.task.facts.get("version", "")) if self.result else ""

    @property
    def measures(self) -> str:
        """What was measured on the picked cutout, as JSON; "" where nobody asked yet."""
        kept = measures.get_kept(self.bare) if self.bare else None
        return json.dumps(kept.to_dict()) if kept else ""

    @property
    def notes(self) -> list[str]:
        """Why the picture does not follow its finish, where it does not."""
        if self.result is not None and self.bare is None and self.result.kind == Result.Kind.IMAGE:
            return [gettext(FINISHED_BEFORE)]
        return [tell(self.current.sentence)] if self.current.sentence else []

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

    @cached_property
    def run_item(self) -> RunItem | None:
        """The photo in the newest run that was begun with it, whose files follow what is painted here."""
        begun = RunItem.objects.filter(photo=self.photo, run__owner=self.photo.owner_id).exclude(
            run__state=Run.State.GATHERING
        )
        items = begun.exclude(state=RunItem.State.DOUBLE).select_related("run")
        return items.order_by("-run__created_at", "number").first()

    @property
    def strokes(self) -> list[dict[str, Any]]:
        """What was painted to make the picked result."""
        return self.result.task.params.get("strokes", []) if self.result else []

    @property
    def remark(self) -> str:
        if self.result is None:
            return ""
        if self.result.task.facts.get("fell_back"):
            return gettext(KEPT_PEOPLE)
        if self.result.task.facts.get("clear"):
            return gettext(CLEAR_PARTS)
        if self.result.task.params.get("subject"):
            return ""
        took = TOOK.get(self.result.task.facts.get("took", ""))
        return gettext(took) if took else ""

    @property
    def see_through(self) -> bool:
        """Whether the picked cutout can stand in a scene."""
        return self.result is not None and scenes.can_stand_in_scene(self.result)


BUTTON = ToolButton(
    tool=Tool.CUTOUT,
    icon="scissors",
    intro="The product is found automatically, and everything around it becomes transparent.",
    adds="Each is cut out right away, with the options you see.",
    at_work="Finding the subject and its edge.",
    done="cut out",
    sight=CutoutSight,
    parts=frozenset({"next", "buttons", "keys"}),
)
