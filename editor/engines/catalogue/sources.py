"""What goes into a run: folders, guarded archives, tables that say what each photo is.

Nothing that comes is believed: archives are judged before a byte is unpacked and counted while it is, tables
are read whatever program wrote them, and what cannot be read is listed with its reason and holds nobody up.
Loads no arrays.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from editor.engines.errors import InvalidOptions, PictureError
from editor.engines.io import formats
from editor.engines.limits import STUDIO

from .tables import Row, Table

CHUNK = 2**20
MOST_ENTRIES = 5000
MOST_UNPACKED = 20 * 2**30
MOST_RATIO = 200
"""How many times larger a file may be than its packed bytes: photos are 1, plain bitmaps some 50."""
RATIO_FROM = 2**20
"""Bytes below which no ratio matters."""
DIRECTORY_BYTES = 1000
"""Of the archive's list, for each file: far more than a name of 255 bytes needs."""

CLUTTER = {"thumbs.db", "desktop.ini", "__macosx", "@eadir"}
"""What systems leave beside photos, in small letters; what begins with a dot is clutter too."""

END = b"PK\x05\x06"
END_BYTES = 22
ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


class BadArchive(InvalidOptions):
    """An archive is damaged, or made so that unpacking it would harm; str() says what to do."""

    sentence = "This ZIP cannot be read. Pack it anew."


@dataclass(frozen=True)
class Item:
    """One file that goes into a run.

    name: its path in the folder or archive that it came in, with slashes. path: where it lies, None where it
    does not. columns: what a table says of it, by the column's name. sha256: of its bytes, "" where they
    cannot be had. objection: why nothing can be made of it. double_of: the name of an earlier one with the
    same bytes and columns.
    """

    name: str
    path: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    objection: str = ""
    double_of: str = ""

    @property
    def is_usable(self) -> bool:
        return not self.objection and not self.double_of


def walk(folder: Path) -> list[str]:
    """Return the names of all files below a folder, with slashes, numbers in them in their order.

    Clutter and links are left out: a link may lead anywhere, and in a circle.
    """
    names = []
    for base, folders, files in folder.walk(follow_symlinks=False):
        folders[:] = [name for name in folders if not is_clutter(name) and not (base / name).is_symlink()]
        names += [
            (base / name).relative_to(folder).as_posix()
            for name in files
            if not is_clutter(name) and not (base / name).is_symlink()
        ]
    return sorted(names, key=order_naturally)


def is_clutter(name: str) -> bool:
    """Say whether a path is of what systems leave beside photos."""
    return any(part.startswith(".") or part.casefold() in CLUTTER for part in PurePosixPath(name).parts)


def order_naturally(name: str) -> list[tuple[int, int, str]]:
    """Return what sorts lamp 2 before lamp 10."""
    parts = re.split(r"([0-9]{1,18})", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def open_archive(
    file: BinaryIO, *, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_UNPACKED
) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """Return a ZIP and the files in it that may be photos or tables, judged by its list alone.

    Raises BadArchive for one that is damaged, encrypted, holds too much, or names a place outside of itself.
    """
    _check_end(file, most_entries)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, struct.error) as exc:
        raise BadArchive from exc
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > most_entries:
        raise _count_objection(len(entries), most_entries)
    kept, seen = [], set[str]()
    for entry in entries:
        name = check_entry_name(entry.filename)
        if name in seen:
            raise BadArchive(f"This ZIP has two files called {name}. Pack it anew with one of each name.")
        seen.add(name)
        if stat.S_ISLNK(entry.external_attr >> 16) or is_clutter(name):
            continue
        if entry.flag_bits & ENCRYPTED:
            raise BadArchive("This ZIP is locked by a password. Pack it anew without one.")
        if entry.compress_type not in METHODS:
            raise BadArchive(f"{name} is packed in a way that is not read here. Pack the ZIP anew.")
        if entry.file_size > max(RATIO_FROM, MOST_RATIO * max(1, entry.compress_size)):
            raise BadArchive(
                f"{name} would be more than {MOST_RATIO} times larger unpacked, as no photo is. "
                "Take it out of the ZIP."
            )
        kept.append(entry)
    total = sum(entry.file_size for entry in kept)
    if total > most_bytes:
        raise BadArchive(
            f"This ZIP would be {_say_bytes(total)} unpacked, and at most {_say_bytes(most_bytes)} are taken."
            " Pack it in parts."
        )
    return archive, sorted(kept, key=lambda entry: order_naturally(entry.filename))


def check_entry_name(name: str) -> str:
    """Return the path of a ZIP's entry with slashes. Raises BadArchive where it leads out of the archive."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or re.match(r"[A-Za-z]:", plain):
        raise BadArchive(
            f"This ZIP has a file with an absolute path ({_cut(name)}). Pack it anew, from within its folder."
        )
    if ".." in plain.split("/"):
        raise BadArchive(
            f"This ZIP has a file that lies outside of it ({_cut(name)}). "
            "Pack it anew, from within its folder."
        )
    if "\x00" in plain or not plain.strip("/. "):
        raise BadArchive("This ZIP has a file without a name. Pack it anew.")
    return plain


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a file in a ZIP, never more than its list says. Raises BadArchive."""
    left = entry.file_size
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise BadArchive(
                        f"{_cut(entry.filename)} is larger than the ZIP's list says. Pack it anew."
                    )
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as exc:
        raise BadArchive(f"{_cut(entry.filename)} is damaged in the ZIP. Pack it anew.") from exc


def unpack(file: BinaryIO, folder: Path) -> Iterator[Item]:
    """Yield the files of a ZIP, each written into `folder` under a number, named by its path in the ZIP.

    One that is damaged or too large is yielded with its objection. Raises BadArchive before anything is
    written.
    """
    archive, entries = open_archive(file)
    with archive:
        for number, entry in enumerate(entries, 1):
            name = check_entry_name(entry.filename)
            path = folder / f"{number:05}{_keep_suffix(name)}"
            if entry.file_size > STUDIO.bytes:
                yield Item(name, objection=say_too_large(entry.file_size))
                continue
            try:
                with path.open("wb") as target:
                    for chunk in read_entry(archive, entry):
                        target.write(chunk)
            except BadArchive as exc:
                path.unlink(missing_ok=True)
                yield Item(name, objection=str(exc))
            else:
                yield Item(name, path)


def look_at(name: str, path: Path, columns: dict[str, str] | None = None) -> Item:
    """Return a file as an item: its bytes hashed, its header judged; what is no photo with its objection."""
    columns = columns or {}
    try:
        size = path.stat().st_size
        if size > STUDIO.bytes:
            return Item(name, path, columns, objection=say_too_large(size))
        with path.open("rb") as file:
            sha256 = hash_file(file)
            file.seek(0)
            formats.probe(file)
    except PictureError as exc:
        return Item(name, path, columns, objection=str(exc))
    except OSError as exc:
        return Item(name, path, columns, objection=f"It cannot be opened: {exc.strerror or exc}.")
    return Item(name, path, columns, sha256)


def hash_file(file: IO[bytes]) -> str:
    """Return the SHA-256 of a file's bytes from where it is, in hex."""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def mark_doubles(items: Iterable[Item]) -> list[Item]:
    """Return the items, those with the bytes and the columns of an earlier one marked as its double.

    The same photo may stand for two products, which a table then says.
    """
    first: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    marked = []
    for item in items:
        if item.sha256 and not item.objection:
            key = item.sha256, tuple(sorted(item.columns.items()))
            if key in first:
                item = replace(item, double_of=first[key])
            else:
                first[key] = item.name
        marked.append(item)
    return marked


@dataclass(frozen=True)
class Match:
    """A table laid beside files: which row is of which file.

    rows: of each file's name the columns of its rows, files that no row names with one of no columns.
    objections: of rows whose file is not there, or is not told from another, by the line.
    """

    rows: list[tuple[str, dict[str, str]]]
    objections: list[str]


def match(table: Table, names: Sequence[str]) -> Match:
    """Return which file each row of a table means: by its path, its name, or its name without extension.

    Capitals count only where two files differ in nothing else.
    """
    lookup: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        for key in dict.fromkeys((name, name.casefold(), path.name.casefold(), path.stem.casefold())):
            lookup.setdefault(key, []).append(name)
    rows, objections = [], list(table.objections)
    taken = set[str]()
    for row in table.rows:
        found = _find_file(row, lookup)
        if len(found) == 1:
            taken.add(found[0])
            rows.append((found[0], row.columns))
        elif found:
            objections.append(
                f"Line {row.line}: {row.file} may be {found[0]} or {found[1]}. Write its folder too."
            )
        elif row.is_address:
            objections.append(f"Line {row.line}: {row.file} is an address, and was not fetched.")
        else:
            objections.append(f"Line {row.line}: there is no file {row.file}. Add it, or take the line out.")
    rows += [(name, {}) for name in names if name not in taken]
    return Match(rows, objections)


def _find_file(row: Row, lookup: dict[str, list[str]]) -> list[str]:
    wanted = row.file.replace("\\", "/").removeprefix("./")
    return lookup.get(wanted) or lookup.get(wanted.casefold()) or []


def say_too_large(size: int) -> str:
    """Return why a file of this many bytes is not taken."""
    return (
        f"This file has {_say_bytes(size)}; at most {STUDIO.megabytes} MB are taken. "
        "Save it smaller and add it again."
    )


def _check_end(file: BinaryIO, most_entries: int) -> None:
    """Judge the list of a ZIP by its last bytes, before anybody reads it into memory."""
    file.seek(0, 2)
    length = file.tell()
    file.seek(max(0, length - END_BYTES - 0xFFFF))
    tail = file.read()
    at = tail.rfind(END)
    file.seek(0)
    if at < 0 or len(tail) - at < END_BYTES:
        raise BadArchive
    count, size = struct.unpack("<10xHI", tail[at : at + 16])
    if count > most_entries or size > most_entries * DIRECTORY_BYTES:
        # 65,535 stands for as many and more, which another place would say.
        raise _count_objection(count, most_entries)


def _count_objection(count: int, most: int) -> BadArchive:
    many = f"{count:,}" if count < 0xFFFF else "65,535 or more"
    return BadArchive(f"This ZIP has {many} files, and at most {most:,} are taken. Pack it in parts.")


def _keep_suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", suffix) else ""


def _say_bytes(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.0f} MB"


def _cut(name: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in name[:80])
