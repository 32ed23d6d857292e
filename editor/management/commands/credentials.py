"""`manage.py credentials`: make the key with which the studio signs files, for others to trust."""

from __future__ import annotations

import hashlib
import ssl
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from editor.engines.io.provenance import credentials


class Command(BaseCommand):
    help = "Make the key with which the studio signs files (C2PA content credentials), unless it is there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="Sweep", help="of the studio, which each signature bears")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        if not credentials.is_installed():
            raise CommandError(credentials.MISSING)
        if not name.strip() or len(name) > 50:
            raise CommandError("The studio's name has from 1 to 50 letters.")
        folder = settings.IDENTITY_DIR
        was_there = credentials.has_identity(folder)
        try:
            credentials.make_identity(folder, name.strip())
        except OSError as exc:
            raise CommandError(f"The key could not be written: {exc}") from exc
        root = folder / credentials.ROOT
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(root.read_text())).hexdigest()
        self.stdout.write("The key is there already." if was_there else "The key is made.")
        self.stdout.write(f"Who is to trust it needs {root}")
        self.stdout.write(f"SHA-256 {digest}")
        self.stdout.write("Keep the folder safe and save it: a backup of the studio is without it.")
