"""What every studio begins with: two plans, and three roles of staff.

The migration makes the rows, once: an admin who renames or deletes one keeps what they did. The rights
of a role are given once Django has made its permissions, which is after all migrations; a role that
has rights already is left as its admin set it.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import connection
from django.db.models import Q

STANDARD = {
    "name": "Standard",
    "credits_per_month": 500,
    "most_bytes": 20_000_000_000,
    "is_default": True,
}
UNLIMITED = {"name": "Unlimited", "credits_per_month": None, "requests_per_second": 20}

# What each role may, as app.permission. A retry or cancel of somebody's task asks for change_task.
SEES = [
    "accounts.view_user",
    "accounts.view_plan",
    "accounts.view_planexception",
    "accounts.view_creditentry",
    "accounts.view_apikey",
    "editor.view_photo",
    "editor.view_task",
    "editor.view_result",
    "editor.view_scene",
]
GRANTS = [
    "accounts.add_creditentry",
    "accounts.add_plan",
    "accounts.change_plan",
    "accounts.delete_plan",
    "accounts.put_on_plan",
    "accounts.add_planexception",
    "accounts.change_planexception",
    "accounts.delete_planexception",
]
RUNS = [
    "accounts.add_user",
    "accounts.change_user",
    "accounts.delete_user",
    "accounts.suspend_user",
    "accounts.change_apikey",
    "accounts.view_auditentry",
    "accounts.add_invitation",
    "accounts.view_invitation",
    "accounts.delete_invitation",
    "accounts.view_signinrule",
    "accounts.change_signinrule",
    "editor.change_scene",
    "editor.view_provider",
    "editor.change_provider",
    "editor.view_route",
    "editor.change_route",
    "editor.delete_photo",
    "editor.delete_result",
]
ROLES = {
    "Support": [*SEES, "editor.change_task"],
    "Quota manager": [*SEES, *GRANTS],
    "Administrator": [*SEES, "editor.change_task", *GRANTS, *RUNS],
}


def make_rows(apps: Apps) -> None:
    """Make the plans and the roles, where there is nothing of the kind."""
    plans = apps.get_model("accounts", "Plan").objects
    if not plans.exists():
        plans.create(**STANDARD)
        plans.create(**UNLIMITED)
    groups = apps.get_model("auth", "Group").objects
    if not groups.exists():
        for name in ROLES:
            groups.create(name=name)


def make_rule(apps: Apps) -> None:
    """Make the row of the rule of signing in, where its table is there: all migrations need not have run."""
    rules = apps.get_model("accounts", "SignInRule")
    if rules._meta.db_table in connection.introspection.table_names():
        rules.objects.get_or_create(pk=1)


def give_rights(apps: Apps) -> None:
    """Give each role that has no rights yet those of its name, once all of them exist.

    Django makes permissions app by app, and calls this after each.
    """
    permissions = apps.get_model("auth", "Permission").objects
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES, permissions=None):
        wanted = Q()
        for right in ROLES[group.name]:
            app, _, codename = right.partition(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        found = list(permissions.filter(wanted))
        if len(found) == len(ROLES[group.name]):
            group.permissions.set(found)


def begin(**signal: Any) -> None:
    """After `migrate` and `flush`: a database that was emptied begins anew."""
    from django.apps import apps

    make_rows(apps)
    if signal.get("sender") is apps.get_app_config("accounts"):
        make_rule(apps)
    give_rights(apps)
