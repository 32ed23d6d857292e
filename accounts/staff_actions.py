"""What staff change about a person: credits, plan, being let in. Each leaves a line in the audit log.

Everything here is one conditional change, so that two admins who act on one person at once never
undo each other's doing without knowing.
"""

from functools import partial

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext_noop

from . import audit, ledger
from .deletion import delete_account
from .identity import second_factor
from .models import CreditEntry, Plan, User


def grant(user: User, credits: int, *, reason: str, actor: User | None = None) -> CreditEntry:
    """Give credits on top of the plan's. Raises ledger.BadAmount."""
    with transaction.atomic():
        entry = ledger.grant(user, credits, reason=reason, actor=actor)
        audit.record(actor, "granted credits", user, f"{credits:,} credits: {reason}")
    return entry


def correct(user: User, credits: int, *, reason: str, actor: User | None = None) -> CreditEntry:
    """Put a balance right, up or down. Raises ledger.BadAmount, ledger.TooFewCredits."""
    with transaction.atomic():
        entry = ledger.correct(user, credits, reason=reason, actor=actor)
        audit.record(actor, "corrected credits", user, f"{credits:+,} credits: {reason}")
    return entry


def put_on(user: User, plan: Plan, *, actor: User | None = None, by: str = audit.COMMAND) -> int:
    """Put a person on a plan, with this month's credits. Return how many came or, below 0, went.

    by: what did it, where nobody here is the actor.
    """
    with transaction.atomic():
        before = User.objects.select_for_update(no_key=True).select_related(None).get(pk=user.pk).plan
        User.objects.filter(pk=user.pk).update(plan=plan)
        user.plan = plan
        more = ledger.replan(user, reason=f"Now on {plan}", actor=actor)
        change = f"{before or 'Default plan'} → {plan}; {more:+,} credits"
        audit.record(actor, "changed plan", user, change, by=by)
    return more


def suspend(user: User, *, actor: User | None = None) -> bool:
    """Sign a person out at once and keep them out. False if they were."""
    return let_in(user, False, gettext_noop("suspended"), actor)


def reactivate(user: User, *, actor: User | None = None) -> bool:
    """Let a suspended person in again. False if they were not suspended."""
    return let_in(user, True, gettext_noop("reactivated"), actor)


def let_in(user: User, active: bool, action: str, actor: User | None) -> bool:
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
        if changed:
            user.is_active = active
            audit.record(actor, action, user)
    return bool(changed)


def sign_out_everywhere(user: User, *, actor: User | None = None) -> None:
    """End every session of a person, on all devices."""
    with transaction.atomic():
        user.sign_out_everywhere()
        audit.record(actor, "signed out everywhere", user)


def reset_second_factor(user: User, *, actor: User | None = None) -> bool:
    """Forget the second factors of somebody who lost them; their sessions end. False if there were none."""
    with transaction.atomic():
        if not second_factor.reset(user):
            return False
        user.sign_out_everywhere()
        audit.record(actor, "reset the second factor", user)
    return True


def disconnect(user: User, *, actor: User | None = None) -> bool:
    """Let no provider of identity open an account any more, and end its sessions. False if none did."""
    with transaction.atomic():
        held = SocialAccount.objects.filter(user=user)
        names = ", ".join(sorted(held.values_list("provider", flat=True)))
        if not held.delete()[0]:
            return False
        user.sign_out_everywhere()
        audit.record(actor, "disconnected providers", user, names)
    return True


def delete(user: User, *, actor: User | None = None) -> None:
    """Delete a person with all that is theirs. Raises deletion.LastSuperuser."""
    delete_account(user, partial(audit.record, actor, "deleted with all data", user))
