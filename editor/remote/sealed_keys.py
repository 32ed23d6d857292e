"""Keys of other services, encrypted with a key derived from SECRET_KEY: a copy of the database shows none."""

from web import sealing
from web.sealing import Unreadable

__all__ = ["Unreadable", "seal", "unseal"]

USE = b"editor.vault"


def seal(text: str) -> str:
    return sealing.seal(text, USE)


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises Unreadable."""
    return sealing.unseal(sealed, USE)
