"""What goes into a run: folders, archives and tables as people have them, and as they should not be."""

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import TestCase

from accounts.models import User
from editor import wiring
from editor.files import uploads
from editor.models import Photo, Recipe, Run, RunItem
from editor.providers.errors import Refused
from editor.states import State as TaskState
from editor.work import recipes
from editor.work.runs import flow, gather, intake, plans, tables
from editor.work.runs.errors import RunRefused
from editor.work.runs.gather import Gathered

from .conftest import Bench, list_items, list_states, make_recipe, make_run, picture, upload, work

State = RunItem.State
Files = Callable[[], list[str]]


def pack(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def run(alice: User) -> Run:
    return make_run(alice)


def list_names(run: Run) -> list[str]:
    return [item.name for item in list_items(run)]


def test_a_folder_with_all_that_folders_have(run: Run, media: Files) -> None:
    long = "n" * 251 + ".png"
    for content, path in [
        (picture(60), "lamps/lamp.png"),
        (b"Read me first.", "lamps/notes.txt"),
        (picture(61), "more/lamp.png"),
        (picture(62)[:20], "more/torn.png"),
        (picture(63), f"more/{long}"),
        (picture(60), "copy of lamp.png"),
        (picture(64), "..\\..\\etc/pass\x00wd.png"),
        (b"", "nothing.png"),
    ]:
        intake.add_upload(run, upload(content), path)
    items = list_items(run)
    assert [item.number for item in items] == list(range(1, 9))
    assert {item.name: item.state for item in items if item.state != State.WAITING} == {
        "lamps/notes.txt": State.UNREADABLE,
        "more/torn.png": State.UNREADABLE,
        "copy of lamp.png": State.DOUBLE,
        "nothing.png": State.UNREADABLE,
    }
    assert items[5].message == "The same as lamps/lamp.png."
    assert all(item.message for item in items if item.state == State.UNREADABLE)
    assert (items[6].name, items[4].name) == ("etc/pass?wd.png", f"more/{long}")
    assert len(media()) == Photo.objects.filter(on_desk=False).count() == 4

    preview = plans.preview_names(run)
    assert "would both be called files/lamp.jpg" in preview.objections[0]
    assert len(preview.rows) == 4
    assert len(preview.rows[2].paths[0].rpartition("/")[2].encode()) == 255


def test_names_are_told_for_thousands_in_little_time(run: Run) -> None:
    """Each photo is named once: four times as many ask no more questions of the database."""
    RunItem.objects.bulk_create(
        RunItem(run=run, number=number, name=f"folder/lamp-{number}.jpg") for number in range(1, 401)
    )
    case = TestCase()
    with case.assertNumQueries(2):
        preview = plans.preview_names(run)
    assert (len(preview.rows), preview.objections) == (400, [])


def test_what_is_no_fault_of_the_photo_is_raised(
    run: Run, monkeypatch: pytest.MonkeyPatch, media: Files
) -> None:
    monkeypatch.setattr(uploads, "has_room_for", lambda size: False)
    with pytest.raises(uploads.UploadRefused, match="disk is full"):
        intake.add_upload(run, upload(picture()), "lamp.png")
    with pytest.raises(uploads.UploadRefused, match="disk is full"):
        intake.add_archive(run, upload(pack({"lamp.png": picture()}), "lamps.zip"))
    assert list_items(run) == []
    assert media() == []


def test_a_run_that_has_begun_takes_no_more(alice: User, media: Files) -> None:
    run = make_run(alice, 1)
    flow.start(run)
    before = media()
    with pytest.raises(RunRefused, match="has begun"):
        intake.add_upload(run, upload(picture(99)), "late.png")
    with pytest.raises(RunRefused, match="has begun"):
        intake.add_archive(run, upload(pack({"late.png": picture(99)})))
    with pytest.raises(RunRefused, match="has begun"):
        tables.add_table(run, upload(b"file\nlate.png\n"))
    Run.objects.filter(pk=run.pk).delete()
    with pytest.raises(RunRefused, match="deleted"):
        intake.add_upload(run, upload(picture(99)), "late.png")
    assert media() == before


def test_a_run_is_of_so_many_photos_at_most(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_ITEMS", 1)
    intake.add_upload(run, upload(picture()), "lamp.png")
    with pytest.raises(RunRefused, match="at most 1 photos"):
        intake.add_upload(run, upload(picture(61)), "lamp-2.png")


def test_a_recipe_of_a_newer_version_is_refused(alice: User) -> None:
    row = Recipe.objects.create(owner=alice, name="Of tomorrow", data={"version": 99})
    with pytest.raises(RunRefused, match="version 99"):
        intake.create(alice, row)


def test_an_archive_comes_in_with_its_table(run: Run) -> None:
    content = pack(
        {
            "shop/lamp10.png": picture(60),
            "shop/lamp2.png": picture(61),
            "shop/again.png": picture(61),
            "__MACOSX/shop/._lamp2.png": b"clutter",
            "shop/notes.txt": b"No photo.",
            "shop/list.csv": "\ufefffile;sku\nlamp10.png;A-10\nlamp2.png;A-2\nlamp3.png;A-3\n".encode(),
        },
        zipfile.ZIP_DEFLATED,
    )
    gathered = intake.add_archive(run, upload(content, "shop.zip"))
    assert gathered == Gathered(
        2, 1, 1, ["Line 4: there is no file lamp3.png. Add it, or take the line out."]
    )
    assert list_names(run) == ["shop/again.png", "shop/lamp2.png", "shop/lamp10.png", "shop/notes.txt"]
    assert list_items(run)[2].columns == {"sku": "A-10"}


def claim_many(content: bytes) -> bytes:
    """A ZIP whose end says that 65,000 files are in it."""
    at = content.rindex(b"PK\x05\x06")
    return content[: at + 8] + struct.pack("<HH", 65_000, 65_000) + content[at + 12 :]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (pack({"/etc/lamp.png": picture()}), "absolute path"),
        (pack({"../lamp.png": picture()}), "outside of it"),
        (claim_many(pack({"lamp.png": picture()})), "65,000 files"),
        (pack({"lamp.png": picture(), "big.bmp": bytes(3 * 2**20)}, zipfile.ZIP_DEFLATED), "times larger"),
        (pack({"lamp.png": picture()})[:-30], "cannot be read"),
        (b"no ZIP", "cannot be read"),
        (pack({"empty/": b""}), "no photo in this ZIP"),
    ],
)
def test_a_dangerous_archive_is_refused_whole(run: Run, content: bytes, sentence: str, media: Files) -> None:
    with pytest.raises(RunRefused, match=sentence):
        intake.add_archive(run, upload(content, "lamps.zip"))
    assert list_items(run) == []
    assert media() == []
    intake.add_upload(run, upload(picture()), "lamp.png")


def test_an_archive_that_is_too_large_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    content = pack({"lamp.png": picture()})
    monkeypatch.setattr(intake, "MOST_UNPACKED_BYTES", 10)
    with pytest.raises(RunRefused, match="at most"):
        intake.add_archive(run, upload(content))
    monkeypatch.setattr(intake, "MOST_ARCHIVE_BYTES", 10)
    with pytest.raises(RunRefused, match="taken at once"):
        intake.add_archive(run, upload(content))


def test_a_damaged_file_in_an_archive_is_a_line(run: Run) -> None:
    content = bytearray(pack({"lamp.png": picture(), "torn.png": picture(61)}))
    content[content.index(b"torn.png") + 40] ^= 0xFF
    gathered = intake.add_archive(run, upload(bytes(content)))
    assert (gathered.added, gathered.unreadable) == (1, 1)
    assert "damaged in the ZIP" in list_items(run)[1].message


def test_a_table_says_what_each_photo_is(alice: User) -> None:
    run = make_run(alice, 3, files=[{"name": "{sku}.{ext}"}])
    content = (
        "\ufeffDatei;SKU;Group\r\nlamp-1.png;A;x\r\n;B;\r\nLAMP-2;C;\r\nlamp-1.png;D;x\r\nlamp-9.png;E;\r\n"
    )
    gathered = tables.add_table(run, upload(content.encode()))
    assert gathered.added == 1
    assert [note[:7] for note in gathered.notes] == ["Line 3 ", "Line 6:"]
    assert [item.columns for item in list_items(run)] == [
        {"sku": "A", "group": "x"},
        {"sku": "C"},
        {},
        {"sku": "D", "group": "x"},
    ]
    paths = [row.paths[0] for row in plans.preview_names(run).rows]
    assert paths == ["files/A.jpg", "files/C.jpg", "files/lamp-3.jpg", "files/D.jpg"]

    # Once more with what was wrong put right: it takes the first one's place.
    assert tables.add_table(run, upload(b"file,sku\nlamp-1.png,Z\n")).added == 0
    assert [item.columns.get("sku") for item in list_items(run)] == ["Z", "C", None]


def test_doubles_that_a_table_tells_apart_are_none(alice: User) -> None:
    run = make_run(alice, 1)
    intake.add_upload(run, upload(picture(60)), "twin.png")
    assert list_states(run) == [State.WAITING, State.DOUBLE]
    tables.add_table(run, upload(b"file,sku\ntwin.png,B\n"))
    assert list_states(run) == [State.WAITING, State.WAITING]
    tables.add_table(run, upload(b"file,sku\nlamp-1.png,B\n"))
    assert list_states(run) == [State.WAITING, State.DOUBLE]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"sku;title\nA;Lamp\n", "Call one of them 'file'"),
        (b"\x00\x01\x02", "no table"),
        (b"", "file"),
        (b"file\n" + b"a.png\n" * 5001, "at most|may have"),
    ],
)
def test_what_is_no_table_is_refused(run: Run, content: bytes, sentence: str) -> None:
    with pytest.raises(RunRefused, match=sentence):
        tables.add_table(run, upload(content, "list.csv"))


def test_addresses_of_a_table_are_fetched_by_the_worker(
    alice: User, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(url: str, path: Any, seconds: float, watch: Any) -> None:
        if "gone" in url:
            raise Refused(TaskState.NOT_FETCHED, "That address was not reached.")
        path.write_bytes(picture(70) if "lamp" in url else b"<html>")

    monkeypatch.setattr(wiring, "fetch", fetch)
    run = make_run(alice, files=[{"name": "{sku}.{ext}"}])
    gathered = tables.add_table(
        run,
        upload(
            b"sku,url\nA,https://shop.example/a/lamp%201.png?x=1\nB,https://shop.example/gone.png\n"
            b"C,https://shop.example/page\nD,http://exa mple\nA,https://shop.example/a/lamp%201.png?x=1\n"
        ),
    )
    assert (gathered.added, gathered.doubles, len(gathered.notes)) == (3, 1, 1)
    assert list_names(run) == ["lamp 1.png", "lamp 1.png", "gone.png", "page"]
    flow.start(run)
    work()
    items = list_items(run)
    assert [item.state for item in items] == [State.DONE, State.DOUBLE, State.FAILED, State.FAILED]
    assert items[2].message == "That address was not reached."
    assert items[0].files.get().path == "files/A.jpg"
    assert len(items[0].sha256) == 64
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_a_run_keeps_the_recipe_that_it_was_made_of(alice: User) -> None:
    recipe = make_recipe(alice, name="White")
    run = intake.create(alice, recipe, "  Spring\n catalogue ")
    recipes.change(recipe, recipes.read(make_recipe(alice, subject="object")))
    run.refresh_from_db()
    assert (run.name, run.recipe_number, run.state) == ("Spring catalogue", 1, Run.State.GATHERING)
    assert "subject" not in run.data
    assert intake.create(alice, recipe).name == recipe.name
