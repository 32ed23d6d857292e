"""People on the admin's desk."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from .farewell import delete_account
from .forms import AddressField
from .models import User

admin.site.site_header = admin.site.site_title = "Sweep"
admin.site.index_title = "The admin's desk"


class AddUserForm(auth_forms.AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes = {"email": AddressField}


class ChangeUserForm(auth_forms.UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"email": AddressField}


# What would let staff make themselves, or each other, more than they are.
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = ChangeUserForm
    add_form = AddUserForm
    add_form_template = "admin/change_form.html"
    list_display = ("email", "name", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    search_fields = ("email", "name")
    ordering = ("email",)
    date_hierarchy = "date_joined"
    readonly_fields = ("date_joined", "last_login")
    actions = ("suspend", "reactivate")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("May", {"fields": ("is_active", *POWERS)}),
        ("Since", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        if not request.user.is_superuser:
            return (*readonly, *POWERS)
        if obj is not None and (obj == request.user or obj.is_last_superuser):
            # Nobody locks themselves out, nor the studio's last superuser.
            return (*readonly, "is_active", "is_superuser", "is_staff")
        return readonly

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

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        delete_account(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            delete_account(person)

    def in_reach(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Of the people chosen, those whom this person may suspend: never themselves."""
        queryset = queryset.exclude(email=request.user.get_username())
        return queryset if request.user.is_superuser else queryset.filter(is_superuser=False)

    @admin.action(description="Suspend: sign out at once and keep out", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        count = self.in_reach(request, queryset).filter(is_active=True).update(is_active=False)
        self.message_user(request, f"Suspended: {count}.", messages.SUCCESS)

    @admin.action(description="Reactivate", permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        count = self.in_reach(request, queryset).filter(is_active=False).update(is_active=True)
        self.message_user(request, f"Reactivated: {count}.", messages.SUCCESS)
