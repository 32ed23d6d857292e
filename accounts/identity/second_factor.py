"""Second factors: of whom one is asked, who has one, and whether a code is right.

An authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), and recovery codes for when both are away.
Secrets are kept by django-allauth, sealed with SECRET_KEY.
"""

import logging
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.account.stages import LoginStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import SignInRule, User
from accounts.protection import single_use, throttle
from accounts.protection.throttle import Kind
from web import sealing

logger = logging.getLogger(__name__)

Asked = SignInRule.Asked
Type = Authenticator.Type
MAIN = (Type.TOTP, Type.WEBAUTHN)
USE = b"accounts.second-factor"
# In the session: somebody is in who must add a second factor before anything else.
MUST_ADD = "must_add_factor"


class FactorAdapter(DefaultMFAAdapter):
    """What allauth asks about second factors."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, USE)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, USE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The studio's own address: a passkey of it is offered nowhere else."""
        return {"id": get_host(), "name": "Sweep"}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=MAIN)
        return others.exclude(pk=authenticator.pk).exists() or not is_asked_of(authenticator.user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the views have the studio's own letter sent."""


def get_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""


def do_passkeys_work() -> bool:
    """Whether browsers make passkeys for the studio's address: for names over TLS, and for localhost."""
    try:
        ip_address(get_host())
    except ValueError:
        return settings.SECURE or get_host() == "localhost"
    return False


def get_rule() -> str:
    """Return of whom a second factor is asked: as the setting says, else as the desk says."""
    if settings.SECOND_FACTOR:
        return str(settings.SECOND_FACTOR)
    rule = SignInRule.objects.first()
    return rule.second_factor if rule else Asked.NOBODY


def is_asked_of(user: User) -> bool:
    """Return whether this person must have a second factor."""
    rule = get_rule()
    return rule == Asked.EVERYBODY or (rule == Asked.ADMINS and (user.is_staff or user.is_superuser))


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=MAIN).exists()


def has_shown_one(request: HttpRequest, user: User) -> bool:
    """Return whether this sign-in had a second factor already: a passkey alone, or at the provider."""
    records = get_authentication_records(request, user)
    trusted = {one.id for one in settings.IDENTITY_PROVIDERS.values() if one.asks_second_factor}
    return any(
        (record.get("method") == "mfa" and record.get("passwordless"))
        or (record.get("method") == "socialaccount" and record.get("provider") in trusted)
        for record in records
    )


class SecondStep(LoginStage):
    """Between who somebody says they are and their being let in: the second factor, of who has one."""

    key = "mfa_authenticate"
    urlname = "accounts:second-step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or not has_one(user) or has_shown_one(self.request, user):
            return None, True
        return redirect(self.urlname), True


def note_what_is_missing(request: HttpRequest, user: User) -> None:
    """Have somebody who has just come in add a second factor first, if one is asked of them."""
    if is_asked_of(user) and not has_one(user) and not has_shown_one(request, user):
        request.session[MUST_ADD] = True


def find_code(user: User, code: str) -> Authenticator | None:
    """Return the app or the recovery codes that a code is of, which it is once. Raises throttle.TooMany."""
    throttle.check_account(Kind.CODE, user.pk)
    code = "".join(code.split())
    for factor in Authenticator.objects.filter(user=user, type__in=(Type.TOTP, Type.RECOVERY_CODES)):
        try:
            right = factor.wrap().validate_code(code)
        except sealing.Unreadable:
            logger.error("A second factor of %s was sealed with another SECRET_KEY: reset it.", user.pk)
            continue
        # allauth remembers used codes in a cache, which each process may have for itself.
        if right and (factor.type != Type.TOTP or single_use.is_first_use(f"{user.pk} {code}")):
            factor.user = user
            return factor
    throttle.count_account(Kind.CODE, user.pk)
    return None


def reset(user: User) -> bool:
    """Forget all second factors of somebody who has lost them. False if there were none."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    return bool(deleted)
