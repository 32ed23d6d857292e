"""Workers: processes that carry tasks out."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from web import clock


class WorkerQuerySet(models.QuerySet["Worker"]):
    def heard_of(self) -> Self:
        """Workers that said within three beats that they live."""
        return self.filter(seen_at__gte=clock.now() - 3 * Worker.BEAT)

    def alive(self) -> Self:
        """Those of them that take work."""
        return self.heard_of().filter(ready=True)

    def getting_ready(self) -> Self:
        """Those of them that still load their networks, or compile them at a machine's first start."""
        return self.heard_of().filter(ready=False)


class Worker(models.Model):
    """A process that carries tasks out. It says every few seconds that it lives (tasks/heartbeat.py)."""

    BEAT = timedelta(seconds=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.CharField(max_length=20)
    host = models.CharField(max_length=100)
    process = models.PositiveIntegerField()
    code = models.CharField(max_length=12, blank=True, help_text=_("Which code it runs, see web/version.py."))
    # The database says it for a worker of an older version, which knows of no such thing.
    ready = models.BooleanField(_("takes work"), default=True, db_default=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        said = {"queue": self.queue, "host": self.host, "process": self.process}
        return gettext("%(queue)s on %(host)s, process %(process)s") % said
