"""A backup made while work goes on brings the studio back; one that is not whole is refused."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import ledger
from accounts.models import ApiKey, User
from editor.backup import make, manifest, restore
from editor.backup.errors import BackupError, CannotBackUp, MadeByNewer, NotHere, Unsound
from editor.files.signed_urls import Kind, sign_path
from editor.models import Backup, Photo, Result, Worker
from editor.work import orders
from tests.conftest import PASSWORD, signed_in
from tests.editor.files.files_out import cut_file, get, photo_of, result_of, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def result(alice: User) -> Result:
    return result_of(shown_photo_of(alice))


def shown_photo_of(owner: User, name: str = "lamp.jpg") -> Photo:
    return photo_of(owner, name, thumbnail=stored("copies", "webp", cut_file(30, 20, "webp")))


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation's own folder is this test's, and its key is not the environment's."""
    settings.DATA_DIR = tmp_path
    monkeypatch.delenv("SECRET_KEY", raising=False)


@pytest.fixture
def made(result: Result, tmp_path: Path) -> Path:
    make.make(tmp_path / "backup")
    return tmp_path / "backup"


def wipe() -> None:
    call_command("flush", interactive=False, verbosity=0)
    for folder in ("copies", "photos", "results"):
        for inner in default_storage.listdir(folder)[0]:
            for name in default_storage.listdir(f"{folder}/{inner}")[1]:
                default_storage.delete(f"{folder}/{inner}/{name}")


def list_addresses(result: Result) -> list[str]:
    return [
        sign_path(result),
        sign_path(result, Kind.DOWNLOAD),
        sign_path(result, Kind.THUMBNAIL),
        sign_path(result.photo, Kind.THUMBNAIL),
    ]


def test_every_address_that_worked_before_works_after(alice: User, result: Result, tmp_path: Path) -> None:
    addresses = list_addresses(result)
    before = {address: get(None, address)[1] for address in addresses}
    assert all(get(None, address)[0].status_code == 200 for address in addresses)
    balance = ledger.get_balance(alice)
    _, secret = ApiKey.make(alice, "shop")
    session = signed_in(alice)
    call_command("backup", str(tmp_path / "backup"), verify=True)
    wipe()
    assert all(get(None, address)[0].status_code == 404 for address in addresses)

    call_command("restore", str(tmp_path / "backup"))

    assert {address: get(None, address)[1] for address in addresses} == before
    assert session.get("/gallery/").status_code == 200
    assert User.objects.get().check_password(PASSWORD)
    assert ledger.get_balance(User.objects.get()) == balance
    assert ApiKey.objects.of_secret(secret) is not None


def test_what_comes_and_goes_while_it_is_made_is_there_whole_or_not_at_all(
    alice: User, result: Result, tmp_path: Path
) -> None:
    """Between the pictures' turn and the database's one photo is deleted, and another comes."""

    def meanwhile(line: str) -> None:
        if "pictures copied" in line:
            orders.delete_photo(result.photo)
            shown_photo_of(alice, "late.jpg")

    made = make.make(tmp_path / "backup", meanwhile)
    late = Photo.objects.get()
    listed = {name for name in manifest.read_sums(tmp_path / "backup") if name.startswith("files/")}
    assert listed == {f"files/{name}" for name in late.files}
    assert made.files == 2
    wipe()
    restore.restore(tmp_path / "backup")
    assert get(None, sign_path(Photo.objects.get(), Kind.THUMBNAIL))[0].status_code == 200
    assert not Result.objects.exists()


def test_pictures_that_an_earlier_backup_has_are_linked(made: Path, alice: User, tmp_path: Path) -> None:
    photo = photo_of(alice, "later.jpg")
    call_command("backup", str(tmp_path / "next"), earlier=made)
    kept = Photo.objects.exclude(pk=photo.pk).get().file.name
    assert os.path.samefile(made / "files" / kept, tmp_path / "next/files" / kept)
    assert (tmp_path / "next/files" / photo.file.name).stat().st_nlink == 1
    assert manifest.check(tmp_path / "next").files == 5


def test_a_backup_is_for_nobody_elses_eyes_and_is_noted(made: Path) -> None:
    assert made.stat().st_mode & 0o77 == 0
    assert (made / "secret_key").stat().st_mode & 0o77 == 0
    noted = Backup.objects.get()
    assert (noted.place, noted.files) == (str(made), 4)


def test_a_file_that_was_lost_before_is_told_and_keeps_no_backup_from_being_made(
    result: Result, tmp_path: Path
) -> None:
    default_storage.delete(result.thumbnail.name)
    lines: list[str] = []
    make.make(tmp_path / "backup", lines.append)
    assert f"Not in the storage, though a row names it: {result.thumbnail.name}" in lines
    assert manifest.check(tmp_path / "backup").files == 3


def test_no_backup_is_written_over_another_or_among_the_pictures(made: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(made))
    with pytest.raises(CommandError, match="among the pictures"):
        call_command("backup", str(tmp_path / "media/backup"))


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Any, target: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(manifest, "copy_hashed", full)
    with pytest.raises(CannotBackUp, match="No space left"):
        make.make(tmp_path / "to/backup")
    assert list((tmp_path / "to").iterdir()) == []
    assert not Backup.objects.exists()


def cut_off(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def lose_a_picture(folder: Path) -> None:
    next((folder / "files").rglob("*.png")).unlink()


def alter_a_picture(folder: Path) -> None:
    picture = next((folder / "files").rglob("*.png"))
    picture.write_bytes(picture.read_bytes()[:-1])


def alter_the_database(folder: Path) -> None:
    with (folder / "database.sqlite3").open("r+b") as file:
        file.seek(5000)
        file.write(b"altered")


def alter_the_list(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(lines[1:]))


def lead_out(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  files/../../elsewhere\n")


def say(folder: Path, **changes: Any) -> None:
    said = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**said, **changes}))


REFUSED: dict[str, tuple[Callable[[Path], None], type[BackupError], str]] = {
    "cut off": (cut_off, Unsound, "was cut off"),
    "a picture lost": (lose_a_picture, Unsound, "cannot be read"),
    "a picture altered": (alter_a_picture, Unsound, "not as it was written"),
    "the database altered": (alter_the_database, Unsound, "not as it was written"),
    "its list altered": (alter_the_list, Unsound, "SHA256SUMS is not as it was written"),
    "names that lead out": (lead_out, Unsound, "not as it was written|a line that is none"),
    "no manifest": (lambda folder: (folder / "manifest.json").write_bytes(b"{"), Unsound, "cannot be read"),
    "half a manifest": (lambda folder: (folder / "manifest.json").write_text("{}"), Unsound, "lacks"),
    "a newer format": (lambda folder: say(folder, format=99), MadeByNewer, "A newer Sweep"),
    "newer tables": (
        lambda folder: say(folder, migrations={"editor": ["9999_flight"]}),
        MadeByNewer,
        "editor 9999_flight",
    ),
    "another database": (lambda folder: say(folder, vendor="postgresql"), NotHere, "Set DATABASE_URL"),
}


@pytest.mark.parametrize("trouble", REFUSED)
def test_what_is_not_whole_or_not_for_here_is_refused_and_nothing_is_touched(
    trouble: str, made: Path, tmp_path: Path, media: Callable[[], list[str]]
) -> None:
    harm, error, words = REFUSED[trouble]
    wipe()
    harm(made)
    with pytest.raises(error, match=words):
        restore.restore(made)
    assert not User.objects.exists()
    assert media() == []
    assert not (tmp_path / "secret_key").exists()


def test_a_studio_that_has_data_is_not_overwritten_unless_told(made: Path, alice: User) -> None:
    newer = photo_of(alice, "newer.jpg")
    with pytest.raises(CommandError, match="This studio has data: 1 accounts"):
        call_command("restore", str(made))
    assert Photo.objects.count() == 2
    User.objects.all().update(name="Another")
    call_command("restore", str(made), overwrite=True)
    assert not Photo.objects.filter(pk=newer.pk).exists()
    assert User.objects.get().name == alice.name


def test_a_studio_that_runs_is_left_alone(made: Path) -> None:
    worker = Worker.objects.create(queue="quick", host="here", process=1)
    with pytest.raises(NotHere, match="This studio runs: 1"):
        restore.restore(made, overwrite=True)
    Worker.objects.filter(pk=worker.pk).update(seen_at=timezone.now() - 4 * Worker.BEAT)
    restore.restore(made, overwrite=True)


def test_another_key_of_the_environment_is_refused(
    made: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wipe()
    monkeypatch.setenv("SECRET_KEY", "another")
    settings.SECRET_KEY = "another"
    with pytest.raises(NotHere, match="SECRET_KEY is another"):
        restore.restore(made)


def test_the_key_comes_back_private(made: Path, settings: Any, tmp_path: Path) -> None:
    wipe()
    restore.restore(made)
    path = tmp_path / "secret_key"
    assert path.read_text() == settings.SECRET_KEY
    assert path.stat().st_mode & 0o77 == 0


def test_judging_a_backup_touches_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wipe()
    call_command("restore", str(made), verify=True)
    assert "is whole" in capsys.readouterr().out
    assert not User.objects.exists()
