
import accounts.models.plan
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_apikey'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'permissions': [('put_on_plan', 'Can put a user on a plan'), ('suspend_user', 'Can suspend, reactivate and sign out a user')]},
        ),
        migrations.AddField(
            model_name='user',
            name='signed_out_times',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('balance', models.BigIntegerField(default=0)),
                ('from_plan', models.BigIntegerField(default=0)),
                ('month', models.CharField(blank=True, help_text='The last one begun, such as "2026-11".', max_length=7)),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='account', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('by', models.CharField(help_text='Their address then, or the command that was run.', max_length=254)),
                ('action', models.CharField(max_length=60)),
                ('kind', models.CharField(blank=True, max_length=60, verbose_name='of what kind')),
                ('target_id', models.CharField(blank=True, max_length=64)),
                ('target', models.CharField(blank=True, max_length=254)),
                ('details', models.TextField(blank=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit log',
            },
        ),
        migrations.CreateModel(
            name='CreditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('grant', 'Granted'), ('reserve', 'Reserved'), ('settle', 'Spent'), ('return', 'Returned'), ('correct', 'Corrected')], max_length=7)),
                ('amount', models.PositiveIntegerField(help_text='Credits that the entry is about.')),
                ('effect', models.IntegerField(help_text='What it adds to the balance; 0 where the plan has no limit.')),
                ('plan_effect', models.IntegerField(default=0, help_text="What it adds to the balance's part of the plan.")),
                ('month', models.CharField(blank=True, help_text="Of the plan's grant that began it.", max_length=7)),
                ('task_id', models.UUIDField(blank=True, null=True, verbose_name='task')),
                ('tool', models.CharField(blank=True, max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='accounts.account')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'credit entry',
                'verbose_name_plural': 'ledger',
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(error_messages={'unique': 'There is a plan of this name.'}, max_length=60, unique=True)),
                ('credits_per_month', models.PositiveIntegerField(blank=True, help_text='Empty: no limit.', null=True)),
                ('leftover', models.CharField(choices=[('lapse', 'They lapse'), ('carry', 'They carry over')], default='lapse', help_text="At the month's end. Credits that were granted on top always stay.", max_length=5, verbose_name='what is left over')),
                ('carry_most', models.PositiveIntegerField(blank=True, help_text='Where they carry over. Empty: no limit.', null=True, verbose_name='carry over at most')),
                ('requests_per_second', models.PositiveSmallIntegerField(default=2, help_text='By each API key.', validators=[django.core.validators.MinValueValidator(1)])),
                ('most_photos', models.PositiveIntegerField(blank=True, help_text='Empty: no limit.', null=True, verbose_name='most photos stored')),
                ('most_bytes', models.PositiveBigIntegerField(blank=True, help_text='Photos and results together. Empty: no limit.', null=True, verbose_name='most bytes stored')),
                ('most_at_once', models.PositiveSmallIntegerField(blank=True, help_text='Waiting or under way. Empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='most tasks at once')),
                ('tools', models.JSONField(default=accounts.models.plan.all_tools, validators=[accounts.models.plan.validate_tools])),
                ('is_default', models.BooleanField(default=False, help_text='For new accounts, and for everybody who was given no plan.', verbose_name='default')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='one_default_plan'), models.CheckConstraint(condition=models.Q(('requests_per_second__gte', 1)), name='plan_lets_requests_through')],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='plan',
            field=models.ForeignKey(blank=True, help_text='Empty: the default plan.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.plan'),
        ),
        migrations.CreateModel(
            name='PlanException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('credits_per_month', models.PositiveIntegerField(blank=True, help_text='Empty: as the plan says.', null=True)),
                ('requests_per_second', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the plan says.', null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('most_photos', models.PositiveIntegerField(blank=True, help_text='Empty: as the plan says.', null=True, verbose_name='most photos stored')),
                ('most_bytes', models.PositiveBigIntegerField(blank=True, help_text='Empty: as the plan says.', null=True, verbose_name='most bytes stored')),
                ('most_at_once', models.PositiveSmallIntegerField(blank=True, help_text='Empty: as the plan says.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='most tasks at once')),
                ('tools', models.JSONField(blank=True, help_text='Empty: as the plan says.', null=True, validators=[accounts.models.plan.validate_tools])),
                ('reason', models.CharField(max_length=200)),
                ('ends_at', models.DateTimeField(help_text='From then on the plan holds again.', verbose_name='ends')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exceptions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'exception',
            },
        ),
        migrations.CreateModel(
            name='Usage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text="By the studio's clock.")),
                ('tool', models.CharField(blank=True, max_length=10)),
                ('credits', models.PositiveBigIntegerField(default=0)),
                ('tasks', models.PositiveBigIntegerField(default=0)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='usage', to='accounts.account')),
            ],
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='balance_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('from_plan__gte', 0), ('from_plan__lte', models.F('balance'))), name='what_is_from_the_plan_is_part_of_the_balance'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['kind', 'target_id'], name='audit_target'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['account', '-id'], name='entry_account_newest'),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(condition=models.Q(('task_id', None)), fields=['account', '-id'], name='entry_account_granted'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.UniqueConstraint(condition=models.Q(('task_id__isnull', False)), fields=('task_id', 'kind'), name='once_per_task_and_kind'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['settle', 'return'])), fields=('task_id',), name='one_end_per_task'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.UniqueConstraint(condition=models.Q(('month', ''), _negated=True), fields=('account', 'month'), name='one_grant_of_the_plan_per_month'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 1), models.Q(models.Q(('effect', models.F('amount')), ('kind', 'grant')), models.Q(('effect__in', [0, django.db.models.expressions.CombinedExpression(models.F('amount'), '*', models.Value(-1))]), ('kind', 'reserve')), models.Q(('effect', 0), ('kind', 'settle')), models.Q(('effect__in', [0, models.F('amount')]), ('kind', 'return')), models.Q(('effect__in', [django.db.models.expressions.CombinedExpression(models.F('amount'), '*', models.Value(-1)), models.F('amount')]), ('kind', 'correct')), _connector='OR')), name='effect_follows_kind'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['grant', 'correct']), ('task_id', None)), models.Q(('kind__in', ['reserve', 'settle', 'return']), ('task_id__isnull', False)), _connector='OR'), name='work_has_a_task'),
        ),
        migrations.AddIndex(
            model_name='planexception',
            index=models.Index(fields=['user', 'ends_at'], name='exception_of_user_until'),
        ),
        migrations.AddIndex(
            model_name='usage',
            index=models.Index(fields=['day'], name='usage_day'),
        ),
        migrations.AddConstraint(
            model_name='usage',
            constraint=models.UniqueConstraint(fields=('account', 'day', 'tool'), name='one_usage_per_day_and_tool'),
        ),
    ]
