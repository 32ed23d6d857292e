"""The programs that `make check` looks at scripts and styles with: Biome and TypeScript's compiler.

    python -m tests.support.check_tools biome ci

fetches Biome by npm if it is not here yet, and runs it with what follows its name. Both are published for
each kind of machine as a package of its own, a program that needs no Node. They are pinned by version and by
npm's own integrity (SHA-512), kept in var/check-tools, and never committed.
"""

import base64
import hashlib
import os
import platform
import shutil
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from editor.engines.networks.weight_sources import Unavailable, npm_tarball
from editor.engines.terminal import TerminalProgress

PLACE = Path(__file__).resolve().parents[2] / "var" / "check-tools"
MACHINES = {
    ("Linux", "x86_64"): "linux-x64",
    ("Linux", "aarch64"): "linux-arm64",
    ("Darwin", "x86_64"): "darwin-x64",
    ("Darwin", "arm64"): "darwin-arm64",
}


@dataclass(frozen=True)
class Program:
    """package: its name before the machine's. member: the program's path in it. integrity: by machine."""

    package: str
    version: str
    member: str
    about_bytes: int
    integrity: dict[str, str]

    def install(self) -> Path:
        """Return where the program is, fetched if it is not there yet. Raises Unavailable."""
        machine = MACHINES.get((platform.system(), platform.machine()))
        if machine is None:
            raise Unavailable(
                f"{self.package} has no program for {platform.system()} on {platform.machine()}"
            )
        spec = f"{self.package}-{machine}@{self.version}"
        place = PLACE / spec.rpartition("/")[2]
        if not place.is_dir():
            self.unpack(spec, self.integrity[machine], place)
        return place / self.member

    def unpack(self, spec: str, integrity: str, place: Path) -> None:
        """Put a package's files into a folder, which is there whole or not at all."""
        downloads = PLACE / f".{place.name}"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        try:
            with TerminalProgress() as progress:
                tarball = npm_tarball(spec, downloads, self.about_bytes, progress)
            digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
            if digest != integrity:
                raise Unavailable(f"{spec} is not the package that was pinned")
            with tarfile.open(tarball) as package:
                package.extractall(downloads, filter="data")
            (downloads / "package" / self.member).chmod(0o755)
            (downloads / "package").rename(place)
        finally:
            shutil.rmtree(downloads, ignore_errors=True)


PROGRAMS = {
    # MIT or Apache-2.0
    "biome": Program(
        "@biomejs/cli",
        "2.6.8",
        "biome",
        36_000_000,
        {
            "linux-x64": "XIk3pLQT56I6Tti+u0DF8FtSNXjCMTPbxVTzfJ9cS2t1ImVKvrqV5b52GuEaJg6/wuiXvz0sjfb5saB4TPRjzA==",
            "linux-arm64": "0Bjim8lKwnrvXUHoI4k3Tb51BjoiLEwDnovCI8nSzkk6wj3dShiuAjrx6+X0Hjf4ejR1sRZgTQiSDHlpy9vB7w==",
            "darwin-x64": "QWWUPjlA0RnkkgYnFLUHZu+RrDc0FdK0A+wEPA+dENQJwsuSHMH89lspnAw2QUWWc9VHyfluGx1Xmp6Y2GZi8Q==",
            "darwin-arm64": "DHyj+JnRHcn4YdvpiqgTFZMYKSPELMCfFpNNlEuu1L8DKTGXhzW7raIwdsbo2Ie9nCljQLAQkVWQk/mwM0ueiA==",
        },
    ),
    # Apache-2.0
    "tsc": Program(
        "@typescript/typescript",
        "7.0.2",
        "lib/tsc",
        10_000_000,
        {
            "linux-x64": "EYdf2cNg7rgCWJnxCdJ+F3V39O8ihb37eHAu1LK8oAFizgTQbPOK7zHHXbPt8rX24COqODXeI3sIf0fCXG7H/A==",
            "linux-arm64": "Qh4eU4/y3yDjnfjjyPYihMj5/ODIlmt+Bzu17OI+fiSRDW57QmU5SiN63exPRNJPKUzcc1INa1NXdrJ+MqHjUQ==",
            "darwin-x64": "SZ9xZInqApNlNGc9s0W1VSsktYSOe9cFqNOIqmN1Gs8SmkjKZYFt017G4VwPxASInODuAdbTW7sXiFUf893RgA==",
            "darwin-arm64": "gowzar9MwS/aRWp6f3a4KUqzRjAZjOsmGNCM6LcTgXum+dBfgsBVMN+AgvOCCbguXyick6LJhpBszxMebJ8syA==",
        },
    ),
}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    try:
        program = PROGRAMS[name].install()
    except Unavailable as exc:
        sys.exit(f"Scripts and styles were not checked: npm, which fetches {name}, could not. {exc}")
    os.execv(program, [str(program), *arguments])
