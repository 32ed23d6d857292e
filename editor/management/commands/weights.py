"""`manage.py weights`: list the networks' files; `--fetch` gets what is missing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from editor.engines.errors import WeightsMissing
from editor.engines.networks import precision, weights
from editor.engines.terminal import TerminalProgress


class Command(BaseCommand):
    help = "List the networks' files: which are here, missing or damaged, their licences and sources."
    # The studio's checks report missing weights: they must not keep this command from fetching them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fetch", action="store_true", help="fetch what is missing or damaged first")

    def handle(self, *args: Any, **options: Any) -> None:
        failures = self._fetch() if options["fetch"] else []
        for line in [*weights.table(settings.WEIGHTS_DIR), precision.describe()]:
            self.stdout.write(line)
        if failures:
            raise CommandError("\n".join(failures))

    def _fetch(self) -> list[str]:
        failures = []
        for network in weights.NETWORKS:
            with TerminalProgress() as progress:
                try:
                    weights.fetch(network, progress, settings.WEIGHTS_DIR)
                except WeightsMissing as exc:
                    failures.append(str(exc))
        return failures
