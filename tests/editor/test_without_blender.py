"""A studio without scenes, by a setting or for want of Blender, works with all else and says so."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from accounts.models import CreditEntry, User
from editor import checks
from editor.models import Photo, Provider, Result, Scene, Task
from editor.remote import routing
from editor.states import State
from editor.tools import Tool
from editor.work import orders, pipeline
from tests.api.conftest import Program, png

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"switched off": "switched off", "not installed": "Blender is not installed"}


@pytest.fixture(params=WORDS)
def words(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A studio without scenes, in both ways; gives what it says of them."""
    settings.SCENES = request.param != "switched off"
    monkeypatch.setattr(routing, "find_spec", lambda name: None)
    routing.has_blender.cache_clear()
    yield WORDS[request.param]
    routing.has_blender.cache_clear()


def test_the_page_says_so_where_scenes_are_and_nowhere_else(alice_client: Client, words: str) -> None:
    pages = {
        tool: alice_client.get(reverse("editor:editor"), {"tool": tool}).content.decode() for tool in Tool
    }
    assert "makes no scenes" in pages[Tool.SCENE]
    assert words in pages[Tool.SCENE]
    assert [tool for tool, page in pages.items() if "makes no scenes" in page] == [Tool.SCENE]


def test_an_order_is_refused_before_anything_is_paid_and_others_are_taken(
    alice: User, photo_of: Callable[..., Photo], words: str
) -> None:
    photo = photo_of(alice)
    with pytest.raises(orders.OrderRefused, match=words):
        orders.place(alice, photo, Tool.SCENE, {"scene": 101, "takes": 1})
    assert not Task.objects.exists()
    assert not CreditEntry.objects.filter(kind=CreditEntry.Kind.RESERVE).exists()
    assert orders.place(alice, photo, Tool.CUTOUT, {}).state == State.QUEUED


def test_a_program_is_told_in_its_own_words(alice: User, words: str) -> None:
    program, product = Program(alice), png(Image.new("RGBA", (300, 300), (200, 30, 30, 255)))
    answer = program.post("background", {"image_file": ("cup.png", product), "scene_type": "101"})
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert not Photo.objects.exists()
    listed = program.get("background/scenes").json()
    assert listed["data"] == {"scenes": []}
    assert words in listed["message"]


def test_one_that_waited_when_they_were_switched_off_fails_free_of_charge(
    alice: User, photo_of: Callable[..., Photo], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(routing, "explain_absence", lambda tool: "")
        task = orders.place(alice, photo_of(alice), Tool.SCENE, {"scene": 101, "takes": 1})
    monkeypatch.setattr(pipeline, "make_copies", lambda *_: None)
    pipeline.perform(task.pk)
    task.refresh_from_db()
    assert task.state == State.NO_RESOURCES
    assert words in task.message
    assert not Result.objects.exists()


def test_another_service_makes_them_all_the_same_but_this_studio_never_in_its_stead(
    alice: User, alice_client: Client, photo_of: Callable[..., Photo], words: str, settings: Any
) -> None:
    settings.WAYS = {**settings.WAYS, "scene": "picwish+local"}
    assert routing.find_way(Tool.SCENE) == routing.Way("picwish", fallback=False, fixed=True)
    assert orders.place(alice, photo_of(alice), Tool.SCENE, {"scene": 101}).state == State.QUEUED
    page = alice_client.get(reverse("editor:editor"), {"tool": "scene"}).content.decode()
    assert "makes no scenes" not in page


def test_the_desk_and_the_checks_say_so_and_that_is_no_trouble(
    alice: User, client: Client, words: str
) -> None:
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.force_login(alice)
    assert words in client.get(reverse("admin:index")).content.decode()
    (told,) = checks.scenes_can_be_made()
    assert words in told.msg
    assert told.level < 30
    assert told in run_checks()


def test_a_studio_with_blender_says_nothing(alice_client: Client) -> None:
    assert Scene.objects.offered().exists()
    assert Provider.objects.exists()
    assert not checks.scenes_can_be_made()
    assert b"makes no scenes" not in alice_client.get(reverse("editor:editor"), {"tool": "scene"}).content


def test_the_command_line_cuts_out_and_refuses_a_scene_without_blender(tmp_path: Path) -> None:
    picture = Image.new("RGB", (160, 160), "#eeeeee")
    ImageDraw.Draw(picture).ellipse((40, 30, 120, 140), fill="#b02020")
    picture.save(tmp_path / "ball.png")
    # As on a machine that it has no package for: whoever imports it, in whatever process, is told so.
    (tmp_path / "bpy.py").write_text("raise ModuleNotFoundError(\"No module named 'bpy'\", name='bpy')\n")

    def engine(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "editor.engines", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    cut = engine("cutout", str(tmp_path / "ball.png"), str(tmp_path / "cut.png"))
    assert cut.returncode == 0, cut.stderr
    with Image.open(tmp_path / "cut.png") as made:
        assert made.mode == "RGBA"
    put = engine("scene", str(tmp_path / "cut.png"), str(tmp_path / "put.jpg"), "--scene", "101")
    assert put.returncode != 0
    assert "Blender is not installed here" in put.stderr
