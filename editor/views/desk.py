"""What the editor's desk shows: the options in hand, one photo with the work done on it."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from editor import conversions, downloads
from editor.engines import formats
from editor.forms import CutoutForm, EraseForm
from editor.models import Photo, Result, Task, Tool
from editor.states import State

from .rail import TOOLS, ToolButton, tool_of
from .strip import Strip

# Results of one photo that the panel offers; all of them are in the gallery.
VARIANTS = 24


@dataclass(frozen=True)
class Swatch:
    """A background that one click gives. style: its class, since a page of ours sets no inline colours."""

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


def options_of(user: User, tool: ToolButton) -> Form:
    """Return the tool's form with what this person asked for last, so that a series is set up once."""
    last = Task.objects.owned_by(user).filter(tool=tool.tool).newest_first().first()
    params = last.params if last else {}
    if tool.tool == Tool.ERASE:
        return EraseForm(size=(0, 0), initial={"format": params.get("format", "png")})
    crop = params.get("crop", False)
    return CutoutForm(
        initial={
            "background": params.get("background") or "",
            "frame": ("square" if params.get("square") else "edge") if crop else "as-is",
            "margin": round(params.get("margin", 0) * 100) if crop else 10,
            "format": params.get("format", "png"),
            "outputs": params.get("outputs", "image"),
            "size": params.get("size", "full"),
        }
    )


@dataclass(frozen=True)
class Sight:
    """One photo as the desk shows it with a tool in hand: the task that counts, the results, the one picked.

    source: the result that is worked on in the photo's stead. marking: whether marks are being made
    on it, or on the photo, rather than a result being looked at.
    """

    photo: Photo
    tool: ToolButton
    task: Task | None
    results: list[Result]
    result: Result | None
    source: Result | None = None
    marking: bool = False

    @classmethod
    def of(cls, photo: Photo, tool: ToolButton, picked: str = "", marked: str = "") -> "Sight":
        """Return what there is to see of a photo.

        picked: a result's id, or empty for the newest. marked: what marks are made on, a result's id
        or "photo"; empty for the photo where there is no result, and for what failed.
        """
        task = photo.tasks.filter(tool=tool.tool).select_related("source_result").newest_first().first()
        own = photo.results.filter(tool=tool.tool).select_related("task__source_result")
        results = list(own.newest_first()[:VARIANTS])
        # A picture before the mask that was made with it.
        results.sort(key=lambda result: (result.task.created_at, result.kind == "image"), reverse=True)
        chosen = next((result for result in results if str(result.pk) == picked), None)
        result = chosen or next(iter(results), None)
        if tool.tool != Tool.ERASE:
            return cls(photo, tool, task, results, result)
        if task is not None and (
            not task.status.is_settled or (task.status.is_failed and not (chosen or marked))
        ):
            return cls(photo, tool, task, results, result, task.source_result, marking=True)
        source = next((one for one in results if str(one.pk) == marked), None)
        return cls(photo, tool, task, results, result, source, marking=bool(marked) or result is None)

    @property
    def looking(self) -> bool:
        """Whether a result is on the stage."""
        return self.result is not None and not self.under_way and not self.marking

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

    @property
    def waits(self) -> bool:
        """Whether the photo can be shown in a moment, and nothing else asks for it meanwhile."""
        return not (self.showable or self.under_way or self.failed or self.photo.unreadable)

    @property
    def under_way(self) -> bool:
        return self.task is not None and not self.task.status.is_settled

    @property
    def failed(self) -> bool:
        return self.task is not None and self.task.status.is_failed

    @property
    def sentence(self) -> str:
        """What happens to the task right now; while it waits, behind how many others."""
        if self.task is None:
            return ""
        if self.task.status is State.PROCESSING:
            return self.tool.at_work
        before = self.task.ahead() if self.task.status is State.QUEUED else 0
        return f"{before} before it in the queue." if before else self.task.sentence

    @property
    def showable(self) -> bool:
        """Whether a browser can show the photo already: HEIC and raw wait for their preview."""
        return bool(self.photo.preview) or self.photo.format.lower() in downloads.SHOWN_BY_BROWSERS

    @property
    def aligned(self) -> bool:
        """Whether photo and result lie on each other, so that a seam between them makes sense."""
        if self.result is None or self.result.task.params.get("crop"):
            return False
        wanted = self.photo.width * self.result.height / max(1, self.photo.height)
        return abs(wanted - self.result.width) <= max(2.0, 0.01 * wanted)

    @property
    def sizes(self) -> list[tuple[str, str]]:
        """Sizes that the picked result can be had in: as it is, and each preset that is smaller."""
        longest = max(self.result.width, self.result.height) if self.result else 0
        smaller = [(name, f"{side} px") for name, side in conversions.SIZES.items() if side < longest]
        return [("full", "Full"), *smaller]

    @property
    def formats(self) -> list[tuple[str, str]]:
        return list(conversions.FORMATS.items())


def show(request: HttpRequest, photo: Photo | None) -> HttpResponse:
    """Render the desk with a photo on it, or empty: whole to a browser, its changing part to htmx."""
    tool = tool_of(request, photo)
    picked, marked = request.GET.get("result", ""), request.GET.get("mark", "")
    context: dict[str, Any] = {
        "tool": tool,
        "sight": Sight.of(photo, tool, picked, marked) if photo else None,
        "max_bytes": formats.MAX_BYTES,
    }
    if request.headers.get("HX-Request"):
        return render(request, "editor/photo.html", {**context, "oob": True})
    form = options_of(request.user, tool)  # type: ignore[arg-type]  # behind signed_in
    context |= {"tools": TOOLS, "form": form, "strip": Strip.of(request.user)}  # type: ignore[arg-type]
    if tool.tool == Tool.CUTOUT:
        context |= colours_of(form)
    return render(request, "editor/editor.html", context)


def colours_of(form: Form) -> dict[str, Any]:
    """Return what the cutout's background can be, and the colour that is neither of the swatches."""
    background = form["background"].value()
    own_colour = background not in {swatch.value for swatch in SWATCHES}
    free_colour = background if own_colour else FREE_COLOUR
    return {"swatches": SWATCHES, "own_colour": own_colour, "free_colour": free_colour}


def answer(request: HttpRequest, photo: Photo, tool: ToolButton, task: Task | None = None) -> HttpResponse:
    """Render what changes once a task was placed, stopped or settled: its card, the stage, the results."""
    sight = Sight.of(photo, tool)
    context = {"sight": sight, "tool": tool, "task": task or sight.task, "oob": True}
    return render(request, "editor/task.html", context)
