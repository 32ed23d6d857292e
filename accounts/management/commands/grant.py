"""Give somebody credits on top of their plan's."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import ledger, staff_actions
from accounts.management.lookups import find_person


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("credits", type=int)
        parser.add_argument("--reason", default="Granted by manage.py", help="As the ledger says it.")

    def handle(self, *, email: str, credits: int, reason: str, **options: Any) -> None:
        person = find_person(email)
        try:
            staff_actions.grant(person, credits, reason=reason)
        except ledger.BadAmount as exc:
            raise CommandError(exc.sentence) from exc
        left = ledger.get_balance(person)
        state = "no limit" if left is None else f"{left:,} left"
        self.stdout.write(f"Granted {credits:,} credits to {person.email}: {state}.")
