"""PostgreSQL, Redis and an S3 store of a test's own, on loopback. They can go down and come back."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from tests.end_to_end.installation import free_port

from .waiting import PATIENCE, wait_for

# Behind a link its neighbours may be missing.
_FOUND = shutil.which("initdb")
INITDB = (str(Path(_FOUND).resolve()) if _FOUND else None) or next(
    (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
)
REDIS = shutil.which("redis-server")
SILENT: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process that is up within its context, and can go down and come up again meanwhile."""

    url: str

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


class Redis(Server):
    """Remembers nothing when it comes back."""

    def __init__(self) -> None:
        if REDIS is None:
            pytest.skip("redis-server is not on this machine; .ci/run installs it.")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "/"]
        self.process = subprocess.Popen(command, **SILENT)  # type: ignore[arg-type]
        wait_for(lambda: listens(self.port), "Redis")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


class Postgres(Server):
    """Keeps what it was told for good."""

    def __init__(self) -> None:
        if INITDB is None:
            pytest.skip("PostgreSQL is not on this machine; .ci/run installs it.")
        # It refuses to run as root, and the folders of a test are its owner's alone.
        user = "postgres" if os.geteuid() == 0 else None
        self.options = {**SILENT, "user": user}
        self.folder = Path(tempfile.mkdtemp(prefix="studio-postgres-"))
        if user:
            shutil.chown(self.folder, user)
        self.port = free_port()
        self.url = f"postgres://studio@127.0.0.1:{self.port}/postgres"
        made: list[Any] = [INITDB, "-D", self.folder / "data", "-A", "trust", "-U", "studio", "--no-sync"]
        subprocess.run(made, check=True, **self.options)

    def start(self) -> None:
        beside = Path(str(INITDB)).with_name
        place = ["-h", "127.0.0.1", "-p", str(self.port)]
        command: list[Any] = [beside("postgres"), "-D", self.folder / "data", "-k", self.folder, *place]
        self.process = subprocess.Popen(command, **self.options)
        is_ready: list[Any] = [beside("pg_isready"), "-q", *place]
        wait_for(lambda: subprocess.run(is_ready, check=False).returncode == 0, "PostgreSQL")

    def stop(self) -> None:
        # Not SIGTERM, which waits until everybody has hung up.
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def __exit__(self, *exc: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)


class Store(Server):
    """Speaks S3, and remembers nothing when it comes back. Any key opens it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.url = f"s3://key:secret@sweep/pictures?endpoint={self.endpoint}&region=us-east-1"

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, **SILENT)
        wait_for(lambda: listens(self.port), "the S3 store")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture
def redis() -> Iterator[str]:
    """Its address."""
    with Redis() as server:
        yield server.url


@pytest.fixture
def postgres() -> Iterator[str]:
    """Its address."""
    with Postgres() as server:
        yield server.url
