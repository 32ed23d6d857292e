"""Put somebody on a plan. A larger plan's further credits of this month come at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import standing
from accounts.management.naming import person_named, plan_named


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("plan", help="Its name.")

    def handle(self, *, email: str, plan: str, **options: Any) -> None:
        person, chosen = person_named(email), plan_named(plan)
        added = standing.put_on(person, chosen)
        self.stdout.write(f"{person.email} is on {chosen} now; {added:,} credits were added.")
