"""Whatever a service does, a call to it ends soon, in an error that names it."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from editor.providers.contract import RemoteStatus
from editor.providers.errors import (
    BadAnswer,
    Busy,
    Expired,
    KeyRefused,
    OutcomeUnknown,
    ProviderError,
    Refused,
    Troubled,
    Unreached,
)
from editor.providers.http_service import Patience
from editor.providers.picwish import PicWish
from editor.providers.removebackground import RemoveBackground

from . import hostile
from .conftest import IMPATIENT, job, unwatched

SOON = 15.0  # seconds: of a machine that has other work, and far below any stall

Call = Callable[[hostile.Service, Path], object]


SILENCES = ["reset", "stall", "trickle", "trickle_head", "half"]
"""The call goes out, and no whole answer comes back."""


def patience(service: hostile.Service) -> Patience:
    """Little where nothing will come."""
    silent = any(behaviour.kind in SILENCES for behaviour in service.behaviours)
    return IMPATIENT if silent else Patience()


@contextlib.contextmanager
def asking(service: hostile.Service, **options: Any) -> Iterator[PicWish]:
    remote = PicWish(
        options.get("base_url", service.url), options.get("key", service.key), patience=patience(service)
    )
    try:
        yield remote
    finally:
        remote.close()


def submit(service: hostile.Service, folder: Path) -> object:
    with asking(service) as remote:
        return remote.submit(job(folder), "order-1", unwatched)


def look(service: hostile.Service, folder: Path) -> object:
    with asking(service) as remote:
        return remote.look("cutout", "task-1")


def collect(service: hostile.Service, folder: Path, tool: str = "cutout") -> object:
    there = RemoteStatus(1, 100, {"image": f"{service.url}/results/task-1/image.png"})
    with asking(service) as remote:
        return remote.collect(job(folder, tool), there, unwatched)


def remove(service: hostile.Service, folder: Path) -> object:
    remote = RemoveBackground(service.url, service.key, title="PicWish", patience=patience(service))
    try:
        return remote.submit(job(folder), "order-1", unwatched)
    finally:
        remote.close()


@pytest.fixture(autouse=True)
def nothing_is_told_of_the_key(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log of any library, however talkative, has the key in it."""
    caplog.set_level(logging.DEBUG)
    yield
    assert hostile.KEY not in caplog.text


def error_of(call: Call, service: hostile.Service, folder: Path) -> ProviderError:
    """The error that a call ends in: within reason, naming the service, without the key, asked once."""
    begun = time.monotonic()
    with pytest.raises(ProviderError) as raised:
        call(service, folder)
    assert time.monotonic() - begun < SOON
    assert len(service.calls) <= 1
    error: BaseException | None = raised.value
    assert "PicWish" in raised.value.sentence
    assert raised.value.sentence.endswith((".", "”"))
    while error is not None:
        assert hostile.KEY not in f"{error} {error!r}"
        error = error.__cause__ or error.__context__
    return raised.value


@pytest.mark.parametrize("kind", SILENCES)
@pytest.mark.parametrize(
    ("call", "error"),
    [(submit, OutcomeUnknown), (remove, OutcomeUnknown), (look, Unreached), (collect, Unreached)],
)
def test_an_answer_that_does_not_come(
    service: hostile.Service, tmp_path: Path, kind: str, call: Call, error: type[ProviderError]
) -> None:
    service.behave(kind)
    assert type(error_of(call, service, tmp_path)) is error
    assert len(service.calls) == 1


@pytest.mark.parametrize("call", [submit, remove, look, collect])
def test_nobody_there(service: hostile.Service, tmp_path: Path, call: Call) -> None:
    service.behave("refuse")
    assert type(error_of(call, service, tmp_path)) is Unreached
    service.behave("well")
    with socket.create_connection(("127.0.0.1", service.port), 5):
        assert service.calls == []


STATUSES: list[tuple[Call, int, type[ProviderError]]] = [
    (submit, 500, Troubled),
    (submit, 503, Troubled),
    (submit, 408, Troubled),
    (submit, 502, OutcomeUnknown),
    (submit, 504, OutcomeUnknown),
    (submit, 401, KeyRefused),
    (submit, 403, KeyRefused),
    (submit, 402, KeyRefused),
    (submit, 400, Refused),
    (submit, 413, Refused),
    (submit, 404, BadAnswer),
    (submit, 307, BadAnswer),
    (remove, 500, Troubled),
    (remove, 504, OutcomeUnknown),
    (remove, 401, KeyRefused),
    (remove, 402, KeyRefused),
    (remove, 400, Refused),
    (look, 500, Troubled),
    (look, 502, Troubled),
    (look, 401, KeyRefused),
    (look, 404, BadAnswer),
    (look, 400, BadAnswer),
    (collect, 500, Troubled),
    (collect, 403, Expired),
    (collect, 404, Expired),
    (collect, 410, Expired),
    (collect, 418, BadAnswer),
]


@pytest.mark.parametrize(("call", "status", "error"), STATUSES)
def test_answers_that_say_no(
    service: hostile.Service, tmp_path: Path, call: Call, status: int, error: type[ProviderError]
) -> None:
    service.behave(str(status), message=f"The key {hostile.KEY} …", headers={"Location": "/elsewhere"})
    assert type(error_of(call, service, tmp_path)) is error


@pytest.mark.parametrize("call", [submit, remove, look, collect])
@pytest.mark.parametrize(("after", "seconds"), [("7", 7), ("", None), ("soon", None)])
def test_too_many_calls(
    service: hostile.Service, tmp_path: Path, call: Call, after: str, seconds: float | None
) -> None:
    service.behave("429", headers={"Retry-After": after} if after else None)
    busy = error_of(call, service, tmp_path)
    assert isinstance(busy, Busy)
    assert busy.retry_after == (seconds if call is not collect else None)


def test_a_date_says_when_to_ask_again(service: hostile.Service, tmp_path: Path) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    service.behave("429", headers={"Retry-After": later})
    busy = error_of(submit, service, tmp_path)
    assert isinstance(busy, Busy)
    assert busy.retry_after is not None
    assert 60 - SOON < busy.retry_after <= 60


def test_the_words_of_a_refusal_are_told_on(service: hostile.Service, tmp_path: Path) -> None:
    service.behave(
        "400", message="<p>image_file:\n  too <b>blurred</b></p>" + "!" * 500, code="validation_error"
    )
    for call in (submit, remove):
        service.calls.clear()
        refused = error_of(call, service, tmp_path)
        assert refused.state == -14
        assert "It says: “image_file: too blurred" in refused.sentence
        assert len(refused.sentence) < 300


def test_an_account_without_credits_is_the_operator_s_matter(
    service: hostile.Service, tmp_path: Path
) -> None:
    """Seed 000 has no code for it: another studio says it with a 400."""
    service.behave("400", message="Your credits are used up.")
    assert "credits with PicWish" in str(error_of(submit, service, tmp_path))


def test_a_refusal_under_http_200_is_one(service: hostile.Service, tmp_path: Path) -> None:
    service.behave("200", message="success", status=401)
    assert type(error_of(submit, service, tmp_path)) is KeyRefused


@pytest.mark.parametrize("call", [submit, remove, look, collect])
def test_a_web_page_is_no_answer(service: hostile.Service, tmp_path: Path, call: Call) -> None:
    service.behave("html")
    assert type(error_of(call, service, tmp_path)) is BadAnswer


def test_done_without_a_picture_is_no_answer(service: hostile.Service, tmp_path: Path) -> None:
    service.behave("silent", on="look")
    assert type(error_of(look, service, tmp_path)) is BadAnswer


def test_a_task_that_never_ends_is_shown_as_it_is(service: hostile.Service, tmp_path: Path) -> None:
    service.behave("never", on="look")
    assert look(service, tmp_path) == RemoteStatus(4, 12)


WRONG = ["wrong_size", "jpeg", "opaque", "text", "bomb", "huge"]


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("call", [collect, remove])
def test_a_wrong_picture_is_refused_undecoded(
    service: hostile.Service, tmp_path: Path, call: Call, kind: str
) -> None:
    service.behave(kind)
    assert type(error_of(call, service, tmp_path)) is BadAnswer


@pytest.mark.parametrize(("call", "error"), [(collect, Unreached), (remove, BadAnswer)])
def test_a_picture_that_is_cut_short_is_no_picture(
    service: hostile.Service, tmp_path: Path, call: Call, error: type[ProviderError]
) -> None:
    service.behave("cut")
    assert type(error_of(call, service, tmp_path)) is error


def test_an_erasing_may_come_as_a_jpeg_but_not_smaller(service: hostile.Service, tmp_path: Path) -> None:
    service.behave("jpeg", times=1)
    assert collect(service, tmp_path, "erase")
    service.calls.clear()
    service.behave("wrong_size")
    error = error_of(lambda there, folder: collect(there, folder, "erase"), service, tmp_path)
    assert type(error) is BadAnswer


def test_a_redirect_leads_to_no_address_of_the_operator_s_own(
    service: hostile.Service, tmp_path: Path
) -> None:
    with hostile.serving() as another:
        for to in (hostile.PRIVATE, f"{another.url}/results/task-1/image.png", "file:///etc/passwd"):
            service.behaviours.clear()
            service.calls.clear()
            service.behave("redirect", on="picture", to=to)
            assert type(error_of(collect, service, tmp_path)) is BadAnswer
        assert another.calls == []


def test_an_order_is_not_redirected_with_its_picture(service: hostile.Service, tmp_path: Path) -> None:
    with hostile.serving() as another:
        service.behave("redirect", on="submit", to=another.url)
        assert type(error_of(submit, service, tmp_path)) is BadAnswer
        assert another.calls == []


@pytest.mark.parametrize("key", ["", "clé", "a\nb"])
def test_a_key_that_is_none_is_said_to_be(service: hostile.Service, tmp_path: Path, key: str) -> None:
    with asking(service, key=key) as remote:
        error = error_of(lambda *one: remote.submit(job(one[1]), "k", unwatched), service, tmp_path)
    assert type(error) is KeyRefused
    assert service.calls == []


def test_an_address_that_is_none_is_said_to_be(service: hostile.Service, tmp_path: Path) -> None:
    with asking(service, base_url="picwish") as remote:
        error = error_of(lambda *one: remote.look("cutout", "a"), service, tmp_path)
    assert "proper address" in error.sentence


def test_after_a_call_that_hung_the_next_one_is_answered(service: hostile.Service, tmp_path: Path) -> None:
    service.behave("trickle_head", on="submit", times=1)
    with asking(service) as remote:
        with pytest.raises(OutcomeUnknown):
            remote.submit(job(tmp_path), "order-1", unwatched)
        assert remote.submit(job(tmp_path), "order-2", unwatched).remote_id == "task-1"
