"""The admin's desk: facts to read, pictures to see although they are somebody else's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.models import Photo, Result, Scene

from .files_out import get, photo_of, result_of, stored


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


def test_number_of_a_scene_is_given_once(admin: Client) -> None:
    scene = Scene.objects.create(number=105, name="Podium", category="Studio")
    path = reverse("admin:editor_scene_change", args=[scene.pk])
    facts = {"number": "7", "name": "Plinth", "category": "Studio", "keywords": "", "position": "0"}
    assert admin.post(path, facts).status_code == 302
    scene.refresh_from_db()
    assert (scene.number, scene.name) == (105, "Plinth")


def test_alice_is_no_admin(alice_client: Client, result: Result) -> None:
    response = alice_client.get(reverse("admin:editor_result_changelist"))
    assert response.status_code == 302
