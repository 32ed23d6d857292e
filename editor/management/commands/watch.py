"""`manage.py watch`: carry out a recipe on each photo that comes into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.db.models import Q

from editor.engines.batch.intake import read_recipe
from editor.engines.catalogue.markets import MARKETS
from editor.engines.catalogue.markets import Market as MarketRules
from editor.engines.catalogue.recipe import Recipe as RecipeData
from editor.engines.errors import EngineError
from editor.models import Recipe
from editor.work import recipes
from editor.work.pipeline import get_local_copy

LEAST_S = 0.2


class Command(BaseCommand):
    help = "Carry out a recipe on each photo that comes into a folder, once it has stopped growing."
    # It works without the studio's queues and workers, whatever checks say of them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--recipe",
            required=True,
            help="a recipe's file, or its name or id in the studio",
        )
        parser.add_argument("--out", required=True, type=Path, help="the folder that its files go into")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="between two looks")
        parser.add_argument("--once", action="store_true", help="end when nothing grows any more")

    def handle(self, *args: Any, folder: Path, out: Path, every: float, once: bool, **options: Any) -> None:
        # The engine, which other commands and their checks never need.
        from editor.engines.batch import report
        from editor.engines.batch.batch import Batch
        from editor.engines.batch.watch import Watch, watch

        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        if out.resolve() == folder.resolve():
            raise CommandError("The files need a folder of their own. Choose another --out.")
        try:
            recipe, version, backdrop = self.find_recipe(options["recipe"], out)
            batch = Batch(
                recipe,
                out,
                backdrop=backdrop,
                markets=self.list_markets(),
                recipe_version=version,
                identity=settings.IDENTITY_DIR,
            )
            summary = watch(
                Watch(folder, batch, self.stderr.write),
                lambda made: self.stdout.write(report.write_table(made)),
                every_s=max(LEAST_S, every),
                once=once,
            )
        except (EngineError, OSError) as exc:
            raise CommandError(str(exc)) from exc
        except DatabaseError as exc:
            raise CommandError("The studio's database cannot be read. Run: python manage.py migrate") from exc
        except KeyboardInterrupt as exc:
            raise CommandError("Stopped. Started again it goes on from here.") from exc
        if not summary.lines:
            raise CommandError(f"Nothing could be made of what is in {folder}.")
        if not summary.passed:
            raise CommandError("Not all files passed.")

    def find_recipe(self, wanted: str, out: Path) -> tuple[RecipeData, int, Path | None]:
        """Return a recipe of a file or of the studio, how often it was changed, and the picture behind.

        out: where a picture goes that lies in no folder of this machine.
        """
        if Path(wanted).is_file():
            recipe, backdrop = read_recipe(Path(wanted))
            return recipe, 1, backdrop
        by_id = Q(pk=wanted) if is_uuid(wanted) else Q()
        rows = list(Recipe.objects.filter(Q(name=wanted) | by_id)[:2])
        if not rows:
            raise CommandError(f"There is no file and no recipe {wanted}.")
        if len(rows) > 1:
            raise CommandError(f"Several recipes are called {wanted}. Name one by its id.")
        row = rows[0]
        out.mkdir(parents=True, exist_ok=True)
        backdrop = get_local_copy(row.backdrop, out) if row.backdrop else None
        return RecipeData.from_dict(row.data), row.number, backdrop

    def list_markets(self) -> dict[str, MarketRules]:
        """Return the marketplaces as the studio's admins have them; a hidden one is ours still."""
        return {**MARKETS, **recipes.list_markets()}


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
