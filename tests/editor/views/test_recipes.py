"""Recipes on their pages: made, changed, copied, shared, sent as files, and looked at on a cutout."""

import io
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from editor import finishes
from editor.engines.catalogue.recipe import MOST_FILES, FileSpec
from editor.engines.catalogue.recipe import Recipe as EngineRecipe
from editor.engines.finishing.finish import Finish
from editor.engines.finishing.proposals import Measures
from editor.files import measures
from editor.forms import RecipeForm
from editor.forms.recipe import read_output_fields, read_recipe_fields
from editor.models import Market, Recipe, Result
from editor.views.catalogue import trial
from editor.work import recipes
from tests.editor.files.files_out import photo_of, result_of

pytestmark = pytest.mark.django_db
FULL = EngineRecipe(
    name="Winter",
    subject="object",
    finish=Finish(
        canvas="exact", width=800, height=1000, margins=(0.07,) * 4, scaling="fit", background="#ffffff"
    ),
    same_scale="group",
    exposure=0.5,
    white_balance=0.25,
    straighten=True,
    most_angle=12,
    provenance="source",
    credentials=True,
    files=(
        FileSpec(market="amazon", name="{sku}.{variant}.{ext}"),
        FileSpec(format="tiff", dpi=300, clipping_path=True, folder="print"),
    ),
)


def person(name: str, **powers: bool) -> User:
    return User.objects.create_user(f"{name}@example.com", "correct horse battery", **powers)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(recipe: EngineRecipe, **others: Any) -> dict[str, Any]:
    """What a browser sends for a recipe."""
    fields = read_recipe_fields(recipe)
    for number, file in enumerate(read_output_fields(recipe)):
        fields |= {f"outputs-{number}-{name}": value for name, value in file.items()}
    fields |= {"outputs-TOTAL_FORMS": len(recipe.files), "outputs-INITIAL_FORMS": 0, **others}
    kept = {name: value for name, value in fields.items() if value is not None and value is not False}
    return {name: "on" if value is True else value for name, value in kept.items()}


def test_a_recipe_is_kept_as_its_form_says_it() -> None:
    alice = person("alice")
    answer = signed_in(alice).post(reverse("editor:new-recipe"), sent(FULL))
    row = Recipe.objects.get(owner=alice)
    assert answer["Location"] == reverse("editor:recipe", args=[row.pk])
    assert recipes.read(row) == FULL


def test_the_same_once_more_is_no_new_version_and_a_change_is_one() -> None:
    alice = person("alice")
    row = recipes.create(alice, FULL)
    address = reverse("editor:recipe", args=[row.pk])
    signed_in(alice).post(address, sent(FULL))
    row.refresh_from_db()
    assert row.number == 1
    signed_in(alice).post(address, sent(FULL, name="Summer"))
    row.refresh_from_db()
    assert (row.number, row.name, recipes.read(row).name) == (2, "Summer", "Summer")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Give the recipe a name."),
        ({"outputs-0-name": "{sku"}, "is not closed"),
        ({"outputs-0-market": "no-such"}, "not on offer"),
        ({"outputs-0-format": "png", "outputs-0-clipping_path": "on"}, "clipping path"),
        ({"outputs-0-DELETE": "on", "outputs-1-DELETE": "on"}, "at least one file"),
        ({"outputs-TOTAL_FORMS": str(MOST_FILES + 1)}, "at most"),
        ({"width": "0"}, "whole number of pixels"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(wrong: dict[str, str], sentence: str) -> None:
    alice = person("alice")
    answer = signed_in(alice).post(reverse("editor:new-recipe"), sent(FULL, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="object"' in answer.content.decode()
    assert not Recipe.objects.exists()


def test_without_scripts_one_more_file_can_be_asked_for() -> None:
    answer = signed_in(person("alice")).post(reverse("editor:new-recipe"), sent(FULL, more="on"))
    assert answer.status_code == 200
    assert 'name="outputs-2-market"' in answer.content.decode()
    assert not Recipe.objects.exists()


@pytest.mark.parametrize(
    "way", ["recipe", "recipe-duplicate", "recipe-share", "recipe-delete", "recipe-export"]
)
def test_stranger_gets_404(way: str) -> None:
    row = recipes.create(person("alice"), FULL)
    stranger = signed_in(person("charlie", is_staff=True))
    address = reverse(f"editor:{way}", args=[row.pk])
    answer = stranger.get(address) if way in ("recipe", "recipe-export") else stranger.post(address)
    assert answer.status_code == 404
    assert Recipe.objects.count() == 1


def test_an_admin_shares_a_recipe_which_others_copy_and_never_change() -> None:
    olga, bob = person("olga", is_staff=True), person("bob")
    row = recipes.create(olga, FULL)
    signed_in(olga).post(reverse("editor:recipe-share", args=[row.pk]), {"shared": "on"})
    client, address = signed_in(bob), reverse("editor:recipe", args=[row.pk])
    assert "Save the recipe" not in client.get(address).content.decode()
    assert client.post(address, sent(FULL, name="Taken")).status_code == 404
    assert client.post(reverse("editor:recipe-delete", args=[row.pk])).status_code == 404
    client.post(reverse("editor:recipe-duplicate", args=[row.pk]))
    copied = Recipe.objects.get(owner=bob)
    assert recipes.read(copied).files == FULL.files
    assert not copied.shared


def test_who_is_no_admin_shares_nothing() -> None:
    alice = person("alice")
    row = recipes.create(alice, FULL)
    assert (
        signed_in(alice).post(reverse("editor:recipe-share", args=[row.pk]), {"shared": "on"}).status_code
        == 403
    )
    row.refresh_from_db()
    assert not row.shared


def test_what_is_exported_is_imported_as_the_same() -> None:
    alice, bob = person("alice"), person("bob")
    row = recipes.create(alice, FULL)
    exported = signed_in(alice).get(reverse("editor:recipe-export", args=[row.pk]))
    assert "attachment" in exported["Content-Disposition"]
    assert json.loads(exported.content)["version"] == 1
    file = SimpleUploadedFile("a.json", b"\xef\xbb\xbf" + exported.content)
    signed_in(bob).post(reverse("editor:recipe-import"), {"recipe": file})
    assert recipes.read(Recipe.objects.get(owner=bob)) == FULL


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'{"version": 2}', "Update the studio"),
        (b"{", "no recipe"),
        (b"[" * 5000, "no recipe"),
        (b"\xff\xfe", "no recipe"),
        (b"[]", "no recipe"),
        (b'{"files": [1]}', "files"),
        (b'{"finish": {"canvas": "moon"}}', "canvas"),
        (b"", "empty"),
        (b" " * (recipes.MOST_FILE_BYTES + 1), "too large"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_with_the_reason(text: bytes, sentence: str) -> None:
    file = SimpleUploadedFile("a.json", text)
    answer = signed_in(person("alice")).post(reverse("editor:recipe-import"), {"recipe": file})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Recipe.objects.exists()


def test_a_finish_on_the_desk_becomes_a_recipe() -> None:
    alice = person("alice")
    photo = photo_of(alice)
    result_of(photo, bare=True)
    finishes.set_finish(photo, Finish(canvas="ratio", ratio=(4, 5), background="#cfe0ea", format="webp"))
    client = signed_in(alice)
    address = f"{reverse('editor:new-recipe')}?photo={photo.pk}"
    assert address in client.get(reverse("editor:photo", args=[photo.pk])).content.decode()
    form = client.get(address).context["form"]
    assert (form["canvas"].value(), form["ratio"].value(), form["background"].value()) == (
        "ratio",
        "4:5",
        "#cfe0ea",
    )
    assert form.outputs[0]["format"].value() == "webp"
    assert signed_in(person("bob")).get(address).status_code == 404
    assert client.get(f"{reverse('editor:new-recipe')}?photo=none").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_preview_is_the_first_file_by_the_engine() -> None:
    """On the market's white square, though the recipe's own ground is red."""
    alice = person("alice")
    result = result_of(photo_of(alice), bare=True)
    red = EngineRecipe(
        finish=Finish(canvas="exact", width=40, height=90, scaling="fit", background="#ff0000"),
        files=(FileSpec(market="amazon"),),
    )

    async def ask(fields: dict[str, Any], user: User) -> tuple[int, bytes]:
        client = AsyncClient()
        await client.aforce_login(user)
        answer = await client.post(reverse("editor:recipe-preview", args=[result.pk]), fields)
        parts = [part async for part in answer] if answer.streaming else [answer.content]
        return answer.status_code, b"".join(parts)

    status, content = async_to_sync(ask)(sent(red), alice)
    assert status == 200
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.size == (1600, 1600)
    assert min(picture.getpixel((5, 5))) > 250
    status, _ = async_to_sync(ask)(sent(red), person("bob"))
    assert status == 404
    status, content = async_to_sync(ask)(sent(red, name=""), alice)
    assert (status, content.decode()) == (422, "Give the recipe a name.")


def test_the_preview_follows_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept of the cutout; where nothing is proposed it says why."""
    alice = person("alice")
    result = result_of(photo_of(alice), bare=True)
    found = Measures(exposure=1.0, angle=-20.0, reasons={"white_balance": "The ground has a texture."})
    measures.keep(result, found.to_dict())
    rendered: list[dict[str, Any]] = []

    def note(request: Any, form: Any, result: Any, finish: Finish) -> None:
        rendered.append(finish.to_dict())
        raise RuntimeError

    monkeypatch.setattr(trial, "make_preview", note)
    asked = EngineRecipe(exposure=0.5, white_balance=1, straighten=True, most_angle=10)
    row = Result.objects.select_related("photo", "task").get(pk=result.pk)
    waiting = trial.Trying(None, form_of(asked), row)
    with pytest.raises(RuntimeError):
        async_to_sync(waiting.answer)()
    assert rendered == [{"version": 1, "exposure": 0.5}]
    assert (
        trial.explain(asked, found)
        == "The ground has a texture. The product leans by 20.0°, more than the recipe turns."
    )
    assert trial.explain(EngineRecipe(), found) == ""


def form_of(recipe: EngineRecipe) -> RecipeForm:
    form = RecipeForm(sent(recipe))
    assert form.is_valid(), form.errors
    return form


def test_an_admins_marketplace_takes_the_place_of_ours() -> None:
    Market.objects.create(key="amazon", data={"name": "Amazon", "kind": "ours", "good": [1000, 1000]})
    Market.objects.create(key="ebay", hidden=True)
    Market.objects.create(key="etsy", data={"ground": "purple"})
    found = recipes.list_markets()
    assert found["amazon"].good == (1000, 1000)
    assert "ebay" not in found
    assert found["etsy"].name == "Etsy"
