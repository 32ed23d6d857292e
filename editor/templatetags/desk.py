"""The dashboard, for the admin's first page."""

from django import template

from editor.dashboard import Dashboard

register = template.Library()


@register.simple_tag
def dashboard() -> Dashboard:
    return Dashboard()
