"""What CONTRIBUTING lists for a new tool is all that it takes.

"upscale" is added to a copy of the tree, in the files that are listed and no others, and then ordered,
carried out and looked for wherever a tool appears: tests/contributing/upscaled.py, which runs in the copy.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import waiting

from .copied_tree import HALF_WRITTEN, ROOT, list_files
from .upscale import EDITS, FILES, NAME

LEFT_OUT = {
    ".git",
    ".venv",
    "var",
    "node_modules",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
MIGRATION = "editor/migrations/NUMBER_TOOL.py"
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the tool in it."""
    copy = tmp_path_factory.mktemp("upscale") / "tree"
    shutil.copytree(
        ROOT, copy, ignore=lambda folder, names: LEFT_OUT & set(names) | HALF_WRITTEN(folder, names)
    )
    for place, text in FILES.items():
        path = copy / place.replace("TOOL", NAME)
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists()
        path.write_text(text)
    for place, edits in EDITS.items():
        path = copy / place
        text = path.read_text()
        for old, new in edits:
            assert text.count(old) == 1, (place, old)
            text = text.replace(old, new)
        path.write_text(text)
    run(copy, "manage.py", "makemigrations", "editor", "--name", NAME)
    return copy


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = waiting.run([sys.executable, *arguments], cwd=tree, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_list_is_complete() -> None:
    """In both directions: what is listed is made here, and nothing else is."""
    assert list_files("Add a tool", NAME) == {*FILES, *EDITS, MIGRATION}


def test_it_works_everywhere(tree: Path) -> None:
    shutil.copy(ROOT / "tests/contributing/upscaled.py", tree / "tests/test_upscaled.py")
    run(tree, *PYTEST, "tests/test_upscaled.py")


def test_it_breaks_no_rule_of_the_rooms(tree: Path) -> None:
    run(
        tree,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "tests/test_layout.py",
        "-k",
        "arrows or circle",
    )


def test_models_and_migrations_agree(tree: Path) -> None:
    (made,) = (tree / "editor/migrations").glob(f"*_{NAME}.py")
    assert "upscale" in made.read_text()
    run(tree, "manage.py", "makemigrations", "--check", "--dry-run")


@pytest.mark.parametrize("place", [place for place in FILES if place.startswith(("templates/", "static/"))])
def test_what_the_page_is_made_of_is_missed_at_the_start(tree: Path, place: str) -> None:
    path = tree / place.replace("TOOL", NAME)
    text = path.read_text()
    path.unlink()
    try:
        checked = waiting.run([sys.executable, "manage.py", "check"], cwd=tree, check=False)
    finally:
        path.write_text(text)
    assert checked.returncode
    assert "editor.E001" in checked.stderr
