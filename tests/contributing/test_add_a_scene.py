"""What CONTRIBUTING lists for a new scene and for a new word of scenes is all that either takes.

Both are added to a copy of the tree, in the files that are listed and no others, and then looked for wherever
a scene or a word appears.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor import scenes
from editor.api.dialects.tasks import views as api_tasks
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.templates import catalogue
from editor.engines.scenes.templates.base import Template
from editor.forms.scene import SceneForm
from editor.forms.understanding import UnderstandingForm
from editor.models import Photo, Scene
from tests.support.waiting import run

from .copied_tree import ROOT, list_files

NUMBER = 9001
THUMBNAIL = "static/img/scenes/NUMBER.webp"
"""Listed as well; made by a command, and until then a plain picture stands for it."""

A_SCENE = {
    "editor/engines/scenes/templates/studio.py": (
        "TEMPLATES: tuple[Template, ...] = (\n",
        """    Template(
        9001,
        "Gnome's corner",
        PODIUM,
        ("gnome", "corner"),
        SetPlan(Piece("concrete"), Piece("brick"), Piece("crate"), (Piece("candles"),)),
        {"palette": ("earth",)},
    ),
""",
    ),
}
"""The files of a scene made of known words: each with the line after which something is added, and what."""

A_WORD = {
    "editor/engines/scenes/vocabulary/things.py": (
        "PROPS: dict[str, Prop] = {\n",
        '    "gnomes": Prop("garden gnomes", metallic=True),\n',
    ),
    "editor/engines/scenes/prompt/language/lexicons/english.txt": ("\n", "gnomes: gnome, garden gnome\n"),
    "editor/engines/blender/pieces/gnomes.py": (
        "",
        '''"""Garden gnomes."""

from __future__ import annotations

from editor.engines.blender.kit import meshes
from editor.engines.blender.kit.finishes import piece_material
from editor.engines.blender.kit.registry import prop
from editor.engines.blender.kit.stage import Build
from editor.engines.scenes.plan import Piece


@prop("gnomes")
def gnomes(build: Build, piece: Piece) -> None:
    for spot in build.spots(piece.count or 2, 0.1):
        gnome = meshes.cone(build, spot.size, 3 * spot.size, piece_material(build, piece), at=spot.at)
        gnome.name = "gnome"
''',
    ),
}
"""The files of a new word: its row, what people call it, and the function that builds it."""

BUILT = """
import sys
from pathlib import Path
import bpy
import numpy as np
from editor.engines.blender import pieces, render, render_job, thumbnails
from editor.engines.scenes.options import SceneOptions
from editor.engines.tools import scene
render.set_exposure = lambda *_: None
pieces.load_pieces()
alpha = np.zeros((60, 40), np.float32)
alpha[4:-1, 5:-5] = 1
foot = scene.ground_contact.find_foot(alpha)
can = scene.Product(np.full((60, 40, 3), 90, np.uint8), alpha, foot, (40, 60))
folder = Path(sys.argv[1])
take = scene.plan_take(can, SceneOptions(size=96, **{OPTIONS}), 1, folder)
job = scene.build_job(can, [take], folder, SceneOptions(scene=105))
cutout = render_job.product.Cutout.read(job["product"]["picture"], job["product"]["shape"])
build = render_job.build_set(take, cutout, job["product"], "dummy", folder)
names = [thing.name for thing in build.scene.objects]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the engine and of what it stands on, to be changed at will."""
    copy = tmp_path / "tree"
    shutil.copytree(ROOT / "editor", copy / "editor", ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_contributing_lists_what_is_added_here_and_nothing_else() -> None:
    """A folder or a pattern is listed where the file may be any of several."""
    added, listed = {*A_SCENE, *A_WORD}, list_files("Add a scene", "gnomes") - {THUMBNAIL}
    patterns = {one: f"{one}*" if one.endswith("/") else one for one in listed}
    for file in added:
        assert any(fnmatch(file, pattern) for pattern in patterns.values()), file
    for one, pattern in patterns.items():
        assert any(fnmatch(file, pattern) for file in added), one


def add(tree: Path, files: dict[str, tuple[str, str]]) -> None:
    for name, (after, added) in files.items():
        path = tree / name
        before = path.read_text() if after else ""
        at = before.index(after) + len(after)
        path.write_text(before[:at] + added + before[at:])


def answer(tree: Path, code: str, *arguments: str) -> Any:
    """Run code in a process that sees the copy alone; return the JSON of its last expression, `told`."""
    opened = "import json, os\nout = os.fdopen(os.dup(1), 'w')\nos.dup2(2, 1)\n"
    code = f"{opened}{code}\nprint(json.dumps(told), file=out)"
    done = run([sys.executable, "-c", code, *arguments], cwd=tree)
    return json.loads(done.stdout)


def test_a_scene_of_known_words_is_one_row(tree: Path) -> None:
    add(tree, A_SCENE)
    told = answer(
        tree,
        "from editor.engines.scenes import prompt\n"
        "from editor.engines.scenes.options import SceneOptions\n"
        "from editor.engines.scenes.templates import catalogue\n"
        "options = SceneOptions(scene=9001, negative_prompt='no candles', accent='#aabbcc')\n"
        "told = [catalogue.template(9001).name, [options.plan_of(take).to_dict() for take in (1, 2)]]",
    )
    name, (first, second) = told
    assert name == "Gnome's corner"
    assert (first["palette"], second["palette"]) == ("", "earth")
    assert not first["props"]
    assert first["stand"]["colour"] == "#aabbcc"
    listed = run([sys.executable, "-m", "editor.engines", "scene", "--list"], cwd=tree).stdout
    assert "9001  " in listed


def test_a_scene_of_known_words_is_built_and_has_its_thumbnail_made(tree: Path, tmp_path: Path) -> None:
    add(tree, A_SCENE)
    code = BUILT.replace("{OPTIONS}", "{'scene': 9001}")
    code += "told = [len(names), 9001 in thumbnails.catalogue.TEMPLATES]"
    count, has_thumbnail = answer(tree, code, str(tmp_path))
    assert count > 10
    assert has_thumbnail


@pytest.fixture
def dummy(monkeypatch: pytest.MonkeyPatch, db: None) -> Template:
    """A scene in the catalogue of this process, as the next start of the studio would find it."""
    template = Template(
        NUMBER, "Gnome's corner", "Podium", ("gnome",), SetPlan(Piece("concrete"), Piece("brick"))
    )
    monkeypatch.setitem(catalogue.TEMPLATES, NUMBER, template)
    scenes.sync_rows()
    return template


def test_pages_and_programs_offer_the_scene(
    dummy: Template, alice: User, alice_client: Client, photo_of: Callable[..., Photo]
) -> None:
    row = Scene.objects.get(number=NUMBER)
    assert (row.name, row.category, row.keywords) == ("Gnome's corner", "Podium", "gnome")
    assert scenes.is_offered(NUMBER)
    assert scenes.find_thumbnail(NUMBER) == "img/scenes/none.svg"  # until the thumbnails are made
    photo = photo_of(alice)
    page = alice_client.get(f"{reverse('editor:photo', args=[photo.pk])}?tool=scene").content.decode()
    assert "Gnome&#x27;s corner" in page
    assert NUMBER in [one["scene_type"] for one in api_tasks.list_offered()["data"]["scenes"]]
    form = SceneForm({"by": "scene", "scene_type": str(NUMBER), "batch_size": "2"})
    assert form.is_valid(), form.errors
    asked = {"by": "scene", "scene_type": NUMBER, "negative_prompt": "no bricks"}
    assert UnderstandingForm(asked).describe()["gone"] == ["brick"]


def test_a_word_is_one_row_one_function_and_what_people_call_it(tree: Path) -> None:
    add(tree, A_WORD)
    told = answer(
        tree,
        "from editor.engines.scenes import prompt\n"
        "from editor.engines.scenes.plan import Piece, SetPlan\n"
        "plain = SetPlan(Piece('sand'), Piece('sea'), None, (Piece('gnomes'),))\n"
        "understood = prompt.understand('three golden garden gnomes on sand, gnomez')\n"
        "refused = prompt.understand_refusals('gnomes')\n"
        "accented = prompt.understand('gold accents, gnome')\n"
        "told = [understood.plan(1).to_dict()['props'], [m.taken for m in understood.meanings],\n"
        "        refused.list_refused(plain), refused.apply_to(plain).to_dict()['props'],\n"
        "        [accented.plan(seed).to_dict() for seed in range(3)]]",
    )
    props, taken, gone, left, accented = told
    assert {"name": "gnomes", "colour": "", "finish": "gold", "count": 3} in props
    assert any("gnomes ×3" in words for words in taken)
    assert gone == ["gnomes"]
    assert not left
    for plan in accented:
        assert [prop["finish"] for prop in plan["props"] if prop["name"] == "gnomes"] == ["gold"]


def test_a_word_is_built(tree: Path, tmp_path: Path) -> None:
    add(tree, A_WORD)
    plan = SetPlan(Piece("concrete"), Piece("wall")).to_dict() | {"props": [{"name": "gnomes", "count": 2}]}
    code = BUILT.replace("{OPTIONS}", repr({"plan": plan}))
    code += "told = [name for name in names if name.startswith('gnome')]"
    assert answer(tree, code, str(tmp_path))
