"""What a run has measured on its products, once, and has said of their origin."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from editor.engines.io.provenance import credentials
from editor.files import measures
from editor.models import Result, Run
from editor.work import recipes
from editor.work.runs import flow
from editor.work.runs.errors import RunRefused

from .conftest import MEASURED, Bench, make_recipe, make_run, work


def test_a_product_is_measured_once_beside_its_photo(alice: User, bench: Bench) -> None:
    run = make_run(alice, 1, straighten=True)
    flow.start(run)
    work()
    (first,) = [job.options for job in bench.jobs if job.tool == "deliver"]
    (cutout,) = Result.objects.filter(bare=True).select_related("photo", "task")
    assert first["photo_path"] == str(Path(cutout.photo.file.path))
    assert "measures" not in first
    assert measures.get_kept(cutout) == MEASURED

    run.refresh_from_db()
    assert run.recipe is not None
    recipes.change(run.recipe, recipes.read(make_recipe(alice, straighten=True, most_angle=5)))
    flow.rerun_all(run)
    work()
    assert Run.objects.get(pk=run.pk).state == Run.State.DONE
    _, again = [job.options for job in bench.jobs if job.tool == "deliver"]
    assert again["measures"] == MEASURED.to_dict()


def test_what_photos_say_of_their_origin_goes_along_where_it_is_asked_for(alice: User, bench: Bench) -> None:
    for provenance in ("none", "source"):
        flow.start(make_run(alice, 1, provenance=provenance))
        work()
    without, told = [job.options for job in bench.jobs if job.tool == "deliver"]
    assert "photo_path" not in without
    assert Path(told["photo_path"]).is_file()
    assert "measures" not in told


def test_files_are_signed_once_the_studio_has_a_key(
    alice: User, bench: Bench, settings: Any, tmp_path: Path
) -> None:
    settings.IDENTITY_DIR = tmp_path / "identity"
    run = make_run(alice, 1, credentials=True)
    with pytest.raises(RunRefused, match=r"manage\.py credentials"):
        flow.start(run)
    said = StringIO()
    call_command("credentials", name="Beyer", stdout=said)
    assert str(tmp_path / "identity/root.pem") in said.getvalue()
    flow.start(run)
    work()
    (asked,) = [job.options for job in bench.jobs if job.tool == "deliver"]
    assert asked["identity_path"] == str(tmp_path / "identity")
    assert Path(asked["photo_path"]).is_file()
    call_command("credentials", stdout=said)
    assert "there already" in said.getvalue()


def test_without_the_package_the_admin_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "is_installed", lambda: False)
    with pytest.raises(CommandError, match="requirements-credentials"):
        call_command("credentials")
