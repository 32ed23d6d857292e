"""A service of the one call is asked exactly what its document says; the picture is its answer."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from editor.providers.contract import RemoteStatus
from editor.providers.errors import BadAnswer
from editor.providers.removebackground import RemoveBackground

from . import hostile
from .conftest import job, unwatched


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_the_picture_comes_with_the_answer(service: hostile.Service, tmp_path: Path, end: str) -> None:
    """Its service's own client is told an address that ends in /v1."""
    remote = RemoveBackground(service.url + end, service.key)
    taken = remote.submit(job(tmp_path, crop=True, format="jpg"), "order-1", unwatched)
    remote.close()
    (call,) = service.calls
    assert call.form.pop("image_file") == (tmp_path / "outgoing.png").read_bytes()
    assert call.form == {"format": "png", "channels": "rgba", "size": "full", "crop": "false"}
    assert (call.path, call.idempotency_key) == ("/v1/remove", "order-1")
    (made,) = taken.pictures
    assert (taken.remote_id, made.path.parent) == ("", tmp_path)
    with Image.open(made.path) as picture:
        assert (picture.size, picture.mode) == ((60, 40), "RGBA")


@pytest.mark.parametrize(
    ("tool", "options"),
    [("cutout", {"subject": "stamp"}), ("cutout", {"subject": "person"}), ("cutout", {"strokes": [1]})]
    + [(tool, {}) for tool in ("head", "erase", "scene")],
)
def test_it_finds_the_subject_by_itself_or_not_at_all(
    tmp_path: Path, tool: str, options: dict[str, Any]
) -> None:
    remote = RemoveBackground("http://127.0.0.1:1", "key")
    assert "Remove Background" in remote.declines(job(tmp_path, tool, **options))
    assert remote.declines(job(tmp_path, square=True, margin=0.1, background="#fff", size="small")) == ""


def test_there_is_nothing_to_look_at_later(tmp_path: Path) -> None:
    remote = RemoveBackground("http://127.0.0.1:1", "key")
    with pytest.raises(BadAnswer):
        remote.look("cutout", "a")
    with pytest.raises(BadAnswer):
        remote.collect(job(tmp_path), RemoteStatus(1), unwatched)
