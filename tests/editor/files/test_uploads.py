"""What comes in: taken whole or refused with a sentence, and then nothing is left behind."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from accounts.models import Plan, User
from editor.engines.limits import SEEDS
from editor.files import uploads
from editor.files.uploads import UploadRefused
from editor.models import Photo
from tests.conftest import bomb
from tests.engines.io.damage import png_promising

Upload = Callable[..., SimpleUploadedFile]
Files = Callable[[], list[str]]


def test_a_photo_is_kept_as_it_came_under_a_name_of_ours(
    alice: User, upload_of: Upload, coffee: bytes
) -> None:
    photo = uploads.receive(alice, upload_of(name="Großmutters Tasse.JPG"))

    assert photo.owner == alice
    assert (photo.width, photo.height, photo.format) == (600, 400, "jpeg")
    assert photo.name == "Großmutters Tasse.JPG"
    assert photo.bytes == len(coffee)
    assert photo.file.read() == coffee
    assert "Tasse" not in photo.file.name
    photo.file.close()


def test_two_uploads_of_one_file_do_not_share_a_name(alice: User, upload_of: Upload) -> None:
    first, second = uploads.receive(alice, upload_of()), uploads.receive(alice, upload_of())
    assert first.file.name != second.file.name


@pytest.mark.parametrize(
    ("content", "code", "status"),
    [
        (b"", "empty", 422),
        (b"just some words, not a picture at all", "not_suitable", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_suitable", 422),
        (b"<!doctype html><title>hello</title><img src=x>", "not_suitable", 422),
        (b"%PDF-1.7 and so on", "not_suitable", 422),
        (bomb(), "not_suitable", 422),
        (png_promising(9000, 9000), "not_suitable", 422),
        (b"\xff\xd8\xff\xe0" + bytes(61 * 2**20), "too_large", 413),
    ],
    ids=["empty", "text", "svg", "html", "pdf", "400 megapixels in 48 kB", "81 megapixels", "61 MB"],
)
def test_what_is_no_photo_is_refused_and_leaves_nothing(
    alice: User, upload_of: Upload, media: Files, content: bytes, code: str, status: int
) -> None:
    with pytest.raises(UploadRefused) as refused:
        uploads.receive(alice, upload_of(content, "photo.jpg"))

    assert (refused.value.code, refused.value.status) == (code, status)
    assert refused.value.sentence.endswith(".")
    assert media() == []
    assert not Photo.objects.exists()


def test_64_megapixels_are_taken_of_people_and_4096_square_of_programs(
    alice: User, upload_of: Upload
) -> None:
    large = png_promising(8000, 8000)
    assert uploads.receive(alice, upload_of(large, "large.png")).width == 8000
    with pytest.raises(UploadRefused, match="4096 x 4096"):
        uploads.receive(alice, upload_of(large, "large.png"), limits=SEEDS)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x" * 10_000 + ".jpg", "x" * 116 + ".jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\shoe.jpeg", "shoe.jpeg"),
        ("a\r\nSet-Cookie: b=c.jpg", "aSet-Cookie: b=c.jpg"),
        ("", "photo.jpg"),
        (".jpg", "jpg.jpg"),
        ("no ending", "no ending.jpg"),
        ("鞋子.png", "鞋子.png"),
    ],
)
def test_a_name_is_made_fit_to_show(name: str, shown: str) -> None:
    assert uploads.clean_name(name, "jpg") == shown


class FullDisk(FileSystemStorage):
    """Storage on a disk that fills up in the middle of a file."""

    def _save(self, name: str, content: Any) -> str:
        super()._save(name, content)
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_costs_the_upload_alone(
    alice: User, upload_of: Upload, photo_of: Callable[..., Photo], media: Files, settings: Any
) -> None:
    kept = photo_of(alice)
    before = media()
    location = settings.STORAGES["default"]["OPTIONS"]["location"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "tests.editor.files.test_uploads.FullDisk", "OPTIONS": {"location": location}},
    }

    with pytest.raises(UploadRefused) as refused:
        uploads.receive(alice, upload_of())

    assert (refused.value.code, refused.value.status) == ("disk_full", 507)
    assert list(Photo.objects.all()) == [kept]
    assert set(before) <= set(media())


def test_an_upload_that_would_eat_the_reserve_is_refused(
    alice: User, upload_of: Upload, media: Files, settings: Any
) -> None:
    settings.DISK_RESERVE_MB = 10**9
    with pytest.raises(UploadRefused) as refused:
        uploads.receive(alice, upload_of())
    assert refused.value.status == 507
    assert media() == []


def test_a_database_that_is_full_leaves_no_file_behind(
    alice: User, upload_of: Upload, media: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**fields: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Photo.objects, "create", full)
    with pytest.raises(UploadRefused) as refused:
        uploads.receive(alice, upload_of())
    assert refused.value.code == "disk_full"
    assert media() == []


def test_a_plan_that_is_full_of_photos_takes_no_more(alice: User, upload_of: Upload) -> None:
    uploads.receive(alice, upload_of())
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_photos=1)

    with pytest.raises(UploadRefused, match=r"keeps 1 photos.*Delete some") as refusal:
        uploads.receive(alice, upload_of())

    assert refusal.value.code == "too_many_photos"
    assert Photo.objects.count() == 1
    uploads.receive(alice, upload_of(), Photo.Purpose.MASK)


def test_a_plan_that_is_full_of_bytes_takes_no_more(alice: User, upload_of: Upload, media: Files) -> None:
    size = uploads.receive(alice, upload_of()).bytes
    Plan.objects.filter(pk=Plan.objects.default().pk).update(most_bytes=2 * size - 1)
    kept = media()

    with pytest.raises(UploadRefused, match="Delete some") as refusal:
        uploads.receive(alice, upload_of())

    assert refusal.value.code == "storage_full"
    assert media() == kept
