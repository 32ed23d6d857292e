"""Which release this is, as the project's own file says it, and which code exactly."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("accounts", "editor", "picwish_site", "web")

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@cache
def hash_code() -> str:
    """Return a mark of the code that this process was started with, the same wherever the code is the same.

    Asked for early: a process goes on with what it loaded when the files are changed.
    """
    digest = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in (ROOT / part).rglob("*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
