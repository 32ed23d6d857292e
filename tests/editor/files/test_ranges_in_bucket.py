"""Parts of files that lie in S3: the bucket is asked for them, never for the whole file."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from editor.models import Result
from web.environment import storage

from .files_out import get, photo_of, result_of

CONTENT = bytes(range(256)) * 3000  # several chunks
SIZE = len(CONTENT)


class Bucket(ThreadingHTTPServer):
    """As much of S3 as files going out need."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.objects: dict[str, bytes] = {}
        self.sent: list[int] = []  # bytes of each picture's GET


class Answer(BaseHTTPRequestHandler):
    server: Bucket

    def do_GET(self) -> None:
        if self.path not in self.server.objects:
            self.send_error(404)
            return
        content, status, told = self.server.objects[self.path], 200, {"ETag": '"one"'}
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            first, last = int(wanted[1]), int(wanted[2])
            told["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
            content, status = content[first : last + 1], 206
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **told}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.server.sent.append(len(content))
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815 - the name that it looks for

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Bucket() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def result(alice: User, bucket: Bucket, settings: Any) -> Result:
    """Made on the disk, and then carried to the bucket under the same name."""
    made = result_of(photo_of(alice), content=CONTENT)
    place = f"127.0.0.1:{bucket.server_address[1]}"
    default = storage(f"s3://key:secret@pictures/studio?endpoint=http://{place}&region=here")
    settings.STORAGES = {**settings.STORAGES, "default": default}
    bucket.objects[f"/pictures/studio/{made.file}"] = CONTENT
    return made


@pytest.mark.parametrize(
    ("wanted", "start", "length"),
    [("bytes=0-99", 0, 100), ("bytes=262100-262199", 262100, 100), ("bytes=-300000", SIZE - 300000, 300000)],
)
def test_a_bucket_sends_the_part_and_nothing_else(
    alice: User, bucket: Bucket, result: Result, wanted: str, start: int, length: int
) -> None:
    path = reverse("editor:result-file", args=[result.pk])
    response, body = get(alice, path, headers={"Range": wanted})
    assert response.status_code == 206
    assert body == CONTENT[start : start + length]
    assert response["Content-Range"] == f"bytes {start}-{start + length - 1}/{SIZE}"
    assert bucket.sent == [length]


def test_a_part_behind_the_end_takes_nothing_from_the_bucket(
    alice: User, bucket: Bucket, result: Result
) -> None:
    path = reverse("editor:result-file", args=[result.pk])
    response, _ = get(alice, path, headers={"Range": f"bytes={SIZE}-"})
    assert response.status_code == 416
    assert bucket.sent == []


def test_a_whole_file_still_comes_from_a_bucket(alice: User, bucket: Bucket, result: Result) -> None:
    response, body = get(alice, reverse("editor:result-file", args=[result.pk]))
    assert (response.status_code, body) == (200, CONTENT)
    del bucket.objects[f"/pictures/studio/{result.file}"]
    assert get(alice, reverse("editor:result-file", args=[result.pk]))[0].status_code == 404
