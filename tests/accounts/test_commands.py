"""Accounts from the command line: createuser, firstaccount."""

import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.passwords import readable_password


def said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_readable_password_is_four_groups_and_never_the_same() -> None:
    passwords = {readable_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        groups = password.split("-")
        assert [len(group) for group in groups] == [5] * 4
        assert password == password.lower()


def test_createuser_prints_a_password_that_opens(db: None) -> None:
    words = said("createuser", "Alice@Example.com", "--name", "Alice Ample")
    alice = User.objects.get()
    assert (alice.email, alice.name) == ("alice@example.com", "Alice Ample")
    assert (alice.is_staff, alice.is_superuser) == (False, False)
    assert alice.check_password(words.split()[-1])


@pytest.mark.parametrize(("option", "powers"), [("--staff", (True, False)), ("--superuser", (True, True))])
def test_createuser_gives_the_powers_asked_for(db: None, option: str, powers: tuple[bool, bool]) -> None:
    said("createuser", "alice@example.com", option)
    assert User.objects.values_list("is_staff", "is_superuser").get() == powers


def test_createuser_takes_a_password_from_standard_input_and_does_not_repeat_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a garden of my own\nmore\n"))
    assert "garden" not in said("createuser", "alice@example.com", "--password-stdin")
    assert User.objects.get().check_password("a garden of my own")


@pytest.mark.parametrize(
    ("email", "stdin", "reason"),
    [
        ("BOB@example.com", "a garden of my own", "There is an account"),
        ("alice", "a garden of my own", "valid email"),
        ("", "a garden of my own", "cannot be blank"),
        ("alice@example.com", "short", "too short"),
        ("alice@example.com", "", "too short"),
    ],
)
def test_createuser_refuses_with_a_reason(
    bob: User, monkeypatch: pytest.MonkeyPatch, email: str, stdin: str, reason: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    with pytest.raises(CommandError, match=reason) as refused:
        said("createuser", email, "--password-stdin")
    assert refused.value.returncode == 1
    assert User.objects.get() == bob


@pytest.fixture
def note(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.SITE_URL = "http://studio.example:8000"
    return tmp_path / "data" / "first-account"


def test_the_first_account_can_sign_in_and_its_note_is_private(db: None, note: Path) -> None:
    words = said("firstaccount")
    email, password = note.read_text().split()
    owner = User.objects.get()
    assert (
        (owner.email, owner.is_staff, owner.is_superuser)
        == (email, True, True)
        == ("owner@localhost", True, True)
    )
    assert owner.check_password(password)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert [path.name for path in note.parent.iterdir()] == ["first-account"]
    assert "Sign in at http://studio.example:8000" in words
    assert password in words


def test_it_says_the_same_again_and_makes_nobody_new(db: None, note: Path) -> None:
    first = said("firstaccount")
    assert said("firstaccount") == first
    assert User.objects.count() == 1


def test_a_password_that_was_changed_is_not_shown(db: None, note: Path) -> None:
    said("firstaccount")
    old = note.read_text().split()[1]
    owner = User.objects.get()
    owner.set_password("an entirely new one")
    owner.save()
    words = said("firstaccount")
    assert old not in words
    assert "http://studio.example:8000" in words


def test_when_the_first_account_is_gone_and_others_are_there_it_shows_the_address_alone(
    bob: User, note: Path
) -> None:
    note.parent.mkdir()
    note.write_text("owner@localhost\nlong gone\n")
    words = said("firstaccount")
    assert "long gone" not in words
    assert "owner@localhost" not in words
    assert User.objects.get() == bob


@pytest.mark.parametrize("torn", ["", "owner@localhost", "one two three", "\udcff"])
def test_a_torn_note_does_no_harm(bob: User, note: Path, torn: str) -> None:
    note.parent.mkdir()
    note.write_bytes(torn.encode("utf-8", "surrogateescape"))
    assert "Sign in at http://studio.example:8000" in said("firstaccount")


def test_no_account_is_left_whose_password_could_not_be_noted(db: None, note: Path) -> None:
    note.parent.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="exists"):
        said("firstaccount")
    assert not User.objects.exists()
