"""The arrows of the design: each room's imports as a table, pure packages pure, nothing heavy in the web."""

import ast
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from .support import waiting

ROOT = Path(__file__).resolve().parent.parent
TOPS = ("web", "accounts", "editor", "picwish_site")

# What each room may import of ours, besides itself. A room is a folder with all that is in it; modules that
# lie beside rooms are named one by one. Imports within functions count.
GROUNDS = {"editor.engines.errors", "editor.engines.limits", "editor.engines.types"}
ROWS = {"accounts", "editor.models"}
# What a tool and a task's state are: everybody may read it, and it reads nobody.
TABLES = {"editor.tools", "editor.states"}
ROOMS: dict[str, set[str]] = {
    "web": set(),
    "accounts": {"web"},
    # The engine: no Django, no database, no network.
    "editor.engines.errors": set(),
    "editor.engines.types": set(),
    "editor.engines.limits": {"editor.engines.errors"},
    "editor.engines.options": {"editor.engines.errors"},
    "editor.engines.paths": set(),
    "editor.engines.memory": set(),
    "editor.engines.row_bands": set(),
    "editor.engines.tiles": set(),
    "editor.engines.terminal": set(),
    "editor.engines.io": {*GROUNDS, "editor.engines.row_bands"},
    "editor.engines.networks": {
        *GROUNDS,
        "editor.engines.io",
        "editor.engines.memory",
        "editor.engines.paths",
        "editor.engines.row_bands",
    },
    "editor.engines.matting": {
        *GROUNDS,
        "editor.engines.io",
        "editor.engines.networks",
        "editor.engines.row_bands",
        "editor.engines.tiles",
    },
    "editor.engines.retouching": {
        *GROUNDS,
        "editor.engines.io",
        "editor.engines.matting",
        "editor.engines.tiles",
    },
    "editor.engines.heads": {
        *GROUNDS,
        "editor.engines.io",
        "editor.engines.networks",
        "editor.engines.matting",
    },
    "editor.engines.finishing": {
        *GROUNDS,
        "editor.engines.io",
        "editor.engines.options",
        "editor.engines.row_bands",
    },
    "editor.engines.catalogue": {
        *GROUNDS,
        "editor.engines.finishing",
        "editor.engines.io",
        "editor.engines.options",
        "editor.engines.row_bands",
    },
    "editor.engines.inpainting": {*GROUNDS, "editor.engines.io"},
    "editor.engines.scenes.vocabulary": set(),
    "editor.engines.scenes": {*GROUNDS, "editor.engines.options", "editor.engines.scenes.vocabulary"},
    "editor.engines.tools": {
        *GROUNDS,
        "editor.engines.catalogue",
        "editor.engines.finishing",
        "editor.engines.heads",
        "editor.engines.inpainting",
        "editor.engines.io",
        "editor.engines.matting",
        "editor.engines.memory",
        "editor.engines.networks",
        "editor.engines.options",
        "editor.engines.retouching",
        "editor.engines.scenes",
    },
    "editor.engines.blender.kit": {"editor.engines.scenes"},
    "editor.engines.blender.pieces": {"editor.engines.blender.kit", "editor.engines.scenes"},
    "editor.engines.blender": {
        "editor.engines.blender.kit",
        "editor.engines.blender.pieces",
        "editor.engines.io",
        "editor.engines.scenes",
        "editor.engines.tools",
    },
    "editor.engines.batch": {
        *GROUNDS,
        "editor.engines.catalogue",
        "editor.engines.finishing",
        "editor.engines.io",
        "editor.engines.matting",
        "editor.engines.tools",
    },
    "editor.engines.__main__": {"editor.engines"},
    # What carries tasks out, and what knows of them.
    "editor.states": set(),
    "editor.tools": set(),
    "editor.services": set(),
    "editor.models": {"editor.services", "web"},
    "editor.providers": {"editor.engines", "editor.services"},
    "editor.files": {
        "accounts",
        "web",
        "editor.finishes",
        "editor.models",
        *GROUNDS,
        "editor.engines.finishing",
        "editor.engines.io",
        "editor.engines.catalogue",
    },
    "editor.tasks": {*ROWS, "web", "editor.files", "editor.providers", *GROUNDS},
    "editor.wiring": {"editor.providers", "editor.services"},
    "editor.remote": {
        *ROWS,
        "web",
        "editor.services",
        "editor.tasks",
        "editor.wiring",
        "editor.providers",
        *GROUNDS,
    },
    "editor.work": {
        *ROWS,
        "web",
        "editor.files",
        "editor.providers",
        "editor.remote",
        "editor.tasks",
        "editor.wiring",
        *GROUNDS,
        "editor.engines.catalogue",
        "editor.engines.finishing",
        "editor.engines.io.provenance",
    },
    "editor.backup": {"accounts", "web", "editor.files", "editor.models", "editor.tasks"},
    "editor.background": {"editor.models", "editor.work"},
    "editor.scenes": {"accounts", "editor.models", "editor.engines.scenes"},
    "editor.finishes": {
        "accounts",
        "editor.models",
        *GROUNDS,
        "editor.engines.finishing",
        "editor.engines.io",
    },
    "editor.gallery": {"accounts", "editor.finishes", "editor.models", "editor.work"},
    "editor.dashboard": {
        "web",
        "editor.models",
        "editor.remote",
        "editor.templatetags",
        "editor.engines.networks",
    },
    # Who asks for it: pages, programs, the desk. They place orders and never do the work.
    "editor.forms": {
        "web",
        "editor.models",
        "editor.remote",
        "editor.scenes",
        *GROUNDS,
        "editor.engines.finishing",
        "editor.engines.io",
        "editor.engines.matting",
        "editor.engines.scenes",
        "editor.engines.catalogue",
    },
    "editor.views": {
        *ROWS,
        "web",
        "editor.files",
        "editor.finishes",
        "editor.forms",
        "editor.gallery",
        "editor.remote",
        "editor.scenes",
        "editor.tasks",
        "editor.work",
        *GROUNDS,
        "editor.engines.finishing",
        "editor.engines.io",
        "editor.engines.scenes",
        "editor.engines.catalogue",
    },
    "editor.api": {
        *ROWS,
        "web",
        "editor.files",
        "editor.forms",
        "editor.providers",
        "editor.remote",
        "editor.scenes",
        "editor.tasks",
        "editor.work",
        *GROUNDS,
        "editor.engines.finishing",
        "editor.engines.io",
        "editor.engines.catalogue",
    },
    "editor.admin": {
        *ROWS,
        "web",
        "editor.services",
        "editor.dashboard",
        "editor.files",
        "editor.remote",
        "editor.templatetags",
        "editor.work",
        *GROUNDS,
        "editor.engines.catalogue",
    },
    "editor.templatetags": {"editor.dashboard", "editor.gallery", "editor.remote"},
    "editor.urls": {"editor.views"},
    "editor.checks": {"editor.models", "editor.views", "editor.remote", *GROUNDS, "editor.engines.networks"},
    "editor.apps": {
        *ROWS,
        "web",
        "editor.api",
        "editor.checks",
        "editor.remote",
        "editor.scenes",
        "editor.work",
    },
    "editor.management": {
        "accounts",
        "web",
        "editor.api",
        "editor.backup",
        "editor.models",
        "editor.tasks",
        "editor.wiring",
        "editor.work",
        "editor.engines",
    },
    "picwish_site": {"web", "accounts", "editor"},
}

# Of the work, pages and programs know how to order it, not how it is done; of the providers the guard
# alone, which refuses an address before it is kept.
DOERS = {
    "editor.wiring",
    "editor.work.messages",
    "editor.work.pipeline",
    "editor.work.maintenance",
    "editor.work.runs.delivery",
    "editor.work.runs.steps",
    "editor.tasks.lease",
    "editor.remote.handover",
    "editor.remote.session",
}


@cache
def modules() -> dict[str, Path]:
    """Return the file of every module of ours, migrations left out, by its dotted name."""
    found = {}
    for top in TOPS:
        for path in (ROOT / top).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports_of(module: str) -> set[str]:
    """Return the names of our own modules that a module imports, wherever in it."""
    path = modules()[module]
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                found.add(inner if inner in modules() else origin)
    return found & modules().keys()


def room_of(module: str) -> str:
    """Return the innermost room of the table that a module is in, or the module's own name."""
    return max((room for room in ROOMS if inside(module, room)), key=len, default=module)


def inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def fresh(code: str) -> str:
    """Run code in a process that has imported nothing yet, and return what it printed."""
    return waiting.run([sys.executable, "-c", code], cwd=ROOT).stdout.strip()


def test_every_module_is_in_a_room() -> None:
    outside = {module for module in modules() if room_of(module) == module and module not in ROOMS}
    assert outside <= {"editor", "editor.engines"}  # whose __init__ hold nothing


def test_every_room_of_the_table_is_there() -> None:
    assert not [room for room in ROOMS if room not in modules()]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_arrows_point_one_way(room: str) -> None:
    allowed_to = {*ROOMS[room], *TABLES}
    for module in modules():
        if room_of(module) == room:
            wrong = {
                other
                for other in imports_of(module)
                if room_of(other) != room and not any(inside(other, allowed) for allowed in allowed_to)
            }
            assert not wrong, module


def find_circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules that import one another in a circle.

    Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1, 1972.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_modules: list[str] = []
    circles = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        open_modules.append(module)
        for other in graph[module]:
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in open_modules:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            start = open_modules.index(module)
            circle = set(open_modules[start:])
            del open_modules[start:]
            if len(circle) > 1:
                circles.append(circle)

    for module in graph:
        if module not in order:
            visit(module)
    return circles


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert not find_circles({module: imports_of(module) - {module} for module in modules()})


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert find_circles(graph) == [{"a", "b", "c"}]


@pytest.mark.parametrize("room", ["editor.views", "editor.api", "editor.forms", "editor.admin"])
def test_who_orders_work_never_does_it(room: str) -> None:
    for module in modules():
        if inside(module, room):
            assert not imports_of(module) & DOERS, module
            providers = {other for other in imports_of(module) if inside(other, "editor.providers")}
            assert providers <= {"editor.providers.ssrf_guard", "editor.providers.errors"}, module


@pytest.mark.parametrize("table", sorted(TABLES))
def test_what_everybody_reads_needs_nothing_installed(table: str) -> None:
    tree = ast.parse(modules()[table].read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {getattr(node, "module", None) for node in imports} <= {"dataclasses", "enum"}


def test_no_folder_is_crowded() -> None:
    """Sixteen modules side by side at most; the pieces apart, which register one word or a few a module."""
    beside = Counter(path.parent.relative_to(ROOT) for path in modules().values() if path.stem != "__init__")
    del beside[Path("editor/engines/blender/pieces")]
    assert not {folder: number for folder, number in beside.items() if number > 16}


def test_every_folder_says_its_rule_and_the_document_shows_it() -> None:
    document = (ROOT / "docs/how-it-is-built.md").read_text()
    for module, path in modules().items():
        if path.stem != "__init__" or module == "editor" or module.startswith("picwish_site.formats"):
            continue
        rule = ast.get_docstring(ast.parse(path.read_text()))
        assert rule, module
        first = " ".join(rule.partition("\n\n")[0].split())
        assert f"| `{path.parent.relative_to(ROOT)}/` | {first} |" in document, module


# Files that others have, that the root has, and names that stand for any.
ELSEWHERE = re.compile(r"^admin/|htmx|^manage\.py$|[A-Z]{2}")


def test_files_that_comments_and_documents_name_are_there() -> None:
    """A name that moved is one that nobody finds."""
    read = [path for top in (*TOPS, "docs", "templates", "static") for path in (ROOT / top).rglob("*.*")]
    there = [
        path for top in (*TOPS, "bench", "tests", "static", "types") for path in (ROOT / top).rglob("*.*")
    ]
    names = " ".join(f"/{path.relative_to(ROOT)} " for path in there)
    missing = set()
    for path in read:
        if path.suffix in (".py", ".md", ".html", ".js", ".css"):
            for name in re.findall(r"[\w/-]+\.(?:py|js|css)\b", path.read_text("utf-8")):
                if not ELSEWHERE.search(name) and f"/{name.lstrip('/')} " not in names:
                    missing.add(f"{path.relative_to(ROOT)}: {name}")
    assert not sorted(missing)


def test_the_packages_init_is_empty() -> None:
    assert (ROOT / "editor/__init__.py").read_text() == ""


def test_engines_and_providers_never_load_django() -> None:
    pure = [
        module
        for module, path in modules().items()
        if inside(module, "editor.engines") or inside(module, "editor.providers")
        if path.stem not in ("__main__", "__init__") and "blender" not in path.parts
    ]
    code = f"import importlib, sys\nfor name in {pure!r}: importlib.import_module(name)\n"
    assert fresh(code + "print('django' in sys.modules)") == "False"


def test_the_web_process_never_loads_what_only_imaging_needs() -> None:
    code = (
        "import os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import picwish_site.asgi\n"
        "import editor.providers.picwish, editor.providers.removebackground\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "heavy = {'openvino', 'numba', 'scipy', 'pymatting', 'rawpy', 'bpy', 'numpy', 'pebble',"
        " 'boto3', 'psycopg', 'fido2', 'requests'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert fresh(code) == "[]"
