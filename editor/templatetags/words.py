"""Facts in the words of people: when it was, how much it is."""

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def ago(moment: datetime) -> str:
    """Return "2 min ago", "Today 10:12", "Yesterday", "Monday", "3 Nov" or "3 Nov 2025"."""
    return since(timezone.localtime(moment), timezone.localtime())


def since(moment: datetime, now: datetime) -> str:
    """Return how people would say the moment now; both in one time zone."""
    seconds = (now - moment).total_seconds()
    days = (now.date() - moment.date()).days
    if seconds < 60:
        return "Just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if days == 0:
        return f"Today {moment:%H:%M}"
    if days == 1:
        return "Yesterday"
    if days < 7:
        return f"{moment:%A}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year}"


@register.filter
def weight(count: int | None) -> str:
    """Return bytes as "412 kB", "4.1 MB" or "1.2 GB", in steps of a thousand as disks are sold."""
    divisor, unit = choose_unit(count or 0)
    amount = (count or 0) / divisor
    return f"{amount:.{count_digits(amount, unit)}f} {unit}"


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
    return [f"{amount:.{digits}f} {unit}" for amount in (*said, said[0] - sum(said[1:]))]
