"""Cutouts of before: what was only cut out can be finished from now on, what was finished stays as it is."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from editor.forms import CutoutForm
from editor.models import Photo, Result, Task
from editor.states import State

from .files.files_out import photo_of, result_of

MIGRATION = importlib.import_module("editor.migrations.0014_bare_cutouts")


def order_of_before(**asked: str) -> dict[str, Any]:
    form = CutoutForm(asked)
    assert form.is_valid()
    return form.to_params()


def result_of_before(owner: User, params: dict[str, Any], **fields: Any) -> Result:
    photo = photo_of(owner)
    made = {name: fields.pop(name) for name in ("format", "kind") if name in fields}
    task = Task.objects.create(
        owner=owner, photo=photo, tool=fields.pop("tool", "cutout"), params=params, state=State.DONE, **fields
    )
    return result_of(photo, task=task, tool=task.tool, **made)


def is_bare_afterwards(result: Result) -> bool:
    MIGRATION.mark_bare(apps, None)
    result.refresh_from_db()
    return result.bare


@pytest.mark.parametrize(
    "asked", [{}, {"outputs": "both"}, {"subject": "person"}, {"margin": "8"}, {"frame": "as-is"}]
)
def test_what_was_only_cut_out_is_bare(alice: User, asked: dict[str, str]) -> None:
    assert is_bare_afterwards(result_of_before(alice, order_of_before(**asked)))


def test_corrected_one_is_bare_and_so_is_one_of_the_first_studios(alice: User) -> None:
    assert is_bare_afterwards(result_of_before(alice, {**order_of_before(), "strokes": []}))
    assert is_bare_afterwards(result_of_before(alice, {}))


@pytest.mark.parametrize(
    "asked",
    [
        {"background": "#ffffff"},
        {"frame": "edge"},
        {"frame": "square"},
        {"size": "large"},
        {"outputs": "mask"},
    ],
)
def test_what_was_finished_stays_a_picture(alice: User, asked: dict[str, str]) -> None:
    assert not is_bare_afterwards(result_of_before(alice, order_of_before(**asked)))


def test_other_files_behinds_kinds_tools_and_programs_stay_what_they_are(alice: User) -> None:
    params = order_of_before()
    wall = photo_of(alice, purpose=Photo.Purpose.BACKDROP)
    others = [
        result_of_before(alice, order_of_before(format="jpg"), format="jpg"),
        result_of_before(alice, params, backdrop=wall),
        result_of_before(alice, params, kind="mask"),
        result_of_before(alice, params, tool="head"),
        result_of_before(alice, params, expires_at=timezone.now()),
    ]
    assert not any(map(is_bare_afterwards, others))
