"""Credits: an account per person, and every entry that ever changed it."""

from datetime import date
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class LedgerIsAppendOnly(Exception):
    """An entry of the ledger was to be changed or deleted. Remedy: add a correcting entry."""


class Account(models.Model):
    """A person's credits as they stand: the sums of their entries, kept in the same transactions.

    balance: what can be spent, never below 0. from_plan: how much of it came with the plan, is spent
    first, and may lapse at the month's end; the rest was granted on top and stays.
    Written by accounts.ledger alone, under a lock of the row.
    """

    # The account of somebody who left stays without them, as its entries do.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="account"
    )
    balance = models.BigIntegerField(default=0)
    from_plan = models.BigIntegerField(default=0)
    month = models.CharField(max_length=7, blank=True, help_text=_('The last one begun, such as "2026-11".'))
    given = models.BigIntegerField(default=0, help_text=_("What the plan gave for that month, in all."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="balance_is_not_negative"),
            models.CheckConstraint(
                condition=Q(from_plan__gte=0, from_plan__lte=models.F("balance")),
                name="what_is_from_the_plan_is_part_of_the_balance",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Account %(pk)s") % {"pk": self.pk}


class CreditEntryQuerySet(models.QuerySet["CreditEntry"]):
    def owned_by(self, user: Any) -> Self:
        return self.filter(account__user=user)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def update(self, **values: Any) -> NoReturn:
        raise LedgerIsAppendOnly("An entry can't be changed. Add a correcting one.")

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly("An entry can't be deleted. Add a correcting one.")


class CreditEntry(models.Model):
    """One line of the ledger. Written once; the database refuses to change or delete it."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("Granted")
        RESERVE = "reserve", _("Reserved")
        SETTLE = "settle", _("Spent")
        RETURN = "return", _("Returned")
        CORRECT = "correct", _("Corrected")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="entries")
    kind = models.CharField(max_length=7, choices=Kind)
    amount = models.PositiveIntegerField(help_text=_("Credits that the entry is about."))
    effect = models.IntegerField(help_text=_("What it adds to the balance; 0 where the plan has no limit."))
    plan_effect = models.IntegerField(
        default=0, help_text=_("What it adds to the balance's part of the plan.")
    )
    month = models.CharField(max_length=7, blank=True, help_text=_("Of the plan's grant that began it."))
    # Plain: tasks get deleted, the ledger stays.
    task_id = models.UUIDField(_("task"), null=True, blank=True)
    tool = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = CreditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit entry")
        verbose_name_plural = _("ledger")
        constraints = [
            models.UniqueConstraint(
                fields=["task_id", "kind"], condition=Q(task_id__isnull=False), name="once_per_task_and_kind"
            ),
            # A reserve ends one way only, whatever races.
            models.UniqueConstraint(
                fields=["task_id"], condition=Q(kind__in=["settle", "return"]), name="one_end_per_task"
            ),
            models.UniqueConstraint(
                fields=["account", "month"], condition=~Q(month=""), name="one_grant_of_the_plan_per_month"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=1)
                & (
                    Q(kind="grant", effect=models.F("amount"))
                    | Q(kind="reserve", effect__in=[0, -models.F("amount")])
                    # What was reserved beyond what is spent comes back with the same entry.
                    | Q(kind="settle", effect__gte=0)
                    | Q(kind="return", effect__in=[0, models.F("amount")])
                    | Q(kind="correct", effect__in=[-models.F("amount"), models.F("amount")])
                ),
                name="effect_follows_kind",
            ),
            models.CheckConstraint(
                condition=Q(task_id=None, kind__in=["grant", "correct"])
                | Q(task_id__isnull=False, kind__in=["reserve", "settle", "return"]),
                name="work_has_a_task",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="entry_account_newest"),
            # The few among a million that no task stands behind.
            models.Index(fields=["account", "-id"], condition=Q(task_id=None), name="entry_account_granted"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly("An entry can't be changed. Add a correcting one.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise LedgerIsAppendOnly("An entry can't be deleted. Add a correcting one.")


class UsageQuerySet(models.QuerySet["Usage"]):
    def of_month(self, day: date) -> Self:
        """Days of the month that a day is in."""
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return self.filter(day__gte=day.replace(day=1), day__lt=following)


class Usage(models.Model):
    """What an account spent on a day with a tool: the sum of its settled entries, kept alongside them.

    So that a page or a list of people need not add up a million entries.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="usage")
    day = models.DateField(help_text=_("By the studio's clock."))
    tool = models.CharField(max_length=10, blank=True)
    credits = models.PositiveBigIntegerField(default=0)
    tasks = models.PositiveBigIntegerField(default=0)

    objects = UsageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "day", "tool"], name="one_usage_per_day_and_tool")
        ]
        # The dashboard asks for days over all accounts.
        indexes = [models.Index(fields=["day"], name="usage_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.tool}"
