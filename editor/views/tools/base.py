"""A tool's button on the rail, and one photo on the desk with that tool in hand.

Each tool has a module of its name beside this one, with its sight, which adds what only it shows, and its
BUTTON. Its templates, script and style are where template_of and static_of say.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from editor.files import download_form, downloads
from editor.forms import FinishForm
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tasks import scheduling
from editor.tools import RAIL, SPECS, Tool
from editor.views.filmstrip.frames import find_frame
from editor.work import forecast, orders
from web.language.sentences import tell

# Results of one photo that the panel offers; all of them are in the gallery.
VARIANTS = 24
# Parts of the page that each tool has, and those that it may do without: over the stage, where it can go
# on from a result, in the toolbar, in the list of shortcuts.
NEEDED_PARTS = ("options", "start")
OPTIONAL_PARTS = ("stage", "next", "buttons", "keys")


def template_of(tool: Tool, part: str) -> str:
    """Return the name of the template that shows a tool's part of the page."""
    return f"editor/tools/{tool}/{part}.html"


def static_of(tool: Tool, kind: str) -> str:
    """Return the name of a tool's script ("js") or style ("css") among the static files."""
    return {"js": f"js/tools/{tool}/{tool}.js", "css": f"css/tools/{tool}.css"}[kind]


@dataclass(frozen=True, kw_only=True)
class ToolButton:
    """A tool as the rail at the left shows it, and what the desk says while it is in hand.

    adds: what becomes of photos that are dropped now. at_work: what it does to one, while it does.
    done: what a result of it is, after the photo's name. sight: what the desk shows of a photo with it.
    parts: those of OPTIONAL_PARTS that it has a template for.
    """

    tool: Tool
    icon: str
    intro: str
    adds: str
    at_work: str
    done: str
    sight: type[Sight]
    parts: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return SPECS[self.tool].label

    @property
    def query(self) -> str:
        """What addresses of the desk carry, so that the tool stays in hand."""
        return "" if self.tool == RAIL[0] else f"?tool={self.tool}"

    @property
    def options(self) -> str:
        return template_of(self.tool, "options")

    @property
    def start(self) -> str:
        return template_of(self.tool, "start")

    @property
    def stage(self) -> str:
        return self.find_template("stage")

    @property
    def next(self) -> str:
        return self.find_template("next")

    @property
    def buttons(self) -> str:
        return self.find_template("buttons")

    @property
    def keys(self) -> str:
        return self.find_template("keys")

    @property
    def script(self) -> str:
        return static_of(self.tool, "js")

    @property
    def style(self) -> str:
        return static_of(self.tool, "css")

    def find_template(self, part: str) -> str:
        """Return the template of a part that not every tool has, "" where this one has none."""
        return template_of(self.tool, part) if part in self.parts else ""

    @property
    def templates(self) -> list[str]:
        """All that it must have."""
        return [template_of(self.tool, part) for part in (*NEEDED_PARTS, *sorted(self.parts))]


@dataclass(frozen=True)
class Sight:
    """One photo as the desk shows it with a tool in hand: the task that counts, the results, the one picked.

    source: the result that is worked on in the photo's stead. marking: whether the stage is worked on
    (marks are made, a product is placed) rather than a result being looked at.
    """

    photo: Photo
    tool: ToolButton
    task: Task | None
    results: list[Result]
    result: Result | None
    source: Result | None = None
    marking: bool = False

    form: ClassVar[type[Form]]
    # Whether photo and result lie on each other, so that the one can be compared with the other.
    comparable: ClassVar[bool] = True

    @classmethod
    def of(cls, photo: Photo, tool: ToolButton, query: Mapping[str, str]) -> Self:
        """Return what there is to see of a photo. query: the address's; `result` picks one by its id."""
        chosen, results = cls.find_results(photo, tool, query)
        result = chosen or next(iter(results), None)
        return cls(photo, tool, cls.task_of(photo, tool, chosen), results, result)

    @classmethod
    def at_work(cls, photo: Photo, tool: ToolButton, task: Task) -> Self:
        """Return a task that is under way, without looking up what does not change meanwhile."""
        return cls(photo, tool, task, [], None)

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        """Return the tool's form as it was when a task was asked for.

        asked, backdrop: that task's; nothing for the tool as one finds it.
        """
        raise NotImplementedError

    @classmethod
    def choices(cls, user: User, form: Form, photo: Photo | None) -> dict[str, Any]:
        """Return what the template of the options needs besides the form. photo: on the stage, if any."""
        return {}

    @property
    def shown_task(self) -> Task | None:
        """What made the picture in view, or makes it now, or was to make it and failed."""
        if self.task is not None and self.under_way:
            return self.task
        if self.looking and self.result is not None:
            return self.result.task
        return self.task if self.failed else None

    @cached_property
    def asked(self) -> Form:
        """The options of the picture in view; where there is none those that its owner asked for last,
        so that a series is set up once."""
        task = self.shown_task
        if task is None:
            return make_form_of_last_order(self.photo.owner_id, self.tool)
        return self.options(task.params, task.backdrop)

    @property
    def work(self) -> str:
        """What was done to the photo last, with whatever tool: a page that shows something else is behind."""
        return find_frame(self.photo).work

    @property
    def made(self) -> dict[str, Any]:
        """For the page: which task made the picture in view ("" where none did), and the options' values.

        Values are as the form's fields have them in a browser. shows: of a picture that came along,
        where it can be seen.
        """
        values = {name: format_field(value) for name, value in self.asked.initial.items()}
        backdrop = self.shown_task.backdrop if self.shown_task else None
        shows = {}
        if backdrop is not None:
            shows = {"name": backdrop.name, "address": reverse("editor:photo-preview", args=[backdrop.pk])}
        return {"task": str(self.shown_task.pk) if self.shown_task else "", "values": values, "shows": shows}

    @classmethod
    def task_of(cls, photo: Photo, tool: ToolButton, chosen: Result | None) -> Task | None:
        """Return the task that counts: the newest, unless a result of an earlier one was picked."""
        newest = cls.newest_task(photo, tool)
        if chosen is not None and newest is not None and newest.status.is_settled:
            return chosen.task
        return newest

    @staticmethod
    def newest_task(photo: Photo, tool: ToolButton) -> Task | None:
        tasks = photo.tasks.filter(tool=tool.tool).select_related("source_result", "backdrop")
        return tasks.newest_first().first()

    @staticmethod
    def find_results(
        photo: Photo, tool: ToolButton, query: Mapping[str, str]
    ) -> tuple[Result | None, list[Result]]:
        """Return the result that the address picks, if any, and the tool's newest results of the photo."""
        own = photo.results.filter(tool=tool.tool).select_related("task__source_result", "task__backdrop")
        results = list(own.newest_first()[:VARIANTS])
        # A picture before the mask that was made with it, the first take before the second.
        results.sort(key=lambda one: (one.task.created_at, one.kind == "image", -one.number), reverse=True)
        wanted = query.get("result", "")
        return next((one for one in results if str(one.pk) == wanted), None), results

    @property
    def looking(self) -> bool:
        """Whether a result is on the stage."""
        return self.result is not None and not self.under_way and not self.marking

    @property
    def goes_on(self) -> bool:
        """Whether the panel says where it can go on from the picked result."""
        return self.looking

    @property
    def enlarged(self) -> bool:
        """Whether the picked result has the stage to itself."""
        return self.looking

    @property
    def before(self) -> Result | None:
        """The result that lies on the stage in the photo's stead."""
        return None if self.looking else self.source

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
    def credits(self) -> int:
        """What one more picture made with the tool costs."""
        return orders.cost(self.tool.tool, {})

    @property
    def sentence(self) -> str:
        """What happens to the task right now, behind how many others it waits, and when it will be done."""
        if self.task is None:
            return ""
        before = scheduling.count_ahead(self.task) if self.task.status is State.QUEUED else 0
        sentence = self.tool.at_work if self.task.status is State.PROCESSING else self.task.sentence
        if before:
            sentence = gettext("%(before)s before it in the queue.") % {"before": before}
        # Each by itself: what is told already would keep the other from being found.
        return f"{tell(sentence)} {tell(forecast.describe_forecast(self.task))}".strip()

    @property
    def seen(self) -> int:
        """How much can be seen of a task before it is done: the stage changes with it."""
        task = self.task
        return sum(1 for name in task.early if name) + len(task.finished) if task else 0

    @property
    def handed_over(self) -> dict[str, Any]:
        """The picked result as it leaves: format, width and height, and whether those are known; its bytes,
        0 where they are not."""
        if self.result is None:
            return {}
        names = ("format", "width", "height", "bytes")
        return {name: getattr(self.result, name) for name in names} | {"known": True}

    @property
    def notes(self) -> list[str]:
        """What else there is to say about the result on the stage: sentences of their own."""
        return []

    @property
    def remark(self) -> str:
        """What there is to say about the result on the stage, a sentence or nothing."""
        return ""

    @property
    def showable(self) -> bool:
        """Whether a browser can show the photo already: HEIC and raw wait for their preview."""
        return bool(self.photo.preview) or self.photo.format.lower() in downloads.SHOWN_BY_BROWSERS

    @property
    def aligned(self) -> bool:
        """Whether photo and result lie on each other, so that a seam between them makes sense."""
        if not self.comparable or self.result is None or self.result.task.params.get("crop"):
            return False
        wanted = self.photo.width * self.result.height / max(1, self.photo.height)
        return abs(wanted - self.result.width) <= max(2.0, 0.01 * wanted)

    @property
    def sizes(self) -> list[tuple[str, str]]:
        """Sizes that the picked result can be had in: as it is, and each preset that is smaller."""
        picture = self.handed_over
        longest = max(picture["width"], picture["height"]) if self.result else 0
        smaller = [(name, f"{side} px") for name, side in download_form.SIZES.items() if side < longest]
        return [("full", gettext("Full")), *smaller]

    @property
    def formats(self) -> list[tuple[str, str]]:
        return list(download_form.FORMATS.items())

    @property
    def frames(self) -> list[str]:
        """Ratios of canvas that a cutout can be had in together."""
        return FinishForm.RATIOS


@dataclass(frozen=True)
class Swatch:
    """A colour that one click gives. style: its class, since a page of ours sets no inline colours."""

    value: str
    label: str
    style: str


def make_form_of_last_order(user: User | int, tool: ToolButton) -> Form:
    """Return the tool's form with what this person (or the person of this key) asked for last.

    Where a product was put is left out: that was another picture's.
    """
    tasks = Task.objects.owned_by(user).filter(tool=tool.tool, api_key=None).select_related("backdrop")
    last = tasks.newest_first().first()
    if last is None:
        return tool.sight.options({})
    asked = {name: value for name, value in last.params.items() if name != "place"}
    return tool.sight.options(asked, last.backdrop)


def format_field(value: Any) -> str | bool:
    """Return a value as a field of a page has it: ticked or not, or text."""
    return value if isinstance(value, bool) else "" if value is None else str(value)


def is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
