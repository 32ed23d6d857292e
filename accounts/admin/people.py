"""People at the desk: their plan, what they have left and use, and what can be done about it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import Action, ActionLocation
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import belongings
from accounts.deletion import delete_account
from accounts.fields import AddressField, focus
from accounts.identity import addresses
from accounts.models import ApiKey, Plan, Usage, User
from accounts.usage import UsagePage
from web.language.sentences import tell

from .actions import ACTS, MOST_PEOPLE, REFUSALS, Act

# What would let staff make themselves, or each other, more than they are.
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")
CHANGED_SINCE = _(
    "Somebody else changed this account since you opened the page. Nothing of yours was "
    "saved: open the page again, look, and change what is still to be changed."
)


class AddUserForm(auth_forms.AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes = {"email": AddressField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is checked for its length is what is kept: see User.set_password.
        for name in ("password1", "password2"):
            self.fields[name].strip = True  # type: ignore[attr-defined]


class PasswordForm(auth_forms.AdminPasswordChangeForm):
    # Django puts it together as it is loaded, when nobody reads it yet.
    usable_password_help_text: Any = format_lazy(
        '{} <ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        auth_forms.SetUnusablePasswordMixin.usable_password_help_text,
        _("If disabled, the current password for this user will be lost."),
    )


class ChangeUserForm(auth_forms.UserChangeForm):
    """Knows what it was opened upon, so that two admins never undo each other's doing unawares."""

    as_read = forms.CharField(label="", widget=forms.HiddenInput, required=False)

    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"email": AddressField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["as_read"] = fingerprint(self.instance)

    def clean(self) -> dict[str, Any]:
        as_read = self.cleaned_data.get("as_read")
        now = User.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        if as_read and as_read != fingerprint(now):
            raise ValidationError(CHANGED_SINCE, code="changed_since")
        return self.cleaned_data


def fingerprint(user: User) -> str:
    """Return what tells two states of an account apart; its sign-ins are no change."""
    said = [
        user.email,
        user.name,
        user.password,
        user.is_active,
        user.is_staff,
        user.is_superuser,
        user.plan_id,
    ]
    if user.pk:
        said += [sorted(user.groups.values_list("pk", flat=True))]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


class OnPlan(admin.SimpleListFilter):
    """By the plan that holds: who was given none is on the default one."""

    title = _("plan")
    parameter_name = "plan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(plan.pk), tell(plan.name)) for plan in Plan.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value = self.value()
        if not value or not value.isdigit():
            return None
        default = Plan.objects.filter(is_default=True).values("pk")[:1]
        return queryset.annotate(plan_now=Coalesce("plan_id", Subquery(default))).filter(plan_now=int(value))


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = ChangeUserForm
    add_form = AddUserForm
    change_password_form = PasswordForm
    add_form_template = "admin/change_form.html"
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("email", "name", "on_plan", "credits", "used", "last_seen", "standing")
    list_filter = (OnPlan, "is_active", "is_staff", "is_superuser", "date_joined")
    list_per_page = 50
    filter_horizontal = ()
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("date_joined", "last_login", "on_plan")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "as_read")}),
        (_("May"), {"fields": ("on_plan", "is_active", "is_staff", "is_superuser", "groups")}),
        (_("Since"), {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    # -- The list ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With what the list says about each, by index and in the one query of the page."""
        used = Usage.objects.of_month(today()).filter(account__user=OuterRef("pk")).order_by()
        keys = ApiKey.objects.filter(owner=OuterRef("pk"))
        people: Any = super().get_queryset(request)
        return (
            people.select_related("plan", "account")
            .with_balance()
            .annotate(
                plan_name=Coalesce(
                    "plan__name", Subquery(Plan.objects.filter(is_default=True).values("name")[:1])
                ),
                used_now=Subquery(used.values("account").annotate(sum=Sum("credits")).values("sum")),
                **{
                    f"activity_{n}": Subquery(rows.filter(owner=OuterRef("pk")).values("created_at")[:1])
                    for n, rows in enumerate(belongings.list_activity())
                },
                key_at=Subquery(
                    keys.order_by(F("last_used_at").desc(nulls_last=True)).values("last_used_at")[:1]
                ),
            )
        )

    @admin.display(description=_("plan"), ordering="plan_name")
    def on_plan(self, user: Any) -> str:
        """The plan that holds; changed by an act, which grants what a larger one has more."""
        name = tell(user.plan_name)
        return name if user.plan_id else gettext("%(plan)s (default)") % {"plan": name}

    @admin.display(description=_("credits left"), ordering="account__balance")
    def credits(self, user: Any) -> str:
        if user.limit is None:
            return gettext("no limit")
        return intcomma(user.account.balance) if hasattr(user, "account") else "0"

    @admin.display(description=_("used this month"), ordering="used_now")
    def used(self, user: Any) -> str:
        return intcomma(user.used_now or 0)

    @admin.display(description=_("standing"), ordering="is_active")
    def standing(self, user: User) -> SafeString:
        if not user.is_active:
            return format_html('<span class="badge bad">{}</span>', gettext("Suspended"))
        role = (
            gettext("Superuser")
            if user.is_superuser
            else gettext("Staff")
            if user.is_staff
            else gettext("Active")
        )
        return format_html('<span class="badge">{}</span>', role)

    @admin.display(description=_("last seen"))
    def last_seen(self, user: Any) -> datetime | None:
        """The latest of what leaves a mark; looking alone leaves none, since a GET never writes."""
        marks = [value for name, value in vars(user).items() if name.startswith("activity_")]
        return max(filter(None, (user.last_login, user.key_at, *marks)), default=None)

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Action | None]:
        """The acts that this person may do, and no others. A person's own page has buttons for them."""
        if action_location != ActionLocation.CHANGE_LIST:
            return {}
        return {
            act.name: Action(make_action(act), act.name, label, label, [action_location])
            for act in self.list_allowed(request)
            for label in [f"{tell(act.label)} …"]
        }

    # -- One person -------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        if not request.user.is_superuser:
            return (*readonly, *POWERS, "is_active")
        if obj is not None and (obj == request.user or obj.is_last_superuser):
            # Nobody locks themselves out, nor the studio's last superuser.
            return (*readonly, "is_active", "is_superuser", "is_staff")
        return readonly

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles to tick: there are a few."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["label"] = gettext("Roles")
            kwargs["help_text"] = gettext("Roles of staff, each with its rights.")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            # Whoever makes an account here vouches for its address.
            addresses.confirm(obj)
            return
        # What was changed and no more: what another admin changed meanwhile stays.
        fields = [
            name for name in form.changed_data if name in {field.name for field in User._meta.concrete_fields}
        ]
        obj.save(update_fields=fields)
        if "email" in fields:
            addresses.confirm(obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Staff who are no superusers may not change one, nor a superuser's password."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        kept = obj is not None and (
            obj == request.user
            or obj.is_last_superuser
            or (obj.is_superuser and not request.user.is_superuser)
        )
        return not kept and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """All that is theirs goes along, though none of it could be deleted by itself."""
        rows, counts, _, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        delete_account(obj)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the person's credits, month and storage above the form, and what can be done to them."""
        person = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if person is not None and self.has_view_or_change_permission(request, person):
            acts = [act for act in self.list_allowed(request) if self.reaches(request, act, person)]
            acts = [act for act in acts if act.when in (None, person.is_active)]
            # "Delete with all data" is among the acts.
            context |= {"usage": UsagePage(person), "acts": acts, "person": person, "show_delete": False}
        return super().change_view(request, object_id, form_url, context)

    # -- Acts -------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.act)
        return [path("act/<slug:name>/", view, name="accounts_user_act"), *super().get_urls()]

    def list_allowed(self, request: HttpRequest) -> list[Act]:
        return [act for act in ACTS.values() if request.user.has_perm(act.right)]

    def reaches(self, request: HttpRequest, act: Act, person: User) -> bool:
        """Whether this person may do that to that one: never suspend or delete oneself or one's better."""
        if act.reaches_up:
            return True
        return person != request.user and (request.user.is_superuser or not person.is_superuser)

    def act(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask, and then do it to each. ?ids= says to whom."""
        act = ACTS.get(name)
        if act is None:
            raise Http404
        if not request.user.has_perm(act.right):
            raise PermissionDenied
        ids = [pk for pk in request.GET.get("ids", "").split(",") if pk.isascii() and pk.isdigit()][
            :MOST_PEOPLE
        ]
        found = list(User.objects.filter(pk__in=ids).select_related("plan").order_by("email"))
        people = [person for person in found if self.reaches(request, act, person)]
        form = act.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            for sentence in self.carry_out(act, people, form.cleaned_data, request.user):  # type: ignore[arg-type]
                self.message_user(request, sentence[1], sentence[0])
            return redirect(self.choose_next_url(act, people))
        focus(form)
        context = {
            **self.admin_site.each_context(request),
            "title": tell(act.label),
            "opts": self.opts,
            "act": act,
            "form": form,
            "people": people,
            "left_out": [person for person in found if person not in people],
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/accounts/user/act.html", context, status=status)

    def carry_out(
        self, act: Act, people: list[User], data: dict[str, Any], actor: User
    ) -> Iterator[tuple[int, str]]:
        """Do it to one after the other; say to whom it was done, and why not to whom it was not."""
        done = []
        for person in people:
            try:
                with transaction.atomic():
                    act.does(person, data, actor)
            except REFUSALS as exc:
                yield messages.ERROR, f"{person.email}: {tell(exc.sentence)}"
            else:
                done.append(person.email)
        if done:
            yield messages.SUCCESS, f"{tell(act.done)} {', '.join(done)}."
        elif not people:
            yield messages.WARNING, gettext("Nothing was done: nobody was chosen to whom you may do this.")

    def choose_next_url(self, act: Act, people: list[User]) -> str:
        if len(people) == 1 and act.name != "delete":
            return reverse("admin:accounts_user_change", args=[people[0].pk])
        return reverse("admin:accounts_user_changelist")


def make_action(act: Act) -> Any:
    """Return an action of the list that goes to the page which asks."""

    def lead(model_admin: UserAdmin, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        ids = list(queryset.values_list("pk", flat=True)[: MOST_PEOPLE + 1])
        if len(ids) > MOST_PEOPLE:
            model_admin.message_user(
                request,
                gettext("Choose up to %(most_people)s people at a time.") % {"most_people": MOST_PEOPLE},
                messages.WARNING,
            )
            return None
        address = reverse("admin:accounts_user_act", args=[act.name])
        return redirect(f"{address}?{urlencode({'ids': ','.join(map(str, ids))})}")

    return lead


def today() -> Any:
    return timezone.localdate(timezone=timezone.get_default_timezone())
