"""What the desk shows while a product is put into a scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from editor import scenes
from editor.engines.scenes import framing, product_pose, true_size
from editor.forms.scene import SceneForm
from editor.models import Photo, Result, Scene, Task
from editor.tasks import takes
from editor.tools import Tool
from editor.work import forecast, orders
from web.language.sentences import tell

from .base import Sight, Swatch, ToolButton, is_id

# Colours that suit products: three families from light to dark.
SWATCHES = [
    Swatch("", "As the scene has it", "as-is"),
    Swatch("#f4f1ec", "Chalk", "chalk"),
    Swatch("#e3d3bf", "Sand", "sand"),
    Swatch("#c96f4a", "Terracotta", "terracotta"),
    Swatch("#e9c7c3", "Blush", "blush"),
    Swatch("#a9b79a", "Sage", "sage"),
    Swatch("#9fb9cc", "Sky", "mist"),
    Swatch("#3c4a5e", "Ink", "ink"),
]
FREE_COLOURS = {"surface": "#d8c4a8", "backdrop_colour": "#b9a89a", "accent": "#d9a441"}


@dataclass(frozen=True)
class Take:
    """One of the pictures of a task: done, or on its way with what can be shown of it. In pixels."""

    number: int
    of: int
    width: int
    height: int
    result: Result | None = None
    early: str = ""
    finished: bool = False


@dataclass(frozen=True)
class Tile:
    """A scene to choose. thumbnail: its static file. chosen: whether the form has it."""

    scene: Scene
    thumbnail: str
    chosen: bool


@dataclass(frozen=True)
class SceneSight(Sight):
    """A product as it is to stand in a scene, or the takes that were made of it.

    alone: whether one of several takes was picked, to be looked at without the others.
    """

    alone: bool = False

    form = SceneForm
    comparable = False

    @classmethod
    def of(cls, photo: Photo, tool: ToolButton, query: Mapping[str, str]) -> Self:
        """Return what there is to see. `cutout` picks what stands in the scene, and shows it placed; so
        does a task that failed. Else the takes are looked at, of the picked `task` or of the newest."""
        chosen, results = cls.find_results(photo, tool, query)
        task = cls.task_of(photo, tool, chosen)
        arranging = not results or (not chosen and ("cutout" in query or cls.has_failed(task)))
        of_task = (one for one in results if str(one.task_id) == query.get("task"))
        result = chosen or next(of_task, None) or next(iter(results), None)
        # What stands in the takes that are looked at stands on the stage as well, to be placed anew.
        stood = result.task.source_result_id if result and not arranging else None
        cutout = scenes.find_cutout(photo, query.get("cutout", "") or str(stood or ""))
        return cls(photo, tool, task, results, result, cutout, arranging, chosen is not None)

    @staticmethod
    def has_failed(task: Task | None) -> bool:
        return task is not None and task.status.is_failed

    @classmethod
    def options(cls, asked: Mapping[str, Any], backdrop: Photo | None = None) -> Form:
        size = asked.get("size")
        way = "words" if asked.get("prompt") else "photo" if "floor" in asked else "scene"
        place = asked.get("place")
        return SceneForm(
            initial={
                "by": way,
                "scene_type": asked.get("scene"),
                "prompt": asked.get("prompt", ""),
                "negative_prompt": asked.get("negative_prompt", ""),
                "kept_backdrop": backdrop.pk if backdrop else None,
                "floor": asked.get("floor", SceneForm.DEFAULT_FLOOR),
                # Of a photo of one's own there is but one take; that says nothing of how many are wanted.
                "batch_size": 2 if way == "photo" else asked.get("takes", 2),
                "place": ",".join(f"{share:.4f}" for share in place) if place else "",
                "aspect": asked.get("aspect", ""),
                "size": size if size in dict(SceneForm.SIZES) else settings.SCENE_SIDE,
                "copy_space": asked.get("copy_space", ""),
                "match": asked.get("match", False),
                "size_cm": asked.get("size_cm", ""),
                # What was ordered without it has exact pixels; who has ordered nothing yet gets the usual.
                "relight": round(100 * asked.get("relight", 0)) or SceneForm.DEFAULT_RELIGHT,
                "exact": "seed" in asked and way != "photo" and not asked.get("relight"),
                "surface": asked.get("surface", ""),
                "backdrop_colour": asked.get("backdrop", ""),
                "accent": asked.get("accent", ""),
                "format": asked.get("format", "jpg"),
                "provenance": asked.get("provenance") == "source",
            },
            page=True,
        )

    @classmethod
    def choices(cls, user: User, form: Form, photo: Photo | None) -> dict[str, Any]:
        """Return the scenes, those used lately first, and the colours that one click gives."""
        offered = list(Scene.objects.offered())
        recent = scenes.list_recent(user, offered)
        # What a browser sent is text, what was kept are numbers and ids.
        number, size, kept = (str(form[name].value()) for name in ("scene_type", "size", "kept_backdrop"))
        backdrops = scenes.list_kept_backdrops(user)
        if kept and is_id(kept) and kept not in {str(photo.pk) for photo in backdrops}:
            older = Photo.objects.owned_by(user).filter(purpose=Photo.Purpose.BACKDROP, pk=kept)
            backdrops = [*older, *backdrops]
        tiles = [
            Tile(scene, scenes.find_thumbnail(scene.number), str(scene.number) == number)
            for scene in dict.fromkeys(recent + offered)
        ]
        return {
            "tiles": tiles,
            "categories": list(dict.fromkeys(scene.category for scene in offered)),
            "colours": [colour(form, name) for name in FREE_COLOURS],
            "kept": [(photo, str(photo.pk) == kept) for photo in backdrops],
            "guess": true_size.guess_size(f"{form['prompt'].value()} {photo.name if photo else ''}"),
            "sizes": [(side, label, str(side) == size) for side, label in SceneForm.SIZES],
        }

    @property
    def before(self) -> Result | None:
        """The cutout: it is placed on the stage, also once there are takes."""
        return self.source

    @property
    def stance(self) -> str:
        """How its cutout was photographed, as the stage asks with it where it will stand."""
        found = self.source.task.facts.get("stance") if self.source else None
        if not isinstance(found, dict):
            return ""
        stance = product_pose.Stance.read(found)
        garment = {"garment": "on"} if stance.garment else {}
        return urlencode({"pose": stance.pose, "elevation": round(stance.elevation, 1), **garment})

    @property
    def cutout(self) -> str:
        """What stands in the scene, as addresses carry it."""
        return str(self.source.pk) if self.source else "photo"

    @property
    def takes(self) -> list[Take]:
        """The takes that stand side by side on the stage: on their way, or those of the picked task."""
        if self.under_way and self.task is not None:
            count = int(self.task.params.get("takes", 1))
            sides = self.sides(self.task)
            finished = takes.list_made(self.task)
            return [
                Take(one, count, *sides, early=self.early(one), finished=one in finished)
                for one in range(1, count + 1)
            ]
        if not self.looking or self.result is None:
            return []
        made = [one for one in self.results if one.task_id == self.result.task_id and one.kind == "image"]
        most = max((one.number for one in made), default=0)
        return [Take(one.number, most, one.width, one.height, one) for one in made]

    def sides(self, task: Task) -> tuple[int, int]:
        """Width and height of the pictures that a task will make."""
        shape = task.backdrop or self.source or self.photo
        source = (shape.width or 1, shape.height or 1)
        side = task.params.get("size", settings.SCENE_SIDE)
        return framing.picture_size(task.params.get("aspect", ""), side, source)

    def early(self, number: int) -> str:
        """The address of what can be shown of a take before all is done; empty if nothing can."""
        if self.task is None:
            return ""
        address = reverse("editor:task-early", args=[self.task.pk, number])
        if number in takes.list_made(self.task):
            # Another picture than the first look, so another address: a page keeps what it has shown.
            return f"{address}?finished"
        return address if any(self.task.early[number - 1 : number]) else ""

    @property
    def notes(self) -> list[str]:
        return [note.put(tell) for note in takes.list_notes(self.result.task)] if self.result else []

    @property
    def enlarged(self) -> bool:
        return self.looking and (self.alone or len(self.takes) < 2)

    @property
    def take(self) -> Take | None:
        """The take that is on the stage alone."""
        if not self.enlarged:
            return None
        return next((take for take in self.takes if take.result == self.result), None)

    @property
    def said(self) -> str:
        """What the picked take shows: the words it was made of, or the scene's name."""
        asked = self.result.task.params if self.result else {}
        if "prompt" in asked:
            said = f"“{asked['prompt']}”"
        else:
            scene = Scene.objects.filter(number=asked["scene"]).first() if "scene" in asked else None
            said = gettext(scene.name) if scene else ""
        if said and "negative_prompt" in asked:
            return gettext("%(said)s, without “%(refused)s”") % {
                "said": said,
                "refused": asked["negative_prompt"],
            }
        return said

    @property
    def prices(self) -> list[tuple[int, int, list[tuple[int, str]]]]:
        """For one take and two: how many, what they cost in credits, and of each size when they would be
        done, as far as that is known here."""
        tool = self.tool.tool
        before = forecast.estimate_wait_of_next(self.photo.owner_id, tool)
        return [(takes, orders.cost(tool, {"takes": takes}), self.times(takes, before)) for takes in (1, 2)]

    def times(self, takes: int, before: float | None) -> list[tuple[int, str]]:
        asked = {"takes": takes, "aspect": self.asked.initial.get("aspect", "")}
        found = {
            side: forecast.estimate_seconds(self.tool.tool, {**asked, "size": side})
            for side, _ in SceneForm.SIZES
        }
        if before is None:
            return []
        known = ((side, seconds) for side, seconds in found.items() if seconds is not None)
        return [(side, forecast.describe_seconds(before + seconds)) for side, seconds in known]


def colour(form: Form, name: str) -> dict[str, Any]:
    """Return a colour field with its swatches, and the colour that is none of them."""
    value = form[name].value() or ""
    own = value not in {swatch.value for swatch in SWATCHES}
    return {
        "field": form[name],
        "swatches": SWATCHES,
        "own": own,
        "free": value if own else FREE_COLOURS[name],
    }


BUTTON = ToolButton(
    tool=Tool.SCENE,
    icon="scene",
    intro="Your product in a 3-D scene, with true shadows and light.",
    adds="They wait here until you have chosen a scene.",
    at_work="Building the set and taking the pictures.",
    done="in a scene",
    sight=SceneSight,
    parts=frozenset({"stage", "next", "buttons", "keys"}),
)
