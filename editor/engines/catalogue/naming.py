"""The names of what a recipe makes: patterns filled in, safe on every system, collisions told beforehand.

A pattern is text with fields in braces: {stem}, {sku}, {n:02}, or any column of a table. What comes of it is
a name that Windows, macOS and Linux take as it is. Loads no arrays: pages show names while they are typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from editor.engines.errors import InvalidOptions

from .markets import Market
from .recipe import MOST_PATTERN, FileSpec

PRESETS = {
    "stem": ("The photo's own name", "{stem}.{ext}"),
    "sku": ("SKU and a number", "{sku}-{n:02}.{ext}"),
    "amazon": ("Amazon: SKU or ASIN, and the variant", "{sku}.{variant}.{ext}"),
    "gtin": ("GTIN-14", "{gtin:014}.{ext}"),
    "gs1": ("GS1: GTIN-14 and the view", "{gtin:014}_C1C1.{ext}"),
}
"""Patterns to choose, each with what people read."""

FIELDS = ("stem", "sku", "gtin", "title", "group", "variant", "folder", "n", "market", "ext")
"""What every photo has; a table's columns come on top."""

TITLES = {"manifest.csv": "the list of all files", "manifest.json": "the list of all files"}
"""Names that the archive needs itself, and what for."""

EXTENSIONS = {"tiff": "tif"}
MOST_BYTES = 255
"""Of one name in UTF-8, its extension included: what file systems take."""
MOST_FOLDER_BYTES = 100
MOST_LEVELS = 3
MOST_OBJECTIONS = 50

FIELD = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
ENDING = re.compile(r"(?i)\.?\{ *ext *\}$|\.(jpe?g|png|webp|avif|tiff?|psd)$")
WIDTH = re.compile(r"0?\d{1,2}")
# Windows takes none of these; controls and what turns the direction of writing can hide an extension.
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])")
UMLAUTS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "oe",
        "ł": "l",
    }
)
LIMITED = {"amazon": re.compile(r"[^A-Za-z0-9_.]+"), "plain": re.compile(r"[^A-Za-z0-9._-]+")}
"""What the marketplaces' names must not have, by the words of markets.NAMES."""


class Item(Protocol):
    """What is named: its path in the folder that it came in, and what a table says of it."""

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Names:
    """What all results of a run will be called.

    paths: for each item a row, the folder and name of each of the recipe's files. objections: why they cannot
    be made so, a sentence each that says what to change; none where all is well.
    """

    paths: list[list[str]]
    objections: list[str]


def name_files(
    items: Sequence[Item], specs: Sequence[FileSpec], markets: Mapping[str, Market] | None = None
) -> Names:
    """Return what the files of each item will be called, and what stands against it.

    markets: by their keys; names are kept to the letters that theirs takes. Raises InvalidOptions where a
    pattern cannot be read.
    """
    for spec in specs:
        check_pattern(spec.name)
        check_pattern(spec.folder or "files", what="folder")
    markets = markets or {}
    variants = _count_variants(items)
    paths, missing = [], dict[str, list[str]]()
    for number, item in enumerate(items, 1):
        row = []
        for spec in specs:
            values = list_values(item, number, spec)
            values.setdefault("variant", variants[number - 1])
            for name in sorted(find_fields(spec.name, spec.folder) - values.keys()):
                lacking = missing.setdefault(name, [])
                if item.name not in lacking:
                    lacking.append(item.name)
            row.append(make_path(spec, values, markets.get(spec.market)))
        paths.append(row)
    objections = [
        f"{{{name}}} stands in a name, and {_list_some(lacking)} has no such column. "
        "Add it to the table, or take it out of the pattern."
        for name, lacking in missing.items()
    ]
    return Names(paths, objections + find_collisions(items, paths))


def check_pattern(pattern: str, *, what: str = "name") -> None:
    """Raise InvalidOptions unless a pattern can be filled in."""
    if len(pattern) > MOST_PATTERN or not pattern.isprintable() or not pattern.strip():
        raise InvalidOptions(f"A pattern must be a line of 1 to {MOST_PATTERN} characters.")
    if re.search(r"[{}]", FIELD.sub("", pattern)):
        raise InvalidOptions(f"A brace in '{pattern}' is not closed. Write fields as {{stem}} or {{n:02}}.")
    for name, width in FIELD.findall(pattern):
        if not name.strip():
            raise InvalidOptions(f"'{pattern}' has empty braces. Write a field into them, such as {{stem}}.")
        if width and not WIDTH.fullmatch(width):
            raise InvalidOptions(f"'{width}' is no width of {{{name}}}. Write digits, such as {{{name}:02}}.")
    if what == "name" and re.search(r"[/\\]", pattern):
        raise InvalidOptions("A name has no slashes. Say the folder in its own field.")


def find_fields(*patterns: str) -> set[str]:
    """Return the fields that patterns ask for, in small letters."""
    return {name.strip().casefold() for pattern in patterns for name, _ in FIELD.findall(pattern)}


def list_values(item: Item, number: int, spec: FileSpec) -> dict[str, str]:
    """Return what the fields of a pattern stand for, by their names in small letters.

    What no table says: the SKU is the photo's own name, the GTIN and the group are the SKU, the title is the
    photo's name. A variant that nobody said is not in it. number: of the item, from 1.
    """
    path = PurePosixPath(item.name)
    values = {key.strip().casefold(): str(value).strip() for key, value in item.columns.items()}
    values = {key: value for key, value in values.items() if value}
    values |= {
        "stem": path.stem,
        "folder": "-".join(path.parts[:-1]),
        "n": str(number),
        "market": spec.market or "files",
        "ext": EXTENSIONS.get(spec.format, spec.format),
    }
    values.setdefault("sku", path.stem)
    values.setdefault("gtin", values["sku"])
    values.setdefault("group", values["sku"])
    values.setdefault("title", path.stem)
    return values


def make_path(spec: FileSpec, values: Mapping[str, str], market: Market | None = None) -> str:
    """Return the folder and the name of one file, with slashes between, safe on every system."""
    folder = _fill(spec.folder or values["market"], values)
    levels = [part for part in folder.replace("\\", "/").split("/") if part.strip(". ")][:MOST_LEVELS]
    folders = [make_safe(part, MOST_FOLDER_BYTES) for part in levels or ["files"]]
    # The extension is the format's, whatever the pattern or a column ends with.
    stem = _fill(ENDING.sub("", spec.name), values)
    return "/".join([*folders, make_safe(_limit_letters(stem, market), ending=f".{values['ext']}")])


def make_safe(text: str, most: int = MOST_BYTES, *, ending: str = "") -> str:
    """Return a name that every system takes, as near to a text as can be: at most that many bytes in UTF-8.

    ending: its extension with the dot, which is never cut.
    """
    ending = UNSAFE.sub("_", ending)
    name = TURNING.sub("", unicodedata.normalize("NFC", text))
    name = UNSAFE.sub("_", name).strip().lstrip(".")
    # Systems that reserve a name do so with any extension.
    if RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        name = f"_{name}"
    name = name.encode()[: most - len(ending.encode())].decode(errors="ignore")
    # Before an extension dots and blanks would be kept, but no two systems agree on how.
    return (name.rstrip(". ") or "photo") + ending


def fold_case(path: str) -> str:
    """Return what two paths share that are one where neither capitals nor accents' spelling count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def say_collision(one: str, other: str, path: str, taken: str) -> str:
    """Return that two photos' results would be called alike: path, that was taken as it is spelt there.

    Each is whole, with what to do: it is put into the reader's language as one.
    """
    if one == other and taken == path:
        return (
            f"Two files would both be called {path}. Put what tells them apart into the name, such as {{n}}, "
            "{folder} or {variant}."
        )
    if one == other:
        return (
            f"Two files would both be called {path}. Capitals make no difference on many systems: {taken} "
            "is the same name there. Put what tells them apart into the name, such as {n}, {folder} or "
            "{variant}."
        )
    if taken == path:
        return (
            f"{one} and {other} would both be called {path}. Put what tells them apart into the name, such "
            "as {n}, {folder} or {variant}."
        )
    return (
        f"{one} and {other} would both be called {path}. Capitals make no difference on many systems: "
        f"{taken} is the same name there. Put what tells them apart into the name, such as {{n}}, "
        "{folder} or {variant}."
    )


def find_collisions(items: Sequence[Item], paths: Sequence[Sequence[str]]) -> list[str]:
    """Return a sentence for each name that two results would have, also where capitals make no difference."""
    owners: dict[str, tuple[str, str]] = {name: (title, name) for name, title in TITLES.items()}
    objections = []
    for item, row in zip(items, paths, strict=True):
        for path in row:
            key = fold_case(path)
            if key in owners:
                other, taken = owners[key]
                objections.append(say_collision(other, item.name, path, taken))
            else:
                owners[key] = (item.name, path)
    folders = {"/".join(key.split("/")[:level]) for key in owners for level in range(1, key.count("/") + 1)}
    objections += [
        f"{owners[key][1]} would be a file and a folder at once. Call one of them otherwise."
        for key in sorted(folders & owners.keys())
    ]
    return _shorten(objections)


def _count_variants(items: Sequence[Item]) -> list[str]:
    """Return the variant of each item where no table says one: the main picture of a SKU, then its parts."""
    counts: dict[str, int] = {}
    variants = []
    for item in items:
        sku = str(item.columns.get("sku") or PurePosixPath(item.name).stem).casefold()
        number = counts.get(sku, 0)
        variants.append(f"PT{number:02}" if number else "MAIN")
        counts[sku] = number + 1
    return variants


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    """Return a pattern with its fields filled in; a field that nothing is known of is left out."""

    def look_up(field: re.Match[str]) -> str:
        value = values.get(field[1].strip().casefold(), "")
        # Slashes are the pattern's alone.
        value = value.replace("/", "_").replace("\\", "_")
        return value.zfill(int(field[2])) if field[2] and value.isdigit() else value

    return FIELD.sub(look_up, pattern)


def _limit_letters(stem: str, market: Market | None) -> str:
    if market is None or market.names not in LIMITED:
        return stem
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFC", stem).translate(UMLAUTS))
    return LIMITED[market.names].sub("_", "".join(one for one in plain if not unicodedata.combining(one)))


def _list_some(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"each of {len(names)} photos, {names[0]} among them,"


def _shorten(objections: list[str]) -> list[str]:
    more = len(objections) - MOST_OBJECTIONS
    return objections if more <= 0 else [*objections[:MOST_OBJECTIONS], f"And {more} more like these."]
