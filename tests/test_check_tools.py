"""The programs that check scripts and styles are the ones that were pinned, or none."""

import base64
import hashlib
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from editor.engines.networks.weight_sources import Unavailable

from .support import check_tools
from .support.check_tools import MACHINES, PROGRAMS, Program

MEMBER = b"#!/bin/sh\necho checked\n"


def packed(folder: Path) -> Path:
    tarball = folder / "program.tgz"
    with tarfile.open(tarball, "w:gz") as package:
        facts = tarfile.TarInfo("package/bin/program")
        facts.size = len(MEMBER)
        package.addfile(facts, io.BytesIO(MEMBER))
    return tarball


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """One whose package is made here, in npm's stead, and pinned as it is."""
    tarball = packed(tmp_path)
    integrity = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    monkeypatch.setattr(check_tools, "PLACE", tmp_path / "tools")
    monkeypatch.setattr(check_tools, "npm_tarball", lambda *_: tarball)
    return Program("@a/program", "1.0.0", "bin/program", 1, dict.fromkeys(MACHINES.values(), integrity))


def test_every_program_is_pinned_for_every_machine() -> None:
    for program in PROGRAMS.values():
        assert set(program.integrity) == set(MACHINES.values())
        assert all(len(base64.b64decode(digest)) == 64 for digest in program.integrity.values())


def test_a_package_as_pinned_is_there_to_be_run(program: Program) -> None:
    path = program.install()
    assert path.read_bytes() == MEMBER
    assert path.stat().st_mode & 0o100


def test_it_is_fetched_once(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Path:
        raise AssertionError("it is here already")

    path = program.install()
    monkeypatch.setattr(check_tools, "npm_tarball", fail)
    assert program.install() == path


def test_another_package_is_refused_and_nothing_of_it_stays(program: Program) -> None:
    program.integrity.update(dict.fromkeys(MACHINES.values(), base64.b64encode(bytes(64)).decode()))
    with pytest.raises(Unavailable, match="not the package that was pinned"):
        program.install()
    assert list(check_tools.PLACE.iterdir()) == []
