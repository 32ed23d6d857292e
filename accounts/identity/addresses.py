"""Which addresses are confirmed: by a letter, by a provider of identity, or by an admin who vouches for them.

An address that somebody typed and nobody confirmed may be another person's: no provider's word about
that address opens the account.
"""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts.models import User


def is_confirmed(user: User) -> bool:
    """Return whether the address that an account goes by now is confirmed."""
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def settle(user: User, *, confirmed: bool) -> None:
    """Note the address that an account goes by now, and whether it is confirmed; others of it are forgotten.

    Another account that went by this address once has moved away from it: its note goes too.
    """
    with transaction.atomic():
        EmailAddress.objects.filter(Q(user=user) | Q(email=user.email)).exclude(
            user=user, email=user.email
        ).delete()
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": confirmed, "primary": True}
        )


def confirm(user: User) -> None:
    """Note that the address of an account is its person's."""
    settle(user, confirmed=True)
