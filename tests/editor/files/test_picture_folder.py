"""The folder of pictures: what somebody is still writing is nobody's yet."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from editor.files import renders
from editor.files.picture_folder import PictureFolder
from editor.files.renders import Render

from .files_out import photo_of, result_of

HALVES = (b"first half, ", b"second half")


class Slow(ContentFile):
    """A file of two halves; between them something happens."""

    def __init__(self, meanwhile: Any) -> None:
        super().__init__(b"".join(HALVES))
        self.meanwhile = meanwhile

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield HALVES[0]
        self.meanwhile()
        yield HALVES[1]


def test_settings_store_pictures_in_it() -> None:
    assert isinstance(default_storage, PictureFolder)


def test_render_that_is_still_being_written_is_not_there_yet(alice: User) -> None:
    render = Render(result_of(photo_of(alice)), "png")
    seen = []
    default_storage.save(render.stored, Slow(lambda: seen.append(renders.open_kept(render))))
    assert seen == [None]
    kept = renders.open_kept(render)
    assert kept is not None
    with kept:
        assert kept.read() == b"".join(HALVES)


def test_file_that_could_not_be_written_leaves_nothing(tmp_path: Path) -> None:
    def fill_up() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = PictureFolder(location=tmp_path)
    with pytest.raises(OSError, match="No space"):
        folder.save("photos/00/one.jpg", Slow(fill_up))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_two_that_write_one_name_at_once_leave_it_whole(tmp_path: Path) -> None:
    folder = PictureFolder(location=tmp_path)
    folder.save("renders/one.png", Slow(lambda: folder.save("renders/one.png", ContentFile(b"same"))))
    assert folder.listdir("renders") == ([], ["one.png"])
    assert (tmp_path / "renders/one.png").read_bytes() == b"".join(HALVES)
