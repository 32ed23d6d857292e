"""Accepting an invitation: the account, its role and its plan in one go, once."""

from django.db import transaction
from django.utils import timezone

from accounts import audit, staff_actions
from accounts.models import Invitation, User

from . import addresses


class Over(Exception):
    """An invitation was accepted, withdrawn, or is too old. Remedy: ask for another one."""


def accept(invitation: Invitation, user: User, *, confirmed: bool) -> None:
    """Save a new person with what they were invited to. Raises Over; IntegrityError for a taken address.

    confirmed: whether they have shown that the address is theirs.
    """
    with transaction.atomic():
        user.is_staff = user.is_staff or invitation.role is not None
        user.save()
        take(invitation, user)
        addresses.settle(user, confirmed=confirmed)


def take(invitation: Invitation, user: User) -> None:
    """Use up an invitation for somebody whose account is just made. Raises Over."""
    with transaction.atomic():
        is_first = (
            Invitation.objects.open().filter(pk=invitation.pk).update(used_at=timezone.now(), used_by=user)
        )
        if not is_first:
            raise Over
        if invitation.role is not None:
            user.groups.add(invitation.role)
            if not user.is_staff:
                user.is_staff = True
                user.save(update_fields=["is_staff"])
        if invitation.plan is not None:
            staff_actions.put_on(user, invitation.plan, by="invitation")
        given = f"role {invitation.role or 'none'}, plan {invitation.plan or 'default'}"
        audit.record(None, "accepted an invitation", user, given, by=str(invitation.made_by or "invitation"))
