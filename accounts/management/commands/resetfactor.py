"""Forget the second factors of somebody who has lost them: apps, passkeys, recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import staff_actions
from accounts.management.lookups import find_person


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        person = find_person(email)
        if staff_actions.reset_second_factor(person):
            self.stdout.write(f"{person.email} has no second factor any more, and is signed out everywhere.")
        else:
            self.stdout.write(f"{person.email} has no second factor.")
