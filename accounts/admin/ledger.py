"""The ledger at the desk: read, searched, and taken away as CSV."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import tool_labels
from accounts.models import CreditEntry
from accounts.templatetags.credits import reason
from web.admin_lists import CachedValuesFilter, ReadOnlyAdmin
from web.language.sentences import tell


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "owner", "kind", "effect", "amount", "what_with", "why", "task_id", "actor")
    list_filter = ("kind", ("tool", CachedValuesFilter))
    list_select_related = ("account__user", "actor")
    # By what an index finds: a whole address, or a task.
    search_fields = ("=account__user__email", "=task_id")
    search_help_text = _("By a person's whole address, or a task's id.")
    ordering = ("-id",)
    readonly_fields = ("what_with", "why")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """With reason and tool in the reader's words, each once."""
        words = {"tool": "what_with", "reason": "why"}
        return list(
            dict.fromkeys(words.get(str(name), str(name)) for name in super().get_fields(request, obj))
        )

    @admin.display(description=_("whose"))
    def owner(self, entry: CreditEntry) -> str:
        return str(entry.account.user or gettext("somebody who left"))

    @admin.display(description=_("tool"), ordering="tool")
    def what_with(self, entry: CreditEntry) -> str:
        return tell(tool_labels.LABELS.get(entry.tool, entry.tool))

    @admin.display(description=_("reason"))
    def why(self, entry: CreditEntry) -> str:
        return reason(entry.reason)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Look up an address in its one spelling."""
        return super().get_search_results(request, queryset, search_term.strip().lower())
