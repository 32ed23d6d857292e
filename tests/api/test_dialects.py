"""A dialect says names, values, answers and errors of one service: it knows no other; all share one door."""

import ast
from pathlib import Path

import pytest

from editor.api.dialects import registry
from web import api_errors
from web.api_errors import Family, Refusal

ROOT = Path(registry.__file__).parent
NAMES = registry.list_names()


def test_every_folder_is_a_dialect_and_has_a_row() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == set(NAMES)
    assert len(registry.list_dialects()) == len(NAMES)
    assert {id(row.family) for row in registry.list_dialects()} == {id(one) for one in api_errors.FAMILIES}


@pytest.mark.parametrize("name", NAMES)
def test_no_dialect_knows_another(name: str) -> None:
    for path in (ROOT / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level < 2, path
                origin = node.module or ""
                others = [one for one in NAMES if one != name and f"dialects.{one}" in origin]
                assert not others, path


def test_no_two_answer_at_one_address() -> None:
    beginnings = [one for family in api_errors.FAMILIES for one in family.beginnings]
    assert len(beginnings) == len(set(beginnings))
    paths = [endpoint.path for endpoint in registry.list_endpoints()]
    assert len(paths) == len(set(paths))


def test_the_longest_beginning_decides_whose_an_address_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(refusal: Refusal) -> api_errors.Answer:
        return refusal.status, {}, b""

    general, special = Family(("/v9/",), tell), Family(("/v9/cut/", "/v8/"), tell)
    for families in ([general, special], [special, general]):
        monkeypatch.setattr(api_errors, "FAMILIES", families)
        assert api_errors.find_family("/v9/cut") is special
        assert api_errors.find_family("/v9/cut/deep") is special
        assert api_errors.find_family("/v9/cutting") is general
        assert api_errors.find_family("/v8") is special
        assert api_errors.find_family("/v80") is None
