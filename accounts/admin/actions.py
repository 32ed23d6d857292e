"""What can be done to people at the desk: each asks on a page of its own, and then does it to each.

The list's actions and the buttons of a person's page lead to the same addresses, with the people's ids.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import ledger, staff_actions
from accounts.deletion import LastSuperuser
from accounts.models import Plan, User

# People at a time: their ids stand in the address.
MOST_PEOPLE = 100


class Sure(forms.Form):
    """Nothing but the question."""


class GrantForm(forms.Form):
    credits = forms.IntegerField(
        label=_("Credits"),
        min_value=1,
        max_value=ledger.MOST,
        error_messages={
            "min_value": _("Grant at least one credit. To take credits away, correct the balance.")
        },
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Stands in the ledger, for the person to read.")
    )


class CorrectForm(forms.Form):
    credits = forms.IntegerField(
        label=_("Credits"),
        min_value=-ledger.MOST,
        max_value=ledger.MOST,
        help_text=_("Below 0 takes credits away, though never more than there are."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Stands in the ledger, for the person to read.")
    )

    def clean_credits(self) -> int:
        if not self.cleaned_data["credits"]:
            raise forms.ValidationError(gettext("A correction by 0 changes nothing."), code="nothing")
        return self.cleaned_data["credits"]


class PlanChoiceForm(forms.Form):
    plan = forms.ModelChoiceField(
        Plan.objects.all(),
        label=_("Plan"),
        help_text=_("Holds at once, with its credits of this month; what was granted on top stays."),
    )


Done = Callable[[User, dict[str, Any], User], None]


@dataclass(frozen=True)
class Act:
    """One thing to do. right: the permission it asks for; question and button: of the page that asks;
    done: of the sentence afterwards; does: called with person, form's data, actor; may raise LedgerError,
    LastSuperuser. grave: asks in red. reaches_up: may be done to oneself and to superusers by staff.
    when: the standing (is_active) in which there is something to do, None for any."""

    name: str
    label: str
    right: str
    question: str
    button: str
    done: str
    does: Done
    form: type[forms.Form] = Sure
    grave: bool = False
    reaches_up: bool = False
    when: bool | None = None


def grant(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.grant(person, data["credits"], reason=data["reason"], actor=actor)


def correct(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.correct(person, data["credits"], reason=data["reason"], actor=actor)


def put_on(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.put_on(person, data["plan"], actor=actor)


def suspend(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.suspend(person, actor=actor)


def reactivate(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.reactivate(person, actor=actor)


def sign_out(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.sign_out_everywhere(person, actor=actor)


def reset_factor(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.reset_second_factor(person, actor=actor)


def disconnect(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.disconnect(person, actor=actor)


def delete(person: User, data: dict[str, Any], actor: User) -> None:
    staff_actions.delete(person, actor=actor)


ACTS = {
    act.name: act
    for act in [
        Act(
            "grant",
            "Grant credits",
            "accounts.add_creditentry",
            "How many credits, and what for?",
            "Grant",
            "Granted credits to",
            grant,
            GrantForm,
            reaches_up=True,
        ),
        Act(
            "correct",
            "Correct credits",
            "accounts.add_creditentry",
            "By how many credits, and why?",
            "Correct",
            "Corrected the credits of",
            correct,
            CorrectForm,
            reaches_up=True,
        ),
        Act(
            "plan",
            "Change plan",
            "accounts.put_on_plan",
            "Which plan?",
            "Change the plan",
            "Changed the plan of",
            put_on,
            PlanChoiceForm,
            reaches_up=True,
        ),
        Act(
            "suspend",
            "Suspend",
            "accounts.suspend_user",
            "They are signed out at once and kept out. Work under way ends, and its results wait for them.",
            "Suspend",
            "Suspended",
            suspend,
            grave=True,
            when=True,
        ),
        Act(
            "reactivate",
            "Reactivate",
            "accounts.suspend_user",
            "They can sign in again and find everything as it was.",
            "Reactivate",
            "Reactivated",
            reactivate,
            when=False,
        ),
        Act(
            "sign-out",
            "Sign out everywhere",
            "accounts.suspend_user",
            "They have to sign in again on all their devices. API keys go on working.",
            "Sign out",
            "Signed out",
            sign_out,
        ),
        Act(
            "reset-factor",
            "Reset the second factor",
            "accounts.suspend_user",
            "For who has lost phone and recovery codes. Be sure that it is they who ask. Apps, passkeys "
            "and codes are forgotten, and they are signed out; the password, or their provider, still holds.",
            "Reset",
            "Reset the second factor of",
            reset_factor,
            grave=True,
        ),
        Act(
            "disconnect",
            "Disconnect providers",
            "accounts.suspend_user",
            "No provider of identity opens the account any more until it vouches for the very address "
            "again, or they connect it anew. They are signed out.",
            "Disconnect",
            "Disconnected",
            disconnect,
        ),
        Act(
            "delete",
            "Delete with all data",
            "accounts.delete_user",
            "Their photos, results, keys and work under way go with them. This cannot be undone.",
            "Delete for good",
            "Deleted",
            delete,
            grave=True,
        ),
    ]
}

REFUSALS = (ledger.LedgerError, LastSuperuser)
