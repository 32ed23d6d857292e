"""detection: what two detectors have to say for something to be called a face."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engines.heads import detection
from editor.engines.networks.face_detection import Face, Mesh

LARGE, SMALL = 2 * detection.SMALL_SIDE, detection.SMALL_SIDE / 2


def convinces(side: float, score: float, presence: float, hits: int = 1) -> bool:
    face = Face((0.0, 0.0, side, side), np.zeros((6, 2), np.float32), score, hits)
    return detection._is_convincing(face, Mesh(np.zeros((468, 3), np.float32), presence))


@pytest.mark.parametrize("short", [(0.01, 0.0), (0.0, 0.01)])
def test_a_face_is_one_where_both_detectors_are_sure(short: tuple[float, float]) -> None:
    score, presence = detection.SURE_SCORE, detection.SURE_PRESENCE
    assert convinces(LARGE, score, presence)
    assert not convinces(LARGE, score - short[0], presence - short[1])


def test_a_small_face_needs_a_surer_mesh_and_several_looks() -> None:
    score, presence, hits = detection.SMALL_SCORE, detection.SMALL_PRESENCE, detection.SMALL_HITS
    assert convinces(SMALL, score, presence, hits)
    assert not convinces(SMALL, score, presence - 0.01, hits)
    assert not convinces(SMALL, score, presence, hits - 1)
    assert not convinces(LARGE, score, presence, hits)
