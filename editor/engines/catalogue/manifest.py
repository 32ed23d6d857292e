"""The manifest of a run: what came of which photo, with hashes and each check's figures, as CSV and JSON.

Names are strangers' words: in the CSV none begins as a formula, which spreadsheets would carry out.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .recipe import Recipe

VERSION = 1
CSV_NAME, JSON_NAME = "manifest.csv", "manifest.json"

COLUMNS = (
    "source",
    "source_sha256",
    "file",
    "sha256",
    "market",
    "format",
    "width",
    "height",
    "bytes",
    "verdict",
    "message",
    "recipe",
    "recipe_version",
    "recipe_sha256",
)
FORMULA = re.compile(r"(\A|[;,\t|\r\n])(?=[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20])|\A(?=\s*[\t\r\n|])")
"""Where spreadsheets may take what follows for a formula, blanks and full-width signs included: where a cell
begins, and after what may separate cells in another country.
"""


@dataclass(frozen=True)
class Line:
    """One file that was handed over, or one source of which none came, with the reason in its message.

    checks: each as the engine's Check.to_dict has it.
    """

    source: str
    source_sha256: str = ""
    file: str = ""
    sha256: str = ""
    market: str = ""
    format: str = ""
    width: int = 0
    height: int = 0
    bytes: int = 0
    verdict: str = ""
    message: str = ""
    checks: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return what is known of it, as JSON holds it."""
        found = {name: getattr(self, name) for name in COLUMNS if hasattr(self, name)}
        checks = [dict(one) for one in self.checks]
        known = {name: value for name, value in found.items() if value}
        return known | {"checks": checks} if checks else known


def write_json(lines: Iterable[Line], recipe: Recipe, recipe_version: int = 1) -> str:
    """Return manifest.json. recipe_version: how often the recipe was changed, from 1."""
    whole = {
        "version": VERSION,
        "recipe": {
            "name": recipe.name,
            "version": recipe_version,
            "sha256": hash_recipe(recipe),
            "data": recipe.to_dict(),
        },
        "files": [line.to_dict() for line in lines],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def write_csv(lines: Sequence[Line], recipe: Recipe, recipe_version: int = 1) -> str:
    """Return manifest.csv, a column for each check that any file had. It is to be written as UTF-8.

    It begins with a BOM, by which spreadsheets know that, and has the line ends of RFC 4180.
    """
    keys = list(dict.fromkeys(str(one["key"]) for line in lines for one in line.checks))
    target = io.StringIO(newline="")
    target.write("\ufeff")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(f"check_{key}" for key in keys)])
    of_all = (recipe.name, recipe_version, hash_recipe(recipe))
    for line in lines:
        own = [getattr(line, name) or "" for name in COLUMNS[: -len(of_all)]]
        checks = {str(one["key"]): say_check(one) for one in line.checks}
        writer.writerow([defuse(cell) for cell in [*own, *of_all, *(checks.get(key, "") for key in keys)]])
    return target.getvalue()


def say_check(check: Mapping[str, Any]) -> str:
    """Return a check in a line: its verdict, what was measured, what was asked."""
    return f"{check['verdict']}: {check['measured']} (asked: {check['asked']})"


def defuse(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before what begins as one."""
    return FORMULA.sub(r"\g<0>'", cell) if isinstance(cell, str) else cell


def hash_recipe(recipe: Recipe) -> str:
    """Return the SHA-256 of what a recipe does: the same for two that differ in their name alone."""
    data = {key: value for key, value in recipe.to_dict().items() if key != "name"}
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
