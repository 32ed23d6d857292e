"""The pieces of sets: each function here builds one word of the scenes' vocabulary.

A module holds words that are built alike; adding one needs no other change, as all of them are imported.
"""

import importlib
import pkgutil


def load_pieces() -> None:
    """Import every module of this package, which registers the pieces that it holds."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f".{module.name}", __package__)
