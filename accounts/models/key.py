"""API keys: what programs show instead of a password."""

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A key is 256 random bits, so one round of a plain hash cannot be guessed back. It is found by its
# hash: how long an index takes to miss tells about the hash of what was sent, which nobody can steer
# towards a kept one, so the time is constant in all that matters.
RANDOM_BYTES = 32
SHOWN = 8
# A key in use is written to no more often: a thousand calls a minute are one write.
TOUCH_AFTER = timedelta(minutes=1)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def owned_by(self, user: object) -> Self:
        return self.filter(owner=user)

    def active(self) -> Self:
        return self.filter(revoked_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def of_secret(self, secret: str) -> "ApiKey | None":
        """Return the key that is not revoked and has this secret, with its owner; None if there is none.

        Its owner may be suspended: that is for the door to say.
        """
        keys = self.active().select_related("owner__plan")
        return keys.filter(digest=hash_secret(secret)).first()


class ApiKey(models.Model):
    """A program's key. Only a hash of it is kept; its owner sees it once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=60, blank=True)
    prefix = models.CharField(max_length=SHOWN, help_text=_("Its first characters, to tell keys apart."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    per_second = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Requests per second; empty for what the plan says.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or f"{self.prefix}…"

    @classmethod
    def make(cls, owner: Any, name: str = "", per_second: int | None = None) -> tuple["ApiKey", str]:
        """Save a new key and return it with its secret, which nobody can tell again."""
        secret = secrets.token_urlsafe(RANDOM_BYTES)
        key = cls.objects.create(
            owner=owner, name=name, per_second=per_second, prefix=secret[:SHOWN], digest=hash_secret(secret)
        )
        return key, secret

    def touch(self) -> None:
        """Note that the key is in use now; at most once a minute."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at >= TOUCH_AFTER:
            self.last_used_at = now
            stale = models.Q(last_used_at=None) | models.Q(last_used_at__lt=now - TOUCH_AFTER)
            ApiKey.objects.filter(stale, pk=self.pk).update(last_used_at=now)

    def revoke(self) -> bool:
        """Let the key open nothing any more, for good. False if it was revoked before."""
        now = timezone.now()
        return bool(ApiKey.objects.active().filter(pk=self.pk).update(revoked_at=now))
