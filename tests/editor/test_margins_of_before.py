"""Work that was asked for while margins were shares of the subject still says so."""

import importlib

import pytest
from django.apps import apps

from accounts.models import User
from editor.models import Task

from .files.files_out import photo_of

MIGRATION = importlib.import_module("editor.migrations.0008_margins_of_the_subject")


@pytest.mark.parametrize(
    ("params", "of"),
    [
        ({"crop": True, "margin": 0.08}, "subject"),
        ({"crop": True, "margin": 0.08, "margin_of": "canvas"}, "canvas"),
        ({"crop": False, "margin": 0.0}, None),
        ({}, None),
    ],
)
def test_a_margin_of_before_stays_what_it_was(alice: User, params: dict[str, object], of: str | None) -> None:
    task = Task.objects.create(owner=alice, photo=photo_of(alice), tool="cutout", params=params)
    MIGRATION.say_of_what(apps, None)
    task.refresh_from_db()
    assert task.params.get("margin_of") == of
