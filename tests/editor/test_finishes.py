"""Finishes of photos as rows: which one counts, going back and forth, and one for many."""

from typing import Any

import pytest

from accounts.models import CreditEntry, User
from editor import finishes
from editor.engines.finishing.finish import VERSION, Finish
from editor.models import Finish as Row
from editor.models import Photo, Preparation, Result, Task

from .files.files_out import photo_of, result_of

WHITE, LINEN, SQUARE = Finish(background="#ffffff"), Finish(background="#f1ede6"), Finish(canvas="ratio")


@pytest.fixture
def photo(alice: User) -> Photo:
    return photo_of(alice)


def read(photo: Photo) -> Finish:
    """What counts by what is in the database, as another page or tab sees it."""
    return finishes.get_current(Photo.objects.get(pk=photo.pk)).finish


def test_nobody_set_one_so_nothing_is_changed(photo: Photo) -> None:
    current = finishes.get_current(photo)
    assert current.changes_nothing
    assert (current.number, current.can_undo, current.can_redo) == (0, False, False)


def test_the_last_one_counts_and_one_can_go_back_to_none_and_on_again(photo: Photo) -> None:
    for finish in (WHITE, LINEN, SQUARE):
        finishes.set_finish(photo, finish)
    seen = [read(photo)]
    while finishes.get_current(photo).can_undo:
        finishes.undo(photo)
        seen.append(read(photo))
    assert seen == [SQUARE, LINEN, WHITE, Finish()]
    assert finishes.undo(photo).number == 0
    again = []
    while finishes.get_current(photo).can_redo:
        finishes.redo(photo)
        again.append(read(photo))
    assert again == [WHITE, LINEN, SQUARE]
    assert finishes.redo(photo).finish == SQUARE


def test_setting_one_after_going_back_drops_what_was_gone_back_from(photo: Photo) -> None:
    for finish in (WHITE, LINEN):
        finishes.set_finish(photo, finish)
    dropped = finishes.undo(finishes_photo := photo).number
    current = finishes.set_finish(finishes_photo, SQUARE)
    assert not current.can_redo
    assert not finishes.redo(photo).can_redo
    # What was made by a number that is gone must not be taken for what this one makes.
    assert current.number not in (dropped, dropped + 1)
    finishes.undo(photo)
    assert read(photo) == WHITE


def test_the_same_once_more_is_no_step(photo: Photo) -> None:
    finishes.set_finish(photo, WHITE)
    finishes.set_finish(photo, WHITE)
    finishes.undo(photo)
    finishes.set_finish(photo, Finish())
    assert Row.objects.count() == 1
    assert finishes.get_current(photo).can_redo


def test_two_tabs_that_change_one_photo_are_both_kept_and_the_last_one_counts(photo: Photo) -> None:
    """Each has a row of the photo as it was when its page came."""
    one, other = (Photo.objects.get(pk=photo.pk) for _ in range(2))
    finishes.set_finish(one, WHITE)
    finishes.set_finish(other, LINEN)
    assert read(photo) == LINEN
    finishes.undo(one)
    assert read(photo) == WHITE
    # Who sets what counts already is told which one that is.
    assert finishes.set_finish(other, WHITE) == finishes.get_current(one)


def test_finish_of_a_later_version_is_said_and_stays_until_another_is_set(photo: Photo) -> None:
    later = {"version": VERSION + 1, "grain": 0.5}
    finishes.append_row(photo, later, None)
    current = finishes.get_current(photo)
    assert current.changes_nothing
    assert "Update the studio" in current.sentence
    assert Row.objects.get().data == later
    finishes.set_finish(photo, WHITE)
    assert finishes.get_current(photo).sentence == ""
    finishes.undo(photo)
    assert "Update the studio" in finishes.get_current(photo).sentence


@pytest.mark.parametrize("data", [{"grain": 1}, {"canvas": "round"}, {"margins": 7}, {"version": "old"}])
def test_row_that_says_nonsense_costs_nobody_their_page(photo: Photo, data: dict[str, Any]) -> None:
    finishes.append_row(photo, data, None)
    assert finishes.get_current(photo).changes_nothing
    assert finishes.get_current(photo).sentence


def test_picture_behind_counts_with_its_finish(alice: User, photo: Photo) -> None:
    wall = photo_of(alice, purpose=Photo.Purpose.BACKDROP)
    finishes.set_finish(photo, Finish(), wall)
    assert finishes.get_current(photo).backdrop == wall
    assert not finishes.get_current(photo).changes_nothing
    finishes.set_finish(photo, Finish())
    assert finishes.get_current(photo).backdrop is None
    finishes.undo(photo)
    wall.delete()
    assert finishes.get_current(photo).backdrop is None


def test_one_for_many_is_a_step_for_those_that_had_another(alice: User, photo: Photo) -> None:
    others = [photo_of(alice) for _ in range(3)]
    finishes.set_finish(photo, WHITE)
    finishes.set_finish(others[0], WHITE)
    finishes.set_finish(others[1], LINEN)
    changed = finishes.apply_to([photo, *others], photo)
    assert changed == others[1:]
    assert {read(one) for one in (photo, *others)} == {WHITE}
    finishes.undo(others[1])
    assert read(others[1]) == LINEN


def test_one_for_many_asks_no_more_of_the_database_for_more(
    alice: User, photo: Photo, django_assert_max_num_queries: Any
) -> None:
    finishes.set_finish(photo, WHITE)
    others = [photo_of(alice) for _ in range(12)]
    for other in others[:6]:
        finishes.set_finish(other, LINEN)
        finishes.set_finish(other, SQUARE)
        finishes.undo(other)
    with django_assert_max_num_queries(11):
        assert len(finishes.apply_to(others, photo)) == 12
    assert {read(other) for other in others} == {WHITE}
    assert not finishes.get_current(others[0]).can_redo
    assert finishes.undo(others[0]).finish == LINEN


def test_new_photo_begins_with_the_finish_that_its_owner_set_last(alice: User, bob: User) -> None:
    first, second = photo_of(alice), photo_of(alice)
    finishes.set_finish(second, LINEN)
    finishes.set_finish(first, WHITE)
    finishes.set_finish(photo_of(bob), SQUARE)
    new = photo_of(alice)
    finishes.hand_down(new)
    assert read(new) == WHITE
    finishes.undo(new)
    assert read(new) == Finish()


def test_new_photo_of_who_never_set_any_or_took_it_back_begins_with_none(alice: User, photo: Photo) -> None:
    finishes.hand_down(photo)
    assert not Row.objects.exists()
    finishes.set_finish(photo, WHITE)
    finishes.undo(photo)
    new = photo_of(alice)
    finishes.hand_down(new)
    assert finishes.get_current(new).number == 0


def test_what_counts_for_many_is_one_question(
    alice: User, django_assert_num_queries: Any, photo: Photo
) -> None:
    photos = [photo, *(photo_of(alice) for _ in range(5))]
    for each in photos[:3]:
        finishes.set_finish(each, WHITE)
        finishes.set_finish(each, LINEN)
    finishes.undo(photos[2])
    with django_assert_num_queries(1):
        current = finishes.list_current(photos)
    seen = [current[each.pk].finish for each in photos]
    assert seen == [LINEN, LINEN, WHITE, Finish(), Finish(), Finish()]


def test_no_finish_ever_touches_cutout_task_or_ledger(alice: User, photo: Photo) -> None:
    cutout = result_of(photo, bare=True)
    tables = (Result, Task, CreditEntry, Preparation)
    before = [list(table.objects.values()) for table in tables]
    finishes.set_finish(photo, WHITE)
    finishes.set_finish(photo, LINEN)
    finishes.undo(photo)
    finishes.redo(photo)
    finishes.apply_to([photo_of(alice)], photo)
    finishes.hand_down(photo_of(alice))
    assert [list(table.objects.values()) for table in tables] == before
    cutout.refresh_from_db()
    with cutout.file.open("rb") as file:
        assert len(file.read()) == cutout.bytes
