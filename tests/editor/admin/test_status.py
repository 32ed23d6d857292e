"""The desk's page of how the studio stands, and a task's story."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Export, User
from editor.models import Backup, Task, Worker
from editor.states import State
from editor.tools import Tool
from editor.work import orders, pipeline
from tests.editor.files.files_out import photo_of, result_of
from web import version


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.com", "correct horse battery"))
    return client


def test_the_page_says_how_each_part_stands(admin: Client, alice: User) -> None:
    Worker.objects.create(queue="quick", host="here", process=11, code=version.hash_code())
    Worker.objects.create(queue="render", host="there", process=12, code="0123456789ab")
    task = result_of(photo_of(alice, "slow lamp.jpg")).task
    now = timezone.now()
    Task.objects.filter(pk=task.pk).update(processed_at=now, completed_at=now + timedelta(seconds=83))
    page = admin.get(reverse("admin:status")).content.decode()
    assert "quick on here, process 11" in page
    assert "another: 0123456789ab" in page
    assert page.count("restart it") == 1
    assert "83.0 s" in page
    assert "slow lamp.jpg" in page
    assert "No backup was made yet" in page
    assert f"code {version.hash_code()}" in page
    assert "Upkeep does not run" in page
    Export.objects.create(owner=alice)
    Worker.objects.create(queue="upkeep", host="here", process=13, code=version.hash_code())
    page = admin.get(reverse("admin:status")).content.decode()
    assert "Upkeep does not run" not in page
    assert "upkeep on here, process 13" in page
    copies = page.partition("Copies of people’s data")[2]
    assert copies.startswith("</th><td>1</td>")


def test_a_backup_of_today_is_told_and_an_old_one_is_missed(admin: Client) -> None:
    made = Backup.objects.create(place="/somewhere", files=3, bytes=4096, seconds=1.5)
    page = admin.get(reverse("admin:status")).content.decode()
    assert "3 pictures, 4 kB" in page or "3 pictures, 4.1 kB" in page
    assert "manage.py backup" not in page
    Backup.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert "older than 7 days" in admin.get(reverse("admin:status")).content.decode()


def test_a_stranger_does_not_see_it(alice_client: Client) -> None:
    assert alice_client.get(reverse("admin:status")).status_code in (302, 403)


def test_the_code_of_a_process_has_one_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(version.hash_code()) == 12
    assert version.hash_code() == version.hash_code.__wrapped__()


def test_a_failed_task_tells_its_story_in_order_and_can_be_rerun(
    admin: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(attempt: object) -> None:
        raise ValueError("no")

    task = orders.place(alice, photo_of(alice), Tool.CUTOUT, {})
    monkeypatch.setattr(pipeline, "carry_out", fail)
    pipeline.perform(task.pk)
    address = reverse("admin:editor_task_change", args=[task.pk])
    page = admin.get(address).content.decode()
    words = ["Ordered by alice@example.com on the page", "Taken by a worker", f"({State.FAILED.value})"]
    places = [page.index(one) for one in ["Credits set aside", "Taken by a worker", "Credits given back"]]
    assert places == sorted(places)
    assert all(one in page for one in words)

    again = {"action": "retry", "_selected_action": str(task.pk)}
    assert 'value="retry"' in page
    assert admin.post(reverse("admin:editor_task_changelist"), again).status_code == 302
    assert Task.objects.count() == 2
    second = Task.objects.exclude(pk=task.pk).get()
    page = admin.get(address).content.decode()
    assert f"admin@example.com: retried a task (of alice@example.com, as {second.pk})" in page
    assert (
        admin.post(reverse("admin:editor_task_changelist"), again, follow=True)
        .content.decode()
        .count("ordered again already")
    )
    its_own = admin.get(reverse("admin:editor_task_change", args=[second.pk])).content.decode()
    assert f"in place of one that failed (of alice@example.com, {task.pk})" in its_own
