"""Orders of erasing, with the pictures that say what should go and what is not to be copied."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from editor.files import uploads
from editor.models import Photo, Result, Task
from editor.tools import Tool

from . import orders


def place(
    photo: Photo, params: dict[str, Any], masks: Mapping[str, UploadedFile], source: Result | None
) -> Task:
    """Place an order with the masks that came along, named as orders.place has them, or keep none.

    source: the result that was marked, None for the photo itself. Raises UploadRefused, OrderRefused.
    """
    received: dict[str, Photo] = {}
    try:
        for name, upload in masks.items():
            received[name] = uploads.receive(photo.owner, upload, Photo.Purpose.MASK)
        return orders.place(
            photo.owner,
            photo,
            Tool.ERASE,
            params,
            mask=received.get("mask"),
            avoid=received.get("avoid"),
            source_result=source,
        )
    except (uploads.UploadRefused, orders.OrderRefused):
        for mask in received.values():
            orders.delete_photo(mask)
        raise
