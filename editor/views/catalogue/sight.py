"""What the catalogue's pages show of recipes: their form, their files in words, a cutout to try them on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from accounts.models import User
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.markets import Market
from editor.engines.catalogue.naming import PRESETS
from editor.forms import RecipeForm
from editor.forms.recipe import FORMATS, OUTPUTS, FileSpecForm, read_output_fields, read_recipe_fields
from editor.models import Recipe, Result
from editor.views.tools.cutout import list_ground_choices
from editor.work import recipes
from web.language.sentences import tell

TRIED_ON = 12  # cutouts that a recipe can be looked at on


@dataclass(frozen=True)
class RecipeCard:
    """A recipe among others, in words."""

    row: Recipe
    own: bool
    markets: dict[str, Market]

    @cached_property
    def recipe(self) -> engine.Recipe | None:
        try:
            return recipes.read(self.row)
        except recipes.RecipeRefused:
            return None

    @property
    def files(self) -> list[str]:
        """Each of its files in a few words."""
        return (
            [describe_file(one, self.recipe, self.markets) for one in self.recipe.files]
            if self.recipe
            else []
        )


def describe_file(spec: engine.FileSpec, recipe: engine.Recipe, markets: dict[str, Market]) -> str:
    """Return "Amazon, main picture · 1600 × 1600 JPG"."""
    market, finish = markets.get(spec.market), recipe.finish
    size = (finish.width, finish.height) if finish.canvas == "exact" else (0, 0)
    if market is not None and spec.frame == "market" and market.frame[0]:
        size = market.frame
    pixels = f"{size[0]} × {size[1]} " if all(size) else ""
    title = tell(market.title) if market else spec.market
    return " · ".join(part for part in (title, f"{pixels}{dict(FORMATS)[spec.format]}") if part)


def list_cards(user: User) -> list[RecipeCard]:
    """Return the recipes that a person can use: their own, newest first, then the studio's."""
    markets = recipes.list_markets()
    rows = Recipe.objects.usable_by(user).select_related("owner").order_by("-changed_at")
    cards = [RecipeCard(row, row.owner_id == user.pk, markets) for row in rows]
    return sorted(cards, key=lambda card: not card.own)


def list_market_choices() -> list[tuple[str, str]]:
    return [(key, tell(market.title)) for key, market in recipes.list_markets().items()]


def make_form(recipe: engine.Recipe, backdrop: uuid.UUID | None = None) -> RecipeForm:
    """Return the form that says a recipe, to be changed. backdrop: key of the picture behind."""
    return RecipeForm(
        initial=read_recipe_fields(recipe, backdrop),
        outputs=read_output_fields(recipe),
        markets=list_market_choices(),
    )


def make_form_with_more(sent: QueryDict) -> RecipeForm:
    """Return the form as it was sent, with one more file, for a browser without scripts."""
    data, total = sent.copy(), f"{OUTPUTS}-TOTAL_FORMS"
    said = str(data.get(total, ""))
    count = int(said) if said.isdecimal() and len(said) < 4 else 0
    for name in ("frame", "format", "name"):
        data[f"{OUTPUTS}-{count}-{name}"] = FileSpecForm.base_fields[name].initial
    data[total] = str(min(count + 1, engine.MOST_FILES))
    return RecipeForm(data, markets=list_market_choices())


def list_cutouts(user: User) -> list[Result]:
    """Return the newest cutouts on which a recipe can be tried, of each photo one."""
    found = (
        Result.objects.owned_by(user).filter(bare=True).select_related("photo").newest_first()[: 4 * TRIED_ON]
    )
    first: dict[Any, Result] = {}
    for result in found:
        first.setdefault(result.photo_id, result)
    return list(first.values())[:TRIED_ON]


def list_form_choices(user: User, form: RecipeForm) -> dict[str, Any]:
    """Return a recipe's form with all that its page offers."""
    return {
        "form": form,
        "outputs": form.outputs,
        "patterns": [(pattern, tell(words)) for words, pattern in PRESETS.values()],
        "cutouts": list_cutouts(user),
        "markets": list(recipes.list_markets().values()),
        **list_ground_choices(user, form),
    }
