"""The dashboard, for the admin's first page, and what the editor's page says of other services."""

from typing import Any

from django import template

from editor.dashboard import Dashboard
from editor.remote import routing

register = template.Library()


@register.simple_tag
def dashboard() -> Dashboard:
    return Dashboard()


@register.inclusion_tag("editor/desk/notice.html")
def provider_notice(tool: str, oob: bool = False) -> dict[str, Any]:
    return {"notice": routing.write_notice(tool), "oob": oob}
