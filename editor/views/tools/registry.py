"""The tools at the left of the desk, and which of them is in hand."""

from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest

from editor.models import Photo
from editor.tools import Tool

from . import CutoutSight, EraseSight, HeadSight, SceneSight, Sight
from .base import is_id


@dataclass(frozen=True)
class ToolButton:
    """A tool as the rail at the left shows it, and what the desk says while it is in hand.

    adds: what becomes of photos that are dropped now. at_work: what it does to one, while it does.
    done: what a result of it is, after the photo's name. sight: what the desk shows of a photo with it.
    options and start are templates; so are those that a tool may do without: stage (over the stage),
    next (where it can go on from a result), buttons (of the toolbar), keys (in the list of shortcuts).
    script and style are of its own, where it has any.
    """

    tool: str
    label: str
    icon: str
    intro: str
    adds: str
    at_work: str
    done: str
    options: str
    start: str
    sight: type[Sight]
    stage: str = ""
    next: str = ""
    buttons: str = ""
    keys: str = ""
    script: str = ""
    style: str = ""

    @property
    def query(self) -> str:
        """What addresses of the desk carry, so that the tool stays in hand."""
        return "" if self is TOOLS[0] else f"?tool={self.tool}"


# The tools that work. A new one gets its line here, in the order of the rail.
TOOLS = [
    ToolButton(
        Tool.CUTOUT,
        "Cutout",
        "scissors",
        intro="The subject is found by itself, and what is around it becomes clear.",
        adds="Each is cut out right away, with the options you see.",
        at_work="Finding the subject and its edge.",
        done="cut out",
        options="editor/options.html",
        start="editor/start.html",
        sight=CutoutSight,
        next="editor/cutout-next.html",
        buttons="editor/cutout-buttons.html",
        keys="editor/cutout-keys.html",
        script="js/retouch.js",
        style="css/retouch.css",
    ),
    ToolButton(
        Tool.ERASE,
        "Erase",
        "eraser",
        intro="Draw boxes or paint over what should go. Nothing runs until you say so.",
        adds="They wait here until you have marked what should go.",
        at_work="Filling the marks from what is around them.",
        done="erased",
        options="editor/erase.html",
        start="editor/erase-start.html",
        sight=EraseSight,
        next="editor/erase-next.html",
        buttons="editor/erase-buttons.html",
        keys="editor/erase-keys.html",
        script="js/erase.js",
        style="css/erase.css",
    ),
    ToolButton(
        Tool.SCENE,
        "Scene",
        "scene",
        intro="A real set with true shadows. Your product’s own pixels stay as they are.",
        adds="They wait here until you have chosen a scene.",
        at_work="Building the set and taking the pictures.",
        done="in a scene",
        options="editor/scene.html",
        start="editor/scene-start.html",
        sight=SceneSight,
        stage="editor/scene-stage.html",
        next="editor/scene-next.html",
        buttons="editor/scene-buttons.html",
        keys="editor/scene-keys.html",
        script="js/scene.js",
        style="css/scene.css",
    ),
    ToolButton(
        Tool.HEAD,
        "Head",
        "head",
        intro="Faces with their hair, without neck and shoulders. Pets and drawn characters too.",
        adds="They wait here until you have chosen whose heads.",
        at_work="Following the hair and the chin.",
        done="its heads cut out",
        options="editor/head.html",
        start="editor/head-start.html",
        sight=HeadSight,
        stage="editor/head-stage.html",
        next="editor/head-next.html",
        keys="editor/head-keys.html",
        script="js/head.js",
        style="css/head.css",
    ),
]


def tool_named(name: str) -> ToolButton:
    """Return the tool of that name, the first for any other."""
    return next((one for one in TOOLS if one.tool == name), TOOLS[0])


def tool_with(form: Form) -> ToolButton:
    """Return the tool that takes such a form. Raises StopIteration for a form of none."""
    return next(one for one in TOOLS if isinstance(form, one.sight.form))


def tool_of(request: HttpRequest, photo: Photo | None = None) -> ToolButton:
    """Return the tool in hand: the one that the address names, or that made the result it picks."""
    picked = request.GET.get("result", "")
    if "tool" not in request.GET and photo is not None and is_id(picked):
        result = photo.results.filter(pk=picked).first()
        return tool_named(result.tool if result else "")
    return tool_named(request.GET.get("tool", ""))
