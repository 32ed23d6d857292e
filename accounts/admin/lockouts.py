"""Wrong passwords at the desk: for which address, from where, and letting somebody try again."""

from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from web.admin_lists import ReadOnlyAdmin


def name_attempt(attempt: AccessAttempt) -> str:
    """Return what a row goes by: its own name is for programmers."""
    return attempt.username or attempt.ip_address or gettext("unknown")


AccessAttempt.__str__ = name_attempt


@admin.register(AccessAttempt)
class LockoutAdmin(ReadOnlyAdmin):
    list_display = ("address", "machine", "wrong", "last", "standing")
    search_fields = ("username", "ip_address")
    search_help_text = _("By a person’s address, or a machine’s.")
    ordering = ("-attempt_time",)
    fields = ("address", "machine", "browser", "wrong", "last", "standing")
    readonly_fields = fields
    actions = ("let_in",)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.suspend_user")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_lift_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("address"), ordering="username")
    def address(self, attempt: AccessAttempt) -> str:
        return attempt.username or gettext("none was typed")

    @admin.display(description=_("from the machine"), ordering="ip_address")
    def machine(self, attempt: AccessAttempt) -> str:
        return attempt.ip_address or gettext("unknown")

    @admin.display(description=_("browser"))
    def browser(self, attempt: AccessAttempt) -> str:
        return attempt.user_agent or gettext("unknown")

    @admin.display(description=_("wrong passwords"), ordering="failures_since_start")
    def wrong(self, attempt: AccessAttempt) -> int:
        return attempt.failures_since_start

    @admin.display(description=_("the last"), ordering="attempt_time")
    def last(self, attempt: AccessAttempt) -> str:
        return formats.localize(timezone.localtime(attempt.attempt_time))

    @admin.display(description=_("now"))
    def standing(self, attempt: AccessAttempt) -> SafeString | str:
        ends_at = attempt.attempt_time + get_cool_off()
        if attempt.failures_since_start < settings.AXES_FAILURE_LIMIT or ends_at <= timezone.now():
            return gettext("may try")
        words = gettext("shut until %(localtime)s") % {"localtime": f"{timezone.localtime(ends_at):%H:%M}"}
        return format_html('<span class="badge bad">{}</span>', words)

    @admin.action(description=_("Let them try again"), permissions=["lift"])
    def let_in(self, request: HttpRequest, queryset: QuerySet[AccessAttempt]) -> None:
        for attempt in queryset:
            details = f"{attempt.username} from {attempt.ip_address}"
            audit.record(request.user, "let somebody try again", details=details)  # type: ignore[arg-type]
        count, _ = queryset.delete()
        self.message_user(request, gettext("May try again: %(count)s.") % {"count": count}, messages.SUCCESS)
