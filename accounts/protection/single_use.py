"""Codes and tokens that count once: noted in the database, which all web processes share."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from accounts.models import SingleUse
from web import clock

# A code of an app is right for a minute and a half.
CODE_LASTS = timedelta(minutes=2)
# A token that ends sessions is believed for less.
LOGOUT_LASTS = timedelta(minutes=30)


def is_first_use(code: str, lasts: timedelta = CODE_LASTS) -> bool:
    """Note a code, or a token, that was right; return whether it is the first time while it can be.

    Within a transaction it is noted with that, or not at all; another process waits for how that ends.
    """
    digest = salted_hmac("accounts.single_use", code, algorithm="sha256").hexdigest()
    now = clock.now()
    SingleUse.objects.filter(digest=digest, until__lte=now).delete()
    return SingleUse.objects.get_or_create(digest=digest, defaults={"until": now + lasts})[1]


def forget_old() -> int:
    """Forget what would not be right any more anyway. Return how many."""
    return SingleUse.objects.filter(until__lte=clock.now()).delete()[0]
