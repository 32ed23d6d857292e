
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_begin'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='given',
            field=models.BigIntegerField(default=0, help_text='What the plan gave for that month, in all.'),
        ),
    ]
