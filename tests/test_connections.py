"""Connections that bring nothing end; those that bring something are served meanwhile."""

import asyncio
import contextlib
import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from django.test import override_settings

from picwish_site import connections

# Seconds that a connection has here; and that a test waits in vain before it fails.
LIMIT, PATIENCE = 1.0, 60.0
WHOLE = b"GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
LATE = WHOLE.replace(b"/quick", b"/late")
LARGE = WHOLE.replace(b"/quick", b"/large")
HALF = b"GET /quick HTTP/1.1\r\nHost: a\r\nX-More: "
PIECES, PIECE = 64, bytes(2**20)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers at once, with what it read, late, or with much."""
    pieces = [b"ok"]
    if scope["path"] == "/reads":
        more = True
        while more:
            message = await receive()
            pieces.append(message["body"])
            more = message["more_body"]
    elif scope["path"] == "/late":
        await asyncio.sleep(2 * LIMIT)
    elif scope["path"] == "/large":
        pieces = [PIECE] * PIECES
    length = str(sum(map(len, pieces))).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@dataclass
class Served:
    """A server with our connections, and short limits."""

    server: uvicorn.Server
    place: tuple[str, int]

    def opened(self) -> socket.socket:
        return socket.create_connection(self.place, timeout=PATIENCE)

    def wait_until_nobody_is_connected(self) -> None:
        end = time.monotonic() + PATIENCE
        while self.server.server_state.connections:
            assert time.monotonic() < end, "It is held for ever."
            time.sleep(0.02)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        # A keep-alive so long that no test ends by it.
        config = uvicorn.Config(
            app, http=connections.Connection, lifespan="off", log_config=None, timeout_keep_alive=600
        )
        server = uvicorn.Server(config)
        with override_settings(HEAD_TIMEOUT=LIMIT, ANSWER_IDLE_TIMEOUT=PATIENCE):
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            yield Served(server, listening.getsockname())
            server.should_exit = True
            thread.join()


def read_to_end(raw: socket.socket) -> bytes:
    """Return all that comes until the other side closes. Fails where it does not."""
    told = b""
    with contextlib.suppress(ConnectionError):
        while piece := raw.recv(2**20):
            told += piece
    return told


def answer(raw: socket.socket) -> bytes:
    """Return one answer of the app's, which says ok."""
    told = b""
    while b"\r\n\r\nok" not in told:
        piece = raw.recv(65536)
        assert piece, told
        told += piece
    return told


def drip(raw: socket.socket, piece: bytes) -> bytes:
    """Send a piece every moment until the other side has closed, and return what it said."""
    told, end = b"", time.monotonic() + PATIENCE
    with contextlib.suppress(ConnectionError):
        while time.monotonic() < end:
            raw.sendall(piece)
            if select.select([raw], [], [], LIMIT / 20)[0]:
                found = raw.recv(65536)
                if not found:
                    return told
                told += found
        raise AssertionError("It is held for ever.")
    return told


def sent(piece: bytes) -> Callable[[socket.socket], bytes]:
    def send(raw: socket.socket) -> bytes:
        raw.sendall(piece)
        return read_to_end(raw)

    return send


def dripping(head: bytes, piece: bytes) -> Callable[[socket.socket], bytes]:
    def send(raw: socket.socket) -> bytes:
        raw.sendall(head)
        return drip(raw, piece)

    return send


HOLDS: dict[str, Callable[[socket.socket], bytes]] = {
    "nothing at all": read_to_end,
    "half a head": sent(HALF),
    "one letter": sent(b"G"),
    "a head that goes on and on": dripping(HALF, b"a\r\nX-More: "),
    "a name that goes on and on": dripping(b"GET / HTTP/1.1\r\n", b"a"),
    "blank lines": dripping(b"", b"\r\n"),
}


@pytest.mark.parametrize("before", [0, 1], ids=["at first", "after an answer"])
def test_who_brings_no_head_is_let_go(served: Served, before: int) -> None:
    def held(hold: Callable[[socket.socket], bytes]) -> bytes:
        with served.opened() as raw:
            for _ in range(before):
                raw.sendall(WHOLE)
                answer(raw)
            return hold(raw)

    with ThreadPoolExecutor(len(HOLDS)) as pool:
        told = dict(zip(HOLDS, pool.map(held, HOLDS.values()), strict=True))
    for hold, words in told.items():
        assert not words or words.startswith(b"HTTP/1.1 408 "), hold


def test_a_body_that_nobody_waits_for_does_not_hold_the_connection(served: Served) -> None:
    with served.opened() as raw:
        raw.sendall(b"POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        assert drip(raw, b"a").startswith(b"HTTP/1.1 200 ")


def test_who_takes_nothing_of_the_answer_is_let_go(served: Served) -> None:
    served.wait_until_nobody_is_connected()
    with override_settings(ANSWER_IDLE_TIMEOUT=0.2), socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.settimeout(PATIENCE)
        raw.connect(served.place)
        raw.sendall(LARGE)
        while not served.server.server_state.connections:
            time.sleep(0.01)
        served.wait_until_nobody_is_connected()
        assert len(read_to_end(raw)) < PIECES * len(PIECE)


def test_four_hundred_half_heads_go_and_others_are_served_meanwhile(served: Served) -> None:
    with contextlib.ExitStack() as held:
        raws = [held.enter_context(served.opened()) for _ in range(400)]
        for raw in raws:
            with contextlib.suppress(ConnectionError):  # the first may have gone
                raw.sendall(HALF)
        with served.opened() as other:
            other.sendall(WHOLE)
            answer(other)
        for raw in raws:
            assert b" 200 " not in read_to_end(raw)


def test_a_head_of_many_pages_is_refused(served: Served) -> None:
    with override_settings(HEAD_TIMEOUT=PATIENCE), served.opened() as raw:
        with contextlib.suppress(ConnectionError):
            raw.sendall(HALF + b"a" * (2 * connections.LONGEST_HEAD))
        told = read_to_end(raw)
        assert not told or told.startswith(b"HTTP/1.1 431 ")


# -- What goes on as before -------------------------------------------------------------------------------


def test_a_request_that_is_worked_on_for_long_is_answered(served: Served) -> None:
    with served.opened() as raw:
        raw.sendall(LATE)
        assert answer(raw).startswith(b"HTTP/1.1 200 ")


def test_a_request_behind_one_that_takes_long_is_answered_after_it(served: Served) -> None:
    with served.opened() as raw:
        raw.sendall(LATE + WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert read_to_end(raw).count(b"\r\n\r\nok") == 2


def test_half_a_head_behind_one_that_takes_long_costs_that_one_nothing(served: Served) -> None:
    with served.opened() as raw:
        raw.sendall(LATE + HALF)
        assert read_to_end(raw).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_comes_slowly_is_the_cap_s_business(served: Served) -> None:
    with served.opened() as raw:
        raw.sendall(b"POST /reads HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n")
        for _ in range(4):
            time.sleep(LIMIT / 3)
            raw.sendall(b"a")
        assert read_to_end(raw).endswith(b"okaaaa")


def test_one_connection_serves_requests_of_any_number_and_size(served: Served) -> None:
    """However they are cut into pieces: it is heads that are counted, neither bodies nor what is over."""
    with override_settings(HEAD_TIMEOUT=PATIENCE), served.opened() as raw:
        for _ in range(connections.LONGEST_HEAD // len(WHOLE) + 10):
            raw.sendall(WHOLE)
            assert answer(raw).startswith(b"HTTP/1.1 200 ")
        for length in (10, 60_000, 70_000, 200_000, 1_000_000):
            head = f"POST /reads HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"
            raw.sendall(head.encode() + b"a" * length)
            told = answer(raw)
            assert told.startswith(b"HTTP/1.1 200 "), length
            left = length - told.count(b"a", told.index(b"\r\n\r\n"))
            while left:
                left -= len(raw.recv(65536))


def test_an_offer_to_speak_otherwise_is_declined_without_a_word_in_the_log(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    for protocol in (b"h2c", b"websocket"):
        with served.opened() as raw:
            offer = b"\r\nConnection: close, Upgrade\r\nUpgrade: " + protocol + b"\r\n\r\n"
            raw.sendall(WHOLE.replace(b"\r\n\r\n", offer))
            assert read_to_end(raw).startswith(b"HTTP/1.1 200 ")
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_who_takes_an_answer_piece_by_piece_gets_all_of_it(served: Served) -> None:
    with served.opened() as raw:
        raw.sendall(LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        taken = 0
        while piece := raw.recv(2**20):
            taken += len(piece)
        assert taken > PIECES * len(PIECE)
