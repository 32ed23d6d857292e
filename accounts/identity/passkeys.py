"""Passkeys (WebAuthn): making one, and signing in or showing who one is with one.

Imported when somebody uses one and not before: what it stands on takes 7 MB of a web process.
"""

import json
import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User

# What a browser's answer that is none makes the packages raise that read it.
NONSENSE = (
    ValidationError,
    InvalidSignature,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    struct.error,
)
MOST_BYTES = 20_000
MOST_PASSKEYS = 20


class NotAccepted(Exception):
    """A passkey's answer is none, is another studio's, or answers another question. Remedy: try again."""


def begin_making(user: User) -> dict[str, Any]:
    """Return what a browser needs to make a passkey, which opens the account by itself."""
    options: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    return options


def begin_asking(user: User | None) -> dict[str, Any]:
    """Return what a browser needs to ask for a passkey: one of somebody's, or whoever's it has."""
    options: dict[str, Any] = auth.begin_authentication(user)
    return options


def add(user: User, name: str, answer: str) -> Authenticator:
    """Keep a passkey that a browser has made. Raises NotAccepted."""
    credential = read(answer)
    try:
        made = auth.complete_registration(credential)
    except NONSENSE as exc:
        raise NotAccepted from exc
    if not made.is_user_verified():
        raise NotAccepted
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() >= MOST_PASSKEYS:
            raise NotAccepted
        kept: Authenticator = auth.WebAuthn.add(user, name, credential).instance
    return kept


def find(user: User | None, answer: str) -> Authenticator:
    """Return the passkey that a browser has answered with; user: whose it must be. Raises NotAccepted."""
    credential = read(answer)
    try:
        said = auth.parse_authentication_response(credential)
        owner = user or auth.extract_user_from_response(credential)
        found: Authenticator = auth.complete_authentication(owner, credential)
        is_verified = said.response.authenticator_data.is_user_verified()
    except NONSENSE as exc:
        raise NotAccepted from exc
    if not is_verified:
        raise NotAccepted
    return found


def read(answer: str) -> dict[str, Any]:
    try:
        credential = json.loads(answer) if len(answer) <= MOST_BYTES else None
    except ValueError as exc:
        raise NotAccepted from exc
    if not isinstance(credential, dict):
        raise NotAccepted
    return credential
