"""A provider of identity says that somebody has signed out there: their sessions here end too.

OpenID Connect Back-Channel Logout 1.0 (incorporating errata set 1). The token comes from anywhere, so it is
believed by its signature alone, and each once.
"""

import logging
from typing import Any

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest

from accounts import audit
from accounts.models import User
from accounts.protection import single_use
from web.identity import IdentityProvider

logger = logging.getLogger(__name__)

# In the session, on the way in: which account of which provider opened it, and its session there.
CAME_BY = "accounts.came_by"


def note_arrival(request: HttpRequest, account: SocialAccount, claims: dict[str, Any]) -> None:
    """Remember by which provider somebody is coming in, until they are in."""
    sid = claims.get("sid")
    request.session[CAME_BY] = {
        "provider": account.provider,
        "uid": account.uid,
        "sid": sid if isinstance(sid, str) else "",
    }


def note_session(request: HttpRequest, user: User) -> None:
    """Write to the note of somebody's session, which has just begun, by which provider it did."""
    came_by = request.session.get(CAME_BY)
    if came_by is None:
        return
    known = SocialAccount.objects.filter(user=user, provider=came_by["provider"], uid=came_by["uid"])
    if known.exists():
        # allauth makes the note a moment later, or finds this one, if its session lets somebody in by then.
        request.session.save()
        UserSession.objects.create_from_request(request, user=user)
        UserSession.objects.filter(session_key=request.session.session_key).update(data=came_by)
    else:
        # Somebody else was on the way by it.
        del request.session[CAME_BY]


def end_sessions(provider: IdentityProvider, token: str) -> int:
    """End the sessions that a logout token speaks of. Return how many were known.

    Of one session there it is those that were begun by it; of a person it is all of theirs, however begun.
    Raises Unbelievable, OAuth2Error, requests.RequestException.
    """
    # What these stand on takes 8 MB of a web process: only where a token comes.
    from .oidc import discover, identify, read_keys
    from .tokens import Unbelievable, read_logout_token

    config = discover(provider.issuer)
    told = {"issuer": config["issuer"], "client_id": provider.client_id}
    try:
        claims = read_logout_token(token, read_keys(config), **told)
    except Unbelievable:
        # It may be signed with a key that is newer than what was kept.
        claims = read_logout_token(token, read_keys(config, anew=True), **told)
    uid = identify(claims["iss"], claims["sub"]) if "sub" in claims else None
    with transaction.atomic():
        # Where its sessions cannot be ended it has not been used: the provider sends it again.
        if not single_use.is_first_use(f"logout {claims['iss']} {claims['jti']}", single_use.LOGOUT_LASTS):
            raise Unbelievable("The token was used already.")
        if claims.get("sid"):
            return end_one(provider, claims["sid"], uid)
        return end_all(provider, uid or "")


def end_one(provider: IdentityProvider, sid: str, uid: str | None) -> int:
    """End what was begun by one session there."""
    notes = UserSession.objects.filter(data__provider=provider.id, data__sid=sid).select_related("user")
    found = [note for note in notes if uid in (None, note.data["uid"])]
    for note in found:
        note.end()
        audit.record(None, "signed out by a provider", note.user, by=provider.name)
    return len(found)


def end_all(provider: IdentityProvider, uid: str) -> int:
    """End all that is a person's."""
    account = SocialAccount.objects.filter(provider=provider.id, uid=uid).select_related("user").first()
    if account is None:
        return 0
    count = UserSession.objects.filter(user=account.user).delete()[0]
    account.user.sign_out_everywhere()
    audit.record(None, "signed out everywhere by a provider", account.user, by=provider.name)
    return count
