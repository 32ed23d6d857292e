"""A cutout in hand: stroke after stroke makes what all at once do, and the rest stays as it is."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data, draw

from editor.engines import tiles
from editor.engines.io import formats, pictures, resampling
from editor.engines.io.png import bands
from editor.engines.matting import foreground_estimation
from editor.engines.matting.strokes import Stroke
from editor.engines.retouching import kept_cutout
from editor.engines.retouching.kept_cutout import KeptCutout

HEIGHT, WIDTH = 700, 1000
STROKES = (
    Stroke(True, 14, ((620, 160), (650, 190))),
    Stroke(False, 10, ((250, 480), (300, 500))),
    Stroke(True, 8, ((320, 300), (340, 280))),
)


@pytest.fixture(scope="module")
def found() -> tuple[pictures.Picture, np.ndarray]:
    """A disc of brick with a soft rim on gravel; a corner of it was not found, and some ground was."""
    ground = np.tile(np.stack([data.gravel()] * 3, axis=-1), (2, 2, 1))[:HEIGHT, :WIDTH]
    print_ = np.tile(np.stack([data.brick()] * 3, axis=-1), (2, 2, 1))[:HEIGHT, :WIDTH] * [1.0, 0.35, 0.25]
    true = np.zeros((HEIGHT, WIDTH), np.float32)
    true[draw.disk((350, 500), 260)] = 1
    true = np.asarray(Image.fromarray(true).resize((WIDTH // 3, HEIGHT // 3)).resize((WIDTH, HEIGHT)))
    rgb = (true[..., None] * print_ + (1 - true[..., None]) * ground).astype(np.uint8)
    alpha = true.copy()
    alpha[100:260, 560:720] = 0
    alpha[460:520, 230:310] = 1
    return pictures.Picture(rgb, None, "PNG"), alpha


def begin(found: tuple[pictures.Picture, np.ndarray]) -> KeptCutout:
    picture, alpha = found
    return KeptCutout(picture, alpha, foreground_estimation.purify(picture.rgb, alpha))


def read(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_stroke_after_stroke_makes_the_same_file_as_all_at_once(
    found: tuple[pictures.Picture, np.ndarray], tmp_path: Path
) -> None:
    kept = begin(found)
    kept.write(tmp_path / "before.png")
    for count in range(1, len(STROKES) + 1):
        kept.correct(STROKES[:count])
        kept.write(tmp_path / f"{count}.png")
    at_once = begin(found)
    at_once.correct(STROKES)
    at_once.write(tmp_path / "at-once.png")
    kept.correct(STROKES[:1])
    kept.write(tmp_path / "back.png")

    assert (tmp_path / "3.png").read_bytes() == (tmp_path / "at-once.png").read_bytes()
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "back.png").read_bytes()
    before, first, last = (read(tmp_path / f"{name}.png") for name in ("before", "1", "3"))
    assert last.shape == (HEIGHT, WIDTH, 4)
    assert (last[160:190, 630:640, 3] == 255).all()
    assert (last[490, 260:290, 3] == 0).all()
    # Beyond the stroke's reach not a byte is another.
    assert (before[:, :400] == first[:, :400]).all()
    assert not (before == first).all()
    assert (kept.grey == first[..., 3]).all()


def test_what_is_told_near_a_stroke_is_what_the_whole_picture_would_be(
    found: tuple[pictures.Picture, np.ndarray], tmp_path: Path
) -> None:
    kept = begin(found)
    kept.write(tmp_path / "a.png")
    kept.correct(STROKES)
    kept.write(tmp_path / "b.png")
    made = read(tmp_path / "b.png")
    picture, alpha = found
    whole = alpha.copy()
    for tile, part in kept.now.alpha.items():
        whole[tiles.cut(tile)] = part
    colours = foreground_estimation.purify(picture.rgb, whole)
    straight = kept_cutout.join(colours, whole)

    assert (made[..., 3] == straight[..., 3]).all()
    off = np.abs(made[..., :3].astype(int) - straight[..., :3])[straight[..., 3] > 128]
    assert off.mean() < 0.5
    assert (pictures.to_bytes(whole) == kept.grey).all()


def test_patches_lead_from_one_copy_for_screens_to_the_next(
    found: tuple[pictures.Picture, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_cutout, "SCREEN_SIDE", 480)
    kept = begin(found)
    shown = kept_cutout.join(*pictures.unweigh(kept.screen))
    steps = [STROKES[:1], STROKES, STROKES[:2], ()]
    for strokes in steps:
        patch = kept.correct(strokes)
        assert sum(part.size for part in patch.pixels) < shown.size
        for window, part in zip(patch.windows, patch.pixels, strict=True):
            shown[window] = part
        straight = begin(found)
        straight.correct(strokes)
        size = formats.fit_size(WIDTH, HEIGHT, 480)
        weighed = pictures.weigh(*split(straight))
        whole = resampling.resize(weighed, size, (0, 0, WIDTH, HEIGHT))
        assert (shown == kept_cutout.join(*pictures.unweigh(whole))).all()


def split(kept: KeptCutout) -> tuple[np.ndarray, np.ndarray]:
    pixels = kept._read(kept.whole)
    return pixels[..., :3], pixels[..., 3].astype(np.float32) * np.float32(1 / 255)


def test_a_stroke_that_is_stopped_leaves_all_as_it_was(
    found: tuple[pictures.Picture, np.ndarray], tmp_path: Path
) -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    kept = begin(found)
    kept.write(tmp_path / "a.png")
    with pytest.raises(InterruptedError):
        kept.correct(STROKES, stop)
    kept.write(tmp_path / "b.png")
    assert kept.now.strokes == ()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("kind", ["noise", "pattern"])
def test_bands_are_packed_apart_and_read_as_one(kind: str, tmp_path: Path) -> None:
    pixels = np.zeros((300, 1500, 4), np.uint8)
    pixels[..., 3] = 255
    noise = np.random.default_rng(1).integers(0, 255, (300, 1500, 3))
    pixels[..., :3] = noise if kind == "noise" else np.tile(noise[:30, :30], (10, 50, 1))
    made = bands.BandedPng(1500, 300, lambda first, last: pixels[first:last])
    assert made.noisy == (kind == "noise")
    assert made.count > 1
    made.write(tmp_path / "a.png", (300.0, 300.0))
    assert (read(tmp_path / "a.png") == pixels).all()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    # The last row of a band is what the first of the next is foretold from.
    row = made.rows
    pixels[row - 1, 40:60] = 77
    changed = made.change(lambda first, last: pixels[first:last], {(row - 1, row)})
    changed.write(tmp_path / "b.png")
    assert (read(tmp_path / "b.png") == pixels).all()
