"""Recipes as people keep them: saved, copied, sent as files; and the marketplaces on offer."""

import json
import logging
from dataclasses import replace
from typing import Any

from django.utils import timezone

from accounts.models import User
from editor.engines import errors
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.markets import MARKETS, Market
from editor.models import Market as MarketRow
from editor.models import Photo, Recipe

logger = logging.getLogger(__name__)

MOST_RECIPES = 200
MOST_FILE_BYTES = 256 * 1024


class RecipeRefused(Exception):
    """A recipe was not kept. `sentence` tells its owner why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def list_markets() -> dict[str, Market]:
    """Return the marketplaces on offer by their keys: those that are shipped, as an admin has them."""
    found = dict(MARKETS)
    for row in MarketRow.objects.all():
        found.pop(row.key, None)
        if row.hidden:
            continue
        try:
            found[row.key] = Market.from_dict({**row.data, "key": row.key})
        except errors.InvalidOptions as exc:
            logger.warning("The marketplace %s cannot be read: %s", row.key, exc)
            if row.key in MARKETS:
                found[row.key] = MARKETS[row.key]
    return dict(sorted(found.items(), key=lambda one: one[1].title.casefold()))


def read(row: Recipe) -> engine.Recipe:
    """Return what a row says. Raises RecipeRefused for one that this studio does not know."""
    try:
        return engine.Recipe.from_dict({**row.data, "name": row.name})
    except errors.InvalidOptions as exc:
        raise RecipeRefused(str(exc)) from exc


def create(owner: User, recipe: engine.Recipe, backdrop: Photo | None = None) -> Recipe:
    """Keep a new recipe. Raises RecipeRefused where a person has too many."""
    if Recipe.objects.owned_by(owner).count() >= MOST_RECIPES:
        raise RecipeRefused(f"You have {MOST_RECIPES} recipes. Delete one that you no longer need.")
    data = write(recipe, backdrop)
    return Recipe.objects.create(owner=owner, name=recipe.name, data=data, backdrop=backdrop)


def change(row: Recipe, recipe: engine.Recipe, backdrop: Photo | None = None) -> Recipe:
    """Have a recipe say something else. Its number counts up, unless it says the same."""
    data = write(recipe, backdrop)
    if (row.name, row.data, row.backdrop_id) != (recipe.name, data, backdrop.pk if backdrop else None):
        row.name, row.data, row.backdrop = recipe.name, data, backdrop
        row.number += 1
        row.changed_at = timezone.now()
        row.save()
    return row


def write(recipe: engine.Recipe, backdrop: Photo | None) -> dict[str, Any]:
    """Return a recipe as its row keeps it."""
    return replace(recipe, backdrop=backdrop.name[: engine.MOST_PATTERN] if backdrop else "").to_dict()


def duplicate(owner: User, row: Recipe) -> Recipe:
    """Copy a recipe, one's own or a shared one. A stranger's picture behind does not come along."""
    recipe = read(row)
    name = f"{recipe.name[: engine.MOST_NAME - 8]} (copy)"
    backdrop = row.backdrop if row.owner_id == owner.pk else None
    return create(owner, replace(recipe, name=name), backdrop)


def write_file(row: Recipe) -> str:
    """Return a recipe in the text form in which it is sent."""
    return json.dumps(read(row).to_dict(), indent=2, ensure_ascii=False) + "\n"


def read_file(owner: User, text: bytes) -> Recipe:
    """Keep a recipe that came as a file. Raises RecipeRefused, saying what is wrong with it."""
    try:
        data = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise RecipeRefused(
            "This is no recipe: it is not JSON. Choose a file that was exported here."
        ) from exc
    if not isinstance(data, dict):
        raise RecipeRefused(
            "This is no recipe: it must be a JSON object. Choose a file that was exported here."
        )
    try:
        recipe = engine.Recipe.from_dict(data)
    except (errors.InvalidOptions, TypeError) as exc:
        raise RecipeRefused(f"This recipe was not taken. {exc}") from exc
    return create(owner, recipe)
