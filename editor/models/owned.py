"""What rows that people own have in common, and what their files are called."""

import secrets
from datetime import UTC, datetime
from typing import Any, Self

from django.db import models

# The moment of what is given up: no way leads back, and upkeep deletes it by and by.
GIVEN_UP = datetime(1970, 1, 1, tzinfo=UTC)


def stored_name(folder: str, extension: str) -> str:
    """Return a new name for a file: unguessable, ours alone, spread over 256 folders."""
    token = secrets.token_hex(20)
    return f"{folder}/{token[:2]}/{token}.{extension}"


class OwnedQuerySet(models.QuerySet):
    def owned_by(self, user: Any) -> Self:
        """Where every look-up of something a person owns starts."""
        return self.filter(owner=user)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class TrashableQuerySet(OwnedQuerySet):
    def in_trash(self) -> Self:
        return self.filter(trashed_at__gt=GIVEN_UP)

    def given_up(self) -> Self:
        return self.filter(trashed_at=GIVEN_UP)

    def taking_room(self) -> Self:
        """What takes room that is its owner's: all but what is given up."""
        return self.exclude(trashed_at=GIVEN_UP)

    def last_trashed_first(self) -> Self:
        return self.order_by("-trashed_at", "-pk")


class Trashable(models.Model):
    """A row that goes to the trash before it goes for good.

    A class of these has two managers: `objects`, without what is in the trash, so that no look-up shows it
    by oversight; and `with_trash`, for who keeps account of rows and files.
    """

    # What was thrown away at once has one moment, by which it is brought back together.
    trashed_at = models.DateTimeField(null=True, blank=True, db_index=True, editable=False)

    class Meta:
        abstract = True


class OutsideTrash(models.Manager):
    """Rows that are not in the trash; made from a queryset of the class by from_queryset."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(trashed_at=None)
