"""Whether the web process lives, and whether the studio can take work: for load balancers."""

import logging
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from editor import dashboard
from editor.files import uploads

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a part, worded for who reads it. names: what stands for {names} in the words."""

    words: str
    names: tuple[str, ...] = ()

    def put(self, tell: Callable[[str], str] = str, *, between: str = " and ") -> str:
        """Return it in words. tell: puts English into the reader's language. between: two of the names."""
        said = tell(self.words)
        return said.format(names=between.join(self.names)) if self.names else said


class NotReady(Exception):
    """A part does not work. Its words name the part's trouble, and nothing of where it runs."""

    def __init__(self, words: str, *names: str) -> None:
        super().__init__(words)
        self.trouble = Trouble(words, names)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether database, storage, queues with workers and models are there: 200 or 503, and what is not."""
    found = {name: run_check(check) for name, check in PARTS.items()}
    said = {name: trouble.put() if trouble else "ok" for name, trouble in found.items()}
    ready = not any(found.values())
    workers = count_workers() if said["database"] == "ok" else {}
    return JsonResponse({"ready": ready, **said, "workers": workers}, status=200 if ready else 503)


def count_workers() -> dict[str, int]:
    """Return how many workers take from each queue."""
    alive = Counter(worker.queue for worker in dashboard.Dashboard().workers)
    return {name: alive[name] for name in settings.QUEUES}


def run_check(check: Callable[[], None]) -> Trouble | None:
    """Return what is wrong with a part, None if nothing is."""
    try:
        check()
    except NotReady as exc:
        return exc.trouble
    except Exception:
        # Whatever a driver raises for a server that is away; who looks after the studio reads the log.
        logger.exception("The studio is not ready")
        return Trouble("does not answer")
    return None


def check_database() -> None:
    """Raise NotReady unless the database answers, with all migrations applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM editor_worker")
    except DatabaseError as exc:
        raise NotReady("is not migrated") from exc


def check_storage() -> None:
    """Raise NotReady unless pictures can be written, and there is room for one."""
    if not uploads.has_room_for(0):
        raise NotReady("has no room left")
    name = default_storage.save(f"ready/{uuid.uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)


def check_queue() -> None:
    """Raise NotReady unless workers take from every queue; as its driver does unless it takes messages."""
    if settings.TASKS_URL.startswith("redis"):
        import django_rq

        for name in settings.QUEUES:
            django_rq.get_connection(name).ping()
    else:
        DBTaskResult.objects.ready().exists()
    board = dashboard.Dashboard()
    if board.queues_without_worker:
        raise NotReady("has no worker for {names}", *board.queues_without_worker)
    if board.queues_getting_ready:
        raise NotReady("has a worker that gets ready for {names}", *board.queues_getting_ready)


def check_models() -> None:
    """Raise NotReady unless every network's file is there and whole."""
    trouble = dashboard.describe_missing_weights()
    if trouble:
        raise NotReady(trouble)


PARTS = {"database": check_database, "storage": check_storage, "queue": check_queue, "models": check_models}
