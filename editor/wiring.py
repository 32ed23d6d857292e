"""Settings → providers, built once per process. The only module that hands settings to them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings

from .providers.contract import Provider, Watch
from .providers.http_service import Patience
from .providers.remote_engine import Remote
from .remote.routing import Connection
from .tools import QUICK, RENDER

# Imaging stands back for the pages, and renders stand back for cutouts.
QUICK_NICE, RENDER_NICE = 3, 10


@cache
def provider(name: str, queue: str = QUICK) -> Provider:
    """Return this process's provider of that name. Imports it only now: the web process never does."""
    if name != "local":
        raise LookupError(f"There is no provider named {name!r}.")
    from .providers.local import LocalProvider

    return LocalProvider(
        memory_mb=settings.IMAGING_MEMORY_MB,
        environment=engine_environment(),
        nice=RENDER_NICE if queue == RENDER else QUICK_NICE,
    )


_remotes: dict[str, tuple[Connection, Remote]] = {}


def remote(connection: Connection) -> Remote:
    """Return this process's client of a service, a new one where it is reached otherwise than before."""
    known = _remotes.get(connection.name)
    if known is not None and known[0] == connection:
        return known[1]
    if known is not None:
        known[1].close()
    made = remote_of(connection)
    _remotes[connection.name] = connection, made
    return made


def remote_of(connection: Connection, patience: Patience | None = None) -> Remote:
    """Return a client of a service that nobody else uses. patience: None for the service's own."""
    from .providers.picwish import PicWish
    from .providers.removebackground import RemoveBackground

    kinds: dict[str, Callable[..., Remote]] = {"picwish": PicWish, "removebackground": RemoveBackground}
    kind, allowed = kinds[connection.name], settings.FETCH_ALLOW
    return kind(connection.base_url, connection.key, allowed=allowed, patience=patience)


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
    }
