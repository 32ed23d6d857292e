"""What goes on is known by its ids: in the log, to tracers, and to who asked."""

import json
import logging
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.models import Task
from editor.tools import Tool
from editor.work import orders, pipeline
from picwish_site.monitoring import outside
from picwish_site.monitoring.log import BareJsonLines, JsonLines
from tests.editor.files.files_out import photo_of
from web import observation


def record(message: str, *args: Any, **extra: Any) -> logging.LogRecord:
    return logging.LogRecord("editor", logging.WARNING, __file__, 1, message, args, extra.get("exc_info"))


def test_a_line_of_json_says_what_it_is_about() -> None:
    with observation.work_on("cutout task", task="t", person=7):
        line = JsonLines().format(record("It is %s.\nReally.", "so"))
    said = json.loads(line)
    assert "\n" not in line
    assert (said["level"], said["message"]) == ("warning", "It is so.\nReally.")
    assert (said["task"], said["person"]) == ("t", 7)
    assert "task" not in json.loads(JsonLines().format(record("Afterwards.")))


def test_a_trace_goes_into_the_line_and_never_into_what_strangers_bring_about() -> None:
    try:
        raise ValueError("no")
    except ValueError:
        failed = record("It failed: %s", "x" * 5000, exc_info=sys.exc_info())
    assert "ValueError: no" in json.loads(JsonLines().format(failed))["error"]
    bare = json.loads(BareJsonLines().format(failed))
    assert "error" not in bare
    assert len(bare["message"]) == 500


def test_each_answer_has_the_id_of_its_request_and_takes_the_proxys(client: Client, db: None) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert first != second
    assert client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == (
        "from-the-proxy-1"
    )
    forged = client.get("/healthz", headers={"X-Request-ID": "a b<c>"})["X-Request-ID"]
    assert len(forged) == 32


def test_lines_of_a_request_know_it_and_its_person(
    alice: User, alice_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[dict[str, Any]] = []

    class Probe(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(observation.get_ids())

    logger, probe = logging.getLogger("django.request"), Probe()
    logger.addHandler(probe)
    try:
        with caplog.at_level("WARNING", "django.request"):
            answer = alice_client.get(reverse("editor:photo", args=[uuid.uuid4()]))
    finally:
        logger.removeHandler(probe)
    assert answer.status_code == 404
    assert seen == [{"request": answer["X-Request-ID"], "person": alice.pk}]


def test_a_task_is_known_while_it_is_worked_on_and_tracers_are_told(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    inside: list[dict[str, Any]] = []

    @contextmanager
    def watch(name: str, ids: dict[str, Any]) -> Iterator[None]:
        told.append((name, ids))
        yield

    monkeypatch.setattr(observation, "watchers", [watch])
    monkeypatch.setattr(pipeline, "carry_out", lambda attempt: inside.append(observation.get_ids()))
    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    pipeline.perform(Task.objects.get().pk)
    ids = {"task": str(task.pk), "person": alice.pk}
    assert told == [("cutout task", ids)]
    assert inside == [ids]
    assert "task" not in observation.get_ids()


def test_nothing_is_told_outside_unless_a_setting_says_so() -> None:
    assert outside.start({}) == []
    assert not {"sentry_sdk", "opentelemetry"} & set(sys.modules)


@pytest.mark.parametrize("variable", list(outside.PACKAGES))
def test_a_package_that_lacks_is_named_with_its_remedy(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sentry_sdk", "opentelemetry", "opentelemetry.trace"):
        monkeypatch.setitem(sys.modules, name, None)
    words = f"{variable} is set, .*pip install {outside.PACKAGES[variable][0]}"
    with pytest.raises(ImproperlyConfigured, match=words):
        outside.start({variable: "http://127.0.0.1:9"})
