"""Which addresses the studio may reach for a stranger, and a way there that nobody can bend.

A stranger's address (a picture to fetch, a callback) must not lead into the operator's own network.
So the name is resolved once, every address that it has is judged, and the connection goes to one of
those very addresses: a name that resolves to another one a moment later gains nothing by it.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from typing import Any

import httpx

from editor.states import State

from .errors import ProviderError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., list[Any]]
"""socket.getaddrinfo, or what stands in for it."""

LONGEST = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}
# Mail, remote shells and the like speak no HTTP, but can be talked into something by it.
LOWEST_FREE_PORT = 1024
# Networks whose addresses carry an IPv4 address that a gateway would go on to.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
# Special by the registries of IANA, but not yet to every Python's ipaddress.
SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "3fff::/20", "5f00::/16")
)


class NotReached(ProviderError):
    """Nothing answered there, or not as it should. Another try may end better."""

    state = State.NOT_FETCHED


class Forbidden(NotReached):
    """The studio does not go there for a stranger."""

    retry_helps = False


def check_url(text: str) -> httpx.URL:
    """Return a stranger's address, if it is one of the web. Raises ValueError saying what is wrong."""
    if len(text) > LONGEST:
        raise ValueError(f"The address is longer than {LONGEST} characters.")
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("The address has spaces or control characters in it. Encode them.")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as exc:
        raise ValueError("This is not an address. Use one such as https://example.com/photo.jpg.") from exc
    if url.scheme not in DEFAULT_PORTS:
        raise ValueError("Only addresses that begin with http:// or https:// are taken.")
    if not url.host:
        raise ValueError("The address names no host. Use one such as https://example.com/photo.jpg.")
    if url.userinfo:
        raise ValueError("The address has a user name or password in it. Use one without.")
    return url


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open Internet, and so do those that it carries inside."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return False
        teredo = address.teredo
        inner = [address.ipv4_mapped, address.sixtofour, *(teredo or ())]
        if address in NAT64 or address in IPV4_COMPATIBLE:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        carried = [one for one in inner if one is not None]
        if not all(is_public(one) for one in carried):
            return False
        if address.ipv4_mapped is not None or address in NAT64:
            return True  # what counts was judged
    if any(address in network for network in SPECIAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolve_public(
    host: str, port: int, *, allowed: Collection[str] = (), resolve: Resolve | None = None
) -> list[str]:
    """Return the addresses that a host has, every one of them judged; the odd spellings of numbers too.

    allowed: "address:port" of our own that may be reached all the same, or "host:port" whatever addresses
    that host has. Raises NotReached, Forbidden.
    """
    trusted = f"{host}:{port}" in allowed
    if not trusted and port < LOWEST_FREE_PORT and port not in DEFAULT_PORTS.values():
        raise Forbidden(f"Port {port} is not one that pictures come from.")
    try:
        found = (resolve or socket.getaddrinfo)(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise NotReached(f"The name {host[:100]} leads nowhere. Check the address.") from exc
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in addresses:
        if not trusted and f"{text}:{port}" not in allowed and not is_public(ipaddress.ip_address(text)):
            raise Forbidden("This address is not on the open Internet. Use one that anybody can reach.")
    if not addresses:
        raise NotReached(f"The name {host[:100]} leads nowhere. Check the address.")
    return addresses


class GuardedTransport(httpx.BaseTransport):
    """Sends requests to judged addresses alone, each over a connection of its own.

    allowed and resolve: see resolve_public. inner: what carries the requests, for tests.
    A connection is never kept: a second name on the same address would share the first one's.
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        resolve: Resolve | None = None,
        inner: httpx.BaseTransport | None = None,
    ) -> None:
        self.allowed, self.resolve = allowed, resolve
        self.inner = inner or httpx.HTTPTransport(
            trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            url = check_url(str(request.url))
        except ValueError as exc:
            raise Forbidden(str(exc)) from exc
        host = url.raw_host.decode("ascii")
        port = url.port or DEFAULT_PORTS[url.scheme]
        addresses = resolve_public(host, port, allowed=self.allowed, resolve=self.resolve)
        # Its name is still what the other side is asked for, and what its certificate must be for.
        extensions = request.extensions | {"sni_hostname": host}
        for number, address in enumerate(addresses, 1):
            try:
                return self.inner.handle_request(
                    httpx.Request(
                        request.method,
                        url.copy_with(host=address),
                        headers=request.headers,
                        stream=request.stream,
                        extensions=extensions,
                    )
                )
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise AssertionError("resolve_public returns at least one")

    def close(self) -> None:
        self.inner.close()


def make_guarded_client(
    *, allowed: Collection[str] = (), timeout: httpx.Timeout, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """Return a client that reaches the open Internet alone, follows nothing by itself and keeps nothing."""
    return httpx.Client(
        transport=transport or GuardedTransport(allowed=allowed),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Sweep", "Accept-Encoding": "identity"},
    )
