"""person.people: people stay, and everything else goes."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from editor.engines.heads import people_matte
from editor.engines.networks import weights
from editor.engines.tools import subject_selection
from tests.engines.conftest import opened


@pytest.fixture(scope="module", autouse=True)
def pose_networks() -> None:
    """The networks' files must be here; a missing one fails the test and says how to get it."""
    for network in weights.NETWORKS:
        weights.need(network)


@pytest.fixture(scope="module")
def astronaut() -> NDArray[np.uint8]:
    return np.array(skimage.data.astronaut())


@pytest.mark.parametrize("turn", [0, 1])
def test_a_person_stays_and_what_is_behind_goes(astronaut: NDArray[np.uint8], turn: int) -> None:
    turned = np.ascontiguousarray(np.rot90(astronaut, turn))
    before = turned.copy()
    alpha = people_matte.estimate(opened(turned))
    assert alpha is not None
    upright = np.rot90(alpha, -turn)
    assert upright.shape == (512, 512)
    # Face and suit; flag and shuttle.
    assert min(upright[112, 225], upright[330, 200]) > 0.9
    assert max(upright[60, 60], upright[100, 480]) < 0.05
    assert (turned == before).all()


def test_a_person_who_is_faint_all_over_is_cut_out_as_faint(astronaut: NDArray[np.uint8]) -> None:
    alpha = people_matte.estimate(opened(astronaut))
    faint = people_matte.estimate(opened(astronaut, np.full((512, 512), 0.45, np.float32)))
    assert alpha is not None
    assert faint is not None
    assert np.abs(faint - alpha * 0.45).max() < 0.01


def test_a_thing_beside_a_person_goes(
    astronaut: NDArray[np.uint8], ball: tuple[NDArray[np.uint8], NDArray[np.float32]]
) -> None:
    colour, opacity = ball
    sheet = np.full((512, 900, 3), 235, np.uint8)
    sheet[:, :512] = astronaut
    place = sheet[100:460, 420:900]
    blend = colour * opacity[..., None] + place * (1 - opacity[..., None])
    place[:] = (blend + 0.5).astype(np.uint8)
    alpha = people_matte.estimate(opened(sheet))
    assert alpha is not None
    assert alpha[112, 225] > 0.9
    assert alpha[280, 700] < 0.05
    for veil in (None, np.full(sheet.shape[:2], 0.45, np.float32)):
        things = subject_selection.find(opened(sheet, veil), "object").alpha
        assert things[112, 225] < 0.03
        assert things[280, 700] > 0.4


def test_a_cup_and_a_cat_are_nobody(cup: NDArray[np.uint8], cat: NDArray[np.uint8]) -> None:
    assert people_matte.estimate(opened(cup)) is None
    assert people_matte.estimate(opened(cat)) is None


@pytest.mark.parametrize("shape", [(8, 8), (1, 4000), (200, 300)])
def test_there_is_nobody_on_a_blank_sheet(shape: tuple[int, int]) -> None:
    assert people_matte.estimate(opened(np.full((*shape, 3), 255, np.uint8))) is None
