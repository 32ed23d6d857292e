"""All scenes, by their number."""

from __future__ import annotations

from editor.engines.errors import InvalidOptions

from . import places, studio
from .base import Template

TEMPLATES: dict[int, Template] = {
    template.number: template
    for template in sorted((*studio.TEMPLATES, *places.TEMPLATES), key=lambda each: each.number)
}

CATEGORIES = tuple(dict.fromkeys(template.category for template in TEMPLATES.values()))


def template(number: int) -> Template:
    """Return the scene of a number. Raises InvalidOptions where there is none."""
    try:
        return TEMPLATES[number]
    except KeyError:
        raise InvalidOptions(f"There is no scene {number}. Choose one from the list.") from None
