"""The tools at the left of the desk, and which of them is in hand."""

from importlib import import_module

from django.forms import Form
from django.http import HttpRequest

from editor.models import Photo
from editor.tools import RAIL, Tool

from .base import ToolButton, is_id


def find_button(tool: Tool) -> ToolButton:
    """Return the BUTTON of the module that bears a tool's name."""
    button: ToolButton = import_module(f"{__package__}.{tool}").BUTTON
    return button


TOOLS = [find_button(tool) for tool in RAIL]


def find_tool(name: str) -> ToolButton:
    """Return the tool of that name, the first for any other."""
    return next((one for one in TOOLS if one.tool == name), TOOLS[0])


def find_tool_of_form(form: Form) -> ToolButton:
    """Return the tool that takes such a form. Raises StopIteration for a form of none."""
    return next(one for one in TOOLS if isinstance(form, one.sight.form))


def find_tool_in_hand(request: HttpRequest, photo: Photo | None = None) -> ToolButton:
    """Return the tool in hand: the one that the address names, or that made the result it picks."""
    picked = request.GET.get("result", "")
    if "tool" not in request.GET and photo is not None and is_id(picked):
        result = photo.results.filter(pk=picked).first()
        return find_tool(result.tool if result else "")
    return find_tool(request.GET.get("tool", ""))
