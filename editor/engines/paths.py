"""Paths of what the engines keep between runs; the environment decides, `var/` is the default."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def data() -> Path:
    """Return the studio's data folder: DATA_DIR, or `var` beside the code."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var")


def weights() -> Path:
    """Return the folder of the networks' files: WEIGHTS_DIR, or `weights` in the data folder."""
    return Path(os.environ.get("WEIGHTS_DIR") or data() / "weights")


def cache() -> Path:
    """Return the folder of what can be made again, such as compiled networks."""
    return Path(os.environ.get("CACHE_DIR") or data() / "cache")
