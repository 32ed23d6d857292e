"""A recipe of the studio, run by a program's call: the files that the page would make, with their checks."""

from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from editor import wiring
from editor.engines.catalogue.recipe import Recipe as Data
from editor.engines.tools import dispatch
from editor.engines.types import Output
from editor.models import Photo, Recipe, Task
from editor.providers.contract import Job, Watch
from editor.work import orders, pipeline, recipes
from tests.conftest import encoded

from .conftest import Program

FILES = [
    {"market": "amazon", "name": "{sku}.MAIN.{ext}"},
    {"folder": "print", "format": "psd", "clipping_path": True, "dpi": 300},
]
WHITE = {"finish": {"canvas": "exact", "width": 60, "height": 60, "scaling": "fit", "background": "#ffffff"}}


class InThisProcess:
    """Our own engine, but that products on nothing are taken as they are, which needs no network."""

    def run(self, job: Job, watch: Watch) -> list[Output]:
        options = dict(job.options) | ({"keep": "alpha"} if job.tool == "cutout" else {})
        return dispatch.run(job.tool, str(job.source), str(job.folder), options)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    made = InThisProcess()
    monkeypatch.setattr(wiring, "get_engine", lambda name, queue="quick": made)


def product(name: str = "Lamp 7.png") -> SimpleUploadedFile:
    rows, columns = np.mgrid[:60, :80]
    pixels = np.full((60, 80, 4), 90, np.uint8)
    pixels[..., 3] = 255 * ((rows - 30) ** 2 + (columns - 40) ** 2 < 400)
    return SimpleUploadedFile(name, encoded(pixels, "PNG"))


def keep(owner: User, name: str = "White", backdrop: Photo | None = None, **data: Any) -> Recipe:
    return recipes.create(owner, Data.from_dict({**WHITE, "files": FILES, **data, "name": name}), backdrop)


def ask(program: Program, **fields: Any) -> dict[str, Any]:
    """Order, have it done, and return the task's data."""
    task = program.ordered(image_file=product(), **fields)
    pipeline.perform(task.pk)
    told: dict[str, Any] = program.get(f"segmentation/{task.pk}").json()["data"]
    return told


def test_a_call_gets_all_files_of_a_recipe_with_their_checks(alice_program: Program, alice: User) -> None:
    keep(alice)
    told = ask(alice_program, recipe="White")
    assert told["state"] == 1
    first, second = told["files"]
    assert (first["path"], first["market"], first["format"]) == ("amazon/Lamp_7.MAIN.jpg", "amazon", "jpg")
    assert (second["path"], second["width"], second["market"]) == ("print/Lamp 7.psd", 60, "")
    assert {one["key"]: one["verdict"] for one in first["checks"]}["white"] == "passed"
    assert told["image"].startswith("http")
    # Each address is signed anew, and both lead to files of the kind that they say.
    for one in (first, second):
        answer, body = alice_program.ask("get", one["image"].partition("testserver")[2] or one["image"])
        assert len(body) == one["bytes"], answer.status_code
    assert second["image"].endswith("cutout-2.psd")
    assert body.startswith(b"8BPS")
    assert Task.objects.get().credits == 1


def test_a_shared_recipe_by_its_id_as_base64(alice: User, bob_program: Program) -> None:
    row = keep(alice, "Of the house", files=FILES[:1])
    refused = bob_program.post("segmentation", {"image_file": product(), "recipe": str(row.pk)})
    assert (refused.status_code, "no such recipe" in refused.json()["message"]) == (400, True)
    Recipe.objects.update(shared=True)
    told = ask(bob_program, recipe=str(row.pk), return_type="2")
    assert told["files"][0]["image"] == told["image"]
    assert told["image"].startswith("/9j/")


def test_a_picture_behind_comes_along_and_stays(alice_program: Program, alice: User, photo_of: Any) -> None:
    wall = photo_of(alice)
    Photo.objects.filter(pk=wall.pk).update(purpose=Photo.Purpose.BACKDROP)
    keep(alice, "Wall", wall, files=[{"frame": "recipe"}], finish={"canvas": "photo"})
    told = ask(alice_program, recipe="Wall")
    assert (told["image_width"], told["files"][0]["verdict"]) == (80, "passed")
    task = Task.objects.select_related("photo").get()
    assert task.backdrop_id == wall.pk
    orders.delete_photo(task.photo)
    assert Photo.objects.filter(pk=wall.pk).exists()


@pytest.mark.parametrize(
    ("fields", "parameter", "sentence"),
    [
        ({"recipe": "Red"}, "recipe", "There is no such recipe"),
        ({"recipe": "Twice"}, "recipe", "Several recipes"),
        ({"recipe": "Tomorrow"}, "recipe", "version 99"),
        ({"recipe": "Column"}, "recipe", "{colour}"),
        ({"recipe": "Theirs"}, "recipe", "somebody else's"),
        ({"recipe": "White", "format": "jpg"}, "format", "leave format out"),
        ({"recipe": "White", "type": "person"}, "type", "leave type out"),
        ({"recipe": "White", "return_type": "3", "sync": "1"}, "return_type", "makes 2 files"),
    ],
)
def test_what_cannot_be_done_by_a_recipe_is_said(
    alice_program: Program,
    alice: User,
    bob: User,
    photo_of: Any,
    fields: dict[str, str],
    parameter: str,
    sentence: str,
) -> None:
    for name in ("White", "Twice", "Twice"):
        keep(alice, name)
    keep(alice, "Column", files=[{"name": "{colour}.{ext}"}])
    keep(bob, "Theirs", photo_of(bob))
    Recipe.objects.filter(name="Theirs").update(shared=True)
    Recipe.objects.create(owner=alice, name="Tomorrow", data={"version": 99})
    answer = alice_program.post("segmentation", {"image_file": product(), **fields})
    assert answer.status_code == 400
    assert sentence in answer.json()["message"], parameter
    assert not Task.objects.exists()
    assert not Photo.objects.filter(owner=alice).exists()
