"""What programs that order over HTTP leave with us: keys of their calls, addresses to call."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .task import Task


class IdempotencyKey(models.Model):
    """What a program's POST led to, so that the same one sent again leads there and not to more work."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request's method, path and body.")
    # The key outlives its task: sent again, it says that what it led to is gone, and orders nothing.
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class Callback(models.Model):
    """An address that a program wants called once its task has ended."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="callback")
    url = models.CharField(max_length=2048)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.url
