"""The ledger at the desk: read, searched, and taken away as CSV."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import CreditEntry
from web.admin_lists import CachedValuesFilter, ReadOnlyAdmin


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "owner", "kind", "effect", "amount", "tool", "reason", "task_id", "actor")
    list_filter = ("kind", ("tool", CachedValuesFilter))
    list_select_related = ("account__user", "actor")
    # By what an index finds: a whole address, or a task.
    search_fields = ("=account__user__email", "=task_id")
    search_help_text = _("By a person's whole address, or a task's id.")
    ordering = ("-id",)

    @admin.display(description=_("whose"))
    def owner(self, entry: CreditEntry) -> str:
        return str(entry.account.user or gettext("somebody who left"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Look up an address in its one spelling."""
        return super().get_search_results(request, queryset, search_term.strip().lower())
