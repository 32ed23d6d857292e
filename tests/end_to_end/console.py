"""A studio's management commands in one process: to start one for each takes a second of work and more.

Run as a program with the studio's settings. A line of JSON in has a command's words; one out has what it
printed, and the traceback if it failed.
"""

import json
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO

import django
from django.core.management import call_command
from django.db import connections


def main() -> None:
    django.setup()
    for line in sys.stdin:
        printed, failed = StringIO(), ""
        with redirect_stdout(printed):
            try:
                call_command(*json.loads(line))
            except Exception:  # noqa: BLE001  (told to who asked)
                failed = traceback.format_exc()
        connections.close_all()
        sys.stdout.write(json.dumps([printed.getvalue(), failed]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
