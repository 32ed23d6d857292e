"""Settings → providers, built once per process. The only module that hands settings to them."""

from functools import cache
from pathlib import Path

from django.conf import settings

from .providers.contract import Provider, Watch

# Imaging stands back for the pages, and renders stand back for cutouts.
QUICK_NICE, RENDER_NICE = 3, 10


@cache
def provider(name: str, queue: str = "quick") -> Provider:
    """Return this process's provider of that name. Imports it only now: the web process never does."""
    if name != "local":
        raise LookupError(f"There is no provider named {name!r}.")
    from .providers.local import LocalProvider

    return LocalProvider(
        memory_mb=settings.IMAGING_MEMORY_MB,
        environment=engine_environment(),
        nice=RENDER_NICE if queue == "render" else QUICK_NICE,
    )


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
