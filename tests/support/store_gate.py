"""A gate before an S3 store that lets calls through, or does what stores do on a bad night.

Where there is no store behind it, it keeps what it is given: as much of one as files coming and going need.
"""

import base64
import http.client
import threading
import time
import zlib
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ERROR = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>{code}</Message><RequestId>1</RequestId></Error>"""
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "expect"})


class Mood(StrEnum):
    """How the store is. refused: it takes no connection; unavailable: 503; slow: each call takes seconds;
    damaged: what comes has another sum than its header says, and what goes is answered with BadDigest."""

    WELL = "well"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    SLOW = "slow"
    DAMAGED = "damaged"


class StoreGate(ThreadingHTTPServer):
    """Passes calls on to a store's port of this machine, None where it is one itself, of the bucket "sweep".

    seconds: that a call takes where it is slow.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, store: int | None, host: str = "127.0.0.1", *, seconds: float = 3.0) -> None:
        super().__init__((host, 0), Call)
        self.kept: dict[str, bytes] = {}
        self.store, self.seconds, self.mood, self.calls = store, seconds, Mood.WELL, 0
        self.endpoint = f"http://{host}:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever, args=(0.1,), name="gate", daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.mood is not Mood.REFUSED

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up is no news."""


class Call(BaseHTTPRequestHandler):
    server: StoreGate
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.calls += 1
        mood = self.server.mood
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if mood is Mood.REFUSED:
            self.close_connection = True
            return
        if mood is Mood.SLOW:
            time.sleep(self.server.seconds)
        if mood is Mood.UNAVAILABLE:
            self.answer(503, {}, ERROR.format(code="ServiceUnavailable").encode())
        elif mood is Mood.DAMAGED and self.command in ("PUT", "POST"):
            self.answer(400, {}, ERROR.format(code="BadDigest").encode())
        else:
            status, headers, content = self.pass_on(body)
            if mood is Mood.DAMAGED and self.command == "GET" and content:
                content = content[:-1] + bytes([content[-1] ^ 0x55])
            self.answer(status, headers, content)

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that it looks for

    def pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.server.store is None:
            return self.keep(body)
        there = http.client.HTTPConnection("127.0.0.1", self.server.store, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        there.request(self.command, self.path, body or None, headers)
        told = there.getresponse()
        content = told.read()
        there.close()
        kept = {
            name: value
            for name, value in told.getheaders()
            if name.lower() not in HOP_BY_HOP or (name.lower() == "content-length" and self.command == "HEAD")
        }
        return told.status, kept, content

    def keep(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Do what a store does with one object."""
        kept, path = self.server.kept, self.path.partition("?")[0]
        if not path.startswith("/sweep/"):
            return 404, {}, ERROR.format(code="NoSuchBucket").encode()
        if self.command == "PUT":
            kept[path] = body
            return 200, {"ETag": '"1"'}, b""
        if self.command == "DELETE":
            kept.pop(path, None)
            return 204, {}, b""
        if path not in kept:
            return 404, {}, ERROR.format(code="NoSuchKey").encode()
        content = kept[path]
        checksum = base64.b64encode(zlib.crc32(content).to_bytes(4)).decode()
        told = {"ETag": '"1"', "x-amz-checksum-crc32": checksum}
        if self.command == "HEAD":
            told["Content-Length"] = str(len(content))
        return 200, told, content

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass
