"""What idle workers cost, and how soon they take an order, beside the ten looks a second of before.

    python -m bench.idle [--seconds S] [--orders N] [--on sqlite|postgresql|redis]

Starts two workers as the studio does, imaging process and all, waits until they are warm, and prints the
share of one core that both took while nothing happened, from the system's own account of their processes.
Then it places orders one by one, and prints how long each waited until a worker had it, from the moment it
was placed: the order's own way into the database, the wake-up and the claim. PostgreSQL and Redis are started
on loopback where they are installed.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.servers import Postgres, Redis

ROOT = Path(__file__).resolve().parents[1]
WAYS = {"before": "ten looks a second", "now": "woken"}
ORDERS = """
import json, sys, time
import django
django.setup()
from django.conf import settings
from accounts.models import User
from editor.models import Photo, Task, Worker
from editor.tools import Tool
from editor.work import orders

while Worker.objects.alive().filter(queue__in=settings.QUEUES).count() < 2:
    time.sleep(0.2)
owner, _ = User.objects.get_or_create(email="asker@example.com")
photo = Photo.objects.create(owner=owner, name="no.jpg", file="photos/no.jpg", format="jpeg", bytes=1,
    width=9, height=9, preview="copies/no.webp")
print("alive", flush=True)
sys.stdin.readline()
waits = []
for _ in range(int(sys.argv[1])):
    time.sleep(0.31)  # in no step with anybody's looks
    task = orders.place(owner, photo, Tool.CUTOUT, {})
    while not (task.processed_at and task.status.is_settled):  # there is no such file: it fails at once
        time.sleep(0.05)
        task.refresh_from_db()
    waits.append((task.processed_at - task.created_at).total_seconds())
print(json.dumps(waits), flush=True)
"""


def work_as_before() -> None:
    """Be a worker with django-tasks-db's own loop. Runs in a process of its own."""
    import django

    django.setup()
    from django.core.management import call_command
    from django_tasks_db.management.commands import db_worker

    from editor.management.commands import worker

    worker.DatabaseWorker.run = db_worker.Worker.run  # type: ignore[method-assign]
    call_command("worker", queue="quick")


def list_family(pid: int) -> list[int]:
    """Return a process and all that came of it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in children for one in list_family(int(child)))]


def count_cpu(pids: list[int]) -> float:
    """Return the seconds of CPU that processes took until now, thread by thread, as the scheduler counts."""
    paths = [path for pid in pids for path in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(int(path.read_text().split()[0]) for path in paths) / 1e9


@contextmanager
def at_work(environment: dict[str, str], way: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = {
        "before": [sys.executable, "-m", "bench.idle", "--be-before"],
        "now": [sys.executable, "manage.py", "worker", "--queue", "quick"],
    }[way]
    with tempfile.TemporaryFile() as log:
        workers = [
            subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log) for _ in range(2)
        ]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(60)


def measure(environment: dict[str, str], way: str, seconds: float, orders: int) -> tuple[float, list[float]]:
    """Return the share of a core that two idle workers take, and how many seconds each order lay there."""
    with at_work(environment, way) as workers:
        asked = subprocess.Popen(
            [sys.executable, "-c", ORDERS, str(orders)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert asked.stdout is not None
        assert asked.stdout.readline() == "alive\n"
        time.sleep(10)  # until the imaging processes are warm, and what they were warmed with is let go
        family = [one for worker in workers for one in list_family(worker.pid)]
        before = count_cpu(family)
        began = time.monotonic()
        time.sleep(seconds)
        share = (count_cpu(family) - before) / (time.monotonic() - began)
        answer, _ = asked.communicate("go\n")
    return share, json.loads(answer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="how long nothing happens")
    parser.add_argument("--orders", type=int, default=20, help="orders, one by one")
    parser.add_argument("--on", choices=["sqlite", "postgresql", "redis"], default="sqlite")
    parser.add_argument("--be-before", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.be_before:
        work_as_before()
        return
    print(f"Two idle workers on {asked.on}, {asked.seconds:g} s each; then {asked.orders} orders one by one.")
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="idle-"))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "picwish_site.settings",
            "DATA_DIR": data,
            "WEIGHTS_DIR": os.environ.get("WEIGHTS_DIR", str(ROOT / "var/weights")),
            "CACHE_DIR": os.environ.get("CACHE_DIR", str(ROOT / "var/cache")),
            "LOG_LEVEL": "WARNING",
        }
        if asked.on == "postgresql":
            environment["DATABASE_URL"] = stack.enter_context(Postgres()).url
        elif asked.on == "redis":
            environment["TASKS_URL"] = stack.enter_context(Redis()).url
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        for way, words in WAYS.items():
            if way == "before" and asked.on == "redis":
                continue  # Redis has woken its workers before, too.
            interval = {"WORKER_INTERVAL": "0.1"} if way == "before" else {}
            share, waits = measure({**environment, **interval}, way, asked.seconds, asked.orders)
            print(describe(words, share, waits), flush=True)


def describe(words: str, share: float, waits: list[float]) -> str:
    """Return the line of a way. share: of a core; waits: seconds of each order."""
    waits = sorted(1000 * wait for wait in waits)
    late = waits[int(len(waits) * 0.95)]
    return (
        f"  {words:<20} {100 * share:6.2f} % of a core   taken after: median "
        f"{statistics.median(waits):5.1f} ms, 95 % {late:5.1f} ms, longest {waits[-1]:5.1f} ms"
    )


if __name__ == "__main__":
    main()
