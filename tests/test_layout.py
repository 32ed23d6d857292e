"""The arrows of the design: pure packages stay pure, and nothing heavy gets into the web process."""

import ast
import sys
from pathlib import Path

import pytest

from . import waiting

ROOT = Path(__file__).resolve().parent.parent
PURE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("engines", "providers")
    for path in (ROOT / "editor" / package).rglob("*.py")
    if path.stem not in ("__main__", "__init__") and "blender" not in path.parts
)


def fresh(code: str) -> str:
    """Run code in a process that has imported nothing yet, and return what it printed."""
    return waiting.run([sys.executable, "-c", code], cwd=ROOT).stdout.strip()


def test_the_packages_init_is_empty() -> None:
    assert (ROOT / "editor/__init__.py").read_text() == ""


def test_engines_and_providers_never_load_django() -> None:
    code = f"import importlib, sys\nfor name in {PURE!r}: importlib.import_module(name)\n"
    assert fresh(code + "print('django' in sys.modules)") == "False"


def test_the_web_process_never_loads_what_only_imaging_needs() -> None:
    code = (
        "import os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import picwish_site.asgi\n"
        "import editor.providers.picwish, editor.providers.removebackground\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "heavy = {'openvino', 'numba', 'scipy', 'pymatting', 'rawpy', 'bpy', 'numpy', 'pebble'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert fresh(code) == "[]"


ALLOWED = {
    "orders": {
        "advice",
        "background",
        "scheduling",
        "settlement",
        "routes",
        "photos",
        "takes",
        "models",
        "states",
    },
    "advice": {"models"},
    "settlement": {"photos", "takes", "models", "states"},
    "takes": {"models", "states", "engines"},
    "background": {"pipeline", "models"},
    "pipeline": {
        "advice",
        "attempts",
        "remotes",
        "routes",
        "takes",
        "wiring",
        "photos",
        "models",
        "states",
        "providers",
        "engines",
    },
    "remotes": {"attempts", "dealings", "routes", "traffic", "wiring", "models", "states", "providers"},
    "dealings": {"attempts", "routes", "traffic", "wiring", "models", "states", "providers", "engines"},
    "scheduling": {"models"},
    "forecast": {"routes", "scheduling", "models", "states"},
    "attempts": {"scheduling", "settlement", "photos", "takes", "models", "states", "providers", "engines"},
    "upkeep": {
        "advice",
        "orders",
        "background",
        "scheduling",
        "settlement",
        "photos",
        "takes",
        "trash",
        "models",
        "states",
    },
    "trash": {"orders", "settlement", "models", "states"},
    "wiring": {"routes", "providers"},
    "routes": {"vault", "models"},
    "trials": {"routes", "traffic", "wiring", "models", "states", "providers"},
    "traffic": {"models"},
    "vault": set(),
    "photos": {"models", "engines"},
    "models": {"states"},
    "providers": {"engines"},
    "engines": set(),
}


def imports_of(path: Path) -> set[str]:
    """Names of the editor's own modules that a file imports."""
    package = path.relative_to(ROOT / "editor").parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = ("editor", *package)[: len(package) + 2 - node.level] if node.level else ()
            full = [*base, *(node.module or "").split(".")]
            names = [part for part in full if part]
            if names[:1] == ["editor"]:
                found |= {names[1]} if len(names) > 1 else {alias.name for alias in node.names}
    return found


PACKAGES = ["models", "engines", "providers"]


@pytest.mark.parametrize("module", sorted(ALLOWED.keys() - set(PACKAGES)))
def test_arrows_point_one_way(module: str) -> None:
    assert imports_of(ROOT / "editor" / f"{module}.py") - {module} <= ALLOWED[module]


@pytest.mark.parametrize("package", PACKAGES)
def test_arrows_out_of_packages_point_down(package: str) -> None:
    for path in (ROOT / "editor" / package).rglob("*.py"):
        assert imports_of(path) - {package} <= ALLOWED[package], path


WORK = {"background", "pipeline", "remotes", "dealings", "attempts", "wiring", "upkeep"}


def test_views_place_orders_and_never_do_the_work() -> None:
    for path in (ROOT / "editor/views").rglob("*.py"):
        assert not imports_of(path) & (WORK | {"providers"}), path


def test_the_api_places_orders_and_never_does_the_work() -> None:
    """Of the providers it knows the guard alone, which refuses an address before it is kept."""
    for path in (ROOT / "editor/api").rglob("*.py"):
        assert not imports_of(path) & WORK, path
