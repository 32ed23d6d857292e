"""What the desk shows while something is erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.forms import Form

from editor.forms import EraseForm
from editor.models import Photo
from editor.tools import Tool

from .base import Sight, ToolButton


class EraseSight(Sight):
    """A photo, or a result of it, with the marks that are made on it, or what was erased."""

    form = EraseForm

    @classmethod
    def of(cls, photo: Photo, tool: ToolButton, query: Mapping[str, str]) -> Self:
        """Return what there is to see. `mark` says what marks are made on: a result's id or "photo";
        without it the photo where there is no result, and what failed."""
        chosen, results = cls.find_results(photo, tool, query)
        task, marked = cls.task_of(photo, tool, chosen), query.get("mark", "")
        result = chosen or next(iter(results), None)
        if task is not None and (
            not task.status.is_settled or (task.status.is_failed and not (chosen or marked))
        ):
            return cls(photo, tool, task, results, result, task.source_result, marking=True)
        source = next((one for one in results if str(one.pk) == marked), None)
        return cls(photo, tool, task, results, result, source, marking=bool(marked) or result is None)

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        return EraseForm(size=(0, 0), initial={"format": asked.get("format", "png")})

    @property
    def marks_key(self) -> str:
        """By what the browser keeps the marks: the picture that they lie on."""
        return str(self.source.pk if self.source else self.photo.pk)

    @property
    def marked(self) -> str:
        """What marks are made on, as addresses carry it."""
        return str(self.source.pk) if self.source else "photo"

    @property
    def marked_before(self) -> str:
        """What the marks of the picked result were made on; nothing where that was deleted."""
        if self.result is None or self.result.task.lost_its_source:
            return ""
        return str(self.result.task.source_result_id or "photo")


BUTTON = ToolButton(
    tool=Tool.ERASE,
    icon="eraser",
    intro="Draw boxes or paint over what should go. Nothing runs until you say so.",
    adds="They wait here until you have marked what should go.",
    at_work="Filling the marks from what is around them.",
    done="erased",
    sight=EraseSight,
    parts=frozenset({"next", "buttons", "keys"}),
)
