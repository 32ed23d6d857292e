"""Create an account and print its password, once."""

import sys
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.identity import addresses
from accounts.management.lookups import find_plan
from accounts.models import Plan, User, normalize_email, trim
from accounts.protection.passwords import make_password


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="As it stands on the page.")
        parser.add_argument("--staff", action="store_true", help="May enter the admin's desk.")
        parser.add_argument("--superuser", action="store_true", help="May do everything; staff too.")
        parser.add_argument("--plan", help="Its name; without it, the default plan (superusers: no limit).")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Take the password from standard input."
        )

    def handle(
        self,
        *,
        email: str,
        name: str,
        staff: bool,
        superuser: bool,
        plan: str | None,
        password_stdin: bool,
        **options: Any,
    ) -> None:
        user = User(email=normalize_email(email), name=name, is_staff=staff or superuser)
        user.is_superuser = superuser
        if plan:
            user.plan = find_plan(plan)
        elif superuser:
            user.plan = Plan.objects.without_limit()
        password = trim(sys.stdin.readline()) if password_stdin else make_password()
        user.set_password(password)
        try:
            user.full_clean()
            password_validation.validate_password(password, user)
        except ValidationError as exc:
            raise CommandError(f"{user.email}: {' '.join(exc.messages)}") from exc
        user.save()
        addresses.confirm(user)
        self.stdout.write(f"Created {user.email}.")
        if not password_stdin:
            self.stdout.write(f"Password, shown this once:\n{password}")
