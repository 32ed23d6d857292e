"""What django-axes knows about wrong passwords: how long they keep an address shut, and forgetting them.

Attempts are counted per address (in the one spelling of normalize_email) and per machine, so that
nobody can lock somebody else out from afar.
"""

import math
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address, get_cool_off
from axes.models import AccessAttempt, AccessLog
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone


def ends_at(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime:
    """Return when the address that was just refused may be tried again from this machine."""
    email = (credentials or {}).get("email")
    attempts = AccessAttempt.objects.filter(username=email, ip_address=get_client_ip_address(request))
    latest = attempts.aggregate(latest=Max("attempt_time"))["latest"] or timezone.now()
    return latest + get_cool_off(request)


def minutes_until(moment: datetime) -> int:
    """Return whole minutes, rounded up and at least one."""
    return max(1, math.ceil((moment - timezone.now()).total_seconds() / 60))


def lift(email: str) -> None:
    """Forget the wrong passwords for an address: its owner has shown who they are."""
    AxesProxyHandler.reset_attempts(username=email)


def forget(email: str) -> None:
    """Delete every trace of an address whose account is gone."""
    AccessAttempt.objects.filter(username=email).delete()
    AccessLog.objects.filter(username=email).delete()
