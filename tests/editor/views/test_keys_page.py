"""The list of keyboard shortcuts names the keys of the tool in hand, and no others."""

import re

import pytest
from django.test import Client
from django.urls import reverse

COMPARING = {"C", "\\"}


@pytest.mark.parametrize(
    ("tool", "own", "others"),
    [
        ("cutout", {*COMPARING, "B", "K"}, {"P", "A"}),
        ("erase", {*COMPARING, "P", "A"}, {"B", "K"}),
        ("scene", {*COMPARING, "B", "P", "A", "/"}, {"K"}),
        ("head", {*COMPARING, "B"}, {"K", "P", "A"}),
    ],
)
def test_the_list_has_the_tools_own_keys(
    tool: str, own: set[str], others: set[str], alice_client: Client
) -> None:
    page = alice_client.get(reverse("editor:editor"), {"tool": tool}).content.decode()
    (listed,) = re.findall(r'(?s)<dl class="keys">(.*?)</dl>', page)
    keys = set(re.findall(r"<kbd>(.*?)</kbd>", listed))
    assert own | {"U", "?", "Esc", "D"} <= keys
    assert not others & keys
