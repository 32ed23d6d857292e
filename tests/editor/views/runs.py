"""Runs as the tests of their pages need them: rows in every state, without any work done."""

from typing import Any

from accounts.models import User
from editor.engines.catalogue.recipe import FileSpec
from editor.engines.catalogue.recipe import Recipe as EngineRecipe
from editor.engines.catalogue.verdicts import Check, Verdict
from editor.models import Recipe, Run, RunFile, RunItem
from editor.work import recipes
from tests.editor.files.files_out import cut_file, photo_of, stored

TWO = EngineRecipe(
    name="Winter",
    files=(
        FileSpec(market="amazon", name="{sku}.{variant}.{ext}"),
        FileSpec(market="zalando", name="{stem}.{ext}"),
    ),
)
CHECKS = {
    "passed": [Check("white", Verdict.PASSED, "100.000 % of 1200 px", "100.000 %")],
    "repaired": [Check("bytes", Verdict.REPAIRED, "9.80 MB", "at most 10 MB")],
    "not_met": [
        Check("white", Verdict.PASSED, "100.000 % of 1200 px", "100.000 %"),
        Check("fill", Verdict.NOT_MET, "41.0%", "85% to 100%"),
    ],
}


def recipe_of(owner: User, asked: EngineRecipe = TWO) -> Recipe:
    return recipes.create(owner, asked)


def run_of(owner: User, state: str = Run.State.GATHERING, **fields: Any) -> Run:
    """A run without photos, by a recipe for two marketplaces unless one is given."""
    recipe = fields.pop("recipe", None) or recipe_of(owner)
    facts = {"name": recipe.name, "data": recipe.data, "recipe_number": recipe.number, **fields}
    return Run.objects.create(owner=owner, recipe=recipe, state=state, **facts)


def item_of(run: Run, state: str = RunItem.State.WAITING, **fields: Any) -> RunItem:
    """One more photo of a run, the last."""
    number = run.items.count() + 1
    name = fields.pop("name", f"lamps/lamp-{number}.jpg")
    photo = fields.pop("photo", None)
    if photo is None and state != RunItem.State.UNREADABLE:
        photo = photo_of(run.owner, name=name.rpartition("/")[2], on_desk=False)
    return RunItem.objects.create(run=run, number=number, name=name, photo=photo, state=state, **fields)


def file_of(item: RunItem, market: str = "amazon", verdict: str = "passed", **fields: Any) -> RunFile:
    """One more file of a photo, with checks of that verdict."""
    number = item.files.count() + 1
    content = cut_file(60, 40, "jpg")
    facts: dict[str, Any] = {
        "path": f"{market or 'files'}/{item.number}.MAIN.jpg",
        "file": stored("runs", "jpg", content),
        "thumbnail": stored("runs", "webp", cut_file(12, 8, "webp")) if number == 1 else "",
        "format": "jpg",
        "width": 60,
        "height": 40,
        "bytes": len(content),
        "sha256": f"{item.number:02}" * 32,
        "checks": [check.to_dict() for check in CHECKS[verdict]],
    }
    return RunFile.objects.create(
        item=item, number=number, market=market, verdict=verdict, **{**facts, **fields}
    )


def done_of(run: Run, verdict: str = "passed", **fields: Any) -> RunItem:
    """One more photo that is done, with a file for each of two marketplaces, the second passed."""
    item = item_of(run, RunItem.State.DONE, **fields)
    file_of(item, "amazon", verdict)
    file_of(item, "zalando")
    return item
