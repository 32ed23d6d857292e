"""An account moves to another address, and the old one is told."""

from django.db import IntegrityError, transaction

from accounts.models import User

from . import queue


def move(user: User, email: str) -> bool:
    """Move an account. False if the address is taken, or the account has moved elsewhere meanwhile."""
    try:
        with transaction.atomic():
            moved = User.objects.filter(pk=user.pk, email=user.email).update(email=email)
    except IntegrityError:
        return False
    if moved:
        queue.send_email_changed.enqueue(user.pk, user.email)
    return bool(moved)
