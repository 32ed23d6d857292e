"""What CONTRIBUTING lists for a new provider is all it takes: added to a copy, it is found everywhere."""

from pathlib import Path

import pytest

from .copied_tree import ROOT, Additions, CopiedTree, list_files

A_PROVIDER: Additions = {
    "editor/services.py": (
        (
            "SERVICES: dict[str, ServiceSpec] = {\n",
            """    "echo": ServiceSpec(
        title="Echo", client="editor.providers.echo.Echo", tools=(Tool.CUTOUT, Tool.HEAD)
    ),
""",
        ),
    ),
    "editor/providers/echo.py": (
        (
            "",
            '''"""A service that gives back what it is sent."""

from collections.abc import Collection

from .contract import FetchedPicture, Job, RemoteStatus, Submission, Watch
from .http_service import Patience, Service


class Echo:
    tools = frozenset({"cutout", "head"})
    seconds = {"cutout": 60.0, "head": 60.0}
    name, title = "echo", "Echo"

    def __init__(
        self, base_url: str, key: str, *, allowed: Collection[str] = (), patience: Patience | None = None
    ) -> None:
        self.base_url, self.key, self.patience = base_url, key, patience or Patience()
        self.service = Service(base_url, key, title=self.title, allowed=allowed, patience=self.patience)

    def declines(self, job: Job) -> str:
        return ""

    def submit(self, job: Job, key: str, watch: Watch) -> Submission:
        return Submission(pictures=(FetchedPicture(job.source),))

    def look(self, tool: str, remote_id: str) -> RemoteStatus:
        return RemoteStatus(1)

    def collect(self, job: Job, look: RemoteStatus, watch: Watch) -> tuple[FetchedPicture, ...]:
        return (FetchedPicture(job.source),)

    def close(self) -> None:
        self.service.close()
''',
        ),
    ),
}
"""The row and the client. The migration is made by a command; what is written for people is not tried."""

REACHED = {"ECHO_URL": "https://echo.example/", "ECHO_KEY": "a key of echo's"}

KNOWN = """
from django.conf import settings
from editor import wiring
from editor.models import Provider, Route
from editor.remote import routing, trial_calls

row = Provider.objects.get(pk="echo")
print(settings.SERVICES["echo"].base_url, settings.WAYS["cutout"], row, row.get_name_display())
connection = routing.get_connection(row)
client = wiring.get_remote(connection)
print(type(client).__name__, client.base_url, client.key == connection.key == "a key of echo's")
print(client.tools == set(routing.services.SERVICES["echo"].tools) == client.seconds.keys())
print(routing.find_way("cutout").label, "|", routing.find_way("erase").label)
print(trial_calls.run_trial(row).sentence)
"""

AT_THE_DESK = """
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from editor.remote import routing

transaction.set_autocommit(False)  # nothing of it stays
admin = get_user_model().objects.create_superuser("admin@example.com", "a long password")
desk = Client()
desk.force_login(admin)
ask = lambda name, *of: desk.get(reverse(f"admin:editor_{name}", args=of), headers={"host": "localhost"})
print("Echo" in ask("provider_changelist").content.decode())
print(ask("provider_change", "echo").status_code, ask("provider_try", "echo").status_code)
for tool in ("cutout", "head", "erase", "scene"):
    print(tool, 'value="echo+local"' in ask("route_change", tool).content.decode())
set_up = {"base_url": "https://echo.example", "new_key": "a key", "enabled": "on"}
desk.post(reverse("admin:editor_provider_change", args=["echo"]), set_up, headers={"host": "localhost"})
desk.post(reverse("admin:editor_route_change", args=["head"]), {"way": "echo"}, headers={"host": "localhost"})
print(routing.find_way("head").label, "|", routing.list_troubles())
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> CopiedTree:
    """A copy with the provider in it, migrated as CONTRIBUTING says."""
    copy = CopiedTree(tmp_path_factory.mktemp("provider"), A_PROVIDER)
    assert copy.manage("makemigrations", "editor", "--check", "--dry-run").returncode == 1
    assert copy.manage("makemigrations", "editor").returncode == 0
    migrated = copy.manage("migrate")
    assert migrated.returncode == 0, migrated.stderr
    return copy


def test_it_is_set_up_wired_and_tried(tree: CopiedTree) -> None:
    said = tree.ask(KNOWN, **REACHED, PROVIDER_CUTOUT="echo+local").splitlines()
    assert said == [
        "https://echo.example echo+local Echo Echo",
        "Echo https://echo.example True",
        "True",
        "Echo, else this studio | This studio",
        said[-1],
    ]
    assert said[-1].startswith("Echo took a picture and gave its cutout back.")


def test_it_is_at_the_desk_with_the_tools_that_it_has(tree: CopiedTree) -> None:
    assert tree.ask(AT_THE_DESK).splitlines() == [
        "True",
        "200 200",
        "cutout True",
        "head True",
        "erase False",
        "scene False",
        "Echo; waits while it does not answer | []",
    ]


def test_its_want_is_said_at_the_start(tree: CopiedTree) -> None:
    checked = tree.manage("check", PROVIDER_CUTOUT="echo", ECHO_URL="https://echo.example")
    assert "Echo is to carry cutouts out. Its key is missing." in checked.stderr
    wrong = tree.manage("check", PROVIDER_ERASE="echo")
    assert wrong.returncode == 1
    assert "PROVIDER_ERASE is 'echo'. Use one of: local" in wrong.stderr


@pytest.mark.skipif(not Path(ROOT, "CONTRIBUTING.md").exists(), reason="CONTRIBUTING.md is not written yet")
def test_contributing_lists_each_file() -> None:
    assert list_files("Add a provider", "echo") == A_PROVIDER.keys() | {"editor/migrations/"}
