"""A hundred orders at once on ten credits, on both databases, with real connections."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.end_to_end.installation import ROOT
from tests.support import waiting
from tests.support.servers import postgres  # noqa: F401  (a fixture)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_hundred_orders_on_ten_credits_give_ten_tasks_that_end_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = {"DATABASE_URL": request.getfixturevalue("postgres")} if database == "postgresql" else {}
    environment = {
        **os.environ,
        **url,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "picwish_site.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = waiting.run(
        [sys.executable, str(ROOT / "tests/accounts/credits/races.py")], env=environment, cwd=ROOT
    )
    came = json.loads(done.stdout.splitlines()[-1])
    assert came["vendor"] == database
    assert (came["placed"], came["refused"], came["trouble"]) == (10, 90, [])
    assert came["ended"] == 10
    assert came["ends"] == 15
    assert came["spent"] == came["settled"]
    assert came["months"] == 1
    assert came["adds_up"] is True
