"""The editor's page: the desk with a photo or without, and what can be ordered and done there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import Plan, User
from editor import finishes
from editor.engines.finishing.finish import Finish
from editor.models import Photo, Result, Task
from editor.states import State
from editor.tools import Tool
from tests.support.markup import on_one_line

MakePhoto = Callable[..., Photo]
HTMX = {"HX-Request": "true"}
PLAIN = {"background": "", "frame": "as-is", "format": "png", "size": "full", "outputs": "image"}


def finished(photo: Photo, *, crop: bool = False, width: int = 600, height: int = 400) -> Result:
    """A cutout that was made of the photo."""
    task = Task.objects.create(
        owner=photo.owner, photo=photo, tool=Tool.CUTOUT, state=State.DONE, params={"crop": crop}
    )
    file = default_storage.save("results/one.png", ContentFile(b"picture"))
    return Result.objects.create(
        owner=photo.owner,
        task=task,
        photo=photo,
        tool=Tool.CUTOUT,
        file=file,
        format="png",
        width=width,
        height=height,
        bytes=7,
    )


def test_the_start_of_the_site_leads_to_the_editor(client: Client) -> None:
    assert client.get("/").url == reverse("editor:editor")  # type: ignore[attr-defined]


def test_who_is_signed_out_signs_in_first_and_comes_back(client: Client) -> None:
    response = client.get("/editor/")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('accounts:sign-in')}?next=/editor/"


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}])
def test_a_script_that_is_signed_out_is_told_so_in_words(client: Client, header: dict[str, str]) -> None:
    response = client.get("/editor/strip/", headers=header)
    assert response.status_code == 401
    assert response["Content-Type"].startswith("text/plain")
    assert "Sign in" in response.content.decode()


def test_an_empty_desk_invites(alice_client: Client) -> None:
    page = alice_client.get("/editor/").content.decode()
    assert "Drop product photos here" in page
    assert 'id="download"' not in page


def test_the_desk_shows_the_newest_photo(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo_of(alice, name="first.jpg")
    newest = photo_of(alice, name="second.jpg")
    response = alice_client.get("/editor/")
    assert response.context["sight"].photo == newest
    assert "second.jpg · Cutout · Sweep" in response.content.decode()


def test_only_tools_that_work_are_shown(alice_client: Client) -> None:
    page = alice_client.get("/editor/").content.decode()
    assert re.findall(r'class="tool"[^>]* data-tool="(\w+)"', page) == ["cutout", "erase", "scene", "head"]


def test_htmx_gets_the_part_that_changes_and_the_same_address(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    address = reverse("editor:photo", args=[photo_of(alice).pk])
    whole = alice_client.get(address).content.decode()
    part = on_one_line(alice_client.get(address, headers=HTMX))
    assert "<html" in whole
    assert "<html" not in part
    assert part.startswith('<div id="photo"')
    assert 'id="picture"' in part
    assert part.count("hx-swap-oob") == 2


def test_a_stranger_gets_404_for_everything_about_a_photo(
    alice: User, charlie_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    assert charlie_client.get(reverse("editor:photo", args=[photo.pk])).status_code == 404
    for name in ("start-cutout", "put-away", "delete-photo"):
        assert charlie_client.post(reverse(f"editor:{name}", args=[photo.pk]), PLAIN).status_code == 404
    assert Photo.objects.filter(pk=photo.pk, on_desk=True).exists()
    assert not Task.objects.exists()


@pytest.mark.parametrize("name", ["start-cutout", "put-away", "delete-photo"])
def test_looking_never_changes_anything(
    name: str, alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    assert alice_client.get(reverse(f"editor:{name}", args=[photo.pk])).status_code == 405
    assert Photo.objects.filter(pk=photo.pk, on_desk=True).exists()


def test_a_result_is_on_the_stage_and_can_be_had_in_each_size_below_its_own(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = finished(photo)
    response = alice_client.get(reverse("editor:photo", args=[photo.pk]))
    page = response.content.decode()
    assert f'data-after="{reverse("editor:result-file", args=[result.pk])}"' in page
    assert [name for name, _ in response.context["sight"].sizes] == ["full", "small", "preview"]
    assert f"{reverse('editor:result-download', args=[result.pk])}?format=webp&amp;size=small" in page


def test_a_result_is_picked_by_its_address(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    older, newer = finished(photo), finished(photo)
    address = reverse("editor:photo", args=[photo.pk])
    assert alice_client.get(address).context["sight"].result == newer
    assert alice_client.get(f"{address}?result={older.pk}").context["sight"].result == older


@pytest.mark.parametrize("picked", ["nonsense", "c0ffee00-0000-4000-8000-000000000000"])
def test_a_pick_that_is_none_shows_the_newest(
    picked: str, alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = finished(photo)
    response = alice_client.get(reverse("editor:photo", args=[photo.pk]), {"result": picked})
    assert response.context["sight"].result == result


@pytest.mark.parametrize(
    ("crop", "width", "height", "aligned"),
    [(False, 600, 400, True), (False, 512, 341, True), (True, 600, 400, False), (False, 400, 400, False)],
)
def test_before_and_after_have_a_seam_where_they_lie_on_each_other(
    crop: bool,
    width: int,
    height: int,
    aligned: bool,
    alice: User,
    alice_client: Client,
    photo_of: MakePhoto,
) -> None:
    photo = photo_of(alice)
    finished(photo, crop=crop, width=width, height=height)
    page = alice_client.get(reverse("editor:photo", args=[photo.pk])).content.decode()
    assert ("data-aligned" in page) is aligned


def test_a_cutout_is_ordered_by_its_subject_and_nothing_else(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    asked = {"subject": "object", "background": "#cfe0ea", "frame": "square", "margin": "10"}
    response = alice_client.post(reverse("editor:start-cutout", args=[photo.pk]), asked, headers=HTMX)
    task = Task.objects.get()
    assert (task.photo, task.owner, task.tool) == (photo, alice, Tool.CUTOUT)
    assert task.params == {"subject": "object"}
    assert task.makes_bare_cutout
    assert reverse("editor:task-status", args=[task.pk]) in response.content.decode()


def test_without_scripts_an_order_leads_back_to_the_photo(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    response = alice_client.post(reverse("editor:start-cutout", args=[photo.pk]), PLAIN)
    assert response["Location"] == reverse("editor:photo", args=[photo.pk])
    assert Task.objects.filter(photo=photo).count() == 1


def test_without_scripts_the_page_comes_again_while_there_is_work(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    address, again = reverse("editor:photo", args=[photo.pk]), '<meta http-equiv="refresh"'
    task = Task.objects.create(owner=alice, photo=photo, tool=Tool.CUTOUT, state=State.PROCESSING)
    assert again in alice_client.get(address).content.decode()
    Task.objects.filter(pk=task.pk).update(state=State.DONE)
    assert again not in alice_client.get(address).content.decode()


def test_a_tool_that_is_not_in_the_plan_says_so_before_anything_is_chosen(
    alice: User, alice_client: Client
) -> None:
    alice.plan = Plan.objects.create(name="Cutouts", tools=[Tool.CUTOUT])
    alice.save()
    sentence = "is not in your plan"
    assert sentence not in alice_client.get(reverse("editor:editor")).content.decode()
    assert sentence in alice_client.get(reverse("editor:editor"), {"tool": "scene"}).content.decode()


def test_a_wrong_option_is_said_in_a_sentence_and_nothing_is_ordered(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    address = reverse("editor:start-cutout", args=[photo_of(alice).pk])
    script = alice_client.post(address, {"subject": "ghost"}, headers=HTMX)
    browser = alice_client.post(address, {"subject": "ghost"})
    assert script.status_code == browser.status_code == 422
    assert script["Content-Type"].startswith("text/plain")
    assert "ghost is not one of the available choices" in script.content.decode()
    assert "ghost is not one of the available choices" in browser.content.decode()
    assert "<html" in browser.content.decode()
    assert not Task.objects.exists()


def test_the_options_are_those_asked_for_last(alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    alice_client.post(reverse("editor:start-cutout", args=[photo.pk]), {"subject": "person"})
    finishes.set_finish(photo, Finish(background="#123456", margins=(0.07,) * 4))
    response = alice_client.get("/editor/")
    assert response.context["form"].initial == {"subject": "person"}
    assert response.context["finishing"]["background"].value() == "#123456"
    assert response.context["finishing"]["margin"].value() == 7
    assert response.context["own_colour"] is True


def test_a_photo_put_away_leaves_the_desk_and_the_next_comes_up(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    older, photo = photo_of(alice, name="older.jpg"), photo_of(alice)
    response = alice_client.post(reverse("editor:put-away", args=[photo.pk]), headers=HTMX)
    photo.refresh_from_db()
    assert photo.on_desk is False
    assert response["HX-Replace-Url"] == reverse("editor:photo", args=[older.pk])
    assert 'data-name="older.jpg"' in response.content.decode()


def test_a_photo_deleted_goes_with_its_results_and_the_desk_is_empty_again(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    finished(photo)
    response = alice_client.post(reverse("editor:delete-photo", args=[photo.pk]), headers=HTMX)
    assert not Photo.objects.exists()
    assert not Result.objects.exists()
    assert response["HX-Replace-Url"] == reverse("editor:editor")
    assert "Drop product photos here" in response.content.decode()


def test_a_name_cannot_smuggle_markup_into_the_page(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice, name="x.jpg")
    Photo.objects.filter(pk=photo.pk).update(name="<script>alert(1)</script>.jpg")
    page = alice_client.get("/editor/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_asks_no_more_of_the_database_for_more_results(
    alice: User, alice_client: Client, photo_of: MakePhoto, django_assert_max_num_queries: Any
) -> None:
    photo = photo_of(alice)
    for _ in range(12):
        finished(photo)
    address = reverse("editor:photo", args=[photo.pk])
    # Three of them the credits and what the plan has, one the run that the photo is in.
    with django_assert_max_num_queries(15):
        assert alice_client.get(address).content.count(b"variant-") == 12
