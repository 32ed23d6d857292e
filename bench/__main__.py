"""All measurements in one run: python -m bench. One of them: python -m bench.engine, .way, .api and so on."""

import subprocess
import sys

for name, *options in (("engine",), ("erase", "--size"), ("way",), ("flood",), ("api",)):
    print(f"\n== {name} " + "=" * 60, flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=True)
