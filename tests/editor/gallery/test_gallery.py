"""The gallery page: what is in it, narrowed, page by page, deleted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editor import finishes
from editor.engines.finishing.finish import Finish
from editor.gallery import PAGE_SIZE, FilterForm, Gallery
from editor.models import Photo, Result, Task
from editor.models.result import SURE
from editor.states import State
from editor.tools import Tool
from tests.editor.files.files_out import photo_of, result_of

GALLERY = "/gallery/"
HTMX = {"HX-Request": "true"}


def keys(response: Any) -> list[str]:
    """The results on a page, in their order."""
    return re.findall(r'data-result="([0-9a-f-]+)"', response.content.decode())


def more(response: Any) -> str:
    """The address of the next page; nothing on the last."""
    found = re.search(r'<a class="button" href="(\?[^"]*before=[^"]*)"', response.content.decode())
    return GALLERY + found[1].replace("&amp;", "&") if found else ""


def many(owner: User, number: int, *, same_moment: bool = False) -> list[Result]:
    """Results as rows alone: their files are not looked at by the page. Oldest first."""
    photo = photo_of(owner)
    now = timezone.now()
    tasks = Task.objects.bulk_create(
        [Task(owner=owner, photo=photo, tool="cutout", state=State.DONE) for _ in range(number)]
    )
    facts = {
        "owner": owner,
        "photo": photo,
        "tool": "cutout",
        "format": "png",
        "width": 9,
        "height": 9,
        "bytes": 1,
    }
    return Result.objects.bulk_create(
        [
            Result(
                **facts,
                task=task,
                file="results/none.png",
                created_at=now - timedelta(seconds=0 if same_moment else number - place),
            )
            for place, task in enumerate(tasks)
        ]
    )


# -- What to look at first --------------------------------------------------------------------------


def cutout_of(photo: Photo, minutes_ago: int, params: Any = None, **facts: Any) -> Result:
    result = result_of(photo, minutes_ago=minutes_ago)
    Task.objects.filter(pk=result.task_id).update(facts=facts, params=params or {})
    return result


def test_what_may_well_be_wrong_is_looked_at_first(alice: User, bob: User, alice_client: Client) -> None:
    doubted = cutout_of(photo_of(alice), 9, confidence=0.4)
    others = [
        cutout_of(photo_of(alice), 8, confidence=0.97),
        cutout_of(photo_of(alice), 7, confidence=SURE),
        cutout_of(photo_of(alice), 6),
        cutout_of(photo_of(alice), 5, confidence=None),
        cutout_of(photo_of(bob), 4, confidence=0.1),
    ]
    page = alice_client.get(GALLERY)
    assert len(keys(page)) == len(others)
    assert 'name="unsure"' in page.content.decode()
    narrowed = alice_client.get(GALLERY, {"unsure": "1"})
    assert keys(narrowed) == [str(doubted.pk)]
    assert "1 of 5 pictures" in narrowed.content.decode()
    # What is done with all that match is done with these.
    hidden = '<input type="hidden" name="unsure" value="1" data-asked>'
    assert hidden in narrowed.content.decode()


def test_what_somebody_corrected_since_needs_no_look(alice: User, alice_client: Client) -> None:
    stroke = {"strokes": [{"keep": True, "radius": 5, "points": [[1, 1]]}]}
    photo, other = photo_of(alice), photo_of(alice)
    cutout_of(photo, 9, confidence=0.4)
    cutout_of(photo, 5, stroke, confidence=0.4)
    corrected_before = cutout_of(other, 3, confidence=0.3)
    cutout_of(other, 6, stroke, confidence=0.3)
    assert keys(alice_client.get(GALLERY, {"unsure": "1"})) == [str(corrected_before.pk)]


def test_who_has_no_cutouts_is_not_asked(alice: User, alice_client: Client) -> None:
    assert 'name="unsure"' not in alice_client.get(GALLERY).content.decode()


def test_the_studio_and_the_engine_mean_the_same_by_sure() -> None:
    from editor.engines.matting import confidence

    assert confidence.SURE == SURE


# -- Whose ------------------------------------------------------------------------------------------


def test_alice_sees_her_pictures_newest_first_and_no_masks(alice: User, alice_client: Client) -> None:
    older, newer = (result_of(photo_of(alice), minutes_ago=age) for age in (9, 3))
    result_of(older.photo, kind=Result.Kind.MASK, task=older.task)
    assert keys(alice_client.get(GALLERY)) == [str(newer.pk), str(older.pk)]


def test_charlie_the_stranger_sees_none_of_them(alice: User, charlie_client: Client) -> None:
    result = result_of(photo_of(alice, name="secret lamp.jpg"))
    response = charlie_client.get(GALLERY, {"q": "lamp"})
    assert keys(response) == []
    assert b"secret" not in response.content
    assert charlie_client.get(GALLERY, {"before": f"{2**50}-{result.pk.hex}"}).status_code == 200


@pytest.mark.parametrize("route", ["gallery", "gallery-zip"])
def test_who_is_signed_out_is_sent_to_sign_in(client: Client, db: None, route: str) -> None:
    response = client.get(reverse(f"editor:{route}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign-in"))


def test_empty_gallery_points_to_the_editor(alice_client: Client) -> None:
    response = alice_client.get(GALLERY)
    assert b"Nothing here yet" in response.content
    assert b'id="filter"' not in response.content


def test_a_gallery_whose_first_pictures_are_being_made_says_so(alice: User, alice_client: Client) -> None:
    Task.objects.create(owner=alice, photo=photo_of(alice), tool=Tool.CUTOUT, state=State.QUEUED)
    page = alice_client.get(GALLERY).content
    assert b"Nothing is finished yet" in page
    assert b"Nothing here yet" not in page


def test_page_says_how_much_there_is(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    result_of(result.photo, kind=Result.Kind.MASK, task=result.task)
    Result.objects.update(bytes=1_500_000)
    Photo.objects.update(bytes=2_000_000)
    assert "1 picture · 5.0 MB with the originals" in alice_client.get(GALLERY).content.decode()


def test_picture_links_to_its_file_the_editor_and_its_download(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice))
    page = alice_client.get(GALLERY).content.decode()
    assert f"{reverse('editor:photo', args=[result.photo_id])}?result={result.pk}" in page
    for route in ("result-file", "result-thumbnail", "result-download"):
        assert reverse(f"editor:{route}", args=[result.pk]) in page


def test_picture_without_a_thumbnail_has_a_placeholder(alice: User, alice_client: Client) -> None:
    result = result_of(photo_of(alice), thumbnail=False)
    page = alice_client.get(GALLERY).content.decode()
    assert reverse("editor:result-thumbnail", args=[result.pk]) not in page
    assert "#image" in page


def test_name_of_a_photo_is_text_on_the_page(alice: User, alice_client: Client) -> None:
    result_of(photo_of(alice, name='"><script>alert(1)</script>.jpg'))
    assert b"<script>alert" not in alice_client.get(GALLERY).content


# -- Narrowed ---------------------------------------------------------------------------------------


@pytest.fixture
def shelf(alice: User) -> dict[str, Result]:
    """Four pictures of different tools, names and ages."""
    day = 24 * 60
    return {
        "lamp": result_of(photo_of(alice, name="Desk Lamp.jpg")),
        "mug": result_of(photo_of(alice, name="mug 100%.jpg"), tool=Tool.SCENE, minutes_ago=3 * day),
        "shoe": result_of(photo_of(alice, name="shoe.jpg"), minutes_ago=20 * day),
        "bottle": result_of(photo_of(alice, name="bottle_1.jpg"), minutes_ago=90 * day),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["lamp", "mug", "shoe", "bottle"]),
        ({"tool": "scene"}, ["mug"]),
        ({"tool": "cutout"}, ["lamp", "shoe", "bottle"]),
        ({"q": "LAMP"}, ["lamp"]),
        ({"q": "  lamp "}, ["lamp"]),
        ({"q": "%"}, ["mug"]),
        ({"q": "_"}, ["bottle"]),
        ({"q": "nothing like it"}, []),
        ({"period": "week"}, ["lamp", "mug"]),
        ({"period": "month"}, ["lamp", "mug", "shoe"]),
        ({"period": "month", "tool": "cutout", "q": "o"}, ["shoe"]),
        ({"tool": "bogus", "period": "ever"}, ["lamp", "mug", "shoe", "bottle"]),
    ],
)
def test_pictures_are_narrowed_by_tool_time_and_name(
    shelf: dict[str, Result], alice_client: Client, query: dict[str, str], expected: list[str]
) -> None:
    assert keys(alice_client.get(GALLERY, query)) == [str(shelf[name].pk) for name in expected]


def test_today_begins_at_midnight_of_the_studio(alice: User, alice_client: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = result_of(photo_of(alice)), result_of(photo_of(alice))
    Result.objects.filter(pk=first.pk).update(created_at=midnight)
    Result.objects.filter(pk=last.pk).update(created_at=midnight - timedelta(microseconds=1))
    assert keys(alice_client.get(GALLERY, {"period": "today"})) == [str(first.pk)]


def test_dates_include_both_days(shelf: dict[str, Result], alice_client: Client) -> None:
    day = timezone.localtime(shelf["mug"].created_at).date()
    query = {"period": "dates", "since": str(day), "until": str(day)}
    assert keys(alice_client.get(GALLERY, query)) == [str(shelf["mug"].pk)]
    before = {"period": "dates", "until": str(day - timedelta(days=1))}
    assert keys(alice_client.get(GALLERY, before)) == [str(shelf[name].pk) for name in ("shoe", "bottle")]


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [("2026-03-02", "2026-03-01", "after the last"), ("yesterday", "", "first day is not a date")],
)
def test_dates_that_make_no_sense_are_said(
    shelf: dict[str, Result], alice_client: Client, since: str, until: str, sentence: str
) -> None:
    response = alice_client.get(GALLERY, {"period": "dates", "since": since, "until": until})
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_only_tools_that_made_something_are_offered(shelf: dict[str, Result], alice_client: Client) -> None:
    page = alice_client.get(GALLERY).content.decode()
    assert re.findall(r'name="tool" value="(\w+)"', page) == ["cutout", "scene"]


def test_where_nothing_matches_the_page_says_so_and_shows_the_way_back(
    shelf: dict[str, Result], alice_client: Client
) -> None:
    page = alice_client.get(GALLERY, {"q": "zebra"}).content.decode()
    assert "No pictures match" in page
    assert "0 of 4 pictures" in page
    assert 'value="zebra"' in page


# -- Page by page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("same_moment", [False, True])
def test_pages_hold_every_picture_once(alice: User, alice_client: Client, same_moment: bool) -> None:
    results = many(alice, 2 * PAGE_SIZE + 5, same_moment=same_moment)
    seen, address, pages = [], GALLERY, 0
    while address:
        response = alice_client.get(address)
        seen, address, pages = seen + keys(response), more(response), pages + 1
    assert pages == 3
    assert len(seen) == len(results)
    assert set(seen) == {str(result.pk) for result in results}


def test_pictures_that_arrive_or_go_in_between_neither_repeat_nor_skip_one(
    alice: User, alice_client: Client
) -> None:
    results = many(alice, 2 * PAGE_SIZE)
    first = alice_client.get(GALLERY)
    many(alice, 7)
    Result.objects.filter(pk__in=[result.pk for result in results[-5:]]).delete()
    # Also the very one that the address names.
    Result.objects.filter(pk=keys(first)[-1]).delete()
    second = alice_client.get(more(first))
    assert keys(second) == [str(result.pk) for result in reversed(results[:PAGE_SIZE])]


def test_next_page_keeps_what_was_asked_for(alice: User, alice_client: Client) -> None:
    many(alice, PAGE_SIZE + 2)
    Result.objects.filter(pk=keys(alice_client.get(GALLERY))[-1]).update(tool="scene")
    response = alice_client.get(GALLERY, {"tool": "cutout", "q": "lamp & co"})
    assert keys(response) == []
    first = alice_client.get(GALLERY, {"tool": "cutout", "q": "LAMP"})
    assert len(keys(alice_client.get(more(first)))) == 1


def test_place_that_is_none_shows_the_newest(alice: User, alice_client: Client) -> None:
    [result] = many(alice, 1)
    for place in ("x", "1-2-3", f"{10**30}-{result.pk.hex}", "5-zz"):
        assert keys(alice_client.get(GALLERY, {"before": place})) == [str(result.pk)]


def test_htmx_gets_what_changes_and_a_scroll_the_cards_alone(alice: User, alice_client: Client) -> None:
    many(alice, PAGE_SIZE + 1)
    found = alice_client.get(GALLERY, headers=HTMX)
    assert b"<html" not in found.content
    assert b'id="found"' in found.content
    cards = alice_client.get(more(found), headers=HTMX)
    assert b'id="found"' not in cards.content
    assert len(keys(cards)) == 1
    assert "HX-Request" in cards["Vary"]
    restored = alice_client.get(GALLERY, headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert b"<html" in restored.content


@pytest.mark.parametrize("query", [{}, {"tool": "cutout", "q": "lamp", "period": "week"}])
def test_page_asks_the_database_a_few_times_however_much_it_shows(
    alice: User, alice_client: Client, query: dict[str, str]
) -> None:
    many(alice, 3)
    with CaptureQueriesContext(
        connection,
    ) as few:
        alice_client.get(GALLERY, query)
    many(alice, 40)
    with CaptureQueriesContext(connection) as lots:
        alice_client.get(GALLERY, query)
    # Session, person, sums of results, sum of originals, the trash, the page; with a filter how many match.
    assert len(few) == len(lots) == (9 if query else 8)


def test_page_is_read_along_the_index(alice: User) -> None:
    from django.http import QueryDict

    results = many(alice, PAGE_SIZE + 1)
    first = Gallery(alice, QueryDict())
    later = Gallery(alice, QueryDict(first.more.removeprefix("?")))
    assert later.cards[0].result == results[0]
    with CaptureQueriesContext(connection) as queries:
        assert len(Gallery(alice, QueryDict(first.more.removeprefix("?"))).page) == 1
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + queries[0]["sql"])
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "result_owner_newest (owner_id=? AND created_at<?)" in plan


def test_filter_says_whether_it_narrows(db: None) -> None:
    def narrow(**data: str) -> bool:
        form = FilterForm(data)
        form.is_valid()
        return form.is_narrow

    assert not narrow()
    assert not narrow(period="dates")
    assert not narrow(q=" ", tool="")
    assert narrow(period="today")
    assert narrow(q="lamp")
    assert narrow(period="dates", until="2026-01-01")


def test_a_card_is_the_cutout_as_it_is_handed_over(alice: User, alice_client: Client) -> None:
    cutout = result_of(photo_of(alice), bare=True)
    [card] = alice_client.get("/gallery/").context["gallery"].cards
    assert (card.width, card.height, card.format, card.see_through) == (60, 40, "png", True)
    finishes.set_finish(
        cutout.photo, Finish(canvas="exact", width=160, height=90, background="#ffffff", format="jpg")
    )
    response = alice_client.get("/gallery/")
    [card] = response.context["gallery"].cards
    assert (card.width, card.height, card.format, card.see_through) == (160, 90, "jpg", False)
    # Whatever is behind it: what goes into a scene is the product alone.
    assert card.for_scene
    photo = Photo.objects.get()
    assert f"/thumbnail?finish={photo.finish_number}" in response.content.decode()
