"""Twenty who want to call at once, in two processes on one database: run as a program by test_circuit.py.

Prints the moments that they were given, in order, as one line of JSON.
"""

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "picwish_site.settings"
os.environ["DATA_DIR"] = sys.argv[1]
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from editor.remote import circuit  # noqa: E402

THREADS = 10


def take(moments: list[float]) -> None:
    slot = circuit.take_slot("picwish", timedelta(minutes=1))
    moments.append(slot.at.timestamp())
    connection.close()


def taken() -> list[float]:
    moments: list[float] = []
    threads = [threading.Thread(target=take, args=[moments]) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return moments


if sys.argv[2:] == ["second"]:
    sys.stdout.write(json.dumps(taken()))
else:
    call_command("migrate", verbosity=0)
    second = [sys.executable, "-m", "tests.remote.slots", sys.argv[1], "second"]
    with subprocess.Popen(second, stdout=subprocess.PIPE) as other:
        own = taken()
        assert other.stdout is not None
        sys.stdout.write(json.dumps(sorted(own + json.loads(other.stdout.read()))))
