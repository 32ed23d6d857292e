"""What holds for every address that programs call, before anything looks at the call.

Programs write addresses as it comes (a base that ends in a slash gives //api/…), some run in a browser on
somebody else's page, and none can read a page that tells of an error. So this stands before the cap on
bodies and before the short way of polls: what they answer is for all of these too.
"""

import logging
import re
from collections.abc import Collection, MutableMapping
from typing import Any
from urllib.parse import quote

from web import api_errors
from web.asgi import App, Receive, Scope, Send

logger = logging.getLogger(__name__)

# Opened by an address of our making, which lasts an hour, instead of a key.
RESULTS = "/results/signed/"
SLASHES = re.compile("/{2,}")

METHODS = "GET, HEAD, POST"
# What a page may read of an answer beside its body, besides what its family says.
EXPOSED = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Retry-After",
    "X-Image-Height",
    "X-Image-Width",
    "X-Processing-Time-Ms",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
    "X-Task-ID",
)
IN_THE_CLEAR = "Calls are taken at %s alone. Change the client's address; this key was sent unprotected."
REMEMBERED = 7200  # seconds; no browser keeps a preflight's answer for longer
ANY = "*"


class Programs:
    """ASGI app that stands around all others for what programs call, and leaves the rest alone.

    origins: those of other sites whose pages may call ("https://shop.example"), or "*". No cookie is ever
    taken from there: a key opens the API, and a page has none but its own. site: the address that orders sent
    in the clear are led to, "" where they are taken.
    """

    def __init__(self, app: App, *, origins: Collection[str] = (), site: str = "") -> None:
        self.app, self.origins, self.site = app, frozenset(origins), site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = SLASHES.sub("/", scope["path"]) if scope["type"] == "http" else ""
        if not (api_errors.to_program(path) or path.startswith((api_errors.REFERENCE, RESULTS))):
            await self.app(scope, receive, send)
            return
        if path != scope["path"]:
            scope = {**scope, "path": path, "raw_path": re.sub(b"/{2,}", b"/", scope.get("raw_path") or b"")}
        answering = Answering(send, self.told(scope))
        if self.is_preflight(scope):
            await answering.whole(204, [])
            return
        if self.is_in_the_clear(scope):
            query = scope.get("query_string", b"")
            whole = self.site.encode() + quote(path).encode() + (b"?" + query if query else b"")
            await answering.refuse(path, 308, IN_THE_CLEAR % self.site, [(b"location", whole)])
            return
        try:
            await self.app(scope, receive, answering)
        except Exception:
            logger.exception("A program's call failed")
            if answering.has_begun:
                raise
            await answering.refuse(path, 500, api_errors.BROKEN)

    def is_in_the_clear(self, scope: Scope) -> bool:
        """Whether an order came without TLS. The redirect that all else gets makes a GET of it.

        What a proxy says of it is left to Django, which knows whether to believe that.
        """
        if not self.site or scope["scheme"] != "http" or scope["method"] in ("GET", "HEAD"):
            return False
        return read_header(scope, b"x-forwarded-proto") != "https"

    def is_preflight(self, scope: Scope) -> bool:
        """Whether a browser asks if it may call, for a page that may."""
        asked = scope["method"] == "OPTIONS" and read_header(scope, b"access-control-request-method")
        return bool(asked and self.allowed(scope))

    def allowed(self, scope: Scope) -> str:
        """Return the origin that may read the answer, "" for none."""
        if ANY in self.origins:
            return ANY
        origin = read_header(scope, b"origin")
        return origin if origin.lower() in self.origins else ""

    def told(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Return the headers that say who may read the answer."""
        told = []
        if self.origins and ANY not in self.origins:
            # Also where nobody is let in: what is kept for one page must not be given to another.
            told.append(("vary", "Origin"))
        origin = self.allowed(scope)
        if origin:
            family = api_errors.find_family(scope["path"])
            exposed = ", ".join(EXPOSED + (family.exposed if family else ()))
            told += [("access-control-allow-origin", origin), ("access-control-expose-headers", exposed)]
        if self.is_preflight(scope):
            wanted = read_header(scope, b"access-control-request-headers")
            told += [
                ("access-control-allow-methods", METHODS),
                # A client's own headers do no harm: what counts is the key.
                ("access-control-allow-headers", wanted or "X-API-KEY"),
                ("access-control-max-age", str(REMEMBERED)),
                ("vary", "Access-Control-Request-Headers"),
            ]
        return [(name.encode(), text.encode("latin-1")) for name, text in told]


def read_header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for found, value in scope["headers"] if found == name), "")


class Answering:
    """A send that adds headers to the answer that it passes on."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self.send, self.headers, self.has_begun = send, headers, False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            message = {**message, "headers": [*message.get("headers", ()), *self.headers]}
        await self.send(message)

    async def refuse(
        self, path: str, status: int, sentence: str, more: Collection[tuple[bytes, bytes]] = ()
    ) -> None:
        """Answer that a call is refused, in the words of its address."""
        status, told, body = api_errors.refusal(path, status, sentence)
        headers = [(name.lower().encode(), text.encode()) for name, text in told.items()]
        await self.whole(status, [*headers, *more, (b"content-length", str(len(body)).encode())], body)

    async def whole(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
        """Answer by itself."""
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})
