"""Figures for Prometheus, at an address of their own, off unless METRICS says otherwise.

They come from the database, where the truth is, and not from counters of one process: so they are the
same whichever of several web processes answers, and survive its restart.
"""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.models import Usage, User
from editor.dashboard import Dashboard
from editor.models import Task
from editor.states import State


class Studio(Collector):
    """Looks the figures up once per scrape."""

    def collect(self) -> Iterator[Metric]:
        board = Dashboard()
        waiting = GaugeMetricFamily("sweep_queue_waiting", "Tasks that wait.", labels=["queue"])
        running = GaugeMetricFamily("sweep_queue_running", "Tasks under way.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "sweep_queue_oldest_seconds", "How long the first in the queue waits.", labels=["queue"]
        )
        workers = GaugeMetricFamily("sweep_workers_alive", "Workers heard of lately.", labels=["queue"])
        for queue in board.queues:
            waiting.add_metric([queue.name], queue.waiting)
            running.add_metric([queue.name], queue.running)
            since = queue.waiting_since
            oldest.add_metric([queue.name], (board.now - since).total_seconds() if since else 0)
            workers.add_metric([queue.name], sum(one.queue == queue.name for one in board.workers))
        yield from (waiting, running, oldest, workers)

        # Not a counter: tasks are deleted with their photos, and it falls.
        tasks = GaugeMetricFamily("sweep_tasks", "Tasks there are.", labels=["tool", "state"])
        for tool, state, count in Task.objects.values_list("tool", "state").annotate(count=Count("pk")):
            tasks.add_metric([tool, State(state).name.lower()], count)
        yield tasks

        seconds = GaugeMetricFamily(
            "sweep_task_seconds", "Duration of what succeeded in 30 days.", labels=["tool", "quantile"]
        )
        for speed in board.speeds:
            seconds.add_metric([speed.tool, "0.5"], speed.median)
            seconds.add_metric([speed.tool, "0.95"], speed.p95)
        yield seconds

        spent = GaugeMetricFamily("sweep_credits_spent", "Credits spent, ever.", labels=["tool"])
        for tool, credits in Usage.objects.values_list("tool").annotate(sum=Sum("credits")):
            spent.add_metric([tool], credits)
        yield spent

        yield GaugeMetricFamily(
            "sweep_people", "Accounts that may sign in.", value=User.objects.filter(is_active=True).count()
        )
        yield GaugeMetricFamily("sweep_stored_bytes", "Photos and results.", value=sum(board.stored.values()))
        yield GaugeMetricFamily("sweep_disk_free_bytes", "Free where the data is.", value=board.disk["free"])


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, if they are switched on and, where there is a token, for who has it."""
    if not settings.METRICS:
        raise Http404
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return HttpResponse(
            "Send the token: Authorization: Bearer …\n", status=401, content_type="text/plain"
        )
    registry = CollectorRegistry()
    registry.register(Studio())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
