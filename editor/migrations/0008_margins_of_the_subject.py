"""Margins were shares of the subject's longer side; now options say of what. Old work says what it was."""

from django.db import migrations


def say_of_what(apps, schema_editor):
    tasks = apps.get_model("editor", "Task").objects.filter(tool__in=["cutout", "head"], params__margin__gt=0)
    for task in tasks.exclude(params__has_key="margin_of").iterator():
        task.params["margin_of"] = "subject"
        task.save(update_fields=["params"])


class Migration(migrations.Migration):
    dependencies = [("editor", "0007_providers")]

    operations = [migrations.RunPython(say_of_what, migrations.RunPython.noop)]
