"""Scenes are ordered on the page, or refused in a sentence."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from editor.models import Photo, Task
from editor.tools import Tool
from editor.work import orders
from editor.work.orders import OrderRefused
from tests.editor.standing import HTMX, PICKED, SAID, address, cut_out, page_of, staged, start
from tests.support.markup import on_one_line

MakePhoto = Callable[..., Photo]
Files = Callable[[], list[str]]


def test_an_order_works_on_the_cutout_and_costs_what_the_button_says(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    result = cut_out(photo)
    page = page_of(alice_client, photo)
    assert "<small>6 credits" in page
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
        ({"by": "words", "prompt": "12345 !?…"}, "There are no words in this."),
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


def test_without_scripts_a_refused_form_keeps_what_was_typed_and_chosen(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    sent = {
        "by": "words",
        "prompt": "12345 & 678",
        "negative_prompt": "candles & flowers",
        "scene_type": "131",
        "aspect": "4:5",
        "size": "1536",
        "surface": "#123456",
        "accent": "#3c4a5e",
        "copy_space": "left",
        "match": "on",
        "batch_size": "1",
        "format": "webp",
    }
    response = alice_client.post(start(photo), sent)
    page = on_one_line(response)
    assert response.status_code == 422
    form = response.context["form"]
    assert {name: str(form[name].value()) for name in sent} == {**sent, "match": "True"}
    assert str(form.errors["prompt"][0]) in unescape(page.split('id="refusals"')[1].split("</ul>")[0])
    assert 'aria-invalid="true"' in page
    assert ">12345 &amp; 678</textarea>" in page
    assert ">candles &amp; flowers</textarea>" in page
    for name in (
        "by",
        "scene_type",
        "aspect",
        "size",
        "surface",
        "accent",
        "copy_space",
        "batch_size",
        "format",
    ):
        assert re.search(rf'name="{name}"\s+value="{sent[name]}"[^>]* checked', page), name
    assert re.search(r'name="match"[^>]* checked', page)


def test_a_refused_order_keeps_the_form_too(
    alice: User, alice_client: Client, photo_of: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OrderRefused("too_few_credits", "This costs 3 credits and you have 1.", 402)

    monkeypatch.setattr(orders, "place", refuse)
    response = alice_client.post(start(photo_of(alice)), {**SAID, "aspect": "9:16"})
    page = on_one_line(response)
    assert response.status_code == 402
    assert "This costs 3 credits and you have 1." in page
    assert "marble podium, pink wall</textarea>" in page
    assert re.search(r'name="aspect" value="9:16"[^>]* checked', page)
    assert 'id="refusals"' not in page, "nothing is wrong with what was typed"


def test_what_is_left_out_of_a_scene_goes_along_and_is_told_with_the_takes(
    alice: User, alice_client: Client, photo_of: MakePhoto
) -> None:
    photo = photo_of(alice)
    alice_client.post(start(photo), {**PICKED, "negative_prompt": "gold ball"}, headers=HTMX)
    task = Task.objects.get()
    assert (task.params["scene"], task.params["negative_prompt"]) == (105, "gold ball")
    assert ">gold ball</textarea>" in page_of(alice_client, photo), "a series is set up once"
    made = staged(photo, params=task.params | {"takes": 1})
    page = on_one_line(alice_client.get(address(photo, f"&task={made.pk}")))
    assert "without “gold ball”" in page


def test_a_photo_of_ones_own_is_taken_as_it_is(
    alice: User, alice_client: Client, photo_of: MakePhoto, upload_of: Callable[..., SimpleUploadedFile]
) -> None:
    sent = {"by": "photo", "backdrop": upload_of(name="shop.jpg"), "negative_prompt": "gold ball"}
    alice_client.post(start(photo_of(alice)), sent, headers=HTMX)
    assert "negative_prompt" not in Task.objects.get().params
