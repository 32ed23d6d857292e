"""Of what was reserved a part can be spent, and the rest comes back with the same entry."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q

# SQLite makes the table anew to change a constraint, and its triggers go with the old one.
append_only = import_module("accounts.migrations.0004_append_only")

CONDITION = Q(amount__gte=1) & (
    Q(kind="grant", effect=F("amount"))
    | Q(kind="reserve", effect__in=[0, -F("amount")])
    | Q(kind="settle", effect__gte=0)
    | Q(kind="return", effect__in=[0, F("amount")])
    | Q(kind="correct", effect__in=[-F("amount"), F("amount")])
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_given")]

    operations = [
        migrations.RunPython(append_only.allow, append_only.refuse),
        migrations.RemoveConstraint(model_name="creditentry", name="effect_follows_kind"),
        migrations.AddConstraint(
            model_name="creditentry",
            constraint=models.CheckConstraint(condition=CONDITION, name="effect_follows_kind"),
        ),
        migrations.RunPython(append_only.refuse, append_only.allow),
    ]
