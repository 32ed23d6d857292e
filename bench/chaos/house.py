"""The grown studio of the bench: its servers, and its processes, each started anew when it ends."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.end_to_end.installation import ROOT, Studio, free_port
from tests.support.relay import Relay
from tests.support.servers import Postgres, Redis, Store
from tests.support.store_gate import StoreGate

from .network import Cable

# As much as a worker's scratch, and the database, have.
SCRATCH_MB, DATABASE_MB = 64, 400
SIDE = 90  # pixels: photos with a longer one are real work
LEASE_SECONDS = 10
CLOCKS = ("+1h", "-1h")


class Part:
    """A process of the studio, started again a second after it ended, as its supervisor does."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.stopped, self.starts = threading.Event(), 0
        self.process: subprocess.Popen[bytes] | None = None
        self.keeper = threading.Thread(target=self.keep, name=name, daemon=True)

    def start(self) -> None:
        self.keeper.start()

    def keep(self) -> None:
        while not self.stopped.is_set():
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    self.command,
                    env=self.environment,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.starts += 1
            self.process.wait()
            self.stopped.wait(1.0)

    def kill(self) -> None:
        """End it and all that came of it with -9."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self.stopped.set()
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        self.keeper.join(40)


@dataclass
class House:
    """What runs. skipped: what this machine could not make, in words."""

    folder: Path
    postgres: Postgres
    redis: Redis
    gate: StoreGate
    cable: Cable | None
    studio: Studio
    balancer: Relay
    scratch: Path | None
    database: Path | None
    web: list[Part] = field(default_factory=list)
    workers: list[Part] = field(default_factory=list)
    upkeep: list[Part] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.balancer.port}"

    @property
    def parts(self) -> list[Part]:
        return [*self.web, *self.workers, *self.upkeep]


def mount(path: Path, megabytes: int) -> Path | None:
    """Return a folder of its own size, None where this machine makes none."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(path)]
    return path if subprocess.run(command, check=False, capture_output=True).returncode == 0 else None


def unmount(path: Path) -> None:
    subprocess.run(["umount", "--lazy", str(path)], check=False, capture_output=True)


def make_postgres(folder: Path | None) -> Postgres:
    """Return a server whose files are there."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder) if folder else before
    try:
        return Postgres()
    finally:
        tempfile.tempdir = before


@contextmanager
def build(folder: Path, speed: float) -> Iterator[House]:
    """Have the whole studio run within. speed: seconds of the stub engine."""
    skipped: list[str] = []
    with ExitStack() as stack:
        disks = {"scratch": SCRATCH_MB, "database": DATABASE_MB}
        places = {name: mount(folder / name, size) for name, size in disks.items()}
        for name, place in places.items():
            if place is None:
                skipped.append(f"a full disk under the {name}: no file system of its own can be mounted here")
            else:
                stack.callback(unmount, place)
        postgres = stack.enter_context(make_postgres(places["database"]))
        redis = stack.enter_context(Redis())
        store = stack.enter_context(Store())
        gate = stack.enter_context(StoreGate(store.port))
        cable, why = Cable.lay([postgres.port, redis.port, gate.server_port])
        if cable is None:
            skipped.append(f"a network that is cut: {why}")
        else:
            stack.enter_context(cable)
        ports = [free_port(), free_port()]
        balancer = stack.enter_context(Relay(ports))
        studio = Studio(
            folder / "studio", settings=list_settings(postgres.url, redis.url, gate.endpoint, balancer.port)
        )
        studio.data.mkdir()
        stack.callback(studio.close)
        house = House(
            folder,
            postgres,
            redis,
            gate,
            cable,
            studio,
            balancer,
            places["scratch"],
            places["database"],
            skipped=skipped,
        )
        studio.manage("bucket")
        studio.manage("migrate", "-v0")
        studio.manage("collectstatic", "--noinput", "-v0")
        furnish(house, ports, speed)
        for part in house.parts:
            part.start()
            stack.callback(part.stop)
        wait_until_up(house)
        yield house


def list_settings(postgres: str, redis: str, endpoint: str, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres,
        "TASKS_URL": f"{redis}/0",
        "CACHE_URL": f"{redis}/1",
        "RATE_LIMIT_URL": f"{redis}/2",
        "STORAGE_URL": f"s3://key:secret@sweep/pictures?endpoint={endpoint}&region=us-east-1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "TASK_DEADLINE": "180",
        "SECRET_KEY": "chaos" * 12,
    }


def furnish(house: House, ports: list[int], speed: float) -> None:
    """Say what is to run: two web processes, three workers, each with its own misfortune, two upkeeps."""
    usual, python, log = house.studio.environment, sys.executable, house.folder / "log"
    log.mkdir()
    serve = f"{python} -m uvicorn picwish_site.asgi:application --http picwish_site.connections:Connection"
    web = f"{serve} --host 127.0.0.1 --lifespan off --no-access-log --log-level warning".split()
    for number, port in enumerate(ports, 1):
        name = f"web {number}"
        house.web.append(Part(name, [*web, "--port", str(port)], usual, log / f"web-{number}.log"))
    work = [python, "-m", "bench.stub_worker", "--seconds", str(speed), "--own", str(SIDE)]
    scratch = {"TMPDIR": str(house.scratch)} if house.scratch else {}
    house.workers.append(Part("worker 1", work, {**usual, **scratch}, log / "worker-1.log"))
    cut = house.cable
    environment, command = (usual, work) if cut is None else (cut.translate(usual), cut.wrap(work))
    house.workers.append(Part("worker 2", command, environment, log / "worker-2.log"))
    late = ["faketime", "-f", CLOCKS[0], *work]
    house.workers.append(Part("worker 3", late, usual, log / "worker-3.log"))
    for number in (1, 2):
        upkeep = [python, "manage.py", "upkeep", "--every", "2"]
        house.upkeep.append(Part(f"upkeep {number}", upkeep, usual, log / f"upkeep-{number}.log"))


def wait_until_up(house: House) -> None:
    """Wait for both web processes and all three workers. Raises SystemExit where they do not come."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            ports = house.balancer.ports
            ready = all(httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200 for port in ports)
            alive = "from editor.models import Worker; print(Worker.objects.alive().count())"
            if ready and int(house.studio.shell(alive)) >= len(house.workers):
                return
        except httpx.TransportError:
            pass
        time.sleep(1.0)
    told = "\n".join(path.read_text()[-2000:] for path in (house.folder / "log").glob("*.log"))
    raise SystemExit(f"The studio did not come up.\n{told}")
