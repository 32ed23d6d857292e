"""Rendering of a page around a form: bound, with errors, or sent too often."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import focus
from accounts.protection.throttle import TooMany


def get_data(request: HttpRequest) -> Any:
    """What a form is bound to: the posted data, though it be empty, or nothing."""
    return request.POST if request.method == "POST" else None


def render_page(
    request: HttpRequest, template: str, form: BaseForm, *, to_type: bool = True, **context: Any
) -> HttpResponse:
    """A page around a form; with 422 when the form came back with errors.

    to_type: whether it is there for typing, and opens with the caret in a field.
    """
    if to_type:
        focus(form)
    context = {
        "form": form,
        "signup_open": settings.SIGNUP_OPEN and settings.PASSWORD_SIGN_IN,
        "letters_arrive": settings.LETTERS_ARRIVE,
        **context,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


TOO_MANY_LETTERS = _("There were too many letters")


def describe_wait(minutes: int) -> str:
    """Return so many minutes as people say them."""
    if minutes == 1:
        return gettext("a minute")
    if minutes < 120:
        return gettext("%(minutes)s minutes") % {"minutes": minutes}
    return gettext("%(hours)s hours") % {"hours": minutes // 60}


def render_too_often(
    request: HttpRequest, form: BaseForm, refused: TooMany, what: str, *, template: str, **context: Any
) -> HttpResponse:
    """The page around a form that was sent too often, with what was typed, and with 429.

    what: what there was too much of, as the beginning of a sentence.
    """
    where = what if refused.by_all else gettext("%(what)s from this machine") % {"what": what}
    wait = describe_wait(refused.minutes)
    form.add_error(
        None,
        ValidationError(
            gettext("%(what)s. Try again in %(wait)s.") % {"what": where, "wait": wait},
            code="too_many",
        ),
    )
    response = render_page(request, template, form, **context)
    response.status_code, response["Retry-After"] = 429, str(refused.seconds)
    return response
