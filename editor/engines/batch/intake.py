"""What a batch is given: files, folders, archives and tables, each file looked at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from editor.engines.catalogue import sources
from editor.engines.catalogue.recipe import Recipe
from editor.engines.catalogue.sources import Item
from editor.engines.catalogue.tables import Table, read_table
from editor.engines.errors import InvalidOptions


@dataclass(frozen=True)
class Intake:
    """items: in their order, doubles marked. objections: to rows of a table, which hold nobody up."""

    items: list[Item]
    objections: list[str]


def read_recipe(path: Path) -> tuple[Recipe, Path | None]:
    """Return the recipe in a JSON file, and the picture that stands behind, which lies beside that file.

    Raises InvalidOptions, OSError.
    """
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise InvalidOptions(f"{path} holds no JSON.") from exc
    if not isinstance(data, dict):
        raise InvalidOptions(f"{path} holds no recipe: an object is expected.")
    recipe = Recipe.from_dict(data)
    if not recipe.backdrop:
        return recipe, None
    backdrop = path.parent / recipe.backdrop
    if backdrop.parent != path.parent or not backdrop.is_file():
        raise InvalidOptions(f"There is no picture {recipe.backdrop} beside {path}. Put it there.")
    return recipe, backdrop


def take_in(
    paths: Sequence[Path], scratch: Path, *, apart: Path, only: Collection[Path] | None = None
) -> Intake:
    """Return all that paths hold. scratch: a folder for what is unpacked. apart: a folder never looked into.
    only: the files that are taken of folders, all without.

    The files of a folder are named by their path in it, others by their name. Where a table is among them,
    its rows say more of each. Raises InvalidOptions, OSError.
    """
    files: list[tuple[str, Path]] = []
    items: dict[str, Item] = {}
    tables: list[Table] = []
    for number, path in enumerate(paths):
        if path.is_dir():
            found_in = [(name, path / name) for name in sources.walk(path)]
            files += [one for one in found_in if only is None or one[1] in only]
        elif path.suffix.lower() == ".zip":
            folder = scratch / f"unpacked-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as file:
                for item in sources.unpack(file, folder):
                    if item.path is None:
                        items[item.name] = item
                    files.append((item.name, item.path or folder / "none"))
        else:
            # One that is not there is an error of whoever asked, not of a file among hundreds.
            path.stat()
            files.append((path.name, path))
    kept = [(name, path) for name, path in files if not path.resolve().is_relative_to(apart.resolve())]
    kept += [(name, path) for name, path in files if path.is_relative_to(scratch)]
    photos = []
    for name, path in kept:
        if path.suffix.lower() in (".csv", ".tsv"):
            tables.append(read_table(path.read_bytes()))
        else:
            photos.append((name, path))
    if len(tables) > 1:
        raise InvalidOptions("There are several tables. Give one of them at a time.")
    for name, path in _tell_apart(photos):
        items.setdefault(name, sources.look_at(name, path))
    if not tables:
        return Intake(sources.mark_doubles(items.values()), [])
    found = sources.match(tables[0], list(items))
    rows = [replace(items[name], columns=columns) for name, columns in found.rows]
    return Intake(sources.mark_doubles(rows), found.objections)


def _tell_apart(files: Sequence[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """Return files with names of their own: where two have a lamp.jpg, their folders go along."""
    names = Counter(name for name, _ in files)
    longer = Counter(f"{path.parent.name}/{name}" for name, path in files)
    told = []
    for name, path in files:
        with_folder = f"{path.parent.name}/{name}"
        if names[name] == 1:
            told.append((name, path))
        elif longer[with_folder] == 1:
            told.append((with_folder, path))
        else:
            told.append((path.resolve().as_posix().lstrip("/"), path))
    return told
