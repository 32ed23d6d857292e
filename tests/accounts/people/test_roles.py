"""Roles of staff: Sam supports, Quin manages quotas, Ada administers; each may no more than that."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts import initial_data, ledger
from accounts.models import CreditEntry, Plan, User
from editor.models import Photo, Task
from editor.states import State
from editor.tools import Tool
from editor.work import orders
from tests.conftest import signed_in

STAFF = {"sam": "Support", "quin": "Quota manager", "ada": "Administrator"}


@pytest.fixture
def desk(db: None) -> Callable[[str], Client]:
    """Returns a function that signs a member of staff in."""

    def sit_down(name: str) -> Client:
        person = User.objects.create_user(f"{name}@example.com", is_staff=True)
        person.groups.add(Group.objects.get(name=STAFF[name]))
        return signed_in(person)

    return sit_down


@pytest.fixture
def failed(alice: User) -> Task:
    photo = Photo.objects.create(owner=alice, name="lamp.jpg", file="photos/lamp.jpg", format="jpeg")
    task = orders.place(alice, photo, Tool.CUTOUT, {})
    orders.cancel(task)
    Task.objects.filter(pk=task.pk).update(state=State.FAILED)
    return task


def address(act: str, person: User) -> str:
    return f"{reverse('admin:accounts_user_act', args=[act])}?ids={person.pk}"


@pytest.mark.parametrize("name", STAFF)
def test_every_role_sees_people_tasks_results_and_the_ledger(
    desk: Callable[[str], Client], failed: Task, name: str
) -> None:
    client = desk(name)
    for row in ("accounts_user", "accounts_creditentry", "accounts_plan", "editor_task", "editor_result"):
        assert client.get(reverse(f"admin:{row}_changelist")).status_code == 200, row
    assert client.get(reverse("admin:accounts_user_change", args=[failed.owner_id])).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("sam", set()),
        ("quin", {"grant", "correct", "plan"}),
        ("ada", {"grant", "correct", "plan", "suspend", "reactivate", "sign-out", "delete"}),
    ],
)
def test_each_role_may_do_to_people_what_it_says(
    desk: Callable[[str], Client], alice: User, name: str, may: set[str]
) -> None:
    client = desk(name)
    acts = ("grant", "correct", "plan", "suspend", "reactivate", "sign-out", "delete")
    opened = {act for act in acts if client.get(address(act, alice)).status_code == 200}
    assert opened == may
    listed = client.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert {act for act in acts if f'<option value="{act}">' in listed} == may
    for act in set(acts) - may:
        form = {"credits": "10", "reason": "x", "plan": Plan.objects.default().pk}
        assert client.post(address(act, alice), form).status_code == 403
    alice.refresh_from_db()
    assert (alice.is_active, ledger.get_balance(alice)) == (True, 500)


@pytest.mark.parametrize(("name", "may"), [("sam", True), ("quin", False), ("ada", True)])
def test_support_sets_failed_work_going_again(
    desk: Callable[[str], Client], failed: Task, name: str, may: bool
) -> None:
    ticked = {"action": "retry", "_selected_action": str(failed.pk)}
    desk(name).post(reverse("admin:editor_task_changelist"), ticked)
    assert Task.objects.filter(photo=failed.photo).count() == (2 if may else 1)
    assert CreditEntry.objects.filter(kind="reserve").count() == (2 if may else 1)


@pytest.mark.parametrize(("name", "may"), [("sam", False), ("quin", True), ("ada", True)])
def test_plans_and_exceptions_are_the_quota_managers(
    desk: Callable[[str], Client], alice: User, name: str, may: bool
) -> None:
    client = desk(name)
    for row in ("accounts_plan", "accounts_planexception"):
        assert (client.get(reverse(f"admin:{row}_add")).status_code == 200) is may


@pytest.mark.parametrize("name", STAFF)
def test_nobody_of_staff_makes_staff_or_reaches_a_superuser(
    desk: Callable[[str], Client], alice: User, owner: User, name: str
) -> None:
    client = desk(name)
    form = {"email": alice.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    client.post(reverse("admin:accounts_user_change", args=[alice.pk]), form)
    for act in ("suspend", "sign-out", "delete"):
        client.post(address(act, owner))
    alice.refresh_from_db()
    owner.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, owner.is_active, owner.signed_out_times) == (
        False,
        False,
        True,
        0,
    )


@pytest.mark.parametrize(("name", "may"), [("sam", False), ("quin", False), ("ada", True)])
def test_the_audit_log_is_read_by_the_administrator(
    desk: Callable[[str], Client], name: str, may: bool
) -> None:
    status = desk(name).get(reverse("admin:accounts_auditentry_changelist")).status_code
    assert (status == 200) is may


def test_every_right_of_a_role_exists_and_an_admins_changes_to_a_role_stay(db: None) -> None:
    for name, rights in initial_data.ROLES.items():
        role = Group.objects.get(name=name)
        held = {f"{one.content_type.app_label}.{one.codename}" for one in role.permissions.all()}
        assert held == set(rights)
    support = Group.objects.get(name="Support")
    support.permissions.remove(support.permissions.get(codename="change_task"))
    Group.objects.get(name="Quota manager").delete()
    initial_data.begin()
    assert not support.permissions.filter(codename="change_task").exists()
    assert not Group.objects.filter(name="Quota manager").exists()
