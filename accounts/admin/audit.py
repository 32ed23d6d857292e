"""The audit log at the desk. Nobody can write to it here, superusers included."""

from typing import Any

from django.contrib import admin

from accounts.models import AuditEntry
from picwish_site.admin.site import KeptValues

from .read_only import Facts


@admin.register(AuditEntry)
class AuditEntryAdmin(Facts):
    list_display = ("created_at", "by", "action", "kind", "target", "details")
    list_filter = (("action", KeptValues), ("kind", KeptValues))
    search_fields = ("by", "target", "details")
    ordering = ("-id",)
    list_display_links: Any = ("created_at",)
