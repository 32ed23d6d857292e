"""Somebody comes in whom a provider of identity vouches for, or is told why not."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.identity import addresses
from accounts.models import AuditEntry, Plan, User
from tests.accounts.sign_in.test_sign_in import EDITOR, GALLERY, SIGN_IN, sign_in, signed_in_id
from tests.conftest import PASSWORD

from .provider import BACK, BEGIN, Provider, begin, come_in, named

OTHER_KEY = rsa.generate_private_key(65537, 2048)


def ann() -> User:
    return User.objects.get(email="ann@shop.example")


def test_the_door_has_a_button_for_each_provider(client: Client, acme: Provider, settings: Any) -> None:
    page = client.get(SIGN_IN, {"next": GALLERY}).content.decode()
    assert "Sign in with Acme" in page
    assert f'action="{BEGIN}"' in page
    settings.IDENTITY_PROVIDERS = {}
    assert "with Acme" not in client.get(SIGN_IN).content.decode()
    assert client.post(BEGIN).status_code == 404


def test_ann_comes_in_for_the_first_time_and_again(client: Client, acme: Provider) -> None:
    response = come_in(client, acme, next=GALLERY)
    assert (response.status_code, response["Location"]) == (302, GALLERY)
    assert signed_in_id(client) == str(ann().pk)
    assert (ann().name, ann().has_usable_password(), addresses.is_confirmed(ann())) == (
        "Ann Lee",
        False,
        True,
    )
    assert come_in(Client(), acme)["Location"] == EDITOR
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_she_stays_the_same_person_when_her_address_changes_there(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    acme.claims |= {"email": "lee@shop.example", "email_verified": False}
    again = Client()
    come_in(again, acme)
    assert signed_in_id(again) == str(ann().pk)


def test_what_the_provider_opens_to_us_is_kept_nowhere(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    kept = SocialAccount.objects.get().extra_data
    assert kept.keys() == {"iss", "sub", "email"}
    assert "open" not in str(dict(client.session)).split()


# -- Whose account it is ---------------------------------------------------------------------------


def test_a_confirmed_address_on_both_sides_links_the_account_that_is_there(
    client: Client, acme: Provider
) -> None:
    user = User.objects.create_user("ann@shop.example", PASSWORD)
    addresses.confirm(user)
    come_in(client, acme)
    assert signed_in_id(client) == str(user.pk)
    assert ann().has_usable_password()


def test_an_account_whose_address_nobody_confirmed_is_not_opened_nor_lost(
    client: Client, acme: Provider
) -> None:
    user = User.objects.create_user("ann@shop.example", PASSWORD)
    refused = come_in(client, acme)
    assert (refused.status_code, signed_in_id(client)) == (403, None)
    assert "ann@shop.example" in refused.content.decode()
    assert reverse("accounts:password-reset") in refused.content.decode()
    # The way out: in with the password, and connected from within.
    client.post(SIGN_IN, {"username": user.email, "password": PASSWORD})
    connected = come_in(client, acme)
    assert connected["Location"] == reverse("accounts:profile")
    assert addresses.is_confirmed(ann())
    again = Client()
    come_in(again, acme)
    assert signed_in_id(again) == str(user.pk)


@pytest.mark.parametrize("verified", [False, None, "no", 0])
def test_an_address_that_the_provider_does_not_vouch_for_takes_nothing_over(
    client: Client, acme: Provider, verified: Any
) -> None:
    addresses.confirm(User.objects.create_user("ann@shop.example", PASSWORD))
    acme.claims["email_verified"] = verified
    refused = come_in(client, acme)
    assert (refused.status_code, signed_in_id(client)) == (403, None)
    assert "Confirm it there" in refused.content.decode()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("email", ["", None, "no address", "a@b@c"])
def test_who_has_no_address_is_asked_for_one(client: Client, acme: Provider, email: Any) -> None:
    acme.claims["email"] = email
    assert come_in(client, acme).status_code == 403
    assert not User.objects.exists()


def test_a_provider_that_confirms_all_its_addresses_need_not_say_so(
    client: Client, acme: Provider, settings: Any
) -> None:
    settings.IDENTITY_PROVIDERS = named(acme, trusts_email=True)
    del acme.claims["email_verified"]
    come_in(client, acme)
    assert signed_in_id(client) == str(ann().pk)


def test_another_address_is_not_connected(client: Client, alice: User, acme: Provider) -> None:
    sign_in(client, alice.email)
    refused = come_in(client, acme)
    assert refused.status_code == 403
    assert "That is another e-mail" in refused.content.decode()
    assert signed_in_id(client) == str(alice.pk)
    assert not SocialAccount.objects.exists()


def test_what_opens_one_account_is_not_connected_to_another(alice: User, acme: Provider) -> None:
    come_in(Client(), acme)
    client = Client()
    sign_in(client, alice.email)
    come_in(client, acme)
    assert signed_in_id(client) == str(alice.pk)
    assert SocialAccount.objects.get().user == ann()
    assert "another account" in client.get(reverse("accounts:profile")).content.decode()


def test_who_came_in_long_ago_shows_who_they_are_before_connecting(
    alice_client: Client, acme: Provider
) -> None:
    assert alice_client.post(BEGIN)["Location"].startswith(reverse("accounts:prove"))


def test_another_issuer_under_the_same_name_opens_nothing(
    client: Client, acme: Provider, settings: Any
) -> None:
    come_in(client, acme)
    SocialAccount.objects.update(uid="of another issuer")
    refused = come_in(Client(), acme)
    assert refused.status_code == 403
    assert "connected already" in refused.content.decode()


def test_new_people_stay_out_where_the_provider_makes_no_accounts(
    client: Client, acme: Provider, settings: Any
) -> None:
    settings.IDENTITY_PROVIDERS = named(acme, makes_accounts=False)
    assert come_in(client, acme).status_code == 403
    assert not User.objects.exists()


def test_a_suspended_person_stays_out_and_is_told(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    User.objects.update(is_active=False)
    refused = come_in(other := Client(), acme)
    assert (refused.status_code, signed_in_id(other)) == (403, None)
    assert "suspended" in refused.content.decode()


# -- Groups ----------------------------------------------------------------------------------------


def roles() -> set[str]:
    return set(ann().groups.values_list("name", flat=True))


def test_groups_give_role_and_plan_and_take_them_at_the_next_sign_in(client: Client, acme: Provider) -> None:
    acme.claims["groups"] = ["photo-admins", "canteen"]
    come_in(client, acme)
    assert (roles(), ann().is_staff, str(ann().plan)) == ({"Administrator"}, True, "Unlimited")
    assert set(AuditEntry.objects.values_list("by", flat=True)) == {"Acme"}
    acme.claims["groups"] = "helpers"
    come_in(Client(), acme)
    assert (roles(), ann().is_staff, str(ann().plan)) == ({"Support"}, True, "Standard")
    del acme.claims["groups"]
    come_in(Client(), acme)
    assert (roles(), ann().is_staff, ann().is_superuser) == (set(), False, False)


def test_what_the_mapping_does_not_name_stays(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    plan = Plan.objects.create(name="By hand", credits_per_month=7)
    User.objects.update(plan=plan, is_staff=True)
    ann().groups.add(Group.objects.get(name="Quota manager"))
    acme.claims["groups"] = ["helpers"]
    come_in(Client(), acme)
    del acme.claims["groups"]
    come_in(Client(), acme)
    assert (roles(), ann().is_staff, ann().plan) == ({"Quota manager"}, True, plan)


def test_a_superuser_keeps_their_powers(client: Client, acme: Provider) -> None:
    addresses.confirm(User.objects.create_superuser("ann@shop.example", PASSWORD))
    come_in(client, acme)
    assert (ann().is_staff, ann().is_superuser) == (True, True)


def test_a_role_that_is_not_there_is_logged_and_shuts_nobody_out(
    client: Client, acme: Provider, caplog: Any
) -> None:
    Group.objects.filter(name="Support").delete()
    acme.claims["groups"] = ["helpers"]
    come_in(client, acme)
    assert signed_in_id(client) == str(ann().pk)
    assert "OIDC_ACME_GROUPS names the role 'Support'" in caplog.text


def test_who_is_in_no_group_can_be_kept_out(client: Client, acme: Provider, settings: Any) -> None:
    settings.IDENTITY_PROVIDERS = named(acme, only_groups=True)
    acme.claims["groups"] = ["canteen"]
    assert come_in(client, acme).status_code == 403
    assert not User.objects.exists()
    acme.claims["groups"] = ["helpers"]
    assert come_in(client, acme).status_code == 302


# -- What is not believed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        {"iss": "https://other.example"},
        {"exp": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"aud": "another studio"},
        {"aud": ["studio", "another"]},
        {"nonce": "of another browser"},
        {"nonce": None},
        {"exp": None},
        {"sub": None},
        {"sub": "7"},
    ],
    ids=[
        "another issuer",
        "expired",
        "of the future",
        "for another",
        "for others too",
        "another nonce",
        "no nonce",
        "no end",
        "no subject",
        "another subject",
    ],
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    client: Client, acme: Provider, token: dict[str, Any]
) -> None:
    acme.token = token
    refused = come_in(client, acme)
    assert (refused.status_code, signed_in_id(client)) == (403, None)
    assert "Acme was not understood" in refused.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("none", None), ("HS256", b"a secret of the studio's, and longer"), ("RS256", OTHER_KEY)],
)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    client: Client, acme: Provider, algorithm: str, key: Any
) -> None:
    acme.algorithm, acme.signs_with = algorithm, key
    assert come_in(client, acme).status_code == 403
    assert not User.objects.exists()


def test_a_code_works_once(client: Client, acme: Provider) -> None:
    brought = acme.authorize(begin(client))
    assert client.get(BACK, brought).status_code == 302
    # The same browser, which has begun another sign-in meanwhile: the provider knows the code no more.
    other = Client()
    state = acme.authorize(begin(other))["state"]
    for replayed in (brought, {**brought, "state": state}):
        refused = other.get(BACK, replayed)
        assert refused.status_code in (400, 403)
        assert signed_in_id(other) is None


def test_what_one_browser_began_no_other_ends(client: Client, acme: Provider) -> None:
    brought = acme.authorize(begin(client))
    other = Client()
    begin(other)
    refused = other.get(BACK, brought)
    assert (refused.status_code, signed_in_id(other)) == (400, None)
    assert "Begin it anew" in refused.content.decode()


def test_an_answer_of_another_issuer_is_refused(client: Client, acme: Provider) -> None:
    brought = acme.authorize(begin(client))
    assert client.get(BACK, {**brought, "iss": "https://other.example"}).status_code == 403
    assert signed_in_id(client) is None


def test_who_leaves_the_provider_is_back_at_the_door(client: Client, acme: Provider) -> None:
    state = acme.authorize(begin(client))["state"]
    page = client.get(BACK, {"error": "access_denied", "state": state})
    assert page.status_code == 200
    assert "Nothing happened" in page.content.decode()
    assert client.get(BACK, {"error": "server_error", "state": state}).status_code == 400
    assert client.get(BACK).status_code == 400


@pytest.mark.parametrize(
    "discovery", [{"issuer": "https://other.example"}, {"token_endpoint": None}, {"jwks_uri": "file:///x"}]
)
def test_an_issuer_that_contradicts_itself_is_not_asked(
    client: Client, acme: Provider, discovery: dict[str, Any]
) -> None:
    acme.discovery = discovery
    assert client.post(BEGIN).status_code == 403


def test_a_provider_that_is_down_is_said_to_be(client: Client, acme: Provider) -> None:
    acme.is_down = True
    assert client.post(BEGIN).status_code == 502
    acme.is_down = False
    brought = acme.authorize(begin(client))
    acme.is_down = True
    assert client.get(BACK, brought).status_code == 403
    assert signed_in_id(client) is None


def test_begun_at_another_name_of_the_studio_it_begins_at_its_own(client: Client, acme: Provider) -> None:
    response = client.post(BEGIN, {"next": GALLERY}, headers={"host": "localhost"})
    assert response["Location"].startswith(f"http://testserver{SIGN_IN}?next=")


def test_beginning_takes_a_post_with_a_token_of_the_page(acme: Provider) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get(BEGIN).status_code == 405
    assert client.post(BEGIN).status_code == 403


def test_one_machine_cannot_have_the_provider_asked_without_end(
    client: Client, acme: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.protection.throttle.AT_PROVIDER", "2/hour")
    assert [client.post(BEGIN).status_code for _ in range(3)] == [200, 200, 429]


# -- Leaving ---------------------------------------------------------------------------------------


def test_signing_out_says_that_the_provider_is_still_signed_in_to(client: Client, acme: Provider) -> None:
    come_in(client, acme)
    page = client.post(reverse("accounts:sign-out"), follow=True)
    assert signed_in_id(client) is None
    assert "still signed in at Acme" in page.content.decode()
    gone = client.get(reverse("accounts:oidc-sign-out", args=["acme"]))
    assert gone["Refresh"].startswith(f"0;url={acme.issuer}/end?client_id=studio")
    acme.discovery = {"end_session_endpoint": ""}
    assert client.get(reverse("accounts:oidc-sign-out", args=["acme"])).status_code in (200, 302)


def test_a_provider_is_disconnected_where_another_way_in_is_left(client: Client, acme: Provider) -> None:
    disconnect = reverse("accounts:oidc-disconnect", args=["acme"])
    come_in(client, acme)
    assert client.post(disconnect).status_code == 409
    user = ann()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    assert client.get(disconnect).status_code == 200
    assert SocialAccount.objects.exists()
    client.post(disconnect)
    assert not SocialAccount.objects.exists()
    assert client.post(disconnect).status_code == 404


def test_nobody_disconnects_somebody_else(alice_client: Client, acme: Provider) -> None:
    come_in(Client(), acme)
    assert alice_client.post(reverse("accounts:oidc-disconnect", args=["acme"])).status_code == 404


# -- Addresses -------------------------------------------------------------------------------------


def test_an_address_that_was_left_behind_is_free_for_its_next_owner(alice: User, bob: User) -> None:
    addresses.confirm(alice)
    User.objects.filter(pk=alice.pk).update(email="moved@example.com")
    bob.email = "alice@example.com"
    bob.save()
    addresses.confirm(bob)
    assert addresses.is_confirmed(bob)
    assert not addresses.is_confirmed(User.objects.get(pk=alice.pk))
    assert EmailAddress.objects.count() == 1
