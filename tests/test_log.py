"""What a stranger can bring about, again and again, is one line each in the log."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from .support.served import call


def printed(record: logging.LogRecord) -> list[str]:
    """Return what the studio's log has of a record, as its handlers write it."""
    found, logger = [], logging.getLogger(record.name)
    while logger is not None:
        own = [handler for handler in logger.handlers if type(handler) is logging.StreamHandler]
        found += [handler.format(record) for handler in own]
        logger = logger.parent if logger.propagate else None  # type: ignore[assignment]
    return found


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged, also where it goes no further up."""
    security = logging.getLogger("django.security")
    security.addHandler(caplog.handler)
    yield caplog
    security.removeHandler(caplog.handler)


HOSTS = ["evil.example", "a b", "[::1", "a" * 5000, "evil.example\t", "127.0.0.1:port", ""]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/account/sign-in/", "/api/", "/v1/remove", "/results/signed/a", "/nothing"]
)
def test_a_wrong_host_is_one_line_of_bounded_length(log: pytest.LogCaptureFixture, path: str) -> None:
    for host in HOSTS:
        log.clear()
        assert call("GET", path, headers={"Host": host}).status_code in (301, 400, 404, 405)
        lines = [line for record in log.records for line in printed(record)]
        assert len(lines) <= 1
        assert all("\n" not in line and len(line) <= 500 for line in lines)
    log.clear()
    assert call("GET", path, headers={"Host": "evil.example"}).status_code in (400, 404, 405)


@pytest.mark.django_db
def test_the_line_says_what_was_wrong(client: Client, log: pytest.LogCaptureFixture) -> None:
    client.get("/", headers={"Host": "evil.example"})
    (line,) = [line for record in log.records for line in printed(record)]
    assert "evil.example" in line
    assert "DisallowedHost" in line


def suspicious() -> list[type[Exception]]:
    """All that Django takes for an attempt at something."""
    found, waiting = [], [SuspiciousOperation]
    while waiting:
        one: Any = waiting.pop()
        found.append(one)
        waiting += one.__subclasses__()
    return found


@pytest.mark.parametrize("kind", suspicious())
def test_whatever_django_finds_suspicious_is_one_line(
    kind: type[Exception], log: pytest.LogCaptureFixture
) -> None:
    try:
        raise kind("a line\nand another")
    except kind as exc:
        logging.getLogger(f"django.security.{kind.__name__}").error(str(exc), exc_info=exc)
    (line,) = printed(log.records[-1])
    assert "\n" not in line
    assert "Traceback" not in line


def test_our_own_slips_keep_their_trace(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise RuntimeError("a slip")
    except RuntimeError:
        logging.getLogger("editor").exception("It broke")
    (line,) = printed(caplog.records[-1])
    assert "Traceback" in line
