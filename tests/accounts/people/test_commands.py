"""Accounts from the command line: createuser, firstaccount, createkey, grant, setplan."""

import io
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import ledger
from accounts.models import ApiKey, AuditEntry, Plan, User
from accounts.protection.passwords import make_password


def said(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_readable_password_is_four_groups_and_never_the_same() -> None:
    passwords = {make_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        groups = re.findall("[A-Z][a-z]+", password)
        assert [len(group) for group in groups] == [5] * 4
        assert "".join(groups) == password


def test_createuser_prints_a_password_that_opens(db: None) -> None:
    words = said("createuser", "Alice@Example.com", "--name", "Alice Ample")
    alice = User.objects.get()
    assert (alice.email, alice.name) == ("alice@example.com", "Alice Ample")
    assert (alice.is_staff, alice.is_superuser) == (False, False)
    assert alice.check_password(words.splitlines()[-1])


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
    assert {email, password} <= set(words.splitlines())


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


# -- Keys, credits, plans ---------------------------------------------------------------------------


def test_createuser_puts_on_the_plan_asked_for_and_superusers_on_one_without_limit(db: None) -> None:
    said("createuser", "alice@example.com", "--plan", "unlimited")
    said("createuser", "bob@example.com")
    said("createuser", "olga@example.com", "--superuser")
    limits = {user.email: ledger.get_balance(user) for user in User.objects.all()}
    assert limits == {"alice@example.com": None, "bob@example.com": 500, "olga@example.com": None}
    with pytest.raises(CommandError, match="There are: Standard, Unlimited"):
        said("createuser", "charlie@example.com", "--plan", "Gold")


def test_credits_never_stop_who_set_the_studio_up(db: None, note: Path) -> None:
    said("firstaccount")
    assert ledger.get_balance(User.objects.get()) is None


def test_createkey_prints_a_key_that_opens_and_nothing_else(alice: User) -> None:
    secret = said("createkey", "Alice@example.com", "--name", "Shop import", "--qps", "7").strip()
    key = ApiKey.objects.of_secret(secret)
    assert key is not None
    assert (key.owner, key.name, key.per_second) == (alice, "Shop import", 7)


def test_grant_and_setplan_do_what_the_desk_does_and_are_on_record(alice: User) -> None:
    assert "510 left" in said("grant", "alice@example.com", "10", "--reason", "Open day")
    Plan.objects.create(name="Large", credits_per_month=800)
    assert "810 credits left" in said("setplan", "alice@example.com", "large")
    assert ledger.get_balance(User.objects.get()) == 810
    assert list(AuditEntry.objects.order_by("pk").values_list("by", "action")) == [
        ("manage.py", "granted credits"),
        ("manage.py", "changed plan"),
    ]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["grant", "nobody@example.com", "10"], "createuser"),
        (["grant", "alice@example.com", "0"], "at least one credit"),
        (["grant", "alice@example.com", "-5"], "at least one credit"),
        (["setplan", "alice@example.com", "Gold"], "There are: Standard"),
        (["createkey", "nobody@example.com"], "createuser"),
        (["createkey", "alice@example.com", "--qps", "0"], "1 to 1000"),
        (["createkey", "alice@example.com", "--name", "n" * 61], "60 characters"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(alice: User, command: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        said(*command)
    assert ledger.get_balance(alice) == 500
    assert not ApiKey.objects.exists()
