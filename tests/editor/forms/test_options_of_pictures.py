"""Beside a picture stand the options that made it; beside a photo without one, those asked for last."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editor.forms import EraseForm, HeadForm, SceneForm, SubjectForm
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from tests.desk.seeds import PLAIN, made
from tests.editor.files.files_out import photo_of
from tests.editor.standing import HTMX
from tests.support.markup import on_one_line

Asked = dict[str, Any]
# Of each tool two ways to ask for something, as a page sends them.
ASKED: list[tuple[str, str, Asked, Asked]] = [
    (
        "cutout",
        "start-cutout",
        {"subject": "person"},
        {"subject": "stamp"},
    ),
    ("head", "start-head", {"faces": "largest", "crop": "on", "format": "webp"}, {"outputs": "mask"}),
    (
        "erase",
        "start-erase",
        {"rectangles": '[{"x": 1, "y": 1, "width": 9, "height": 9}]', "format": "webp"},
        {"rectangles": '[{"x": 2, "y": 2, "width": 9, "height": 9}]', "format": "jpg"},
    ),
    (
        "scene",
        "start-scene",
        {
            "by": "words", "prompt": "marble podium", "negative_prompt": "flowers", "batch_size": "1",
            "aspect": "4:5", "size": "1536", "copy_space": "left", "match": "on", "surface": "#c96f4a",
            "place": "0.4,0.8,0.5", "format": "png", "provenance": "on",
        },
        {"by": "scene", "scene_type": "105", "accent": "#123456", "aspect": "1:1", "batch_size": "2"},
    ),
]  # fmt: skip
TOOLS = [pytest.param(*row, id=row[0]) for row in ASKED]


def ordered(client: Client, photo: Photo, start: str, asked: Asked) -> Task:
    """Order it, and have it done at once."""
    response = client.post(reverse(f"editor:{start}", args=[photo.pk]), asked, headers=HTMX)
    assert response.status_code == 200, response.content
    return Task.objects.filter(photo=photo).newest_first()[0]


def finish(task: Task) -> Result:
    Task.objects.filter(pk=task.pk).update(state=State.DONE, completed_at=timezone.now())
    return Result.objects.create(
        owner=task.owner, task=task, photo=task.photo, tool=task.tool, file="r.png", format="png",
        width=60, height=40, bytes=1,
    )  # fmt: skip


def told(client: Client, address: str, **headers: str) -> dict[str, Any]:
    """What the page is told of the options of the picture in view."""
    page = client.get(address, headers=headers).content.decode()
    found = re.search(r'<script id="made" type="application/json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1].replace("\\u003E", ">").replace("\\u003C", "<").replace("\\u0026", "&"))


def agrees(values: dict[str, Any], asked: Asked) -> bool:
    """Whether what was asked for is what the fields are told, each in its own way of writing it."""
    for name, wanted in asked.items():
        value = values.get(name)
        if name == "place":
            assert [float(part) for part in str(value).split(",")] == [
                float(part) for part in wanted.split(",")
            ]
        elif name != "rectangles":
            assert value == (True if wanted == "on" else wanted), name
    return True


def address_of(photo: Photo, query: str) -> str:
    return reverse("editor:photo", args=[photo.pk]) + query


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(("tool", "start", "first", "second"), TOOLS)
def test_each_result_brings_the_options_that_made_it(
    alice: User,
    alice_client: Client,
    tool: str,
    start: str,
    first: Asked,
    second: Asked,
    headers: dict[str, str],
) -> None:
    photo, other = photo_of(alice), photo_of(alice)
    older = finish(ordered(alice_client, photo, start, first))
    newer = finish(ordered(alice_client, photo, start, second))
    ordered(alice_client, other, start, first)  # what was asked for last
    assert agrees(told(alice_client, address_of(photo, f"?result={older.pk}"), **headers)["values"], first)
    assert agrees(told(alice_client, address_of(photo, f"?tool={tool}"), **headers)["values"], second)
    picked = told(alice_client, address_of(photo, f"?result={newer.pk}"), **headers)
    assert agrees(picked["values"], second)
    assert picked["task"] == str(newer.task_id)


@pytest.mark.parametrize(("tool", "start", "first", "second"), TOOLS)
def test_work_that_goes_on_and_work_that_failed_bring_theirs(
    alice: User, alice_client: Client, tool: str, start: str, first: Asked, second: Asked
) -> None:
    photo, other = photo_of(alice), photo_of(alice)
    task = ordered(alice_client, photo, start, first)
    ordered(alice_client, other, start, second)
    here = address_of(photo, f"?tool={tool}")
    assert told(alice_client, here)["task"] == str(task.pk)
    assert agrees(told(alice_client, here)["values"], first)
    Task.objects.filter(pk=task.pk).update(state=State.NOTHING_FOUND)
    assert agrees(told(alice_client, here)["values"], first)


@pytest.mark.parametrize(("tool", "start", "first", "second"), TOOLS)
def test_a_photo_without_a_picture_has_what_was_asked_for_last(
    alice: User, alice_client: Client, tool: str, start: str, first: Asked, second: Asked
) -> None:
    photo, other = photo_of(alice), photo_of(alice)
    ordered(alice_client, other, start, first)
    found = told(alice_client, address_of(photo, f"?tool={tool}"))
    assert found["task"] == ""
    assert agrees(found["values"], {name: value for name, value in first.items() if name != "place"})


def test_the_form_of_the_whole_page_says_the_same_without_scripts(alice: User, alice_client: Client) -> None:
    photo = photo_of(alice)
    older = finish(ordered(alice_client, photo, "start-cutout", ASKED[0][2]))
    finish(ordered(alice_client, photo, "start-cutout", ASKED[0][3]))
    response = alice_client.get(address_of(photo, f"?result={older.pk}"))
    assert response.context["form"]["subject"].value() == "person"
    assert re.search('value="person"[^>]* checked', on_one_line(response))


def test_every_option_of_a_form_is_one_of_its_pictures(alice: User) -> None:
    """A field that is added to a form and forgotten here would show what did not make the picture."""
    aside = {
        SubjectForm: set(),
        HeadForm: {"choice", "chosen"},
        EraseForm: {"rectangles", "mask", "avoid", "seed"},
        SceneForm: {"backdrop", "seed"},
    }
    from editor.views.tools.registry import TOOLS as BUTTONS

    for button in BUTTONS:
        form = button.sight.options({})
        assert set(form.initial) == set(form.fields) - aside[button.sight.form], button.tool


# -- A picture of one's own behind ---------------------------------------------------------------------


def behind(owner: User) -> Photo:
    return photo_of(owner, name="table.jpg", purpose=Photo.Purpose.BACKDROP)


def test_a_photo_that_was_the_scene_long_ago_is_among_those_to_choose(
    alice: User, alice_client: Client
) -> None:
    photo = photo_of(alice)
    params = {"seed": 1, "takes": 1, "size": 1024, "format": "jpg", "floor": 0.7}
    old = made(photo, "scene", params, backdrop=behind(alice), minutes_ago=60)
    for age in range(6):
        made(photo, "scene", params, backdrop=behind(alice), minutes_ago=age)
    response = alice_client.get(address_of(photo, f"?result={old.pk}"))
    kept = [backdrop for backdrop, chosen in response.context["kept"] if chosen]
    assert kept == [old.task.backdrop]
    assert response.context["form"]["floor"].value() == 0.7


# -- Words that agree with what is there ---------------------------------------------------------------


@pytest.mark.parametrize("tool", [tool.value for tool in Tool])
def test_an_earlier_result_is_not_said_to_have_failed(alice: User, alice_client: Client, tool: str) -> None:
    photo = photo_of(alice)
    params = {"scene": 105, "takes": 1, "size": 1024, "format": "jpg"} if tool == "scene" else PLAIN
    good = made(photo, tool, params, minutes_ago=5)
    Task.objects.create(owner=alice, photo=photo, tool=tool, params=params, state=State.NOTHING_FOUND)
    page = alice_client.get(address_of(photo, f"?result={good.pk}")).content.decode()
    assert "Done in 2.0 s" in page
    assert "Nothing found" not in re.sub(r"aria-label=\"[^\"]*\"", "", page)


def test_another_fill_comes_in_the_format_that_is_chosen_now(alice: User, alice_client: Client) -> None:
    photo = photo_of(alice)
    erased = finish(ordered(alice_client, photo, "start-erase", ASKED[2][2]))
    address = reverse("editor:another-fill", args=[erased.task_id])
    for sent, format in (("jpg", "jpg"), ("", "webp"), ("exe", "webp")):
        alice_client.post(address, {"format": sent}, headers=HTMX)
        task = Task.objects.filter(photo=photo).newest_first()[0]
        assert task.params["format"] == format
        assert task.params["rectangles"] == erased.task.params["rectangles"]


def test_a_fragment_says_what_was_done_to_the_photo_last(alice: User, alice_client: Client) -> None:
    """By that the page notices work that it did not ask for."""
    photo = photo_of(alice)
    before = alice_client.get(address_of(photo, "?tool=scene"), headers=HTMX).content.decode()
    assert 'data-work="None None"' in before
    cut = made(photo, "cutout", PLAIN)
    after = alice_client.get(address_of(photo, "?tool=scene"), headers=HTMX).content.decode()
    assert f'data-work="{State.DONE} {cut.pk}"' in after
