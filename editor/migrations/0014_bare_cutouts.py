"""Cutouts that nothing was done to but the cutting out are bare: a finish makes pictures of them from now on.

What was framed, laid on a ground, made smaller or written as anything but a PNG stays the picture that it is.
"""

from django.db import migrations

AT_ONCE = 500


def is_bare(params):
    framed = params.get("crop") or params.get("square") or params.get("background")
    whole = params.get("size", "full") == "full" and params.get("format", "png") == "png"
    return whole and not framed and params.get("outputs", "image") in ("image", "both")


def mark_bare(apps, schema_editor):
    results = apps.get_model("editor", "Result").objects.filter(
        tool="cutout",
        kind="image",
        format="png",
        task__backdrop=None,
        task__api_key=None,
        task__expires_at=None,
    )
    rows = results.values_list("pk", "task__params").order_by("pk").iterator()
    bare = [pk for pk, params in rows if is_bare(params)]
    for first in range(0, len(bare), AT_ONCE):
        results.filter(pk__in=bare[first : first + AT_ONCE]).update(bare=True)


class Migration(migrations.Migration):
    dependencies = [("editor", "0013_finishes")]

    operations = [migrations.RunPython(mark_bare, migrations.RunPython.noop)]
