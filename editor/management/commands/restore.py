"""Make this studio the one that a backup is of. All of the backup is read and judged first."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from editor.backup import manifest, restore
from editor.backup.errors import BackupError


class Command(BaseCommand):
    help = __doc__
    # There may be no tables yet, and no weights.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="What manage.py backup made.")
        parser.add_argument("--verify", action="store_true", help="Judge the backup alone; touch nothing.")
        parser.add_argument(
            "--overwrite", action="store_true", help="Although there is data here, which is lost then."
        )

    def handle(self, *args: Any, folder: Path, verify: bool, overwrite: bool, **options: Any) -> None:
        try:
            if verify:
                said = manifest.check(folder)
                self.stdout.write(f"{folder} is whole: of {said.made_at}, {said.files} pictures.")
                return
            said = restore.restore(folder, self.stdout.write, overwrite=overwrite)
        except BackupError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(f"The studio is that of {said.made_at}: {said.files} pictures. Start it.")
