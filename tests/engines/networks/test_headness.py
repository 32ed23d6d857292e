"""headness: a file of our own weights with its provenance, and what of a picture is looked at."""

import json
from pathlib import Path

import numpy as np
import pytest

from editor.engines.errors import WeightsDamaged
from editor.engines.networks import headness


def test_the_file_says_where_its_numbers_come_from() -> None:
    what = json.loads(headness.MEASURES.read_text("ascii"))["what"]
    assert "bench.headness" in what
    assert "head_outlines" in what


@pytest.mark.parametrize("name", ["cells", "context"])
def test_there_is_a_weight_for_all_that_is_told(name: str) -> None:
    weights, offset = headness.read_weights(name)
    assert weights.shape == (headness.LENGTHS[name],)
    assert np.isfinite(offset)


@pytest.mark.parametrize("spoil", ["cut", "short", "infinite", "text", "absent", "nameless"])
def test_a_damaged_file_is_refused_by_its_name(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "headness.json"
    text = headness.MEASURES.read_text("ascii")
    document = json.loads(text)
    if spoil == "short":
        document["cells"]["weights"].pop()
    elif spoil == "infinite":
        document["cells"]["weights"][3] = 1e99
    elif spoil == "text":
        document["cells"]["offset"] = "much"
    elif spoil == "nameless":
        del document["cells"]
    if spoil != "absent":
        path.write_text(text[: len(text) // 2] if spoil == "cut" else json.dumps(document), "ascii")
    with pytest.raises(WeightsDamaged, match=r"headness\.json is missing or damaged"):
        headness.read_weights("cells", path)


def test_the_look_is_at_the_subject_with_some_room_around_and_stays_in_the_picture() -> None:
    alpha = np.zeros((400, 600), np.float32)
    alpha[100:200, 300:400] = 1
    left, top, right, bottom = headness.frame_subject(alpha) or (0, 0, 0, 0)
    assert 285 <= left < 300 < 400 < right <= 415
    assert 85 <= top < 100 < 200 < bottom <= 215
    alpha[:] = 0
    alpha[:, 560:] = 1
    assert headness.frame_subject(alpha) == pytest.approx((280, 0, 600, 400), abs=30)
    assert headness.frame_subject(np.zeros((400, 600), np.float32)) is None
