"""Secrets that must be had back, encrypted with SECRET_KEY: a copy of the database shows none."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """What was sealed with another SECRET_KEY stays shut."""


def seal(text: str, use: bytes) -> str:
    """Return a text encrypted. use: names what for; each has a key of its own."""
    return make_lock(use).encrypt(text.encode()).decode()


def unseal(sealed: str, use: bytes) -> str:
    """Return what was sealed for that use. Raises Unreadable."""
    try:
        return make_lock(use).decrypt(sealed).decode()
    except InvalidToken as exc:
        raise Unreadable from exc


def make_lock(use: bytes) -> MultiFernet:
    """Seals with SECRET_KEY, and opens what was sealed with one of SECRET_KEY_FALLBACKS too."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(derive_key(str(secret), use)) for secret in secrets])


def derive_key(secret: str, use: bytes) -> bytes:
    """Return a key for one use alone (HKDF, RFC 5869), so that it says nothing of the others."""
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=use)
    return urlsafe_b64encode(derivation.derive(secret.encode()))
