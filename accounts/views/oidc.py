"""Ways to a provider of identity and back: beginning, coming back, leaving, disconnecting."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.emails import signed_links
from accounts.identity import entrance, refusals
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany
from web.error_pages import answer
from web.identity import IdentityProvider

from .onward import get_next_url, sign_in_page
from .proof import lead_to_proof

View = Callable[..., HttpResponse]


def at_provider(view: View) -> View:
    """Have a view know its provider, and say it where that does not answer or makes no sense."""

    @wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        provider = settings.IDENTITY_PROVIDERS.get(provider_id)
        if provider is None:
            raise Http404
        # What it stands on takes 8 MB of a web process: only where somebody comes this way.
        from allauth.socialaccount.providers.oauth2.client import OAuth2Error
        from requests import RequestException

        try:
            throttle.count_call(Kind.PROVIDER, request)
            return view(request, provider)
        except TooMany as refused:
            sentence = gettext(
                "There were too many sign-ins from this machine. Try again in %(minutes)s min."
            ) % {"minutes": refused.minutes}
            response = answer(request, 429, gettext("Too often"), sentence)
            response["Retry-After"] = str(refused.seconds)
            return response
        except RequestException:
            return refusals.render_refusal(request, refusals.UNAVAILABLE, provider.name)
        except (OAuth2Error, KeyError, TypeError, ValueError):
            return refusals.render_refusal(request, refusals.NOT_BELIEVED, provider.name)

    return guarded


def lead_to(request: HttpRequest, provider: IdentityProvider, address: str) -> HttpResponse:
    """Return a page that goes on to an address of a provider's.

    No redirect: it would be the end of a form's way, which our content security policy keeps on our own
    pages. Where providers send people on to is theirs to know.
    """
    context = {"provider": provider, "address": address}
    response = render(request, "accounts/sign-in/leaving.html", context)
    response["Refresh"] = f"0;url={address}"
    return response


@never_cache
@require_POST
@at_provider
def oidc_begin(request: HttpRequest, provider: IdentityProvider) -> HttpResponse:
    """Go to the provider, to sign in with it, or to connect it to the account that one is signed in to.

    Or to sign in there anew, who is signed in here and has to show once more who they are.
    """
    if request.get_host() != urlsplit(settings.SITE_URL).netloc:
        # It leads back to the studio's own address, where the browser would have no cookie of this one.
        return redirect(settings.SITE_URL + sign_in_page(request))
    from accounts.identity.oidc import CheckedAdapter

    there = CheckedAdapter(request, provider.id).get_provider()
    onward, asked = get_next_url(request) or None, {}
    data = None
    if not request.user.is_authenticated:
        process, data = "login", read_invitation(request)
    elif request.POST.get("process") == "prove":
        process, asked = "prove", {"prompt": "login", "max_age": "0"}
    elif not entrance.is_fresh(request):
        return lead_to_proof(reverse("accounts:profile"))
    else:
        process, onward = "connect", onward or reverse("accounts:profile")
    going = there.redirect(request, process, onward, data, auth_params=asked)
    return lead_to(request, provider, going["Location"]) if going.has_header("Location") else going


def read_invitation(request: HttpRequest) -> dict[str, int] | None:
    """Return what is to be known of an invitation when somebody comes back, None where there is none."""
    wanted = signed_links.Invite.read(request.POST.get("invitation", ""))
    return {"invitation": wanted.invitation_id} if wanted and wanted.invitation else None


@never_cache
@require_safe
@at_provider
def oidc_callback(request: HttpRequest, provider: IdentityProvider) -> HttpResponse:
    from accounts.identity.oidc import Callback, CheckedAdapter

    view: Any = Callback.adapter_view(CheckedAdapter(request, provider.id))
    response: HttpResponse = view(request)
    return response


@never_cache
@require_safe
@at_provider
def oidc_sign_out(request: HttpRequest, provider: IdentityProvider) -> HttpResponse:
    """Go on to the provider's own sign-out, once the studio's is done."""
    from accounts.identity.oidc import discover

    end = str(discover(provider.issuer).get("end_session_endpoint") or "")
    if not end.startswith(("https://", "http://")):
        return redirect(provider.issuer)
    query = {
        "client_id": provider.client_id,
        "post_logout_redirect_uri": settings.SITE_URL + reverse("accounts:sign-in"),
    }
    return lead_to(request, provider, f"{end}{'&' if urlsplit(end).query else '?'}{urlencode(query)}")


@login_required
@never_cache
def oidc_disconnect(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Asks on a page of its own; then that account opens this one no more. Another way in must be left."""
    found = get_object_or_404(SocialAccount, user=request.user.pk, provider=provider_id)
    provider = settings.IDENTITY_PROVIDERS.get(provider_id)
    context = {"name": provider.name if provider else provider_id, "stays": stays_out(request, found)}
    if request.method != "POST":
        return render(request, "accounts/disconnect.html", context)
    if context["stays"]:
        return render(request, "accounts/disconnect.html", context, status=409)
    found.delete()
    messages.success(
        request, gettext("%(context)s no longer opens your account.") % {"context": context["name"]}
    )
    return redirect("accounts:profile")


def stays_out(request: HttpRequest, account: SocialAccount) -> bool:
    """Return whether somebody could not come in any more without this account."""
    others = SocialAccount.objects.filter(user=account.user_id).exclude(pk=account.pk)
    return not account.user.has_usable_password() and not others.exists()
