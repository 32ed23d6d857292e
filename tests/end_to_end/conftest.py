"""A studio for all tests of this folder."""

from collections.abc import Iterator

import pytest
import skimage.data

from tests.conftest import encoded
from tests.support.waiting import wait_for

from .installation import Studio


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    running = Studio(tmp_path_factory.mktemp("studio"))
    running.start()
    yield running
    assert running.stop() == 0
    wait_for(lambda: running.processes("") == [], lambda: f"an end of {running.commands()}")


@pytest.fixture(scope="session")
def small() -> bytes:
    """A photo that takes no longer than it must."""
    return encoded(skimage.data.coffee()[60:360, 150:450][::3, ::3], quality=92)
