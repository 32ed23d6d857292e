"""A studio for all tests of this folder."""

from collections.abc import Iterator

import pytest

from .installation import Studio


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    running = Studio(tmp_path_factory.mktemp("studio"))
    running.start()
    yield running
    running.stop()
