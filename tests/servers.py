"""PostgreSQL and Redis of a test's own, on loopback."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio.installation import free_port
from tests.waiting import PATIENCE, wait_for

# Behind a link its neighbours may be missing.
_FOUND = shutil.which("initdb")
INITDB = (str(Path(_FOUND).resolve()) if _FOUND else None) or next(
    (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
)
REDIS = shutil.which("redis-server")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    if REDIS is None:
        pytest.skip("redis-server is not on this machine; .ci/run installs it.")
    port = free_port()
    server = subprocess.Popen(
        [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    yield f"redis://127.0.0.1:{port}"
    server.terminate()
    server.wait(PATIENCE)


@pytest.fixture
def postgres() -> Iterator[str]:
    if INITDB is None:
        pytest.skip("PostgreSQL is not on this machine; .ci/run installs it.")
    # It refuses to run as root, and the folders of a test are its owner's alone.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="studio-postgres-"))
    if user:
        shutil.chown(folder, user)
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": "/"}
    subprocess.run([INITDB, "-D", folder / "data", "-A", "trust", "-U", "studio"], check=True, **quiet)  # type: ignore[call-overload]
    server = subprocess.Popen(  # type: ignore[call-overload]
        [
            Path(INITDB).with_name("postgres"),
            "-D",
            folder / "data",
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            folder,
        ],
        **quiet,
    )
    is_ready = [Path(INITDB).with_name("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    wait_for(lambda: subprocess.run(is_ready, check=False).returncode == 0, "PostgreSQL")
    yield f"postgres://studio@127.0.0.1:{port}/postgres"
    server.terminate()
    server.wait(PATIENCE)
    shutil.rmtree(folder)
