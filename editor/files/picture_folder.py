"""The store of pictures on this machine's disk, where a file has its name only once it is whole."""

import os
import uuid
from typing import Any

from django.core.files.storage import FileSystemStorage


class PictureFolder(FileSystemStorage):
    """A folder of files, each written beside its name and then moved there.

    A render's name says what is in it, so somebody may ask for it while another process still writes it:
    Django's own storage would hand them the part that is there by then.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{uuid.uuid4().hex}.part"
        try:
            super()._save(part, content)  # type: ignore[misc] # of Django itself, though its stubs know nothing of it
            # On top of what is there: names are drawn by lot, or say what is in the file.
            os.replace(self.path(part), self.path(name))
        except BaseException:
            self.delete(part)
            raise
        return name
