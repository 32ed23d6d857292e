"""The studio's typeface: what was fetched is what was meant, and without it nothing breaks."""

import hashlib
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from editor.engines.networks.weight_sources import Unavailable
from picwish_site import typeface
from picwish_site.typeface import INTER, Cut, Face

ROOT = Path(__file__).resolve().parents[1]
FILES = {"LICENSE": b"Free to use.", "files/toy-latin.woff2": b"latin", "files/toy-greek.woff2": b"greek"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


TOY = Face(
    family="Toy",
    package="toy-face@1.0.0",
    about_bytes=1000,
    licence=sha256(FILES["LICENSE"]),
    cuts=(
        Cut("files/toy-latin.woff2", sha256(b"latin"), "100 900", "U+0000-00FF"),
        Cut("files/toy-greek.woff2", sha256(b"greek"), "100 900", "U+0370-03FF"),
    ),
)


class Said:
    """Progress that is remembered."""

    def begin(self, name: str, total_bytes: int) -> None: ...
    def reach(self, done_bytes: int) -> None: ...
    def say(self, line: str) -> None: ...


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A npm that packs what lies in a folder; each time it is asked it says so in a file beside."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    pack(shelf, FILES)
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, shutil, sys\n"
        f"shelf = pathlib.Path({str(shelf)!r})\n"
        "(shelf / 'asked').open('a').write('.')\n"
        "where = sys.argv[sys.argv.index('--pack-destination') + 1]\n"
        "shutil.copy(shelf / 'toy.tgz', where)\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return shelf


def pack(shelf: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(shelf / "toy.tgz", "w:gz") as package:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))


def test_it_is_fetched_once_with_its_licence_and_a_sheet_that_names_its_files(
    npm: Path, tmp_path: Path
) -> None:
    place = tmp_path / "typeface"
    for _ in range(2):
        typeface.fetch(TOY, place, Said())
    assert (npm / "asked").read_text() == "."
    assert {path.name for path in (place / "fonts").iterdir()} == {
        "toy-latin.woff2",
        "toy-greek.woff2",
        "Toy-LICENSE.txt",
    }
    sheet = (place / "css/typeface.css").read_text()
    for cut in TOY.cuts:
        assert f'url("../fonts/{cut.name}")' in sheet
        assert f"unicode-range: {cut.characters}" in sheet
    assert sheet.count("font-display: swap") == sheet.count("@font-face") == 2
    assert not (place / ".downloads").exists()


@pytest.mark.parametrize("damage", ["changed", "missing", "not a package"])
def test_what_is_not_what_was_meant_is_not_taken(npm: Path, tmp_path: Path, damage: str) -> None:
    if damage == "not a package":
        (npm / "toy.tgz").write_bytes(b"Down for repairs.")
    else:
        others = {"files/toy-greek.woff2": b"evil"} if damage == "changed" else {}
        pack(npm, {**{name: FILES[name] for name in ("LICENSE", "files/toy-latin.woff2")}, **others})
    place = tmp_path / "typeface"
    with pytest.raises(Unavailable):
        typeface.fetch(TOY, place, Said())
    assert list((place / "fonts").iterdir()) == []
    assert not (place / "css/typeface.css").exists()


def test_files_put_there_by_hand_are_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no npm
    place = tmp_path / "typeface"
    (place / "fonts").mkdir(parents=True)
    for name, (member, _) in TOY.files.items():
        (place / "fonts" / name).write_bytes(FILES[member])
    typeface.fetch(TOY, place, Said())
    assert (place / "css/typeface.css").is_file()


def test_a_file_that_was_spoilt_takes_the_sheet_away_rather_than_the_studio(
    npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "typeface"
    typeface.fetch(TOY, place, Said())
    (place / "fonts/toy-latin.woff2").write_bytes(b"half")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="npm is not installed"):
        typeface.fetch(TOY, place, Said())
    assert not (place / "css/typeface.css").exists()


def test_without_npm_it_says_where_it_comes_from_and_what_stands_in(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "picwish_site.typeface"],
        env={"PATH": str(tmp_path), "TYPEFACE_DIR": str(tmp_path / "typeface")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "The system's fonts stand in for it." in said
    assert INTER.package in said
    assert all(cut.sha256 in said for cut in INTER.cuts)


@pytest.mark.parametrize("there", [True, False])
def test_static_files_are_collected_with_and_without_it(tmp_path: Path, there: bool) -> None:
    place = tmp_path / "typeface"
    if there:
        for path, content in {
            "css/typeface.css": typeface.stylesheet(TOY).encode(),
            **{f"fonts/{name}": FILES[member] for name, (member, _) in TOY.files.items()},
        }.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "TYPEFACE_DIR": str(place)}
        | {"DJANGO_SETTINGS_MODULE": "picwish_site.settings"},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    collected = tmp_path / "data/static"
    assert ("Toy" in (collected / "css/typeface.css").read_text()) == there
    assert (collected / "fonts/toy-latin.woff2").is_file() == there


def test_inter_covers_what_people_of_the_eight_languages_and_their_neighbours_write() -> None:
    ranges = [
        tuple(int(end, 16) for end in (part.strip()[2:].split("-") * 2)[:2])
        for cut in INTER.cuts
        for part in cut.characters.split(",")
    ]
    for character in "Sweep ÄÖÜß éèêç ñ ãõ Łódź Ğış Žluťoučký Ελλάδα Україна Россия 12,345 € – “”":
        assert any(low <= ord(character) <= high for low, high in ranges), character
