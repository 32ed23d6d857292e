"""Roles of staff at the desk: each a list of rights to tick."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext

admin.site.unregister(Group)


class RightsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Permission) -> str:
        """What it lets one do; whose rows they are is said by the words themselves."""
        return obj.name.removeprefix("Can ").capitalize()


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    filter_horizontal = ()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        """Rights on what the desk lists, and what roles have already: others would open nothing."""
        listed = {(model._meta.app_label, model._meta.model_name) for model in self.admin_site._registry}
        rights = [
            right.pk
            for right in Permission.objects.select_related("content_type")
            if (right.content_type.app_label, right.content_type.model) in listed
        ]
        return RightsField(
            Permission.objects.filter(Q(pk__in=rights) | Q(group__isnull=False)).distinct(),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=gettext("May"),
        )
