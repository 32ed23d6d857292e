#!/usr/bin/env bash
# django-tasks-db hands out what was put off before everything that waited all along, at the same priority.
#
# One would guess that tasks of one priority are taken in the order in which they came, and that one with run_after joins
# the others once its time has come. The database's queue sorts by run_after before it sorts by when a task was enqueued, and
# a time comes before none. So as soon as it is due, a task that was put off by a moment overtakes every task that
# was never put off, however long that has waited; a task that is retried a second later goes to the very front. With
# steady retries the oldest orders wait for ever.
#
# Prints versions and the order seen; ends with an error as soon as that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}
"$python" -m pip install --quiet --disable-pip-version-check --target "$folder" django==6.1 django-tasks-db==0.13.0
cat > "$folder/jobs.py" <<'PYTHON'
from django.tasks import task


@task
def job(name):
    pass
PYTHON
cat > "$folder/ask.py" <<'PYTHON'
import sys
import time
from datetime import timedelta
from importlib.metadata import version

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=["django_tasks_db"],
    TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from jobs import job

print("Django", django.__version__, "django-tasks-db", version("django-tasks-db"))
call_command("migrate", verbosity=0)
job.enqueue("first")
job.enqueue("second")
job.using(run_after=timezone.now() + timedelta(seconds=0.3)).enqueue("put off by a moment")
job.enqueue("fourth")
before = [row.args_kwargs["args"][0] for row in DBTaskResult.objects.ready()]
time.sleep(0.5)
after = [row.args_kwargs["args"][0] for row in DBTaskResult.objects.ready()]
print("at once:", before)
print("half a second later:", after)
assert before == ["first", "second", "fourth"], "the others no longer come in their order"
assert after == ["put off by a moment", "first", "second", "fourth"], "it no longer goes first"
print("As it was found.")
PYTHON
PYTHONPATH=$folder "$python" "$folder/ask.py" "$folder/queue.sqlite3"
