"""What other apps keep for a person: a registry, asked for usage, for signs of life and before a deletion.

Accounts know nobody who builds on them. An app that keeps something for people registers an object of
`Belongings` in its ready().
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from django.db.models import QuerySet

from .models import User


class Belongings(ABC):
    """What one app keeps for people."""

    @abstractmethod
    def count_photos(self, user: User) -> int:
        """Return how many photos count against the person's plan."""

    @abstractmethod
    def count_bytes(self, user: User) -> int:
        """Return how many bytes count against the person's plan."""

    @abstractmethod
    def list_activity(self) -> Sequence[QuerySet]:
        """Return rows that people's doings leave, newest first, each with an `owner` and a `created_at`."""

    @abstractmethod
    def stop_work(self, user: User) -> None:
        """Ask what is under way for a person to stop. Called before the transaction that deletes them."""

    @abstractmethod
    def prepare_deletion(self, user: User) -> None:
        """Give back what is reserved, and have files deleted on commit. Called within the deletion's
        transaction while the person's rows, which go with theirs, are still there."""


REGISTERED: list[Belongings] = []


def register(belongings: Belongings) -> None:
    """Have an app's belongings asked from now on."""
    REGISTERED.append(belongings)


def count_photos(user: User) -> int:
    return sum(one.count_photos(user) for one in REGISTERED)


def count_bytes(user: User) -> int:
    return sum(one.count_bytes(user) for one in REGISTERED)


def list_activity() -> list[QuerySet]:
    return [rows for one in REGISTERED for rows in one.list_activity()]
