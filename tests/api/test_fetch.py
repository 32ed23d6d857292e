"""Pictures behind strangers' addresses: only from the open Internet, only so much, only for so long."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from editor.providers import ssrf_guard
from editor.providers.errors import Cancelled, DeadlinePassed, ProviderError
from editor.providers.fetch import OverLimit, fetch
from editor.providers.ssrf_guard import Forbidden, GuardedTransport, NotReached

from .hosts import Host, trickle

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
PUBLIC, OTHER = "93.184.216.34", "93.184.216.35"


def resolving(*answers: list[str]) -> Any:
    """Returns a stand-in for the look-up of names: each call gives the next list of addresses."""
    waiting = list(answers)
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int, **options: Any) -> list[Any]:
        asked.append((host, port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in waiting.pop(0)]

    resolve.asked = asked  # type: ignore[attr-defined]
    return resolve


# -- Which addresses ---------------------------------------------------------------------------------

OWN = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # noqa: S104
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2001:0:7f00:1::",
]
# Numbers in the spellings that a resolver understands.
SPELLED = ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0"]


@pytest.mark.parametrize("address", OWN)
def test_no_address_of_the_operator_s_own_is_reached(address: str) -> None:
    with pytest.raises(Forbidden):
        ssrf_guard.resolve_public("name.example", 80, resolve=resolving([address]))


@pytest.mark.parametrize("host", [*SPELLED, "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_however_it_is_spelled(host: str, tmp_path: Path) -> None:
    with Host() as own, pytest.raises(NotReached):
        fetch(
            f"http://{host}:{own.port}/", tmp_path / "got", max_bytes=9, seconds=9, watch=lambda share: None
        )
    assert own.requests == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_the_open_internet_is_reached(address: str) -> None:
    assert ssrf_guard.resolve_public("name.example", 443, resolve=resolving([address])) == [address]


def test_one_address_of_one_s_own_among_others_is_one_too_many() -> None:
    with pytest.raises(Forbidden):
        ssrf_guard.resolve_public("name.example", 80, resolve=resolving([PUBLIC, "10.0.0.1"]))


@pytest.mark.parametrize("port", [22, 25, 6667 - 6600])
def test_ports_that_speak_other_tongues_are_left_alone(port: int) -> None:
    with pytest.raises(Forbidden):
        ssrf_guard.resolve_public("name.example", port, resolve=resolving([PUBLIC]))


def test_the_address_that_was_judged_is_the_one_that_is_connected_to() -> None:
    """A name that is looked up again would lead home the second time."""
    reached: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        reached.append(request)
        return httpx.Response(200)

    resolve = resolving([PUBLIC], ["127.0.0.1"])
    inner = httpx.MockTransport(answer)
    with httpx.Client(transport=GuardedTransport(resolve=resolve, inner=inner)) as client:
        client.get("https://name.example/lamp.jpg")
    assert resolve.asked == [("name.example", 443)]
    assert reached[0].url.host == PUBLIC
    assert reached[0].headers["Host"] == "name.example"
    assert reached[0].extensions["sni_hostname"] == "name.example"


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    reached: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        reached.append(request.url.host)
        if request.url.host == PUBLIC:
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    transport = GuardedTransport(resolve=resolving([PUBLIC, OTHER]), inner=httpx.MockTransport(answer))
    with httpx.Client(transport=transport) as client:
        assert client.get("http://name.example/").status_code == 200
    assert reached == [PUBLIC, OTHER]


# -- The fetch -----------------------------------------------------------------------------------------


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


def fetched(
    host: Host, folder: Path, path: str = "/lamp.jpg", *, seconds: float = 20, max_bytes: int = 1000
) -> bytes:
    """Fetch from the host, which alone is allowed, and return what came."""
    target = folder / "got"
    fetch(
        host.url + path,
        target,
        max_bytes=max_bytes,
        seconds=seconds,
        watch=lambda share: None,
        allowed=[host.place],
    )
    return target.read_bytes()


def test_what_is_there_is_fetched_as_it_is(host: Host, tmp_path: Path) -> None:
    host.pages["/lamp.jpg"] = (200, {}, b"a" * 1000)
    assert fetched(host, tmp_path) == b"a" * 1000
    assert "cookie" not in host.requests[0].headers
    assert "authorization" not in host.requests[0].headers


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"a" * 1001),
        (200, {"Content-Length": "999999999"}, b""),
        trickle(HEAD, b"a" * 600, 0.01),
    ],
    ids=["one byte too many", "announced", "without end"],
)
def test_what_is_too_large_is_cut_off(host: Host, tmp_path: Path, answer: Any) -> None:
    host.pages["/lamp.jpg"] = answer
    with pytest.raises(OverLimit) as refused:
        fetched(host, tmp_path)
    assert refused.value.state == -5


def test_a_packed_answer_is_counted_unpacked(host: Host, tmp_path: Path) -> None:
    import gzip

    host.pages["/lamp.jpg"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(100_000)))
    with pytest.raises(OverLimit):
        fetched(host, tmp_path)


@pytest.mark.parametrize(
    "answer",
    [
        trickle(HEAD, b"a", 0.05),
        trickle(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05),
        lambda connection: time.sleep(3),
    ],
    ids=["body", "headers", "nothing"],
)
def test_what_takes_too_long_is_given_up(host: Host, tmp_path: Path, answer: Any) -> None:
    host.pages["/lamp.jpg"] = answer
    with pytest.raises(DeadlinePassed) as refused:
        fetched(host, tmp_path, seconds=0.5)
    assert refused.value.state == -8


def test_who_cancels_need_not_wait(host: Host, tmp_path: Path) -> None:
    host.pages["/lamp.jpg"] = trickle(HEAD, b"a", 0.05)

    def cancelled(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch(
            f"{host.url}/lamp.jpg",
            tmp_path / "got",
            max_bytes=10**6,
            seconds=60,
            watch=cancelled,
            allowed=[host.place],
        )


def test_three_redirects_are_followed_and_a_fourth_is_not(host: Host, tmp_path: Path) -> None:
    for number in range(4):
        host.pages[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    host.pages["/4"] = (200, {}, b"lamp")
    assert fetched(host, tmp_path, "/1") == b"lamp"
    with pytest.raises(Forbidden) as refused:
        fetched(host, tmp_path, "/0")
    assert refused.value.state == -3


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/_",
        "http://me:secret@93.184.216.34/",
        "http://",
    ],
)
def test_a_redirect_is_judged_as_the_first_address_was(host: Host, tmp_path: Path, location: str) -> None:
    host.pages["/lamp.jpg"] = (302, {"Location": location}, b"")
    with pytest.raises(NotReached) as refused:
        fetched(host, tmp_path)
    assert refused.value.state == -3
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [(404, {}, b"none"), (500, {}, b""), (204, {}, b""), lambda connection: connection.close()],
    ids=["404", "500", "204", "hangs up"],
)
def test_another_answer_than_a_picture_is_not_fetched(host: Host, tmp_path: Path, answer: Any) -> None:
    host.pages["/lamp.jpg"] = answer
    with pytest.raises(ProviderError) as refused:
        fetched(host, tmp_path)
    assert refused.value.state == -3


def test_nobody_at_home_is_not_fetched(host: Host, tmp_path: Path) -> None:
    host.server.server_close()
    with pytest.raises(NotReached):
        fetched(host, tmp_path)


def test_a_name_that_is_none_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(NotReached):
        fetch(
            "http://no-such-name.invalid/",
            tmp_path / "got",
            max_bytes=9,
            seconds=30,
            watch=lambda share: None,
        )
