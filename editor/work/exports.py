"""What the studio has of a person, for their copy of it: files under their sources' names."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from accounts.belongings import Piece
from accounts.models import User
from editor.files import downloads
from editor.models import Finish, Photo, Recipe, Result, Run, RunItem, Task
from web.spreadsheets import write_lines

from .runs import archive

AT_ONCE = 500
FOLDERS = {
    Photo.Purpose.SOURCE: ("photos", "a photo, as it came"),
    Photo.Purpose.BACKDROP: ("backdrops", "a picture to stand behind others, as it came"),
    Photo.Purpose.MASK: ("masks", "a mask, as it came"),
}
IN_TRASH = "It is in the trash."


def list_pieces(user: User) -> Iterator[Piece]:
    """Yield all that is somebody's here, what is in the trash among it."""
    for photo in in_pages(Photo.with_trash.owned_by(user).taking_room().exclude(file="")):
        folder, kind = FOLDERS[Photo.Purpose(photo.purpose)]
        path = f"{folder}/{downloads.name_photo(photo)}"
        yield describe_picture(photo, path, kind, photo.name)
    for result in in_pages(Result.with_trash.owned_by(user).taking_room().select_related("photo", "task")):
        kind = f"{result.get_tool_display()}: {result.get_kind_display()}"
        if result.bare:
            kind = gettext("%(kind)s, as it was cut out; photos.json has its finish") % {"kind": kind}
        path = f"results/{downloads.name_result(result)}"
        yield describe_picture(result, path, kind, result.photo.name)
    yield from list_projects(user)
    yield Piece("photos.json", gettext_noop("your photos, with their finishes"), text=write_photos(user))
    yield Piece(
        "orders.csv",
        gettext_noop("all that was ordered, on the page and by programs"),
        text=write_orders(user),
    )


def list_projects(user: User) -> Iterator[Piece]:
    """Yield recipes, and runs of them with their files and manifests."""
    for recipe in in_pages(Recipe.objects.owned_by(user)):
        name = downloads.clean_name(recipe.name) or "recipe"
        text = json.dumps(recipe.data, indent=2, ensure_ascii=False) + "\n"
        made = say_moment(recipe.changed_at)
        yield Piece(
            f"recipes/{name}.json", gettext_noop("a recipe, to be read in again"), text=[text], made=made
        )
    for run in in_pages(Run.objects.owned_by(user)):
        # Two runs may have one name; what is in their folders must not mix.
        folder = f"runs/{downloads.clean_name(run.name) or 'run'} {run.created_at:%Y-%m-%d %H.%M.%S}"
        lines, stored = archive.list_lines(run)
        sources = {line.file: line.source for line in lines if line.file}
        for path, name in stored.items():
            yield Piece(
                f"{folder}/{path}", gettext_noop("a file of a run"), stored=name, source=sources[path]
            )
        yield Piece(
            f"{folder}/run.json", gettext_noop("a run: its recipe and its photos"), text=write_run(run)
        )


def in_pages[Row: Any](rows: QuerySet[Row]) -> Iterator[Row]:
    """Yield rows by their keys, some at a time: no question to the database is open for minutes."""
    ordered, last = rows.order_by("pk"), None
    while page := list((ordered if last is None else ordered.filter(pk__gt=last))[:AT_ONCE]):
        yield from page
        last = page[-1].pk


def say_moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def describe_picture(row: Photo | Result, path: str, kind: str, source: str) -> Piece:
    note = IN_TRASH if row.trashed_at else ""
    return Piece(path, kind, stored=str(row.file), source=source, made=say_moment(row.created_at), note=note)


def write_list(things: Iterable[Any]) -> Iterator[str]:
    """Yield a JSON list, a thing at a time."""
    yield "["
    for number, thing in enumerate(things):
        yield (",\n" if number else "\n") + json.dumps(thing, ensure_ascii=False)
    yield "\n]\n"


def write_photos(user: User) -> Iterator[str]:
    """Yield the list of photos, each with what was set of it."""
    rows = Photo.with_trash.owned_by(user).taking_room().sources()
    return write_list(describe_photo(photo) for photo in in_pages(rows))


def describe_photo(photo: Photo) -> dict[str, Any]:
    return {
        "id": str(photo.pk),
        "name": photo.name,
        "format": photo.format,
        "width": photo.width,
        "height": photo.height,
        "bytes": photo.bytes,
        "fetched_from": photo.url,
        "added": say_moment(photo.created_at),
        "in_trash_since": say_moment(photo.trashed_at),
        "finish_that_counts": photo.finish_number,
        "finishes": list(Finish.objects.filter(photo=photo).order_by("number").values("number", "data")),
    }


def write_run(run: Run) -> Iterator[str]:
    """Yield a run: how it went, by which recipe, over which photos."""
    about = {
        "name": run.name,
        "state": run.get_state_display(),
        "message": run.message,
        "made": say_moment(run.created_at),
        "recipe": run.data,
    }
    yield json.dumps(about, indent=2, ensure_ascii=False)[:-2] + ',\n  "photos": '
    yield from write_list(
        {
            "name": item.name,
            "state": item.get_state_display(),
            "message": item.message,
            "columns": item.columns,
        }
        for item in in_pages(RunItem.objects.filter(run=run))
    )
    yield "}\n"


def write_orders(user: User) -> Iterator[str]:
    """Yield the table of tasks: what was asked, how it ended, what it cost."""
    yield write_lines(
        [("id", "when", "tool", "photo", "how_it_ended", "credits", "ended", "by_key", "asked_for")]
    )
    for task in in_pages(Task.objects.owned_by(user).select_related("photo", "api_key")):
        asked = json.dumps(task.params, ensure_ascii=False)
        ended = say_moment(task.completed_at)
        key = str(task.api_key) if task.api_key else ""
        cells = (task.pk, say_moment(task.created_at), task.get_tool_display(), task.photo.name)
        yield write_lines([(*cells, task.status.word, task.credits, ended, key, asked)])
