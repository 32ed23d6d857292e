"""What is old goes when somebody said so: seen first, no newer work, and by plans into the trash alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, AuditEntry, Export, Plan, User
from editor.models import GIVEN_UP, Photo, Result, Retention, Task
from editor.states import State
from editor.tasks import settlement
from editor.templatetags import words
from editor.tools import Tool
from editor.work import orders, retention, trash
from tests.editor.files.files_out import photo_of, result_of


def aged(owner: User, days: int, *, task_days: int | None = None) -> Result:
    """A photo and its result of so many days ago; ordered later where that is said."""
    result = result_of(photo_of(owner, f"{days} days.jpg"))
    moment = timezone.now() - timedelta(days=days)
    ordered = moment if task_days is None else timezone.now() - timedelta(days=task_days)
    Photo.objects.filter(pk=result.photo_id).update(created_at=moment)
    Task.objects.filter(pk=result.task_id).update(created_at=ordered)
    Result.objects.filter(pk=result.pk).update(created_at=ordered)
    return result


def find(days: int, *, originals: bool = True, results: bool = True) -> retention.Old:
    return retention.find_old(timezone.now() - timedelta(days=days), originals=originals, results=results)


def test_what_is_old_is_weighed_and_the_rest_left_alone(alice: User, bob: User) -> None:
    old, other = aged(alice, 100), aged(bob, 100)
    aged(alice, 5)
    weight = find(50).weigh()
    assert (weight.photos, weight.results, weight.people) == (2, 2, 2)
    assert weight.bytes == sum(row.bytes + row.photo.bytes for row in (old, other))
    assert find(50, originals=False).weigh().photos == 0
    assert find(50, originals=False, results=True).weigh().results == 2


def test_a_photo_is_as_young_as_what_was_ordered_of_it_last(alice: User) -> None:
    aged(alice, 100, task_days=3)
    assert find(50).weigh() == retention.Weight(0, 0, 0, 0)


@pytest.mark.parametrize(
    "changes", [{"state": State.QUEUED}, {"expires_at": timezone.now() + timedelta(hours=1)}]
)
def test_what_is_under_way_or_a_programs_is_left_alone(alice: User, changes: dict[str, object]) -> None:
    result = aged(alice, 100)
    Task.objects.filter(pk=result.task_id).update(**changes)
    assert find(50, results=False).weigh().photos == 0


def test_deleting_goes_without_a_way_back_with_the_next_rounds_of_upkeep(alice: User) -> None:
    aged(alice, 100)
    kept = aged(alice, 5)
    weight = retention.delete(find(50))
    assert (weight.photos, weight.results) == (1, 1)
    assert Photo.with_trash.filter(trashed_at=GIVEN_UP).count() == 1
    assert Result.with_trash.filter(trashed_at=GIVEN_UP).count() == 1
    trash.delete_old()
    assert list(Photo.with_trash.all()) == [kept.photo]
    assert list(Result.with_trash.all()) == [kept]


def test_plans_put_what_they_keep_no_longer_into_the_trash(alice: User, bob: User) -> None:
    small, large = (Plan.objects.create(name=name) for name in ("Small", "Large"))
    for person, plan in ((alice, small), (bob, large)):
        User.objects.filter(pk=person.pk).update(plan=plan)
    gone, safe = aged(alice, 40), aged(bob, 40)
    Retention.objects.create(plan=small, originals=30)
    Retention.objects.create(plan=large, originals=None, results=60)
    assert retention.apply_plans() == 1
    assert [item.row for item in trash.list_items(alice, 0, 9)] == [gone.photo]
    assert Photo.objects.filter(pk=safe.photo_id).exists()
    assert Result.objects.filter(pk=safe.pk).exists()
    assert retention.apply_plans() == 0


def test_people_on_no_plan_are_on_the_default_one(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(plan=None)
    Retention.objects.create(plan=Plan.objects.get(is_default=True), results=30)
    aged(alice, 40)
    assert retention.apply_plans() == 1
    assert Photo.objects.count() == 1, "the photo itself is kept for ever"


def test_what_programs_ordered_is_kept_as_long_as_the_plan_says(alice: User, bob: User) -> None:
    generous = Plan.objects.create(name="Generous")
    User.objects.filter(pk=bob.pk).update(plan=generous)
    Retention.objects.create(plan=generous, programs=48)

    def end(owner: User) -> timedelta:
        call = orders.ApiCall(ApiKey.make(owner)[0])
        task = orders.place(owner, photo_of(owner), Tool.CUTOUT, {}, call=call)
        assert settlement.end(Task.objects.filter(pk=task.pk), State.DONE)
        task.refresh_from_db()
        assert task.expires_at
        assert task.completed_at
        return task.expires_at - task.completed_at

    assert (end(alice), end(bob)) == (timedelta(hours=1), timedelta(hours=48))
    Retention.objects.create(plan=Plan.objects.get(is_default=True), programs=2)
    User.objects.filter(pk=alice.pk).update(plan=None)
    assert end(alice) == timedelta(hours=2)


def test_the_desk_shows_who_takes_room_and_what_would_go_before_it_does(alice: User) -> None:
    admin = Client()
    admin.force_login(User.objects.create_superuser("admin@example.com", "correct horse battery"))
    address = reverse("admin:storage")
    aged(alice, 100)
    page = admin.get(address).content.decode()
    assert "alice@example.com" in page
    Export.objects.create(owner=alice, bytes=50_000_000)
    # In all, and hers.
    assert admin.get(address).content.decode().count(words.weight(50_000_000)) >= 2
    assert "would go: " not in page
    asked = {"days": "50", "originals": "on"}
    assert "1 photo and 1 picture of 1 person would go" in admin.get(address, asked).content.decode()
    assert Photo.objects.count() == 1
    assert admin.get(address, {"days": "50"}).status_code == 422
    assert admin.get(address, {"days": "0", "results": "on"}).status_code == 422
    answer = admin.post(address, asked, follow=True)
    assert "On their way out: 1 photos and 1 pictures" in answer.content.decode()
    assert not Photo.objects.exists()
    assert AuditEntry.objects.filter(action="deleted what is old").count() == 1


def test_who_may_not_delete_sees_and_deletes_nothing(alice: User, alice_client: Client) -> None:
    aged(alice, 100)
    assert alice_client.get(reverse("admin:storage")).status_code in (302, 403)
    assert alice_client.post(reverse("admin:storage"), {"days": "1", "originals": "on"}).status_code in (
        302,
        403,
    )
    assert Photo.objects.count() == 1
