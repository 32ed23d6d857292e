"""Roles of staff at the desk: each a list of rights to tick."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from web.language.sentences import tell

admin.site.unregister(Group)

# What Django lets one do with rows of a kind, by how the codename of the right begins.
ACTS = {"add": _("Add"), "change": _("Change"), "delete": _("Delete"), "view": pgettext_lazy("right", "View")}


class RightsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Permission) -> str:
        """What it lets one do, and with what."""
        act, model = ACTS.get(obj.codename.partition("_")[0]), obj.content_type.model_class()
        if act is None or model is None or not obj.name.startswith("Can "):
            return capfirst(tell(obj.name).removeprefix("Can "))
        return f"{act}: {model._meta.verbose_name_plural}"


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    filter_horizontal = ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """The roles, and not each right of theirs, which stays where it is."""
        _rows, counts, refused, protected = super().get_deleted_objects(objs, request)
        kept = {name: count for name, count in counts.items() if name == Group._meta.verbose_name_plural}
        return [str(role) for role in objs], kept, refused, protected

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
