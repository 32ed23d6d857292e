"""Who may sign in by their address already keeps that: what was confirmed by a letter, or made by an admin, is."""

from django.conf import settings
from django.db import migrations

BATCH = 1000


def note_addresses(apps, schema_editor):
    """Note each account's address. Where letters arrive, or sign-up is closed, nobody typed one in unproven."""
    users, notes = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    all_confirmed = settings.LETTERS_ARRIVE or not settings.SIGNUP_OPEN
    made = [
        notes(user_id=pk, email=email, primary=True, verified=all_confirmed or is_staff)
        for pk, email, is_staff in users.objects.values_list("pk", "email", "is_staff").order_by("pk")
    ]
    notes.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_part_of_a_reserve"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(note_addresses, migrations.RunPython.noop)]
