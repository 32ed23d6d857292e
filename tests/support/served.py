"""The studio as its server sees it, outermost layer first, without a server."""

from typing import Any

import httpx
from asgiref.sync import async_to_sync

from picwish_site.asgi import limited
from picwish_site.server.api_gate import Programs


def call(
    method: str, path: str, *, origins: tuple[str, ...] = (), site: str = "", **options: Any
) -> httpx.Response:
    """Return what the server would be given to send."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=Programs(limited, origins=origins, site=site))
        async with httpx.AsyncClient(transport=transport) as client:
            # Joined by hand: httpx would tidy an address up.
            return await client.request(method, f"http://127.0.0.1:8000{path}", **options)

    return async_to_sync(asked)()
