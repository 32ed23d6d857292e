"""Many hands on one account at once, in a database of its own: run as a program by test_ledger_races.py.

Prints one line of JSON.
"""

import json
import os
import threading
import uuid
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "picwish_site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402
from django.db.models import Sum  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts import ledger  # noqa: E402
from accounts.models import Account, CreditEntry, Plan, User  # noqa: E402
from editor.models import Photo, Task  # noqa: E402
from editor.states import State  # noqa: E402
from editor.tasks import settlement  # noqa: E402
from editor.tools import Tool  # noqa: E402
from editor.work import orders  # noqa: E402


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Run all acts, each on a thread and connection of its own, from one start. Return what came of them."""
    results: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = acts[number]()
        except orders.OrderRefused as exc:
            results[number] = exc.code
        except DatabaseError as exc:
            results[number] = repr(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


call_command("migrate", verbosity=0)
plan = Plan.objects.create(name="Ten", credits_per_month=10)
user = User.objects.create_user("dora@example.com", plan=plan)
photo = Photo.objects.create(owner=user, name="lamp.jpg", file="photos/none.jpg", format="jpeg")

placed = at_once([lambda: orders.place(user, photo, Tool.CUTOUT, {}).pk] * 100)
tasks = list(Task.objects.all())
ended = at_once(
    [
        lambda task=task, state=state: settlement.end(  # type: ignore[misc]
            Task.objects.filter(pk=task.pk, state=State.QUEUED), state
        )
        for task in tasks
        for state in (State.DONE, State.FAILED, State.CANCELLED)
    ]
)
# Past the rows of the editor: the ledger alone must hold, too.
loose = [uuid.uuid4() for _ in range(5)]
ledger.grant(user, 5, reason="For the race")
for task_id in loose:
    ledger.reserve(user, task_id, 1)
at_once([lambda act=act, one=one: act(one) for one in loose for act in (ledger.settle, ledger.give_back)])  # type: ignore[misc]
following = timezone.now().replace(year=timezone.now().year + 1)
months = at_once([lambda: ledger.grant_monthly(following)] * 8)

account = Account.objects.get(user=user)
sums = account.entries.aggregate(balance=Sum("effect"), from_plan=Sum("plan_effect"))
ends = account.entries.filter(kind__in=[CreditEntry.Kind.SETTLE, CreditEntry.Kind.RETURN])
print(  # noqa: T201
    json.dumps(
        {
            "vendor": connection.vendor,
            "placed": len(tasks),
            "refused": placed.count("too_few_credits"),
            "ended": ended.count(True),
            "ends": ends.count(),
            "spent": account.usage.aggregate(total=Sum("credits"))["total"] or 0,
            "settled": account.entries.filter(kind=CreditEntry.Kind.SETTLE).aggregate(t=Sum("amount"))["t"]
            or 0,
            "months": sum(one for one in months if isinstance(one, int)),
            "adds_up": sums == {"balance": account.balance, "from_plan": account.from_plan},
            "trouble": [str(one) for one in (*placed, *ended, *months) if "Error" in str(one)],
        }
    )
)
