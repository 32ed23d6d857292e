"""The rule of signing in at the desk: of whom a second factor is asked."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import SignInRule


@admin.register(SignInRule)
class SignInRuleAdmin(admin.ModelAdmin):
    """One row, which is there and stays. Where the setting says it, it is only read here."""

    list_display = ("__str__", "second_factor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not settings.SECOND_FACTOR and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("said_by_setting",) if settings.SECOND_FACTOR else ("second_factor",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("said_by_setting",) if settings.SECOND_FACTOR else ()

    @admin.display(description=_("a second factor is asked of"))
    def said_by_setting(self, rule: SignInRule) -> str:
        label = SignInRule.Asked(settings.SECOND_FACTOR).label
        return gettext("%(label)s – the setting SECOND_FACTOR says so, and goes before this page.") % {
            "label": label
        }
