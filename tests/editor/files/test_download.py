"""result-download: a result to keep, as it is or in another format or size."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from accounts.models import User
from editor.models import Result

from .files_out import get, photo_of, result_of


@pytest.fixture
def result(alice: User) -> Result:
    return result_of(photo_of(alice), size=(600, 400))


@pytest.fixture
def temporary(settings: Any, tmp_path: Path) -> Path:
    """The folder of temporary files, which every download has to leave empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def download(user: User, result: Result, **query: str) -> tuple[Any, bytes]:
    return get(user, reverse("editor:result-download", args=[result.pk]), query)


def opened(body: bytes) -> Image.Image:
    picture = Image.open(BytesIO(body))
    picture.load()
    return picture


@pytest.mark.parametrize(
    "query", [{}, {"format": "png"}, {"size": "full"}, {"size": "medium", "format": "png"}]
)
def test_file_that_fits_already_goes_out_as_it_is(alice: User, result: Result, query: dict[str, str]) -> None:
    response, body = download(alice, result, **query)
    with default_storage.open(result.file.name) as file:
        assert body == file.read()
    assert response["Content-Disposition"] == 'attachment; filename="lamp.png"'


@pytest.mark.parametrize(("format", "plugin"), [("jpg", "JPEG"), ("webp", "WEBP")])
def test_other_format_is_really_that_format(
    alice: User, result: Result, temporary: Path, format: str, plugin: str
) -> None:
    response, body = download(alice, result, format=format)
    assert response.status_code == 200
    picture = opened(body)
    assert (picture.format, picture.size) == (plugin, (600, 400))
    assert response["Content-Disposition"] == f'attachment; filename="lamp.{format}"'
    assert int(response["Content-Length"]) == len(body)
    assert list(temporary.iterdir()) == []


def test_jpg_gets_white_where_nothing_was_and_keeps_the_subject(alice: User, result: Result) -> None:
    picture = opened(download(alice, result, format="jpg")[1])
    corner, middle = picture.getpixel((5, 5)), picture.getpixel((300, 200))
    assert all(value >= 250 for value in corner)
    assert max(abs(is_ - was) for is_, was in zip(middle, (200, 30, 30), strict=True)) < 12


def test_webp_keeps_what_is_see_through(alice: User, result: Result) -> None:
    picture = opened(download(alice, result, format="webp")[1]).convert("RGBA")
    assert picture.getpixel((5, 5))[3] == 0
    assert picture.getpixel((300, 200))[3] == 255


@pytest.mark.parametrize("background", ["0000ff", "#0000FF", "00f"])
def test_background_is_laid_behind_the_subject(alice: User, result: Result, background: str) -> None:
    picture = opened(download(alice, result, background=background)[1]).convert("RGBA")
    assert picture.getpixel((5, 5)) == (0, 0, 255, 255)
    assert picture.getpixel((300, 200)) == (200, 30, 30, 255)


@pytest.mark.parametrize(
    ("size", "expected"), [("small", (512, 341)), ("preview", (256, 171)), ("large", (600, 400))]
)
def test_size_makes_smaller_and_never_larger(
    alice: User, result: Result, size: str, expected: tuple[int, int]
) -> None:
    assert opened(download(alice, result, size=size)[1]).size == expected


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"format": "gif"}, b"png, jpg or webp"),
        ({"size": "huge"}, b"full, large, medium, small or preview"),
        ({"background": "white"}, b"a colour such as ffffff"),
        ({"background": "#12345"}, b"a colour such as ffffff"),
        ({"background": "--mask"}, b"a colour such as ffffff"),
    ],
)
def test_what_is_not_on_offer_is_400_with_a_sentence(
    alice: User, result: Result, query: dict[str, str], sentence: bytes
) -> None:
    response, body = download(alice, result, **query)
    assert response.status_code == 400
    assert sentence in body


def test_file_that_cannot_be_read_is_said_in_a_sentence(alice: User, temporary: Path) -> None:
    broken = result_of(photo_of(alice), content=b"\x89PNG\r\n\x1a\nnot really")
    response, body = download(alice, broken, format="jpg")
    assert response.status_code == 422
    assert b"This picture could not be prepared" in body
    assert list(temporary.iterdir()) == []


def test_conversion_is_made_once(alice: User, result: Result, media: Any) -> None:
    first = download(alice, result, format="jpg", size="small")[1]
    kept = media()
    assert download(alice, result, format="jpg", size="small")[1] == first
    assert media() == kept


def test_missing_file_is_404_for_a_conversion_too(alice: User, result: Result, temporary: Path) -> None:
    default_storage.delete(result.file.name)
    response, body = download(alice, result, format="jpg")
    assert response.status_code == 404
    assert b"no longer in the studio" in body
    assert list(temporary.iterdir()) == []
