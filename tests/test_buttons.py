"""Buttons say what they are: a script or a browser that takes a form's first one gets the real one."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
# A tag with what the template language puts into it.
TAG = re.compile(r"<button\b(?:{%.*?%}|{{.*?}}|[^>{])*>", re.DOTALL)


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_every_button_says_of_which_type_it_is(template: Path) -> None:
    silent = [tag for tag in TAG.findall(template.read_text()) if not re.search(r'\btype="\w+"', tag)]
    assert silent == []
