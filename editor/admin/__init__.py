"""The studio's rows at the admin's desk: they are read there, and what is done to them is recorded."""

from . import markets, providers, rows

__all__ = ["markets", "providers", "rows"]
