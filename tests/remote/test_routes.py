"""Who carries what out, as the environment says it."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from editor import wiring
from editor.providers.contract import Connection
from editor.providers.picwish import PicWish
from editor.providers.removebackground import RemoveBackground
from editor.remote import routing
from editor.services import SERVICES, list_ways
from editor.tools import Tool
from web import environment
from web.environment import Service


@pytest.mark.parametrize("kind", [PicWish, RemoveBackground])
def test_each_service_is_known_by_what_it_carries_out(kind: Any) -> None:
    remote = kind("https://host.example", "a key")
    assert set(SERVICES[remote.name].tools) == remote.tools
    assert SERVICES[remote.name].title == remote.title
    assert remote.seconds.keys() == remote.tools


def test_every_tool_may_stay_here() -> None:
    for tool in Tool:
        assert list_ways(tool)[0] == "local"
        assert environment.choice("PROVIDER_CUTOUT", "", list_ways(tool)) == ""


@pytest.mark.parametrize(("tool", "given"), [("cutout", "picwhish"), ("scene", "removebackground")])
def test_a_way_that_there_is_not_stops_the_start_and_names_the_variable(tool: str, given: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=f"PROVIDER_{tool.upper()} is '{given}'. Use one of: local"
    ):
        environment.choice(f"PROVIDER_{tool.upper()}", given, list_ways(tool))


def test_an_address_that_is_none_stops_the_start() -> None:
    assert environment.service_url("PICWISH_URL", "https://host.example/") == "https://host.example"
    with pytest.raises(ImproperlyConfigured, match="PICWISH_URL"):
        environment.service_url("PICWISH_URL", "host.example")


@pytest.mark.django_db
def test_a_service_without_a_key_is_said_at_the_start(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.WAYS = {**settings.WAYS, "cutout": "picwish", "erase": "picwish"}
    settings.SERVICES = {**settings.SERVICES, "picwish": Service("https://host.example", "", False)}
    call_command("check")
    said = capsys.readouterr().err
    assert "PicWish is to carry cutouts and object removals out. Its key is missing." in said
    assert "is not ready; cutouts fail" in routing.write_notice("cutout")
    settings.SERVICES |= {"picwish": Service("https://host.example", "a key", False)}
    assert routing.list_troubles() == []
    assert routing.write_notice("cutout") == ""


def test_a_client_is_kept_until_it_is_reached_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_remotes", {})
    first = wiring.get_remote(Connection("picwish", "https://host.example", "a key", False))
    assert wiring.get_remote(Connection("picwish", "https://host.example", "a key", False)) is first
    assert wiring.get_remote(Connection("picwish", "https://host.example", "a new key", False)) is not first
