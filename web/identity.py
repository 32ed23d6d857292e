"""Providers of identity that the environment names: an issuer each, and what its groups may do here."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# Claims that say who somebody is, without which nobody can come in.
SCOPES = "openid email profile"


@dataclass(frozen=True)
class Grant:
    """What a group of a provider's people is here. Empty: nothing is said about it."""

    role: str = ""
    plan: str = ""


@dataclass(frozen=True)
class IdentityProvider:
    """One OpenID Connect provider, as the environment says it."""

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...]
    groups_claim: str
    # In the order in which they are given: the first whose group somebody is in decides on the plan.
    grants: dict[str, Grant]
    # Whether who is in none of the groups stays out.
    only_groups: bool
    # Whether somebody unknown gets an account.
    makes_accounts: bool
    # Whether its addresses count as confirmed though it does not say that they are.
    trusts_email: bool
    # Whether it asks for a second factor itself, so that the studio need not.
    asks_second_factor: bool


Text = Callable[[str, str], str]
Flag = Callable[[str, bool], bool]


def identity_providers(ids: list[str], text: Text, flag: Flag) -> dict[str, IdentityProvider]:
    """Return the providers of these ids in their order. text, flag: give a variable's value, or a default."""
    providers = {}
    for given in (one.strip() for one in ids if one.strip()):
        if not re.fullmatch(r"[a-z][a-z0-9]{0,29}", given):
            raise ImproperlyConfigured(
                f"OIDC_PROVIDERS has {given!r}. Use short names of small letters and digits, such as company."
            )
        providers[given] = identity_provider(given, text, flag)
    return providers


def identity_provider(given: str, text: Text, flag: Flag) -> IdentityProvider:
    prefix = f"OIDC_{given.upper()}"
    needed = {name: text(f"{prefix}_{name}", "") for name in ("ISSUER", "CLIENT_ID", "SECRET")}
    missing = [f"{prefix}_{name}" for name, value in needed.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS names {given}: set {', '.join(missing)} too.")
    scopes = tuple(text(f"{prefix}_SCOPES", SCOPES).split())
    if "openid" not in scopes:
        raise ImproperlyConfigured(f"{prefix}_SCOPES is {' '.join(scopes)!r}. It needs openid among them.")
    return IdentityProvider(
        id=given,
        name=text(f"{prefix}_NAME", given.capitalize()),
        issuer=issuer(f"{prefix}_ISSUER", needed["ISSUER"]),
        client_id=needed["CLIENT_ID"],
        secret=needed["SECRET"],
        scopes=scopes,
        groups_claim=text(f"{prefix}_GROUPS_CLAIM", "groups"),
        grants=grants(f"{prefix}_GROUPS", text(f"{prefix}_GROUPS", "")),
        only_groups=flag(f"{prefix}_ONLY_GROUPS", False),
        makes_accounts=flag(f"{prefix}_SIGNUP", True),
        trusts_email=flag(f"{prefix}_TRUST_EMAIL", False),
        asks_second_factor=flag(f"{prefix}_SECOND_FACTOR", False),
    )


def issuer(variable: str, given: str) -> str:
    """Return an issuer as it is given: its tokens say the same, to the letter."""
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{variable} is {given!r}. Use https://host, with a path if it has one.")
    return given


def grants(variable: str, given: str) -> dict[str, Grant]:
    """Return the groups of {"group": {"role": "…", "plan": "…"}}, as JSON, in their order."""
    if not given:
        return {}
    wrong = (
        f'{variable} cannot be understood. Use JSON: {{"group": {{"role": "Support", "plan": "Standard"}}}}, '
        "with one of the two or both."
    )
    try:
        said = json.loads(given)
        return {str(group): Grant(**what) for group, what in said.items()}
    except (ValueError, TypeError, AttributeError):
        raise ImproperlyConfigured(wrong) from None


def password_sign_in(asked: bool, providers: dict[str, IdentityProvider]) -> bool:
    """Return whether passwords let people in; without them there must be another door."""
    if not asked and not providers:
        raise ImproperlyConfigured(
            "PASSWORD_SIGN_IN is false, and OIDC_PROVIDERS names nobody who lets people in instead. "
            "Name a provider, or leave it true."
        )
    return asked
