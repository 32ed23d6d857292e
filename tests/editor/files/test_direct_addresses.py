"""Signed addresses of results send on to the S3 store where the operator wants that, and only there."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.models import User
from editor.files import direct_addresses
from editor.files.signed_urls import Kind, sign_path
from editor.models import Result
from web import environment

from .files_out import get, photo_of, result_of

STORE = "s3://key:secret@shop/pictures?endpoint=http://127.0.0.1:9&region=us-east-1"


@pytest.fixture
def result(alice: User, settings: Any) -> Iterator[Result]:
    """In a store that is asked for nothing: its addresses are only signed."""
    made = result_of(photo_of(alice, "Lamp é.jpg"))
    settings.STORAGES = {**settings.STORAGES, "default": environment.storage(STORE)}
    settings.DIRECT_ADDRESSES = "true"
    direct_addresses.get_store.cache_clear()
    yield made
    direct_addresses.get_store.cache_clear()


@pytest.mark.parametrize("kind", [Kind.FILE, Kind.DOWNLOAD])
def test_whoever_has_the_address_is_sent_on_with_name_type_and_an_end(result: Result, kind: Kind) -> None:
    answer, _ = get(None, sign_path(result, kind, 60))
    there = urlsplit(answer["Location"])
    said = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert answer.status_code == 302
    assert (there.netloc, there.path) == ("127.0.0.1:9", f"/shop/pictures/{result.file.name}")
    assert 0 < int(said["X-Amz-Expires"]) <= 60
    assert said["response-content-type"] == "image/png"
    way = "attachment" if kind is Kind.DOWNLOAD else "inline"
    assert said["response-content-disposition"].startswith(f"{way}; filename")
    assert "no-store" in answer["Cache-Control"]


def test_no_address_of_the_store_outlasts_ten_minutes_or_is_given_for_one_that_is_over(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, _ = get(None, sign_path(result, Kind.FILE, 86400))
    assert "X-Amz-Expires=600" in answer["Location"]
    address = sign_path(result, Kind.FILE, 60)
    monkeypatch.setattr("editor.files.signed_urls.time.time", lambda: 4e9)
    assert get(None, address)[0].status_code == 410


def test_the_store_is_named_as_visitors_reach_it(result: Result, settings: Any) -> None:
    settings.DIRECT_ADDRESSES = "https://pictures.shop.example"
    answer, _ = get(None, sign_path(result))
    assert answer["Location"].startswith("https://pictures.shop.example/shop/pictures/results/")


def test_pages_are_never_sent_on(alice: User, result: Result) -> None:
    """Their policy lets them show what comes from us alone."""
    # It is fetched by us, from where nobody is.
    response = get(alice, reverse("editor:result-file", args=[result.pk]))[0]
    assert response.status_code == 503
    assert "Location" not in response


def test_pictures_in_a_folder_come_from_us(alice: User, settings: Any) -> None:
    settings.DIRECT_ADDRESSES = "true"
    assert get(None, sign_path(result_of(photo_of(alice))))[0].status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [("", ""), ("false", ""), ("True", "true"), ("https://s3.example/", "https://s3.example")],
)
def test_the_setting(given: str, said: str) -> None:
    assert environment.direct_addresses(given) == said


def test_a_setting_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(ImproperlyConfigured, match="DIRECT_ADDRESSES"):
        environment.direct_addresses("s3.example")
