"""Scenes on the page: what stands in one, which there are to choose, and who may."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor import scenes
from editor.engines.scenes.templates import catalogue
from editor.models import SOURCE_IS_GONE, Photo, Scene, Task
from tests.editor.standing import HTMX, PICKED, SAID, address, cut_out, page_of, staged, start

MakePhoto = Callable[..., Photo]


# -- What stands in it ---------------------------------------------------------------------------------


def test_the_newest_cutout_stands_in_the_scene_unless_another_is_picked(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    older, newest = cut_out(photo), cut_out(photo, "webp")
    assert f'data-cutout="{newest.pk}"' in page_of(alice_client, photo)
    page = page_of(alice_client, photo, f"&cutout={older.pk}")
    assert f'data-cutout="{older.pk}"' in page
    assert f'data-before="{reverse("editor:result-file", args=[older.pk])}"' in page


@pytest.mark.parametrize(
    ("format", "params"),
    [("jpg", {}), ("png", {"background": "#ffffff"}), ("webp", {"background": "#000000"})],
)
def test_a_cutout_with_something_behind_it_is_none(
    format: str, params: dict[str, str], alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = cut_out(photo, format, params=params)
    assert not scenes.can_stand_in_scene(result)
    assert 'data-cutout="photo"' in page_of(alice_client, photo)


def test_a_cutout_before_a_picture_is_none(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    assert not scenes.can_stand_in_scene(cut_out(photo, backdrop=photo_of(alice)))


def test_a_photo_that_was_not_cut_out_is_ordered_as_it_is(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    alice_client.post(start(photo, "photo"), PICKED, headers=HTMX)
    task = Task.objects.get()
    assert (task.source_result, task.continues) == (None, False)


def test_a_cutout_leads_to_its_scene_from_the_editor_and_from_the_gallery(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = cut_out(photo)
    there = address(photo, f"&amp;cutout={result.pk}")
    editor = alice_client.get(reverse("editor:photo", args=[photo.pk])).content.decode()
    gallery = alice_client.get(reverse("editor:gallery")).content.decode()
    assert there in editor
    assert there in gallery


def test_what_has_something_behind_it_leads_to_none(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    cut_out(photo, "jpg")
    for page in (reverse("editor:photo", args=[photo.pk]), reverse("editor:gallery")):
        assert "tool=scene&amp;cutout=" not in alice_client.get(page).content.decode()


# -- Choosing a scene ----------------------------------------------------------------------------------


def test_all_scenes_that_are_on_are_offered_and_the_last_used_come_first(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    used = Scene.objects.offered().last()
    assert used is not None
    off = Scene.objects.offered().first()
    assert off is not None
    Scene.objects.filter(pk=off.pk).update(enabled=False)
    staged(photo, params={"scene": used.number})
    staged(photo, params={"scene": off.number})
    tiles = alice_client.get(address(photo)).context["tiles"]
    assert tiles[0].scene == used
    assert {tile.scene for tile in tiles} == set(Scene.objects.offered())
    assert len(tiles) == Scene.objects.offered().count()


def test_the_last_order_of_a_person_is_what_the_form_begins_with(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    alice_client.post(start(photo), {**SAID, "aspect": "4:5", "surface": "#112233"}, headers=HTMX)
    page = page_of(alice_client, photo)
    assert 'value="words" id="id_by_1" checked' in page
    assert "marble podium, pink wall</textarea>" in page
    assert 'value="4:5" id="id_aspect_2" checked' in page
    assert 'name="surface" value="#112233" data-free checked' in page


def test_every_template_has_a_row_and_an_admins_choices_outlast_an_update(db: None) -> None:
    assert set(Scene.objects.values_list("number", flat=True)) == set(catalogue.TEMPLATES)
    Scene.objects.filter(number=105).update(name="Our stage", position=77, enabled=False, keywords="old")
    Scene.objects.filter(number=101).delete()
    scenes.sync_rows()
    kept = Scene.objects.get(number=105)
    assert (kept.name, kept.position, kept.enabled) == ("Our stage", 77, False)
    assert "podium" in kept.keywords
    assert Scene.objects.get(number=101).name == catalogue.TEMPLATES[101].name


# -- Others --------------------------------------------------------------------------------------------


def test_a_stranger_gets_404_for_all_of_it(alice: User, charlie_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    task = staged(photo)
    assert charlie_client.get(address(photo)).status_code == 404
    assert charlie_client.post(start(photo), PICKED).status_code == 404
    assert charlie_client.post(reverse("editor:another-take", args=[task.pk])).status_code == 404
    assert Task.objects.count() == 1


def test_nobody_uses_a_strangers_cutout_or_photo(
    alice: User, charlie: User, charlie_client: Client, photo_of: MakePhoto
) -> None:
    hers, his = photo_of(alice), photo_of(charlie)
    response = charlie_client.post(start(his, cut_out(hers).pk), PICKED, headers=HTMX)
    assert (response.status_code, response.content.decode()) == (409, SOURCE_IS_GONE)
    for kept in (hers.pk, uuid.uuid4()):
        sent = {"by": "photo", "kept_backdrop": str(kept)}
        assert charlie_client.post(start(his), sent, headers=HTMX).status_code == 409
    assert not Task.objects.owned_by(charlie).exists()


@pytest.mark.parametrize("name", ["start-scene", "another-take"])
def test_looking_never_orders(name: str, alice: User, alice_client: Client, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    subject = photo.pk if name == "start-scene" else staged(photo).pk
    assert alice_client.get(reverse(f"editor:{name}", args=[subject])).status_code == 405


@pytest.mark.parametrize("name", ["scene-understood", "scene-framing"])
def test_asking_needs_a_person_and_changes_nothing(name: str, client: Client, alice_client: Client) -> None:
    there = reverse(f"editor:{name}")
    assert client.get(there, headers=HTMX).status_code == 401
    assert alice_client.post(there).status_code == 405


def test_only_what_was_a_scene_can_be_taken_again(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    cutout = cut_out(photo_of(alice)).task
    assert alice_client.post(reverse("editor:another-take", args=[cutout.pk])).status_code == 404
