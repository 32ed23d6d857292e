"""What is to come of a run's photos: its recipe read, each file's name, frame, and hash of what makes it."""

import hashlib
import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from editor.engines import errors
from editor.engines.catalogue import manifest, naming, scales
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.markets import Market, apply_market
from editor.engines.finishing import proposals
from editor.engines.finishing.finish import ARITHMETIC, Finish
from editor.engines.io.provenance import credentials
from editor.models import Result, Run, RunFile, RunItem
from editor.work import recipes

from .errors import RunRefused

USABLE = (
    RunItem.State.WAITING,
    RunItem.State.CUTTING,
    RunItem.State.DELIVERING,
    RunItem.State.DONE,
    RunItem.State.FAILED,
)
"""States of what is worked on; the others have nothing of their own to make."""


NOT_SIGNED = (
    "This recipe has files signed, and the studio has no key for that. Ask its admin for "
    "`manage.py credentials`, or leave content credentials out."
)


def has_identity() -> bool:
    return credentials.has_identity(settings.IDENTITY_DIR)


@dataclass(frozen=True)
class PlannedFile:
    """One file to make of one photo. number: from 1. share: of the frame, see Finish.share."""

    number: int
    spec: engine.FileSpec
    market: Market | None
    path: str
    share: float
    made_of: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as the engine's deliver takes it."""
        market = self.market.to_dict() if self.market else None
        return {**self.spec.to_dict(), "market": market, "path": self.path}


@dataclass(frozen=True)
class NamedItem:
    """A photo of a run, and the folder and name that each of its files will have."""

    item: RunItem
    paths: list[str]


@dataclass(frozen=True)
class NamesPreview:
    """What a run's files will be called. objections: why it cannot begin so, each says what to change."""

    rows: list[NamedItem] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)


class Plan:
    """A run's recipe as it is carried out. Raises RunRefused where it cannot be."""

    def __init__(self, run: Run) -> None:
        self.run = run
        try:
            self.recipe = engine.Recipe.from_dict(run.data)
        except errors.InvalidOptions as exc:
            raise RunRefused(str(exc)) from exc
        markets = recipes.list_markets()
        for spec in self.recipe.files:
            if spec.market and spec.market not in markets:
                raise RunRefused(
                    f"The marketplace '{spec.market}' is not offered here any more. Take it out of the "
                    "recipe, then run that."
                )
        recipe = self.recipe
        if recipe.backdrop and run.backdrop_id is None:
            raise RunRefused(
                f"The picture behind, {recipe.backdrop}, was deleted. Choose one in the recipe and run that."
            )
        if recipe.credentials and not (credentials.is_installed() and has_identity()):
            raise RunRefused(NOT_SIGNED)
        self.markets = markets
        self.orders = [(spec, markets.get(spec.market) if spec.market else None) for spec in recipe.files]
        self.same = [
            manifest.hash_recipe(replace(recipe, files=engine.Recipe().files, same_scale="")),
            ARITHMETIC,
        ]
        self.same.append(str(run.backdrop_id or ""))
        if recipe.needs_measures:
            self.same.append(proposals.VERSION)

    def preview_names(self) -> NamesPreview:
        """Return what the files of all photos will be called, in time that grows with their number alone."""
        items = list(self.run.items.filter(state__in=USABLE).order_by("number"))
        used = {market.key: market for _, market in self.orders if market}
        try:
            names = naming.name_files(items, self.recipe.files, used)
        except errors.InvalidOptions as exc:
            return NamesPreview(objections=[str(exc)])
        rows = [NamedItem(item, paths) for item, paths in zip(items, names.paths, strict=True)]
        return NamesPreview(rows, names.objections)

    def plan_files(self, item: RunItem, cutout: Result) -> list[PlannedFile]:
        """Return the files of a photo, of which that is the cutout."""
        shares = item.measured.get("shares") if self.recipe.same_scale else None
        planned = []
        for number, ((spec, market), path) in enumerate(zip(self.orders, item.paths, strict=True), 1):
            share = shares[number - 1] if shares else self.recipe.finish.share
            words = [*self.same, str(cutout.pk), path, share, spec.to_dict()]
            words.append(market.to_dict() if market else None)
            made_of = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
            planned.append(PlannedFile(number, spec, market, path, share, made_of))
        return planned

    def find_group(self, item: RunItem) -> Hashable:
        """Return what the photos of one scale share, None for one that stands by itself."""
        return scales.find_group(self.recipe.same_scale, item.name, item.columns)

    def find_shares(self, items: Sequence[RunItem]) -> list[list[float]]:
        """Return of each photo of one group, all measured, its share in the frame of each file."""
        rotation = self.recipe.finish.rotation
        members = [
            scales.Member.from_facts(item.measured, tuple(item.measured["size"]), rotation) for item in items
        ]
        columns = [scales.find_shares(members, self._choose_frame(*order)) for order in self.orders]
        return [list(row) for row in zip(*columns, strict=True)]

    def _choose_frame(self, spec: engine.FileSpec, market: Market | None) -> Finish:
        finish = self.recipe.finish
        return apply_market(finish, market) if market and spec.frame == "market" else finish


def list_stale(files: Sequence[RunFile], planned: Sequence[PlannedFile]) -> list[PlannedFile]:
    """Return what of the planned is not there yet, or was made of something else."""
    made = {(file.number, file.made_of) for file in files}
    return [one for one in planned if (one.number, one.made_of) not in made]


def preview_names(run: Run) -> NamesPreview:
    """Return what a run's files will be called, and what stands against it. Raises RunRefused."""
    return Plan(run).preview_names()
