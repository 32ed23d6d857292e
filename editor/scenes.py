"""Scenes as the studio offers them: their rows, who used which lately, and what can stand in one."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.contrib.staticfiles import finders
from django.db.models import QuerySet

from accounts.models import User

from .engines.scenes.templates import catalogue
from .models import Photo, Result, Scene, Task
from .tools import SPECS, Tool

# Those whose pictures are a product without anything around it.
SEE_THROUGH_TOOLS = [tool for tool, spec in SPECS.items() if spec.see_through]
SEE_THROUGH_FORMATS = ("png", "webp")
RECENT, LOOKED_THROUGH = 4, 60
KEPT_BACKDROPS = 4


def sync_rows(**signal: Any) -> None:
    """Make a row of every template that has none yet. What an admin named, ordered or put off stays."""
    database = signal.get("using", "default")
    try:
        signal.get("apps", apps).get_model("editor", "Scene")
    except LookupError:  # migrated back to before there were scenes
        return
    rows = Scene.objects.using(database).in_bulk(field_name="number")
    for position, template in enumerate(catalogue.TEMPLATES.values()):
        facts = {"category": template.category, "keywords": ", ".join(template.keywords)[:300]}
        row = rows.get(template.number)
        if row is None:
            Scene.objects.using(database).create(
                number=template.number, name=template.name, position=position, **facts
            )
        elif (row.category, row.keywords) != (facts["category"], facts["keywords"]):
            Scene.objects.using(database).filter(pk=row.pk).update(**facts)


def is_offered(number: int) -> bool:
    """Whether there is a scene of that number, and it was not put off."""
    # Beyond what a database holds there is none; asking for it would be an error there.
    return 0 < number < 2**31 and Scene.objects.offered().filter(number=number).exists()


@lru_cache
def find_thumbnail(number: int) -> str:
    """Return the static file that shows a scene; a plain one where it was not rendered yet."""
    own = f"img/scenes/{number}.webp"
    return own if finders.find(own) else "img/scenes/none.svg"


def list_recent(user: User, offered: Iterable[Scene]) -> list[Scene]:
    """Return the offered scenes that a person used last, newest first."""
    tasks = Task.objects.owned_by(user).filter(tool=Tool.SCENE).newest_first()
    used = tasks.values_list("params__scene", flat=True)[:LOOKED_THROUGH]
    by_number = {scene.number: scene for scene in offered}
    return [by_number[number] for number in dict.fromkeys(used) if number in by_number][:RECENT]


def list_kept_backdrops(user: User) -> list[Photo]:
    """Return the photos of a person's own that were scenes last, newest first."""
    photos = Photo.objects.owned_by(user).filter(
        purpose=Photo.Purpose.BACKDROP, tasks_before__tool=Tool.SCENE
    )
    return list(photos.distinct().newest_first()[:KEPT_BACKDROPS])


def can_stand_in_scene(result: Result) -> bool:
    """Whether a result is a product with nothing around it."""
    behind = result.task.params.get("background") or result.task.backdrop_id
    cut = result.tool in SEE_THROUGH_TOOLS and result.kind == Result.Kind.IMAGE
    return bool(cut and result.format in SEE_THROUGH_FORMATS and not behind)


def list_cutouts(photo: Photo) -> QuerySet[Result]:
    """Return the photo's results that may stand in a scene, newest first."""
    cut = photo.results.pictures().filter(tool__in=SEE_THROUGH_TOOLS, format__in=SEE_THROUGH_FORMATS)
    return cut.select_related("task").newest_first()


def find_cutout(photo: Photo, picked: str = "") -> Result | None:
    """Return the picked cutout of a photo, else its newest; None where it has none yet."""
    standing = [result for result in list_cutouts(photo)[:LOOKED_THROUGH] if can_stand_in_scene(result)]
    chosen = next((result for result in standing if str(result.pk) == picked), None)
    return chosen or next(iter(standing), None)
