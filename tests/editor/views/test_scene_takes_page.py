"""The takes of a scene on the page: side by side, alone, varied, and what went wrong with them."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.models import Photo, Scene, Task
from editor.states import State
from editor.tools import Tool
from tests.editor.standing import HTMX, address, cut_out, page_of, staged, stored
from tests.support.markup import on_one_line

MakePhoto = Callable[..., Photo]


def test_two_takes_stand_side_by_side_each_to_be_varied_enlarged_and_downloaded(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    task = staged(photo)
    page = page_of(alice_client, photo)
    assert 'data-state="side"' in page
    assert "data-after=" not in page
    assert [take.number for take in alice_client.get(address(photo)).context["sight"].takes] == [1, 2]
    for result in task.results.all():
        assert reverse("editor:result-download", args=[result.pk]) in page
        assert f"?result={result.pk}" in page
    assert page.count(reverse("editor:another-take", args=[task.pk])) >= 2


def test_a_take_is_looked_at_alone_and_leads_back_to_both(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    task = staged(photo)
    staged(photo)
    second = task.results.get(number=2)
    response = alice_client.get(reverse("editor:photo", args=[photo.pk]), {"result": str(second.pk)})
    page = on_one_line(response)
    assert 'data-state="alone"' in page
    assert "Take 2 of 2" in page
    assert f'data-after="{reverse("editor:result-file", args=[second.pk])}"' in page
    assert "data-aligned" not in page, "a scene is nothing to compare with its photo"
    both = alice_client.get(address(photo, f"&task={task.pk}"))
    assert {take.result for take in both.context["sight"].takes} == set(task.results.all())


def test_a_single_take_has_the_stage_to_itself(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    staged(photo, takes=1)
    page = page_of(alice_client, photo)
    assert 'data-state="alone"' in page
    assert 'id="both-takes"' not in page
    assert 'id="another-take"' in page


def test_another_take_is_one_more_picture_of_the_same_scene(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = cut_out(photo)
    task = staged(photo, source_result=result, continues=True, params={"copy_space": "left"})
    alice_client.post(reverse("editor:another-take", args=[task.pk]), headers=HTMX)
    again = Task.objects.filter(tool=Tool.SCENE).newest_first()[0]
    assert again.params["seed"] != task.params["seed"]
    assert {**again.params, "seed": 1, "takes": 2} == task.params
    assert (again.params["takes"], again.credits, again.source_result) == (1, 3, result)


def test_a_scene_that_was_put_off_since_is_not_taken_again(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    task = staged(photo)
    Scene.objects.filter(number=105).update(enabled=False)
    response = alice_client.post(reverse("editor:another-take", args=[task.pk]), headers=HTMX)
    assert response.status_code == 409
    assert "no longer offered" in response.content.decode()
    assert Task.objects.count() == 1
    assert 'data-state="side"' in page_of(alice_client, photo), "what was made of it stays"


def test_a_first_look_is_shown_once_there_is_one_and_not_sent_every_second(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    task = staged(photo, State.PROCESSING, early=[stored("early", "webp")])
    look = reverse("editor:task-early", args=[task.pk, 1])
    status = reverse("editor:task-status", args=[task.pk])
    fresh = alice_client.get(f"{status}?early=0", headers=HTMX).content.decode()
    known = alice_client.get(f"{status}?early=1", headers=HTMX).content.decode()
    assert look in fresh
    assert fresh.count("setting up") == 1
    assert look not in known
    assert f"{status}?early=1" in known


def test_a_failure_says_why_and_shows_the_product_placed(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    staged(photo)
    staged(photo, State.NO_RESOURCES, message="Blender is not there. Tell the studio's admin.")
    page = page_of(alice_client, photo)
    assert "Blender is not there." in page
    assert 'id="retry"' in page
    assert 'data-state="none"' in page


def test_words_not_understood_are_no_matter_of_trying_again(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    staged(photo, State.BAD_PROMPT)
    page = page_of(alice_client, photo)
    assert "Name a place, a surface, a colour or a light." in page
    assert 'id="retry"' not in page
