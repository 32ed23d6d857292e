"""A studio as `make run` starts it, for clients that nobody here wrote, and three people with keys."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageOps

from tests.api.hosts import Host
from tests.conftest import encoded
from tests.end_to_end.installation import Studio
from tests.support import waiting

from . import environments
from .doorway import PROGRAMS, Doorway

REMOVE_BG = "api.remove.bg"
SIDE = 300  # pixels
Call = dict[str, Any]
Outcome = dict[str, Any]
Caller = Callable[..., list[Outcome]]

# On a plan of none: another month may begin while these tests run.
WITHOUT_CREDITS = """
from accounts import ledger, staff_actions
from accounts.models import Plan, User
user = User.objects.get(email={email!r})
staff_actions.put_on(user, Plan.objects.create(name="Without credits", credits_per_month=0))
assert ledger.get_balance(user) == 0
"""


@dataclass
class Served:
    """key: of somebody who may do anything. poor: of one without credits. slow: one call a second."""

    studio: Studio
    host: Host
    doorway: Doorway
    key: str
    poor: str
    slow: str

    @property
    def url(self) -> str:
        return self.studio.url


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clients")
    with Host() as host:
        settings = {"FETCH_ALLOW": host.place, "ALLOWED_HOSTS": f"127.0.0.1,{REMOVE_BG}"}
        studio = Studio(folder / "studio", settings=settings)
        studio.start()
        keys = {}
        for name, pace in (("key", "1000"), ("poor", "1000"), ("slow", "1")):
            email = f"{name}@example.com"
            studio.add_person(email)
            keys[name] = studio.manage("createkey", email, "--qps", pace).split()[-1]
        studio.shell(WITHOUT_CREDITS.format(email="poor@example.com"))
        host.pages["/cup.jpg"] = (200, {"Content-Type": "image/jpeg"}, cup())
        with Doorway(folder, REMOVE_BG, studio.port) as doorway:
            yield Served(studio, host, doorway, **keys)
        assert studio.stop() == 0


def cup() -> bytes:
    """A cup on a table, small: what is tried here is the way to it, not the cutting out."""
    photo = ImageOps.fit(Image.fromarray(skimage.data.coffee()), (SIDE, SIDE * 2 // 3))
    return encoded(np.asarray(photo), quality=90)


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where clients read and write: cup.jpg is a photo, broken.jpg the beginning of one, others are none."""
    made = tmp_path_factory.mktemp("pictures")
    (made / "cup.jpg").write_bytes(cup())
    (made / "broken.jpg").write_bytes(cup()[:300])
    (made / "notes.txt").write_text("This is no picture.")
    (made / "clip.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(500))
    return made


def picture(path: Path) -> Image.Image:
    """Return a picture that a client saved, read whole."""
    with Image.open(path) as opened:
        opened.load()
        return opened


@pytest.fixture
def run(served: Served, folder: Path) -> Caller:
    """Returns a function that makes calls with a client, one after the other, and returns what came of each.

    program: of programs/, which reads the calls in JSON and prints the outcomes so.
    """

    def make_calls(client: environments.Client, program: str, *calls: Call) -> list[Outcome]:
        place = environments.install(client)
        command = ["node"] if program.endswith(".cjs") else [str(place / "bin/python"), "-I"]
        printed = waiting.run(
            [*command, str(PROGRAMS / program), json.dumps(calls)],
            cwd=folder,
            env=environments.plain()
            | served.doorway.environment
            | {"NODE_PATH": str(place / "node_modules")},
        ).stdout
        outcomes: list[Outcome] = json.loads(printed)
        assert len(outcomes) == len(calls)
        return outcomes

    return make_calls
