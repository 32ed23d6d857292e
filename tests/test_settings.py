"""What the environment says, turned into Django's settings."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, mailers
from django.utils.module_loading import import_string
from environs import Env

from web import environment


def mailer_of(url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("EMAIL_URL", url)
    return environment.mailer(Env().dj_email_url("EMAIL_URL"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://ann:s%40crt@mail.example:587/?tls=true", ("mail.example", 587, "ann", "s@crt", True, False)),
        ("submission://mail.example", ("mail.example", 587, None, None, True, False)),
        ("smtp://mail.example:465/?ssl=true", ("mail.example", 465, None, None, False, True)),
        ("smtp://", ("localhost", 25, None, None, False, False)),
    ],
)
def test_letters_go_to_the_server_that_the_address_names(
    url: str, expected: tuple[Any, ...], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILERS = {"default": mailer_of(url, monkeypatch)}
    made = mailers["default"]
    assert (made.host, made.port, made.username, made.password, made.use_tls, made.use_ssl) == expected


@pytest.mark.parametrize("url", ["console://", "dummy://"])
def test_letters_of_a_studio_without_a_server_are_made_all_the_same(
    url: str, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": mailer_of(url, monkeypatch)}
    assert EmailMessage("Hello", "there", to=["ann@shop.example"]).send() in {0, 1}
    assert ("Hello" in capsys.readouterr().out) == (url == "console://")


def test_letters_can_go_into_a_folder(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    settings.MAILERS = {"default": mailer_of(f"file:///{tmp_path}/letters", monkeypatch)}
    EmailMessage("Hello", "there", to=["ann@shop.example"]).send()
    assert "Hello" in next((tmp_path / "letters").iterdir()).read_text()


@pytest.mark.parametrize("url", ["mail.example", "imap://mail.example", "smpt://ann@mail.example"])
def test_an_address_of_letters_that_is_none_is_refused_with_its_name(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mailer_of(url, monkeypatch)


def test_no_middleware_holds_a_thread_for_each_call_that_waits(settings: Any) -> None:
    """One that is no coroutine makes a synchronous thing of all around it, and of the views that wait."""
    synchronous = [
        name for name in settings.MIDDLEWARE if not getattr(import_string(name), "async_capable", False)
    ]
    assert synchronous == []
