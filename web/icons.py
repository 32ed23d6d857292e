"""The template tag `{% icon "name" %}`: an icon of the sprite static/img/icons.svg.

It is a built-in of our templates (settings.TEMPLATES): no template loads it.
"""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, more: str = "", *, says: str = "") -> SafeString:
    """Return the icon of that name, which the ids of the sprite are.

    more: classes besides "icon". says: what it tells who cannot see it; without, it is an ornament.
    """
    classes = f"icon {more}" if more else "icon"
    meaning = format_html('role="img" aria-label="{}"', says) if says else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, meaning, static("img/icons.svg"), name
    )
