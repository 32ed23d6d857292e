"""An admin invites somebody, who makes their account with it, once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.emails.signed_links import Invite
from accounts.identity import addresses
from accounts.models import AuditEntry, Invitation, Plan, User
from accounts.protection import throttle
from tests.accounts.sign_in.test_sign_in import EDITOR, signed_in_id
from tests.conftest import PASSWORD

from .provider import BACK, Provider, named

ADD = reverse("admin:accounts_invitation_add")
DONE = reverse("accounts:sign-up-done")
CLARA = {"name": "Clara  Lind", "password": PASSWORD}

pytestmark = pytest.mark.usefixtures("letters_at_once")


@pytest.fixture(autouse=True)
def shut(settings: Any) -> None:
    """Nobody makes an account unasked."""
    settings.SIGNUP_OPEN = False


def invite(client: Client, email: str = "Clara@Shop.example", **more: Any) -> Any:
    said = {"email": email, "by_letter": "on", "days": "7", **more}
    return client.post(ADD, {name: value for name, value in said.items() if value is not None})


def letters_link(pattern: str = r"/account/invitation/\S+") -> str:
    found = re.search(pattern, mail.outbox[-1].body)
    assert found is not None
    return found[0]


def handed_over(client: Client) -> str:
    page = client.get(reverse("admin:accounts_invitation_change", args=[Invitation.objects.get().pk]))
    found = re.search(r"<code>http://[^/]+(/account/invitation/[^<]+)</code>", page.content.decode())
    assert found is not None
    return found[1]


def test_by_letter_with_role_and_plan(client: Client, owner_client: Client, owner: User) -> None:
    role, plan = Group.objects.get(name="Support"), Plan.objects.get(name="Unlimited")
    assert invite(owner_client, role=role.pk, plan=plan.pk).status_code == 302
    assert [letter.to for letter in mail.outbox] == [["clara@shop.example"]]
    link = letters_link()
    assert "clara@shop.example" in client.get(link).content.decode()
    assert not User.objects.filter(email="clara@shop.example").exists()
    assert client.post(link, CLARA)["Location"] == EDITOR
    clara = User.objects.get(email="clara@shop.example")
    assert signed_in_id(client) == str(clara.pk)
    assert (clara.name, clara.is_staff, clara.plan) == ("Clara Lind", True, plan)
    assert [*clara.groups.all()] == [role]
    assert addresses.is_confirmed(clara)
    assert AuditEntry.objects.get(action="accepted an invitation").by == owner.email
    # Once.
    assert Client().get(link).status_code == Client().post(link, CLARA).status_code == 410
    assert (
        "accepted by clara@shop.example"
        in owner_client.get(reverse("admin:accounts_invitation_changelist")).content.decode()
    )


def test_a_link_is_shown_to_the_admin_and_a_letters_is_not(client: Client, owner_client: Client) -> None:
    invite(owner_client)
    page = owner_client.get(reverse("admin:accounts_invitation_change", args=[Invitation.objects.get().pk]))
    assert "/account/invitation/" not in page.content.decode()
    # Nor does the other kind's link open it.
    made = Invite(Invitation.objects.get().pk, by_letter=False).address.partition("8000")[2]
    assert client.get(made).status_code == 410


def test_a_link_without_letters_leaves_the_address_unconfirmed(client: Client, owner_client: Client) -> None:
    assert invite(owner_client, "", by_letter=None)["Location"].endswith("/change/")
    link = handed_over(owner_client)
    assert client.post(link, CLARA).status_code == 422
    client.post(link, {**CLARA, "email": "Clara@shop.example"})
    clara = User.objects.get(email="clara@shop.example")
    assert signed_in_id(client) == str(clara.pk)
    assert (addresses.is_confirmed(clara), clara.plan) == (False, None)


@pytest.mark.parametrize("arrive", [True, False])
def test_a_letter_is_what_is_offered_first_where_letters_arrive(
    owner_client: Client, settings: Any, arrive: bool
) -> None:
    settings.LETTERS_ARRIVE = arrive
    page = owner_client.get(ADD).content.decode()
    (box,) = re.findall(r'<input[^>]*name="by_letter"[^>]*>', page)
    assert ("checked" in box) == arrive


def test_a_link_where_letters_arrive_is_followed_by_one(
    client: Client, owner_client: Client, settings: Any
) -> None:
    settings.LETTERS_ARRIVE = True
    plan = Plan.objects.get(name="Unlimited")
    invite(owner_client, "", by_letter=None, plan=plan.pk)
    link = handed_over(owner_client)
    assert "password" not in client.get(link).context["form"].fields
    assert client.post(link, {"name": "Clara", "email": "clara@shop.example"})["Location"] == DONE
    assert User.objects.count() == 1
    confirm = letters_link(r"/account/sign-up/\S+")
    assert client.post(confirm, {"new_password": PASSWORD})["Location"] == EDITOR
    clara = User.objects.get(email="clara@shop.example")
    assert (addresses.is_confirmed(clara), clara.plan) == (True, plan)
    # Another letter that was on its way opens nothing any more.
    assert Client().post(confirm, {"new_password": PASSWORD}).status_code == 410
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"withdrawn_at": timezone.now()},
        {"used_at": timezone.now()},
    ],
    ids=["expired", "withdrawn", "used"],
)
def test_what_is_over_opens_nothing(client: Client, owner_client: Client, change: dict[str, Any]) -> None:
    invite(owner_client)
    link = letters_link()
    Invitation.objects.update(**change)
    page = client.post(link, CLARA)
    assert (page.status_code, User.objects.count()) == (410, 1)
    assert "invitation is over" in page.content.decode()


def test_a_made_up_link_opens_nothing(client: Client, db: None) -> None:
    assert client.get(reverse("accounts:invitation", args=["made:up"])).status_code == 410


def test_the_slower_of_two_at_once_makes_no_account(
    client: Client, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(owner_client)
    link = letters_link()
    read = Invite.invitation.fget  # type: ignore[attr-defined]

    def read_and_be_overtaken(wanted: Invite) -> Any:
        found = read(wanted)
        Invitation.objects.update(used_at=timezone.now())
        return found

    monkeypatch.setattr(Invite, "invitation", property(read_and_be_overtaken))
    assert client.post(link, CLARA).status_code == 410
    assert User.objects.count() == 1


def test_it_can_be_withdrawn_and_sent_again(owner_client: Client) -> None:
    invite(owner_client)
    changelist = reverse("admin:accounts_invitation_changelist")
    chosen = {"_selected_action": [str(Invitation.objects.get().pk)]}
    again = owner_client.post(changelist, {"action": "send_again", **chosen}, follow=True)
    assert "sent a moment ago" in again.content.decode()
    owner_client.post(changelist, {"action": "withdraw", **chosen})
    assert not Invitation.objects.open().exists()
    assert AuditEntry.objects.filter(action="withdrew an invitation").exists()


@pytest.mark.parametrize(
    ("email", "more", "field"),
    [
        ("", {}, "email"),
        ("no address", {}, "email"),
        ("OLGA@example.com", {}, "email"),
        ("clara@shop.example", {"days": "0"}, "days"),
        ("clara@shop.example", {"days": "91"}, "days"),
        ("clara@shop.example", {"role": "999"}, "role"),
    ],
)
def test_a_bad_invitation_is_refused_at_its_field(
    owner_client: Client, email: str, more: dict[str, str], field: str
) -> None:
    page = invite(owner_client, email, **more)
    assert page.status_code == 200
    assert page.context["adminform"].form.has_error(field)
    assert not Invitation.objects.exists()


def test_staff_invite_with_what_they_may_give_and_no_more(
    client: Client, bob: User, alice_client: Client
) -> None:
    assert alice_client.get(ADD).status_code in (302, 403)
    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="add_invitation"))
    client.force_login(bob)
    form = client.get(ADD).context["adminform"].form
    assert set(form.fields) == {"email", "by_letter", "days"}
    invite(
        client, role=Group.objects.get(name="Administrator").pk, plan=Plan.objects.get(name="Unlimited").pk
    )
    made = Invitation.objects.get()
    assert (made.role, made.plan, made.made_by) == (None, None, bob)


def test_nobody_makes_invitations_without_end(owner_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(throttle.BY_ACCOUNT, throttle.Kind.INVITATION, "2/hour")
    pages = [invite(owner_client, f"c{number}@shop.example") for number in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 200]
    assert "many invitations" in pages[2].content.decode()


def test_who_is_signed_in_is_told_to_hand_it_on(owner_client: Client) -> None:
    invite(owner_client)
    page = owner_client.post(letters_link(), CLARA)
    assert (page.status_code, User.objects.count()) == (409, 1)
    assert Invitation.objects.open().exists()


# -- By a provider of identity ---------------------------------------------------------------------


def come_invited(acme: Provider, link: str) -> tuple[Client, Any]:
    client = Client()
    begun = client.post(
        reverse("accounts:oidc-begin", args=["acme"]), {"invitation": link.rstrip("/").rpartition("/")[2]}
    )
    return client, client.get(BACK, acme.authorize(begun["Refresh"].removeprefix("0;url=")))


@pytest.fixture
def closed_acme(acme: Provider, settings: Any) -> Provider:
    settings.IDENTITY_PROVIDERS = named(acme, makes_accounts=False)
    return acme


def test_an_invited_person_comes_in_by_a_provider(closed_acme: Provider, owner_client: Client) -> None:
    plan = Plan.objects.create(name="Guests", credits_per_month=10)
    invite(owner_client, "ann@shop.example", plan=plan.pk)
    link = letters_link()
    assert "Come in with Acme" in Client().get(link).content.decode()
    client, response = come_invited(closed_acme, link)
    ann = User.objects.get(email="ann@shop.example")
    assert (response["Location"], signed_in_id(client), ann.plan) == (EDITOR, str(ann.pk), plan)
    assert Invitation.objects.get().used_by == ann


def test_an_invitation_is_not_for_another_address(closed_acme: Provider, owner_client: Client) -> None:
    invite(owner_client, "bea@shop.example")
    _, refused = come_invited(closed_acme, letters_link())
    assert refused.status_code == 403
    assert "for another" in refused.content.decode()
    assert not SocialAccount.objects.exists()
    assert Invitation.objects.open().exists()
