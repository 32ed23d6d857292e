"""Templates are laid out for who reads them: a long tag has its attributes one a line."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LONG, MANY = 110, 3
# A tag with what the template language puts into it, and what of it is no attribute's name.
TAG = re.compile(r'<[a-z][\w-]*(?:"(?:{%.*?%}|{{.*?}}|[^"])*"|{%.*?%}|{{.*?}}|[^>"{])*>')
VALUES = re.compile(r'="(?:{%.*?%}|{{.*?}}|[^"])*"|{%.*?%}|{{.*?}}')


def crowded(text: str) -> list[str]:
    """Return the tags that stand on one line with more than it should hold."""
    tags = [tag for tag in TAG.findall(text) if len(tag) > LONG and "\n" not in tag]
    return [tag for tag in tags if len(re.findall(r"\s[\w:-]+", VALUES.sub(" ", tag))) >= MANY]


def test_what_a_crowded_tag_is() -> None:
    many = f'<a href="{{% url "x" %}}" id="y" class="{"z" * LONG}" {{% if a > b %}}hidden{{% endif %}}>'
    assert crowded(many) == [many]
    assert crowded(many.replace(" id", "\n  id")) == []
    assert crowded(f'<a id="x" class="{"z" * LONG}">') == []


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_long_tag_has_its_attributes_one_a_line(template: Path) -> None:
    assert crowded(template.read_text()) == []
