"""Why somebody whom a provider of identity sent is not let in, and the way out of it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext


@dataclass(frozen=True)
class Refusal:
    """A title and a sentence, for people. They may name {provider} and {email}."""

    title: str
    sentence: str
    status: int = 403
    # Whether starting again can help, and a new password.
    again: bool = True
    reset: bool = False


NOT_BEGUN_HERE = Refusal(
    "This sign-in is over",
    "It was begun in another browser, at another address of the studio, or too long ago, or it is done with "
    "already. Each works once. Begin it anew.",
    status=400,
)
CANCELLED = Refusal(
    "Nothing happened", "You left {provider} before it was done. Begin anew when you like.", 200
)
NOT_BELIEVED = Refusal(
    "{provider} was not understood",
    "What it answered does not hold: it may be meant for somebody else, be too old, or not be from "
    "{provider} at all. Try again; if it stays so, tell the studio’s admin, who finds the reason in the log.",
)
UNAVAILABLE = Refusal(
    "{provider} does not answer",
    "The studio cannot reach it right now. Try again in a moment, or sign in another way.",
    status=502,
)
SUSPENDED = Refusal(
    "This account is suspended", "Nobody can sign in to it. Ask the studio’s admin.", again=False
)
NO_GROUP = Refusal(
    "You are in no group that may come in",
    "{provider} knows you, and says that you are in none of the groups this studio is for. Ask its admin.",
    again=False,
)
NO_EMAIL = Refusal(
    "{provider} does not say your e-mail",
    "The studio knows people by their address. Add one to your account there, or let it be told. "
    "Then try again.",
)
UNVERIFIED = Refusal(
    "{provider} has not confirmed your e-mail",
    "It says that you are {email}, and not that this address is yours. Confirm it there and try again. "
    "Do you have an account here? Then sign in another way.",
)
UNCONFIRMED = Refusal(
    "There is an account with this e-mail",
    "Somebody made an account for {email} here, and the address was never confirmed, so {provider} does not "
    "open it. Is it yours? Sign in with its password and connect {provider} on your account’s page. Do you "
    "not know it? Have a new password sent to {email}: that confirms the address.",
    again=False,
    reset=True,
)
ANOTHER_THERE = Refusal(
    "The account with this e-mail is connected already",
    "Another account at {provider} opens the one for {email} here. Sign in with that one, or another "
    "way, and disconnect it on your account’s page.",
    again=False,
)
OTHER_EMAIL = Refusal(
    "That is another e-mail",
    "At {provider} you are {email}, which is not the address of this account, so they were not connected. "
    "Change one of the two first.",
    again=False,
)
WRONG_PASSKEY = Refusal(
    "This passkey opens no account here",
    "It may have been removed here, or be another studio’s. Sign in another way, and add one on your "
    "account’s page.",
)
INVITATION_OVER = Refusal(
    "This invitation is over",
    "It was accepted or withdrawn, or is too old. Each is for one person. Ask who sent it for another one.",
    status=410,
    again=False,
)
INVITATION_OF_ANOTHER = Refusal(
    "The invitation is for another e-mail",
    "At {provider} you are {email}, and the invitation is for another address. Ask for one of your own.",
    again=False,
)
SOMEBODY_ELSE = Refusal(
    "That is somebody else",
    "At {provider} you signed in to an account that does not open this one here. Sign in there as yourself.",
    again=False,
)
NO_ACCOUNT = Refusal(
    "You have no account here",
    "{provider} vouches for {email}, and accounts at this studio are made by its admin. Ask for one.",
    again=False,
)
AT_ONCE = Refusal("Once more, please", "You came in twice at the same moment. Sign in again.", status=409)


def render_refusal(
    request: HttpRequest, refusal: Refusal, provider: str = "", email: str = ""
) -> HttpResponse:
    """Return a page that says why not, and what to do next."""
    said = {"provider": provider or gettext("The provider"), "email": email}
    context = {
        "title": gettext(refusal.title).format(**said),
        "refusal_sentence": gettext(refusal.sentence).format(**said),
        "refusal": refusal,
    }
    return render(request, "accounts/sign-in/refused.html", context, status=refusal.status)
