"""Run in Blender's place: complains in C, on stdout's descriptor, while it loads and while it works."""

import ctypes
import sys
import types
from collections.abc import Callable
from typing import Any


def complain(words: bytes) -> None:
    libc = ctypes.CDLL(None)
    libc.puts(words)
    libc.fflush(None)


def run_job(job: dict[str, Any], told: Callable[[dict[str, Any]], None]) -> None:
    told({"share": 0.5})
    complain(b'{"share": 0.9}')
    told({"done": 1})


complain(b"Error: Not freed memory blocks: 2, total unfreed memory 0.000015 MB")
sys.modules["bpy"] = types.ModuleType("bpy")

from editor.engines import blender  # noqa: E402
from editor.engines.blender.__main__ import main  # noqa: E402

blender.render_job = types.ModuleType("render_job")  # type: ignore[attr-defined]
blender.render_job.run_job = run_job  # type: ignore[attr-defined]
sys.exit(main())
