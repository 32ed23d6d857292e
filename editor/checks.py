"""System checks: what would make a task fail later is said at the start."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.db import DatabaseError
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from .engines.errors import WeightsMissing
from .engines.networks import weights
from .remote import routing
from .tools import Tool


@register()
def weights_are_here(**kwargs: Any) -> list[CheckMessage]:
    """Warn, not stop: without its network the studio still starts, and only cutouts fail."""
    messages: list[CheckMessage] = []
    for network in weights.NETWORKS:
        try:
            weights.need(network, settings.WEIGHTS_DIR)
        except WeightsMissing as exc:
            messages.append(Warning(str(exc), hint="Run: python -m editor.engines weights", id="editor.W001"))
    return messages


@register()
def tools_have_their_files(**kwargs: Any) -> list[CheckMessage]:
    """Stop where a tool's part of the page is missing, or is there and its button does not say so."""
    from .views.tools.base import OPTIONAL_PARTS, static_of, template_of
    from .views.tools.registry import TOOLS

    messages: list[CheckMessage] = []
    for button in TOOLS:
        tool = button.tool
        there = {part for part in OPTIONAL_PARTS if has_template(template_of(tool, part))}
        missing = [name for name in button.templates if not has_template(name)]
        missing += [name for kind in ("js", "css") if not finders.find(name := static_of(tool, kind))]
        messages += [Error(f"The tool {tool} has no {name}.", id="editor.E001") for name in missing]
        messages += [
            Error(
                f"The tool {tool} has {template_of(tool, part)}, but not in its button's parts.",
                id="editor.E002",
            )
            for part in sorted(there - button.parts)
        ]
    return messages


def has_template(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


@register()
def scenes_can_be_made(**kwargs: Any) -> list[CheckMessage]:
    """Tell, no more: a studio without scenes works with all else."""
    try:
        absent = routing.explain_absence(Tool.SCENE)
    except DatabaseError:  # not migrated yet, or away: the studio says so elsewhere
        return []
    hint = "Blender has no package for this machine; another service can make scenes: docs/providers.md."
    return [Info(absent, hint="" if not settings.SCENES else hint, id="editor.I001")] if absent else []


@register()
def providers_are_ready(**kwargs: Any) -> list[CheckMessage]:
    """Warn where tasks go to a service without an address or a key; what is set at the desk counts."""
    try:
        troubles = routing.list_troubles()
    except DatabaseError:  # not migrated yet, or away: the studio says so elsewhere
        return []
    hint = "Set its address and key, as docs/providers.md says, or carry the tasks out locally."
    return [Warning(trouble, hint=hint, id="editor.W002") for trouble in troubles]
