"""The studio as `make run` starts it: real network, real queue, real database, real processes."""

import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.waiting import PATIENCE, wait_for

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port that nothing listens on. Not one of those that the system gives to connections going
    out: what is started takes seconds until it listens, and other tests connect meanwhile."""
    while True:
        port = 10_240 + secrets.randbelow(22_528)  # not random: hypothesis seeds that
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def csrf_token(client: httpx.Client) -> str:
    """Return what the studio's cookie for it says; its name is the installation's own."""
    return next(cookie.value or "" for cookie in client.cookies.jar if cookie.name.endswith("-csrf"))


# Studios whose processes are meant to be up.
RUNNING: list["Studio"] = []


@dataclass(eq=False)
class Studio:
    """One installation in a folder of its own, served on loopback."""

    data: Path
    workers: int = 1
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PYTHON": sys.executable,
            "DATA_DIR": str(self.data),
            "WEIGHTS_DIR": os.environ.get("WEIGHTS_DIR", str(ROOT / "var/weights")),
            "TYPEFACE_DIR": os.environ.get("TYPEFACE_DIR", str(ROOT / "var/typeface")),
            "DJANGO_SETTINGS_MODULE": "picwish_site.settings",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WORKERS": str(self.workers),
            "WEB_PROCESSES": "1",
            "LEASE_SECONDS": "4",
            # How fast the machine is decides nothing here.
            "TASK_DEADLINE": "3600",
            "RENDER_DEADLINE": "3600",
            # Small pictures of scenes: they are built and lit as large ones, in a tenth of the time.
            "SCENE_SIDE": "256",
            **self.settings,
        }
        self.log = self.data / "terminal.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.console: subprocess.Popen[str] | None = None
        self.clients: list[httpx.Client] = []

    def start(self) -> None:
        self.set_up()
        with self.log.open("ab") as log:
            self.run(log.fileno())
        wait_for(lambda: "is ready at" in self.log.read_text(), lambda: f"the start; {self.log.read_text()}")

    def run(self, output: int) -> None:
        """Start it, with this file as its terminal."""
        self.process = subprocess.Popen(
            [ROOT / "bin/run"],
            env=self.environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        RUNNING.append(self)

    def set_up(self) -> None:
        """Do as `make install` does, or go on from what that made for the first studio of these tests."""
        # Benches have no folder for it: theirs is set up from nothing.
        own = "DATABASE_URL" not in self.settings and not (self.data / "studio.sqlite3").exists()
        if own and "PREPARED_DIR" in os.environ:
            self.copy_prepared()
        self.data.mkdir(parents=True, exist_ok=True)
        subprocess.run([ROOT / "bin/setup"], env=self.environment, cwd=ROOT, check=True, capture_output=True)

    def copy_prepared(self) -> None:
        """Begin with the files of a studio that was set up and never run: one for all processes."""
        kept = Path(os.environ["PREPARED_DIR"])
        with (kept / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (kept / "data").exists():
                first = Studio(kept / "draft")
                first.data.mkdir()
                command = [ROOT / "bin/setup"]
                subprocess.run(command, env=first.environment, cwd=ROOT, check=True, capture_output=True)
                # Each studio has its own.
                (first.data / "secret_key").unlink(missing_ok=True)
                first.data.rename(kept / "data")
        shutil.copytree(
            kept / "data", self.data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.socket")
        )

    @contextmanager
    def web_alone(self) -> Iterator[None]:
        """Serve the pages, with collected files and no workers, for tests of pages alone."""
        self.copy_prepared()
        command = [sys.executable, "-m", "uvicorn", "picwish_site.asgi:application", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        RUNNING.append(self)
        try:
            wait_for(self.answers, "the web process")
            yield
        finally:
            self.close()
            self.process.terminate()
            self.process.wait(PATIENCE)

    def has_died(self) -> bool:
        """Whether its first process ended."""
        return self.process is not None and self.process.poll() is not None

    def answers(self) -> bool:
        """Whether the web process is up."""
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """Press Ctrl-C: the whole group in the foreground gets it. Return the exit status."""
        assert self.process is not None
        self.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Let go of all that this process holds of it; it may end now."""
        if self in RUNNING:
            RUNNING.remove(self)
        for client in self.clients:
            client.close()
        self.close_console()

    def close_console(self) -> None:
        if self.console is not None:
            self.console.communicate()
            self.console = None

    def manage(self, *arguments: str) -> str:
        """Carry out a management command and return what it printed."""
        if self.console is None:
            self.console = subprocess.Popen(
                [sys.executable, "-m", "tests.end_to_end.console"],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self.console.stdin is not None
        assert self.console.stdout is not None
        self.console.stdin.write(json.dumps(arguments) + "\n")
        self.console.stdin.flush()
        told = self.console.stdout.readline()
        assert told, f"The studio's console ended before it had carried out {arguments}."
        printed, failed = json.loads(told)
        assert not failed, failed
        return printed

    def add_person(self, email: str) -> str:
        """Create an account and return its password."""
        printed = self.manage("createuser", email)
        return re.findall(r"\S+", printed)[-1]

    def admit(self, email: str, **powers: bool) -> dict[str, str]:
        """Create an account and return the cookie of a session of theirs."""
        who = f"User.objects.create_user({email!r}, **{powers!r})"
        return json.loads(self.shell(f"from tests.desk.seeds import *\nhand_over(**ticket({who}))"))

    def shell(self, code: str) -> str:
        """Run code in the studio's console and return what it printed."""
        return self.manage("shell", "-v0", "-c", code)

    def client(self, email: str, password: str) -> httpx.Client:
        """Return a client that is signed in, with the token that forms need in its headers."""
        client = httpx.Client(base_url=self.url, follow_redirects=True, timeout=PATIENCE)
        self.clients.append(client)
        client.get("/account/sign-in/")
        token = {"csrfmiddlewaretoken": csrf_token(client)}
        answer = client.post("/account/sign-in/", data={"username": email, "password": password, **token})
        assert answer.url.path == "/editor/", answer.text
        client.headers["X-CSRFToken"] = csrf_token(client)
        client.headers["Referer"] = self.url
        return client

    def rows(self, sql: str, *values: object) -> list[tuple]:
        """Look into the database from outside, as an operator would."""
        with closing(sqlite3.connect(f"file:{self.data}/studio.sqlite3?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def commands(self) -> dict[int, str]:
        """Return what runs of this studio: its processes' ids and commands."""
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-ww", "-o", "pid=,stat=,args=", "--sid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return {int(row[0]): row[-1] for row in rows if "Z" not in row[1]}

    def processes(self, words: str) -> list[int]:
        """Return the ids of this studio's processes whose command has these words."""
        return [pid for pid, command in self.commands().items() if words in command]
