"""What the scene page asks before anything is paid for: what words mean, where the product would stand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from editor.engines.scenes.templates import catalogue
from editor.models import Photo
from tests.editor.standing import HTMX

MakePhoto = Callable[..., Photo]


# -- Words ---------------------------------------------------------------------------------------------


def understood(client: Client, **sent: str) -> str:
    response = client.get(reverse("editor:scene-understood"), sent, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def test_what_words_are_taken_for_is_shown_and_what_they_are_not(alice_client: Client) -> None:
    page = understood(alice_client, prompt="a macaron, garlic and orchids on a marble podium")
    shown, _, others = page.partition("Nearly:")
    assert "marble podium" in shown.split("Shown:")[1]
    near, _, missing = others.partition("Not shown:")
    assert "orchids → flowers" in near
    assert "garlic" in missing


def test_words_that_nobody_knows_are_told_and_what_is_none_is_told_what_to_say(alice_client: Client) -> None:
    page = understood(alice_client, prompt="tlhIngan Hol Dajatlh'a'")
    assert "Dajatlh" in page.split("Not shown:")[1]
    assert "own colours" in page
    assert "There are no words" in understood(alice_client, prompt="12345 !?…")


def test_what_is_told_is_told_of_the_set_that_the_seed_makes(alice_client: Client) -> None:
    assert "Nearly:" not in understood(alice_client, prompt="marble podium", seed="7")
    assert understood(alice_client, prompt="marble podium", seed="not a number")


@pytest.mark.parametrize("prompt", ["", "   ", "\x00"])
def test_no_words_are_no_mistake(prompt: str, alice_client: Client) -> None:
    assert "error" not in understood(alice_client, prompt=prompt)


def test_words_stay_words(alice_client: Client) -> None:
    page = understood(alice_client, prompt="<script>alert(1)</script> marble " + "x" * 3000)
    assert "<script>" not in page


# -- Where it would stand ------------------------------------------------------------------------------


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


def test_what_was_photographed_from_above_is_seen_from_above_and_the_horizon_rises(
    alice_client: Client,
) -> None:
    level = framed(alice_client, scene_type=151)
    above = framed(alice_client, scene_type=151, pose="stand", elevation="24")
    assert above["horizon"] < level["horizon"]


@pytest.mark.parametrize(
    "sent",
    [
        {"elevation": "up"},
        {"pose": "fly"},
        {"width": "0"},
        {"product_height": "tall"},
        {"aspect": "3:1"},
        {"place": "9,9,9"},
    ],
)
def test_a_wrong_question_is_refused_in_a_sentence(sent: dict[str, str], alice_client: Client) -> None:
    product = {"width": "600", "height": "400", "product_width": "100", "product_height": "300"}
    response = alice_client.get(reverse("editor:scene-framing"), {**product, **sent})
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/plain")


# -- What is left out ------------------------------------------------------------------------------------


def left_out(client: Client, number: int, negative: str) -> str:
    return understood(client, by="scene", scene_type=str(number), negative_prompt=negative, prompt="beach")


def test_what_is_taken_out_of_a_scene_is_told(alice_client: Client) -> None:
    page = left_out(alice_client, 105, "keine goldene Kugel, garlic")
    assert "Taken out:" in page
    assert "ball" in page.split("Taken out:")[1].split("</p>")[0]
    assert "garlic" in page.split("Not understood:")[1]


def test_what_a_scene_has_not_anyway_is_told(alice_client: Client) -> None:
    name = catalogue.TEMPLATES[105].name
    assert f"{name} has none of that anyway." in left_out(alice_client, 105, "candles")


@pytest.mark.parametrize(("number", "negative"), [(105, ""), (0, "candles"), (999, "candles")])
def test_nothing_to_take_out_is_no_mistake(number: int, negative: str, alice_client: Client) -> None:
    page = left_out(alice_client, number, negative)
    assert "error" not in page
    assert "Taken out" not in page
