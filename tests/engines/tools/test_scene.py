"""Sets rendered for real, tiny: whose pixels come out, where the shadow is, what is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from editor.engines.errors import Cancelled, NotEnoughResources, NothingFound, UnsuitableContent
from editor.engines.io import pictures
from editor.engines.scenes import blender_process, composite
from editor.engines.scenes.options import SceneOptions
from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.tools import dispatch, scene

SIDE = 160


def cutout(width: int = 120, height: int = 240) -> pictures.Picture:
    """A can: bright stripes that no light of a set would leave as they are, round corners, clear around."""
    rows, columns = np.mgrid[: height + 40, : width + 40].astype(np.float32)
    across = np.abs(columns - (width + 39) / 2) - width / 2
    along = np.abs(rows - (height + 39) / 2) - height / 2
    alpha = np.clip(0.5 - np.maximum(across, along), 0, 1).astype(np.float32)
    rgb = np.stack([columns * 3 % 256, rows * 2 % 256, 200 + 0 * rows], -1).astype(np.uint8)
    return pictures.Picture(rgb, alpha, "PNG")


@pytest.fixture
def can() -> scene.Product:
    return scene.Product.of(cutout())


@pytest.fixture
def can_file(tmp_path: Path) -> Path:
    picture = cutout()
    path = tmp_path / "can.png"
    pictures.write(path, picture.rgb, picture.alpha, format="png")
    return path


def children() -> set[str]:
    """Return the ids of this process's children that are alive."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set((task / "children").read_text().split())
    return found


def test_a_products_opaque_pixels_come_out_as_they_went_in_and_its_shadow_meets_its_foot(
    can: scene.Product, tmp_path: Path
) -> None:
    before = can.rgb.copy(), can.alpha.copy()
    options = SceneOptions(scene=101, size=SIDE, aspect="1:1")
    (made,) = scene.make_takes(can, options, tmp_path)
    assert made.shape == (SIDE, SIDE, 3)
    frame = scene.frame_product(can, options, options.plan_of(1), "stand")
    left, top, right, bottom = frame.box
    rgba = np.asarray(composite.resize_product(can.rgb, can.alpha, right - left, bottom - top))
    inside = ndimage.binary_erosion(rgba[..., 3] == 255, iterations=2, border_value=0)
    assert inside.sum() > 500
    difference = np.abs(made[top:bottom, left:right].astype(int) - rgba[..., :3])[inside]
    assert difference.max() == 0
    # Below the foot it is darker than the same ground away from it, and lighter again further down.
    ground = made.mean(-1)
    near = ground[bottom : bottom + 3, left + 6 : right - 6].mean()
    aside = ground[bottom : bottom + 3, 4:16].mean()
    assert near < aside - 6
    assert ground[bottom + 18 : bottom + 22, left + 6 : right - 6].mean() > near + 4
    assert (can.rgb == before[0]).all()
    assert (can.alpha == before[1]).all()


def test_two_takes_come_with_early_pictures_thumbnails_and_rising_progress(
    can_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    heard: list[float] = []
    early: set[str] = set()

    def listen(share: float) -> None:
        heard.append(share)
        if share < 0.95:
            early.update(path.name for path in folder.glob("early-*.webp"))

    options = {"scene": 105, "takes": 2, "size": 128, "aspect": "4:5", "format": "png", "seed": 3}
    outputs = dispatch.run("scene", str(can_file), str(folder), options, listen)
    assert [(output.kind, output.number) for output in outputs] == [
        ("image", 1),
        ("thumbnail", 1),
        ("image", 2),
        ("thumbnail", 2),
    ]
    assert early == {"early-1.webp", "early-2.webp"}
    assert heard == sorted(heard)
    assert len(set(heard)) > 5
    first, second = (np.asarray(Image.open(outputs[k].path).convert("RGB")).astype(int) for k in (0, 2))
    assert first.shape == (128, 102, 3)
    assert np.abs(first - second).mean() > 4
    assert {path.name for path in folder.iterdir()} == {
        *(Path(output.path).name for output in outputs),
        *early,
        "take-1.json",
        "take-2.json",
    }


def test_cancelling_leaves_no_process_and_no_files_behind(can_file: Path, tmp_path: Path) -> None:
    before = children()
    folder = tmp_path / "results"
    folder.mkdir()
    during: set[str] = set()

    def stop(share: float) -> None:
        if share > 0.03:
            during.update(children() - before)
            raise Cancelled

    with pytest.raises(Cancelled):
        dispatch.run("scene", str(can_file), str(folder), {"scene": 101, "size": 256}, stop)
    assert during
    assert children() == before
    assert not any(path.is_dir() for path in folder.iterdir())


def test_a_photo_of_ones_own_is_darkened_only_by_the_shadow(can: scene.Product, tmp_path: Path) -> None:
    wall = np.full((200, 300, 3), (180, 170, 160), np.uint8)
    path = tmp_path / "wall.png"
    Image.fromarray(wall).save(path)
    options = SceneOptions(backdrop_path=str(path), floor=0.85, size=2 * SIDE)
    (made,) = scene.make_takes(can, options, tmp_path)
    height, width = made.shape[:2]
    assert (width, height) == (2 * SIDE, round(2 * SIDE * 200 / 300))
    foot = round(0.85 * height)
    near = made[foot : foot + 3, width // 2 - 12 : width // 2 + 12].mean()
    assert near < 150 < made[foot + 20 : foot + 23, width // 2 - 12 : width // 2 + 12].mean()
    assert np.abs(made[:10].astype(int) - wall[0, 0]).max() <= 4


def test_a_crash_of_blender_is_told_and_not_passed_off_as_something_else(
    can: scene.Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blender_process, "MODULE", "editor.engines.scenes.plan_that_is_not_there")
    with pytest.raises(NotEnoughResources, match="stopped in the middle") as told:
        scene.make_takes(can, SceneOptions(scene=101, size=96), tmp_path)
    assert told.value.state == -15


def test_a_missing_blender_is_told(
    can: scene.Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bpy.py").write_text("raise ModuleNotFoundError(\"No module named 'bpy'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NotEnoughResources, match="not installed"):
        scene.make_takes(can, SceneOptions(scene=101, size=96), tmp_path)


def test_too_little_memory_is_told(can: scene.Product, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughResources, match="memory"):
        scene.make_takes(can, SceneOptions(scene=101, size=96, memory_mb=100), tmp_path)


def test_an_empty_cutout_is_refused() -> None:
    clear = pictures.Picture(np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), np.float32), "PNG")
    with pytest.raises(UnsuitableContent):
        scene.Product.of(clear)


@pytest.mark.parametrize("opacity", [0.05, 0.45])
def test_what_is_faint_all_over_stands_as_if_it_were_not_and_is_seen_as_faint(
    opacity: float, can: scene.Product
) -> None:
    picture = cutout()
    assert picture.alpha is not None
    faint = scene.Product.of(replace(picture, alpha=picture.alpha * np.float32(opacity)))
    assert (faint.size, faint.tone, faint.foot.firm) == (can.size, can.tone, can.foot.firm)
    assert np.allclose(faint.foot.lift, can.foot.lift)
    seen, whole = (np.asarray(one.resize(*one.size))[..., 3] / 255 for one in (faint, can))
    assert np.abs(seen - whole * opacity).max() < 1 / 255


def test_a_photo_is_cut_out_first_and_one_with_no_subject_is_refused(
    network: None, ball_photo: NDArray[np.uint8], blank_file: Path
) -> None:
    product = scene.Product.of(pictures.Picture(ball_photo, None, "PNG"))
    assert product.size[0] == pytest.approx(220, abs=14)
    with pytest.raises(NothingFound):
        scene.Product.of(pictures.read(blank_file))


def test_a_small_cutout_is_enlarged_twice_at_most() -> None:
    small = scene.Product.of(cutout(30, 60))
    frame = scene.frame_product(small, SceneOptions(scene=101), SceneOptions(scene=101).plan_of(1), "stand")
    assert frame.unit <= 2.05 * max(small.size)
    assert max(frame.width, frame.height) < 1024


def test_matching_the_light_is_gentle_and_off_by_default() -> None:
    can = scene.Product.of(cutout())
    warm = np.full((300, 300, 3), (220, 150, 90), np.uint8)
    rgba = composite.resize_product(can.rgb, can.alpha, 120, 240)
    box: composite.Box = (90, 30, 210, 270)
    plain, matched = (
        composite.overlay_product(warm, rgba, box),
        composite.overlay_product(warm, rgba, box, match=True),
    )
    middle = (slice(100, 200), slice(120, 180))
    shift = matched[middle].astype(float).mean((0, 1)) - plain[middle].astype(float).mean((0, 1))
    assert shift[0] > shift[2]
    assert np.abs(shift).max() < 40
    assert (plain[middle] == np.asarray(rgba)[70:170, 30:90, :3]).all()


def test_the_plate_is_darker_where_a_product_touches_it_and_nowhere_else() -> None:
    plate = np.full((120, 120, 3), 200, np.uint8)
    alpha = np.ones((50, 40), np.float32)
    # Its right half ends above the ground.
    alpha[40:, 20:] = 0
    lift = np.zeros(40, np.float32)
    made = composite.shade_contact(plate, alpha, lift, (40, 40, 80, 90), 0.5)
    assert (plate == 200).all()
    assert made[90, 50, 0] < 185
    assert made[90, 76, 0] > 195
    assert (made[100:] > 195).all()
    assert (made[:70] == 200).all()
    assert (composite.shade_contact(plate, alpha, lift, (40, 40, 80, 90), 0.0) == plate).all()


def shirt() -> scene.Product:
    rows, columns = np.mgrid[:400, :400]
    across = np.abs(columns - 200)
    shape = (rows > 100) & (rows < 350) & (across < 70)
    shape |= (rows > 100) & (rows < 200) & (across < 60 + 0.9 * (rows - 90)) & (across < 130)
    shape |= (rows > 85) & (rows <= 100) & (across < 35)
    rgb = np.full((400, 400, 3), 230, np.uint8)
    return scene.Product.of(pictures.Picture(rgb, shape.astype(np.float32), "PNG"))


@pytest.mark.parametrize(("number", "pose"), [(167, "hang"), (148, "hang"), (151, "lie"), (129, "lie")])
def test_clothes_hang_before_bricks_and_over_water_and_lie_on_sand(
    number: int, pose: str, tmp_path: Path
) -> None:
    worn = shirt()
    take = scene.plan_take(worn, SceneOptions(scene=number, size=SIDE), 1, tmp_path)
    assert take["frame"]["pose"] == pose
    chosen = SceneOptions(scene=number, size=SIDE, pose="lie")
    assert scene.plan_take(worn, chosen, 1, tmp_path)["frame"]["pose"] == "lie"


def test_what_hangs_throws_its_shadow_on_the_wall_beside_it(tmp_path: Path) -> None:
    worn = shirt()
    options = SceneOptions(scene=108, size=SIDE, aspect="1:1", pose="hang")
    (made,) = scene.make_takes(worn, options, tmp_path)
    left, _, right, bottom = scene.frame_product(worn, options, options.plan_of(1), "hang").box
    # Just under its hem the wall is in its shade, at either side of that it is lit.
    grey = made.mean(-1)
    row = slice(bottom + 1, bottom + 4)
    middle = (left + right) // 2
    assert grey[row, middle - 12 : middle + 12].mean() < grey[row, : left - 4].mean() - 4 or (
        grey[row, middle - 12 : middle + 12].mean() < grey[row, right + 4 :].mean() - 4
    )


IN_BANDS = """
import json, os, sys
heard = []
out = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
from editor.engines.blender import render, render_job
render.BAND_PIXELS, render.OVERLAP = int(sys.argv[1]), 8
render_job.run_job(json.load(sys.stdin), heard.append)
print(json.dumps([said.get("share") for said in heard]), file=out)
"""


def test_a_picture_rendered_in_bands_is_the_same_without_a_seam(can: scene.Product, tmp_path: Path) -> None:
    options = SceneOptions(scene=105, size=SIDE, aspect="1:1")
    take = scene.plan_take(can, options, 1, tmp_path)
    job = json.dumps(scene.build_job(can, [take], tmp_path, options))
    plates = []
    for pixels in (SIDE**2, SIDE**2 // 3):
        command = [sys.executable, "-c", IN_BANDS, str(pixels)]
        done = subprocess.run(command, input=job, capture_output=True, text=True, check=True)
        shares = json.loads(done.stdout.splitlines()[-1])
        assert shares == sorted(shares)
        plates.append(np.asarray(Image.open(take["plate"]).convert("RGB")).astype(int))
    whole, banded = plates
    assert whole.shape == banded.shape
    rows = np.abs(whole - banded).mean((1, 2))
    assert rows.max() < 6
    # No row stands out from those around it by more than in the picture that has no bands.
    step = [np.abs(np.diff(plate.mean((1, 2)))).max() for plate in (whole, banded)]
    assert step[1] < step[0] + 1.5


@pytest.mark.parametrize(
    ("surface", "stand", "share"),
    [
        ("plaster", None, 1.0),
        ("mirror", None, 0.0),
        ("mirror", "podium", 1.0),
        ("plaster", "levitation", 0.0),
    ],
)
def test_what_floats_or_stands_on_a_mirror_has_no_dark_line_below_it(
    surface: str, stand: str | None, share: float
) -> None:
    plan = SetPlan(Piece(surface), Piece("wall"), Piece(stand) if stand else None)
    assert scene.contact_darkness({"plan": plan.to_dict()}) == share * scene.CONTACT
