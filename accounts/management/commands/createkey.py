"""Make an API key for somebody and print it, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import audit
from accounts.management.lookups import find_person
from accounts.models import ApiKey


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="What it is for, as the list of keys shows it.")
        parser.add_argument("--qps", type=int, help="Requests per second; without it, what the plan says.")

    def handle(self, *, email: str, name: str, qps: int | None, **options: Any) -> None:
        if qps is not None and not 1 <= qps <= 1000:
            raise CommandError("--qps takes a whole number from 1 to 1000.")
        if len(name) > 60:
            raise CommandError("A key's name has up to 60 characters.")
        key, secret = ApiKey.make(find_person(email), name, qps)
        audit.record(None, "made a key", key)
        self.stdout.write(secret)
