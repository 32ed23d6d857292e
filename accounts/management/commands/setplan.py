"""Put somebody on a plan, with this month's credits of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import ledger, staff_actions
from accounts.management.lookups import person_named, plan_named


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("plan", help="Its name.")

    def handle(self, *, email: str, plan: str, **options: Any) -> None:
        person, chosen = person_named(email), plan_named(plan)
        staff_actions.put_on(person, chosen)
        left = ledger.balance(person)
        state = "no limit" if left is None else f"{left:,} credits left"
        self.stdout.write(f"{person.email} is on {chosen} now: {state}.")
