"""The audit log's rows: what was done at the admin's desk, for good."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from web.language.sentences import tell


class AuditIsAppendOnly(Exception):
    """An entry of the audit log was to be changed or deleted. There is no remedy: it stays."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **values: Any) -> NoReturn:
        raise AuditIsAppendOnly("The audit log can't be changed.")

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly("The audit log can't be deleted.")


class AuditEntry(models.Model):
    """Who did what to what, and when. Written once; the database refuses to change or delete it.

    Says in words what it speaks of, since all of that may be deleted later.
    """

    created_at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by = models.CharField(max_length=254, help_text=_("Their address then, or the command that was run."))
    action = models.CharField(max_length=60)
    kind = models.CharField(_("of what kind"), max_length=60, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target = models.CharField(max_length=254, blank=True)
    details = models.TextField(blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [models.Index(fields=["kind", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.by}: {tell(self.action)} {self.target}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AuditIsAppendOnly("The audit log can't be changed.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AuditIsAppendOnly("The audit log can't be deleted.")
