"""What is left, for the header of every page."""

import re
from datetime import datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts import ledger
from web.language.sentences import tell

register = template.Library()

# What the ledger itself writes, as accounts/ledger.py has it.
OF_MONTH = re.compile(r"(?P<plan>.+) plan, (?P<month>[A-Z][a-z]+ \d{4})")
LEFT_OVER = re.compile(r"Left over from (?P<month>[A-Z][a-z]+ \d{4})")
NOW_ON = re.compile(r"Now on (?P<plan>.+)")


@register.simple_tag
def credits_left(user: Any) -> int | None:
    """Return the signed-in person's credits, None where there is no limit to show."""
    return ledger.get_balance(user)


@register.filter
def signed(number: int) -> str:
    """Return 3 as "+3", -3 as "−3" with a true minus, 0 as "0"."""
    return f"{'+' if number > 0 else '−'}{intcomma(abs(number))}" if number else "0"


@register.filter
def reason(said: str) -> str:
    """Return why an entry of the ledger is there; what people typed as it is."""
    if fits := OF_MONTH.fullmatch(said):
        return gettext("%(plan)s plan, %(month)s") % {"plan": fits["plan"], "month": say_month(fits["month"])}
    if fits := LEFT_OVER.fullmatch(said):
        return gettext("Left over from %(month)s") % {"month": say_month(fits["month"])}
    if fits := NOW_ON.fullmatch(said):
        return gettext("Now on %(plan)s") % {"plan": fits["plan"]}
    return tell(said)


def say_month(said: str) -> str:
    """Return "November 2026" in the language that is active."""
    try:
        return date_format(datetime.strptime(said, "%B %Y"), "YEAR_MONTH_FORMAT")
    except ValueError:
        return said
