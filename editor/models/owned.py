"""What rows that people own have in common, and what their files are called."""

import secrets
from typing import Any, Self

from django.db import models


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
