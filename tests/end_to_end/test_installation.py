"""installation.Studio: what benches start is set up without what tests have in common."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from .installation import ROOT, Studio


def test_without_a_folder_of_prepared_studios_one_is_set_up_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[Any]] = []
    monkeypatch.delenv("PREPARED_DIR")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: called.append(command))
    Studio(tmp_path / "studio").set_up()
    assert called == [[ROOT / "bin/setup"]]
    assert (tmp_path / "studio").is_dir()
