"""The way to a provider of identity and back: OpenID Connect by django-allauth, every token checked."""

import hashlib
import secrets
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from .tokens import Unbelievable, read_id_token

# Seconds for which what an issuer says about itself is kept.
KEPT_FOR = 300
ANEW_AFTER = 20
WELL_KNOWN = "/.well-known/openid-configuration"


def fetch_json(address: str, headers: dict[str, str] | None = None) -> Any:
    """Return what is at an address of a provider. Raises requests.RequestException."""
    with get_adapter().get_requests_session() as session:
        response = session.get(address, headers=headers)
        response.raise_for_status()
        return response.json()


def discover(issuer: str) -> dict[str, Any]:
    """Return what an issuer says about itself. Raises OAuth2Error, requests.RequestException."""
    key = "accounts.issuer." + hashlib.sha256(issuer.encode()).hexdigest()
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = fetch_json(issuer.rstrip("/") + WELL_KNOWN)
        if not isinstance(found, dict) or str(found.get("issuer")).rstrip("/") != issuer.rstrip("/"):
            raise OAuth2Error(f"{issuer} says that it is another issuer.")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(found.get(endpoint)).startswith(("https://", "http://")):
                raise OAuth2Error(f"{issuer} does not say its {endpoint}.")
        cache.set(key, found, KEPT_FOR)
    return found


def read_keys(config: dict[str, Any], *, anew: bool = False) -> list[dict[str, Any]]:
    """Return an issuer's keys, kept for a while. anew: those of now, a few times a minute at most.

    Raises KeyError, requests.RequestException.
    """
    address = config["jwks_uri"]
    key = "accounts.keys." + hashlib.sha256(address.encode()).hexdigest()
    found: list[dict[str, Any]] | None = cache.get(key)
    # Whoever sends nonsense does not have the provider asked each time.
    if found is None or (anew and cache.add(f"{key}.anew", True, ANEW_AFTER)):
        found = fetch_json(address)["keys"]
        cache.set(key, found, KEPT_FOR)
    return found


def identify(issuer: str, subject: str) -> str:
    """Return what an account there is known by: a name that is given to another issuer opens none."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to one provider. nonce: what its token must repeat."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        return discover(self.get_provider().app.settings["issuer"])

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The studio's own address, as it is registered there, by whatever name it was reached."""
        return settings.SITE_URL + reverse("accounts:oidc-callback", args=[self.provider_id])

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Return whose sign-in it is. Raises OAuth2Error, requests.RequestException."""
        config = self.openid_config
        try:
            claims = read_id_token(
                str(kwargs["response"].get("id_token") or ""),
                fetch_json(config["jwks_uri"])["keys"],
                issuer=config["issuer"],
                client_id=app.client_id,
                nonce=self.nonce,
            )
        except Unbelievable as exc:
            raise OAuth2Error(f"The ID token is not to be believed. {exc}") from exc
        if config.get("userinfo_endpoint"):
            more = fetch_json(config["userinfo_endpoint"], {"Authorization": f"Bearer {token.token}"})
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise OAuth2Error("The provider's further answer is about somebody else.")
            claims = {**claims, **more, "iss": claims["iss"]}
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        return login


class StudioProvider(OpenIDConnectProvider):
    """A provider that the settings name."""

    oauth2_adapter_class = CheckedAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce, **kwargs.get("auth_params", {})}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """One for each issuer and subject."""
        return identify(data["iss"], data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: enough for an admin to see who it is there, and no more."""
        return {name: data[name] for name in ("iss", "sub", "email", "preferred_username") if name in data}


class Callback(OAuth2CallbackView):
    """The way back from a provider. What was begun can be ended once, by the browser that began it."""

    adapter: CheckedAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
            # RFC 9207: an answer that says whom it is from is from the one that was asked.
            said = request.GET.get("iss")
            if said is not None and said != self.adapter.openid_config["issuer"]:
                raise OAuth2Error("The answer says that it is another issuer's.")
        return state, response
