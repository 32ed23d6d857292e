"""The admin's desk: facts to read, pictures to see although they are somebody else's."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import ledger
from accounts.models import AuditEntry, User
from editor.admin.rows import ByState
from editor.dashboard import Dashboard
from editor.models import Photo, Result, Scene, Task, Worker
from editor.states import State
from editor.tools import Tool
from tests.editor.files.files_out import get, photo_of, result_of, stored


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.com", "correct horse battery"))
    return client


@pytest.fixture
def result(alice: User) -> Result:
    return result_of(photo_of(alice, thumbnail=stored("photos", "webp", b"small")))


@pytest.mark.parametrize("model", ["photo", "task", "result", "scene"])
def test_list_can_be_opened_and_searched(admin: Client, result: Result, model: str) -> None:
    response = admin.get(reverse(f"admin:editor_{model}_changelist"), {"q": "lamp"})
    assert response.status_code == 200
    assert (b"alice@example.com" in response.content) is (model != "scene")


@pytest.mark.parametrize("model", ["photo", "result"])
def test_admin_sees_small_pictures_of_others(admin: Client, result: Result, model: str) -> None:
    page = admin.get(reverse(f"admin:editor_{model}_changelist")).content.decode()
    [address] = re.findall(r'<img src="([^"]+)" alt="" height="56">', page)
    response, body = get(None, address)
    assert response.status_code == 200
    assert body


@pytest.mark.parametrize("model", ["photo", "task", "result"])
def test_facts_can_be_looked_at_but_not_written(admin: Client, result: Result, model: str) -> None:
    row = {"photo": result.photo, "task": result.task, "result": result}[model]
    assert admin.get(reverse(f"admin:editor_{model}_add")).status_code == 403
    path = reverse(f"admin:editor_{model}_change", args=[row.pk])
    assert admin.get(path).status_code == 200
    assert admin.post(path, {"name": "another"}).status_code == 403


def test_deleting_results_and_photos_takes_their_files_along(
    admin: Client, result: Result, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    other = result_of(photo_of(result.owner))
    with django_capture_on_commit_callbacks(execute=True):
        path = reverse("admin:editor_result_delete", args=[result.pk])
        assert admin.post(path, {"post": "yes"}).status_code == 302
        ticked = {"action": "delete_selected", "_selected_action": str(other.photo_id), "post": "yes"}
        assert admin.post(reverse("admin:editor_photo_changelist"), ticked).status_code == 302
    assert list(Photo.objects.all()) == [result.photo]
    assert not Result.objects.exists()
    gone = result.files + other.files + other.photo.files
    assert not [name for name in gone if default_storage.exists(name)]
    assert all(default_storage.exists(name) for name in result.photo.files)


@pytest.fixture
def scene(db: None) -> Scene:
    """A scene of the catalogue, as the studio begins with it."""
    facts = {"name": "Podium", "category": "Studio", "position": 5, "enabled": True}
    return Scene.objects.update_or_create(number=105, defaults=facts)[0]


def test_number_of_a_scene_is_given_once(admin: Client, scene: Scene) -> None:
    path = reverse("admin:editor_scene_change", args=[scene.pk])
    facts = {"number": "7", "name": "Plinth", "category": "Studio", "keywords": "", "position": "0"}
    assert admin.post(path, facts).status_code == 302
    scene.refresh_from_db()
    assert (scene.number, scene.name) == (105, "Plinth")


def test_scenes_are_switched_and_ordered_in_their_list(admin: Client, scene: Scene) -> None:
    path = reverse("admin:editor_scene_changelist")
    admin.post(path, {"action": "switch_off", "_selected_action": str(scene.pk)})
    assert not Scene.objects.offered().filter(pk=scene.pk).exists()
    admin.post(path, {"action": "switch_on", "_selected_action": str(scene.pk)})
    assert Scene.objects.offered().filter(pk=scene.pk).exists()
    row = {"form-0-id": scene.pk, "form-0-name": "Plinth", "form-0-position": "77", "form-0-enabled": "on"}
    forms = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "Save", **row}
    assert admin.post(f"{path}?q=105", forms).status_code == 302
    scene.refresh_from_db()
    assert (scene.name, scene.position) == ("Plinth", 77)
    acts = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["switched off", "switched on", "changed"]


# -- Tasks ------------------------------------------------------------------------------------------


@pytest.fixture
def tasks(alice: User) -> dict[State, Task]:
    """Alice's tasks, one in each state that matters here, and how long they took."""
    made = {}
    photo = photo_of(alice)
    now = timezone.now()
    for state, seconds in ((State.DONE, 0.5), (State.FAILED, 30), (State.QUEUED, None)):
        timed = {"processed_at": now, "completed_at": now + timedelta(seconds=seconds)} if seconds else {}
        # What waits is another order: what failed is not ordered again while the same is.
        made[state] = Task.objects.create(
            owner=alice,
            photo=photo,
            tool=Tool.CUTOUT,
            state=state,
            params={} if seconds else {"subject": "product"},
            **timed,
        )
    return made


def tick(admin: Client, action: str, *tasks: Task) -> str:
    ticked = {"action": action, "_selected_action": [str(task.pk) for task in tasks]}
    path = reverse("admin:editor_task_changelist")
    return admin.post(path, ticked, follow=True).content.decode()


def test_a_task_is_retried_and_cancelled_by_the_one_door(admin: Client, tasks: dict[State, Task]) -> None:
    said = tick(admin, "retry", tasks[State.FAILED], tasks[State.QUEUED])
    assert "Retried a task: 1." in said
    assert "1 refused: This is still being worked on." in said
    assert Task.objects.count() == 4
    assert "Cancelled a task: 1." in tick(admin, "cancel", tasks[State.QUEUED])
    assert Task.objects.get(pk=tasks[State.QUEUED].pk).status is State.CANCELLED
    assert "Nothing was done" in tick(admin, "cancel", tasks[State.DONE])
    acts = AuditEntry.objects.order_by("pk").values_list("action", "by")
    on_record = ["retried a task", "ordered it in place of one that failed", "cancelled a task"]
    assert list(acts) == [(act, "admin@example.com") for act in on_record]


def test_a_retry_is_paid_by_its_owner_and_stops_where_their_credits_do(
    admin: Client, tasks: dict[State, Task], alice: User
) -> None:
    ledger.correct(alice, -500, reason="All spent")
    # Of a photo that was cut out before, it would cost nothing.
    tasks[State.DONE].delete()
    assert "You have 0" in tick(admin, "retry", tasks[State.FAILED]).replace("you have", "You have")
    assert Task.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state__exact": "-1"}, [State.FAILED]),
        ({"took": "1"}, [State.DONE]),
        ({"took": "60"}, [State.FAILED]),
        ({"took": "x"}, [State.DONE, State.FAILED, State.QUEUED]),
        ({"tool__exact": "scene"}, []),
    ],
)
def test_tasks_are_found_by_state_tool_and_duration(
    admin: Client, tasks: dict[State, Task], query: dict[str, str], found: list[State]
) -> None:
    listed = admin.get(reverse("admin:editor_task_changelist"), query).context["cl"].queryset
    assert set(listed) == {tasks[state] for state in found}


def test_tasks_are_given_as_csv_in_plain_words(admin: Client, tasks: dict[State, Task]) -> None:
    path = reverse("admin:editor_task_changelist") + "csv/"
    head, line = admin.get(path, {"state__exact": "-1"}).content.decode().splitlines()
    assert head == "id,state,tool,owner,photo,provider,took,error,created at"
    assert f"{str(tasks[State.FAILED].pk)[:8]},Failed,Cutout,alice@example.com," in line
    assert ",30.0 s,-1: Something went wrong" in line.replace("'-1", "-1").replace('"', "")


def test_a_task_that_is_short_of_a_take_says_why_in_the_list(admin: Client, tasks: dict[State, Task]) -> None:
    short = "One of two takes was finished, and only that one was charged."
    Task.objects.filter(pk=tasks[State.DONE].pk).update(message=short)
    path = reverse("admin:editor_task_changelist") + "csv/"
    assert short in admin.get(path, {"state__exact": "1"}).content.decode()


def test_a_failed_task_says_why_and_a_done_one_shows_its_pictures(admin: Client, result: Result) -> None:
    page = admin.get(reverse("admin:editor_task_change", args=[result.task_id])).content.decode()
    assert re.search(r'field-pictures.*<img src="', page, re.S)
    Task.objects.update(state=State.NOTHING_FOUND)
    page = admin.get(reverse("admin:editor_task_changelist")).content.decode()
    assert "-11: No subject was found in this photo." in page


# -- The dashboard ----------------------------------------------------------------------------------


def test_the_dashboard_tells_what_waits_who_works_and_how_it_went(
    admin: Client, tasks: dict[State, Task]
) -> None:
    cache.clear()
    Worker.objects.create(queue="quick", host="engine-room", process=7)
    page = " ".join(re.sub(r"<[^>]+>", " ", admin.get(reverse("admin:index")).content.decode()).split())
    assert "Waiting now 1 Quick: 1 waiting, 0 under way; the first since just now" in page
    assert "Workers alive 1 Quick on engine-room" in page
    assert "Today 3 1 done, 1 failed" in page
    assert "No worker takes from the queue “render”" in page
    assert "Failed -1" in page


def test_durations_are_ranked_by_the_database(alice: User) -> None:
    photo = photo_of(alice)
    now = timezone.now()
    for tool, seconds in ((Tool.CUTOUT, range(1, 101)), (Tool.SCENE, [7])):
        Task.objects.bulk_create(
            [
                Task(
                    owner=alice,
                    photo=photo,
                    tool=tool,
                    state=State.DONE,
                    processed_at=now,
                    completed_at=now + timedelta(seconds=second),
                )
                for second in seconds
            ]
        )
    cache.clear()
    measured = {speed.tool: (speed.count, speed.median, speed.p95) for speed in Dashboard().speeds}
    assert measured == {"cutout": (100, 50, 95), "scene": (1, 7, 7)}


def test_an_hour_that_the_clock_has_twice_is_two_columns(settings: Any, alice: User) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    photo = photo_of(alice)
    # 02:30 in summer time, and an hour later 02:30 in winter time.
    for moment in (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
        Task.objects.create(owner=alice, photo=photo, tool=Tool.CUTOUT, state=State.DONE, created_at=moment)
    cache.clear()
    columns = Dashboard(now=datetime(2026, 10, 25, 12, tzinfo=UTC)).by_hour.columns
    assert [(one.label, one.total) for one in columns if one.total] == [("02:00", 1), ("02:00", 1)]


def test_alice_is_no_admin(alice_client: Client, result: Result) -> None:
    response = alice_client.get(reverse("admin:editor_result_changelist"))
    assert response.status_code == 302


def test_no_two_choices_of_the_filter_by_state_read_the_same(admin: Client) -> None:
    page = admin.get(reverse("admin:editor_task_changelist"), {"state__exact": State.LOOP_FAILED})
    by_state = next(one for one in page.context["cl"].filter_specs if isinstance(one, ByState))
    choices = list(by_state.choices(page.context["cl"]))
    words = [str(one["display"]) for one in choices]
    assert len(set(words)) == len(words) == len(State) + 1
    assert [str(one["display"]) for one in choices if one["selected"]] == ["Failed · -9"]
    assert "<title>Tasks · Sweep</title>" in page.content.decode()
