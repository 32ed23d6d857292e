"""A server of somebody else's, on loopback: answers as a test tells it, and remembers what it was asked."""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Answer = tuple[int, Mapping[str, str], bytes]
Raw = Callable[[socket.socket], None]
"""What answers by hand, on the bare connection."""


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Host:
    """answers: what to say, one after the other, then 200. pages: what to say at a path, before those."""

    answers: list[Answer | Raw] = field(default_factory=list)
    pages: dict[str, Answer | Raw] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Self:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                host.requests.append(Request(self.command, self.path, headers, body))
                answer = host.pages.get(self.path) or (
                    host.answers.pop(0) if host.answers else (200, {}, b"")
                )
                self.close_connection = True
                if callable(answer):
                    try:
                        answer(self.connection)
                    except OSError:
                        return  # the other side had enough
                    return
                status, told, content = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **told}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = handle_any  # noqa: N815 - the names that it looks for

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.place, self.url = f"127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()


def trickle(head: bytes, piece: bytes, pause: float) -> Raw:
    """Begin an answer, then send a piece of it now and then, without end."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer
