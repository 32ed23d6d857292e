"""Erasing on the page: marks are sent, a result is continued, another fill is tried."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.models import SOURCE_IS_GONE, Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from editor.work import orders
from editor.work.orders import OrderRefused
from tests.editor.erasing import BOX, MARKED, address, erased, mask_file, mask_of, start
from tests.support.markup import on_one_line

MakePhoto = Callable[..., Photo]
Files = Callable[[], list[str]]
HTMX = {"HX-Request": "true"}
SCRIPT = {"X-Requested-With": "fetch"}


# -- The page ----------------------------------------------------------------------------------------


def test_the_tool_is_taken_up_with_the_photo_and_kept_along_the_strip(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    older, photo = photo_of(alice), photo_of(alice)
    page = on_one_line(alice_client.get(address(photo)))
    assert f'href="{address(photo)}" aria-current="true" data-tool="erase"' in page
    assert f'href="{address(photo, "")}" data-tool="cutout"' in page
    assert f'hx-get="{address(older)}"' in page
    strip = alice_client.get("/editor/strip/?tool=erase", headers=SCRIPT).content.decode()
    assert f'hx-get="{address(older)}"' in strip


def test_a_photo_without_a_result_is_there_to_be_marked(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    response = alice_client.get(address(photo))
    page = on_one_line(response)
    assert f'data-marks="{photo.pk}"' in page
    assert "data-locked" not in page
    assert start(photo).replace("&", "&amp;") in page
    assert "It cannot bring back a face" in page


def test_the_newest_result_is_looked_at_and_can_be_gone_on_from(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    task = erased(photo)
    result = task.results.get()
    page = on_one_line(alice_client.get(address(photo)))
    assert "data-marks" not in page
    assert f'data-after="{reverse("editor:result-file", args=[result.pk])}"' in page
    assert reverse("editor:another-fill", args=[task.pk]) in page
    assert address(photo, f"?tool=erase&amp;mark={result.pk}") in page
    assert address(photo, "?tool=erase&amp;mark=photo") in page


def test_marks_go_onto_the_result_that_is_named(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    page = on_one_line(alice_client.get(address(photo, f"?tool=erase&mark={result.pk}")))
    assert f'data-marks="{result.pk}"' in page
    assert f'data-before="{reverse("editor:result-file", args=[result.pk])}"' in page
    assert "data-after=" not in page


def test_the_tool_of_a_picked_result_is_in_hand(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    response = alice_client.get(address(photo, f"?result={result.pk}"))
    assert response.context["tool"].tool == Tool.ERASE
    assert response.context["sight"].result == result


def test_each_tool_shows_its_own_results(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    erased(photo)
    assert alice_client.get(address(photo, "")).context["sight"].result is None


def test_while_it_works_the_marks_stay_in_sight_and_locked(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    erased(photo, State.PROCESSING, source_result=result, continues=True)
    page = on_one_line(alice_client.get(address(photo)))
    assert f'data-marks="{result.pk}" data-locked' in page
    assert "data-after=" not in page


def test_what_failed_leaves_its_marks_to_be_mended(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    erased(photo)
    erased(photo, State.UNSUITABLE, message="This mask is not black and white.")
    page = on_one_line(alice_client.get(address(photo)))
    assert "This mask is not black and white." in page
    assert f'data-marks="{photo.pk}"' in page
    assert 'class="variants"' in page


# -- Ordering ----------------------------------------------------------------------------------------


def test_boxes_are_ordered_to_be_erased(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    response = alice_client.post(start(photo), MARKED, headers=HTMX)
    task = Task.objects.get()
    assert (task.photo, task.owner, task.tool, task.continues) == (photo, alice, Tool.ERASE, False)
    assert task.params == {"rectangles": [BOX], "seed": 0, "format": "png"}
    assert response["HX-Replace-Url"] == address(photo)
    assert reverse("editor:task-status", args=[task.pk]) in response.content.decode()


def test_without_scripts_an_order_leads_back_to_the_photo_with_the_tool(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    response = alice_client.post(start(photo), {"mask": mask_file()})
    assert response["Location"] == address(photo)
    assert Task.objects.get().mask is not None


def test_masks_come_along_as_pictures_of_their_own(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    alice_client.post(start(photo), {"mask": mask_file(), "avoid": mask_file()}, headers=HTMX)
    task = Task.objects.get()
    assert task.mask is not None
    assert task.avoid is not None
    assert {task.mask.purpose, task.avoid.purpose} == {Photo.Purpose.MASK}
    strip = alice_client.get("/editor/strip/", headers=SCRIPT).context["strip"]
    assert [frame.photo for frame in strip.frames] == [photo]


def test_a_result_is_gone_on_from(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    alice_client.post(start(photo, str(result.pk)), MARKED, headers=HTMX)
    task = Task.objects.newest_first()[0]
    assert (task.source_result, task.continues) == (result, True)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Nothing is marked yet."),
        ({"rectangles": "[{"}, "The boxes cannot be read."),
        ({"rectangles": json.dumps([BOX] * 51)}, "51 boxes are marked"),
        ({"rectangles": json.dumps([{**BOX, "x": 700}])}, "Box 1 lies outside the photo"),
        ({"rectangles": json.dumps([{**BOX, "width": -1}])}, "Box 1 has no size."),
        ({"rectangles": json.dumps([{**BOX, "y": "low"}])}, "Box 1 has no valid y."),
        ({"rectangles": json.dumps([{"x": 0, "y": 0, "width": 400, "height": 400}])}, "67 % of the photo"),
        ({"rectangles": json.dumps([{"x": 0, "y": 0, "width": 600, "height": 400}])}, "The whole photo"),
    ],
)
def test_wrong_marks_are_refused_in_a_sentence_and_nothing_is_ordered(
    sent: dict[str, str], words: str, alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    script = alice_client.post(start(photo), sent, headers=HTMX)
    browser = alice_client.post(start(photo), sent)
    assert script.status_code == browser.status_code == 422
    assert script["Content-Type"].startswith("text/plain")
    assert script.content.decode().startswith(words)
    assert words in browser.content.decode()
    assert 'data-tool="erase"' in browser.content.decode()
    assert not Task.objects.exists()


def test_a_mask_of_another_size_is_refused_and_not_kept(
    alice: User, alice_client: Client, photo_of: MakePhoto, media: Files
) -> None:
    photo = photo_of(alice)
    before = media()
    response = alice_client.post(start(photo), {"mask": mask_file(60, 40)}, headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode().startswith("This mask is 60 × 40 pixels, the photo 600 × 400.")
    assert media() == before


def test_an_order_refused_leaves_no_mask_behind(
    alice: User,
    alice_client: Client,
    photo_of: MakePhoto,
    media: Files,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    photo = photo_of(alice)
    before = media()
    monkeypatch.setattr(orders, "MAX_WAITING", 0)
    with django_capture_on_commit_callbacks(execute=True):
        response = alice_client.post(start(photo), {"mask": mask_file(), "avoid": mask_file()}, headers=HTMX)
    assert response.status_code == 429
    assert list(Photo.objects.all()) == [photo]
    assert media() == before


def test_a_stranger_gets_404_for_all_of_it(alice: User, charlie_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    task = erased(photo)
    assert charlie_client.get(address(photo)).status_code == 404
    assert charlie_client.post(start(photo), MARKED).status_code == 404
    assert charlie_client.post(reverse("editor:another-fill", args=[task.pk])).status_code == 404
    assert Task.objects.count() == 1


def test_nobody_works_on_a_strangers_result_or_mask(
    alice: User, charlie: User, charlie_client: Client, photo_of: MakePhoto
) -> None:
    result = erased(photo_of(alice)).results.get()
    his = photo_of(charlie)
    response = charlie_client.post(start(his, str(result.pk)), MARKED, headers=HTMX)
    assert (response.status_code, response.content.decode()) == (409, SOURCE_IS_GONE)
    for extra in ({"mask": mask_of(alice)}, {"avoid": mask_of(alice)}, {"source_result": result}):
        with pytest.raises(OrderRefused, match="somebody else"):
            orders.place(charlie, his, Tool.ERASE, {}, **extra)


def test_a_result_of_another_photo_is_no_source(alice: User, photo_of: MakePhoto) -> None:
    result = erased(photo_of(alice)).results.get()
    with pytest.raises(OrderRefused, match="another photo"):
        orders.place(alice, photo_of(alice), Tool.ERASE, {}, source_result=result)


@pytest.mark.parametrize("name", ["start-erase", "another-fill"])
def test_looking_never_orders(name: str, alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    subject = photo.pk if name == "start-erase" else erased(photo).pk
    assert alice_client.get(reverse(f"editor:{name}", args=[subject])).status_code == 405


# -- Another fill, and the same again ------------------------------------------------------------------


def test_another_fill_has_the_same_marks_and_a_seed_of_its_own(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    mask, avoid = mask_of(alice), mask_of(alice)
    first = erased(photo, mask=mask, avoid=avoid, source_result=result, continues=True)
    erased(photo, params={"seed": 4})
    response = alice_client.post(reverse("editor:another-fill", args=[first.pk]), headers=HTMX)
    task = Task.objects.newest_first()[0]
    assert response.status_code == 200
    assert task.params == {**first.params, "seed": 5}
    assert (task.mask, task.avoid, task.source_result, task.continues) == (mask, avoid, result, True)


def test_only_what_was_erased_can_be_filled_otherwise(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    cutout = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    assert alice_client.post(reverse("editor:another-fill", args=[cutout.pk])).status_code == 404


def test_a_retry_takes_its_masks_and_its_source_along(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    mask, avoid = mask_of(alice), mask_of(alice)
    task = erased(photo, State.FAILED, mask=mask, avoid=avoid, source_result=result, continues=True)
    again = orders.retry(task)
    assert (again.mask, again.avoid, again.source_result, again.continues) == (mask, avoid, result, True)
    assert again.params == task.params


def test_nothing_is_repeated_on_a_result_that_was_deleted(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = erased(photo).results.get()
    later = erased(photo, source_result=result, continues=True)
    orders.delete_results(Result.objects.filter(pk=result.pk))
    later.refresh_from_db()
    assert later.lost_its_source
    assert later.results.exists(), "what was made of it stays"
    response = alice_client.post(reverse("editor:another-fill", args=[later.pk]), headers=HTMX)
    assert (response.status_code, response.content.decode()) == (409, SOURCE_IS_GONE)
    page = on_one_line(alice_client.get(address(photo)))
    assert "Change the marks" not in page
    assert "Erase more here" in page
