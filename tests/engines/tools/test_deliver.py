"""The job that makes all files of one photo."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.engines.catalogue.markets import MARKETS
from editor.engines.errors import InvalidOptions
from editor.engines.tools import dispatch


@pytest.fixture
def cutout(tmp_path) -> Path:
    pixels = np.zeros((60, 50, 4), np.uint8)
    pixels[10:50, 15:35] = 20, 90, 160, 255
    Image.fromarray(pixels).save(tmp_path / "cutout.png")
    return tmp_path / "cutout.png"


def test_all_files_come_in_their_order_with_facts_and_a_thumbnail(cutout, tmp_path):
    files = [
        {"format": "png", "path": "files/a.png"},
        {"market": MARKETS["mercado-libre"].to_dict(), "path": "mercado-libre/a.jpg"},
    ]
    heard = []
    made = dispatch.run("deliver", str(cutout), str(tmp_path), {"files": files}, heard.append)
    pictures = [one for one in made if one.kind == "image"]
    assert [(one.number, one.format) for one in pictures] == [(1, "png"), (2, "jpg")]
    assert (pictures[1].width, pictures[1].height) == (1200, 1200)
    facts = json.loads(Path(next(one.path for one in made if one.kind == "facts")).read_text())
    for one, told in zip(pictures, facts["files"], strict=True):
        assert Path(one.path).stat().st_size == told["bytes"] == one.bytes
        assert told["checks"]
    assert facts["files"][1]["verdict"] == "not_met", "it may not be enlarged to fill anything"
    with Image.open(next(one.path for one in made if one.kind == "thumbnail")) as small:
        assert small.format == "WEBP"
    assert heard == sorted(heard)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "files"),
        ({"files": []}, "files"),
        ({"files": ["a"]}, "files"),
        ({"files": [{"format": "exe"}]}, "format"),
        ({"files": [{"market": {"key": "x"}}]}, "name"),
        ({"files": [{}], "finish": {"canvas": "round"}}, "canvas"),
        ({"files": [{}], "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_made_is_refused_by_its_name(cutout, tmp_path, options, says):
    with pytest.raises(InvalidOptions, match=says):
        dispatch.run("deliver", str(cutout), str(tmp_path), options)
