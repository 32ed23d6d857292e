"""Many pictures as one ZIP: made while it is sent, whatever is in it or missing."""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from editor import finishes
from editor.engines.finishing.finish import Finish
from editor.files import zip_archives
from editor.files.zip_archives import ArchiveStream, Entry, write_archive
from editor.models import Photo, Result
from tests.editor.files.files_out import ask, get, photo_of, result_of

ZIP = "/gallery/zip/"


def opened(body: bytes) -> ZipFile:
    archive = ZipFile(BytesIO(body))
    assert archive.testzip() is None
    return archive


def ticked(user: User, *results: Result) -> tuple[Any, bytes]:
    return ask(user, "post", ZIP, {"result": [str(result.pk) for result in results]})


def content(result: Result) -> bytes:
    with default_storage.open(result.file.name) as file:
        return file.read()


def test_ticked_pictures_come_whole_and_alone(alice: User) -> None:
    lamp, mug, left_out = (result_of(photo_of(alice, name=f"{name}.jpg")) for name in ("lamp", "mug", "shoe"))
    response, body = ticked(alice, lamp, mug)
    archive = opened(body)
    assert sorted(archive.namelist()) == ["lamp.png", "mug.png"]
    assert archive.read("lamp.png") == content(lamp)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="Sweep ')
    assert response["Cache-Control"] == "private, no-store"
    assert content(left_out)


def test_all_that_match_come_with_a_plain_link(alice: User) -> None:
    result_of(photo_of(alice, name="lamp.jpg"))
    mug = result_of(photo_of(alice, name="mug.jpg"), tool="scene")
    result_of(mug.photo, kind=Result.Kind.MASK, task=mug.task)
    assert len(opened(get(alice, ZIP)[1]).namelist()) == 2
    assert opened(get(alice, ZIP, {"tool": "scene"})[1]).namelist() == ["mug.png"]


def test_cutouts_come_with_their_finish_under_the_names_of_their_photos(alice: User) -> None:
    lamp, mug, plain = (
        result_of(photo_of(alice, name=f"{name}.png"), bare=True) for name in ("lamp", "mug", "plain")
    )
    white = Finish(canvas="exact", width=160, height=160, background="#ffffff", format="jpg")
    finishes.apply_to([lamp.photo, mug.photo], photo_with(alice, white))
    archive = opened(ticked(alice, lamp, mug, plain)[1])
    assert sorted(archive.namelist()) == ["lamp.jpg", "mug.jpg", "plain.png"]
    assert archive.read("plain.png") == content(plain)
    assert archive.read("lamp.jpg") == get(alice, reverse("editor:result-file", args=[lamp.pk]))[1]
    picture = Image.open(BytesIO(archive.read("mug.jpg")))
    assert (picture.format, picture.size) == ("JPEG", (160, 160))


def test_cutout_that_cannot_be_finished_is_named_and_the_others_come(alice: User) -> None:
    lamp, mug = (result_of(photo_of(alice, name=f"{name}.png"), bare=True) for name in ("lamp", "mug"))
    broken = photo_of(alice, purpose=Photo.Purpose.BACKDROP)
    with default_storage.open(broken.file.name, "wb") as file:
        file.write(b"no picture")
    finishes.set_finish(lamp.photo, Finish(), broken)
    archive = opened(ticked(alice, lamp, mug)[1])
    assert set(archive.namelist()) == {"mug.png", "FAILED.txt"}
    assert "lamp.png: The background: " in archive.read("FAILED.txt").decode()


def photo_with(owner: User, finish: Finish) -> Photo:
    photo = photo_of(owner)
    finishes.set_finish(photo, finish)
    return photo


def test_same_names_are_told_apart_and_other_scripts_are_kept(alice: User) -> None:
    names = [
        "Lampe.jpg",
        "lampe.png",
        "Lampe.webp",
        "Lampe-2.jpg",
        "größer 照片.jpg",
        "größer 照片.jpg",
    ]
    for age, name in enumerate(names):
        result_of(photo_of(alice, name=name), minutes_ago=age)
    found = opened(get(alice, ZIP)[1]).namelist()
    assert found == [
        "Lampe.png",
        "lampe-3.png",
        "Lampe-4.png",
        "Lampe-2.png",
        "größer 照片.png",
        "größer 照片-2.png",
    ]
    assert len({name.casefold() for name in found}) == len(names)


def test_name_that_another_took_already_is_not_given_again() -> None:
    def entry(name: str) -> Result:
        from editor.models import Photo

        return Result(photo=Photo(name=name), tool="cutout", format="png", file="x")

    named = [one.name for one in zip_archives.name_entries([entry("a.jpg"), entry("a.jpg"), entry("a.jpg")])]
    assert named == ["a.png", "a-2.png", "a-3.png"]


def test_pictures_of_one_photo_are_numbered_where_their_format_is_one_too(alice: User) -> None:
    photo = photo_of(alice, name="IMG_2042.HEIC")
    for age, (tool, format) in enumerate([("cutout", "png"), ("erase", "png"), ("scene", "jpg")]):
        result_of(photo, tool=tool, format=format, minutes_ago=age)
    found = opened(get(alice, ZIP)[1]).namelist()
    assert found == ["IMG_2042.png", "IMG_2042-2.png", "IMG_2042.jpg"]


def test_missing_files_are_listed_and_break_nothing(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    here, gone = (result_of(photo_of(alice, name=f"{name}.jpg")) for name in ("here", "gone"))
    default_storage.delete(gone.file.name)
    with caplog.at_level(logging.ERROR, logger="editor.files.zip_archives"):
        _, body = ticked(alice, here, gone)
    archive = opened(body)
    assert sorted(archive.namelist()) == ["MISSING.txt", "here.png"]
    assert "gone.png" in archive.read("MISSING.txt").decode()
    assert gone.file.name in caplog.text


def test_charlie_the_stranger_gets_none_of_alices_pictures(alice: User, charlie: User) -> None:
    hers = result_of(photo_of(alice))
    assert ticked(charlie, hers)[0].status_code == 404
    assert get(charlie, ZIP)[0].status_code == 404
    his = result_of(photo_of(charlie, name="his.jpg"))
    assert opened(ticked(charlie, hers, his)[1]).namelist() == ["his.png"]


def test_nothing_ticked_is_said(alice_client: Client) -> None:
    response = alice_client.post(reverse("editor:gallery-zip"))
    assert response.status_code == 422
    assert b"Tick at least one picture" in response.content


def test_more_than_an_archive_takes_is_cut_and_said(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archives, "MAX_PICTURES", 2)
    for age, name in enumerate(["new.jpg", "older.jpg", "oldest.jpg"]):
        result_of(photo_of(alice, name=name), minutes_ago=age)
    archive = opened(get(alice, ZIP)[1])
    assert archive.namelist() == ["new.png", "older.png", "MORE.txt"]
    assert b"narrow the gallery" in archive.read("MORE.txt")


# -- How it is made -----------------------------------------------------------------------------------


def test_archive_is_made_piece_by_piece_as_it_is_read(alice: User) -> None:
    photo = photo_of(alice)
    results = [result_of(photo, content=bytes(600_000)) for _ in range(4)]
    opened_names: list[str] = []

    def entries() -> Iterator[Entry]:
        for result in results:
            opened_names.append(result.file.name)
            yield Entry(result.file.name, f"{result.pk}.png")

    parts = zip_archives.write_archive(entries(), {})
    size, largest = 0, 0
    while size < 700_000:
        part = next(parts)
        size, largest = size + len(part), max(largest, len(part))
    assert len(opened_names) == 2
    assert largest <= zip_archives.CHUNK
    parts.close()


def test_reader_that_leaves_closes_the_file_that_was_open(alice: User) -> None:
    result = result_of(photo_of(alice), content=bytes(2_000_000))
    stream = ArchiveStream(write_archive([Entry(result.file.name, "a.png")], {}))

    async def leave() -> None:
        async for chunk in stream:
            assert chunk
            break

    async_to_sync(leave)()
    stream.close()
    assert stream.step() == b""


def test_storage_without_folders_gives_its_files_alike(alice: User, settings: Any) -> None:
    """As S3 does: names and streams, no path on this machine."""
    backend = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    here, gone = (result_of(photo_of(alice, name=f"{name}.jpg")) for name in ("here", "gone"))
    default_storage.delete(gone.file.name)
    archive = opened(get(alice, ZIP)[1])
    assert set(archive.namelist()) == {"here.png", "MISSING.txt"}
    assert archive.read("here.png") == content(here)
    path = reverse("editor:result-download", args=[here.pk])
    assert get(alice, path)[1] == content(here)
    assert Image.open(BytesIO(get(alice, path, {"format": "webp"})[1])).format == "WEBP"
