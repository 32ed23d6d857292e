"""confidence: what speaks against a cutout lowers the chance that it is right; what was fitted is whole."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.engines.errors import WeightsDamaged
from editor.engines.matting import alpha_matte, confidence, multi_pass
from tests.engines.conftest import opened

Plane = NDArray[np.float32]
SIDE = multi_pass.GRID


def disc(radius: float = 110, middle: tuple[float, float] = (256, 256)) -> Plane:
    """A subject with an outline of two pixels."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    distance = np.hypot(rows - middle[0], columns - middle[1])
    return np.clip((radius - distance) / 2 + 0.5, 0, 1).astype(np.float32)


def chance(
    first: Plane, seen: Plane | None = None, toned: Plane | None = None, alpha: Plane | None = None
) -> float:
    seen = first if seen is None else seen
    evidence = confidence.Evidence(first, seen, toned)
    return confidence.weigh(confidence.measure(evidence, seen if alpha is None else alpha))


def test_what_the_first_look_saw_for_certain_is_sure() -> None:
    assert chance(disc()) >= confidence.SURE


@pytest.mark.parametrize(
    "doubted",
    [
        {"first": disc() * np.float32(0.7)},
        {"first": disc(80), "seen": disc(), "toned": disc()},
        {"first": disc(), "toned": disc(70)},
        {"first": disc(260)},
        {"first": disc(), "alpha": np.maximum(disc(), disc(180) * np.float32(0.4))},
    ],
    ids=["half-hearted", "overruled", "apart in other tones", "cut off on four sides", "undecided around it"],
)
def test_what_speaks_against_a_cutout_makes_it_less_sure(doubted: dict[str, Plane]) -> None:
    assert chance(**doubted) < chance(disc()) - 0.02


HOPELESS: dict[str, Any] = {
    "halfhearted": -2.5, "overruled": -2.1, "toned_apart": -1.5, "cut_off": 4.0, "area": 0.19, "soft": 0.4,
}  # fmt: skip
"""What a brick wall measures: some bricks of it, on all sides."""


@pytest.mark.parametrize(
    ("differing", "is_one"),
    [
        ({}, True),
        ({"cut_off": 3.0}, False),
        ({"cut_off": 2.0, "soft": 1.0, "halfhearted": -1.5}, True),
        ({"area": 0.6}, False),
        ({"halfhearted": -6.0, "overruled": -6.0, "toned_apart": -6.0, "soft": 0.02, "cut_off": 0.0}, False),
    ],
)
def test_bits_of_a_pattern_are_no_subject(differing: dict[str, float], is_one: bool) -> None:
    assert confidence.is_pattern(HOPELESS | differing) is is_one


def test_everything_against_it_at_once_is_as_good_as_wrong() -> None:
    haze = np.full((SIDE, SIDE), 0.55, np.float32)
    assert chance(haze, haze, disc(60), haze) < 0.05


@pytest.mark.parametrize("name", confidence.MEASURES)
def test_no_measure_speaks_for_a_cutout_by_growing(name: str) -> None:
    usual = {term: mean for term, (mean, _, _) in confidence.read_fit().terms.items()}
    _, spread, _ = confidence.read_fit().terms[name]
    assert confidence.weigh(usual | {name: usual[name] + 2 * spread}) < confidence.weigh(usual)


def test_measures_are_what_they_are_said_to_be() -> None:
    subject = disc(100)
    measures = confidence.measure(confidence.Evidence(disc(50), subject, disc(200)), subject)
    assert measures["area"] == pytest.approx(math.pi * 100**2 / SIDE**2, rel=0.01)
    assert measures["overruled"] == pytest.approx(math.log(0.75), abs=0.03)
    assert measures["toned_apart"] == pytest.approx(math.log(3), abs=0.03)
    assert measures["cut_off"] == 0
    above = disc(100, (0, 256))
    assert confidence.measure(confidence.Evidence(above, above, None), above)["cut_off"] == 1


@pytest.mark.parametrize("times", [2, 3, 7])
def test_a_large_cutout_is_as_sure_as_a_small_one_and_stays_as_it_is(times: int) -> None:
    small = disc()
    large = np.repeat(np.repeat(small, times, axis=0), times, axis=1)
    before = large.copy()
    evidence = confidence.Evidence(small, small, None)
    sure = [confidence.weigh(confidence.measure(evidence, alpha)) for alpha in (small, large)]
    assert sure[1] == pytest.approx(sure[0], abs=0.015)
    assert (large == before).all()


@pytest.mark.parametrize("height", [1, confidence.BAND, confidence.BAND + 7])
def test_the_ambiguous_share_is_that_of_the_pixels_between(height: int) -> None:
    alpha = np.tile(np.array([0, 0.05, 0.2, 0.5, 0.89, 0.95, 1, 1], np.float32), (height, 1))
    assert confidence.measure_ambiguity(alpha) == pytest.approx(3 / 8)


def test_softness_is_nothing_for_solid_ink_and_all_for_half() -> None:
    assert confidence.measure_softness(np.array([[0, 1, 1]], np.float32)) == 0
    assert confidence.measure_softness(np.full((2, 2), 0.5, np.float32)) == 1
    assert confidence.measure_softness(np.zeros((2, 2), np.float32)) == 1


def spoilt(change: dict[str, Any]) -> str:
    document = json.loads(confidence.NUMBERS.read_text())
    return json.dumps(document | change)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        spoilt({"measures": {}}),
        spoilt({"offset": "much"}),
        spoilt({"offset": float("nan")}),
        spoilt({"measures": {name: {"mean": 0, "spread": 0, "weight": 1} for name in confidence.MEASURES}}),
        spoilt({"measures": {"luck": {"mean": 0, "spread": 1, "weight": 1}}}),
    ],
)
def test_a_damaged_file_of_numbers_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "confidence.json"
    path.write_text(text)
    with pytest.raises(WeightsDamaged, match=r"confidence\.json"):
        confidence.read_fit(path)
    with pytest.raises(WeightsDamaged):
        confidence.read_fit(tmp_path / "nowhere.json")


def test_the_numbers_say_how_they_came_to_be() -> None:
    assert "python -m bench.confidence" in json.loads(confidence.NUMBERS.read_text())["what"]


@pytest.mark.usefixtures("network")
def test_a_ball_in_a_studio_is_surer_than_one_of_its_ground_s_colour_and_nothing_is_not_sure_at_all(
    ball: tuple[NDArray[np.uint8], Plane], ball_photo: NDArray[np.uint8]
) -> None:
    colour, alpha = ball
    hidden = colour * alpha[..., None] + np.array([140, 50, 45]) * (1 - alpha[..., None])
    noise = np.random.default_rng(1).normal(0, 25, hidden.shape)
    plain = alpha_matte.judge(opened(ball_photo))
    camouflaged = alpha_matte.judge(opened(np.clip(hidden + noise, 0, 255).astype(np.uint8)))
    assert plain.confidence >= confidence.SURE
    assert plain.confidence > camouflaged.confidence
    assert alpha_matte.judge(opened(np.full((90, 90, 3), 255, np.uint8))).confidence == 0
