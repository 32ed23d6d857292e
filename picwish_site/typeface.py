"""The studio's typeface: Inter, fetched at set-up from the package that carries it, served by the studio.

    python -m picwish_site.typeface

Like the networks' files it is never committed, and each file is accepted by its SHA-256 alone. Where
it cannot be had the system's fonts stand in for it. Free of Django.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from editor.engines import paths
from editor.engines.networks.weight_sources import Progress, Unavailable, npm_tarball
from editor.engines.terminal import TerminalProgress

LICENCE_FILE = "LICENSE"


@dataclass(frozen=True)
class Cut:
    """One file: where it is in the package, its SHA-256, weights and characters (as in CSS)."""

    member: str
    sha256: str
    weights: str = "400"
    characters: str = ""

    @property
    def name(self) -> str:
        return self.member.rpartition("/")[2]


@dataclass(frozen=True)
class Face:
    """A typeface as a package carries it. family: in CSS; licence: SHA-256 of the file that says it."""

    family: str
    package: str
    about_bytes: int
    licence: str
    cuts: tuple[Cut, ...]

    @property
    def files(self) -> dict[str, tuple[str, str]]:
        """Every file by its name with us: where it is in the package, and its SHA-256."""
        licence = f"{self.family}-{LICENCE_FILE}.txt"
        return {cut.name: (cut.member, cut.sha256) for cut in self.cuts} | {
            licence: (LICENCE_FILE, self.licence)
        }


def _inter(subset: str, sha256: str, characters: str) -> Cut:
    return Cut(f"files/inter-{subset}-wght-normal.woff2", sha256, "100 900", characters)


INTER = Face(
    family="Inter",
    package="@fontsource-variable/inter@5.3.0",
    about_bytes=1_570_000,
    licence="3b0a5fca3d17942cde889069889dedbbbd075e9b599968c82a95f4d944e9b345",
    cuts=(
        _inter(
            "cyrillic-ext",
            "ca157063339ac4ad418f214f3abfed119b0798ab4d377386ce5c9e5a7a435ebd",
            "U+0460-052F, U+1C80-1C8A, U+20B4, U+2DE0-2DFF, U+A640-A69F, U+FE2E-FE2F",
        ),
        _inter(
            "cyrillic",
            "71d5ee93cc1e9f1d520a3a8b66456de18c7879d8df09d57fcd2eaff75fef0075",
            "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116",
        ),
        _inter(
            "greek-ext",
            "6e9e020a25f9b56d418f2c085b1d3c09725a4da23fe693a5b463064606732190",
            "U+1F00-1FFF",
        ),
        _inter(
            "greek",
            "1be3448e292fbf05ffe176fe1e43f135013d50b1e7d324ad1a558f623d3bb6f6",
            "U+0370-0377, U+037A-037F, U+0384-038A, U+038C, U+038E-03A1, U+03A3-03FF",
        ),
        _inter(
            "vietnamese",
            "5c66f9e07e90c6d4ac4922cc68d60de26c17b1858e677fb5e603fce3952b3ff2",
            "U+0102-0103, U+0110-0111, U+0128-0129, U+0168-0169, U+01A0-01A1, U+01AF-01B0, U+0300-0301, "
            "U+0303-0304, U+0308-0309, U+0323, U+0329, U+1EA0-1EF9, U+20AB",
        ),
        _inter(
            "latin-ext",
            "34b9c504cab7a73e37b746343a449132e56cf7b5481af2cb81dc74dcff25c956",
            "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, "
            "U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, "
            "U+A720-A7FF",
        ),
        _inter(
            "latin",
            "3100e775e8616cd2611beecfa23a4263d7037586789b43f035236a2e6fbd4c62",
            "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, "
            "U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
        ),
    ),
)


def find_folder() -> Path:
    """Return where it is kept: TYPEFACE_DIR, or `typeface` in the data folder. Served as static files."""
    return Path(os.environ.get("TYPEFACE_DIR") or paths.data() / "typeface").resolve()


def list_missing(face: Face, place: Path) -> list[str]:
    """Return the names of a typeface's files that are not there, or are not what they should be."""
    return [name for name, (_, sha256) in face.files.items() if _sha256(place / "fonts" / name) != sha256]


def fetch(face: Face, place: Path, progress: Progress) -> None:
    """See to it that a typeface is there whole, with the style sheet that names its files.

    Raises Unavailable where it cannot be had; then what is there is left as it is.
    """
    fonts, downloads, sheet = place / "fonts", place / ".downloads", place / "css" / "typeface.css"
    fonts.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if list_missing(face, place):
            # It would name files that are not there, which no collecting of static files survives.
            sheet.unlink(missing_ok=True)
            downloads.mkdir(exist_ok=True)
            try:
                unpack(face, npm_tarball(face.package, downloads, face.about_bytes, progress), fonts)
            finally:
                shutil.rmtree(downloads, ignore_errors=True)
        _put(sheet, stylesheet(face).encode())


def unpack(face: Face, tarball: Path, fonts: Path) -> None:
    """Take a typeface's files out of its package, all or none. Raises Unavailable."""
    try:
        with tarfile.open(tarball, "r:gz") as package:
            found = {name: _read(package, member) for name, (member, _) in face.files.items()}
    except (tarfile.TarError, EOFError, OSError, KeyError) as exc:
        raise Unavailable(f"the package is not what it should be ({exc})") from exc
    for name, content in found.items():
        if hashlib.sha256(content).hexdigest() != face.files[name][1]:
            raise Unavailable(f"{name} does not have the SHA-256 it should have, and was thrown away")
    for name, content in found.items():
        _put(fonts / name, content)


def stylesheet(face: Face) -> str:
    """Return the CSS that says which file has which characters; a browser fetches those it needs."""
    blocks = []
    for cut in face.cuts:
        lines = [
            f'font-family: "{face.family}"',
            "font-style: normal",
            f"font-weight: {cut.weights}",
            "font-display: swap",
            f'src: url("../fonts/{cut.name}") format("woff2")',
        ]
        lines += [f"unicode-range: {cut.characters}"] if cut.characters else []
        blocks.append("@font-face {\n  " + ";\n  ".join(lines) + "\n}\n")
    return "".join(blocks)


def _read(package: tarfile.TarFile, member: str) -> bytes:
    content = package.extractfile(f"package/{member}")
    if content is None:
        raise KeyError(f"{member} is no file")
    return content.read()


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _put(path: Path, content: bytes) -> None:
    """Put a file in place at once, unless it is there: what has not changed is not collected anew."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    os.replace(draft, path)


def main() -> int:
    place = find_folder()
    with TerminalProgress() as progress:
        try:
            fetch(INTER, place, progress)
        except (Unavailable, OSError) as exc:
            names = "\n".join(
                f"  {name}  SHA-256 {INTER.files[name][1]}" for name in list_missing(INTER, place)
            )
            progress.say(
                f"The typeface could not be fetched: {exc}. The system's fonts stand in for it. It is in "
                f"the npm package {INTER.package}; by hand, put these into {place / 'fonts'}:\n{names}"
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
