"""What `manage.py check --deploy` says of providers of identity."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def check_issuers(**options: Any) -> list[CheckMessage]:
    """Warn of issuers on plain HTTP that may be beyond the operator's own network."""
    return [
        Warning(
            f"OIDC_{one.id.upper()}_ISSUER is on plain HTTP: who is on the way can change what it says.",
            hint="Use its https:// address, unless it is within your own network.",
            id="accounts.W001",
        )
        for one in settings.IDENTITY_PROVIDERS.values()
        if urlsplit(one.issuer).scheme == "http" and not is_near(urlsplit(one.issuer).hostname or "")
    ]


def is_near(host: str) -> bool:
    """Return whether a host is an address within one's own network, or this machine."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
