"""Services that misbehave, and what they are handed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from editor import wiring
from editor.models import Photo, Task
from editor.providers.contract import Job
from editor.providers.http_service import Patience
from editor.providers.picwish import PicWish
from editor.tools import Tool
from editor.work import orders
from web.environment import Service

from . import hostile
from .pictures import picture

IMPATIENT = Patience(read=0.4, order=0.9, look=0.9, picture=0.9)
"""For calls that are not answered; those that are may take their time on a machine that has other work."""


@pytest.fixture(scope="module")
def one_service() -> Iterator[hostile.Service]:
    with hostile.serving() as running:
        yield running


@pytest.fixture
def service(one_service: hostile.Service) -> hostile.Service:
    """A service that has not been asked anything yet, and answers well."""
    one_service.start_over()
    return one_service


@pytest.fixture
def picwish(service: hostile.Service) -> Iterator[PicWish]:
    """What asks it."""
    remote = PicWish(service.url, service.key)
    yield remote
    remote.close()


def job(folder: Path, tool: str = "cutout", **options: Any) -> Job:
    """A job as it is handed over: a small PNG, and a folder for what comes of it."""
    source = folder / "outgoing.png"
    if not source.exists():
        source.write_bytes(picture())
    return Job(tool, source, folder, options)


def unwatched(share: float) -> None:
    """Watch nothing."""


@pytest.fixture
def reached(service: hostile.Service, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cutouts go to the service, without a pause between its calls."""
    unset = Service("", "", False)
    settings.SERVICES = {"picwish": Service(service.url, service.key, False), "removebackground": unset}
    settings.WAYS = dict.fromkeys(Tool, "") | {"cutout": "picwish"}
    settings.PROVIDER_RATE, settings.PROVIDER_PATIENCE = 1000.0, 0
    monkeypatch.setattr(wiring, "_remotes", {})
    yield
    for _, remote in wiring._remotes.values():
        remote.close()


@pytest.fixture
def order(alice: User, photo_of: Callable[..., Photo]) -> Task:
    return orders.place(alice, photo_of(alice), Tool.CUTOUT, {"outputs": "both"})
