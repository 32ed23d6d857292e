"""Save the whole studio into a folder, while work goes on: database, pictures, secret key."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from editor.backup import make, manifest
from editor.backup.errors import BackupError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", type=Path, help="The folder that is made; it must not be there yet.")
        parser.add_argument(
            "--earlier",
            type=Path,
            help="A backup on the same disk: pictures that it has are linked, not copied once more.",
        )
        parser.add_argument("--verify", action="store_true", help="Read all of it again afterwards.")

    def handle(self, *args: Any, to: Path, earlier: Path | None, verify: bool, **options: Any) -> None:
        try:
            made = make.make(to, self.stdout.write, earlier)
            if verify:
                manifest.check(to)
        except BackupError as exc:
            raise CommandError(str(exc)) from exc
        read = ", and every byte read again" if verify else ""
        self.stdout.write(
            f"{to}: {made.files} pictures, {made.bytes / 2**20:.1f} MB, in {made.seconds:.1f} s{read}. "
            "The studio's secret key is in it: keep it as you keep keys."
        )
