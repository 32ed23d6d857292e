"""The ledger: what each entry does, the months, and that nobody can rewrite it."""

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import allowance, ledger, staff_actions
from accounts.deletion import delete_account
from accounts.models import Account, CreditEntry, LedgerIsAppendOnly, Plan, PlanException, Usage, User
from editor.models import Photo
from editor.tools import Tool
from editor.work import orders, pipeline

Leftover = Plan.Leftover


def adds_up() -> bool:
    """Whether every account is the sum of its entries."""
    return all(
        (account.balance, account.from_plan)
        == tuple(
            account.entries.aggregate(a=Sum("effect", default=0), b=Sum("plan_effect", default=0)).values()
        )
        for account in Account.objects.all()
    )


def on(plan: Plan, user: User) -> User:
    staff_actions.put_on(user, plan)
    return User.objects.get(pk=user.pk)


def plan(name: str = "Ten", credits: int | None = 10, **limits: object) -> Plan:
    return Plan.objects.create(name=name, credits_per_month=credits, **limits)


@pytest.fixture
def dora(db: None) -> User:
    """Dora has ten credits a month."""
    return User.objects.create_user("dora@example.com", plan=plan())


def reserved(user: User, credits: int = 1, tool: str = "cutout") -> uuid.UUID:
    task_id = uuid.uuid4()
    ledger.reserve(user, task_id, credits, tool=tool)
    return task_id


def kinds(user: User) -> list[str]:
    return list(CreditEntry.objects.owned_by(user).order_by("pk").values_list("kind", flat=True))


def test_a_new_account_has_the_months_credits_of_the_default_plan(alice: User) -> None:
    assert ledger.get_balance(alice) == Plan.objects.default().credits_per_month
    assert kinds(alice) == ["grant"]


def test_what_succeeds_is_spent_and_what_fails_is_given_back(dora: User) -> None:
    done, failed = reserved(dora, 3, "scene"), reserved(dora, 1)
    assert ledger.get_balance(dora) == 6
    assert ledger.settle(done)
    assert ledger.give_back(failed)
    assert ledger.get_balance(dora) == 7
    assert kinds(dora) == ["grant", "reserve", "reserve", "settle", "return"]
    assert list(Usage.objects.values_list("tool", "credits", "tasks")) == [("scene", 3, 1)]
    assert adds_up()


def test_of_what_was_reserved_a_part_is_spent_and_the_rest_comes_back(dora: User) -> None:
    ledger.grant(dora, 5, reason="On top")
    task_id = reserved(dora, 12, "scene")
    assert ledger.settle(task_id, 3)
    account = Account.objects.get(user=dora)
    # The plan's credits were taken first, and are spent first.
    assert (account.balance, account.from_plan) == (12, 7)
    entry = CreditEntry.objects.get(task_id=task_id, kind="settle")
    assert (entry.amount, entry.effect, entry.plan_effect) == (3, 9, 7)
    assert "3 of 12" in entry.reason
    assert list(Usage.objects.values_list("tool", "credits", "tasks")) == [("scene", 3, 1)]
    assert not ledger.settle(task_id)
    assert not ledger.give_back(task_id)
    assert adds_up()


def test_where_there_is_no_limit_nothing_comes_back_of_what_was_not_taken(db: None) -> None:
    free = User.objects.create_user("eve@example.com", plan=plan("Free", None))
    task_id = reserved(free, 6, "scene")
    before = Account.objects.get(user=free).balance
    assert ledger.settle(task_id, 3)
    assert Account.objects.get(user=free).balance == before
    assert Usage.objects.get().credits == 3
    assert adds_up()


@pytest.mark.parametrize("credits", [0, -1, 7])
def test_no_more_than_was_reserved_and_no_less_than_one_is_spent(dora: User, credits: int) -> None:
    task_id = reserved(dora, 6)
    with pytest.raises(ledger.BadAmount):
        ledger.settle(task_id, credits)
    assert ledger.give_back(task_id)
    assert ledger.get_balance(dora) == 10


def test_a_task_ends_once_and_the_first_to_say_so_decides(dora: User) -> None:
    task_id = reserved(dora, 4)
    assert ledger.give_back(task_id)
    assert not ledger.settle(task_id)
    assert not ledger.give_back(task_id)
    assert ledger.get_balance(dora) == 10
    assert not Usage.objects.exists()


def test_a_task_for_which_nothing_was_reserved_ends_without_a_trace(dora: User) -> None:
    ledger.reserve(dora, uuid.uuid4(), 0)
    assert not ledger.settle(uuid.uuid4())
    assert not ledger.give_back(uuid.uuid4())
    assert kinds(dora) == ["grant"]


def test_a_task_is_reserved_for_once(dora: User) -> None:
    task_id = reserved(dora)
    with pytest.raises(IntegrityError, match=r"task_id|once_per_task"), transaction.atomic():
        ledger.reserve(dora, task_id, 1)
    assert ledger.get_balance(dora) == 9


def test_the_last_credit_can_be_spent_and_the_next_order_is_told_what_is_left(dora: User) -> None:
    reserved(dora, 8)
    with pytest.raises(ledger.TooFewCredits) as refused:
        reserved(dora, 3)
    assert (refused.value.needed, refused.value.left) == (3, 2)
    reserved(dora, 2)
    assert ledger.get_balance(dora) == 0
    assert adds_up()


def test_a_plan_without_limit_counts_what_is_used_and_stops_nobody(owner: User) -> None:
    assert ledger.get_balance(owner) is None
    ledger.settle(reserved(owner, 6, "scene"))
    assert Usage.objects.get().credits == 6
    assert Account.objects.get(user=owner).balance == 0
    assert adds_up()


def test_credits_reserved_under_a_limit_come_back_after_it_was_lifted(dora: User) -> None:
    task_id = reserved(dora, 4)
    dora = on(plan("Free", None), dora)
    free = reserved(dora, 100)
    dora = on(Plan.objects.get(name="Ten"), dora)
    ledger.give_back(task_id)
    ledger.give_back(free)
    assert ledger.get_balance(dora) == 10
    assert adds_up()


@pytest.mark.parametrize("credits", [0, -5, ledger.MOST + 1])
def test_a_grant_of_nothing_or_less_or_by_a_slip_is_refused(dora: User, credits: int) -> None:
    with pytest.raises(ledger.BadAmount):
        ledger.grant(dora, credits, reason="?")
    assert ledger.get_balance(dora) == 10


def test_a_correction_goes_both_ways_but_never_below_nothing(dora: User, owner: User) -> None:
    ledger.correct(dora, 5, reason="Paid by hand", actor=owner)
    ledger.correct(dora, -15, reason="Paid back", actor=owner)
    assert ledger.get_balance(dora) == 0
    with pytest.raises(ledger.TooFewCredits):
        ledger.correct(dora, -1, reason="Once more")
    assert adds_up()


# -- Months ---------------------------------------------------------------------------------------


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_a_month_begins_once_however_often_upkeep_runs(dora: User) -> None:
    for _ in range(3):
        ledger.grant_monthly(at("2027-01-01T00:05"))
    ledger.grant_monthly(at("2027-01-31T23:59"))
    # A clock set back grants nothing anew.
    ledger.grant_monthly(at("2026-12-31T23:59"))
    months = CreditEntry.objects.exclude(month="").order_by("pk").values_list("month", flat=True)
    assert list(months) == [ledger.name_month(timezone.now()), "2027-01"]
    assert ledger.get_balance(dora) == 10
    assert adds_up()


@pytest.mark.parametrize(
    ("leftover", "most", "left"),
    [
        (Leftover.LAPSE, None, 10),
        (Leftover.CARRY, None, 17),
        (Leftover.CARRY, 5, 15),
        (Leftover.CARRY, 0, 10),
    ],
)
def test_what_is_left_over_lapses_or_carries_over_as_the_plan_says(
    db: None, leftover: str, most: int | None, left: int
) -> None:
    mind = User.objects.create_user("mind@example.com", plan=plan(leftover=leftover, carry_most=most))
    ledger.settle(reserved(mind, 3))
    ledger.grant_monthly(at("2027-01-01T00:05"))
    assert ledger.get_balance(mind) == left
    assert adds_up()


def test_what_was_granted_on_top_is_spent_last_and_stays(dora: User) -> None:
    ledger.grant(dora, 20, reason="Bought")
    ledger.settle(reserved(dora, 12))
    ledger.grant_monthly(at("2027-01-01T00:05"))
    assert ledger.get_balance(dora) == 18 + 10
    ledger.grant_monthly(at("2027-02-01T00:05"))
    assert ledger.get_balance(dora) == 18 + 10
    assert adds_up()


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        # The clock goes back from 3 to 2 on the month's last day, and on from 2 to 3 on another's.
        ("Europe/Berlin", "2021-10-31T22:59:00+00:00", "2021-10-31T23:00:00+00:00"),
        ("Europe/Berlin", "2024-03-31T21:59:00+00:00", "2024-03-31T22:00:00+00:00"),
        # Midnight itself comes twice: after 23:59 it is 23:00 again, and still October.
        ("Africa/Cairo", "2024-10-31T21:30:00+00:00", "2024-10-31T22:00:00+00:00"),
        # A day ahead of, and behind, the clock of the database.
        ("Pacific/Kiritimati", "2024-05-31T09:59:00+00:00", "2024-05-31T10:00:00+00:00"),
        ("Pacific/Pago_Pago", "2024-06-01T10:59:00+00:00", "2024-06-01T11:00:00+00:00"),
    ],
)
def test_the_month_is_the_studios_by_its_own_clock(
    settings: object, db: None, zone: str, before: str, after: str
) -> None:
    settings.TIME_ZONE = zone  # type: ignore[attr-defined]
    months = [ledger.name_month(datetime.fromisoformat(moment)) for moment in (before, after)]
    assert months[0] < months[1]


def test_an_hour_that_comes_twice_at_the_months_end_grants_once(settings: object, db: None) -> None:
    settings.TIME_ZONE = "Africa/Cairo"  # type: ignore[attr-defined]
    eve = User.objects.create_user("eve@example.com", plan=plan())
    Account.objects.filter(user=eve).update(month="2024-09")
    midnight = datetime(2024, 10, 31, 21, 0, tzinfo=UTC)
    for minutes in range(0, 180, 10):
        ledger.grant_monthly(midnight.replace(hour=20 + minutes // 60, minute=minutes % 60))
    granted = CreditEntry.objects.owned_by(eve).filter(month__startswith="2024")
    assert list(granted.order_by("pk").values_list("month", flat=True)) == ["2024-10", "2024-11"]


def test_a_suspended_persons_month_begins_when_they_are_back(dora: User) -> None:
    reserved(dora, 6)
    staff_actions.suspend(dora)
    ledger.grant_monthly(at("2027-01-01T00:05"))
    assert ledger.get_balance(dora) == 4
    staff_actions.reactivate(dora)
    ledger.grant_monthly(at("2027-01-09T00:05"))
    assert ledger.get_balance(dora) == 10


def test_another_plan_holds_at_once_and_going_back_comes_to_the_same(dora: User) -> None:
    ledger.grant(dora, 5, reason="On top")
    reserved(dora, 4)
    dora = on(plan("Hundred", 100), dora)
    assert ledger.get_balance(dora) == 101
    dora = on(plan("Two", 2), dora)
    assert ledger.get_balance(dora) == 2 + 5
    dora = on(Plan.objects.get(name="Two"), dora)
    assert ledger.get_balance(dora) == 2 + 5
    dora = on(Plan.objects.get(name="Ten"), dora)
    assert ledger.get_balance(dora) == 6 + 5
    assert adds_up()


def test_a_plan_that_was_spent_gives_no_second_helping(dora: User) -> None:
    reserved(dora, 10)
    for name in ("Nine", "Eight"):
        dora = on(plan(name, 9 if name == "Nine" else 8), dora)
        assert ledger.get_balance(dora) == 0
    dora = on(plan("Eleven", 11), dora)
    assert ledger.get_balance(dora) == 1


# -- Allowance ------------------------------------------------------------------------------------


def test_an_exception_holds_until_its_end_and_the_latest_wins(dora: User) -> None:
    now = timezone.now()
    for until, photos in (("2099-01-01", 5), ("2098-01-01", 7), ("2001-01-01", 9)):
        PlanException.objects.create(user=dora, reason="Fair", ends_at=at(until), most_photos=photos)
    PlanException.objects.create(user=dora, reason="Only these", ends_at=at("2099-01-01"), tools=["head"])
    allowed = allowance.get_allowance(dora, now)
    assert (allowed.most_photos, allowed.tools, allowed.credits_per_month) == (7, {"head"}, 10)
    assert allowance.get_allowance(dora, at("2098-06-01")).most_photos == 5
    assert allowance.get_allowance(dora, at("2100-01-01")).most_photos is None


def test_the_allowance_takes_two_queries_at_most(alice: User, django_assert_max_num_queries: object) -> None:
    fresh = User.objects.get(pk=alice.pk)
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        allowance.get_allowance(fresh)


def test_tools_of_a_plan_are_the_editors() -> None:
    from accounts import tool_labels
    from editor.tools import CHOICES

    assert dict(CHOICES) == tool_labels.LABELS


# -- Nobody rewrites it ---------------------------------------------------------------------------


def test_the_models_refuse_to_change_or_delete_an_entry(dora: User) -> None:
    entry = CreditEntry.objects.get(account__user=dora)
    entry.amount = 1
    for act in (
        entry.save,
        entry.delete,
        CreditEntry.objects.all().delete,
        lambda: CreditEntry.objects.update(amount=1),
    ):
        with pytest.raises(LedgerIsAppendOnly):
            act()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_creditentry SET effect = 1000, amount = 1000",
        "UPDATE accounts_creditentry SET reason = 'mine'",
        "DELETE FROM accounts_creditentry",
        "UPDATE accounts_auditentry SET details = ''",
        "DELETE FROM accounts_auditentry",
        "UPDATE accounts_account SET balance = -1",
        "UPDATE accounts_account SET balance = 1",
    ],
)
def test_the_database_refuses_it_as_well(dora: User, owner: User, sql: str) -> None:
    staff_actions.grant(dora, 1, reason="One", actor=owner)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert adds_up()


def test_who_leaves_takes_their_name_and_leaves_the_sums(dora: User, owner: User) -> None:
    helper = User.objects.create_superuser("helper@example.com")
    staff_actions.grant(dora, 5, reason="Help", actor=helper)
    account = Account.objects.get(user=dora)
    delete_account(dora)
    delete_account(helper)
    account.refresh_from_db()
    assert (account.user, account.balance) == (None, 15)
    assert [entry.actor for entry in account.entries.all()] == [None, None]
    assert adds_up()
    ledger.grant_monthly(at("2027-01-01T00:05"))
    assert account.entries.count() == 2


def test_who_is_deleted_with_work_under_way_is_charged_for_none_of_it(dora: User) -> None:
    photo = Photo.objects.create(owner=dora, name="lamp.jpg", file="photos/none.jpg", format="jpeg")
    waiting, running = (orders.place(dora, photo, Tool.CUTOUT, {}) for _ in range(2))
    attempt = pipeline.claim(running.pk)
    assert attempt is not None
    account = Account.objects.get(user=dora)
    delete_account(dora)
    with pytest.raises(pipeline.Fenced):
        attempt.publish([])
    account.refresh_from_db()
    assert account.balance == 10
    ends = account.entries.filter(kind="return").values_list("task_id", flat=True)
    assert set(ends) == {waiting.pk, running.pk}
    assert adds_up()


def test_a_plan_in_use_and_the_default_plan_cannot_be_deleted(dora: User) -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        Plan.objects.get(name="Ten").delete()
    with pytest.raises(ProtectedError):
        Plan.objects.default().delete()
    Plan.objects.get(name="Ten").make_default()
    assert Plan.objects.default().name == "Ten"
    assert Plan.objects.filter(is_default=True).count() == 1
