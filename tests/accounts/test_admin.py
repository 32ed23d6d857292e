"""The people list on the admin's desk."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editor.models import Photo
from tests.conftest import PASSWORD, signed_in

LIST = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


def page_of(user: User, what: str = "change") -> str:
    return reverse(f"admin:accounts_user_{what}", args=[user.pk])


def act(client: Client, action: str, *people: User) -> None:
    chosen = [person.pk for person in people]
    client.post(LIST, {"action": action, "_selected_action": chosen, "post": "yes"}, follow=True)


@pytest.fixture
def staff_client(bob: User) -> Client:
    """Bob helps out: staff with every right on people, but no superuser."""
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return signed_in(bob)


def test_only_staff_come_in(alice_client: Client) -> None:
    assert alice_client.get(LIST).status_code == 302


def test_people_are_found_by_address_and_name(owner_client: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(name="Robert")
    found = owner_client.get(LIST, {"q": "robert"}).context["cl"].queryset
    assert list(found) == [bob]
    assert list(owner_client.get(LIST, {"q": "alice@"}).context["cl"].queryset) == [alice]


def test_olga_adds_somebody_by_address(owner_client: Client) -> None:
    form = {
        "email": "New@Example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert owner_client.get(ADD).status_code == 200
    response = owner_client.post(ADD, form)
    assert response.status_code == 302
    assert User.objects.get(email="new@example.com").check_password(PASSWORD)


def test_the_same_address_in_other_capitals_is_taken(owner_client: Client, alice: User) -> None:
    form = {
        "email": "ALICE@example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = owner_client.post(ADD, form)
    assert response.context["adminform"].form.has_error("email", "unique")


def test_olga_changes_an_address_and_its_capitals_are_folded(owner_client: Client, alice: User) -> None:
    assert owner_client.get(page_of(alice)).status_code == 200
    response = owner_client.post(page_of(alice), {"email": "Alice@New.example", "is_active": "on"})
    assert response.status_code == 302
    assert User.objects.get(pk=alice.pk).email == "alice@new.example"


def test_olga_sets_somebodys_password(owner_client: Client, alice: User) -> None:
    address = reverse("admin:auth_user_password_change", args=[alice.pk])
    form = {"password1": "quite another one", "password2": "quite another one"}
    assert owner_client.get(address).status_code == 200
    assert owner_client.post(address, form).status_code == 302
    assert User.objects.get(pk=alice.pk).check_password("quite another one")


def test_suspending_ends_the_open_session_and_reactivating_lets_in_again(
    owner_client: Client, alice_client: Client, alice: User
) -> None:
    act(owner_client, "suspend", alice)
    assert alice_client.get(reverse("accounts:profile")).status_code == 302
    act(owner_client, "reactivate", alice)
    assert User.objects.get(pk=alice.pk).is_active


def test_olga_does_not_suspend_herself(owner_client: Client, owner: User, alice: User) -> None:
    act(owner_client, "suspend", owner, alice)
    assert User.objects.get(is_active=True) == owner
    owner_client.post(page_of(owner), {"email": owner.email})
    owner.refresh_from_db()
    assert (owner.is_active, owner.is_staff, owner.is_superuser) == (True, True, True)


def test_olga_does_not_delete_herself_here(owner_client: Client, owner: User) -> None:
    assert owner_client.post(page_of(owner, "delete"), {"post": "yes"}).status_code == 403
    act(owner_client, "delete_selected", owner)
    assert User.objects.get() == owner


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["page", "action"])
def test_deleting_somebody_deletes_their_files(
    way: str,
    owner_client: Client,
    alice: User,
    photo_of: Callable[..., Photo],
    media: Callable[[], list[str]],
) -> None:
    photo_of(alice)
    assert len(media()) == 1
    if way == "page":
        owner_client.post(page_of(alice, "delete"), {"post": "yes"})
    else:
        act(owner_client, "delete_selected", alice)
    assert not User.objects.filter(pk=alice.pk).exists()
    assert media() == []


def test_staff_cannot_make_themselves_more_than_they_are(
    staff_client: Client, bob: User, alice: User
) -> None:
    for person in (alice, bob):
        form = {"email": person.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        staff_client.post(page_of(person), form)
    assert not User.objects.who_run_the_studio().exists()
    assert User.objects.get(is_staff=True) == bob


def test_staff_cannot_touch_a_superuser(staff_client: Client, owner: User) -> None:
    password = reverse("admin:auth_user_password_change", args=[owner.pk])
    form = {"password1": "taken over now", "password2": "taken over now"}
    assert staff_client.post(password, form).status_code == 403
    assert staff_client.post(page_of(owner), {"email": "x@example.com"}).status_code == 403
    assert staff_client.post(page_of(owner, "delete"), {"post": "yes"}).status_code == 403
    act(staff_client, "suspend", owner)
    owner.refresh_from_db()
    assert (owner.email, owner.is_active) == ("olga@example.com", True)
    assert owner.check_password(PASSWORD)
