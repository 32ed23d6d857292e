"""The same code on PostgreSQL and Redis, by settings alone."""

from pathlib import Path

from tests.servers import postgres, redis  # noqa: F401  (fixtures)
from tests.waiting import wait_for

from .installation import Studio


def test_photos_become_cutouts_on_postgresql_and_redis(
    tmp_path: Path,
    postgres: str,  # noqa: F811
    redis: str,  # noqa: F811
    coffee: bytes,
) -> None:
    settings = {"DATABASE_URL": postgres, "TASKS_URL": f"{redis}/0", "CACHE_URL": f"{redis}/1"}
    studio = Studio(tmp_path / "studio", workers=2, settings=settings)
    studio.start()
    try:
        client = studio.client("alice@example.com", studio.add_person("alice@example.com"))
        for number in range(4):
            answer = client.post(
                "/editor/photos/",
                files={"photo": (f"{number}.jpg", coffee, "image/jpeg")},
                data={"tool": "cutout"},
                headers={"X-Requested-With": "fetch"},
            )
            assert answer.status_code == 201, answer.text
        code = "from editor.models import Task; print(*[task.state for task in Task.objects.all()])"
        wait_for(
            lambda: studio.shell(code).split() == ["1"] * 4,
            "four cutouts",
        )
        assert not (studio.data / "studio.sqlite3").exists()
    finally:
        assert studio.stop() == 0
