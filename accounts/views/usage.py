"""The page of what a person used and has left."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.usage import UsagePage


@login_required
@never_cache
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    asked = (request.GET.get(name, "") for name in ("month", "shown", "before"))
    return render(request, "accounts/usage.html", {"usage": UsagePage(request.user, *asked)})  # type: ignore[arg-type]
