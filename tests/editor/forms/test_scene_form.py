"""What a scene takes: each wrong wish is refused in one sentence that says what to do."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from editor.engines.scenes.plan import SetPlan
from editor.forms import SceneForm
from editor.models import Scene

pytestmark = pytest.mark.django_db
SAID = "marble podium, terracotta wall, one gold ball"


def form_of(*, page: bool = False, **sent: Any) -> SceneForm:
    files = {"backdrop": sent.pop("backdrop")} if "backdrop" in sent else {}
    return SceneForm(sent, files, page=page)


def refusal(form: SceneForm) -> tuple[str, str]:
    """The code and the sentence of the only error."""
    assert not form.is_valid()
    ((error,),) = form.errors.as_data().values()
    sentence = str(error.messages[0])
    assert sentence.endswith(".")
    return str(error.code), sentence


def params_of(**sent: Any) -> dict[str, Any]:
    form = form_of(**sent)
    assert form.is_valid(), form.errors
    return form.to_params()


def test_a_scene_by_its_number_with_two_takes_is_what_comes_of_nothing_else() -> None:
    params = params_of(scene_type="105")
    assert 0 <= params.pop("seed") < 2**31 - 1
    assert params == {"scene": 105, "takes": 2, "size": 1024, "format": "jpg"}


def test_every_order_varies_unless_a_seed_is_named() -> None:
    assert params_of(scene_type=105)["seed"] != params_of(scene_type=105)["seed"]
    assert params_of(scene_type=105, seed="7")["seed"] == 7


def test_words_become_a_set_and_are_kept_for_people() -> None:
    params = params_of(prompt=SAID, negative_prompt="flowers", seed=3)
    plan = SetPlan.from_dict(params["plan"])
    assert plan.stand is not None
    assert plan.stand.name == "podium"
    assert "ball" in [prop.name for prop in plan.props]
    assert (params["prompt"], params["negative_prompt"]) == (SAID, "flowers")
    assert "scene" not in params


def test_how_it_is_to_stand_is_passed_on() -> None:
    params = params_of(
        scene_type=105,
        aspect="4:5",
        size="2048",
        copy_space="left",
        place="0.25,0.9,0.5",
        match="on",
        surface="#FFF",
        backdrop_colour="c96f4a",
        accent="#123456",
        format="png",
        batch_size="1",
    )
    asked = {
        name: params[name] for name in ("aspect", "size", "copy_space", "place", "match", "takes", "format")
    }
    assert asked == {
        "aspect": "4:5",
        "size": 2048,
        "copy_space": "left",
        "place": [0.25, 0.9, 0.5],
        "match": True,
        "takes": 1,
        "format": "png",
    }
    assert (params["surface"], params["backdrop"], params["accent"]) == ("#ffffff", "#c96f4a", "#123456")


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        ({}, "neither", "Send one of them."),
        ({"prompt": " ", "scene_type": ""}, "neither", "Neither a prompt nor a scene_type"),
        ({"prompt": "\x00\x07\x1b"}, "neither", "Neither"),
        ({"prompt": SAID, "scene_type": 105}, "both", "not both"),
        ({"prompt": "x" * 1025}, "max_length", "This has 1025 characters; at most 1024"),
        ({"prompt": SAID, "negative_prompt": "y" * 1025}, "max_length", "1025 characters"),
        ({"scene_type": "999"}, "unknown_scene", "Scene 999 is not offered."),
        ({"scene_type": "0"}, "unknown_scene", "Scene 0"),
        ({"scene_type": "-1"}, "unknown_scene", "Scene -1"),
        ({"scene_type": str(10**30)}, "unknown_scene", "is not offered"),
        ({"scene_type": "beach"}, "invalid", "named by its number"),
        ({"scene_type": 105, "batch_size": "0"}, "invalid_choice", "not 0"),
        ({"scene_type": 105, "batch_size": "3"}, "invalid_choice", "One or two pictures"),
        ({"scene_type": 105, "batch_size": "many"}, "invalid_choice", "One or two pictures"),
        ({"scene_type": 105, "aspect": "2:3"}, "invalid_choice", ""),
        ({"scene_type": 105, "copy_space": "below"}, "invalid_choice", ""),
        ({"scene_type": 105, "format": "gif"}, "invalid_choice", ""),
        ({"scene_type": 105, "size": "2049"}, "max_value", "at most 2048 pixels"),
        ({"scene_type": 105, "size": "8"}, "min_value", "at least 256 pixels"),
        ({"scene_type": 105, "seed": "-1"}, "min_value", ""),
        ({"scene_type": 105, "seed": "2147483648"}, "max_value", ""),
        ({"scene_type": 105, "place": "0.5,0.5"}, "place", "Send it as x,y,scale"),
        ({"scene_type": 105, "place": "here,there,much"}, "place", "Send it as x,y,scale"),
        ({"scene_type": 105, "place": "nan,0.5,0.5"}, "place", "Send it as x,y,scale"),
        ({"scene_type": 105, "place": "1.01,0.5,0.5"}, "outside", "inside the picture"),
        ({"scene_type": 105, "place": "0.5,-0.01,0.5"}, "outside", "inside the picture"),
        ({"scene_type": 105, "place": "0.5,0.5,0"}, "outside", "scale"),
        ({"scene_type": 105, "place": "0.5,0.5,99"}, "outside", "scale"),
        ({"scene_type": 105, "surface": "red"}, "colour", "“red” is not a colour."),
        ({"scene_type": 105, "accent": "#12345"}, "colour", "“#12345” is not a colour."),
    ],
)
def test_a_wrong_wish_is_refused_in_a_sentence(sent: dict[str, Any], code: str, words: str) -> None:
    refused, sentence = refusal(form_of(**sent))
    assert (refused, words in sentence) == (code, True), sentence


def test_a_scene_that_was_put_off_is_not_offered_any_more() -> None:
    assert form_of(scene_type=105).is_valid()
    Scene.objects.filter(number=105).update(enabled=False)
    assert refusal(form_of(scene_type=105))[0] == "unknown_scene"


def test_characters_that_nobody_sees_are_left_out_and_emoji_stay() -> None:
    form = form_of(prompt="\x00 marble\x1b[31m\u0000 podium 🎄\r\n", page=True)
    assert form.is_valid(), form.errors
    assert form.to_params()["prompt"] == "marble [31m podium 🎄"


def test_exactly_1024_characters_are_read() -> None:
    assert form_of(prompt=("marble podium " * 80)[:1024]).is_valid()


NO_WORDS = "12345 !?…"
KLINGON = "tlhIngan Hol Dajatlh'a'"


def test_an_unknown_language_makes_a_calm_set_and_says_so() -> None:
    form = form_of(prompt=KLINGON, by="words", page=True)
    assert form.is_valid()
    params = form.to_params()
    assert params["plan"]["palette"] == "product"
    assert params["account"]["not_shown"] == ["tlhIngan", "Hol", "Dajatlh"]
    assert not params["account"]["shown"]


def test_the_light_of_the_set_is_a_share_and_exact_pixels_are_none_of_it() -> None:
    def share(**asked: str) -> float | None:
        form = form_of(prompt="marble", **asked)
        assert form.is_valid()
        return form.to_params().get("relight")

    assert share(relight="60") == 0.6
    assert share(relight="60", exact="on") is None
    assert share() is None
    assert not form_of(prompt="marble", relight="101").is_valid()
    assert not form_of(prompt="marble", relight="much").is_valid()


def test_a_size_changes_the_place_and_the_account_says_so() -> None:
    form = form_of(prompt="kitchen, cutting board", size_cm="90")
    assert form.is_valid()
    params = form.to_params()
    assert params["size_cm"] == 90
    assert params["account"]["not_shown"] == ["cutting board"]
    small = form_of(prompt="kitchen, cutting board", size_cm="20")
    assert small.is_valid()
    assert not small.to_params()["account"]["not_shown"]
    for wrong in ("0", "1001", "long", "nan"):
        assert not form_of(prompt="marble", size_cm=wrong).is_valid()
    assert form_of(prompt="marble", size_cm="").is_valid()


def test_words_ask_for_a_shape_and_for_room_where_nothing_was_picked() -> None:
    words = "marble, empty space on the right --ar 16:9"
    form = form_of(prompt=words)
    assert form.is_valid()
    assert (form.to_params()["aspect"], form.to_params()["copy_space"]) == ("16:9", "right")
    form = form_of(prompt=words, aspect="4:5", copy_space="top")
    assert form.is_valid()
    assert (form.to_params()["aspect"], form.to_params()["copy_space"]) == ("4:5", "top")


def test_words_that_say_nothing_are_refused_on_the_page_and_left_to_the_task_of_a_program() -> None:
    code, sentence = refusal(form_of(prompt=NO_WORDS, by="words", page=True))
    assert (code, "There are no words" in sentence) == ("not_understood", True)
    form = form_of(prompt=NO_WORDS)
    assert form.is_valid()
    assert form.understood is None
    params = form.to_params()
    assert params["prompt"] == NO_WORDS
    assert not {"plan", "scene"} & set(params)


# -- On the page, where one of three ways is in hand ---------------------------------------------------


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("shop.jpg", b"picture", "image/jpeg")


@pytest.mark.parametrize(
    ("by", "has", "lacks"),
    [("scene", "scene", "prompt"), ("words", "plan", "scene"), ("photo", "floor", "prompt")],
)
def test_the_way_in_hand_is_what_counts(by: str, has: str, lacks: str) -> None:
    form = form_of(page=True, by=by, scene_type=105, prompt=SAID, backdrop=upload(), floor="0.7")
    assert form.is_valid(), form.errors
    params = form.to_params()
    assert has in params
    assert lacks not in params
    assert (form.backdrop_upload is not None) == (by == "photo")


def test_what_is_wrong_with_another_way_does_not_matter() -> None:
    assert form_of(page=True, by="words", scene_type="beach", prompt=SAID).is_valid()
    assert form_of(page=True, by="scene", scene_type=105, prompt="x" * 2000).is_valid()


@pytest.mark.parametrize(
    ("by", "words"), [("scene", "Choose a scene"), ("words", "Say what"), ("photo", "Choose a photo")]
)
def test_a_way_in_hand_without_its_answer_is_asked_for(by: str, words: str) -> None:
    code, sentence = refusal(form_of(page=True, by=by))
    assert (code, sentence.startswith(words)) == ("neither", True)


def test_a_photo_of_ones_own_gives_one_take_at_its_floor_and_no_other_colours() -> None:
    params = params_of(page=True, by="photo", backdrop=upload(), surface="#ffffff", batch_size="2", seed=1)
    assert params == {"seed": 1, "takes": 1, "size": 1024, "format": "jpg", "floor": SceneForm.DEFAULT_FLOOR}


@pytest.mark.parametrize("floor", ["0", "1.2", "low"])
def test_a_floor_line_lies_in_the_picture(floor: str) -> None:
    refusal(form_of(page=True, by="photo", backdrop=upload(), floor=floor))


def test_a_program_has_no_photo_of_its_own_beside_a_prompt() -> None:
    assert refusal(form_of(prompt=SAID, backdrop=upload()))[0] == "both"
