"""API keys at the desk: whose they are, when they were used, and shutting one out."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import ApiKey
from web.admin_lists import ReadOnlyAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("name", "prefix", "owner", "per_second", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("owner",)
    search_fields = ("name", "prefix", "owner__email")
    ordering = ("-created_at",)
    exclude = ("digest",)
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apikey")

    @admin.action(description=_("Revoke: refuse programs that use it"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = 0
        for key in queryset.select_related("owner"):
            if key.revoke():
                audit.record(request.user, "revoked a key", key, f"{key.owner}, {key.prefix}…")  # type: ignore[arg-type]
                count += 1
        self.message_user(request, gettext("Revoked: %(count)s.") % {"count": count}, messages.SUCCESS)
