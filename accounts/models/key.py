"""What programs show instead of a password."""

import hashlib
import secrets
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

# A key is 256 random bits, so one round of a plain hash cannot be guessed back, and looking it up
# by the hash leaves nothing to time.
RANDOM_BYTES = 32
SHOWN = 8


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def owned_by(self, user: object) -> Self:
        return self.filter(owner=user)

    def active(self) -> Self:
        return self.filter(revoked_at=None)

    def of_secret(self, secret: str) -> "ApiKey | None":
        """Return the key that is not revoked and has this secret, with its owner; None if there is none."""
        return self.active().select_related("owner").filter(digest=hashed(secret)).first()


class ApiKey(models.Model):
    """A program's key. Only a hash of it is kept; its owner sees it once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=60, blank=True)
    prefix = models.CharField(max_length=SHOWN, help_text="Its first characters, to tell keys apart.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    per_second = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Requests per second; empty for what the plan says."
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or f"{self.prefix}…"

    @classmethod
    def make(cls, owner: object, name: str = "", per_second: int | None = None) -> tuple["ApiKey", str]:
        """Save a new key and return it with its secret, which nobody can tell again."""
        secret = secrets.token_urlsafe(RANDOM_BYTES)
        key = cls.objects.create(
            owner=owner, name=name, per_second=per_second, prefix=secret[:SHOWN], digest=hashed(secret)
        )
        return key, secret
