"""Pages for what goes wrong outside any one page."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django_htmx.middleware import HtmxDetails

from . import api_errors

DOORS = ("accounts:sign-in", "accounts:sign-up")
# How Django's reasons begin that are about where a form comes from.
FOREIGN, UNSAID = "Origin checking failed", "Referer checking failed"


def answer(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A whole page to a browser; to a script of ours the sentence alone, which it shows; JSON to programs."""
    if api_errors.to_program(request.path):
        status, headers, body = api_errors.refusal(request.path, status, sentence)
        return HttpResponse(body, status=status, headers=headers)
    if is_by_script(request):
        response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    else:
        context = {"title": title, "sentence": sentence, "status": status}
        response = render(request, "error.html", context, status=status)
    return say_when(response)


def say_when[Answer: HttpResponse](response: Answer) -> Answer:
    """Have an answer that is a matter of time say when to try again, and return it."""
    if seconds := api_errors.RETRY_AFTER.get(response.status_code):
        response["Retry-After"] = seconds
    return response


def is_by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks, which shows a sentence and cannot follow a redirect to a page."""
    # What another middleware refuses does not get as far as the one that reads htmx's headers.
    htmx: object = getattr(request, "htmx", None) or HtmxDetails(request)
    return bool(htmx) or request.headers.get("X-Requested-With") == "fetch"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        sentence = gettext(
            "The studio does not go by this host name: it is at %(site_url)s. Open it there. Its "
            "admin can add other names to ALLOWED_HOSTS."
        ) % {"site_url": settings.SITE_URL}
        return answer(request, 400, gettext("Another address is meant"), sentence)
    return answer(
        request,
        400,
        gettext("That did not work"),
        gettext("The request could not be understood. Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, gettext("Not yours to open"), gettext("Your account may not see this page."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(
        request, 404, gettext("Nothing here"), gettext("There is nothing at this address, or it was deleted.")
    )


def unavailable(request: HttpRequest, is_store: bool = False) -> HttpResponse:
    """The database is locked or away, or the store of pictures is: it will work in a moment.

    With the database nothing was done; with the store something may have been, such as a row that is deleted.
    """
    if is_store:
        sentence = gettext("The studio cannot reach its store of pictures right now. Try again in a moment.")
    else:
        sentence = gettext(
            "The studio cannot reach its database right now. Nothing was changed. Try again in a moment."
        )
    return answer(request, 503, gettext("One moment"), sentence)


def full(request: HttpRequest) -> HttpResponse:
    """The disk under the database has no room left: nothing was changed, and waiting alone does not help."""
    sentence = gettext("The studio's disk is full. Delete some pictures, or tell its admin; then go on.")
    return answer(request, 507, gettext("That did not work"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(
        request,
        500,
        gettext("That went wrong"),
        gettext("Something broke on our side. Nothing of yours was lost. Try again."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form is refused with that does not show where it comes from. reason: Django's, in its words."""
    if request.user.is_authenticated and request.path in map(reverse, DOORS):
        # Sent twice, or from a page that stood open while somebody signed in beside it.
        return redirect(settings.LOGIN_REDIRECT_URL)
    return answer(request, 403, *why_not(request, reason))


def why_not(request: HttpRequest, reason: str) -> tuple[str, str]:
    """Return the title and the sentence for a form that was refused, from what is known of the reason."""
    address = f"{request.scheme}://{request.get_host()}"
    if reason == csrf.REASON_NO_CSRF_COOKIE:
        return gettext("No cookie came along"), describe_lost_cookie(address)
    if reason.startswith(FOREIGN):
        origin = request.headers.get("Origin", "null")
        here = {"origin": origin, "site_url": settings.SITE_URL}
        if origin == "null":
            sentence = gettext(
                "The form came from a page that does not say its address, and this studio takes forms from "
                "%(site_url)s. Open it there and send the form again. Whoever runs it can add addresses with "
                "the setting CSRF_TRUSTED_ORIGINS."
            )
        else:
            sentence = gettext(
                "The form came from %(origin)s, and this studio takes forms from %(site_url)s. Open it there "
                "and send the form again. Whoever runs it can add addresses with the setting "
                "CSRF_TRUSTED_ORIGINS."
            )
        return gettext("Not from this address"), sentence % here
    if reason.startswith(UNSAID):
        return gettext("Not from this address"), (
            gettext(
                "Your browser, or something before it, does not say from which page the form comes. "
                "Allow it to send the referrer to %(site_url)s, open the studio there and send the "
                "form again."
            )
            % {"site_url": settings.SITE_URL}
        )
    return gettext("This page is out of date"), (
        gettext(
            "You signed in or out in another tab, or the page stood open for long. Load it anew "
            "and send the form again."
        )
    )


def describe_lost_cookie(address: str) -> str:
    """Return what to do where the browser sent no cookie of this address along with a form."""
    if address == settings.SITE_URL:
        return gettext(
            "Your browser sent no cookie of %(address)s with the form: it blocks cookies, or forgot them "
            "while the page stood open. Allow cookies for this address. Then load the page anew and send "
            "the form again."
        ) % {"address": address}
    return gettext(
        "Your browser sent no cookie of %(address)s with the form: it blocks cookies, or forgot them while "
        "the page stood open. Allow cookies for this address, or open the studio at %(site_url)s. Then load "
        "the page anew and send the form again."
    ) % {"address": address, "site_url": settings.SITE_URL}


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the studio's own sign-in; who is signed in already has no place at the admin's desk."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"))
