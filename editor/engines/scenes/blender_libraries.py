"""What Blender needs of the system beside its own package, which a machine without a screen may lack.

    python -m editor.engines.scenes.blender_libraries

says in a sentence what is missing and how to get it, and nothing where Blender is not installed.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from importlib.util import find_spec

NEEDED = (
    "libGL.so.1",
    "libICE.so.6",
    "libSM.so.6",
    "libX11.so.6",
    "libXext.so.6",
    "libXfixes.so.3",
    "libXi.so.6",
    "libXrender.so.1",
    "libxkbcommon.so.0",
)
"""As `ldd` names them for bpy 5.2 on Linux."""

REMEDY = (
    "sudo apt install libgl1 libsm6 libxfixes3 libxi6 libxkbcommon0 libxrender1 (Debian, Ubuntu), or "
    "sudo dnf install mesa-libGL libSM libXfixes libXi libxkbcommon libXrender (Fedora)"
)


def find_missing(names: Iterable[str] = NEEDED) -> list[str]:
    """Return which of these libraries the system cannot load."""
    lacking = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            lacking.append(name)
    return lacking


def describe_missing(lacking: list[str]) -> str:
    """Return what a person is told of missing libraries; "" where there are none."""
    if not lacking:
        return ""
    return f"Scenes will fail: Blender needs {', '.join(lacking)} of the system. Get them with: {REMEDY}."


if __name__ == "__main__":
    if (
        sys.platform == "linux"
        and find_spec("bpy") is not None
        and (sentence := describe_missing(find_missing()))
    ):
        sys.stdout.write(f"{sentence}\n")
