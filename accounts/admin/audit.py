"""The audit log at the desk. Nobody can write to it here, superusers included."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry
from web.admin_lists import CachedValuesFilter, ReadOnlyAdmin
from web.language.sentences import tell


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "by", "what", "of_kind", "target", "details")
    list_filter = (("action", CachedValuesFilter), ("kind", CachedValuesFilter))
    search_fields = ("by", "target", "details")
    ordering = ("-id",)
    list_display_links: Any = ("created_at",)
    fields = ("created_at", "actor", "by", "what", "of_kind", "target_id", "target", "details")
    readonly_fields = ("what", "of_kind")

    @admin.display(description=_("action"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return tell(entry.action)

    @admin.display(description=_("of what kind"), ordering="kind")
    def of_kind(self, entry: AuditEntry) -> str:
        return tell(entry.kind)
