"""What django-allauth asks the studio: who may come in, whose account it is, in which words it says so."""

import logging
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User, normalize_email
from accounts.protection import throttle
from web.identity import IdentityProvider

from . import addresses, entrance, groups, invitations, logout, refusals, second_factor

logger = logging.getLogger(__name__)

PROVIDER = "openid_connect"
BACKEND = "accounts.backends.PersonBackend"
CONNECTED = "socialaccount/messages/account_connected"
# What is said where allauth has a message; what is not here goes unsaid.
SENTENCES = {
    f"{CONNECTED}.txt": _("From now on you can sign in with {provider} too."),
    f"{CONNECTED}_updated.txt": _("You can sign in with {provider} already."),
    f"{CONNECTED}_other.txt": _(
        "That account at {provider} opens another account here. Sign in with it, and "
        "disconnect it there first."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """Signs people in as the studio does, and speaks its words."""

    def login(self, request: HttpRequest, user: Any) -> None:
        login(request, user, backend=BACKEND)
        logout.note_session(request, user)
        second_factor.note_what_is_missing(request, user)

    def get_login_stages(self) -> list[str]:
        return ["accounts.identity.second_factor.SecondStep"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """One page for all ways: views/proof.py."""
        return [{"id": "prove", "description": "", "url": reverse("accounts:prove")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not entrance.is_fresh(context.request)

    def is_safe_url(self, url: str | None) -> bool:
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        return throttle.identify_machine(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return refusals.render_refusal(request, refusals.SUSPENDED)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or SENTENCES.get(message_template or "", "")
        if sentence:
            found = (message_context or {}).get("sociallogin")
            sentence = sentence.format(provider=found.provider.name if found else "")
            level = messages.SUCCESS if level == messages.INFO else level
            messages.add_message(request, level, sentence, extra_tags=extra_tags)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Decides whose account somebody opens whom a provider vouches for. Providers are in settings alone."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [
            make_app(one)
            for one in settings.IDENTITY_PROVIDERS.values()
            if provider in (None, one.id, PROVIDER) and client_id in (None, one.client_id)
        ]

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        # Only where somebody comes by one: what it stands on takes 8 MB of a web process.
        from .oidc import StudioProvider

        return StudioProvider(request, app=self.get_app(request, provider, client_id))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Say what can be done about it; the log has what it was."""
        if error == "cancelled":
            refuse(request, refusals.CANCELLED, provider.name)
        if exception is None and "state" not in (extra_context or {}):
            refuse(request, refusals.NOT_BEGUN_HERE, provider.name)
        logger.warning("Sign-in with %s failed: %s", provider.name, exception or error)
        refuse(request, refusals.NOT_BELIEVED, provider.name)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        user = sociallogin.user
        user.email = normalize_email(data.get("email") or "")
        user.name = " ".join(str(data.get("name") or "").split())[:120]
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return "/account/"

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account, or make one, or refuse. Raises ImmediateHttpResponse to refuse."""
        # Nothing is done in people's name there: what the token opens is not kept, in the session neither.
        sociallogin.token = None
        provider = settings.IDENTITY_PROVIDERS[sociallogin.account.provider]
        claims = sociallogin.claims
        if provider.only_groups and not groups.list_grants(provider, claims):
            refuse(request, refusals.NO_GROUP, provider.name)
        process = sociallogin.state.get("process")
        if process == "prove":
            take_proof(request, sociallogin)
        elif process == "connect":
            check_connection(request, sociallogin, provider, claims)
        else:
            if not sociallogin.is_existing:
                find_account(request, sociallogin, provider, claims)
            logout.note_arrival(request, sociallogin.account, claims)
            if sociallogin.user.is_active:
                groups.apply_groups(sociallogin.user, provider, claims)


def make_app(provider: IdentityProvider) -> SocialApp:
    """Return a provider as allauth knows one; it is never saved."""
    more = {
        "issuer": provider.issuer,
        "server_url": provider.issuer,
        "scope": list(provider.scopes),
        "oauth_pkce_enabled": True,
    }
    return SocialApp(
        provider=PROVIDER,
        provider_id=provider.id,
        name=provider.name,
        client_id=provider.client_id,
        secret=provider.secret,
        settings=more,
    )


def read_email(provider: IdentityProvider, claims: dict[str, Any]) -> tuple[str, bool]:
    """Return the address that a provider gives, "" where it is none, and whether it vouches for it."""
    email = normalize_email(str(claims.get("email") or ""))
    try:
        validate_email(email)
    except ValidationError:
        return "", False
    return email[:254], provider.trusts_email or claims.get("email_verified") in (True, "true")


def find_account(
    request: HttpRequest, login: SocialLogin, provider: IdentityProvider, claims: dict[str, Any]
) -> None:
    """Link the account that goes by the very address, where both sides vouch for it; else make one."""
    email, is_verified = read_email(provider, claims)
    if not email:
        refuse(request, refusals.NO_EMAIL, provider.name)
    if not is_verified:
        refuse(request, refusals.UNVERIFIED, provider.name, email)
    try:
        with transaction.atomic():
            user = User.objects.filter(email=email).first()
            if user is None:
                invitation = find_invitation(request, login, provider, email)
                if not provider.makes_accounts and invitation is None:
                    refuse(request, refusals.NO_ACCOUNT, provider.name, email)
                login.user.email = email
                login.connect(request, login.user)
                addresses.confirm(login.user)
                if invitation is not None:
                    invitations.take(invitation, login.user)
            elif SocialAccount.objects.filter(user=user, provider=provider.id).exists():
                refuse(request, refusals.ANOTHER_THERE, provider.name, email)
            elif not addresses.is_confirmed(user):
                refuse(request, refusals.UNCONFIRMED, provider.name, email)
            else:
                login.connect(request, user)
    except invitations.Over:
        refuse(request, refusals.INVITATION_OVER, provider.name, email)
    except IntegrityError:
        # Two tabs at once: the other one has made it.
        refuse(request, refusals.AT_ONCE, provider.name, email)


def find_invitation(
    request: HttpRequest, login: SocialLogin, provider: IdentityProvider, email: str
) -> Invitation | None:
    """Return what somebody accepts by coming in, None where they were not invited."""
    accepted = (login.state.get("data") or {}).get("invitation")
    if accepted is None:
        return None
    found = Invitation.objects.open().select_related("role", "plan").filter(pk=accepted).first()
    if found is None:
        refuse(request, refusals.INVITATION_OVER, provider.name, email)
    if found.email not in ("", email):
        refuse(request, refusals.INVITATION_OF_ANOTHER, provider.name, email)
    return found


def check_connection(
    request: HttpRequest, login: SocialLogin, provider: IdentityProvider, claims: dict[str, Any]
) -> None:
    """Let somebody who is signed in connect the provider's account of the same address, and none other."""
    email, is_verified = read_email(provider, claims)
    if request.user.is_anonymous:
        refuse(request, refusals.NOT_BEGUN_HERE, provider.name)
    if login.is_existing:
        return
    if not is_verified:
        refuse(request, refusals.UNVERIFIED, provider.name, email)
    user = User.objects.get(pk=request.user.pk)
    if email != user.email:
        refuse(request, refusals.OTHER_EMAIL, provider.name, email)
    if SocialAccount.objects.filter(user=user, provider=provider.id).exists():
        refuse(request, refusals.ANOTHER_THERE, provider.name, email)
    addresses.confirm(user)


def take_proof(request: HttpRequest, login: SocialLogin) -> NoReturn:
    """Note that somebody has signed in at their provider anew, and go on. Raises ImmediateHttpResponse."""
    if not login.is_existing or login.user != request.user:
        refuse(request, refusals.SOMEBODY_ELSE, login.provider.name)
    entrance.prove(request, "socialaccount", provider=login.account.provider)
    raise ImmediateHttpResponse(redirect(login.get_redirect_url(request) or "accounts:profile"))


def refuse(request: HttpRequest, refusal: refusals.Refusal, provider: str, email: str = "") -> NoReturn:
    """Raise what shows a refusal in place of signing in."""
    raise ImmediateHttpResponse(refusals.render_refusal(request, refusal, provider, email))
