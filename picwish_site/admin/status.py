"""How the studio stands, on one page: parts, queues, workers, versions, slowest tasks, last backup."""

import platform
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count, F, Min
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Export
from editor.dashboard import Dashboard
from editor.models import Backup, Callback, Preparation, Task
from editor.work import messages
from picwish_site.monitoring import health
from web import version
from web.language.sentences import tell

SLOWEST = 10
# A backup that is older is as good as none for most.
BACKUP_LASTS = timedelta(days=7)
NAMES = {
    "database": _("Database"),
    "storage": _("Storage"),
    "queue": _("Queue and workers"),
    "models": _("Networks"),
}


@dataclass(frozen=True)
class Part:
    """Something that the studio needs. trouble: what is wrong with it, in the reader's language."""

    name: str
    trouble: str


def show_status(request: HttpRequest) -> HttpResponse:
    """The page, for who may look at tasks."""
    if not request.user.has_perm("editor.view_task"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": gettext("How the studio stands"),
        "board": Dashboard(),
        "parts": list_parts(),
        "beside": list_beside(),
        "code": version.hash_code(),
        "versions": list_versions(),
        "storage": describe_storage(),
        "slowest": list_slowest(),
        **describe_backups(),
    }
    return TemplateResponse(request, "admin/status.html", context)


def list_parts() -> list[Part]:
    """Return how each part is that /readyz asks for."""
    found = {name: health.run_check(check) for name, check in health.PARTS.items()}
    return [
        Part(str(NAMES[name]), trouble.put(tell, between=", ") if trouble else "")
        for name, trouble in found.items()
    ]


@dataclass(frozen=True)
class Line:
    """What waits beside the tasks. since: when the first of it came, where that is known."""

    name: str
    waiting: int
    since: datetime | None = None


def list_beside() -> list[Line]:
    """Return what waits beside tasks: photos to prepare, letters, calls of programs, copies of data."""
    first = {"waiting": Count("pk"), "since": Min("created_at")}
    calls = Callback.objects.filter(delivered_at=None, next_at__isnull=False)
    return [
        Line(gettext("Photos to prepare"), **Preparation.objects.aggregate(**first)),
        Line(gettext("Letters"), messages.count_ready("letters")),
        Line(
            gettext("Programs to call"),
            calls.count(),
            calls.aggregate(since=Min("task__completed_at"))["since"],
        ),
        Line(gettext("Copies of people’s data"), **Export.objects.under_way().aggregate(**first)),
    ]


def list_versions() -> dict[str, str]:
    """Return the release, the code's mark, and of what is under it."""
    versions = {
        "Sweep": gettext("%(version)s, code %(hash_code)s")
        % {"version": version.VERSION, "hash_code": version.hash_code()},
        "Python": platform.python_version(),
        connection.display_name: describe_database(),
    }
    for name, package in (
        ("Django", "django"),
        ("OpenVINO", "openvino"),
        ("Blender", "bpy"),
        ("Pillow", "pillow"),
    ):
        try:
            versions[name] = version_of(package)
        except PackageNotFoundError:
            versions[name] = gettext("not here")
    if settings.TASKS_URL.startswith("redis"):
        versions["Redis"] = describe_redis()
    return versions


def describe_database() -> str:
    """Return the version of the database that answers."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return str(cursor.fetchone()[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        return str(cursor.fetchone()[0])


def describe_redis() -> str:
    """Return the version of the Redis that answers."""
    import django_rq
    from redis.exceptions import RedisError

    try:
        return str(django_rq.get_connection(settings.QUEUES[0]).info("server")["redis_version"])
    except RedisError:
        return gettext("does not answer")


def describe_storage() -> str:
    """Return where pictures lie, without what opens it."""
    parts = urlsplit(settings.STORAGE_URL)
    place = parts.netloc.rpartition("@")[2] + parts.path
    return (
        gettext("A folder: %(path)s") % {"path": parts.path}
        if parts.scheme == "file"
        else gettext("A bucket: %(place)s") % {"place": place}
    )


def list_slowest() -> list[Task]:
    """Return those of a day that took longest, from the claim to the archived results."""
    recent = Task.objects.filter(
        created_at__gte=timezone.now() - timedelta(days=1),
        processed_at__isnull=False,
        completed_at__isnull=False,
    )
    waited = F("processed_at") - F("created_at")
    timed = recent.annotate(duration=F("completed_at") - F("processed_at"), waited=waited)
    return list(timed.select_related("owner", "photo").order_by("-duration")[:SLOWEST])


def describe_backups() -> dict[str, Any]:
    """Return the last backup, and whether there should be a newer one."""
    last = Backup.objects.order_by("-created_at").first()
    return {
        "backup": last,
        "backup_is_old": last is None or last.created_at < timezone.now() - BACKUP_LASTS,
        "backup_lasts": BACKUP_LASTS.days,
    }
