"""Scenes on the page: a cutout is placed, takes are ordered, looked at side by side, and varied."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor import orders, scenes
from editor.engines.sets import catalogue
from editor.models import SOURCE_IS_GONE, Photo, Scene, Task, Tool
from editor.orders import OrderRefused
from editor.states import State

from .standing import cut_out, staged, stored

MakePhoto = Callable[..., Photo]
Files = Callable[[], list[str]]
HTMX = {"HX-Request": "true"}
PICKED = {"by": "scene", "scene_type": "105", "batch_size": "2"}
SAID = {"by": "words", "prompt": "marble podium, pink wall"}


def address(photo: Photo, query: str = "") -> str:
    return reverse("editor:photo", args=[photo.pk]) + "?tool=scene" + query


def start(photo: Photo, cutout: object = "") -> str:
    return f"{reverse('editor:start-scene', args=[photo.pk])}?tool=scene&cutout={cutout}"


def page_of(client: Client, photo: Photo, query: str = "") -> str:
    response = client.get(address(photo, query))
    assert response.status_code == 200
    return response.content.decode()


# -- What stands in it -----------------------------------------------------------------------------------


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
    assert not scenes.can_stand_in_one(result)
    assert 'data-cutout="photo"' in page_of(alice_client, photo)


def test_a_cutout_before_a_picture_is_none(alice: User, photo_of: MakePhoto) -> None:
    photo = photo_of(alice)
    assert not scenes.can_stand_in_one(cut_out(photo, backdrop=photo_of(alice)))


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


# -- Choosing a scene --------------------------------------------------------------------------------------


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
    scenes.keep_in_step()
    kept = Scene.objects.get(number=105)
    assert (kept.name, kept.position, kept.enabled) == ("Our stage", 77, False)
    assert "podium" in kept.keywords
    assert Scene.objects.get(number=101).name == catalogue.TEMPLATES[101].name


# -- Words ---------------------------------------------------------------------------------------------------


def understood(client: Client, **sent: str) -> str:
    response = client.get(reverse("editor:scene-understood"), sent, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def test_what_words_are_taken_for_is_shown_and_what_they_are_not(alice_client: Client) -> None:
    page = understood(alice_client, prompt="a macaron on a marble podium")
    assert "podium" in page
    assert "Not understood:" in page
    assert "macaron" in page.split("Not understood:")[1]


def test_words_that_say_nothing_are_told_what_to_say(alice_client: Client) -> None:
    assert "Name a place" in understood(alice_client, prompt="tlhIngan Hol Dajatlh'a'")


@pytest.mark.parametrize("prompt", ["", "   ", "\x00"])
def test_no_words_are_no_mistake(prompt: str, alice_client: Client) -> None:
    assert "error" not in understood(alice_client, prompt=prompt)


def test_words_stay_words(alice_client: Client) -> None:
    page = understood(alice_client, prompt="<script>alert(1)</script> marble " + "x" * 3000)
    assert "<script>" not in page


# -- Where it would stand ------------------------------------------------------------------------------------


def framed(client: Client, **sent: str | int) -> dict[str, Any]:
    product: dict[str, str | int] = {
        "width": 600,
        "height": 400,
        "product_width": 100,
        "product_height": 300,
    }
    response = client.get(reverse("editor:scene-framing"), {**product, **sent})
    assert response.status_code == 200, response.content
    return response.json()


def test_the_picture_has_the_shape_asked_for(alice_client: Client) -> None:
    own, tall = framed(alice_client), framed(alice_client, aspect="9:16")
    assert own["width"] / own["height"] == pytest.approx(1.5, rel=0.01)
    assert tall["width"] / tall["height"] == pytest.approx(9 / 16, rel=0.01)


def test_room_for_text_moves_the_product_aside(alice_client: Client) -> None:
    x, _, _ = framed(alice_client, scene_type=105)["usual"]
    left, _, _ = framed(alice_client, scene_type=105, copy_space="left")["usual"]
    right, _, _ = framed(alice_client, scene_type=105, copy_space="right")["usual"]
    assert right < x < left


def test_the_product_is_where_it_was_put_and_the_usual_place_is_known(alice_client: Client) -> None:
    framing = framed(alice_client, prompt="marble podium", place="0.3,0.9,0.5")
    assert framing["place"] == pytest.approx([0.3, 0.9, 0.5])
    assert framing["usual"] != framing["place"]
    assert 0 < framing["horizon"] < framing["place"][1]


@pytest.mark.parametrize(
    "sent", [{"width": "0"}, {"product_height": "tall"}, {"aspect": "3:1"}, {"place": "9,9,9"}]
)
def test_a_wrong_question_is_refused_in_a_sentence(sent: dict[str, str], alice_client: Client) -> None:
    product = {"width": "600", "height": "400", "product_width": "100", "product_height": "300"}
    response = alice_client.get(reverse("editor:scene-framing"), {**product, **sent})
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


# -- Ordering ------------------------------------------------------------------------------------------------


def test_an_order_works_on_the_cutout_and_costs_what_the_button_says(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = cut_out(photo)
    page = page_of(alice_client, photo)
    assert "6 credits · about" in page
    response = alice_client.post(start(photo, result.pk), PICKED, headers=HTMX)
    task = Task.objects.get(tool=Tool.SCENE)
    assert (task.source_result, task.params["scene"], task.credits) == (result, 105, 6)
    assert response["HX-Replace-Url"] == address(photo)
    assert response.content.decode().count("setting up") == 2


def test_without_scripts_the_form_leads_back_to_the_page(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    response = alice_client.post(start(photo), {**PICKED, "batch_size": "1"})
    assert (response.status_code, response["Location"]) == (302, address(photo))
    assert Task.objects.get().credits == 3


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a scene first."),
        ({"by": "scene"}, "Choose a scene first."),
        ({"by": "scene", "scene_type": "999"}, "Scene 999 is not offered."),
        ({"by": "words", "prompt": ""}, "Say what the scene looks like"),
        ({"by": "words", "prompt": "tlhIngan Hol Dajatlh'a'"}, "No word of this says"),
        ({"by": "words", "prompt": "x" * 1025}, "This has 1025 characters"),
        ({"by": "photo"}, "Choose a photo of your own first."),
        ({**PICKED, "place": "5,5,5"}, "This place is outside"),
    ],
)
def test_a_wrong_wish_is_refused_before_it_is_paid_for(
    sent: dict[str, str], words: str, alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    script = alice_client.post(start(photo), sent, headers=HTMX)
    browser = alice_client.post(start(photo), sent)
    assert script.status_code == browser.status_code == 422
    assert script["Content-Type"].startswith("text/plain")
    assert script.content.decode().startswith(words)
    assert words.split("'")[0] in browser.content.decode()
    assert 'data-tool="scene"' in browser.content.decode()
    assert not Task.objects.exists()


def test_too_few_credits_are_said_and_the_brands_photo_is_not_kept(
    alice: User,
    alice_client: Client,
    photo_of: MakePhoto,
    upload_of: Callable[..., SimpleUploadedFile],
    media: Files,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    photo = photo_of(alice)
    before = media()

    def refuse(*arguments: object, **options: object) -> None:
        raise OrderRefused("too_few_credits", "This costs 3 credits and you have 1.", 402)

    monkeypatch.setattr(orders, "place", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        response = alice_client.post(
            start(photo), {"by": "photo", "backdrop": upload_of(name="shop.jpg")}, headers=HTMX
        )
    assert (response.status_code, response.content.decode()) == (402, "This costs 3 credits and you have 1.")
    assert list(Photo.objects.all()) == [photo]
    assert media() == before


def test_a_photo_of_ones_own_is_the_scene_and_can_be_used_again(
    alice: User, alice_client: Client, photo_of: MakePhoto, upload_of: Callable[..., SimpleUploadedFile]
) -> None:
    photo = photo_of(alice)
    sent = {"by": "photo", "floor": "0.72", "backdrop": upload_of(name="shop.jpg")}
    alice_client.post(start(photo), sent, headers=HTMX)
    first = Task.objects.get()
    assert first.backdrop is not None
    assert (first.backdrop.name, first.params["floor"]) == ("shop.jpg", 0.72)
    assert f'name="kept_backdrop" value="{first.backdrop_id}"' in page_of(alice_client, photo)
    alice_client.post(start(photo), {"by": "photo", "kept_backdrop": str(first.backdrop_id)}, headers=HTMX)
    assert Task.objects.newest_first()[0].backdrop == first.backdrop
    assert Photo.objects.filter(purpose=Photo.Purpose.BACKDROP).count() == 1


# -- Takes ---------------------------------------------------------------------------------------------------


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
    page = response.content.decode()
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


# -- Others --------------------------------------------------------------------------------------------------


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


def test_the_usual_time_is_that_of_the_last_takes(alice: User, photo_of: MakePhoto) -> None:
    cache.clear()
    assert scenes.usual_seconds(2) == 40
    photo = photo_of(alice)
    for seconds in (11, 12, 90):
        task = staged(photo, takes=1)
        task.processed_at = task.created_at
        task.completed_at = task.created_at + timedelta(seconds=seconds)
        task.save()
    assert scenes.usual_seconds(1) == 10
