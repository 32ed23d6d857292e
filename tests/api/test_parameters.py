"""Parameters as public clients really send them: in the address, in other spellings, under other names."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from PIL import ImageColor

from editor.api import long_poll
from editor.api.dialects import registry
from editor.api.errors import ApiError
from editor.api.requests import parameter_names
from editor.api.requests.fields import ChoiceOfNumbers, ChoiceOfWords, ColourField, FormatField, YesNoField
from editor.api.requests.framing import CropField
from editor.models import Photo, Scene, Task

from .conftest import VISUAL, Program

URL = "https://pictures.example/lamp.jpg"
BOX = '[{"x":0,"y":0,"width":10,"height":10}]'
# What each endpoint needs besides a picture.
NEEDED: dict[str, dict[str, str]] = {
    "segmentation": {},
    "self-face-cutout": {},
    "inpaint": {"rectangles": BOX},
    "background": {"scene_type": "105"},
    "/v1/remove": {},
    "/v1.0/removebg": {},
}


@pytest.fixture(autouse=True)
def ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Scene.objects.update_or_create(number=105, defaults={"name": "Plinth", "category": "Podium"})
    # The one call's task is looked at before anything has become of it.
    monkeypatch.setattr(long_poll, "LONGEST", 0.0)


def path(endpoint: str, **query: str) -> str:
    address = endpoint if endpoint.startswith("/") else VISUAL + endpoint
    return f"{address}?{urlencode(query)}" if query else address


def params(program: Program, endpoint: str, **fields: str) -> dict[str, Any]:
    """Order so and return what the engine is asked for."""
    Task.objects.all().delete()
    answer = program.post(path(endpoint), {"image_url": URL, **NEEDED[endpoint], **fields})
    assert answer.status_code in (200, 503), answer.content
    return Task.objects.get().params


def refusal(program: Program, endpoint: str, **fields: Any) -> str:
    """Return what is said of a call that is refused, and check that nothing is left of it."""
    answer = program.post(path(endpoint), {"image_url": URL, **NEEDED[endpoint], **fields})
    assert answer.status_code == 400, answer.content
    assert not Task.objects.exists()
    assert not Photo.objects.exists()
    told = answer.json()
    return read_message(told)


def read_message(told: dict[str, Any]) -> str:
    """Return the sentence of a refusal of any family."""
    message: str = told["errors"][0]["title"] if "errors" in told else told["message"]
    return message


# -- In the address --------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", NEEDED)
@pytest.mark.parametrize("kind", ["multipart", "urlencoded", "json", "nothing"])
def test_what_is_in_the_address_of_a_post_is_a_field(
    alice_program: Program, endpoint: str, kind: str
) -> None:
    fields = {"image_url": URL, **NEEDED[endpoint]}
    given = params(alice_program, endpoint)
    Task.objects.all().delete()
    address = path(endpoint, **fields)
    if kind == "multipart":
        alice_program.post(address, {"unheard_of": "1"})
    elif kind == "urlencoded":
        alice_program.post(address, "unheard_of=1", content_type="application/x-www-form-urlencoded")
    elif kind == "json":
        alice_program.post(address, {"unheard_of": 1}, content_type="application/json")
    else:
        alice_program.post(address)
    task = Task.objects.get()
    assert ({**task.params, "seed": 0}, task.photo.url) == ({**given, "seed": 0}, URL)


def test_the_body_s_word_counts_where_both_have_one(alice_program: Program) -> None:
    alice_program.post(path("segmentation", crop="1", format="jpg"), {"image_url": URL, "crop": "0"})
    task = Task.objects.get()
    assert (task.params["crop"], task.params["format"]) == (False, "jpg")


def test_a_file_in_the_body_counts_before_a_word_in_the_address(
    alice_program: Program, coffee: bytes
) -> None:
    address = path("segmentation", image_file="lamp.jpg")
    answer = alice_program.post(address, {"image_file": SimpleUploadedFile("cup.jpg", coffee)})
    assert answer.status_code == 200
    assert Task.objects.get().photo.name == "cup.jpg"


@pytest.mark.parametrize("endpoint", NEEDED)
def test_what_is_wrong_in_the_address_is_refused_by_name(alice_program: Program, endpoint: str) -> None:
    wrong = {"background": "batch_size", "inpaint": "return_type"}.get(endpoint, "crop")
    answer = alice_program.post(path(endpoint, **{wrong: "9"}), {"image_url": URL, **NEEDED[endpoint]})
    assert answer.status_code == 400
    assert wrong in read_message(answer.json())


def test_another_word_in_the_address_is_another_call_to_an_idempotency_key(alice_program: Program) -> None:
    headers = {"Idempotency-Key": "a"}
    for query, status in (({"crop": "1"}, 200), ({"crop": "1"}, 200), ({"crop": "0"}, 422)):
        answer = alice_program.post(path("segmentation", **query), {"image_url": URL}, headers=headers)
        assert answer.status_code == status
    assert Task.objects.count() == 1


# -- Other spellings, in every field of a kind -------------------------------------------------------------


def fields_of(kind: type) -> list[Any]:
    return [
        pytest.param(field, id=f"{form.__name__}.{name}")
        for form in parameter_names.list_forms()
        for name, field in form.base_fields.items()
        if type(field) is kind
    ]


NUMBERS = fields_of(ChoiceOfNumbers)
SWITCHES = [param for param in NUMBERS if set(param.values[0].numbers) == {0, 1}]  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", fields_of(ColourField))
def test_a_colour_may_be_written_as_in_a_style_sheet(field: ColourField) -> None:
    for name in ("red", "White", " rebeccapurple ", "lightgrey"):
        wanted = "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(name.strip())[:3])
        assert field.clean(name) == wanted
    for one in ("f80", "#F80", "ff8800", "#ff8800", "#f80f", "ff8800ff", "rgb(255,136,0)", "rgb(255 136 0)"):
        assert field.clean(one) == "#ff8800", one
    for one in (
        "RGB( 255 , 136 , 0 )",
        "rgba(255, 136, 0, 1)",
        "rgba(255,136,0,1.0)",
        "rgb(255 136 0 / 100%)",
    ):
        assert field.clean(one) == "#ff8800", one
    for one in ("", "transparent", "none"):
        assert field.clean(one) == ""


@pytest.mark.parametrize("field", fields_of(ColourField))
@pytest.mark.parametrize(
    "wrong",
    ["sky", "#ff", "#fffff", "rgb(1,2,300)", "rgb(1,2)", "#f808", "ff880080", "rgba(1,2,3,0.5)", "url(x)"],
)
def test_what_is_no_colour_or_lets_something_through_is_refused(field: ColourField, wrong: str) -> None:
    with pytest.raises(ValidationError):
        field.clean(wrong)


@pytest.mark.parametrize("field", fields_of(FormatField))
def test_a_format_goes_by_any_of_its_spellings(field: FormatField) -> None:
    for one in ("jpg", "JPG", "jpeg", "JPEG", " Jpeg ", "image/jpeg", "image/jpg", ".jpg", "image/pjpeg"):
        assert field.clean(one) == "jpg", one
    for one in ("png", "PNG", "image/png", "image/x-png", ".PNG"):
        assert field.clean(one) == "png", one
    for one in ("auto", "AUTO", ""):
        assert field.clean(one) == ("auto" if "auto" in field.words else "png"), one


@pytest.mark.parametrize("field", fields_of(ChoiceOfWords) + fields_of(FormatField))
def test_a_word_counts_in_any_case_and_auto_is_as_nothing_said(field: ChoiceOfWords) -> None:
    assert field.clean("") == field.initial
    # Unless the document has a meaning of its own for it.
    assert field.clean("auto") == field.clean("Auto") == ("auto" if "auto" in field.words else field.initial)
    for word in field.words:
        for one in (word, word.upper(), f" {word.title()} "):
            assert field.clean(one) == (word or field.initial)


YES = ("1", "true", "True", "TRUE", "yes", "on", "1.0", " 1 ", "y")
NO = ("0", "false", "False", "no", "off", "0.0", "n", "")


@pytest.mark.parametrize("field", SWITCHES)
def test_a_switch_of_0_and_1_may_be_said_in_words(field: ChoiceOfNumbers) -> None:
    assert {field.clean(one) for one in YES} == {1}
    assert {field.clean(one) for one in NO} == {0}


@pytest.mark.parametrize("field", fields_of(YesNoField) + fields_of(CropField))
def test_yes_and_no_may_be_numbers(field: YesNoField) -> None:
    assert all(field.clean(one) is True for one in YES if one != "1.0")
    assert not any(field.clean(one) for one in NO if one not in ("0.0", ""))
    assert field.clean("") == field.initial


@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_may_have_a_point_and_nothing_behind_it(field: ChoiceOfNumbers) -> None:
    for number in field.numbers:
        assert field.clean(f"{number}.0") == number


def test_json_s_own_values_count(alice_program: Program) -> None:
    body = {"image_url": URL, "crop": True, "sync": False, "output_type": 1.0, "format": None}
    answer = alice_program.post("segmentation", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    task = Task.objects.get()
    assert (task.params["crop"], task.params["outputs"], task.answer["waits"]) == (True, "both", False)


def test_other_spellings_lead_to_the_same_work(alice_program: Program) -> None:
    plain = params(alice_program, "segmentation", format="jpg", bg_color="ff0000", type="object", crop="1")
    spelled = params(
        alice_program, "segmentation", format="image/JPEG", bg_color="Red", type="Product", crop="yes"
    )
    assert plain == spelled
    assert plain["background"] == "#ff0000"
    assert params(alice_program, "segmentation", type="auto") == params(alice_program, "segmentation")


# -- Other names ------------------------------------------------------------------------------------------


def test_a_format_counts_under_either_of_its_names(alice_program: Program) -> None:
    assert params(alice_program, "self-face-cutout", format="JPEG")["format"] == "jpg"
    assert params(alice_program, "segmentation", output_format="JPEG")["format"] == "jpg"


@pytest.mark.parametrize("name", ["image_file", "file"])
def test_the_one_call_s_file_goes_by_two_names(alice_program: Program, coffee: bytes, name: str) -> None:
    alice_program.post("/v1/remove", {name: SimpleUploadedFile("cup.jpg", coffee), "image_url": URL})
    assert Task.objects.get().photo.name == "cup.jpg"


@pytest.mark.parametrize("name", ["image_url", "url"])
def test_the_one_call_s_picture_may_be_behind_an_address(alice_program: Program, name: str) -> None:
    alice_program.post("/v1/remove", {name: URL})
    assert Task.objects.get().photo.url == URL


def test_the_one_call_s_channels_and_colour_are_heeded(alice_program: Program) -> None:
    assert params(alice_program, "/v1/remove", channels="alpha")["outputs"] == "mask"
    assert params(alice_program, "/v1/remove", bg_color="red")["finish"]["background"] == "#ff0000"
    assert "background" not in params(alice_program, "/v1/remove")["finish"]
    assert params(alice_program, "/v1/remove", channels="RGB")["finish"]["background"] == "#ffffff"


# A value of each that asks for something.
ASKED = {
    "crop_margin": "10%",
    "padding": "0.1",
    "scale": "80%",
    "position": "center",
    "roi": "0% 0% 50% 50%",
    "add_shadow": "true",
    "semitransparency": "false",
    "size": "hd",
    "channels": "alpha",
    "batch_size": "2",
    "crop": "1",
    "faces": "largest",
    "type": "person",
    "sync": "1",
    "return_type": "2",
    "output_type": "3",
    "format": "webp",
    "output_format": "webp",
    "type_level": "latest",
    "keepExistingAlphaChannel": "auto",
    "removeBackground": "false",
}


FORMS = {
    name: endpoint.form
    for endpoint in registry.list_endpoints()
    for name in (endpoint.name, endpoint.path)
    if name in NEEDED
}


@pytest.mark.parametrize("endpoint", NEEDED)
def test_whatever_a_document_knows_is_heeded_or_refused_by_name_never_ignored(endpoint: str) -> None:
    form = FORMS[endpoint]
    refused = set()
    for name in parameter_names.list_known() - form.base_fields.keys() - form.also.keys():
        if set(parameter_names.list_anywhere().get(name, ())) >= parameter_names.EITHER:
            continue  # comes to the same, whatever is asked
        data = QueryDict(mutable=True)
        data[name] = ASKED.get(name, "500")
        if data[name] in form.harmless.get(name, ()):
            continue
        with pytest.raises(ApiError, match=f"^{name}: ") as refusal:
            parameter_names.check_names(form, data, MultiValueDict())
        assert (refusal.value.status, refusal.value.details) == (400, name)
        refused.add(name)
    foreign = {"padding", "crop_margin", "roi", "image_file_b64", "outputSize"}
    assert foreign - form.base_fields.keys() - form.also.keys() <= refused


@pytest.mark.parametrize("endpoint", NEEDED)
@pytest.mark.parametrize("name", ["width", "fit", "background.prompt"])
def test_what_is_not_done_is_refused_before_anything_is_kept(
    alice_program: Program, endpoint: str, name: str
) -> None:
    # Where it is done, what it cannot be is refused likewise.
    assert name in refusal(alice_program, endpoint, **{name: "0"})


@pytest.mark.parametrize("endpoint", NEEDED)
def test_a_file_under_a_name_of_another_address_is_refused_by_name(
    alice_program: Program, coffee: bytes, endpoint: str
) -> None:
    form = FORMS[endpoint]
    for name in {"mask_file", "bg_image_file", "imageFile", "background.imageFile"} - form.base_fields.keys():
        upload = SimpleUploadedFile("cup.jpg", coffee)
        assert name in refusal(alice_program, endpoint, **{name: upload})


@pytest.mark.parametrize("endpoint", NEEDED)
def test_values_that_ask_for_what_is_done_anyway_are_taken(alice_program: Program, endpoint: str) -> None:
    form = FORMS[endpoint]
    plain = params(alice_program, endpoint)
    fields = {
        name: values[0]
        for name, values in ((n, list(v)) for n, v in parameter_names.list_anywhere().items())
        if values
    }
    fields |= {name: next(iter(values)) for name, values in form.harmless.items()}
    fields |= dict.fromkeys(parameter_names.list_known() - fields.keys(), "")
    for name in form.base_fields.keys() | form.also.keys():
        fields.pop(name, None)
    assert len(fields) > 30
    taken = params(alice_program, endpoint, **fields)
    assert {**taken, "seed": 0} == {**plain, "seed": 0}


@pytest.mark.parametrize("endpoint", NEEDED)
def test_what_no_document_knows_is_ignored(alice_program: Program, endpoint: str) -> None:
    params(alice_program, endpoint, utm_source="newsletter", version="3", client="android")
