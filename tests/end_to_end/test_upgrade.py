"""A studio of an earlier release goes on in this one, with all that it had in hand."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from editor.engines import paths
from tests.support.waiting import wait_for

from .installation import Studio

DUMP = Path(__file__).with_name("studio-8aeea9b.sql")
SETTINGS = {"SECRET_KEY": "a key of the older studio's, of more than fifty characters, for this test alone"}
PASSWORD = "correct horse battery"


@pytest.fixture
def older_studio(tmp_path: Path) -> Iterator[Studio]:
    """The data folder as the older release left it when it was stopped, started with this one."""
    kept = tmp_path / "studio" / "cache"
    studio = Studio(tmp_path / "studio", settings={**SETTINGS, "CACHE_DIR": str(kept), "ANSWERS_DIR": ""})
    media = studio.data / "media"
    media.mkdir(parents=True)
    with closing(sqlite3.connect(studio.data / "studio.sqlite3", autocommit=True)) as database:
        database.executescript(DUMP.read_text())
        files = database.execute("SELECT file, name FROM editor_photo").fetchall()
        files += database.execute("SELECT file, 'red.png' FROM editor_result").fetchall()
    for file, name in files:
        picture = Image.new("RGB", (256, 256), "#e8e8e8")
        ImageDraw.Draw(picture).ellipse((64, 48, 192, 224), fill=name.removesuffix(".png"))
        (media / file).parent.mkdir(parents=True, exist_ok=True)
        picture.save(media / file)
    # What was compiled for this very network, by an OpenVINO that is not this one.
    shutil.copytree(paths.cache(), kept, ignore=shutil.ignore_patterns("*.blob", "*.socket"))
    compiled = [blob.relative_to(paths.cache()) for blob in paths.cache().rglob("*.blob")]
    assert compiled, "no network has been compiled here: make install does"
    for blob in compiled:
        (kept / blob).write_bytes(b"compiled by another OpenVINO")
    studio.start()
    yield studio
    studio.stop()


def test_what_an_earlier_release_had_in_hand_is_carried_out(older_studio: Studio) -> None:
    studio = older_studio
    under_way = "SELECT 1 FROM editor_task WHERE state != 1 LIMIT 1"
    waiting = "SELECT 1 FROM django_tasks_database_dbtaskresult WHERE status = 'READY' LIMIT 1"
    wait_for(lambda: not studio.rows(under_way) and not studio.rows(waiting), "all that was waiting")

    made = studio.rows(
        "SELECT u.email, count(DISTINCT r.task_id), max(t.attempts) FROM editor_task t "
        "JOIN editor_result r ON r.task_id = t.id JOIN accounts_user u ON u.id = t.owner_id GROUP BY u.email"
    )
    assert made == [("alice@example.com", 3, 1), ("bob@example.com", 2, 2)]
    assert not studio.rows("SELECT 1 FROM editor_photo WHERE preview = ''")
    assert not studio.rows("SELECT 1 FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'")
    assert "A new password for Sweep" in studio.log.read_text()

    alice = studio.client("alice@example.com", PASSWORD)
    for (result,) in studio.rows("SELECT id FROM editor_result WHERE owner_id = 1"):
        assert alice.get(f"/results/{uuid.UUID(result)}/file").status_code == 200
    studio.client("bob@example.com", PASSWORD)
