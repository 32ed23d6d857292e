"""What a run's page says of the run: what it will cost, how far it is, what can be done now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from accounts import ledger
from editor.engines.catalogue import recipe as engine
from editor.engines.catalogue.naming import fold_case
from editor.engines.errors import InvalidOptions
from editor.engines.limits import STUDIO
from editor.files.large_uploads import MOST_ARCHIVE_BYTES
from editor.models import Run, RunFile, RunItem, Task
from editor.states import State
from editor.tools import SPECS, Tool
from editor.work import forecast, recipes
from editor.work.runs import plans, progress
from editor.work.runs.errors import RunRefused
from web.language.sentences import tell

from .run_sheet import OUT, Sheet
from .sight import describe_file

NAMES = 8
"""Photos whose names are shown beforehand, unless all are asked for."""
LISTED = 50
"""Of what was left out, so many are named; the sheet has all of them."""


@dataclass(frozen=True)
class Archive:
    """A ZIP that a run offers: of one marketplace, or of files that are for none (market "")."""

    market: str
    title: str
    files: int


@dataclass(frozen=True)
class Bill:
    """What starting a run means. credits: for photos not cut out yet. balance: None where it has no end."""

    photos: int
    credits: int
    balance: int | None
    words: str

    @property
    def is_short(self) -> bool:
        return self.balance is not None and self.credits > self.balance


class Sight:
    """A run, as its page shows it. every_name: whether all names are listed, not the first few."""

    def __init__(self, run: Run, sheet: Sheet, *, every_name: bool = False) -> None:
        self.run, self.sheet, self.every_name = run, sheet, every_name

    @property
    def is_gathering(self) -> bool:
        return self.run.state == Run.State.GATHERING

    @property
    def is_open(self) -> bool:
        """Whether something is at work, so that the page asks again and again."""
        at_work = self.sheet.states[RunItem.State.CUTTING] + self.sheet.states[RunItem.State.DELIVERING]
        return self.run.state == Run.State.GOING or (not self.is_gathering and at_work > 0)

    @property
    def look(self) -> str:
        """What the page's buttons and sentences hang on."""
        return f"{self.run.state}.{self.sheet.failed}.{bool(self.archives):d}.{self.is_open:d}"

    @cached_property
    def recipe(self) -> engine.Recipe | None:
        """What is carried out, None where it is of a later version."""
        try:
            return engine.Recipe.from_dict(self.run.data)
        except InvalidOptions:
            return None

    @property
    def files(self) -> list[str]:
        """Each of the recipe's files in a few words."""
        markets = recipes.list_markets()
        return [describe_file(one, self.recipe, markets) for one in self.recipe.files] if self.recipe else []

    @property
    def is_outdated(self) -> bool:
        """Whether the recipe was changed since the run began."""
        recipe = self.run.recipe
        return recipe is not None and recipe.number != self.run.recipe_number

    @cached_property
    def progress(self) -> progress.Progress:
        return progress.measure_progress(self.run)

    most_bytes = STUDIO.bytes
    most_archive_bytes = MOST_ARCHIVE_BYTES

    # -- While photos are added --------------------------------------------------------------------------

    @cached_property
    def names(self) -> plans.NamesPreview:
        try:
            return plans.preview_names(self.run)
        except RunRefused as exc:
            return plans.NamesPreview(objections=[tell(exc.sentence)])

    @property
    def shown_names(self) -> list[plans.NamedItem]:
        return self.names.rows if self.every_name else self.names.rows[:NAMES]

    @property
    def hidden_names(self) -> int:
        return len(self.names.rows) - len(self.shown_names)

    @property
    def clashing(self) -> set[str]:
        """Names that more than one file would have."""
        counts = Counter(fold_case(path) for row in self.names.rows for path in row.paths)
        twice = {key for key, count in counts.items() if count > 1}
        return {path for row in self.shown_names for path in row.paths if fold_case(path) in twice}

    @property
    def left_out(self) -> list[RunItem]:
        return list(self.run.items.filter(state__in=OUT).order_by("number")[:LISTED])

    @property
    def left_out_more(self) -> int:
        return max(0, self.sheet.left_out - LISTED)

    @cached_property
    def bill(self) -> Bill:
        """How many photos, credits and minutes the run will take."""
        photos = set(
            self.run.items.filter(state=RunItem.State.WAITING).values_list("photo", flat=True).distinct()
        )
        subject = self.recipe.subject if self.recipe else ""
        made = Task.objects.filter(
            tool=Tool.CUTOUT, state=State.DONE, api_key=None, photo__run_items__run=self.run
        )
        paid = {
            photo
            for photo, params in made.values_list("photo", "params")
            if params.get("subject", "") == subject
        }
        pace = progress.measure_pace(self.run)
        words = forecast.describe_seconds(len(photos) * pace) if pace and photos else ""
        credits = len(photos - paid) * SPECS[Tool.CUTOUT].credits
        return Bill(len(photos), credits, ledger.get_balance(self.run.owner), words)

    # -- Once it has begun -------------------------------------------------------------------------------

    @cached_property
    def archives(self) -> list[Archive]:
        """What can be taken away, a ZIP for each marketplace."""
        markets = recipes.list_markets()
        rows = RunFile.objects.filter(item__run=self.run).order_by("market").values_list("market", flat=True)
        found = Counter(rows)
        return [
            Archive(
                market,
                tell(markets[market].title) if market in markets else market or gettext("For no marketplace"),
                files,
            )
            for market, files in found.items()
        ]
