"""result-download: a result to keep, as it is or in another format or size."""

import asyncio
import logging
import os
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from accounts.models import User
from editor.files import conversions
from editor.files.conversions import ConversionFailed, convert
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


def test_file_that_cannot_be_read_is_500_with_what_to_do(
    alice: User, temporary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = result_of(photo_of(alice), content=b"\x89PNG\r\n\x1a\nnot really")
    with caplog.at_level(logging.ERROR, logger="editor.files.conversions"):
        response, body = download(alice, broken, format="jpg")
    assert response.status_code == 500
    assert b"Take the file as it is" in body
    assert "Conversion ended with 1" in caplog.text
    assert list(temporary.iterdir()) == []


def test_missing_file_is_404_for_a_conversion_too(alice: User, result: Result, temporary: Path) -> None:
    default_storage.delete(result.file.name)
    response, body = download(alice, result, format="jpg")
    assert response.status_code == 404
    assert b"no longer in the studio" in body
    assert list(temporary.iterdir()) == []


# -- The process that converts ------------------------------------------------------------------------


@pytest.fixture
def sleeper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An engine that says it has begun and then never ends; what it says is its process id."""
    said = tmp_path / "begun"
    said.mkdir()
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho $$ > {said}/$$\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(conversions.sys, "executable", str(program))
    return said


def alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


def begun(said: Path, number: int) -> list[str]:
    """Wait until so many engines have said that they run; return their process ids."""
    for _ in range(1000):
        if len(names := [path.name for path in said.iterdir() if path.read_text()]) >= number:
            return names
        time.sleep(0.02)
    raise AssertionError(f"{number} engines did not begin")


def test_conversion_that_takes_too_long_is_killed_and_cleared_up(
    result: Result, temporary: Path, sleeper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversions, "SECONDS_TO_WORK", 1)
    with pytest.raises(ConversionFailed, match="too long") as caught:
        async_to_sync(convert)(result.file.name, format="jpg")
    assert caught.value.status == 503
    assert [alive(path.name) for path in sleeper.iterdir()] == [False]
    assert list(temporary.iterdir()) == []


def test_client_that_leaves_takes_the_process_with_it(result: Result, temporary: Path, sleeper: Path) -> None:
    async def leave() -> str:
        work = asyncio.create_task(convert(result.file.name, format="jpg"))
        [pid] = await asyncio.to_thread(begun, sleeper, 1)
        assert alive(pid)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        return pid

    assert not alive(async_to_sync(leave)())
    assert list(temporary.iterdir()) == []


def test_third_conversion_waits_for_a_turn_and_says_so_in_the_end(
    result: Result, temporary: Path, sleeper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversions, "SECONDS_TO_WAIT", 0.1)

    async def three() -> None:
        two = [asyncio.create_task(convert(result.file.name, format="jpg")) for _ in range(2)]
        await asyncio.to_thread(begun, sleeper, 2)
        with pytest.raises(ConversionFailed, match="many downloads") as caught:
            await convert(result.file.name, format="jpg")
        assert caught.value.status == 503
        for task in two:
            task.cancel()
        await asyncio.gather(*two, return_exceptions=True)

    async_to_sync(three)()
    assert len(list(sleeper.iterdir())) == 2
    assert list(temporary.iterdir()) == []
