"""Parts of files, for who goes on with a broken download or looks into a large one."""

import tempfile
from collections.abc import Callable
from typing import IO, Any

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from accounts.models import User
from editor.files import downloads, signed_urls
from editor.models import Photo, Result
from tests.support.served import call

from .files_out import ask, get, photo_of, result_of, stored

CONTENT = bytes(range(256)) * 3000  # several chunks
SIZE = len(CONTENT)


class Lazy(File):
    """As S3's: fetched whole when it is touched, and its size known before."""

    def __init__(self, path: str) -> None:
        self.path, self.fetched = path, None

    @property
    def size(self) -> int:  # type: ignore[override]
        with open(self.path, "rb") as file:
            return len(file.read())

    @property
    def file(self) -> IO[bytes]:  # type: ignore[override]
        if self.fetched is None:
            self.fetched = tempfile.SpooledTemporaryFile(max_size=1000)  # noqa: SIM115 - closed below
            with open(self.path, "rb") as file:
                self.fetched.write(file.read())
            self.fetched.seek(0)
        return self.fetched  # type: ignore[return-value]

    def close(self) -> None:
        if self.fetched is not None:
            self.fetched.close()


class Elsewhere(FileSystemStorage):
    def _open(self, name: str, mode: str = "rb") -> Any:
        with super()._open(name, mode):
            return Lazy(self.path(name))


@pytest.fixture(params=["here", "elsewhere"], autouse=True)
def storage(request: pytest.FixtureRequest, settings: Any) -> None:
    if request.param == "elsewhere":
        default = {**settings.STORAGES["default"], "BACKEND": "tests.editor.files.test_byte_ranges.Elsewhere"}
        settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def result(alice: User, storage: None) -> Result:
    return result_of(photo_of(alice), content=CONTENT)


@pytest.fixture
def path(result: Result) -> str:
    return reverse("editor:result-file", args=[result.pk])


SATISFIED = [
    ("bytes=0-0", 0, 1),
    ("bytes=0-99", 0, 100),
    ("bytes=100-", 100, SIZE - 100),
    (f"bytes={SIZE - 1}-", SIZE - 1, 1),
    ("bytes=262143-262144", 262143, 2),  # over the end of a chunk
    ("bytes=5-999999999999", 5, SIZE - 5),
    ("bytes=-1", SIZE - 1, 1),
    ("bytes=-300000", SIZE - 300000, 300000),
    (f"bytes=-{SIZE + 5}", 0, SIZE),
    ("Bytes = 10 - 19 ", 10, 10),
]


@pytest.mark.parametrize(("wanted", "start", "length"), SATISFIED)
def test_a_part_is_given_byte_for_byte_and_says_where_it_lies(
    alice: User, path: str, wanted: str, start: int, length: int
) -> None:
    whole, _ = get(alice, path)
    response, body = get(alice, path, headers={"Range": wanted})
    assert response.status_code == 206
    assert body == CONTENT[start : start + length]
    assert response["Content-Range"] == f"bytes {start}-{start + length - 1}/{SIZE}"
    assert response["Content-Length"] == str(length)
    for name in ("Content-Type", "Content-Disposition", "Cache-Control", "ETag", "Accept-Ranges"):
        assert response[name] == whole[name]
    assert whole["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", f"bytes={SIZE + 9}-{SIZE + 99}", "bytes=-0"])
def test_a_part_behind_the_end_is_416_and_says_how_long_the_file_is(
    alice: User, path: str, wanted: str
) -> None:
    response, body = get(alice, path, headers={"Range": wanted})
    assert (response.status_code, body) == (416, b"")
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=0-9,20-29",
        "bytes=9-5",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "lines=0-9",
        "0-9",
        "bytes=1",
        "bytes=--5",
        f"bytes=0-{'9' * 5000}",
    ],
)
def test_what_is_no_one_part_is_answered_with_everything(alice: User, path: str, wanted: str) -> None:
    response, body = get(alice, path, headers={"Range": wanted})
    assert (response.status_code, body) == (200, CONTENT)
    assert "Content-Range" not in response


def test_a_part_is_given_only_of_the_file_that_was_begun(alice: User, path: str, result: Result) -> None:
    etag = get(alice, path)[0]["ETag"]
    other = reverse("editor:result-file", args=[result_of(result.photo, content=CONTENT).pk])
    for address, before, status in (
        (path, etag, 206),
        (other, etag, 200),
        (path, f"W/{etag}", 200),
        (path, "Wed, 21 Oct 2026 07:28:00 GMT", 200),
    ):
        response, body = get(alice, address, headers={"Range": "bytes=10-19", "If-Range": before})
        assert response.status_code == status
        assert body == (CONTENT[10:20] if status == 206 else CONTENT)


def test_who_has_the_file_is_told_so_before_a_part_is_given(alice: User, path: str) -> None:
    etag = get(alice, path)[0]["ETag"]
    response, body = get(alice, path, headers={"Range": "bytes=10-19", "If-None-Match": etag})
    assert (response.status_code, body) == (304, b"")


def test_head_tells_that_parts_can_be_asked_for_and_of_the_whole_file(alice: User, path: str) -> None:
    response, body = ask(alice, "head", path, headers={"Range": "bytes=0-9"})
    assert (response.status_code, body) == (200, b"")
    assert (response["Accept-Ranges"], response["Content-Length"]) == ("bytes", str(SIZE))


Address = Callable[[Photo, Result], str]
FILES: dict[str, Address] = {
    "result-file": lambda photo, result: reverse("editor:result-file", args=[result.pk]),
    "result-thumbnail": lambda photo, result: reverse("editor:result-thumbnail", args=[result.pk]),
    "result-download": lambda photo, result: reverse("editor:result-download", args=[result.pk]),
    "signed": lambda photo, result: signed_urls.sign_path(result),
    "signed download": lambda photo, result: signed_urls.sign_path(result, "download"),
    "signed thumbnail": lambda photo, result: signed_urls.sign_path(result, "thumbnail"),
    "photo-preview": lambda photo, result: reverse("editor:photo-preview", args=[photo.pk]),
    "photo-thumbnail": lambda photo, result: reverse("editor:photo-thumbnail", args=[photo.pk]),
    "photo-original": lambda photo, result: reverse("editor:photo-original", args=[photo.pk]),
}


@pytest.mark.parametrize("file", FILES)
def test_every_file_that_goes_out_can_be_had_in_parts(alice: User, file: str) -> None:
    photo = photo_of(
        alice, preview=stored("photos", "jpg", CONTENT), thumbnail=stored("photos", "webp", CONTENT)
    )
    address = FILES[file](photo, result_of(photo))
    _, whole = get(alice, address)
    parts = b""
    for start in range(0, len(whole), 1 + len(whole) // 3):
        end = start + len(whole) // 3
        response, body = get(alice, address, headers={"Range": f"bytes={start}-{end}"})
        assert response.status_code == 206
        parts += body
    assert parts == whole


def test_a_broken_download_can_be_gone_on_with_as_clients_do(result: Result) -> None:
    """Through all the layers: what came, then the rest, by an address that needs no session."""
    address = signed_urls.sign_path(result)
    first = call("GET", address)
    rest = call("GET", address, headers={"Range": "bytes=1000-", "If-Range": first.headers["ETag"]})
    assert (rest.status_code, first.content[:1000] + rest.content) == (206, CONTENT)


def test_who_may_not_have_the_file_gets_no_part_of_it(charlie: User, path: str) -> None:
    response, _ = get(charlie, path, headers={"Range": "bytes=0-9"})
    assert response.status_code == 404


def test_a_part_is_read_no_further_than_it_goes(
    alice: User, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "CHUNK", 10)
    _, body = get(alice, path, headers={"Range": "bytes=5-29"})
    assert body == CONTENT[5:30]
