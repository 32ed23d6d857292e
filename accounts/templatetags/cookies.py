"""What scripts must know about this installation's cookies."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def csrf_cookie() -> str:
    """Return the name of the cookie that has the token of forms."""
    return settings.CSRF_COOKIE_NAME
