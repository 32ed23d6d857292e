"""Layers apart: put together again they are the picture, and they tell nothing of what was cut away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engines.finishing import layers, render
from editor.engines.finishing.finish import Finish

SIZE = (200, 300)


@pytest.fixture
def cutout() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A red disc with a soft edge; where it is not, the old ground is loud green."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]].astype(np.float32)
    alpha = np.clip((60 - np.hypot(rows - 100, columns - 150)) / 3 + 0.5, 0, 1).astype(np.float32)
    rgb = np.where(alpha[..., None] > 0, (200, 40, 30), (0, 255, 0)).astype(np.uint8)
    return rgb, alpha


def unpacked(path: Path) -> dict[str, NDArray[np.float32]]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {
            name: np.asarray(Image.open(io.BytesIO(archive.read(name))), np.float32)
            for name in archive.namelist()
        }


@pytest.mark.parametrize(
    "finish",
    [
        Finish(),
        Finish(canvas="content", margins=(0.2, 0.1, 0.1, 0.1)),
        Finish(background="#81d4fa"),
        Finish(background="#ff0000", canvas="exact", width=90, height=120, scaling="fit"),
        Finish(shadow="drop", background="#ffffff"),
    ],
)
def test_put_together_they_are_the_picture(
    cutout: tuple[NDArray[np.uint8], NDArray[np.float32]], finish: Finish, tmp_path: Path
) -> None:
    whole = render.render(*cutout, finish)
    bare = render.render(*cutout, Finish.from_dict({**finish.to_dict(), "background": ""}))
    path = tmp_path / "image.zip"
    assert layers.write_layers(bare, layers.paint_ground(finish, None, bare), path) == path.stat().st_size
    found = unpacked(path)
    assert found.keys() == {"color.jpg", "alpha.png"} | ({"background.jpg"} if finish.background else set())
    share = found["alpha.png"][..., None] / 255
    behind = found.get("background.jpg", np.zeros_like(found["color.jpg"]))
    together = found["color.jpg"] * share + behind * (1 - share)
    opacity = np.ones(whole.mask.shape, np.float32) if whole.alpha is None else whole.alpha
    expected = whole.rgb * (opacity[..., None] if not finish.background else 1)
    assert np.abs(together - expected).mean() < 1.5
    assert [one.name for one in tmp_path.iterdir()] == ["image.zip"]


def test_nothing_of_what_was_cut_away_is_there(
    cutout: tuple[NDArray[np.uint8], NDArray[np.float32]], tmp_path: Path
) -> None:
    made = render.render(*cutout, Finish())
    layers.write_layers(made, None, tmp_path / "image.zip")
    colour = unpacked(tmp_path / "image.zip")["color.jpg"]
    assert (colour[..., 1] < 90).all()
    # Close to the edge its own colour goes on, so that no block mixes it with black; far away is nothing.
    assert colour[100, 150 + 65, 0] > 150
    assert colour[5, 5].max() < 10


def test_a_picture_behind_is_a_layer_of_the_canvas_s_size(
    cutout: tuple[NDArray[np.uint8], NDArray[np.float32]], tmp_path: Path
) -> None:
    Image.new("RGB", (50, 50), (10, 20, 230)).save(tmp_path / "behind.png")
    made = render.render(*cutout, Finish(canvas="content"))
    ground = layers.paint_ground(Finish(canvas="content"), tmp_path / "behind.png", made)
    assert ground is not None
    assert ground.shape == made.rgb.shape
    assert (ground == (10, 20, 230)).all()
    assert layers.paint_ground(Finish(), None, made) is None
