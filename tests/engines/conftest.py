"""Photos that scikit-image ships, and small pictures drawn for a purpose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from editor.engines.io import pictures
from editor.engines.networks import weights


@pytest.fixture(scope="session")
def network() -> None:
    """The real network's file must be here; a missing one fails the test and says how to get it."""
    weights.need(weights.ISNET)


@pytest.fixture(scope="session")
def cat() -> NDArray[np.uint8]:
    """A cat's face before a blurred room, uint8 (300, 451, 3)."""
    return np.array(skimage.data.chelsea())


@pytest.fixture(scope="session")
def cup() -> NDArray[np.uint8]:
    """A cup of coffee on a wooden table, uint8 (400, 600, 3)."""
    return np.array(skimage.data.coffee())


@pytest.fixture
def cup_file(cup: NDArray[np.uint8], tmp_path: Path) -> Path:
    path = tmp_path / "cup.png"
    Image.fromarray(cup).save(path)
    return path


@pytest.fixture
def blank_file(tmp_path: Path) -> Path:
    """A white sheet: a picture with no subject."""
    path = tmp_path / "blank.png"
    Image.new("RGB", (300, 200), "white").save(path)
    return path


@pytest.fixture(scope="session")
def ball() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A shaded red ball with a soft outline: its colour (H, W, 3) and its alpha (H, W), 360 x 480."""
    rows, columns = np.mgrid[:360, :480].astype(np.float32)
    distance = np.hypot(rows - 180, columns - 240)
    alpha = np.clip((110 - distance) / 4 + 0.5, 0, 1).astype(np.float32)
    light = np.clip(1.2 - np.hypot(rows - 140, columns - 200) / 160, 0.25, 1)
    colour = light[..., None] * np.array([225, 40, 35], np.float32) + 20
    return np.clip(colour, 0, 255).astype(np.uint8), alpha


@pytest.fixture(scope="session")
def ball_photo(ball: tuple[NDArray[np.uint8], NDArray[np.float32]]) -> NDArray[np.uint8]:
    """The ball before a pale green sweep, uint8 (360, 480, 3)."""
    colour, alpha = ball
    ground = np.linspace(235, 190, 360)[:, None, None] * np.array([0.85, 1.0, 0.85])
    blend = colour * alpha[..., None] + ground * (1 - alpha[..., None])
    return (blend + 0.5).astype(np.uint8)


def opened(rgb: NDArray[np.uint8], alpha: NDArray[np.float32] | None = None) -> pictures.Picture:
    """Return arrays as a picture that was read."""
    return pictures.Picture(rgb, alpha, "PNG")
