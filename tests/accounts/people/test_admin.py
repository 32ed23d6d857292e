"""The people list on the admin's desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts import ledger, staff_actions
from accounts.models import AuditEntry, AuditIsAppendOnly, CreditEntry, Plan, PlanException, User
from editor.models import Photo
from tests.conftest import PASSWORD, signed_in

LIST = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


def page_of(user: User, what: str = "change") -> str:
    return reverse(f"admin:accounts_user_{what}", args=[user.pk])


def act(client: Client, action: str, *people: User, **form: object) -> Any:
    """Tick people in the list, choose an action, and answer the page that asks. Return the last response."""
    chosen = [person.pk for person in people]
    asks = client.post(LIST, {"action": action, "_selected_action": chosen})
    if asks.status_code != 302 or "/act/" not in asks["Location"]:
        return asks
    page = client.get(asks["Location"])
    assert page.status_code == 200
    return client.post(asks["Location"], form, follow=True)


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
    act(owner_client, "delete", owner)
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
        act(owner_client, "delete", alice)
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


# -- Two admins -----------------------------------------------------------------------------------


def test_two_admins_who_change_one_person_at_once_do_not_undo_each_other(
    owner_client: Client, alice: User
) -> None:
    pages = [owner_client.get(page_of(alice)).context["adminform"].form for _ in range(2)]
    first, second = (
        {"email": alice.email, "is_active": "on", "as_read": form["as_read"].value()} for form in pages
    )
    assert owner_client.post(page_of(alice), {**first, "name": "Alice Ample"}).status_code == 302
    response = owner_client.post(page_of(alice), {**second, "is_active": ""})
    assert response.status_code == 200
    assert response.context["adminform"].form.has_error("__all__", "changed_since")
    alice.refresh_from_db()
    assert (alice.name, alice.is_active) == ("Alice Ample", True)


def test_a_change_writes_what_was_changed_and_nothing_else(
    owner_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"email": alice.email, "name": "Alice Ample", "is_active": "on"}
    save = User.save

    def suspended_meanwhile(self: User, *args: Any, **options: Any) -> None:
        User.objects.filter(pk=alice.pk).update(is_active=False)
        save(self, *args, **options)

    monkeypatch.setattr(User, "save", suspended_meanwhile)
    owner_client.post(page_of(alice), form)
    alice.refresh_from_db()
    assert (alice.name, alice.is_active) == ("Alice Ample", False)


# -- Credits and plans ----------------------------------------------------------------------------


def test_olga_grants_and_corrects_credits(owner_client: Client, alice: User, bob: User) -> None:
    act(owner_client, "grant", alice, bob, credits="10", reason="Open day")
    act(owner_client, "correct", alice, credits="-505", reason="Paid back")
    assert (ledger.get_balance(alice), ledger.get_balance(bob)) == (5, 510)
    entry = CreditEntry.objects.owned_by(alice).newest_first()[1]
    assert (entry.kind, entry.reason, str(entry.actor)) == ("grant", "Open day", "olga@example.com")


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("grant", {"credits": "-10", "reason": "x"}),
        ("grant", {"credits": "0", "reason": "x"}),
        ("grant", {"credits": "ten", "reason": "x"}),
        ("grant", {"credits": "10", "reason": ""}),
        ("grant", {"credits": "9" * 30, "reason": "x"}),
        ("correct", {"credits": "0", "reason": "x"}),
        ("plan", {"plan": "0"}),
    ],
)
def test_a_grant_that_makes_no_sense_is_asked_again(
    owner_client: Client, alice: User, action: str, form: dict[str, str]
) -> None:
    before = CreditEntry.objects.count()
    response = act(owner_client, action, alice, **form)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert CreditEntry.objects.count() == before


def test_a_correction_below_nothing_is_refused_with_what_is_left(owner_client: Client, alice: User) -> None:
    response = act(owner_client, "correct", alice, credits="-501", reason="x")
    assert "500 are left" in response.content.decode()
    assert ledger.get_balance(alice) == 500


def test_olga_puts_alice_on_a_larger_plan(owner_client: Client, alice: User) -> None:
    large = Plan.objects.create(name="Large", credits_per_month=800)
    act(owner_client, "plan", alice, plan=large.pk)
    alice.refresh_from_db()
    assert (alice.plan, ledger.get_balance(alice)) == (large, 800)


def test_an_exception_grants_what_it_has_more_and_ends_by_itself(owner_client: Client, alice: User) -> None:
    form = {
        "user": alice.pk,
        "reason": "Christmas",
        "ends_at_0": "2099-01-01",
        "ends_at_1": "00:00:00",
        "credits_per_month": "700",
        "gigabytes": "1.5",
    }
    response = owner_client.post(reverse("admin:accounts_planexception_add"), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert ledger.get_balance(alice) == 700
    exception = PlanException.objects.get()
    assert (exception.most_bytes, exception.tools) == (1_500_000_000, None)


def test_plans_are_made_in_gigabytes_and_the_default_moves(owner_client: Client) -> None:
    form = {
        "name": "Large",
        "credits_per_month": "1000",
        "leftover": "carry",
        "requests_per_second": "5",
        "gigabytes": "50",
        "tools": ["cutout", "scene"],
        "is_default": "on",
    }
    response = owner_client.post(reverse("admin:accounts_plan_add"), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    large = Plan.objects.default()
    assert (large.name, large.most_bytes, large.tools) == ("Large", 50_000_000_000, ["cutout", "scene"])
    assert Plan.objects.filter(is_default=True).count() == 1
    address = reverse("admin:accounts_plan_change", args=[large.pk])
    assert 'name="gigabytes" value="50"' in owner_client.get(address).content.decode()
    assert (
        owner_client.post(address, {**form, "is_default": ""})
        .context["adminform"]
        .form.has_error("is_default", "last_default")
    )
    assert (
        owner_client.post(address, {**form, "tools": []})
        .context["adminform"]
        .form.has_error("tools", "no_tool")
    )


def test_a_plan_in_use_is_not_deleted(owner_client: Client, alice: User) -> None:
    large = Plan.objects.create(name="Large")
    staff_actions.put_on(alice, large)
    address = reverse("admin:accounts_plan_delete", args=[large.pk])
    response = owner_client.post(address, {"post": "yes"})
    assert "protected" in response.content.decode().lower()
    assert Plan.objects.filter(name="Large").exists()
    default = reverse("admin:accounts_plan_delete", args=[Plan.objects.default().pk])
    assert owner_client.post(default, {"post": "yes"}).status_code == 403


def test_signing_out_everywhere_ends_every_session_and_keeps_the_password(
    owner_client: Client, alice_client: Client, alice: User
) -> None:
    elsewhere = signed_in(alice)
    act(owner_client, "sign-out", alice)
    for client in (alice_client, elsewhere):
        assert client.get(reverse("accounts:profile")).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert signed_in(alice).get(reverse("accounts:profile")).status_code == 200


# -- The log, and lists as CSV --------------------------------------------------------------------


def test_everything_is_on_record_and_nobody_can_alter_it(owner_client: Client, alice: User) -> None:
    act(owner_client, "suspend", alice)
    act(owner_client, "grant", alice, credits="10", reason="Open day")
    owner_client.post(page_of(alice), {"email": alice.email, "name": "Alice Ample"})
    owner_client.get(LIST + "csv/")
    act(owner_client, "delete", alice)
    said = list(AuditEntry.objects.order_by("pk").values_list("action", "by", "target"))
    assert said == [
        ("suspended", "olga@example.com", "alice@example.com"),
        ("granted credits", "olga@example.com", "alice@example.com"),
        ("changed", "olga@example.com", "alice@example.com"),
        ("took a CSV file", "olga@example.com", ""),
        ("deleted with all data", "olga@example.com", "alice@example.com"),
    ]
    log = reverse("admin:accounts_auditentry_changelist")
    assert owner_client.get(log).status_code == 200
    entry = AuditEntry.objects.order_by("pk").first()
    assert entry is not None
    change = reverse("admin:accounts_auditentry_change", args=[entry.pk])
    assert owner_client.get(change).status_code == 200
    assert owner_client.post(change, {"details": ""}).status_code == 403
    assert owner_client.post(reverse("admin:accounts_auditentry_delete", args=[entry.pk])).status_code == 403
    assert owner_client.get(reverse("admin:accounts_auditentry_add")).status_code == 403
    for act_on in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(AuditIsAppendOnly):
            act_on()


def test_the_list_is_given_as_csv_with_its_filters_and_without_formulas(
    owner_client: Client, alice: User, bob: User
) -> None:
    User.objects.filter(pk=alice.pk).update(name='=HYPERLINK("http://x.example")')
    response = owner_client.get(LIST + "csv/", {"q": "alice"})
    assert response["Content-Type"].startswith("text/csv")
    lines = response.content.decode().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("email,name,plan,credits left,used this month")
    assert lines[1].startswith("alice@example.com,\"'=HYPERLINK(")
    assert "Standard (default),500,0" in lines[1]


def test_who_may_not_see_a_list_gets_no_csv_of_it(staff_client: Client) -> None:
    assert staff_client.get(reverse("admin:editor_task_changelist") + "csv/").status_code == 403


@pytest.mark.parametrize("path", ["/admin/", LIST, ADD])
def test_the_desk_says_where_it_may_load_from_as_every_page_does_but_for_styles(
    owner_client: Client, client: Client, path: str
) -> None:
    own, desk = (
        answer["Content-Security-Policy"].split("; ")
        for answer in (client.get(reverse("accounts:sign-in")), owner_client.get(path))
    )
    assert set(desk) - set(own) == {"style-src 'self' 'unsafe-inline'"}
    assert len(own) == len(desk) == 9
