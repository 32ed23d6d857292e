"""patchmatch: the nearest patches, the votes, and that threads change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.inpainting import patchmatch as pm
from editor.engines.inpainting import patchmatch_kernels as kernels


def features_of(pixels: NDArray[np.uint8]) -> pm.Features:
    height, width = pixels.shape[:2]
    values = np.zeros((height, width, pm.CHANNELS), np.int16)
    values[..., :3] = pixels.astype(np.int16) * int(pm.UNIT)
    return values.reshape(height, -1)


def twins() -> tuple[pm.Features, pm.Bytes, pm.Bytes]:
    """Noise whose right half repeats its left half: features, centres on the left, valid on the right."""
    half = np.random.default_rng(2).integers(0, 256, (80, 60, 3)).astype(np.uint8)
    centres, valid = np.zeros((80, 120), np.uint8), np.zeros((80, 120), np.uint8)
    centres[10:70, 10:50] = 1
    valid[3:-3, 63:-3] = 1
    return features_of(np.hstack([half, half])), centres, valid


def searched(passes: int = 8) -> tuple[pm.Bytes, pm.Field]:
    features, centres, valid = twins()
    field = pm.Field.empty(80, 120)
    sources = np.flatnonzero(valid).astype(np.int32)
    pm.search(features, None, centres, valid, sources, field, seed=1, passes=passes, radius=120, draws=2)
    return centres, field


def test_the_search_finds_the_twin_of_nearly_every_patch() -> None:
    centres, field = searched()
    ys, xs = np.nonzero(centres)
    right = (field.y[ys, xs] == ys) & (field.x[ys, xs] == xs + 60)
    assert right.mean() > 0.99
    assert field.distance[ys[right], xs[right]].max() == 0


def test_more_passes_never_make_a_distance_worse() -> None:
    centres, few = searched(1)
    _, many = searched(4)
    assert pm.mean_distance(centres, many) < pm.mean_distance(centres, few)


def test_one_thread_and_two_agree_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    _, threaded = searched()
    with pm.ThreadPoolExecutor(1) as alone:
        monkeypatch.setattr(pm, "_threads", alone)
        _, single = searched()
    assert (threaded.x == single.x).all()
    assert (threaded.y == single.y).all()


def test_the_distance_is_the_mean_squared_difference() -> None:
    pixels = np.zeros((7, 14, 3), np.uint8)
    pixels[:, 7:] = (3, 4, 0)
    features = features_of(pixels)
    found = kernels.patch_distance(features, 3, 3, 3, 10, np.float32(1e9))
    assert found == pytest.approx(25 * pm.UNIT**2)


def test_the_vote_of_perfect_matches_is_the_twin() -> None:
    features, centres, _ = twins()
    before = features.copy()
    field = pm.Field.empty(80, 120)
    ys, xs = np.nonzero(centres)
    field.y[ys, xs], field.x[ys, xs] = ys, xs + 60
    hole = np.zeros_like(centres)
    hole[20:40, 20:40] = 1
    features.reshape(80, 120, 5)[hole != 0] = 0
    change = pm.vote(features, hole, field)
    assert (features == before).all()
    assert change > 50


def test_pixels_are_copied_from_where_the_best_patch_has_them() -> None:
    centres, field = searched()
    hole = np.zeros_like(centres)
    hole[20:40, 20:40] = 1
    from_y, from_x = pm.choose(hole, field)
    ys, xs = np.nonzero(hole)
    assert (from_y[ys, xs] == ys).all()
    assert (from_x[ys, xs] == xs + 60).all()
    assert (from_y[hole == 0] == -1).all()


def test_a_field_enlarged_keeps_its_shifts() -> None:
    coarse = pm.Field.empty(40, 60)
    coarse.y[5:35, 5:25] = np.arange(5, 35)[:, None]
    coarse.x[5:35, 5:25] = np.arange(5, 25)[None, :] + 30
    _, centres, valid = twins()
    sources = np.flatnonzero(valid).astype(np.int32)
    field = pm.enlarge(coarse, centres, valid, sources, seed=0)
    ys, xs = np.nonzero(centres)
    assert (field.y[ys, xs] == ys).all()
    assert (field.x[ys, xs] == xs + 60).all()
