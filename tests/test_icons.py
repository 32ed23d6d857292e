"""Every icon that a page, a script or a tool names is in the sprite, and nothing else is."""

import re
from pathlib import Path

from django.template import Context, Template

from editor.views.tools.registry import TOOLS

ROOT = Path(__file__).resolve().parents[1]
SPRITE = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text()))


def named() -> dict[str, set[str]]:
    """Return the icons that are named, by the file that names them."""
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        found[str(path)] = set(re.findall(r'{% icon "([^"]*)"', path.read_text()))
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        found[str(path)] = set(re.findall(r'\bicon\("([^"]*)"', path.read_text()))
    return found | {tool.tool: {tool.icon} for tool in TOOLS}


def test_every_icon_that_is_named_is_there() -> None:
    assert len(SPRITE) > 30
    assert {name: sorted(icons - SPRITE) for name, icons in named().items() if icons - SPRITE} == {}


def test_every_icon_of_the_sprite_is_named_somewhere() -> None:
    assert SPRITE & set.union(*named().values()) == SPRITE


def test_no_template_writes_an_icon_out() -> None:
    written = [path for path in (ROOT / "templates").rglob("*.html") if "icons.svg' %}#" in path.read_text()]
    assert written == []


def test_an_icon_is_an_ornament_unless_it_says_something() -> None:
    page = Template('{% icon "eye" %}{% icon "eye" "off" %}{% icon "eye" says=words %}')
    shapes = page.render(Context({"words": 'A "look"'})).replace("/static/img/icons.svg", "…")
    assert shapes == (
        '<svg class="icon" aria-hidden="true"><use href="…#eye"></use></svg>'
        '<svg class="icon off" aria-hidden="true"><use href="…#eye"></use></svg>'
        '<svg class="icon" role="img" aria-label="A &quot;look&quot;"><use href="…#eye"></use></svg>'
    )
