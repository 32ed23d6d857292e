"""What goes out: real files of every kind, in one archive that is made while it is sent."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import User
from editor.engines.tools import dispatch
from editor.engines.types import Output
from editor.models import Run, RunFile
from editor.providers.contract import Job
from editor.work.runs import archive, flow, intake

from .conftest import Bench, make_run, picture, upload, work


class RealFiles(Bench):
    """Cuts out a disc, and has the engine itself make the files."""

    def draw(self, path: Path, kind: Any, size: tuple[int, int]) -> Output:
        rows, columns = np.mgrid[: size[1], : size[0]]
        inside = (rows - size[1] / 2) ** 2 + (columns - size[0] / 2) ** 2 < 300
        pixels = np.full((*inside.shape, 4), 90, np.uint8)
        pixels[..., 3] = 255 * inside
        Image.fromarray(pixels).save(path)
        return Output(kind, str(path), *size, path.suffix[1:], path.stat().st_size)

    def deliver(self, job: Job) -> list[Output]:
        return dispatch.run("deliver", str(job.source), str(job.folder), job.options)


def read(run: Run) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(archive.write_archive(run))))


def test_files_for_print_and_markets_go_out_in_one_archive(alice: User, monkeypatch: Any) -> None:
    bench = RealFiles()
    monkeypatch.setattr("editor.wiring.get_engine", lambda name, queue="quick": bench)
    run = make_run(
        alice,
        1,
        files=[
            {"market": "amazon", "name": "{sku}.MAIN.{ext}"},
            {"format": "tiff", "folder": "print", "clipping_path": True, "dpi": 300},
            {"format": "psd", "folder": "print", "clipping_path": True, "dpi": 300},
        ],
    )
    intake.add_upload(run, upload(b"=1+1"), "=notes.txt")
    flow.start(run)
    work()

    with read(run) as packed:
        assert packed.namelist() == [
            "amazon/lamp_1.MAIN.jpg",
            "print/lamp-1.tif",
            "print/lamp-1.psd",
            "manifest.csv",
            "manifest.json",
        ]
        told = json.loads(packed.read("manifest.json"))
        rows = list(csv.DictReader(io.StringIO(packed.read("manifest.csv").decode("utf-8-sig"))))
        for line in told["files"][:3]:
            data = packed.read(line["file"])
            assert hashlib.sha256(data).hexdigest() == line["sha256"]
            assert line["source_sha256"] == hashlib.sha256(picture(60)).hexdigest()
            with Image.open(io.BytesIO(data)) as opened:
                assert opened.size == (line["width"], line["height"])
        for name in ("print/lamp-1.tif", "print/lamp-1.psd"):
            assert b"8BIM" in packed.read(name)
            checks = {
                one["key"]: one["verdict"]
                for one in next(line["checks"] for line in told["files"] if line.get("file") == name)
            }
            assert checks["path"] == "passed"
    assert (told["recipe"]["version"], rows[0]["market"]) == (1, "amazon")
    assert told["files"][3] == {
        "source": "=notes.txt",
        "source_sha256": hashlib.sha256(b"=1+1").hexdigest(),
        "message": run.items.get(number=2).message,
    }
    assert rows[3]["source"].startswith("'=")
    first = RunFile.objects.get(number=1)
    assert first.verdict in ("passed", "repaired", "not_met")
    with default_storage.open(str(first.thumbnail)) as file, Image.open(file) as opened:
        assert max(opened.size) <= 320


def test_the_archive_begins_at_once_and_says_what_is_missing(alice: User, bench: Bench) -> None:
    run = make_run(alice, 2)
    flow.start(run)
    work()
    first, second = RunFile.objects.order_by("pk")
    default_storage.delete(str(second.file))
    parts = archive.write_archive(run)
    assert next(parts).startswith(b"PK")
    parts.close()
    with read(run) as packed:
        assert second.path in packed.read("MISSING.txt").decode()
        assert first.path in packed.namelist()


def test_old_and_new_names_of_a_run_keep_apart(alice: User, bench: Bench) -> None:
    run = make_run(alice, 2)
    flow.start(run)
    work()
    RunFile.objects.update(path="files/Lamp.jpg")
    with read(run) as packed:
        assert packed.namelist()[:2] == ["files/Lamp.jpg", "files/Lamp-2.jpg"]
