"""All measurements in one run: python -m bench. One of them: python -m bench.engine, .way, .api and so on."""

import subprocess
import sys

PARTS = (
    ("engine",),
    ("matte",),
    ("erase", "--size"),
    ("brush",),
    ("finish",),
    ("scenes",),
    ("way",),
    ("flood",),
    ("burst",),
    ("idle",),
    ("api",),
    ("remote",),
    ("ledger", "--entries", "200000"),
    ("throughput", "--on", "sqlite"),
    ("throughput",),
)

for name, *options in PARTS:
    print(f"\n== {name} " + "=" * 60, flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=True)
