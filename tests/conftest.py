"""Named actors and real pictures. Alice owns things, Bob is her colleague, Charlie is a stranger."""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import skimage.data
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from accounts.models import User
from editor.files import uploads
from editor.models import Photo
from web.language.catalogues import compile_catalogues

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PASSWORD = "correct horse battery"


def pytest_configure(config: pytest.Config) -> None:
    """Have the languages' catalogues compiled, once for all processes, before anybody reads one."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from .support.sharing import Sharing

    return Sharing(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Django empties a SQLite database row by row after some tests, which the ledger refuses.

    The refusal is lifted for that alone; the tests themselves run with it.
    """
    flush, triggers = connection.ops.sql_flush, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

    def sql_flush(*args: Any, **options: Any) -> list[str]:
        with connection.cursor() as cursor:
            found = dict(cursor.execute(triggers).fetchall())
        lifted = [f"DROP TRIGGER {name}" for name in found]
        return [*lifted, *flush(*args, **options), *found.values()]

    if connection.vendor == "sqlite":
        connection.ops.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def storage_of_this_test(settings: Any, tmp_path: Path) -> None:
    """Every test has a folder for pictures of its own, so that it can say what must be in it."""
    default = dict(django_settings.STORAGES["default"])
    default["OPTIONS"] = {**default["OPTIONS"], "location": str(tmp_path / "media")}
    settings.STORAGES = {**django_settings.STORAGES, "default": default}


@pytest.fixture
def media(tmp_path: Path) -> Callable[[], list[str]]:
    """Returns a function that lists the files in storage now."""
    root = tmp_path / "media"
    return lambda: sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def person(email: str) -> User:
    return User.objects.create_user(email, PASSWORD)


@pytest.fixture
def alice(db: None) -> User:
    return person("alice@example.com")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob@example.com")


@pytest.fixture
def charlie(db: None) -> User:
    return person("charlie@example.com")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice_client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def bob_client(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def charlie_client(charlie: User) -> Client:
    return signed_in(charlie)


def encoded(pixels: np.ndarray, format: str = "JPEG", **options: Any) -> bytes:
    """Return an array as a picture file."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, format, **options)
    return buffer.getvalue()


def bomb() -> bytes:
    """A sound PNG of 48 kB that unfolds to 400 megapixels: one bit each, all of them black."""
    sides = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(20_000 * (1 + 2_500)), 9)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", sides), (b"IDAT", pixels), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.fixture(scope="session")
def coffee() -> bytes:
    """A cup on a table, 600 × 400, as JPEG: a photo with a clear subject."""
    return encoded(skimage.data.coffee(), quality=92)


@pytest.fixture(scope="session")
def rocket() -> bytes:
    return encoded(skimage.data.rocket(), quality=92)


@pytest.fixture
def upload_of(coffee: bytes) -> Callable[..., SimpleUploadedFile]:
    """Returns a function that makes an upload of some bytes, the coffee's by default."""

    def make(content: bytes | None = None, name: str = "coffee.jpg") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, coffee if content is None else content, "image/jpeg")

    return make


@pytest.fixture
def photo_of(upload_of: Callable[..., SimpleUploadedFile]) -> Callable[..., Photo]:
    """Returns a function that stores a photo for somebody, as an upload would."""

    def make(owner: User, content: bytes | None = None, name: str = "coffee.jpg") -> Photo:
        return uploads.receive(owner, upload_of(content, name))

    return make


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real Chromium. Of a module, see tests/support/browsing.py."""
    from .support.browsing import chromium

    with chromium() as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def imaging_ends_with_the_tests() -> Iterator[None]:
    yield
    from editor import wiring
    from editor.files import render_process

    render_process.close()
    if wiring.get_engine.cache_info().currsize:
        wiring.get_engine("local", "quick").close()
