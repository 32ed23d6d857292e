"""Put somebody on a plan, with this month's credits of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import ledger, staff_actions
from accounts.management.lookups import find_person, find_plan


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("plan", help="Its name.")

    def handle(self, *, email: str, plan: str, **options: Any) -> None:
        person, chosen = find_person(email), find_plan(plan)
        staff_actions.put_on(person, chosen)
        left = ledger.get_balance(person)
        state = "no limit" if left is None else f"{left:,} credits left"
        self.stdout.write(f"{person.email} is on {chosen} now: {state}.")
