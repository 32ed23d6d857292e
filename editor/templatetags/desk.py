"""The dashboard, for the admin's first page, and what the editor's page says of other services."""

from typing import Any

from django import template
from django.contrib.messages.storage.base import Message

from editor.dashboard import Dashboard
from editor.remote import routing

register = template.Library()


@register.filter
def read_moment(message: Message) -> str:
    """Return when what a message tells of went to the trash, as its view noted it beside the message."""
    _, _, moment = (message.extra_tags or "").partition("trash ")
    return moment


@register.simple_tag
def dashboard() -> Dashboard:
    return Dashboard()


@register.inclusion_tag("editor/desk/notice.html")
def provider_notice(tool: str, oob: bool = False) -> dict[str, Any]:
    return {"notice": routing.write_notice(tool), "oob": oob}
