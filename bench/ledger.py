"""A million lines in the ledger: how long the usage page, the list of people and an order take then.

    python -m bench.ledger [--entries 1000000] [--people 2000]

Half of all entries are one person's. In a database of its own, on this machine's disk.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import CreditEntry

BATCH = 5_000
ROUNDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "picwish_site.settings",
            "LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        measure(options.entries, options.people)


def measure(entries: int, people: int) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client

    from accounts import ledger
    from accounts.models import Account, CreditEntry, User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    admin = User.objects.create_superuser("olga@example.com")
    User.objects.bulk_create(User(email=f"person-{number:05}@example.com") for number in range(people))
    Account.objects.bulk_create(
        Account(user=user, month="9999-12", balance=10**6) for user in User.objects.filter(account=None)
    )
    accounts = list(Account.objects.exclude(user=admin).order_by("pk"))
    batch: list[CreditEntry] = []
    with transaction.atomic():
        for entry in story(entries, accounts):
            batch.append(entry)
            if len(batch) >= BATCH:
                CreditEntry.objects.bulk_create(batch)
                batch = []
        CreditEntry.objects.bulk_create(batch)
    days(accounts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{CreditEntry.objects.count():,} entries of {people:,} people")

    busy = accounts[0].user
    assert busy is not None
    mine, desk = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    mine.force_login(busy)
    desk.force_login(admin)
    pages = {
        "usage page": lambda: mine.get("/account/usage/"),
        "usage page, spent": lambda: mine.get("/account/usage/?shown=spent"),
        "usage page, granted": lambda: mine.get("/account/usage/?shown=granted"),
        "list of people": lambda: desk.get("/admin/accounts/user/"),
        "list of people, by use": lambda: desk.get("/admin/accounts/user/?o=5"),
        "ledger at the desk": lambda: desk.get("/admin/accounts/creditentry/"),
        "one person at the desk": lambda: desk.get(f"/admin/accounts/user/{busy.pk}/change/"),
    }
    for name, page in pages.items():
        report(name, page)
    task_ids = iter([uuid.uuid4() for _ in range(ROUNDS + 1)])

    def order() -> None:
        task_id = next(task_ids)
        ledger.reserve(busy, task_id, 1, tool="cutout")
        ledger.settle(task_id)

    report("an order, reserved and settled", order)


def story(count: int, accounts: list) -> Iterator["CreditEntry"]:
    """Yield entries of orders that were reserved and settled, every other of them the first account's."""
    from django.utils import timezone

    from accounts.models import CreditEntry

    now = timezone.now()
    for number in range(count // 2):
        account = accounts[0] if number % 2 else accounts[number % len(accounts)]
        task_id = uuid.uuid4()
        at = now - timedelta(seconds=5 * (count - number))
        for kind, effect in (("reserve", -1), ("settle", 0)):
            yield CreditEntry(
                account=account,
                kind=kind,
                amount=1,
                effect=effect,
                task_id=task_id,
                tool="cutout",
                reason="Cutout",
                created_at=at,
            )


def days(accounts: list) -> None:
    """Give every account a month of use with two tools, as settling would have."""
    from django.utils import timezone

    from accounts.models import Usage

    today = timezone.localdate()
    Usage.objects.bulk_create(
        (
            Usage(account=account, day=today - timedelta(days=back), tool=tool, credits=9, tasks=9)
            for account in accounts
            for back in range(30)
            for tool in ("cutout", "scene")
        ),
        batch_size=BATCH,
    )


def report(name: str, act: Callable[[], object]) -> None:
    """Print the median and the slowest of some rounds, in milliseconds, after one that warms up.

    On the CPU: what remains on a machine that does nothing else.
    """
    times, busy = [], []
    for number in range(ROUNDS + 1):
        started, started_busy = time.perf_counter(), time.process_time()
        answer = act()
        if number:
            times.append(1000 * (time.perf_counter() - started))
            busy.append(1000 * (time.process_time() - started_busy))
        status = getattr(answer, "status_code", 200)
        if status != 200:
            sys.exit(f"{name}: HTTP {status}")
    median, slowest, on_cpu = statistics.median(times), max(times), statistics.median(busy)
    print(
        f"{name:32} median {median:6.1f} ms   slowest {slowest:6.1f} ms   on the CPU {on_cpu:6.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
