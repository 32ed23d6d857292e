"""Clients that nobody here wrote, installed as their users install them: each in an environment of its own.

    python -m tests.clients.environments

installs them all, as the tests do where they are not there yet. Versions and hashes stand in packages/: pip
takes nothing else, and neither does npm. They are kept in var/, never committed, and nothing of them is
changed. What cannot be had fails, and says so.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE / "packages"
PLACE = HERE.parents[1] / "var" / "test-packages" / "clients"


class Unavailable(Exception):
    """A client cannot be had on this machine; str() says which, and why."""


@dataclass(frozen=True)
class PythonClient:
    """A package of PyPI, by the name of its file in packages/.

    is_source: whether it is published as source alone, and is built here, with the setuptools pinned there.
    """

    name: str
    is_source: bool = False

    def __str__(self) -> str:
        return f"the client {self.name} of PyPI"

    @property
    def files(self) -> list[Path]:
        names = ["building", self.name] if self.is_source else [self.name]
        return [PACKAGES / f"{name}.txt" for name in names]

    def fill(self, folder: Path) -> None:
        # Where pip itself lies is no matter of the client's: it needs none to run.
        venv.EnvBuilder(symlinks=True).create(folder)
        for file in self.files:
            command = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
            command += ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
            run([*command, "--no-build-isolation", "-r", str(file)], folder)


@dataclass(frozen=True)
class NpmClients:
    """Packages of npm in one folder, as the folder of that name in packages/ has them locked."""

    name: str = "npm"

    def __str__(self) -> str:
        return f"the packages of npm in {self.name}"

    @property
    def files(self) -> list[Path]:
        return [PACKAGES / self.name / name for name in ("package.json", "package-lock.json")]

    def fill(self, folder: Path) -> None:
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            raise Unavailable("npm and node are not installed. Install them, and run this again.")
        folder.mkdir()
        for file in self.files:
            shutil.copy(file, folder)
        run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], folder)


Client = PythonClient | NpmClients

POOFBG = PythonClient("poofbg-0.4.1")
POOFBG_BEFORE = PythonClient("poofbg-0.2.0")
REMOVEBG = PythonClient("removebg", is_source=True)
REMOVEBG_CLI = PythonClient("removebg-cli")
NPM = NpmClients()
# No client, but what others' people sign in at: a certified provider of OpenID Connect.
OIDC_PROVIDER = NpmClients("oidc-provider")
CLIENTS: tuple[Client, ...] = (POOFBG, POOFBG_BEFORE, REMOVEBG, REMOVEBG_CLI, NPM, OIDC_PROVIDER)


@cache
def install(client: Client) -> Path:
    """Return the folder of a client's environment, made if it is not there yet. Raises Unavailable."""
    pins = hashlib.sha256(sys.version.encode())
    for file in client.files:
        pins.update(file.read_bytes())
    folder = PLACE / f"{client.name}-{pins.hexdigest()[:16]}"
    # Programs in it name the folder they are in, so it is made in its place; this says that it is whole.
    whole = folder / ".whole"
    if not whole.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            client.fill(folder)
        except Unavailable as exc:
            raise Unavailable(f"Cannot get {client}: {exc}") from exc
        whole.touch()
    return folder


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=plain())
    if done.returncode:
        raise Unavailable(done.stderr.strip() or f"{command[0]} ended with {done.returncode}.")


def plain() -> dict[str, str]:
    """Return the environment without what points Python at these tests' own packages."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


if __name__ == "__main__":
    try:
        for one in CLIENTS:
            install(one)
    except Unavailable as exc:
        sys.exit(str(exc))
