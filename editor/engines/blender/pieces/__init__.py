"""The pieces of sets: each function here builds one word of scenes/vocabulary.py."""

import importlib
import pkgutil


def load() -> None:
    """Import every module of this package, which registers the pieces that it holds."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f".{module.name}", __package__)
