"""The audit log at the desk. Nobody can write to it here, superusers included."""

from typing import Any

from django.contrib import admin

from accounts.models import AuditEntry
from web.admin_lists import CachedValuesFilter, ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "by", "action", "kind", "target", "details")
    list_filter = (("action", CachedValuesFilter), ("kind", CachedValuesFilter))
    search_fields = ("by", "target", "details")
    ordering = ("-id",)
    list_display_links: Any = ("created_at",)
