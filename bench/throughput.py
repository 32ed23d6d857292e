"""How many orders 1, 2 and 4 workers carry out in a second, as a share of what that many could at best.

    python -m bench.throughput [--on postgresql|redis|sqlite] [--store folder|s3] [--seconds S] [--orders N]

The engine is a stub that sleeps; queue, database, storage, leases and credits are the real ones. Orders of
ten people lie there, N for each worker; then all workers begin at the same moment. Linear is so many times
what one worker does. Prints the rate, its ratio to that of one worker, the share of linear, and the seconds
of CPU that an order takes of a worker and of the database; fails where the share is below 0.9 on PostgreSQL
or Redis.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.end_to_end.installation import ROOT
from tests.support.servers import Postgres, Redis, Store

from .idle import count_cpu, list_family

MARK = 0.9
PEOPLE = 10
PLACE = """
import sys
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from accounts import ledger
from accounts.models import User
from editor.models import Photo, Result, Task
from editor.tools import Tool
from editor.work import orders
count = int(sys.argv[1])
people = [User.objects.get_or_create(email=f"person-{n}@example.com")[0] for n in range(int(sys.argv[2]))]
name = default_storage.save("photos/00/one.jpg", ContentFile(bytes(40_000)))
for number in range(count):
    owner = people[number % len(people)]
    photo = Photo.objects.create(owner=owner, name="one.jpg", file=name, format="jpeg", bytes=40_000,
        width=64, height=64, preview=name, thumbnail=name)
    orders.place(owner, photo, Tool.CUTOUT, {})
"""
# One process with one connection, there before the workers begin: what watches them must not take their CPU.
WATCH = """
import json, sys, time
import django
django.setup()
from django.db.models import Max
from editor.models import Task
from editor.states import State
print("ready", flush=True)
sys.stdin.readline()
while Task.objects.under_way().exists():
    time.sleep(0.5)
done = Task.objects.filter(state=State.DONE)
last = done.aggregate(last=Max("completed_at"))["last"]
print(json.dumps([Task.objects.count() - done.count(), last.timestamp() if last else 0.0]))
"""


def run_code(code: str, environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def measure(
    environment: dict[str, str], workers: int, orders: int, seconds: float, server: int | None
) -> tuple[float, float, float]:
    """Return orders per second, and the seconds of CPU of an order in a worker and in the database."""
    run_code(PLACE, environment, str(orders), str(PEOPLE))
    with tempfile.TemporaryDirectory() as folder:
        start = Path(folder) / "start"
        command = [sys.executable, "-m", "bench.stub_worker", "--seconds", str(seconds), "--hold", str(start)]
        running = [subprocess.Popen(command, env=environment, cwd=ROOT) for _ in range(workers)]
        watch = subprocess.Popen(
            [sys.executable, "-c", WATCH],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert watch.stdout is not None
            assert watch.stdout.readline() == "ready\n"
            while len(list(Path(folder).glob("start.*"))) < workers:
                time.sleep(0.05)
            before = [sum(count_cpu(list_family(one.pid)) for one in running), count_server(server)]
            start.touch()
            began = time.time()
            failed, last = json.loads(watch.communicate("go\n")[0])
            after = [sum(count_cpu(list_family(one.pid)) for one in running), count_server(server)]
        finally:
            for one in running:
                one.terminate()
            watch.terminate()
            for one in running:
                one.wait(60)
    if failed:
        raise SystemExit(f"{failed} orders failed.")
    own, of_server = ((then - now) / orders for now, then in zip(before, after, strict=True))
    return orders / (last - began), own, of_server


def count_server(pid: int | None) -> float:
    """Return the seconds of CPU of all of a server's processes; those that ended are forgotten."""
    return 0.0 if pid is None else count_cpu(list_family(pid))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--on", choices=["postgresql", "redis", "sqlite"], default="postgresql")
    parser.add_argument("--store", choices=["folder", "s3"], default="folder")
    parser.add_argument("--seconds", type=float, default=0.05, help="that the engine sleeps")
    parser.add_argument("--orders", type=int, default=150, help="of each worker")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    asked = parser.parse_args()
    words = {"postgresql": "PostgreSQL", "redis": "PostgreSQL, queue in Redis", "sqlite": "SQLite"}[asked.on]
    where = {"folder": "a folder", "s3": "S3"}[asked.store]
    print(f"{words}, files in {where}, an engine of {1000 * asked.seconds:.0f} ms, {os.cpu_count()} cores")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="throughput-"))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "picwish_site.settings",
            "DATA_DIR": folder,
            "LOG_LEVEL": "WARNING",
            "WEIGHTS_DIR": os.environ.get("WEIGHTS_DIR", str(ROOT / "var/weights")),
        }
        server = None
        if asked.on != "sqlite":
            postgres = stack.enter_context(Postgres())
            environment["DATABASE_URL"], server = postgres.url, postgres.process.pid
        if asked.on == "redis":
            environment["TASKS_URL"] = f"{stack.enter_context(Redis()).url}/0"
        if asked.store == "s3":
            environment["STORAGE_URL"] = stack.enter_context(Store()).url
            subprocess.run([sys.executable, "manage.py", "bucket"], env=environment, cwd=ROOT, check=True)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        one, worst = 0.0, 1.0
        for workers in asked.workers:
            rate, own, of_server = measure(
                environment, workers, workers * asked.orders, asked.seconds, server
            )
            one = one or rate / workers
            share = rate / (one * workers)
            worst = min(worst, share)
            cpu = f"worker {1000 * own:.1f} ms, database {1000 * of_server:.1f} ms"
            print(
                f"  workers {workers}: {rate:6.1f} orders/s, ratio {rate / one:.2f}, {share:.2f} of linear; "
                f"CPU of an order: {cpu}",
                flush=True,
            )
    if worst < MARK and asked.on != "sqlite":
        raise SystemExit(f"Below {MARK} of linear.")


if __name__ == "__main__":
    main()
