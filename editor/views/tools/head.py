"""What the desk shows while heads are cut out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.forms import Form

from editor.forms import HeadForm
from editor.models import Photo
from editor.tools import Tool

from .base import Sight, ToolButton

KINDS = {"human": "Head", "animal": "Animal's head", "drawing": "Drawn head"}


@dataclass(frozen=True)
class Ring:
    """A ring round a head, in the photo's pixels; angle in degrees clockwise. number: for people, from 1."""

    place: int
    number: int
    label: str
    x: float
    y: float
    rx: float
    ry: float
    angle: float
    chosen: bool


class HeadSight(Sight):
    """A photo with rings around its heads, or with some of them cut out."""

    form = HeadForm

    @classmethod
    def of(cls, photo: Photo, tool: ToolButton, query: Mapping[str, str]) -> Self:
        """Return what there is to see; with `choose` the rings once more, although there is a result."""
        sight = super().of(photo, tool, query)
        failed = sight.failed and not query.get("result")
        return replace(sight, marking=bool(query.get("choose")) or sight.result is None or failed)

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        return HeadForm(
            initial={
                "faces": asked.get("faces", "all"),
                "crop": asked.get("crop", False),
                "format": asked.get("format", "png"),
                "outputs": asked.get("outputs", "image"),
            }
        )

    @property
    def choosing(self) -> bool:
        """Whether rings are on the stage, or will be."""
        return self.marking and not self.under_way and self.showable

    @property
    def found(self) -> bool:
        """Whether it is known what heads there are."""
        return self.photo.heads is not None

    @property
    def rings(self) -> list[Ring]:
        heads = (self.photo.heads or {}).get("heads", [])
        made = self.result.task if self.result else self.task
        before = made.params.get("chosen") if made else None
        return [
            Ring(
                place=head["index"],
                number=number,
                label=KINDS.get(head["kind"], "Head"),
                x=head["x"],
                y=head["y"],
                rx=head["rx"],
                ry=head["ry"],
                angle=head["angle"],
                chosen=before is None or head["index"] in before,
            )
            for number, head in enumerate(heads, 1)
        ]


BUTTON = ToolButton(
    tool=Tool.HEAD,
    icon="head",
    intro="Faces with their hair, without neck and shoulders. Pets and drawn characters too.",
    adds="They wait here until you have chosen whose heads.",
    at_work="Following the hair and the chin.",
    done="its heads cut out",
    sight=HeadSight,
    parts=frozenset({"stage", "next", "keys"}),
)
