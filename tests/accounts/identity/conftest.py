"""A provider of identity, with Ann about to sign in."""

from collections.abc import Iterator
from typing import Any

import pytest

from .provider import Provider, named, serve

ANN = {"email": "Ann@Shop.example", "email_verified": True, "name": "Ann  Lee"}


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with serve(Provider()) as provider:
        yield provider


@pytest.fixture
def acme(served: Provider, settings: Any, db: None) -> Provider:
    """The provider as it is at first, with Ann about to sign in."""
    served.__dict__ |= vars(Provider(claims=dict(ANN), key=served.key, issuer=served.issuer))
    settings.IDENTITY_PROVIDERS = named(served)
    settings.SITE_URL = "http://testserver"
    return served
