"""The studio's own settings, on folders that go away with the tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The weights are the real ones; all else is written to a folder of this run's own.
ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("WEIGHTS_DIR", str(Path(os.environ.get("DATA_DIR") or ROOT / "var") / "weights"))
os.environ.setdefault("TYPEFACE_DIR", str(Path(os.environ.get("DATA_DIR") or ROOT / "var") / "typeface"))
# Compiled networks are what set-up made: compiling them anew costs each process of the tests seconds.
os.environ.setdefault("CACHE_DIR", str(Path(os.environ.get("DATA_DIR") or ROOT / "var") / "cache"))
# No network is asked the same twice, by whichever process of this run: the tests' photos are few, and to look
# at one costs seconds. What is about the networks themselves is tested without. Studios begin as the first
# of this run was set up.
for name in ("ANSWERS_DIR", "PREPARED_DIR"):
    if name not in os.environ:
        os.environ[name] = tempfile.mkdtemp(prefix=f"studio-{name.partition('_')[0].lower()}-")
        atexit.register(shutil.rmtree, os.environ[name], ignore_errors=True)
# No lease is renewed from a thread, however slow the machine is: it would leave its connection to the
# database in memory open.
os.environ.setdefault("LEASE_SECONDS", "3600")
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="studio-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from picwish_site.settings import *  # noqa: E402, F403
from picwish_site.settings import STATIC_ROOT, STORAGES  # noqa: E402

# Empty, but there: the server's outermost layer looks into it as it starts.
STATIC_ROOT.mkdir()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need a collect run; the browser tests do one and serve the real thing.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
