"""Renders: a cutout with its finish, made when somebody asks, kept, and made again where it is gone."""

import os
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from accounts.models import User
from editor import finishes
from editor.engines.finishing.finish import Finish
from editor.files import render_process, renders
from editor.files.render_process import RenderFailed, RenderProcess
from editor.files.signed_urls import sign_path
from editor.models import Photo, Result
from tests.conftest import signed_in

from .files_out import cut_file, encoded, get, photo_of, result_of, stored

BLUE = Finish(background="#0000ff", format="jpg")


@pytest.fixture
def cutout(alice: User) -> Result:
    return result_of(photo_of(alice), size=(60, 40), bare=True)


@pytest.fixture
def temporary(settings: Any, tmp_path: Path) -> Path:
    """The folder of temporary files, which every render has to leave empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def ask(user: User | None, result: Result, what: str = "file", **query: str) -> tuple[Any, bytes]:
    return get(user, reverse(f"editor:result-{what}", args=[result.pk]), query)


def opened(body: bytes) -> Image.Image:
    picture = Image.open(BytesIO(body))
    picture.load()
    return picture


def list_renders() -> list[str]:
    root = Path(default_storage.path(renders.FOLDER))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_cutout_without_a_finish_goes_out_as_it_is(alice: User, cutout: Result) -> None:
    for what in ("file", "download", "screen"):
        assert ask(alice, cutout, what)[1] == cut_file(60, 40, "png"), what
    assert list_renders() == []


def test_cutout_is_handed_over_with_the_finish_that_counts(
    alice: User, cutout: Result, temporary: Path
) -> None:
    finishes.set_finish(cutout.photo, Finish(canvas="exact", width=90, height=90, background="#0000ff"))
    picture = opened(ask(alice, cutout)[1])
    assert (picture.format, picture.size) == ("PNG", (90, 90))
    assert picture.convert("RGB").getpixel((2, 2)) == (0, 0, 255)
    assert picture.convert("RGB").getpixel((45, 45)) == (200, 30, 30)
    finishes.undo(cutout.photo)
    assert ask(alice, cutout)[1] == cut_file(60, 40, "png")
    assert list(temporary.iterdir()) == []


def test_several_frames_come_in_one_archive_each_placed_anew(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    response, body = get(
        alice, reverse("editor:result-frames", args=[cutout.pk]), {"ratio": ["1:1", "9:16", "A4", "1:1"]}
    )
    assert "frames.zip" in response["Content-Disposition"]
    archive = ZipFile(BytesIO(body))
    stem = cutout.photo.name.rpartition(".")[0]
    shares = {"1x1": 1, "9x16": 9 / 16, "A4": 210 / 297}
    assert archive.namelist() == [f"{stem} {word}.jpg" for word in shares]
    for name, share in zip(archive.namelist(), shares.values(), strict=True):
        picture = opened(archive.read(name))
        assert picture.width / picture.height == pytest.approx(share, abs=0.02)
        colours = np.asarray(picture.convert("RGB")).astype(int)
        product = np.argwhere(colours[..., 0] > 120)
        gaps = *product.min(axis=0), *(np.array(colours.shape[:2]) - 1 - product.max(axis=0))
        assert min(gaps) >= 2, "it touches no edge"
        assert abs(gaps[0] - gaps[2]) <= 3
        assert abs(gaps[1] - gaps[3]) <= 3


def test_frames_of_an_exact_finish_keep_its_longer_side() -> None:
    finish = Finish(canvas="exact", width=1600, height=1200, scaling="fit", margins=(0.1,) * 4)
    tall = finishes.reframe(finish, (4, 5))
    assert (tall.canvas, tall.width, tall.height, tall.margins) == ("exact", 1280, 1600, (0.1,) * 4)


@pytest.mark.parametrize("ratio", [[], ["2:7"]])
def test_frames_that_are_not_on_offer_are_refused(alice: User, cutout: Result, ratio: list[str]) -> None:
    assert (
        get(alice, reverse("editor:result-frames", args=[cutout.pk]), {"ratio": ratio})[0].status_code == 400
    )


def test_frames_are_their_owners_and_a_cutouts_alone(alice: User, bob: User, cutout: Result) -> None:
    asked = {"ratio": ["1:1"]}
    assert get(bob, reverse("editor:result-frames", args=[cutout.pk]), asked)[0].status_code == 404
    other = result_of(cutout.photo, size=(60, 40))
    assert get(alice, reverse("editor:result-frames", args=[other.pk]), asked)[0].status_code == 404


def test_same_picture_is_made_once_and_has_the_same_bytes(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    first = ask(alice, cutout)[1]
    made = list_renders()
    assert ask(alice, cutout, "download")[1] == first
    assert list_renders() == made
    # Another photo's, or the same after a detour, is the same all the same.
    finishes.set_finish(cutout.photo, Finish(background="#00ff00"))
    finishes.set_finish(cutout.photo, BLUE)
    default_storage.delete(f"{renders.FOLDER}/{made[0]}")
    assert ask(alice, cutout)[1] == first
    assert list_renders() == made


def test_download_may_ask_for_another_file_than_the_finish_has(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    response, body = ask(alice, cutout, "download", format="webp", background="00ff00")
    assert opened(body).format == "WEBP"
    red, green, blue = opened(body).convert("RGB").getpixel((2, 2))
    assert (red < 12, green > 240, blue < 12) == (True, True, True)
    assert response["Content-Disposition"] == 'attachment; filename="lamp.webp"'
    assert ask(alice, cutout, "download")[0]["Content-Disposition"] == 'attachment; filename="lamp.jpg"'


def test_mask_lies_on_the_canvas_of_the_finish(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, Finish(canvas="exact", width=90, height=90, background="#0000ff"))
    response, body = ask(alice, cutout, "download", mask="1")
    picture = opened(body)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (90, 90))
    assert (picture.getpixel((2, 2)), picture.getpixel((45, 45))) == (0, 255)
    assert response["Content-Disposition"] == 'attachment; filename="lamp-mask.png"'


def test_picture_behind_is_in_the_file_and_in_the_name_of_the_render(alice: User, cutout: Result) -> None:
    wall = Image.new("RGB", (60, 40), (10, 200, 10))
    fields = {"purpose": Photo.Purpose.BACKDROP, "file": stored("photos", "png", encoded(wall, "png"))}
    finishes.set_finish(cutout.photo, Finish(), photo_of(alice, **fields))
    assert opened(ask(alice, cutout)[1]).convert("RGB").getpixel((2, 2)) == (10, 200, 10)
    other = renders.find_picture(cutout, finishes.Current(backdrop=photo_of(alice)))
    ours = renders.find_picture(cutout, finishes.get_current(cutout.photo))
    assert ours is not None
    assert other is not None
    assert ours.key != other.key


def test_thumbnail_shows_the_finish_small(alice: User) -> None:
    cutout = result_of(photo_of(alice), size=(1200, 800), bare=True)
    plain = ask(alice, cutout, "thumbnail")[1]
    finishes.set_finish(cutout.photo, Finish(format="jpg"))
    picture = opened(ask(alice, cutout, "thumbnail")[1])
    assert ask(alice, cutout, "thumbnail")[1] != plain
    assert (picture.format, max(picture.size)) == ("WEBP", 512)
    # A file without transparency has white behind though nobody chose it.
    assert min(picture.convert("RGBA").getpixel((4, 4))) > 240


def test_screen_copy_has_no_finish_and_loses_nothing_but_size(alice: User) -> None:
    cutout = result_of(photo_of(alice), size=(4000, 1000), bare=True)
    finishes.set_finish(cutout.photo, BLUE)
    response, body = ask(alice, cutout, "screen")
    picture = opened(body)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (2048, 512))
    assert picture.getpixel((1024, 256)) == (200, 30, 30, 255)
    assert picture.getpixel((4, 4))[3] == 0
    assert "immutable" in response["Cache-Control"]


def test_address_whose_picture_changes_is_never_kept_without_asking(alice: User, cutout: Result) -> None:
    tags = set()
    for finish in (Finish(), BLUE, Finish(background="#00ff00")):
        finishes.set_finish(cutout.photo, finish)
        for what in ("file", "thumbnail"):
            response, _ = ask(alice, cutout, what)
            assert response["Cache-Control"] == "private, no-cache"
            tags.add((what, response["ETag"]))
            address = reverse(f"editor:result-{what}", args=[cutout.pk])
            assert get(alice, address, headers={"If-None-Match": response["ETag"]})[0].status_code == 304
    assert len(tags) == 6


def test_part_of_a_render_can_be_asked_for(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    whole = ask(alice, cutout)[1]
    response, body = get(
        alice, reverse("editor:result-file", args=[cutout.pk]), headers={"Range": "bytes=2-9"}
    )
    assert (response.status_code, body) == (206, whole[2:10])


def test_finished_picture_of_a_program_is_what_its_file_is(alice: User) -> None:
    picture = result_of(photo_of(alice), format="jpg")
    finishes.set_finish(picture.photo, Finish(background="#00ff00"))
    response, body = ask(alice, picture)
    assert body == cut_file(60, 40, "jpg")
    assert "immutable" in response["Cache-Control"]
    assert ask(alice, picture, "screen")[0].status_code == 404


@pytest.mark.parametrize("what", ["file", "thumbnail", "screen", "download"])
def test_stranger_gets_404_and_nothing_is_made(alice: User, charlie: User, cutout: Result, what: str) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    assert ask(charlie, cutout, what)[0].status_code == 404
    assert ask(None, cutout, what)[0].status_code == 302
    assert list_renders() == []


def test_signed_address_shows_the_finish_and_bears_its_ending(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    address = sign_path(cutout)
    assert address.endswith("/cutout.jpg")
    response, body = get(None, address)
    assert opened(body).format == "JPEG"
    assert response["Cache-Control"] == "private, no-cache"


def test_cutout_whose_file_is_gone_says_so(alice: User, cutout: Result, temporary: Path) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    default_storage.delete(cutout.file.name)
    response, body = ask(alice, cutout)
    assert response.status_code == 404
    assert b"Make it again from the photo" in body
    assert list(temporary.iterdir()) == []


def test_backdrop_that_cannot_be_read_is_said_in_a_sentence(alice: User, cutout: Result) -> None:
    broken = stored("photos", "png", b"\x89PNG\r\n\x1a\nnot really")
    finishes.set_finish(cutout.photo, Finish(), photo_of(alice, file=broken))
    response, body = ask(alice, cutout)
    assert response.status_code == 422
    assert b"background" in body
    assert list_renders() == []


def test_render_that_finds_no_room_is_handed_over_and_not_kept(
    alice: User, cutout: Result, settings: Any
) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    settings.DISK_RESERVE_MB = 10**9
    assert opened(ask(alice, cutout)[1]).format == "JPEG"
    assert list_renders() == []


def test_of_one_cutout_only_so_many_renders_are_kept_the_latest(
    cutout: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renders, "MOST_EACH", 3)
    made = []
    for number in range(5):
        render = renders.find_picture(cutout, finishes.Current(), background=f"#00000{number}")
        assert render is not None
        renders.keep(render, ContentFile(b"x"))
        os.utime(default_storage.path(render.stored), (number, number))
        made.append(render.stored)
    assert [f"{renders.FOLDER}/{name}" for name in list_renders()] == sorted(made[2:])


def test_use_is_noted_so_that_what_is_looked_at_stays(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    ask(alice, cutout)
    path = Path(default_storage.path(renders.FOLDER)) / list_renders()[0]
    os.utime(path, (0, 0))
    ask(alice, cutout)
    assert path.stat().st_mtime > time.time() - 600


# -- The process ----------------------------------------------------------------------------------------


@pytest.fixture
def process(tmp_path: Path) -> Any:
    made = RenderProcess()
    yield made
    made.close()


def work(tmp_path: Path) -> dict[str, Any]:
    source = tmp_path / "source.png"
    source.write_bytes(cut_file(60, 40, "png"))
    target = str(tmp_path / "target.png")
    return {"work": "screen", "side": 30, "source": str(source), "target": target}


def test_process_stays_warm_and_answers_one_after_another(process: RenderProcess, tmp_path: Path) -> None:
    assert process.run(work(tmp_path)) == {"width": 30, "height": 20}
    assert process.process is not None
    first = process.process.pid
    assert process.run(work(tmp_path)) == {"width": 30, "height": 20}
    assert process.process.pid == first


def test_process_that_ended_idle_is_followed_by_another(
    process: RenderProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_process, "SECONDS_IDLE", 0)
    for _ in range(3):
        assert process.run(work(tmp_path)) == {"width": 30, "height": 20}


def test_error_of_the_engine_is_a_sentence_and_the_process_goes_on(
    process: RenderProcess, tmp_path: Path
) -> None:
    asked = work(tmp_path)
    Path(asked["source"]).write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    with pytest.raises(RenderFailed) as failed:
        process.run(asked)
    assert failed.value.status == 422
    assert failed.value.sentence.endswith(".")
    assert process.run(work(tmp_path)) == {"width": 30, "height": 20}


def test_process_that_crashes_costs_its_own_picture_alone(process: RenderProcess, tmp_path: Path) -> None:
    with pytest.raises(RenderFailed) as failed:
        process.run({**work(tmp_path), "work": "nothing of the kind"})
    assert (failed.value.status, failed.value.sentence) == (500, render_process.FAILED)
    assert process.run(work(tmp_path)) == {"width": 30, "height": 20}


def test_picture_that_takes_too_long_is_given_up_and_its_process_killed(
    process: RenderProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "python"
    said.write_text("#!/bin/sh\nexec sleep 600\n")
    said.chmod(0o755)
    monkeypatch.setattr(render_process.sys, "executable", str(said))
    monkeypatch.setattr(render_process, "SECONDS_TO_WORK", 0.2)
    with pytest.raises(RenderFailed) as failed:
        process.run(work(tmp_path))
    assert (failed.value.status, failed.value.sentence) == (503, render_process.TOO_SLOW)
    assert process.process is None


def test_whose_turn_comes_too_late_is_told_to_come_again(
    alice: User, cutout: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_process, "SECONDS_TO_WAIT", -1)
    finishes.set_finish(cutout.photo, BLUE)
    response, body = ask(alice, cutout)
    assert response.status_code == 503
    assert b"in a minute" in body


def test_process_has_no_more_memory_than_it_is_given(
    process: RenderProcess, tmp_path: Path, settings: Any
) -> None:
    settings.IMAGING_MEMORY_MB = 300
    asked = work(tmp_path)
    Image.new("RGBA", (4000, 4000), (9, 9, 9, 9)).save(asked["source"])
    with pytest.raises(RenderFailed) as failed:
        process.run({**asked, "side": 2000})
    assert failed.value.status in (422, 500)


def test_page_addresses_the_cutout_the_finish_and_what_counts(alice: User, cutout: Result) -> None:
    finishes.set_finish(cutout.photo, BLUE)
    response = signed_in(alice).get(reverse("editor:photo", args=[cutout.photo_id]))
    page = response.content.decode()
    screen = reverse("editor:result-screen", args=[cutout.pk])
    assert f'data-cutout="{screen}"' in page
    assert 'data-cutout-width="60"' in page
    assert f"/file?finish={cutout.photo.finish_number}" in page
    assert '<script id="finish" type="application/json">' in page
