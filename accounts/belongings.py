"""What other apps keep for a person: a registry, asked for usage, for signs of life, for a copy of all of it
and before a deletion.

Accounts know nobody who builds on them. An app that keeps something for people registers an object of
`Belongings` in its ready().
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from .models import User


@dataclass(frozen=True)
class Piece:
    """A file of the copy of all that is a person's: one from storage, or a text.

    path: folder and name in the copy; of two with one name the second gets a number. stored: the name in
    storage; text: what is in it instead, piece by piece. kind, source, made: what its list says of it: what
    it is, of which photo, when it came about.
    """

    path: str
    kind: str
    stored: str = ""
    text: Iterable[str] = ()
    source: str = ""
    made: str = ""
    note: str = ""


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
    def list_pieces(self, user: User) -> Iterator[Piece]:
        """Yield all that the app has of a person, for a copy of it that they take along.

        Reads a few rows at a time: whoever asks takes minutes over it.
        """

    @abstractmethod
    def has_room_for(self, size: int) -> bool:
        """Whether the storage that the app knows has room for a file of so many bytes."""

    @abstractmethod
    def stop_work(self, user: User) -> None:
        """Ask what is under way for a person to stop. Called before the transaction that deletes them."""

    @abstractmethod
    def end_work(self, user: User) -> None:
        """Keep whatever is under way all the same from going on, and give back what is reserved for it.

        Called first in the deletion's transaction, while work that refers to the person can still end."""

    @abstractmethod
    def prepare_deletion(self, user: User) -> None:
        """Have files deleted on commit. Called within the deletion's transaction while the person's rows,
        which go with theirs, are still there."""


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


def list_pieces(user: User) -> Iterator[Piece]:
    for one in REGISTERED:
        yield from one.list_pieces(user)


def has_room_for(size: int) -> bool:
    return all(one.has_room_for(size) for one in REGISTERED)
