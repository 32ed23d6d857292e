"""Dependency wiring: settings become providers, once per process; nobody else hands settings to them."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from .providers.contract import Connection, ImagingEngine, RemoteProvider, Watch
from .providers.http_service import Patience
from .services import SERVICES
from .tools import QUICK, RENDER

# Imaging stands back for the pages, and renders stand back for cutouts.
QUICK_NICE, RENDER_NICE = 3, 10


@cache
def get_engine(name: str, queue: str = QUICK) -> ImagingEngine:
    """Return this process's imaging engine of that name. Imports it only now: the web process never does."""
    if name != "local":
        raise LookupError(f"There is no engine named {name!r}.")
    from .providers.local import LocalEngine

    return LocalEngine(
        memory_mb=settings.IMAGING_MEMORY_MB,
        environment=engine_environment(),
        nice=RENDER_NICE if queue == RENDER else QUICK_NICE,
    )


_remotes: dict[str, tuple[Connection, RemoteProvider]] = {}


def get_remote(connection: Connection) -> RemoteProvider:
    """Return this process's client of a service, a new one where it is reached otherwise than before."""
    known = _remotes.get(connection.name)
    if known is not None and known[0] == connection:
        return known[1]
    if known is not None:
        known[1].close()
    made = make_remote(connection)
    _remotes[connection.name] = connection, made
    return made


def make_remote(connection: Connection, patience: Patience | None = None) -> RemoteProvider:
    """Return a client of a service that nobody else uses. patience: None for the service's own."""
    kind: Callable[..., RemoteProvider] = import_string(SERVICES[connection.name].client)
    return kind(connection.base_url, connection.key, allowed=settings.FETCH_ALLOW, patience=patience)


def fetch(url: str, path: Path, seconds: float, watch: Watch) -> None:
    """Fetch what is behind a stranger's address into a file, guarded. Raises ProviderError."""
    from .providers import fetch as fetching

    limit = min(seconds, settings.FETCH_SECONDS)
    fetching.fetch(
        url,
        path,
        max_bytes=settings.FETCH_MAX_BYTES,
        seconds=limit,
        watch=watch,
        allowed=settings.FETCH_ALLOW,
    )


def engine_environment() -> dict[str, str]:
    """Return the variables that tell an engine's process where this studio keeps things."""
    return {
        "WEIGHTS_DIR": str(settings.WEIGHTS_DIR),
        "DATA_DIR": str(settings.DATA_DIR),
        # All workers of this data folder have their networks in one process.
        "NETWORKS_FOLDER": str(Path(os.environ.get("CACHE_DIR") or settings.DATA_DIR / "cache") / "networks"),
    }
