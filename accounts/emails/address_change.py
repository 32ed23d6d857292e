"""An account moves to another address, and the old one is told."""

from django.db import IntegrityError, transaction

from accounts.identity import addresses
from accounts.models import User

from . import queue


def move(user: User, email: str, *, confirmed: bool = False) -> bool:
    """Move an account. False if the address is taken, or the account has moved elsewhere meanwhile.

    confirmed: whether somebody has followed the link in a letter to it.
    """
    try:
        with transaction.atomic():
            moved = User.objects.filter(pk=user.pk, email=user.email).update(email=email)
            if moved:
                addresses.settle(User.objects.get(pk=user.pk), confirmed=confirmed)
    except IntegrityError:
        return False
    if moved:
        queue.send_email_changed.enqueue(user.pk, user.email)
    return bool(moved)
