"""The documents' own commands, as they are written there, and the reference page's examples."""

import html
import json
import re
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import skimage.data
from PIL import Image

from editor.api.reference.examples import CALLS, KEY
from tests.conftest import encoded
from tests.support import waiting

from .conftest import Served

# As in the documents 000, 001 and 002; 003 and 004 show none.
SEGMENTATION = [
    """curl -k 'https://techhk.aoscdn.com/api/tasks/visual/segmentation' \\
-H 'X-API-KEY: YOUR_API_KEY' \\
-F 'sync=0' \\
-F 'image_url=YOUR_IMAGE_URL'""",
    """curl -k 'https://techhk.aoscdn.com/api/tasks/visual/segmentation' \\
-H 'X-API-KEY: YOUR_API_KEY' \\
-F 'sync=0' \\
-F 'image_file=@/path/to/image.jpg'""",
    """curl -k 'https://techhk.aoscdn.com/api/tasks/visual/segmentation' \\
-H 'X-API-KEY: YOUR_API_KEY' \\
-F 'sync=1' \\
-F 'image_url=YOUR_IMAGE_URL'""",
]
FACE_CUTOUT = [command.replace("segmentation", "self-face-cutout") for command in SEGMENTATION]
BACKGROUND = [
    """curl -k 'https://techhk.aoscdn.com/api/tasks/visual/background' \\
-H 'X-API-KEY: YOUR_API_KEY' \\
-F 'scene_type=105' \\
-F 'image_url=YOUR_IMAGE_URL'""",
    """curl -k 'https://techhk.aoscdn.com/api/tasks/visual/background' \\
-H 'X-API-KEY: YOUR_API_KEY' \\
-F 'scene_type=105' \\
-F 'image_file=@/path/to/image.png'""",
]
QUERY = """curl -k 'https://techhk.aoscdn.com/api/tasks/visual/{endpoint}/{task_id}' \\
-H 'X-API-KEY: YOUR_API_KEY'"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, served: Served) -> Path:
    """A folder with the pictures that commands and examples name, served by somebody else as well."""
    folder = tmp_path_factory.mktemp("pictures")
    photo = encoded(skimage.data.astronaut(), quality=92)
    product = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    product.paste((200, 30, 30, 255), (80, 60, 220, 260))
    product.save(folder / "product.png")
    (folder / "photo.jpg").write_bytes(photo)
    served.host.pages["/photo.jpg"] = (200, {}, photo)
    served.host.pages["/product.png"] = (200, {}, (folder / "product.png").read_bytes())
    return folder


def run(command: str, served: Served, pictures: Path, name: str = "photo.jpg") -> dict[str, Any]:
    """Run a document's command with its places filled in, and return what it printed."""
    filled = (
        command.replace("https://techhk.aoscdn.com", served.studio.url)
        .replace("YOUR_API_KEY", served.key)
        .replace("YOUR_IMAGE_URL", f"{served.host.url}/{name}")
        .replace("/path/to/image.jpg", str(pictures / name))
        .replace("/path/to/image.png", str(pictures / name))
    )
    return json.loads(waiting.run(["bash", "-c", filled]).stdout)


def ended(endpoint: str, created: dict[str, Any], served: Served, pictures: Path) -> dict[str, Any]:
    """Ask as the document does until the task has ended, and return what it says then."""
    assert created.keys() == {"status", "message", "data"}
    assert (created["status"], created["message"]) == (200, "success")
    assert created["data"].keys() == {"task_id"}
    command = QUERY.replace("{endpoint}", endpoint).replace("{task_id}", created["data"]["task_id"])

    def told() -> dict[str, Any] | None:
        answer = run(command, served, pictures)
        return answer if answer["data"]["state"] == 1 or answer["data"]["state"] < 0 else None

    return waiting.wait_for(told, f"an end of {created}") or {}


def check_done(told: dict[str, Any], *images: str) -> None:
    assert (told["status"], told["message"]) == (200, "success")
    data = told["data"]
    assert (data["state"], data["progress"]) == (1, 100)
    for name in ("created_at", "processed_at", "completed_at"):
        assert re.fullmatch(r"\d{10}", data[name])
    for name in images:
        answer = httpx.get(data[name])
        assert answer.status_code == 200
        Image.open(BytesIO(answer.content)).verify()


@pytest.mark.parametrize("command", SEGMENTATION, ids=["url", "file", "sync"])
def test_background_removal_as_documented(served: Served, pictures: Path, command: str) -> None:
    told = run(command, served, pictures)
    check_done(told if "sync=1" in command else ended("segmentation", told, served, pictures), "image")


@pytest.mark.parametrize("command", FACE_CUTOUT, ids=["url", "file", "sync"])
def test_face_cutout_as_documented(served: Served, pictures: Path, command: str) -> None:
    told = run(command, served, pictures)
    told = told if "sync=1" in command else ended("self-face-cutout", told, served, pictures)
    check_done(told, "image", "mask")
    assert told["data"]["output_type"] == 1


def test_background_generation_as_documented(served: Served, pictures: Path) -> None:
    first, second = (run(command, served, pictures, "product.png") for command in BACKGROUND)
    assert second["data"].keys() == {"task_id"}
    # One render is enough here.
    page = served.studio.client(served.email, served.password)
    page.post(f"/editor/tasks/{second['data']['task_id']}/cancel/")
    told = ended("background", first, served, pictures)
    check_done(told, "image_1", "image_2")
    assert told["data"]["return_type"] == 1
    assert told["data"]["time_elapsed"] > 0
    assert told["data"]["state_detail"]


# -- The reference's examples --------------------------------------------------------------------------

RUNNERS = {"bash": ["bash", "-eu"], "python": [sys.executable], "javascript": ["node"]}
EXAMPLE = re.compile(r'<figure data-language="(\w+)">.*?<pre[^>]*><code>(.*?)</code>', re.DOTALL)
SECTION = re.compile(r'<section id="([a-z-]+)" class="endpoint">(.*?)</section>', re.DOTALL)


@pytest.mark.parametrize("language", RUNNERS)
@pytest.mark.parametrize("endpoint", CALLS)
def test_the_reference_s_examples_run(
    served: Served, pictures: Path, tmp_path: Path, endpoint: str, language: str
) -> None:
    page = served.http.get("/api/").text
    section = dict(SECTION.findall(page))[endpoint]
    code = html.unescape(dict(EXAMPLE.findall(section))[language])
    assert served.studio.url in code
    for name in ("photo.jpg", "product.png"):
        shutil.copy(pictures / name, tmp_path)
    program = tmp_path / {"bash": "example.sh", "python": "example.py", "javascript": "example.mjs"}[language]
    program.write_text(code.replace(KEY, served.key))
    waiting.run([*RUNNERS[language], str(program)], cwd=tmp_path)
    saved = CALLS[endpoint].saved
    with Image.open(tmp_path / saved) as picture:
        picture.load()
        wanted = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[saved.rpartition(".")[2]]
        assert picture.format == wanted
