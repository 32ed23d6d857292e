"""Our own measure of the network's features: a file with its provenance, checked when it is read."""

import json
from pathlib import Path

import numpy as np
import pytest

from editor.engines.errors import WeightsDamaged
from editor.engines.networks import animacy


def test_the_file_says_where_its_numbers_come_from() -> None:
    what = json.loads(animacy.MEASURES.read_text("ascii"))["what"]
    assert "bench.vivacity" in what
    assert "ImageNet" in what


def test_there_is_a_weight_for_every_feature() -> None:
    life = animacy.read_measure()
    assert life.weights.shape == animacy.DEEPEST[1:2]
    assert life.weights.dtype == np.float32
    assert (life.weights == life.weights.astype(np.float16)).all()


@pytest.mark.parametrize("spoil", ["cut", "short", "infinite", "text", "absent"])
def test_a_damaged_file_is_refused_by_its_name(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "animacy.json"
    text = animacy.MEASURES.read_text("ascii")
    document = json.loads(text)
    if spoil == "short":
        document["life"]["weights"].pop()
    elif spoil == "infinite":
        document["life"]["weights"][3] = 1e9
    elif spoil == "text":
        document["life"]["offset"] = "much"
    if spoil != "absent":
        path.write_text(text[: len(text) // 2] if spoil == "cut" else json.dumps(document), "ascii")
    with pytest.raises(WeightsDamaged, match=r"animacy\.json is missing or damaged"):
        animacy.read_measure(path)
