"""Pictures of one's own that stand behind something: one that comes along, or one that did before."""

import uuid

from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from editor.files import downloads, uploads
from editor.models import Photo

from . import orders


def find_backdrop(owner: User, upload: UploadedFile | None, before: uuid.UUID | None) -> Photo | None:
    """Return the picture that is to stand behind: one that came along, or one that did before.

    Raises UploadRefused, and OrderRefused where the one of before is gone.
    """
    if upload is not None:
        received = uploads.receive(owner, upload, Photo.Purpose.BACKDROP)
        # What no browser shows as it came has a copy made, by which the page shows it.
        if received.format.lower() not in downloads.SHOWN_BY_BROWSERS:
            orders.prepare(received)
        return received
    if before is None:
        return None
    pictures = Photo.objects.owned_by(owner).filter(purpose=Photo.Purpose.BACKDROP)
    backdrop = pictures.filter(pk=before).first()
    if backdrop is None:
        raise orders.OrderRefused("backdrop_is_gone", "That picture was deleted. Choose it again.", 409)
    return backdrop
