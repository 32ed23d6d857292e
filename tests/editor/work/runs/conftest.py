"""Runs with an engine that costs nothing: it says what a cutout would, and files are a few bytes."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from PIL import Image

from accounts.models import User
from editor import wiring
from editor.engines.catalogue.recipe import Recipe as Data
from editor.engines.finishing.proposals import Measures
from editor.engines.types import Output
from editor.models import Recipe, Run, RunItem
from editor.providers.contract import Job, Watch
from editor.tasks import scheduling
from editor.tools import QUICK
from editor.work import pipeline, recipes
from editor.work.runs import intake

WHITE = {"finish": {"canvas": "exact", "width": 40, "height": 40, "scaling": "fit", "background": "#ffffff"}}
MEASURED = Measures(angle=-4.0, confidence=0.9)
"""What that engine measures on a product that a recipe has straightened."""


class Bench:
    """Stands for the engine, and keeps count of what it was asked for.

    before: called with each job before it is done; what it raises is what becomes of the job. boxes: of the
    product, by the photo's width.
    """

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.before: Callable[[Job, Watch], None] = lambda job, watch: None
        self.boxes: dict[int, list[int]] = {}

    def count(self, tool: str) -> int:
        return sum(job.tool == tool for job in self.jobs)

    def run(self, job: Job, watch: Watch) -> list[Output]:
        self.jobs.append(job)
        self.before(job, watch)
        if job.tool == "deliver":
            return self.deliver(job)
        with Image.open(job.source) as photo:
            size = photo.size
        kinds = ["preview", "thumbnail"] if job.tool == "prepare" else ["image", "thumbnail"]
        made = [self.draw(job.folder / f"{kind}.png", kind, size) for kind in kinds]
        if job.tool == "cutout":
            box = self.boxes.get(size[0], [0, 0, *size])
            made.append(self.write(job.folder, {"confidence": 0.5 + 0.01 * (size[0] % 50), "box": box}))
        return made

    def deliver(self, job: Job) -> list[Output]:
        made, told = [], []
        for number, one in enumerate(job.options["files"], 1):
            path = job.folder / f"file-{number}.{one.get('format', 'jpg')}"
            path.write_bytes(f"{one} {job.options['finish']} {job.source}".encode())
            data = path.read_bytes()
            made.append(Output("image", str(path), 40, 40, path.suffix[1:], len(data), number=number))
            facts = {"format": path.suffix[1:], "width": 40, "height": 40, "bytes": len(data)}
            facts |= {"sha256": hashlib.sha256(data).hexdigest(), "verdict": "passed", "checks": []}
            told.append(facts)
        made.append(self.draw(job.folder / "thumbnail.webp", "thumbnail", (8, 8)))
        measured = {"measures": MEASURED.to_dict()} if "straighten" in job.options["recipe"] else {}
        return [*made, self.write(job.folder, {"files": told, **measured})]

    def draw(self, path: Path, kind: Any, size: tuple[int, int]) -> Output:
        Image.new("RGBA", size).save(path)
        return Output(kind, str(path), *size, path.suffix[1:], path.stat().st_size)

    def write(self, folder: Path, facts: dict[str, Any]) -> Output:
        path = folder / "facts.json"
        path.write_text(json.dumps(facts))
        return Output("facts", str(path), 8, 8, "json", path.stat().st_size)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    cache.clear()  # how long work took in other tests
    made = Bench()
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": made)
    return made


def picture(width: int = 60) -> bytes:
    """A photo of its own for each width."""
    from io import BytesIO

    buffer = BytesIO()
    Image.new("RGB", (width, 40), (width, 9, 9)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(content: bytes, name: str = "lamp.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_recipe(owner: User, **data: Any) -> Recipe:
    return recipes.create(owner, Data.from_dict({**WHITE, **data}))


def make_run(owner: User, photos: int = 0, **data: Any) -> Run:
    """A run of somebody's, of so many photos, not begun."""
    run = intake.create(owner, make_recipe(owner, **data))
    for number in range(photos):
        intake.add_upload(run, upload(picture(60 + number)), f"lamp-{number + 1}.png")
    return run


def work(most: int = 1000) -> int:
    """Do so many pieces of what waits, whoever's they are, as a worker does. Return how many were done."""
    for done in range(most):
        if not scheduling.count_waiting(QUICK):
            return done
        with TestCase.captureOnCommitCallbacks(execute=True):
            pipeline.serve(QUICK)
    return most


def list_states(run: Run) -> list[str]:
    return list(run.items.order_by("number").values_list("state", flat=True))


def list_items(run: Run) -> list[RunItem]:
    return list(run.items.order_by("number").prefetch_related("files"))
