"""What the editor's desk shows: its tools, the options in hand, one photo with the work done on it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from editor import conversions, downloads
from editor.engines import formats
from editor.forms import CutoutForm
from editor.models import Photo, Result, Task, Tool
from editor.states import State

from .strip import Strip

# Results of one photo that the panel offers; all of them are in the gallery.
VARIANTS = 24


@dataclass(frozen=True)
class ToolButton:
    """A tool as the rail at the left shows it."""

    tool: str
    label: str
    icon: str


# The tools that work. A new one gets its line here, in the order of the rail.
TOOLS = [ToolButton(Tool.CUTOUT, "Cutout", "scissors")]

# What a tool does while it works, in words.
AT_WORK: dict[str, str] = {Tool.CUTOUT: "Finding the subject and its edge."}


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


def options_of(user: User) -> CutoutForm:
    """Return the form with what this person asked for last, so that a series is set up once."""
    last = Task.objects.owned_by(user).filter(tool=Tool.CUTOUT).newest_first().first()
    params = last.params if last else {}
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
    """One photo as the desk shows it: the task that counts, the results, and the one picked."""

    photo: Photo
    task: Task | None
    results: list[Result]
    result: Result | None

    @classmethod
    def of(cls, photo: Photo, picked: str = "") -> "Sight":
        """Return what there is to see of a photo; picked is a result's id, or empty for the newest."""
        task = photo.tasks.newest_first().first()
        results = list(photo.results.select_related("task").newest_first()[:VARIANTS])
        # A picture before the mask that was made with it.
        results.sort(key=lambda result: (result.task.created_at, result.kind == "image"), reverse=True)
        chosen = next((result for result in results if str(result.pk) == picked), None)
        return cls(photo, task, results, chosen or next(iter(results), None))

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
        if self.task.status is State.PROCESSING and self.task.tool in AT_WORK:
            return AT_WORK[self.task.tool]
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


def is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def show(request: HttpRequest, photo: Photo | None) -> HttpResponse:
    """Render the desk with a photo on it, or empty: whole to a browser, its changing part to htmx."""
    picked = request.GET.get("result", "")
    context: dict[str, Any] = {
        "sight": Sight.of(photo, picked if is_id(picked) else "") if photo else None,
        "max_bytes": formats.MAX_BYTES,
    }
    if request.headers.get("HX-Request"):
        return render(request, "editor/photo.html", {**context, "oob": True})
    form = options_of(request.user)  # type: ignore[arg-type]  # behind signed_in
    background = form["background"].value()
    own_colour = background not in {swatch.value for swatch in SWATCHES}
    context |= {
        "tools": TOOLS,
        "tool": TOOLS[0],
        "swatches": SWATCHES,
        "own_colour": own_colour,
        "free_colour": background if own_colour else FREE_COLOUR,
        "form": form,
        "strip": Strip.of(request.user),  # type: ignore[arg-type]
    }
    return render(request, "editor/editor.html", context)
