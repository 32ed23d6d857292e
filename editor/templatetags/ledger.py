"""What the ledger's lines were spent on, for the page of somebody's usage."""

from collections.abc import Sequence
from typing import Any

from django import template

from editor.gallery import find_photos_of_tasks

register = template.Library()


@register.simple_tag
def beside_photos(entries: Sequence[Any], user: Any) -> list[tuple[Any, Any]]:
    """Return the lines of this person's ledger, each with the photo that it is about.

    None where a line is about no photo, or about one that is gone or in the trash: the line outlives it.
    """
    photos = find_photos_of_tasks(user, {entry.task_id for entry in entries if entry.task_id})
    return [(entry, photos.get(entry.task_id)) for entry in entries]
