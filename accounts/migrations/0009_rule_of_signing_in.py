"""Of whom a second factor is asked: one row."""

from django.db import migrations, models


def make_row(apps, schema_editor):
    apps.get_model("accounts", "SignInRule").objects.create(pk=1)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_confirmed_addresses'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('second_factor', models.CharField(choices=[('nobody', 'Nobody: each as they like'), ('admins', "Everybody who may enter the admin's desk"), ('everybody', 'Everybody')], default='nobody', help_text='Who has none yet is led through adding one at their next sign-in.', max_length=9, verbose_name='a second factor is asked of')),
            ],
            options={
                'verbose_name': 'rule of signing in',
                'verbose_name_plural': 'rules of signing in',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_rule_of_signing_in')],
            },
        ),
        migrations.RunPython(make_row, migrations.RunPython.noop),
    ]
