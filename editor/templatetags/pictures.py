"""Addresses of pictures, which tell apart what is to be seen there."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def result_address(kind: str, result: Any) -> str:
    """Return where a result is seen: its "file" or "thumbnail", or the "bare" one without its finish.

    A cutout's says which finish it has: a page must not show the one that it kept from before.
    """
    address = reverse(f"editor:result-{'thumbnail' if kind == 'thumbnail' else 'file'}", args=[result.pk])
    if not result.bare:
        return address
    return f"{address}?bare=1" if kind == "bare" else f"{address}?finish={result.photo.finish_number}"
