"""What a backup's folder says of itself, and whether that holds.

SHA256SUMS lists every file, as `sha256sum -c` reads it; manifest.json says of what studio they are and has
the list's own hash. It is written last: a folder without one was cut off.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from .errors import MadeByNewer, Unsound

FORMAT = 1
NAME = "manifest.json"
SUMS = "SHA256SUMS"
KEY = "secret_key"
FILES = "files"
PIECE = 2**20


@dataclass(frozen=True)
class Manifest:
    """Of what studio a backup is.

    vendor: the database's, "sqlite" or "postgresql". migrations: those that were applied, by app.
    columns: of each table that lies there by itself. files, bytes: of the pictures alone. sums: the SHA-256
    of SHA256SUMS.
    """

    format: int
    version: str
    made_at: str
    vendor: str
    migrations: dict[str, list[str]]
    columns: dict[str, list[str]]
    files: int
    bytes: int
    sums: str

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


ALTERED = "the backup was altered. Take another."


def read_manifest(folder: Path) -> Manifest:
    """Return what a folder says of itself. Raises Unsound, MadeByNewer."""
    path = folder / NAME
    if not folder.is_dir():
        raise Unsound(f"{folder} is no folder. Name the one that manage.py backup made.")
    try:
        said = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Unsound(
            f"{path} is missing: this is no backup, or one that was cut off. Take another."
        ) from None
    except (OSError, ValueError) as exc:
        raise Unsound(f"{path} cannot be read ({exc}): {ALTERED}") from exc
    if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise MadeByNewer(
            f"A newer Sweep ({said.get('version')}) made this backup. Restore it with that or a later one."
        )
    try:
        return Manifest(**said)
    except TypeError:
        raise Unsound(f"{path} lacks what it must say: {ALTERED}") from None


def read_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a backup by its name below the folder. Raises Unsound."""
    sums = {}
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise Unsound(f"{folder / SUMS} cannot be read ({exc}). Take another backup.") from exc
    for line in lines:
        digest, _, name = line.partition("  ")
        path = PurePosixPath(name)
        if len(digest) != 64 or not name or path.is_absolute() or ".." in path.parts:
            raise Unsound(f"{folder / SUMS} has a line that is none: {ALTERED}")
        sums[name] = digest
    return sums


def write_sums(folder: Path, sums: dict[str, str]) -> str:
    """List the files of a backup, and return the list's own hash."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (folder / SUMS).write_text(text, "utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def check(folder: Path, report: Callable[[int, int], None] = lambda done, of: None) -> Manifest:
    """Read all of a backup, and return what it says of itself if every byte is as it was written.

    report(done, of): how many of its files were read. Raises Unsound, MadeByNewer.
    """
    manifest = read_manifest(folder)
    sums = read_sums(folder)
    if hash_file(folder / SUMS) != manifest.sums:
        raise Unsound(f"{folder / SUMS} is not as it was written: {ALTERED}")
    for number, (name, digest) in enumerate(sums.items(), 1):
        try:
            sound = hash_file(folder / name) == digest
        except OSError as exc:
            raise Unsound(f"{folder / name} cannot be read ({exc.strerror}). Take another backup.") from exc
        if not sound:
            raise Unsound(f"{folder / name} is not as it was written. Take another backup.")
        report(number, len(sums))
    return manifest


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_hashed(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    """Copy a file, and return the SHA-256 and the number of the bytes that went over."""
    digest, size = hashlib.sha256(), 0
    for piece in read_pieces(source):
        digest.update(piece)
        size += target.write(piece)
    return digest.hexdigest(), size


def read_pieces(source: BinaryIO) -> Iterator[bytes]:
    """Yield a file's bytes, a megabyte at a time."""
    while piece := source.read(PIECE):
        yield piece
