"""Addresses of the S3 store itself, for pictures that leave by a signed address of ours: no byte passes us.

Ours stays the address that is handed out: it is judged here each time, and sends on to one of the store's
that is signed for minutes, with the name and type that the file is saved under. Pages go on showing what
comes from us, as their content security policy says.
"""

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpResponseRedirect
from django.utils.http import content_disposition_header

from .downloads import NEVER, get_content_type

if TYPE_CHECKING:
    from storages.backends.s3 import S3Storage

# Within these seconds a download must begin; it may last.
LONGEST = 600


def are_given() -> bool:
    """Whether the operator wants them, and pictures lie in a store that can answer."""
    if not settings.DIRECT_ADDRESSES:
        return False
    # boto3 takes 20 MB of a web process: only where a store is in use.
    from storages.backends.s3 import S3Storage

    return isinstance(storages["default"], S3Storage)


@cache
def get_store(endpoint: str) -> "S3Storage":
    """Return the store as visitors reach it: what is signed for one name of it holds for no other."""
    from storages.backends.s3 import S3Storage

    options = {**settings.STORAGES["default"]["OPTIONS"]}
    if endpoint != "true":
        options["endpoint_url"] = endpoint
    return S3Storage(**options)


def send_there(
    stored: str, *, picture_format: str, file_name: str, attachment: bool, seconds: int
) -> HttpResponseRedirect:
    """Send whoever asks on to the store."""
    said = {
        "ResponseContentDisposition": content_disposition_header(attachment, file_name) or "inline",
        "ResponseContentType": get_content_type(picture_format),
    }
    address = get_store(settings.DIRECT_ADDRESSES).url(stored, said, min(seconds, LONGEST))
    answer = HttpResponseRedirect(address)
    answer["Cache-Control"] = NEVER
    return answer
