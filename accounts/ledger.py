"""The ledger of credits: granted, reserved when an order is placed, settled or given back when its task ends.

Every change of an account is an entry of the ledger, written in one transaction with the balance
and under a lock of the account's row, so the balance is the ledger's sum at all times. The database
holds what matters should this module be wrong: no balance below 0, a task's credits reserved once
and ended once, a month's grant given once (accounts/models/ledger.py).

    LedgerError
    ├── TooFewCredits      the balance does not cover it
    └── BadAmount          not a number of credits that can be granted, reserved or corrected
"""

import uuid
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from web.statements.queries import Statement, list_columns, make_row
from web.statements.writes import Update, insert

from . import allowance
from .models import Account, CreditEntry, Plan, Usage, User

Kind = CreditEntry.Kind

# One entry holds no more: a slip of the finger, not a studio's month.
MOST = 1_000_000_000


class LedgerError(Exception):
    """Nothing was written. `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TooFewCredits(LedgerError):
    """The balance does not cover it. needed and left, in credits."""

    def __init__(self, needed: int, left: int) -> None:
        super().__init__(f"This takes {needed} credits, and {left} are left.")
        self.needed, self.left = needed, left


class BadAmount(LedgerError):
    """Not a number of credits that can be granted, reserved or corrected."""


def get_balance(user: User) -> int | None:
    """Return the credits left, None where the plan has no limit. One query, for every page's header."""
    row = User.objects.filter(pk=user.pk).with_balance().values_list("limit", "account__balance").first()
    if row is None or row[0] is None:
        return None
    return row[1] or 0


def get_shares(user: User) -> tuple[int | None, int]:
    """Return the credits left, None where the plan has no limit, and how many of them are this month's."""
    row = User.objects.filter(pk=user.pk).with_balance()
    limit, left, of_plan = row.values_list("limit", "account__balance", "account__from_plan").get()
    return (None if limit is None else left or 0), of_plan or 0


def count_used(user: User, under_way: QuerySet[Any]) -> tuple[int, int | None]:
    """Return the credits used this month, and of how many: with what is left and what is set aside.

    None where there is no limit. under_way: the person's tasks that have not ended. One query, so that
    what ends meanwhile is counted once.
    """
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    month = Usage.objects.of_month(today).filter(account__user=OuterRef("pk")).order_by().values("account")
    reserved = CreditEntry.objects.owned_by(OuterRef("pk")).filter(
        kind=Kind.RESERVE, task_id__in=under_way.values("pk")
    )
    aside = reserved.order_by().values("account").annotate(sum=-Sum("effect"))
    row = (
        User.objects.filter(pk=user.pk)
        .with_balance()
        .annotate(
            used=Coalesce(Subquery(month.annotate(sum=Sum("credits")).values("sum")), 0),
            aside=Coalesce(Subquery(aside.values("sum")), 0),
        )
        .values_list("limit", "account__balance", "used", "aside")
        .get()
    )
    limit, left, used, set_aside = row
    return used, None if limit is None else used + (left or 0) + set_aside


def reserve(owner: User, task_id: uuid.UUID, credits: int, *, tool: str = "", reason: str = "") -> None:
    """Take credits for a task out of its owner's balance until it ends.

    tool and reason: what the entry says it was for. Call it in the transaction that makes the task.
    Raises TooFewCredits, BadAmount.
    """
    if credits == 0:
        return
    amount = check_amount(credits)
    unlimited = allowance.get_allowance(owner).credits_per_month is None
    with transaction.atomic():
        account = lock_account(open_account(owner))
        taken = 0 if unlimited else amount
        of_plan = min(taken, account.from_plan)
        enough = Account.objects.filter(pk=account.pk, balance__gte=taken)
        if not enough.update(balance=F("balance") - taken, from_plan=F("from_plan") - of_plan):
            raise TooFewCredits(amount, account.balance)
        CreditEntry.objects.create(
            account=account,
            kind=Kind.RESERVE,
            amount=amount,
            effect=-taken,
            plan_effect=-of_plan,
            task_id=task_id,
            tool=tool,
            reason=reason[:200],
            actor=owner,
        )


def build_reserve(*, task: uuid.UUID) -> QuerySet[CreditEntry]:
    """Return the query of what was reserved for a task, with its account, locked as by lock_account."""
    rows = CreditEntry.objects.select_related("account").select_for_update(of=("account",), no_key=True)
    return rows.filter(task_id=task, kind=Kind.RESERVE)


def build_ends(*, task: uuid.UUID) -> QuerySet[CreditEntry, Any]:
    return CreditEntry.objects.filter(task_id=task, kind__in=[Kind.SETTLE, Kind.RETURN]).values_list("pk")


def build_used(tool: str, *, account: int, day: date, amount: int) -> tuple[QuerySet[Usage], dict[str, Any]]:
    """Return what an account spent on a day with a tool, and what is added to it."""
    more = {"credits": F("credits") + amount, "tasks": F("tasks") + 1}
    return Usage.objects.filter(account=account, day=day, tool=tool), more


ENTRY, ACCOUNT = list_columns(CreditEntry), list_columns(Account)
RESERVE = Statement(build_reserve, task=uuid.UUID)
ENDS = Statement(build_ends, task=uuid.UUID)
USED = Update(build_used, account=int, day=date, amount=int)


def settle(task_id: uuid.UUID, credits: int | None = None) -> bool:
    """Spend what was reserved for a task that succeeded. False where nothing was, or it ended already.

    credits: what is spent where only a part of it was made, at least one; the rest goes back.
    """
    return end_reserve(task_id, Kind.SETTLE, credits)


def give_back(task_id: uuid.UUID) -> bool:
    """Put back what was reserved for a task that failed. False where nothing was, or it ended already."""
    return end_reserve(task_id, Kind.RETURN)


def end_reserve(task_id: uuid.UUID, kind: CreditEntry.Kind, credits: int | None = None) -> bool:
    """End a reserve as settled or returned; the first to come decides. Return whether this was it."""
    # Of whoever has begun a transaction it is a part: nothing is written before all is known to be right.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        reserved = next(iter(RESERVE.ask(task=task_id)), None)
        if reserved is None:
            return False
        reserve = make_row(CreditEntry, ENTRY, reserved[: len(ENTRY)])
        account = make_row(Account, ACCOUNT, reserved[len(ENTRY) :])
        if ENDS.ask(task=task_id):
            return False
        amount = reserve.amount if credits is None else credits
        if not 1 <= amount <= reserve.amount:
            raise BadAmount(f"{amount} credits cannot be spent of {reserve.amount} that were reserved.")
        back, of_plan = split_return(reserve, amount if kind == Kind.SETTLE else 0)
        partly = f": {amount} of {reserve.amount}, the rest came back" if amount < reserve.amount else ""
        entry = CreditEntry(
            account=account,
            kind=kind,
            amount=amount,
            effect=back,
            plan_effect=of_plan,
            task_id=task_id,
            tool=reserve.tool,
            reason=f"{reserve.reason}{partly}"[:200],
        )
        insert(entry)
        if back:
            change_balance(account, back, of_plan)
        if kind == Kind.SETTLE:
            count_usage(account, entry)
    return True


def split_return(reserved: CreditEntry, spent: int) -> tuple[int, int]:
    """Return what goes back of a reserve when so much of it is spent, and how much of that is the plan's.

    What came with the plan is spent first, as it was taken first.
    """
    taken, of_plan = -reserved.effect, -reserved.plan_effect
    return max(0, taken - spent), max(0, of_plan - spent)


def grant(user: User, credits: int, *, reason: str, actor: User | None = None) -> CreditEntry:
    """Add credits on top of the plan's; they stay at the month's end. Raises BadAmount."""
    amount = check_amount(credits)
    with transaction.atomic():
        account = lock_account(open_account(user))
        change_balance(account, amount, 0)
        return write_entry(account, Kind.GRANT, amount, 0, reason=reason, actor=actor)


def correct(user: User, credits: int, *, reason: str, actor: User | None = None) -> CreditEntry:
    """Add credits, or take some away with a number below 0, to put something right.

    Takes what was granted on top last. Raises TooFewCredits where the balance would fall below 0, BadAmount.
    """
    check_amount(abs(credits))
    with transaction.atomic():
        account = lock_account(open_account(user))
        if account.balance + credits < 0:
            raise TooFewCredits(-credits, account.balance)
        of_plan = -min(-credits, account.from_plan) if credits < 0 else 0
        change_balance(account, credits, of_plan)
        return write_entry(account, Kind.CORRECT, credits, of_plan, reason=reason, actor=actor)


def grant_monthly(now: datetime | None = None) -> int:
    """Begin the month for everybody for whom it has not begun. Return for how many it now has.

    Run hourly. A month is the studio's, by its own clock; however often this runs, wherever its clock
    is set back to, an account's month begins once.
    """
    now = now or timezone.now()
    waiting = Account.objects.filter(month__lt=name_month(now), user__is_active=True)
    return sum(begin_month(account, now) for account in waiting.select_related("user__plan"))


def open_account(user: User) -> Account:
    """Return the person's account, with this month begun: nobody waits for upkeep's hour."""
    account, _ = Account.objects.get_or_create(user=user)
    now = timezone.now()
    if account.month < name_month(now):
        begin_month(account, now)
    return account


def begin_month(account: Account, now: datetime) -> bool:
    """Let last month's credits lapse as the plan says, and grant this month's. False if it had begun."""
    user = account.user
    month = name_month(now)
    if user is None:
        return False
    plan = user.plan or Plan.objects.default()
    credits = allowance.get_allowance(user, now).credits_per_month
    with transaction.atomic():
        account = lock_account(account)
        if account.month >= month:
            return False
        keeps = account.from_plan if plan.leftover == Plan.Leftover.CARRY else 0
        if plan.carry_most is not None:
            keeps = min(keeps, plan.carry_most)
        lapsed = account.from_plan - keeps
        if lapsed and credits is not None:
            change_balance(account, -lapsed, -lapsed)
            write_entry(
                account,
                Kind.CORRECT,
                -lapsed,
                -lapsed,
                reason=f"Left over from {describe_month(account.month)}",
            )
        if credits:
            change_balance(account, credits, credits)
            write_entry(
                account,
                Kind.GRANT,
                credits,
                credits,
                reason=f"{plan} plan, {describe_month(month)}",
                month=month,
            )
        Account.objects.filter(pk=account.pk).update(month=month, given=credits or 0)
    return True


def replan(user: User, *, reason: str, actor: User | None = None) -> int:
    """Bring this month's credits in line with a plan or an exception that holds from now on.

    A larger one adds at once what it has more than was given; a smaller one leaves as many as it has
    itself. Done and undone, it comes to the same. Returns how many came or, below 0, went.
    """
    credits = allowance.get_allowance(user).credits_per_month
    if credits is None:
        return 0
    with transaction.atomic():
        account = lock_account(open_account(user))
        more = max(0, credits - account.given) or -max(0, account.from_plan - credits)
        if more:
            change_balance(account, more, more)
            kind = Kind.GRANT if more > 0 else Kind.CORRECT
            write_entry(account, kind, more, more, reason=reason, actor=actor)
            Account.objects.filter(pk=account.pk).update(given=F("given") + more)
    return more


def name_month(now: datetime) -> str:
    """Return the month of the studio's clock, such as "2026-11"."""
    return f"{timezone.localtime(now, timezone.get_default_timezone()):%Y-%m}"


def describe_month(month: str) -> str:
    """Return "November 2026" for "2026-11", for people."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def check_amount(credits: int) -> int:
    """Return a number of credits that is above 0 and no slip of the finger. Raises BadAmount."""
    if credits < 1:
        raise BadAmount(
            "Give at least one credit. To take credits away, correct the balance by a number below 0."
        )
    if credits > MOST:
        raise BadAmount(f"At most {MOST:,} credits at a time.")
    return credits


def lock_account(account: Account | int) -> Account:
    """Return the account as it stands, and let nobody else change it until the transaction ends.

    On SQLite the transaction itself, which is immediate, is the lock. The key is left out, here as elsewhere:
    whoever makes a row that names this one would wait as well, and somebody may wait for them.
    """
    return Account.objects.select_for_update(no_key=True).get(pk=getattr(account, "pk", account))


def change_balance(account: Account, effect: int, of_plan: int) -> None:
    """Move the balance, and the plan's part of it."""
    Account.objects.filter(pk=account.pk).update(
        balance=F("balance") + effect, from_plan=F("from_plan") + of_plan
    )


def write_entry(
    account: Account,
    kind: CreditEntry.Kind,
    effect: int,
    of_plan: int,
    *,
    reason: str,
    actor: User | None = None,
    month: str = "",
) -> CreditEntry:
    """Add an entry that no task stands behind."""
    return CreditEntry.objects.create(
        account=account,
        kind=kind,
        amount=abs(effect),
        effect=effect,
        plan_effect=of_plan,
        month=month,
        reason=reason[:200],
        actor=actor,
    )


def count_usage(account: Account, spent: CreditEntry) -> None:
    """Add a settled task to the day's usage. The account's lock keeps two from making the day's row."""
    day = timezone.localdate(timezone=timezone.get_default_timezone())
    if not USED.write({}, spent.tool, account=account.pk, day=day, amount=spent.amount):
        Usage.objects.create(account=account, day=day, tool=spent.tool, credits=spent.amount, tasks=1)
