"""Facts in the words of people: when it was, how much it is."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, pgettext

register = template.Library()


@register.filter
def ago(moment: datetime) -> str:
    """Return "2 min ago", "Today 10:12", "Yesterday", "Monday", "3 Nov" or "3 Nov 2025"."""
    return since(timezone.localtime(moment), timezone.localtime())


@register.filter
def ago_within(moment: datetime) -> str:
    """Return the same as it stands within a sentence: "2 min ago", "today 10:12", "yesterday"."""
    return since(timezone.localtime(moment), timezone.localtime(), within=True)


def since(moment: datetime, now: datetime, *, within: bool = False) -> str:
    """Return how people would say the moment now; both in one time zone. within: in a sentence."""
    seconds = (now - moment).total_seconds()
    days = (now.date() - moment.date()).days
    if seconds < 60:
        return pgettext("within a sentence", "just now") if within else gettext("Just now")
    if seconds < 3600:
        return gettext("%(minutes)s min ago") % {"minutes": int(seconds // 60)}
    if days == 0:
        time = {"time": f"{moment:%H:%M}"}
        return (
            pgettext("within a sentence", "today %(time)s") if within else gettext("Today %(time)s")
        ) % time
    if days == 1:
        return pgettext("within a sentence", "yesterday") if within else gettext("Yesterday")
    if days < 7:
        return format_date(moment, "l")
    return format_date(moment, gettext("j M") if moment.year == now.year else gettext("j M Y"))


@register.filter
def within(name: str) -> str:
    """Return a thing's name as it stands within a sentence: small, but where nouns have a capital."""
    return name if get_language() == "de" else name.lower()


@register.filter
def weight(count: int | None) -> str:
    """Return bytes as "412 kB", "4.1 MB" or "1.2 GB", in steps of a thousand as disks are sold."""
    divisor, unit = choose_unit(count or 0)
    amount = (count or 0) / divisor
    return f"{say_number(amount, count_digits(amount, unit))} {unit}"


def say_number(amount: float, digits: int) -> str:
    """Return a number with so many digits after the comma; Django's own cuts off instead of rounding."""
    return number_format(round(amount, digits), digits)


def choose_unit(count: float) -> tuple[int, str]:
    """Return the unit in which bytes are said, and how many it has."""
    divisor, unit = 1, "B"
    for larger in ("kB", "MB", "GB", "TB"):
        # What would be shown as 1000 is one of the larger unit.
        if count / divisor < 999.5:
            break
        divisor, unit = divisor * 1000, larger
    return divisor, unit


def count_digits(amount: float, unit: str) -> int:
    return 1 if amount < 9.95 and unit in {"MB", "GB", "TB"} else 0


def weights_in_one_unit(whole: int, *parts: int) -> list[str]:
    """Return a whole and parts of it as they are said beside each other: in one unit, and what is left
    of the whole last, so that what is read adds up."""
    divisor, unit = choose_unit(whole)
    left = whole - sum(parts)
    digits = max(count_digits(amount / divisor, unit) for amount in (whole, *parts, left))
    said = [round(amount / divisor, digits) for amount in (whole, *parts)]
    return [f"{say_number(amount, digits)} {unit}" for amount in (*said, said[0] - sum(said[1:]))]
