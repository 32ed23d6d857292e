"""Providers of identity as the environment names them, and addresses as an upgrade finds them."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from accounts.identity import addresses
from accounts.identity.checks import check_issuers
from accounts.models import User
from web.identity import Grant, identity_providers

NEEDED = {
    "OIDC_ACME_ISSUER": "https://id.acme.example/",
    "OIDC_ACME_CLIENT_ID": "studio",
    "OIDC_ACME_SECRET": "hush",
}


def read(ids: list[str], **variables: str) -> Any:
    said = {**NEEDED, **variables}
    return identity_providers(ids, said.get, lambda name, default: said.get(name, default) in (True, "true"))


def test_a_provider_is_as_it_is_named() -> None:
    groups = '{"all": {"plan": "Standard"}, "cn=bosses,dc=acme": {"role": "Administrator"}}'
    acme = read(["acme", " "], OIDC_ACME_NAME="Acme Ltd", OIDC_ACME_GROUPS=groups)["acme"]
    assert (acme.name, acme.issuer, acme.scopes) == (
        "Acme Ltd",
        NEEDED["OIDC_ACME_ISSUER"],
        ("openid", "email", "profile"),
    )
    assert list(acme.grants.items()) == [
        ("all", Grant(plan="Standard")),
        ("cn=bosses,dc=acme", Grant(role="Administrator")),
    ]
    assert "hush" not in repr(acme)
    assert read([]) == {}


@pytest.mark.parametrize(
    ("ids", "variables", "named"),
    [
        (["Acme!"], {}, "OIDC_PROVIDERS"),
        (["other"], {}, "OIDC_OTHER_ISSUER, OIDC_OTHER_CLIENT_ID, OIDC_OTHER_SECRET"),
        (["acme"], {"OIDC_ACME_ISSUER": "id.acme.example"}, "OIDC_ACME_ISSUER"),
        (["acme"], {"OIDC_ACME_SCOPES": "email"}, "OIDC_ACME_SCOPES"),
        (["acme"], {"OIDC_ACME_GROUPS": "bosses"}, "OIDC_ACME_GROUPS"),
        (["acme"], {"OIDC_ACME_GROUPS": '{"bosses": {"rights": "all"}}'}, "OIDC_ACME_GROUPS"),
        (["acme"], {"OIDC_ACME_GROUPS": '["bosses"]'}, "OIDC_ACME_GROUPS"),
    ],
)
def test_what_cannot_be_understood_stops_the_start_and_is_named(
    ids: list[str], variables: dict[str, str], named: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=named):
        read(ids, **variables)


@pytest.mark.parametrize(
    ("letters", "is_open", "staff"),
    [(True, True, False), (False, False, False), (False, True, True)],
)
def test_what_was_confirmed_before_an_upgrade_stays_so(
    settings: Any, alice: User, letters: bool, is_open: bool, staff: bool
) -> None:
    settings.LETTERS_ARRIVE, settings.SIGNUP_OPEN = letters, is_open
    User.objects.update(is_staff=staff)
    migrate = importlib.import_module("accounts.migrations.0008_confirmed_addresses")
    migrate.note_addresses(apps, None)
    assert addresses.is_confirmed(alice)


def test_an_address_that_was_typed_and_never_confirmed_is_not_by_an_upgrade(
    settings: Any, alice: User
) -> None:
    settings.LETTERS_ARRIVE, settings.SIGNUP_OPEN = False, True
    importlib.import_module("accounts.migrations.0008_confirmed_addresses").note_addresses(apps, None)
    assert not addresses.is_confirmed(alice)


@pytest.mark.parametrize(
    ("issuer", "warned"),
    [
        ("https://id.acme.example", False),
        ("http://10.1.2.3:8080", False),
        ("http://localhost:8080", False),
        ("http://id.acme.example", True),
        ("http://93.184.216.34", True),
    ],
)
def test_an_issuer_on_plain_http_beyond_ones_own_network_is_warned_of(
    settings: Any, issuer: str, warned: bool
) -> None:
    settings.IDENTITY_PROVIDERS = read(["acme"], OIDC_ACME_ISSUER=issuer)
    assert bool(check_issuers()) == warned
