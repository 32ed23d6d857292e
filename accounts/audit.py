"""Writing the audit log: what is done at the admin's desk, or in its place by a command or otherwise."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from .models import AuditEntry, User

COMMAND = "manage.py"


def record(
    actor: User | None,
    action: str,
    target: models.Model | None = None,
    details: str = "",
    by: str = COMMAND,
) -> None:
    """Add an entry. actor: None where `by` did it. target: what it was done to, as it is now.

    The log is in one language, whoever acts: the desk says its words in its reader's.
    """
    said: dict[str, Any] = {}
    if target is not None:
        with translation.override(settings.LANGUAGE_CODE):
            said = {
                "kind": str(target._meta.verbose_name)[:60],
                "target_id": str(target.pk or "")[:64],
                "target": str(target)[:254],
            }
    AuditEntry.objects.create(
        actor=actor, by=actor.email if actor else by[:254], action=action[:60], details=details, **said
    )
