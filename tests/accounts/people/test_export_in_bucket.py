"""A copy of somebody's data goes into a bucket in parts, and out of it without being fetched first."""

import io
import re
import threading
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.export import asking, making
from accounts.models import Export, User
from tests.editor.files.files_out import photo_of
from tests.editor.files.test_ranges_in_bucket import Answer, Bucket
from web.environment import storage

from .test_export import fetch

PART = 5 * 2**20


class Taking(Answer):
    """A bucket that takes files too, whole or in parts."""

    def do_PUT(self) -> None:  # noqa: N802 - the name that it looks for
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.objects[self.path] = content
        self.answer(b"")

    def do_POST(self) -> None:  # noqa: N802
        path, _, query = self.path.partition("?")
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if query == "uploads":
            self.answer(
                b"<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>"
            )
            return
        parts = sorted(
            (int(number[1]), name)
            for name in self.server.objects
            if name.startswith(f"{path}?") and (number := re.search(r"partNumber=(\d+)", name))
        )
        sizes = [len(self.server.objects[name]) for _, name in parts]
        assert all(PART <= size < PART + making.CHUNK for size in sizes[:-1]), sizes
        self.server.objects[path] = b"".join(self.server.objects.pop(name) for _, name in parts)
        self.answer(b"<CompleteMultipartUploadResult><ETag>one</ETag></CompleteMultipartUploadResult>")

    def do_DELETE(self) -> None:  # noqa: N802
        self.server.objects.pop(self.path, None)
        self.answer(b"")

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def bucket(db: None, settings: Any) -> Iterator[Bucket]:
    with Bucket() as running:
        running.RequestHandlerClass = Taking
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        place = f"127.0.0.1:{running.server_address[1]}"
        default = storage(f"s3://key:secret@pictures/studio?endpoint=http://{place}&region=here")
        settings.STORAGES = {**settings.STORAGES, "default": default}
        yield running
        running.shutdown()
        thread.join()


def test_it_is_written_in_parts_and_sent_as_it_comes(
    alice: User, alice_client: Client, bucket: Bucket
) -> None:
    # More than a part goes out by, less than boto3 fetches by at once.
    large = bytes(range(256)) * (PART // 256 * 4 // 3)
    photo = photo_of(alice, "large.jpg")
    bucket.objects[f"/pictures/studio/{photo.file}"] = large
    lost = photo_of(alice, "lost.jpg")
    default_storage.delete(str(lost.file))
    asking.ask(alice)
    assert making.make_due() == 1
    export = Export.objects.get()
    assert (export.missing, export.bytes > len(large)) == (1, True)
    _, content = fetch(alice_client, asking.make_path(export))
    assert zipfile.ZipFile(io.BytesIO(content)).read("photos/large.jpg") == large
    _, some = fetch(alice_client, asking.make_path(export), Range="bytes=5-9")
    assert some == content[5:10]
    assert bucket.sent[-1] == 5
    asking.drop(alice)
    assert [name for name in bucket.objects if "exports" in name] in (
        [],
        [f"/pictures/studio/{export.stored}"],
    )
