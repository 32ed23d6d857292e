"""Pages for what goes wrong outside any one page."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import refusals


def answer(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A whole page to a browser; to a script of ours the sentence alone, which it shows; JSON to programs."""
    if refusals.to_program(request.path):
        status, headers, body = refusals.refusal(request.path, status, sentence)
        return HttpResponse(body, status=status, headers=headers)
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    context = {"title": title, "sentence": sentence, "status": status}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        sentence = "The studio does not go by this host name. Its admin can add it to ALLOWED_HOSTS."
        return answer(request, 400, "Another address is meant", sentence)
    return answer(
        request, 400, "That did not work", "The request could not be understood. Go back and try again."
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, "Not yours to open", "Your account may not see this page.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404, "Nothing here", "There is nothing at this address, or it was deleted.")


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(
        request, 500, "That went wrong", "Something broke on our side. Nothing of yours was lost. Try again."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request,
        403,
        "This page is out of date",
        "You signed in or out in between. Reload the page and try again.",
    )


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the studio's own sign-in; who is signed in already has no place at the admin's desk."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"))
