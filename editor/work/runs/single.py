"""A recipe for one photo alone: what a program's call asks for, as the parameters of its task."""

import contextlib
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import User
from editor.engines import errors
from editor.engines.catalogue import naming
from editor.models import Photo, Recipe, Run
from editor.work import recipes

from .errors import RunRefused
from .plans import Plan, PlannedFile


@dataclass(frozen=True)
class NamedPhoto:
    """A photo as names are made of it."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SingleOrder:
    """What is to be done to one photo. params: of its cutout's task. files: how many come of it."""

    params: dict[str, Any]
    backdrop: Photo | None
    files: int


def find_recipe(owner: User, wanted: str) -> Recipe:
    """Return a recipe that a person may run, by its id or its name. Raises RunRefused."""
    asked = Q(name=wanted)
    with contextlib.suppress(ValueError):
        asked |= Q(pk=uuid.UUID(wanted))
    rows = list(Recipe.objects.usable_by(owner).filter(asked))
    # What a person has themselves comes before what others share under the same name.
    own = [row for row in rows if row.owner_id == owner.pk] or rows
    if not own:
        raise RunRefused("There is no such recipe. Send the name or the id of one on your Catalogue page.")
    if len(own) > 1:
        raise RunRefused("Several recipes are called so. Send the id, which is in the recipe's address.")
    return own[0]


def plan_order(owner: User, recipe: Recipe, name: str) -> SingleOrder:
    """Return what a recipe does to one photo of that name. Raises RunRefused."""
    try:
        data = recipes.read(recipe).to_dict()
    except recipes.RecipeRefused as exc:
        raise RunRefused(exc.sentence) from exc
    backdrop = recipe.backdrop
    if backdrop is not None and backdrop.owner_id != owner.pk:
        raise RunRefused("Its picture behind is somebody else's. Copy the recipe and choose one of yours.")
    plan = Plan(Run(owner=owner, data=data, backdrop=backdrop))
    markets = {market.key: market for _, market in plan.orders if market}
    try:
        names = naming.name_files([NamedPhoto(name)], plan.recipe.files, markets)
    except errors.InvalidOptions as exc:
        raise RunRefused(str(exc)) from exc
    if names.objections:
        raise RunRefused(names.objections[0])
    share = plan.recipe.finish.share
    files = [
        PlannedFile(number, spec, market, path, share, "").to_dict()
        for number, ((spec, market), path) in enumerate(zip(plan.orders, names.paths[0], strict=True), 1)
    ]
    deliver = {"recipe": data, "finish": plan.recipe.finish.to_dict(), "files": files}
    return SingleOrder({"subject": plan.recipe.subject, "deliver": deliver}, backdrop, len(files))
