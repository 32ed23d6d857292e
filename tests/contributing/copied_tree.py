"""A copy of the studio's tree, to which something is added as CONTRIBUTING says, and which is then asked."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.installation import Studio
from tests.support import waiting

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("accounts", "editor", "picwish_site", "web")
LINKED = ("templates", "static")
# What was compiled goes along: it holds for the copies as well, and takes long. What other processes are
# writing there now does not.
HALF_WRITTEN = shutil.ignore_patterns("*.pyc.*", "*.tmp.*")
# Hashed names of static files would need a collect run.
SETTINGS = """
from picwish_site.settings import *

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""

Additions = dict[str, tuple[tuple[str, str], ...]]
"""By file: each text that is added, with the text it goes behind; a new file's goes behind nothing."""


class CopiedTree:
    """The copy, with a database of its own, as the tree's studio begins with it."""

    def __init__(self, folder: Path, additions: Additions) -> None:
        self.root, self.data = folder / "tree", folder / "data"
        Studio(self.data).copy_prepared()
        for name in COPIED:
            shutil.copytree(ROOT / name, self.root / name, ignore=HALF_WRITTEN)
        for name in LINKED:
            (self.root / name).symlink_to(ROOT / name)
        for name in ("manage.py", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root)
        (self.root / "copied_settings.py").write_text(SETTINGS)
        for name, texts in additions.items():
            self.add(name, texts)

    def add(self, name: str, texts: tuple[tuple[str, str], ...]) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        for behind, added in texts:
            before = path.read_text() if behind else ""
            at = before.index(behind) + len(behind)
            path.write_text(before[:at] + added + before[at:])

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python there. Returns what came of it, whatever that is."""
        given = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "copied_settings",
            "DATA_DIR": str(self.data),
            "SCENES": "false",
            **environment,
        }
        return waiting.run([sys.executable, *arguments], cwd=self.root, env=given, check=False)

    def ask(self, script: str, **environment: str) -> str:
        """Run a script in the studio there, and return what it prints."""
        done = self.run("-c", f"import django\ndjango.setup()\n{script}", **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *arguments, **environment)


def list_files(heading: str, name: str) -> set[str]:
    """Return the files that a section of CONTRIBUTING numbers, NAME being the name of what is added."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return {one.replace("NAME", name) for one in re.findall(r"^\d+\. `([^`]+)`", section, re.MULTILINE)}
