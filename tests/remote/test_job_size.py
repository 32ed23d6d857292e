"""Photos that are larger than services take are the studio's own work."""

from pathlib import Path

import pytest

from editor.providers.contract import Job
from editor.providers.job_size import explain_size
from tests.engines.io.damage import png_promising


def of_size(folder: Path, tool: str, width: int, height: int) -> str:
    path = folder / "photo.png"
    path.write_bytes(png_promising(width, height))
    return explain_size(Job(tool, path, folder, {}, 60.0))


@pytest.mark.parametrize("tool", ["cutout", "head", "erase"])
def test_a_photo_of_more_than_4096_pixels_a_side_is_not_handed_over(tmp_path: Path, tool: str) -> None:
    assert of_size(tmp_path, tool, 4096, 4096) == ""
    assert "8000 x 6000" in of_size(tmp_path, tool, 8000, 6000)


def test_a_scenes_product_may_have_any_size(tmp_path: Path) -> None:
    assert of_size(tmp_path, "scene", 8000, 6000) == ""


def test_damage_is_left_to_who_reads_the_photo(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"nothing")
    assert explain_size(Job("cutout", path, tmp_path, {}, 60.0)) == ""
