"""The plans and roles that a studio begins with; and for who is here already, an account each."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from accounts import initial_data


def begin(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    initial_data.make_rows(apps)
    users = apps.get_model("accounts", "User").objects
    unlimited = apps.get_model("accounts", "Plan").objects.filter(credits_per_month=None).first()
    users.filter(is_superuser=True, plan=None).update(plan=unlimited)
    accounts = apps.get_model("accounts", "Account").objects
    # With no month begun: upkeep begins this one within the hour, an order at once.
    accounts.bulk_create([accounts.model(user_id=pk) for pk in users.values_list("pk", flat=True)])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
