"""What a provider's groups make of a person here: their role and their plan, anew at each sign-in.

What the mapping names is the mapping's: a role is given with its group and taken with it, and so is a
plan. Roles and plans that it does not name, and superusers' powers, stay as the desk has set them.
"""

import logging
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts import audit, staff_actions
from accounts.models import Plan, User
from web.identity import Grant, IdentityProvider

logger = logging.getLogger(__name__)


def list_grants(provider: IdentityProvider, claims: dict[str, Any]) -> list[Grant]:
    """Return what the mapping says of the groups that somebody is in, in the mapping's order."""
    said = claims.get(provider.groups_claim)
    groups = {said} if isinstance(said, str) else {one for one in said or () if isinstance(one, str)}
    return [grant for group, grant in provider.grants.items() if group in groups]


def apply_groups(user: User, provider: IdentityProvider, claims: dict[str, Any]) -> None:
    """Give a person the roles and the plan of their groups, and take those that they are no longer in."""
    if not provider.grants:
        return
    held = list_grants(provider, claims)
    with transaction.atomic():
        user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
        set_roles(user, provider, {grant.role for grant in held if grant.role})
        set_plan(user, provider, next((grant.plan for grant in held if grant.plan), ""))


def set_roles(user: User, provider: IdentityProvider, names: set[str]) -> None:
    managed = {grant.role for grant in provider.grants.values() if grant.role}
    known = {role.name: role for role in Group.objects.filter(name__in=managed)}
    warn(provider, "role", managed - known.keys())
    has = set(user.groups.filter(name__in=managed).values_list("name", flat=True))
    given, taken = (names & known.keys()) - has, has - names
    user.groups.add(*(known[name] for name in given))
    user.groups.remove(*(known[name] for name in taken))
    for words, changed in (("gave a role", given), ("took a role", taken)):
        if changed:
            audit.record(None, words, user, ", ".join(sorted(changed)), by=provider.name)
    # Who has a role may enter the desk, and who had nothing but these roles may not any more.
    is_staff = user.is_superuser or (user.groups.exists() if taken or given else user.is_staff)
    if is_staff != user.is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])


def set_plan(user: User, provider: IdentityProvider, name: str) -> None:
    managed = {grant.plan for grant in provider.grants.values() if grant.plan}
    known = {plan.name: plan for plan in Plan.objects.filter(name__in=managed)}
    warn(provider, "plan", managed - known.keys())
    wanted = known.get(name)
    if wanted is None and user.plan is not None and user.plan.name in managed and not name:
        wanted = Plan.objects.default()
    if wanted is not None and wanted != (user.plan or Plan.objects.default()):
        staff_actions.put_on(user, wanted, by=provider.name)


def warn(provider: IdentityProvider, kind: str, names: set[str]) -> None:
    for name in sorted(names):
        logger.error(
            "OIDC_%s_GROUPS names the %s %r, which is not there: make it at the desk, or correct the name.",
            provider.id.upper(),
            kind,
            name,
        )
