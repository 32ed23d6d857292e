"""Pages of runs: begun from a recipe, gathered for, followed, filtered, taken away; to the owner alone."""

import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import ledger
from accounts.models import User
from editor.models import Run, RunItem
from editor.views.catalogue import run_sheet
from tests.editor.files.files_out import cut_file, get, result_of

from .runs import done_of, file_of, item_of, recipe_of, run_of

State = RunItem.State
SCRIPT = {"headers": {"X-Requested-With": "fetch"}}
HTMX = {"headers": {"HX-Request": "true"}}


def at(name: str, run: Run, *more: Any) -> str:
    return reverse(f"editor:{name}", args=[run.pk, *more])


def page_of(client: Client, address: str, **options: Any) -> str:
    answer = client.get(address, **options)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def send(client: Client, run: Run, name: str, content: bytes, path: str = "") -> Any:
    """Send a file as the page's script does."""
    return client.post(
        at("run-upload", run), {"file": SimpleUploadedFile(name, content), "path": path or name}, **SCRIPT
    )


# -- Begun and gathered for -------------------------------------------------------------------------------


def test_one_press_on_a_recipe_begins_a_run_of_it(alice: User, alice_client: Client) -> None:
    recipe = recipe_of(alice)
    begin = reverse("editor:new-run", args=[recipe.pk])
    assert begin in page_of(alice_client, reverse("editor:catalogue"))
    assert begin in page_of(alice_client, reverse("editor:recipe", args=[recipe.pk]))
    assert alice_client.get(begin).status_code == 405, "looking begins nothing"
    answer = alice_client.post(begin)
    run = Run.objects.get(owner=alice)
    assert answer["Location"] == at("run", run)
    page = page_of(alice_client, at("run", run))
    assert "Drop a folder of photos here" in page
    assert "No photo yet" in page
    assert re.search(r'id="start"\s+disabled', page)


def test_files_come_with_their_folders_and_what_is_no_photo_is_said(
    alice: User, alice_client: Client
) -> None:
    run = run_of(alice)
    photo = cut_file(60, 40, "jpg")
    told = [
        send(alice_client, run, "a.jpg", photo, "shop/red/a.jpg").json(),
        send(alice_client, run, "a.jpg", photo, "shop/blue/a.jpg").json(),
        send(alice_client, run, "notes.txt", b"Nothing to see.", "shop/notes.txt").json(),
    ]
    assert [(one["added"], one["doubles"], one["unreadable"]) for one in told] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    page = page_of(alice_client, at("run", run), **HTMX)
    assert "<html" not in page
    assert "Left out: 2" in page
    assert "The same as shop/red/a.jpg" in page
    assert page.count("shop/red/a.jpg") == 2, "once with its names, once as what the double equals"
    assert "amazon/a.MAIN.jpg" in page
    assert "zalando/a.jpg" in page


def test_a_zip_and_a_table_are_known_by_what_they_are(alice: User, alice_client: Client) -> None:
    run = run_of(alice)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/one.jpg", cut_file(60, 40, "jpg"))
        archive.writestr("in/two.png", cut_file(50, 40, "png"))
    assert send(alice_client, run, "photos.ZIP", packed.getvalue()).json()["added"] == 2
    told = send(alice_client, run, "letter.docx", packed.getvalue()).json()
    assert (told["added"], told["unreadable"]) == (0, 1), (
        "a document is one file, although it is packed as a ZIP"
    )
    table = "﻿file;sku\none.jpg;LAMP\nthree.jpg;NONE\n".encode()
    notes = send(alice_client, run, "list.csv", table).json()["notes"]
    assert any("three.jpg" in note for note in notes), notes
    assert "amazon/LAMP.MAIN.jpg" in page_of(alice_client, at("run", run))
    refused = send(alice_client, run, "broken.zip", b"PK\x03\x04 and no more")
    assert (refused.status_code, refused["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert run.items.count() == 3


def test_without_scripts_a_form_sends_several_at_once(alice: User, alice_client: Client) -> None:
    run = run_of(alice)
    sent = [SimpleUploadedFile(f"{side}.jpg", cut_file(side, 40, "jpg")) for side in (60, 50)]
    sent.insert(0, SimpleUploadedFile("list.csv", b"file,sku\n60.jpg,LAMP\n"))
    answer = alice_client.post(at("run-upload", run), {"file": sent})
    assert answer["Location"] == at("run", run)
    assert run.items.get(name="60.jpg").columns == {"sku": "LAMP"}, (
        "a table is laid once its photos are there"
    )
    assert "2 photos added." in page_of(alice_client, at("run", run))
    alice_client.post(at("run-upload", run))
    assert "Choose photos, a folder" in page_of(alice_client, at("run", run))


def test_names_that_collide_are_marked_and_hold_the_start(alice: User, alice_client: Client) -> None:
    run = run_of(alice)
    item_of(run, name="red/lamp.jpg")
    item_of(run, name="blue/lamp.jpg")
    page = page_of(alice_client, at("run", run))
    assert "These names cannot be used" in page
    assert "would both be called zalando/lamp.jpg" in page.replace("&#x27;", "'")
    assert page.count('aria-label="Twice:"') == 2, (
        "of two files each, the one that the variant tells apart is well"
    )
    assert re.search(r'id="start"\s+disabled', page)
    alice_client.post(at("run-start", run))
    run.refresh_from_db()
    assert run.state == Run.State.GATHERING


def test_a_run_that_has_not_begun_takes_the_changed_recipe_and_keeps_its_photos(
    alice: User, alice_client: Client
) -> None:
    run = run_of(alice)
    item_of(run, name="red/lamp.jpg")
    item_of(run, name="blue/lamp.jpg")
    assert "Use version" not in page_of(alice_client, at("run", run))
    assert run.recipe is not None
    for spec in run.recipe.data["files"]:
        spec["name"] = "{folder}-{stem}-{variant}.{ext}"
    run.recipe.number = 4
    run.recipe.save()
    assert "Use version 4" in page_of(alice_client, at("run", run))
    alice_client.post(at("run-again", run), {"which": "recipe"})
    run.refresh_from_db()
    assert (run.recipe_number, run.items.count(), run.state) == (4, 2, Run.State.GATHERING)
    page = page_of(alice_client, at("run", run))
    assert "red-lamp" in page
    assert "These names cannot be used" not in page


def test_the_start_says_how_many_photos_and_credits(alice: User, alice_client: Client) -> None:
    ledger.correct(alice, 1 - (ledger.get_balance(alice) or 0), reason="for this test")
    run = run_of(alice)
    for _ in range(11):
        item_of(run)
    page = page_of(alice_client, at("run", run))
    assert re.search(r'id="start"\s*>Start <small class="numbers">11 photos · 11 credits</small>', page)
    assert "You have 1 credits" in page
    assert "And 3 more" in page
    assert "lamps/lamp-11.jpg" not in page
    assert "lamps/lamp-11.jpg" in page_of(alice_client, at("run", run) + "?names=all")


# -- Followed ---------------------------------------------------------------------------------------------


def test_while_it_goes_the_page_asks_again_and_stops_when_it_is_done(
    alice: User, alice_client: Client
) -> None:
    run = run_of(alice, Run.State.GOING)
    done_of(run)
    item = item_of(run, State.CUTTING)
    page = page_of(alice_client, at("run", run))
    assert f'hx-get="{at("run-progress", run)}"' in page
    assert "1 of 2 photos" in page
    [look] = re.findall(r'name="look" value="([^"]+)"', page)
    stamps = re.findall(r'name="open" value="([^"]+)"', page)
    assert stamps == ["2.cutting"]
    # Nothing changed: neither cards nor buttons come along, which a finger may be on.
    same = page_of(alice_client, at("run-progress", run), query_params={"open": stamps, "look": look}, **HTMX)
    assert 'id="photo-2"' not in same
    assert 'id="run-acts"' not in same
    file_of(item)
    RunItem.objects.filter(pk=item.pk).update(state=State.DONE)
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
    last = page_of(alice_client, at("run-progress", run), query_params={"open": stamps, "look": look}, **HTMX)
    assert "hx-get" not in last
    assert re.search(r'id="photo-2"\s+data-state="done"\s+hx-swap-oob="true"', last)
    assert "All 2 photos are done" in last
    assert 'id="photo-1"' not in last


def test_each_stop_and_each_failure_says_what_to_do_next(alice: User, alice_client: Client) -> None:
    stopped = run_of(
        alice, Run.State.STOPPED, message="Your credits ended after 120 of 200 photos. Ask for more."
    )
    page = page_of(alice_client, at("run", stopped))
    assert "Your credits ended after 120 of 200 photos" in page
    assert at("run-go-on", stopped) in page
    failed = run_of(alice, Run.State.DONE)
    item_of(failed, State.FAILED, message="Nothing was found in this photo.")
    page = page_of(alice_client, at("run", failed))
    assert "1 photo failed" in page
    assert 'value="failed"' in page
    assert "Nothing was found in this photo." in page
    empty = run_of(alice, Run.State.DONE)
    item_of(empty, State.UNREADABLE, message="This file is no picture.")
    assert "No photo of this run could be used" in page_of(alice_client, at("run", empty))


def test_a_changed_recipe_offers_to_run_all_by_it(alice: User, alice_client: Client) -> None:
    run = run_of(alice, Run.State.DONE)
    done_of(run)
    assert "Run all again" in page_of(alice_client, at("run", run))
    assert run.recipe is not None
    run.recipe.number = 4
    run.recipe.save()
    assert "Run all by version 4" in page_of(alice_client, at("run", run))


@pytest.fixture
def mixed(alice: User) -> Run:
    """A run with one photo of each kind."""
    run = run_of(alice, Run.State.DONE)
    done_of(run, confidence=0.99, name="sure.jpg")
    done_of(run, confidence=0.4, name="doubtful.jpg")
    done_of(run, "not_met", confidence=0.99, name="small.jpg")
    done_of(run, "repaired", confidence=0.99, name="heavy.jpg")
    item_of(run, State.FAILED, message="It failed.", name="failed.jpg")
    item_of(run, State.UNREADABLE, message="It is none.", name="words.txt")
    return run


SHOWN = {
    "": ["sure.jpg", "doubtful.jpg", "small.jpg", "heavy.jpg", "failed.jpg"],
    "doubtful": ["doubtful.jpg"],
    "check-fill": ["small.jpg"],
    "failed": ["failed.jpg"],
    "repaired": ["heavy.jpg"],
    "left-out": ["words.txt"],
    "check-made-up": ["sure.jpg", "doubtful.jpg", "small.jpg", "heavy.jpg", "failed.jpg"],
}


@pytest.mark.parametrize("show", SHOWN)
def test_a_filter_is_a_link_that_shows_what_it_counts(show: str, mixed: Run, alice_client: Client) -> None:
    page = page_of(alice_client, at("run", mixed), query_params={"show": show} if show else {})
    assert re.findall(r'<b title="([^"]+)"', page) == SHOWN[show]
    chips = dict(
        re.findall(
            r'href="[^"]*?(?:\?show=([a-z-]+))?"\s*(?:aria-current="true")?>[^<]+<span>(\d+)</span>', page
        )
    )
    assert chips == {
        "": "5",
        "doubtful": "1",
        "failed": "1",
        "check-fill": "1",
        "repaired": "1",
        "left-out": "1",
    }


def test_the_figures_of_what_is_not_met_stand_on_the_sheet(mixed: Run, alice_client: Client) -> None:
    page = page_of(alice_client, at("run", mixed))
    assert "41.0%, asked 85% to 100%" in page


def test_very_many_photos_come_in_pages(
    alice: User, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_sheet, "PAGE_SIZE", 2)
    run = run_of(alice, Run.State.DONE)
    for _ in range(5):
        done_of(run, confidence=0.5)
    seen = []
    for number in (1, 2, 3, 99):
        page = page_of(alice_client, at("run", run), query_params={"page": number, "show": "doubtful"})
        seen.append(re.findall(r'<b title="lamps/lamp-(\d)', page))
    assert seen == [["1", "2"], ["3", "4"], ["5"], ["5"]]


def test_what_to_look_at_first_begins_with_the_least_sure_and_is_walked_so(
    alice: User, alice_client: Client
) -> None:
    run = run_of(alice, Run.State.DONE)
    for confidence in (0.7, 0.99, 0.2, 0.5):
        done_of(run, confidence=confidence)
    page = page_of(alice_client, at("run", run), query_params={"show": "doubtful"})
    assert re.findall(r'<b title="lamps/lamp-(\d)', page) == ["3", "4", "1"]
    walked = page_of(alice_client, at("run-item", run, 4), query_params={"show": "doubtful"})
    assert [re.search(rf'id="{side}"[^>]*href="([^"?]+)', walked)[1] for side in ("before", "after")] == [  # type: ignore[index]
        at("run-item", run, 3),
        at("run-item", run, 1),
    ]


def test_a_corrected_cutout_is_looked_at_no_more(mixed: Run, alice_client: Client) -> None:
    item = mixed.items.get(name="doubtful.jpg")
    assert item.photo is not None
    item.task = item.photo.tasks.create(
        owner=mixed.owner, tool="cutout", params={"strokes": [], "subject": ""}
    )
    item.save()
    assert "show=doubtful" not in page_of(alice_client, at("run", mixed))


# -- One photo, and what is taken away --------------------------------------------------------------------


def test_a_photo_shows_its_files_their_checks_and_the_way_to_the_brush(
    mixed: Run, alice_client: Client
) -> None:
    item = mixed.items.get(name="small.jpg")
    page = page_of(alice_client, at("run-item", mixed, item.number), query_params={"show": "check-fill"})
    assert "amazon/3.MAIN.jpg" in page
    row = re.search(r'<tr data-check="fill">.*?</tr>', page)
    assert row is not None
    assert all(words in row[0] for words in ("41.0%", "85% to 100%", "not met"))
    assert reverse("editor:photo", args=[item.photo_id]) in page
    assert 'id="after"' not in page, "there is no other of that kind"
    walked = page_of(alice_client, at("run-item", mixed, item.number))
    assert at("run-item", mixed, 2) in walked
    assert at("run-item", mixed, 4) in walked


def test_a_photo_that_is_worked_on_is_asked_for_anew_until_it_is_done(
    alice: User, alice_client: Client
) -> None:
    run = run_of(alice, Run.State.STOPPED)
    item = item_of(run)
    address = at("run-item", run, item.number)
    assert "Go on with the run first" in page_of(alice_client, address)
    for state, polls in ((State.DELIVERING, True), (State.DONE, False)):
        RunItem.objects.filter(pk=item.pk).update(state=state)
        assert (f'hx-get="{address}"' in page_of(alice_client, address)) is polls


def test_the_desk_leads_back_to_the_run_whose_files_follow(mixed: Run, alice_client: Client) -> None:
    item = mixed.items.get(name="doubtful.jpg")
    assert item.photo is not None
    desk = reverse("editor:photo", args=[item.photo_id])
    assert 'id="in-run"' not in page_of(alice_client, desk), "there is nothing to paint on yet"
    result_of(item.photo, bare=True)
    assert at("run-item", mixed, item.number) in page_of(alice_client, desk)
    Run.objects.filter(pk=mixed.pk).update(state=Run.State.GATHERING)
    assert 'id="in-run"' not in page_of(alice_client, desk)


def test_the_archive_is_of_all_or_of_one_marketplace_with_its_manifest(mixed: Run, alice: User) -> None:
    found = {}
    for query in ("", "?market=zalando"):
        answer, body = get(alice, at("run-zip", mixed) + query)
        assert answer["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found[query] = set(archive.namelist())
            lines = json.loads(archive.read("manifest.json"))["files"]
            assert {line["file"] for line in lines if "file" in line} == found[query] - {
                "manifest.csv",
                "manifest.json",
            }
    assert len(found[""]) == 10
    assert {name for name in found[""] if name.startswith("zalando/")} == found["?market=zalando"] - {
        "manifest.csv",
        "manifest.json",
    }


def test_the_manifest_comes_by_itself(mixed: Run, alice_client: Client) -> None:
    told = json.loads(page_of(alice_client, at("run-manifest", mixed, "json")))
    assert told["files"][0]["checks"][0]["key"] == "white"
    assert "check_fill" in page_of(alice_client, at("run-manifest", mixed, "csv"))
    assert alice_client.get(at("run-manifest", mixed, "xml")).status_code == 404


def test_nothing_is_a_download_before_anything_is_made(alice: User, alice_client: Client) -> None:
    run = run_of(alice)
    assert alice_client.get(at("run-zip", run)).status_code == 404
    assert alice_client.get(at("run-manifest", run, "csv")).status_code == 404


def test_files_and_small_copies_are_handed_out_under_their_names(mixed: Run, alice: User) -> None:
    file = mixed.items.get(number=1).files.get(number=1)
    answer, body = get(alice, reverse("editor:run-file", args=[file.pk]) + "?download")
    assert answer["Content-Disposition"] == 'attachment; filename="1.MAIN.jpg"'
    assert body == cut_file(60, 40, "jpg")
    answer, _ = get(alice, reverse("editor:run-thumbnail", args=[file.pk]))
    assert answer["Content-Type"] == "image/webp"
    second = mixed.items.get(number=1).files.get(number=2)
    assert get(alice, reverse("editor:run-thumbnail", args=[second.pk]))[0].status_code == 404


# -- Acts and owners --------------------------------------------------------------------------------------


def test_a_run_is_started_stopped_gone_on_with_and_deleted(alice: User, alice_client: Client) -> None:
    run = run_of(alice)
    item_of(run)
    states = []
    for act in ("run-start", "run-stop", "run-go-on"):
        assert alice_client.post(at(act, run))["Location"] == at("run", run)
        run.refresh_from_db()
        states.append(run.state)
    assert states == ["going", "stopped", "going"]
    answer = alice_client.post(at("run-again", run), {"which": "all"})
    assert "under way" in str(next(iter(get_messages(answer.wsgi_request))))
    alice_client.post(at("run-stop", run))
    assert alice_client.post(at("run-delete", run))["Location"] == reverse("editor:catalogue")
    assert not Run.objects.exists()


def test_a_run_is_renamed(alice: User, alice_client: Client) -> None:
    run = run_of(alice, Run.State.DONE)
    alice_client.post(at("run-rename", run), {"name": "  Winter\u202e 26  "})
    run.refresh_from_db()
    assert run.name == "Winter 26"
    assert "Winter 26" in page_of(alice_client, at("run", run))
    for name in ("", " ", "n" * 121):
        alice_client.post(at("run-rename", run), {"name": name})
        assert "Give the run a name of up to 120 characters" in page_of(alice_client, at("run", run))
    run.refresh_from_db()
    assert run.name == "Winter 26"


def test_what_failed_is_run_again(alice: User, alice_client: Client) -> None:
    run = run_of(alice, Run.State.DONE)
    item_of(run, State.FAILED, message="It failed.")
    alice_client.post(at("run-again", run), {"which": "failed"})
    run.refresh_from_db()
    assert run.state == Run.State.GOING
    assert not run.items.filter(state=State.FAILED).exists()


def test_runs_are_listed_page_by_page(alice: User, alice_client: Client) -> None:
    recipe = recipe_of(alice)
    for number in range(26):
        run_of(alice, recipe=recipe, name=f"Run {number:02}")
    first = page_of(alice_client, reverse("editor:runs"))
    assert "Run 25" in first
    assert "Run 01" not in first
    assert "Run 01" in page_of(alice_client, reverse("editor:runs") + "?page=2")
    home = page_of(alice_client, reverse("editor:catalogue"))
    assert "Run 25" in home
    assert "Run 10" not in home
    assert "All runs" in home


STRANGE = [
    ("get", "run", ()),
    ("get", "run-progress", ()),
    ("get", "run-item", (1,)),
    ("get", "run-zip", ()),
    ("get", "run-manifest", ("csv",)),
    ("post", "run-upload", ()),
    ("post", "run-start", ()),
    ("post", "run-stop", ()),
    ("post", "run-go-on", ()),
    ("post", "run-again", ()),
    ("post", "run-rename", ()),
    ("post", "run-delete", ()),
]


def test_a_stranger_gets_404_for_all_of_it(mixed: Run, bob_client: Client) -> None:
    for method, name, more in STRANGE:
        assert getattr(bob_client, method)(at(name, mixed, *more)).status_code == 404, name
    file = mixed.items.get(number=1).files.get(number=1)
    for name in ("run-file", "run-thumbnail"):
        assert bob_client.get(reverse(f"editor:{name}", args=[file.pk])).status_code == 404
    assert bob_client.post(reverse("editor:new-run", args=[mixed.recipe_id])).status_code == 404
    assert "Winter" not in page_of(bob_client, reverse("editor:runs"))


def test_who_is_signed_out_is_led_to_the_door(mixed: Run) -> None:
    for method, name, more in STRANGE:
        assert getattr(Client(), method)(at(name, mixed, *more)).status_code == 302, name
        assert getattr(Client(), method)(at(name, mixed, *more), **SCRIPT).status_code == 401, name


def test_an_unknown_run_is_none(alice_client: Client) -> None:
    assert alice_client.get(reverse("editor:run", args=[uuid.uuid4()])).status_code == 404
