"""See to it that a new studio has somebody who can sign in, and say how."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from accounts.protection.passwords import make_password

EMAIL = "owner@localhost"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.DATA_DIR / "first-account"
        with transaction.atomic():
            if not User.objects.exists():
                password = make_password()
                User.objects.create_superuser(EMAIL, password)
                # Before the commit: an account whose password nobody can read would be of no use.
                write_private(path, f"{EMAIL}\n{password}\n")
        said = f"Sign in at {settings.SITE_URL}"
        noted = read_noted(path)
        if noted is not None:
            email, password = noted
            user = User.objects.filter(email=email, is_active=True).first()
            if user is not None and user.check_password(password):
                # Each alone on its line, so that a double or triple click marks it and nothing else.
                said += f" with\n\ne-mail\n{email}\n\npassword\n{password}"
        self.stdout.write(f"\n{said}\n\n")


def write_private(path: Path, text: str) -> None:
    """Put a whole file in place at once, readable by nobody else from its first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_noted(path: Path) -> tuple[str, str] | None:
    """Return the address and password that were noted down, if they still are."""
    try:
        email, password = path.read_text().split()
    except (OSError, ValueError):
        return None
    return email, password
