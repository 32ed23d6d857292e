"""System checks: what would make a task fail later is said at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Warning, register
from django.db import DatabaseError

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
def scenes_can_be_made(**kwargs: Any) -> list[CheckMessage]:
    """Tell, no more: a studio without scenes works with all else."""
    try:
        absent = routing.absence(Tool.SCENE)
    except DatabaseError:  # not migrated yet, or away: the studio says so elsewhere
        return []
    hint = "Blender has no package for this machine; another service can make scenes: docs/providers.md."
    return [Info(absent, hint="" if not settings.SCENES else hint, id="editor.I001")] if absent else []


@register()
def providers_are_ready(**kwargs: Any) -> list[CheckMessage]:
    """Warn where tasks go to a service without an address or a key; what is set at the desk counts."""
    try:
        troubles = routing.troubles()
    except DatabaseError:  # not migrated yet, or away: the studio says so elsewhere
        return []
    hint = "Set its address and key, as docs/providers.md says, or carry the tasks out locally."
    return [Warning(trouble, hint=hint, id="editor.W002") for trouble in troubles]
