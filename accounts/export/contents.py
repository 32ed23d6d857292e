"""What accounts themselves have of a person: profile, keys' names, ledger. Never a secret, nor its hash."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_noop

from accounts import allowance, ledger
from accounts.belongings import Piece
from accounts.models import ApiKey, CreditEntry, User
from accounts.templatetags.credits import reason
from web.spreadsheets import write_lines

AT_ONCE = 1000


def list_pieces(user: User) -> Iterator[Piece]:
    """Yield the account's own pieces."""
    profile = json.dumps(describe(user), indent=2, ensure_ascii=False) + "\n"
    yield Piece("profile.json", gettext_noop("your profile"), text=[profile])
    yield Piece("keys.csv", gettext_noop("your API keys, without their secrets"), text=write_keys(user))
    yield Piece("ledger.csv", gettext_noop("every entry of your credits"), text=write_ledger(user))


def say_moment(moment: datetime | None) -> str:
    """Return a moment as all files of the copy have it."""
    return moment.isoformat(timespec="seconds") if moment else ""


def describe(user: User) -> dict[str, Any]:
    """Return who somebody is here."""
    connected = SocialAccount.objects.filter(user=user).order_by("pk")
    places = UserSession.objects.filter(user=user).order_by("pk")
    return {
        "email": user.email,
        "name": user.name,
        "joined": say_moment(user.date_joined),
        "last_signed_in": say_moment(user.last_login),
        "plan": str(allowance.get_allowance(user).plan),
        "credits": ledger.open_account(user).balance,
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "runs_the_studio": user.is_superuser,
        "has_password": user.has_usable_password(),
        "providers": [
            {"name": one.provider, "knows_you_as": one.extra_data, "since": say_moment(one.date_joined)}
            for one in connected
        ],
        "second_factors": [
            {"kind": one.get_type_display(), "since": say_moment(one.created_at)}
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "signed_in": [
            {"from": one.ip, "with": one.user_agent, "since": say_moment(one.created_at)} for one in places
        ],
    }


def write_keys(user: User) -> Iterable[str]:
    """Yield the table of keys: what tells them apart, and nothing that opens anything."""
    rows = ApiKey.objects.owned_by(user).newest_first()
    yield write_lines([("name", "begins_with", "made", "last_used", "revoked")])
    yield write_lines(
        (key.name, key.prefix, *map(say_moment, (key.created_at, key.last_used_at, key.revoked_at)))
        for key in rows
    )


def write_ledger(user: User) -> Iterable[str]:
    """Yield the table of the ledger, the first entry first, some entries at a time."""
    yield write_lines([("number", "when", "what", "amount", "effect", "tool", "task", "reason")])
    last = 0
    while rows := list(CreditEntry.objects.owned_by(user).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = rows[-1].pk
        yield write_lines(
            (
                entry.pk,
                say_moment(entry.created_at),
                entry.get_kind_display(),
                entry.amount,
                entry.effect,
                entry.tool,
                entry.task_id or "",
                reason(entry.reason),
            )
            for entry in rows
        )
