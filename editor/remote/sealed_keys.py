"""Keys of other services, encrypted with a key derived from SECRET_KEY: a copy of the database shows none."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """What was sealed with another SECRET_KEY stays shut."""


def seal(text: str) -> str:
    return make_lock().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises Unreadable."""
    try:
        return make_lock().decrypt(sealed).decode()
    except InvalidToken as exc:
        raise Unreadable from exc


def make_lock() -> MultiFernet:
    """Seals with SECRET_KEY, and opens what was sealed with one of SECRET_KEY_FALLBACKS too."""
    return MultiFernet(
        [Fernet(derive_key(str(secret))) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def derive_key(secret: str) -> bytes:
    """Return a key for this use alone (HKDF, RFC 5869), so that it says nothing of the others."""
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"editor.vault")
    return urlsafe_b64encode(derivation.derive(secret.encode()))
