"""What a provider of identity calls when somebody has signed out there."""

import contextlib
import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.identity import logout
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany

logger = logging.getLogger(__name__)

LONGEST = 16 * 1024


@csrf_exempt
@never_cache
@require_POST
def oidc_ended(request: HttpRequest, provider_id: str) -> JsonResponse:
    """End what the token speaks of; 400 where it is not to be believed, as the standard has it.

    No cookie is looked at: the token's signature is what opens this.
    """
    provider = settings.IDENTITY_PROVIDERS.get(provider_id)
    if provider is None:
        return refuse(404, "This studio asks no such provider.")
    token = request.POST.get("logout_token", "")
    if not token or len(token) > LONGEST:
        return refuse(400, "Send the token as logout_token in a form.")
    # What it stands on takes 8 MB of a web process: only where somebody comes this way.
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error
    from requests import RequestException

    from accounts.identity.tokens import Unbelievable

    try:
        throttle.check_limits(Kind.NO_LOGOUT, request)
        logout.end_sessions(provider, token)
    except TooMany as refused:
        response = refuse(429, "There were too many tokens that were not to be believed.")
        response["Retry-After"] = str(refused.seconds)
        return response
    except Unbelievable as exc:
        logger.warning("A logout token of %s was refused: %s", provider.name, exc)
        count_refusal(request)
        return refuse(400, "The token is not to be believed.")
    except (RequestException, OAuth2Error, KeyError, TypeError, ValueError) as exc:
        logger.warning("A logout of %s could not be checked: %s", provider.name, exc)
        return refuse(503, "The provider's keys could not be had. Send it again.")
    return JsonResponse({})


def count_refusal(request: HttpRequest) -> None:
    """Count one of this machine: a provider sends as many good ones as it has people."""
    with contextlib.suppress(TooMany):
        throttle.count_call(Kind.NO_LOGOUT, request)


def refuse(status: int, sentence: str) -> Any:
    said = {"error": "invalid_request", "error_description": sentence}
    return JsonResponse(said, status=status)
