"""What a person used and has left, for their usage page and the admin's list of people.

Nothing here adds up the ledger: the balance stands in the account, and what was spent by day and tool
in Usage rows, so a million entries cost no more than ten.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from web.charts import Chart, Column, draw_stacked
from web.language.sentences import tell

from . import allowance, belongings, tool_labels
from .models import Account, ApiKey, CreditEntry, PlanException, Usage, User

ENTRIES = 30
# What of the ledger is shown, by the address's word for it.
SHOWN = {"": _("Everything"), "spent": _("Spent"), "granted": _("Granted")}


@dataclass(frozen=True)
class Month:
    """A month of the studio's calendar."""

    first: date

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Return the month of a text such as "2026-11"; this one where it is none, or lies ahead."""
        this = timezone.localdate(timezone=timezone.get_default_timezone()).replace(day=1)
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            return cls(this)
        return cls(min(first, this))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return format_date(self.first, gettext("F Y"))

    @property
    def days(self) -> list[date]:
        return [
            self.first + timedelta(days=n) for n in range(monthrange(self.first.year, self.first.month)[1])
        ]

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))


class UsagePage:
    """All that the page shows, each part looked up once, when it is asked for.

    month: such as "2026-11"; shown: a word of SHOWN; before: the entry below which the ledger goes on.
    """

    def __init__(self, user: User, month: str = "", shown: str = "", before: str = "") -> None:
        self.user = user
        self.month = Month.parse(month)
        self.shown = shown if shown in SHOWN else ""
        self.before = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None

    @cached_property
    def account(self) -> Account:
        return Account.objects.filter(user=self.user).first() or Account(user=self.user)

    @cached_property
    def allowance(self) -> allowance.Allowance:
        return allowance.get_allowance(self.user)

    @cached_property
    def tools(self) -> list[str]:
        return [tell(label) for name, label in tool_labels.LABELS.items() if name in self.allowance.tools]

    @cached_property
    def exceptions(self) -> list[PlanException]:
        return list(PlanException.objects.filter(user=self.user).live())

    @property
    def on_top(self) -> int:
        """What of the balance was granted beside the plan, and stays at the month's end."""
        return self.account.balance - self.account.from_plan

    @property
    def resets_on(self) -> date:
        return Month.parse("").after.first

    @property
    def is_this_month(self) -> bool:
        return self.month == Month.parse("")

    @property
    def has_earlier(self) -> bool:
        return (self.user.date_joined.year, self.user.date_joined.month) < (
            self.month.first.year,
            self.month.first.month,
        )

    @cached_property
    def rows(self) -> list[Usage]:
        """The month's days with each tool: at most some 120 rows."""
        return list(Usage.objects.filter(account__user=self.user).of_month(self.month.first))

    @property
    def credits_used(self) -> int:
        return sum(row.credits for row in self.rows)

    @property
    def tasks_done(self) -> int:
        return sum(row.tasks for row in self.rows)

    @cached_property
    def chart(self) -> Chart:
        by_day: dict[date, dict[str, float]] = defaultdict(dict)
        for row in self.rows:
            by_day[row.day][row.tool] = row.credits
        columns = [Column(format_date(day, gettext("j M")), by_day[day]) for day in self.month.days]
        title = gettext("Credits used by day in %(words)s: %(credits_used)s in all.") % {
            "words": self.month.words,
            "credits_used": intcomma(self.credits_used),
        }
        labels = {name: tell(label) for name, label in tool_labels.LABELS.items()}
        return draw_stacked(title, columns, labels, gettext("credits"))

    @cached_property
    def bytes(self) -> int:
        return belongings.count_bytes(self.user)

    @cached_property
    def photos(self) -> int:
        return belongings.count_photos(self.user)

    @cached_property
    def keys(self) -> int:
        return ApiKey.objects.owned_by(self.user).active().count()

    @cached_property
    def _entries(self) -> list[CreditEntry]:
        entries: QuerySet[CreditEntry] = CreditEntry.objects.owned_by(self.user).newest_first()
        if self.shown == "spent":
            entries = entries.filter(kind=CreditEntry.Kind.SETTLE)
        elif self.shown == "granted":
            entries = entries.filter(task_id=None)
        if self.before is not None:
            entries = entries.filter(pk__lt=self.before)
        return list(entries[: ENTRIES + 1])

    @property
    def entries(self) -> list[CreditEntry]:
        return self._entries[:ENTRIES]

    @property
    def older(self) -> int | None:
        """The entry to go on from, where there is more."""
        return self._entries[ENTRIES - 1].pk if len(self._entries) > ENTRIES else None

    @property
    def choices(self) -> dict[str, str]:
        return {name: str(words) for name, words in SHOWN.items()}
