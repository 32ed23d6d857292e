"""Places where somebody is signed in: a browser each, since when, and ending them.

django-allauth notes each at its sign-in; a GET never writes, so what is over is left out when they are
listed, and forgotten at the next sign-in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User

from . import logout

# What browsers and systems have in what they say of themselves, the most particular first.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Place:
    """A browser in which somebody is signed in. machine: the address that it came from then."""

    id: int
    device: str
    machine: str
    since: datetime
    is_here: bool


def describe_device(agent: str) -> str:
    """Return a browser and its system in a few words, from what it says of itself."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "Unknown browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} on {system}" if system else browser


def list_places(request: HttpRequest, user: User) -> list[Place]:
    """Return where somebody is signed in, this browser first, then the latest."""
    notes = {note.session_key: note for note in UserSession.objects.filter(user=user)}
    here = request.session.session_key
    places = [
        Place(note.pk, describe_device(note.user_agent), note.ip, note.created_at, key == here)
        for key, note in notes.items()
        if key in set(list_live_keys(user, list(notes)))
    ]
    return sorted(places, key=lambda place: (not place.is_here, -place.since.timestamp()))


def list_live_keys(user: User, keys: list[str]) -> Iterator[str]:
    """Yield which of these sessions still let somebody in."""
    holds = user.get_session_auth_hash()
    for session in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()):
        said = session.get_decoded()
        if (
            said.get(SESSION_KEY) == str(user.pk)
            and BACKEND_SESSION_KEY in said
            and constant_time_compare(said.get(HASH_SESSION_KEY, ""), holds)
        ):
            yield session.session_key


def end_place(user: User, place_id: int) -> bool:
    """End one of somebody's sessions. False if it is none of theirs, or is over."""
    note = UserSession.objects.filter(user=user, pk=place_id).first()
    if note is None:
        return False
    note.end()
    return True


def end_others(request: HttpRequest, user: User) -> None:
    """End all of somebody's sessions but this one, those too that were begun before they were noted."""
    user.sign_out_everywhere()
    keep_here(request, user)


def keep_here(request: HttpRequest, user: User) -> None:
    """Let this browser's session go on after what ends all of somebody's sessions, under a new key."""
    forget_here(request)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request, user=user)
    logout.note_session(request, user)


def forget_here(request: HttpRequest) -> None:
    """Forget the note of this browser's session, which ends or goes on under another key."""
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()
