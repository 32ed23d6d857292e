"""Rows as a command's arguments name them, or a sentence that says what there is."""

from django.core.management.base import CommandError

from accounts.models import Plan, User, normalize_email


def find_person(email: str) -> User:
    """Return the person with this address. Raises CommandError."""
    person = User.objects.select_related("plan").filter(email=normalize_email(email)).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}. Create an account: manage.py createuser {email}")
    return person


def find_plan(name: str) -> Plan:
    """Return the plan of this name, in whatever capitals. Raises CommandError."""
    plan = Plan.objects.filter(name__iexact=name.strip()).first()
    if plan is None:
        names = ", ".join(Plan.objects.values_list("name", flat=True))
        raise CommandError(f"There is no plan named {name!r}. There are: {names}.")
    return plan
