"""What the tests of the accounts share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.protection import throttle
from tests.conftest import PASSWORD


@pytest.fixture
def letters_at_once(settings: Any) -> None:
    """Letters are sent within the request, so that a test can read them."""
    backend = "django.tasks.backends.immediate.ImmediateBackend"
    settings.TASKS = {"default": {"BACKEND": backend, "QUEUES": settings.MESSAGE_QUEUES}}


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    throttle.get_limiter.cache_clear()
    yield
    cache.clear()
    throttle.get_limiter.cache_clear()


@pytest.fixture
def owner(db: None) -> User:
    """Olga, who runs the studio: a superuser."""
    return User.objects.create_superuser("olga@example.com", PASSWORD)


@pytest.fixture
def owner_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client
