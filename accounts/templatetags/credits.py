"""What is left, for the header of every page."""

from typing import Any

from django import template

from accounts import ledger

register = template.Library()


@register.simple_tag
def credits_left(user: Any) -> int | None:
    """Return the signed-in person's credits, None where there is no limit to show."""
    return ledger.get_balance(user)


@register.filter
def signed(number: int) -> str:
    """Return 3 as "+3", -3 as "−3" with a true minus, 0 as "0"."""
    return f"{number:+,}".replace("-", "−") if number else "0"
