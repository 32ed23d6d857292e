"""Plans and exceptions at the desk."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import ledger, tool_labels
from accounts.models import Plan, PlanException, User
from accounts.models.plan import NO_LIMIT
from web.language.sentences import tell

GIGABYTE = 1_000_000_000


def list_tools() -> list[tuple[str, str]]:
    return [(name, tell(label)) for name, label in tool_labels.LABELS.items()]


def say_gigabytes(count: int) -> str:
    """Return bytes in gigabytes, with no more digits after the comma than there are."""
    amount = (Decimal(count) / GIGABYTE).normalize()
    return gettext("%(amount)s GB") % {"amount": number_format(f"{amount:f}", force_grouping=True)}


class LimitsForm(forms.ModelForm):
    """Limits as people say them: gigabytes, and tools to tick."""

    tools = forms.MultipleChoiceField(
        label=_("Tools"), choices=list_tools, widget=forms.CheckboxSelectMultiple, required=False
    )
    gigabytes = forms.DecimalField(
        label=_("Most gigabytes stored"), min_value=0, max_digits=9, decimal_places=3, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("tools", self.instance.tools or [])
        if self.instance.most_bytes is not None:
            # In plain figures: as it stands, 20 would read 2E+1.
            self.initial["gigabytes"] = f"{(Decimal(self.instance.most_bytes) / GIGABYTE).normalize():f}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "gigabytes" in cleaned:
            amount = cleaned["gigabytes"]
            self.instance.most_bytes = None if amount is None else int(amount * GIGABYTE)
        return cleaned


class PlanForm(LimitsForm):
    # Not the model's: the default moves here from another plan, once this one is saved.
    is_default = forms.BooleanField(
        label=_("Default"), required=False, help_text=Plan._meta.get_field("is_default").help_text
    )

    class Meta:
        model = Plan
        exclude = ("most_bytes", "is_default")  # noqa: DJ006  (in gigabytes; moved by make_default)
        help_texts = {
            "credits_per_month": format_lazy(
                _("{no_limit} A change shows with each person's next month."), no_limit=NO_LIMIT
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_default"] = self.instance.is_default

    def clean_tools(self) -> list[str]:
        if not self.cleaned_data["tools"]:
            raise ValidationError(gettext("A plan has at least one tool. Tick one."), code="no_tool")
        return self.cleaned_data["tools"]

    def clean_is_default(self) -> bool:
        wanted = self.cleaned_data["is_default"]
        if self.instance.is_default and not wanted:
            raise ValidationError(
                gettext(
                    "There is always one default plan. Make another plan the default, and this one "
                    "ceases to be."
                ),
                code="last_default",
            )
        return wanted


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    form = PlanForm
    list_display = (
        "name",
        "is_default",
        "credits",
        "leftover",
        "requests_per_second",
        "storage",
        "at_once",
        "people",
    )
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "is_default")}),
        (_("Credits"), {"fields": ("credits_per_month", "leftover", "carry_most")}),
        (
            _("Limits"),
            {"fields": ("requests_per_second", "most_photos", "gigabytes", "most_at_once", "tools")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        return super().get_queryset(request).annotate(people_on_it=Count("users"))

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        # Which one is the default is not among what this page read: another admin may have moved it since.
        kept = [field.name for field in Plan._meta.concrete_fields if field.name not in ("id", "is_default")]
        obj.save(update_fields=kept if change else None)
        if form.cleaned_data["is_default"]:
            obj.make_default()

    def has_delete_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_default)

    @admin.display(description=_("credits a month"), ordering="credits_per_month")
    def credits(self, plan: Plan) -> str:
        return gettext("no limit") if plan.credits_per_month is None else intcomma(plan.credits_per_month)

    @admin.display(description=_("storage"), ordering="most_bytes")
    def storage(self, plan: Plan) -> str:
        return gettext("no limit") if plan.most_bytes is None else say_gigabytes(plan.most_bytes)

    @admin.display(description=_("at once"), ordering="most_at_once")
    def at_once(self, plan: Plan) -> str:
        return gettext("no limit") if plan.most_at_once is None else str(plan.most_at_once)

    @admin.display(description=_("people on it"), ordering="people_on_it")
    def people(self, plan: Any) -> str:
        return (
            gettext("%(people_on_it)s, and who has none") % {"people_on_it": plan.people_on_it}
            if plan.is_default
            else str(plan.people_on_it)
        )


class PlanExceptionForm(LimitsForm):
    class Meta:
        model = PlanException
        exclude = ("most_bytes",)  # noqa: DJ006  (in gigabytes)
        help_texts = {"user": _("Whose plan it is an exception to.")}

    def clean_tools(self) -> list[str] | None:
        return self.cleaned_data["tools"] or None


@admin.register(PlanException)
class PlanExceptionAdmin(admin.ModelAdmin):
    form = PlanExceptionForm
    list_display = ("user", "reason", "says", "ends_at", "created_at")
    list_filter = ("ends_at",)
    list_select_related = ("user",)
    search_fields = ("user__email", "reason")
    autocomplete_fields = ("user",)
    ordering = ("-ends_at",)
    fieldsets = (
        (None, {"fields": ("user", "reason", "ends_at")}),
        (
            _("Instead of the plan"),
            {
                "fields": (
                    "credits_per_month",
                    "requests_per_second",
                    "most_photos",
                    "gigabytes",
                    "most_at_once",
                    "tools",
                )
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: PlanException, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        ledger.replan(User.objects.get(pk=obj.user_id), reason=obj.reason, actor=request.user)  # type: ignore[arg-type]

    @admin.display(description=_("says"))
    def says(self, exception: PlanException) -> str:
        counts = {
            gettext("%(count)s credits a month"): exception.credits_per_month,
            gettext("%(count)s requests a second"): exception.requests_per_second,
            gettext("%(count)s photos"): exception.most_photos,
            gettext("%(count)s at once"): exception.most_at_once,
        }
        words = [words % {"count": intcomma(count)} for words, count in counts.items() if count is not None]
        if exception.most_bytes is not None:
            words.append(say_gigabytes(exception.most_bytes))
        return ", ".join([*words, *(tell(tool_labels.LABELS[tool]) for tool in exception.tools or ())]) or "–"
