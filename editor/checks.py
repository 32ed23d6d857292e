"""System checks: what would make a task fail later is said at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from .engines import weights
from .engines.errors import WeightsMissing


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
