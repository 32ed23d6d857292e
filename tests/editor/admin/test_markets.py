"""Marketplaces at the desk: a shipped one changed, put back, hidden; one's own added; wrong ones refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from editor.admin.market_form import MarketForm, read_market_fields, write_options
from editor.engines.catalogue.markets import MARKETS, Market
from editor.models import Market as MarketRow
from editor.work.recipes import list_markets

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:editor_market_add"), reverse("admin:editor_market_changelist")


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.com", "correct horse battery"))
    return client


def typed(shipped: str, /, **changed: Any) -> dict[str, Any]:
    """What a browser sends where a shipped marketplace's form is changed."""
    values = {**read_market_fields(MARKETS[shipped]), "key": shipped, **changed}
    return {
        name: "on" if value is True else value for name, value in values.items() if value not in (None, False)
    }


@pytest.mark.parametrize("key", MARKETS)
def test_a_form_that_is_sent_as_it_came_says_what_is_shipped(key: str) -> None:
    form = MarketForm(typed(key), initial={"key": key})
    assert form.is_valid(), form.errors
    assert Market.from_dict(write_options(form.cleaned_data)) == MARKETS[key]


def test_a_shipped_one_is_changed_and_put_back(admin: Client) -> None:
    assert f"{ADD}?key=amazon" in admin.get(LIST).content.decode()
    page = admin.get(ADD, {"key": "amazon"}).content.decode()
    assert 'value="1600"' in page
    assert "Shipped: 1600." in page
    assert admin.post(ADD, typed("amazon", good_width=2000, good_height=2000)).status_code == 302
    assert list_markets()["amazon"].good == (2000, 2000)
    assert f"{ADD}?key=amazon" not in admin.get(LIST).content.decode()
    change = reverse("admin:editor_market_change", args=["amazon"])
    page = admin.get(change).content.decode()
    assert 'value="2000"' in page
    assert "Shipped: 1600." in page
    back = reverse("admin:editor_market_shipped", args=["amazon"])
    assert back in page
    assert admin.get(back).status_code == 200
    assert list_markets()["amazon"].good == (2000, 2000), "asking changes nothing"
    assert admin.post(back)["Location"] == LIST
    assert list_markets()["amazon"] == MARKETS["amazon"]
    assert AuditEntry.objects.filter(action="put back as shipped", target_id="amazon").exists()


def test_a_hidden_one_is_offered_to_nobody(admin: Client) -> None:
    admin.post(ADD, typed("temu", hidden=True))
    assert "temu" not in list_markets()
    assert "hidden" in admin.get(LIST).content.decode()


def test_one_of_the_shops_own_is_added_and_can_be_deleted(admin: Client) -> None:
    sent = typed(
        "ebay", key="own-shop", name="Own shop", kind="tiles", ratios="4:5", good_width=800, good_height=1000
    )
    assert admin.post(ADD, sent).status_code == 302
    own = list_markets()["own-shop"]
    assert (own.title, own.ratios, own.good) == ("Own shop, tiles", ((4, 5),), (800, 1000))
    assert reverse("admin:editor_market_shipped", args=["own-shop"]) not in admin.get(LIST).content.decode()
    assert admin.post(reverse("admin:editor_market_shipped", args=["own-shop"])).status_code == 403
    assert (
        admin.post(reverse("admin:editor_market_delete", args=["own-shop"]), {"post": "yes"}).status_code
        == 302
    )
    assert "own-shop" not in list_markets()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("good_width", {"good_width": 20_000, "good_height": 20_000}),
        ("least_width", {"least_width": 1700, "least_height": 1700}),
        ("fill_least", {"fill_least": 95, "fill_aim": 90}),
        ("ratios", {"ratios": "square"}),
        ("formats", {"formats": "jpg, gif"}),
        ("most_megabytes", {"most_megabytes": 5000}),
        ("name_pattern", {"name_pattern": "{sku.jpg"}),
        ("key", {"key": "Amazon DE"}),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(
    field: str, changed: dict[str, Any]
) -> None:
    form = MarketForm(typed("amazon", **changed))
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert not MarketRow.objects.exists()


def test_a_row_that_cannot_be_read_can_be_put_right(admin: Client) -> None:
    MarketRow.objects.create(key="etsy", data={"ground": "purple"})
    assert "cannot be read" in admin.get(LIST).content.decode()
    page = admin.get(reverse("admin:editor_market_change", args=["etsy"])).content.decode()
    assert 'value="2000"' in page, "it begins with what is shipped"


def test_who_is_no_admin_sees_nothing_of_it(alice_client: Client) -> None:
    for address in (LIST, ADD, reverse("admin:editor_market_shipped", args=["amazon"])):
        assert alice_client.get(address).status_code in (302, 403)
