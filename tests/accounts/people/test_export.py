"""Alice takes a copy of all that is hers, and nobody else has it."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import deletion, ledger
from accounts.export import asking, making
from accounts.models import ApiKey, AuditEntry, Export, User
from editor.models import Result
from editor.work import maintenance, trash
from tests.accounts.sign_in.test_sign_in import SIGN_IN
from tests.conftest import PASSWORD
from tests.editor.files.files_out import photo_of, result_of
from tests.editor.views.runs import TWO, file_of, item_of, recipe_of, run_of

PAGE = reverse("accounts:export")

pytestmark = pytest.mark.django_db


def fetch(client: Client, address: str, **headers: Any) -> tuple[Any, bytes]:
    """Return an answer and its bytes."""
    response = client.get(address, headers=headers)
    if not response.streaming:
        return response, response.content

    async def read() -> bytes:
        return b"".join([chunk async for chunk in response])

    return response, async_to_sync(read)()


def take(owner: User) -> tuple[zipfile.ZipFile, list[dict[str, str]]]:
    """Ask for a copy, have it made, and return it with its list."""
    asking.ask(owner)
    assert making.make_due() == 1
    with default_storage.open(Export.objects.owned_by(owner).get().stored) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    assert archive.testzip() is None
    return archive, list(csv.DictReader(io.StringIO(archive.read("files.csv").decode())))


@pytest.fixture
def result(alice: User) -> Result:
    """Of two photos of one name the first one's; what the other became is in the trash."""
    first, second = photo_of(alice, "Lamp.jpg"), photo_of(alice, "lamp.jpg")
    trash.throw_results(Result.objects.filter(pk=result_of(second).pk))
    return result_of(first, bare=True)


def test_all_that_is_hers_is_in_it_and_nothing_of_bobs(alice: User, bob: User, result: Result) -> None:
    run = run_of(alice, recipe=recipe_of(alice, replace(TWO, name="Winter: all")), name="Week 48")
    file_of(item_of(run, photo=result.photo))
    result_of(photo_of(bob, "bobs secret.jpg"))
    _, secret = ApiKey.make(alice, "=Shop import")
    ledger.grant(alice, 7, reason="A gift")
    archive, lines = take(alice)

    names = archive.namelist()
    assert len([name for name in names if name.casefold().startswith("photos/lamp")]) == 2
    assert len([name for name in names if name.casefold().startswith("results/lamp")]) == 2
    assert len({name.casefold() for name in names}) == len(names)
    assert "recipes/Winter all.json" in names
    assert [name for name in names if name.startswith("runs/Week 48 ") and name.endswith(".jpg")]
    assert {line["file"] for line in lines} == set(names) - {"README.txt", "files.csv"}
    assert [line["note"] for line in lines if line["note"]] == ["It is in the trash."]
    with default_storage.open(str(result.file)) as file:
        content = file.read()
    assert content in [archive.read(name) for name in names if name.startswith("results/")]
    profile = json.loads(archive.read("profile.json"))
    assert (profile["email"], profile["plan"]) == (alice.email, "Standard")
    assert "'=Shop import" in archive.read("keys.csv").decode()
    assert "A gift" in archive.read("ledger.csv").decode()
    assert {one["name"] for one in json.loads(archive.read("photos.json"))} == {"Lamp.jpg", "lamp.jpg"}
    assert len(archive.read("orders.csv").decode().splitlines()) == 3
    everything = b"".join(archive.read(name) for name in names)
    assert secret.encode() not in everything
    assert ApiKey.objects.get().digest.encode() not in everything
    assert b"bobs secret" not in everything
    assert alice.password.encode() not in everything


def test_a_file_that_is_gone_is_named_and_fails_nothing(alice: User, result: Result) -> None:
    default_storage.delete(str(result.file))
    archive, lines = take(alice)
    (gone,) = [line for line in lines if line["note"] == making.GONE]
    assert gone["file"].startswith("results/")
    assert gone["file"] not in archive.namelist()
    assert Export.objects.get().missing == 1


def test_the_page_has_it_made_and_hands_it_to_her_alone(
    client: Client, bob_client: Client, alice: User, result: Result, letters_at_once: None
) -> None:
    client.post(SIGN_IN, {"username": alice.email, "password": PASSWORD})
    assert client.post(PAGE)["Location"] == PAGE
    client.post(PAGE)
    (export,) = Export.objects.all()
    assert "about to be made" in client.get(PAGE).content.decode()
    assert making.make_due() == 1
    export.refresh_from_db()
    address = asking.make_path(export)
    assert "Download" in client.get(PAGE).content.decode()
    response, content = fetch(client, address)
    assert (response["Content-Type"], len(content)) == ("application/zip", export.bytes)
    assert response["Cache-Control"] == "private, no-store"
    part, some = fetch(client, address, Range="bytes=10-19")
    assert (part.status_code, some) == (206, content[10:20])

    assert bob_client.get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert client.get(address.replace("export/", "export/x")).status_code == 404
    assert PAGE in mail.outbox[-1].body
    assert {entry.action for entry in AuditEntry.objects.all()} == {
        "asked for a copy of their data",
        "made a copy of somebody's data",
    }
    default_storage.delete(export.stored)
    assert "The copy is gone" in client.get(address).content.decode()


def test_an_address_ends(alice_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    take(alice)
    monkeypatch.setattr(asking, "ADDRESS_LASTS", -1)
    assert alice_client.get(asking.make_path(Export.objects.get())).status_code == 410


def test_who_came_in_long_ago_shows_who_they_are_first(alice_client: Client) -> None:
    assert reverse("accounts:prove") in alice_client.post(PAGE)["Location"]
    assert not Export.objects.exists()


def test_another_goes_on_where_a_worker_died_and_cleans_up(
    alice: User, result: Result, media: Callable[[], list[str]]
) -> None:
    before = media()
    export = asking.ask(alice)
    dead = Export.objects.get()
    name = dead.claim()
    assert name
    making.Writing(dead, lambda: False).write_to(name)
    assert making.make_due() == 0  # It is held.
    Export.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert making.make_due() == 1
    export.refresh_from_db()
    assert (export.state, export.attempts) == (Export.State.DONE, 2)
    assert media() == sorted([*before, export.stored])
    # Whoever was taken for dead and was not writes nothing more.
    assert not dead.hold(state=Export.State.FAILED)


def test_told_to_stop_it_lets_go_and_loses_no_attempt(
    alice: User, result: Result, media: Callable[[], list[str]]
) -> None:
    before = media()
    export = asking.ask(alice)
    assert not making.make(Export.objects.select_related("owner").get(), lambda: True)
    export.refresh_from_db()
    assert (export.state, export.attempts, media()) == (Export.State.WAITING, 0, before)
    assert making.make_due() == 1


def test_what_fails_is_tried_again_and_then_said(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch, media: Callable[[], list[str]]
) -> None:
    def refuse(*given: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(making, "list_pieces", refuse)
    asking.ask(alice)
    for attempt in range(1, 6):
        assert making.make_due() == 0
        assert Export.objects.get().attempts == attempt
        Export.objects.update(lease_expires_at=None)
    assert making.make_due() == 0
    assert making.FAILED.replace("'", "&#x27;") in alice_client.get(PAGE).content.decode()
    assert media() == []


def test_a_disk_without_room_is_said_and_not_filled(
    alice: User, result: Result, settings: Any, media: Callable[[], list[str]]
) -> None:
    before = media()
    settings.DISK_RESERVE_MB = 10**12
    asking.ask(alice)
    assert making.make_due() == 0
    assert Export.objects.get().message == making.NO_ROOM
    assert media() == before


@pytest.mark.django_db(transaction=True)
def test_a_new_one_takes_the_place_of_the_old_and_upkeep_removes_what_is_over(
    alice: User, result: Result, media: Callable[[], list[str]]
) -> None:
    before = media()
    take(alice)
    take(alice)
    assert len(media()) == len(before) + 1
    assert maintenance.remove_orphans() == 0
    assert asking.remove_old() == 0
    Export.objects.update(expires_at=timezone.now())
    assert asking.remove_old() == 1
    assert (media(), Export.objects.count()) == (before, 0)


@pytest.mark.django_db(transaction=True)
def test_leaving_takes_it_along_and_it_can_be_deleted_alone(
    alice: User, alice_client: Client, result: Result, media: Callable[[], list[str]]
) -> None:
    before = media()
    take(alice)
    alice_client.post(reverse("accounts:export-delete"))
    assert media() == before
    take(alice)
    deletion.delete_account(alice)
    assert (media(), Export.objects.count()) == ([], 0)
