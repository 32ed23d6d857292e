"""Programs are called when their tasks have ended: signed, guarded, and again where it did not work."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from editor.api import webhooks
from editor.models import Callback, Result, Task
from editor.states import State
from editor.tasks import settlement

from .conftest import Program
from .hosts import Host

URL = "https://pictures.example/lamp.jpg"


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@pytest.fixture
def ended(alice_program: Program, host: Host, settings: Any, done: Callable[..., list[Result]]) -> Task:
    """A task that is done, with a call due to the host."""
    settings.FETCH_ALLOW = [host.place]
    task = alice_program.ordered(image_url=URL, return_type="2", callback_url=f"{host.url}/hook")
    assert webhooks.deliver_due() == 0
    done(task)
    return task


def test_a_call_is_signed_so_that_the_reference_s_own_check_believes_it(
    ended: Task, host: Host, alice_program: Program, client: Client
) -> None:
    assert webhooks.deliver_due() == 1
    (request,) = host.requests
    told = json.loads(request.body)
    assert told["data"]["task_id"] == str(ended.pk)
    assert told["data"]["image"].startswith("http://127.0.0.1:8000/results/signed/")
    page = client.get("/api/").content.decode()
    code = re.search(r'<code data-language="check">(.*?)</code>', page, re.DOTALL)
    assert code is not None
    namespace: dict[str, Any] = {}
    exec(code[1].replace("&gt;", ">"), namespace)  # noqa: S102 - the page's own example
    header = request.headers["x-sweep-signature"]
    assert namespace["is_ours"](alice_program.secret, header, request.body)
    assert not namespace["is_ours"](alice_program.secret, header, request.body + b" ")
    assert not namespace["is_ours"]("another key", header, request.body)
    secret = hashlib.sha256(alice_program.secret.encode()).hexdigest().encode()
    moment = re.match(r"t=(\d+),v1=", header)
    assert moment is not None
    wanted = hmac.new(secret, moment[1].encode() + b"." + request.body, "sha256").hexdigest()
    assert header.endswith(wanted)


def test_a_call_is_made_once(ended: Task, host: Host) -> None:
    webhooks.deliver_due()
    assert webhooks.deliver_due() == 0
    assert len(host.requests) == 1
    assert Callback.objects.get().delivered_at is not None


def test_what_fails_is_tried_again_ever_more_slowly_and_then_no_more(ended: Task, host: Host) -> None:
    host.answers = [(500, {}, b"")] * 6
    pauses = []
    for _ in range(6):
        Callback.objects.update(next_at=timezone.now())
        webhooks.deliver_due()
        row = Callback.objects.get()
        assert "500" in row.last_error
        pauses.append(None if row.next_at is None else row.next_at - timezone.now())
    assert pauses.pop() is None
    for pause, wanted in zip(pauses, webhooks.PAUSES, strict=True):
        assert pause is not None
        assert timedelta(0) <= wanted - pause < timedelta(seconds=5)
    assert len(host.requests) == 6


def test_a_receiver_that_redirects_is_not_followed(ended: Task, host: Host) -> None:
    host.answers = [(302, {"Location": "http://169.254.169.254/latest"}, b"")]
    webhooks.deliver_due()
    assert len(host.requests) == 1
    assert "302" in Callback.objects.get().last_error


def test_nobody_is_called_in_the_operator_s_own_network(ended: Task, host: Host, settings: Any) -> None:
    settings.FETCH_ALLOW = []
    webhooks.deliver_due()
    assert host.requests == []
    assert "open Internet" in Callback.objects.get().last_error


def test_a_task_that_fails_is_told_too(alice_program: Program, host: Host, settings: Any) -> None:
    settings.FETCH_ALLOW = [host.place]
    task = alice_program.ordered(image_url=URL, callback_url=f"{host.url}/hook")
    settlement.end(Task.objects.filter(pk=task.pk), State.NOTHING_FOUND)
    webhooks.deliver_due()
    assert json.loads(host.requests[0].body)["data"]["state"] == -11
