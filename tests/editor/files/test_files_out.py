"""Photos and results as files: to their owner alone, streamed, kept by the browser, under good names."""

import logging
import time
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from accounts.models import User
from editor.files import downloads, signed_urls
from editor.models import Photo, Result

from .files_out import ask, cut_picture, encoded, get, photo_of, result_of, stored

PHOTO_ROUTES = ["photo-preview", "photo-thumbnail", "photo-original"]
RESULT_ROUTES = ["result-file", "result-thumbnail", "result-download"]


@pytest.fixture
def photo(alice: User) -> Photo:
    small = encoded(cut_picture(12, 8), "webp")
    return photo_of(
        alice, preview=stored("photos", "jpg", b"preview"), thumbnail=stored("photos", "webp", small)
    )


@pytest.fixture
def result(photo: Photo) -> Result:
    return result_of(photo)


def address(route: str, photo: Photo, result: Result) -> str:
    return reverse(f"editor:{route}", args=[result.pk if route.startswith("result") else photo.pk])


@pytest.mark.parametrize("route", PHOTO_ROUTES + RESULT_ROUTES)
def test_alice_gets_each_of_her_files(alice: User, photo: Photo, result: Result, route: str) -> None:
    response, body = get(alice, address(route, photo, result))
    assert response.status_code == 200
    assert len(body) == int(response["Content-Length"]) > 0
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("route", PHOTO_ROUTES + RESULT_ROUTES)
def test_charlie_the_stranger_gets_404_for_each(
    charlie: User, photo: Photo, result: Result, route: str
) -> None:
    response, _ = get(charlie, address(route, photo, result))
    assert response.status_code == 404


@pytest.mark.parametrize("route", PHOTO_ROUTES + RESULT_ROUTES)
def test_who_is_signed_out_is_sent_to_sign_in_and_a_script_is_told(
    photo: Photo, result: Result, route: str
) -> None:
    path = address(route, photo, result)
    response, _ = get(None, path)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign-in"))
    response, sentence = get(None, path, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 401
    assert b"signed out" in sentence


@pytest.mark.parametrize("route", PHOTO_ROUTES + RESULT_ROUTES)
def test_files_are_not_written_to(alice: User, photo: Photo, result: Result, route: str) -> None:
    response, _ = ask(alice, "post", address(route, photo, result))
    assert response.status_code == 405


def test_result_is_the_stored_file_byte_for_byte_and_of_its_type(alice: User, result: Result) -> None:
    response, body = get(alice, reverse("editor:result-file", args=[result.pk]))
    with default_storage.open(result.file.name) as file:
        assert body == file.read()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == 'inline; filename="lamp.png"'
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"


def test_large_file_comes_in_several_chunks(alice: User, photo: Photo) -> None:
    content = bytes(range(256)) * 3000
    result = result_of(photo, content=content)
    _, body = get(alice, reverse("editor:result-file", args=[result.pk]))
    assert len(content) > 2 * downloads.CHUNK
    assert body == content


def test_browser_that_has_the_file_gets_304_without_a_look_at_the_storage(
    alice: User, result: Result
) -> None:
    path = reverse("editor:result-file", args=[result.pk])
    etag = get(alice, path)[0]["ETag"]
    default_storage.delete(result.file.name)
    response, body = get(alice, path, headers={"If-None-Match": etag})
    assert (response.status_code, body) == (304, b"")
    assert response["ETag"] == etag
    assert response["Cache-Control"] == downloads.FOREVER
    other = result_of(result.photo)
    response, _ = get(alice, reverse("editor:result-file", args=[other.pk]), headers={"If-None-Match": etag})
    assert response.status_code == 200


@pytest.mark.parametrize("route", PHOTO_ROUTES + RESULT_ROUTES)
def test_head_says_what_get_would(alice: User, photo: Photo, result: Result, route: str) -> None:
    path = address(route, photo, result)
    given, _ = get(alice, path)
    response, body = ask(alice, "head", path)
    assert (response.status_code, body) == (200, b"")
    for header in ("Content-Length", "Content-Type", "Content-Disposition", "Cache-Control"):
        assert response[header] == given[header]


def test_missing_file_is_a_404_page_with_a_sentence_and_a_line_in_the_log(
    alice: User, result: Result, caplog: pytest.LogCaptureFixture
) -> None:
    name = result.file.name
    default_storage.delete(name)
    with caplog.at_level(logging.ERROR, logger="editor.files.downloads"):
        response, body = get(alice, reverse("editor:result-file", args=[result.pk]))
    assert response.status_code == 404
    assert b"no longer in the studio" in body
    assert response["Content-Type"].startswith("text/html")
    assert name in caplog.text


# -- Photos -----------------------------------------------------------------------------------------


def test_preview_is_the_clean_copy_and_kept(alice: User, photo: Photo) -> None:
    response, body = get(alice, reverse("editor:photo-preview", args=[photo.pk]))
    assert body == b"preview"
    assert response["Cache-Control"] == downloads.FOREVER


@pytest.mark.parametrize("route", ["photo-preview", "photo-thumbnail"])
def test_before_the_first_task_the_upload_itself_is_shown_and_never_kept(alice: User, route: str) -> None:
    photo = photo_of(alice)
    response, body = get(alice, reverse(f"editor:{route}", args=[photo.pk]))
    with default_storage.open(photo.file.name) as file:
        assert body == file.read()
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


def test_photo_that_browsers_cannot_show_has_no_preview_before_its_first_task(alice: User) -> None:
    photo = photo_of(alice, name="phone.heic", format="HEIF")
    response, body = get(alice, reverse("editor:photo-preview", args=[photo.pk]))
    assert response.status_code == 404
    assert b"once its first task" in body


def test_original_is_a_download_under_its_own_name_and_never_kept(alice: User) -> None:
    photo = photo_of(alice, name="Kaffee größer.jpg")
    response, _ = get(alice, reverse("editor:photo-original", args=[photo.pk]))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Kaffee%20gr%C3%B6%C3%9Fer.jpg"
    assert response["Cache-Control"] == "private, no-store"


# -- Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("lamp.jpg", "lamp.png"),
        ("IMG 1.2 final.JPEG", "IMG 1.2 final.png"),
        ("no ending", "no ending.png"),
        ("Lampe\r\nSet-Cookie: a=b.jpg", "Lampe Set-Cookie a=b.png"),
        ('../../etc/"passwd".png', "etc passwd.png"),
        ("....", "picture.png"),
        ("照片.heic", "照片.png"),
        ("a" * 118 + ".x", "a" * 100 + ".png"),
        ("con.jpg", "_con.png"),
        ("LPT1.final.jpg", "_LPT1.final.png"),
        ("console.jpg", "console.png"),
    ],
)
def test_download_is_named_after_the_photo_whatever_its_name(name: str, given: str) -> None:
    photo = Photo(name=name, format="JPEG")
    assert downloads.name_result(Result(photo=photo, tool="cutout", format="png")) == given


@pytest.mark.parametrize("tool", ["cutout", "head", "erase", "scene"])
@pytest.mark.parametrize("format", ["png", "jpg", "webp"])
def test_whatever_made_it_a_picture_has_its_photos_name_and_its_own_ending(
    alice: User, tool: str, format: str
) -> None:
    result = result_of(photo_of(alice, name="IMG_2042.HEIC"), tool=tool, format=format)
    response, _ = get(alice, reverse("editor:result-download", args=[result.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="IMG_2042.{format}"'


def test_a_second_take_says_that_it_is_the_second() -> None:
    take = Result(photo=Photo(name="mug.jpg", format="JPEG"), tool="scene", number=2, format="jpg")
    assert downloads.name_result(take) == "mug-2.jpg"


def test_mask_says_that_it_is_one(alice: User, result: Result) -> None:
    mask = Result(photo=result.photo, tool="cutout", kind=Result.Kind.MASK, format="png")
    assert downloads.name_result(mask) == "lamp-mask.png"


def test_name_with_line_ends_cannot_add_a_header(alice: User) -> None:
    photo = photo_of(alice, name="Lampe\r\nSet-Cookie: a=b.jpg")
    response, _ = get(alice, reverse("editor:result-file", args=[result_of(photo).pk]))
    assert response["Content-Disposition"] == 'inline; filename="Lampe Set-Cookie a=b.png"'
    assert "a" not in response.cookies


# -- Signed addresses -------------------------------------------------------------------------------


def path_of(absolute: str) -> str:
    assert absolute.startswith(settings.SITE_URL + "/")
    return absolute.removeprefix(settings.SITE_URL)


def test_signed_address_gives_the_file_to_anybody(result: Result) -> None:
    response, body = get(None, path_of(signed_urls.sign(result, "file", 60)))
    assert response.status_code == 200
    assert Image.open(BytesIO(body)).size == (60, 40)
    assert 0 < int(response["Cache-Control"].removeprefix("private, max-age=")) <= 60


def test_signed_address_ends_with_a_file_name_that_tells_the_format_and_nothing_of_the_photo(
    photo: Photo,
) -> None:
    cutout, mask = result_of(photo, format="webp"), result_of(photo, kind=Result.Kind.MASK)
    assert signed_urls.sign(cutout).rpartition("/")[2] == "cutout.webp"
    assert signed_urls.sign(mask).rpartition("/")[2] == "mask.png"
    # Addresses given out before they had names go on to work.
    bare = path_of(signed_urls.sign(cutout)).rpartition("/")[0]
    assert get(None, bare)[0].status_code == 200


def test_signed_address_gives_what_it_was_made_for(result: Result) -> None:
    response, body = get(None, path_of(signed_urls.sign(result, "thumbnail", 60)))
    assert Image.open(BytesIO(body)).size == (12, 8)
    response, _ = get(None, path_of(signed_urls.sign(result, "download", 60)))
    assert response["Content-Disposition"].startswith("attachment")


def test_expired_address_is_410_and_says_so(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(signed_urls.sign(result, "file", 60))
    now = time.time()
    monkeypatch.setattr(signed_urls.time, "time", lambda: now + 61)
    response, body = get(None, path)
    assert response.status_code == 410
    assert b"expired" in body


@pytest.mark.parametrize("change", ["end", "kind", "signature", "short", "nothing"])
def test_changed_address_is_404(result: Result, change: str) -> None:
    path = path_of(signed_urls.sign(result, "thumbnail", 60))
    value, _, signature = path.rpartition(".")
    changed = {
        "end": f"{value}0.{signature}",
        "kind": f"{value.replace('thumbnail', 'download')}.{signature}",
        "signature": f"{value}.{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        "short": value,
        "nothing": path.rpartition("/")[0] + "/x",
    }[change]
    response, _ = get(None, changed)
    assert response.status_code == 404


def test_signed_address_of_a_deleted_result_is_404(result: Result) -> None:
    path = path_of(signed_urls.sign(result))
    result.delete()
    assert get(None, path)[0].status_code == 404


def test_signed_address_of_a_photo_never_gives_the_upload_as_it_came(alice: User) -> None:
    bare = photo_of(alice)
    assert get(None, signed_urls.sign_path(bare))[0].status_code == 404
    small = photo_of(alice, thumbnail=stored("photos", "webp", b"small"))
    response, body = get(None, signed_urls.sign_path(small))
    assert (response.status_code, body) == (200, b"small")


@pytest.mark.parametrize("wrong", [{"kind": "original"}, {"seconds": 0}, {"seconds": 10**9}])
def test_address_of_a_wrong_kind_or_for_ever_is_not_made(result: Result, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"original|seconds"):
        signed_urls.sign(result, **wrong)


def test_nobody_gets_a_suspended_persons_pictures(result: Result) -> None:
    path = signed_urls.sign_path(result)
    assert get(None, path)[0].status_code == 200
    User.objects.filter(pk=result.owner_id).update(is_active=False)
    assert get(None, path)[0].status_code == 404
