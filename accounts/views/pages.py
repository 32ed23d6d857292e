"""What pages around a form have in common."""

from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the posted data, though it be empty, or nothing."""
    return request.POST if request.method == "POST" else None


def page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """A page around a form; with 422 when the form came back with errors."""
    context = {"form": form, "signup_open": settings.SIGNUP_OPEN, **context}
    return render(request, template, context, status=422 if form.is_bound else 200)
