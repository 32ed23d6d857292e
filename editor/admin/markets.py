"""Marketplaces at the desk: what each asks, where an admin knows better than the table that is shipped."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from editor.engines.catalogue.markets import MARKETS
from editor.models import Market
from web.language.sentences import tell

from .market_form import MarketForm, read_row


@admin.register(Market)
class MarketAdmin(admin.ModelAdmin):
    form = MarketForm
    list_display = ("title", "key", "stands", "source", "date", "changed_at")
    ordering = ("key",)
    search_fields = ("key",)
    fieldsets = (
        (None, {"fields": ("key", "hidden", ("name", "kind"))}),
        (_("Where it was read"), {"fields": ("official", "source", "date")}),
        (
            _("The picture"),
            {
                "fields": (
                    "ground",
                    ("good_width", "good_height"),
                    ("least_width", "least_height"),
                    ("most_width", "most_height"),
                    ("least_longest", "most_longest"),
                    "most_megapixels",
                    "ratios",
                    ("fill_least", "fill_aim", "fill_most"),
                    "forbidden",
                )
            },
        ),
        (
            _("The file"),
            {"fields": ("formats", "most_megabytes", "least_dpi", "clipping_path", "names", "name_pattern")},
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.take_back)
        return [path("<slug:key>/shipped/", view, name="editor_market_shipped"), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form's own fields are not the row's, which Django would look for."""
        return super().get_form(request, obj, change, **{**options, "fields": MarketForm.Meta.fields})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A shipped one's key in the address: the form begins with what it says."""
        return {"key": request.GET.get("key", "")[:40]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        changed = set(Market.objects.values_list("key", flat=True))
        shipped = [market for key, market in MARKETS.items() if key not in changed]
        response = super().changelist_view(request, {**(extra_context or {}), "shipped": shipped})
        if isinstance(response, TemplateResponse):
            # What every list of the desk is shown by goes before a template of this class's own.
            response.template_name = "admin/editor/market/list.html"
        return response

    def take_back(self, request: HttpRequest, key: str) -> HttpResponse:
        """Ask whether the shipped one shall hold again; with a POST make it so."""
        row = get_object_or_404(Market, pk=key)
        if key not in MARKETS or not self.has_change_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            audit.record(request.user, "put back as shipped", row)  # type: ignore[arg-type]
            row.delete()
            self.message_user(
                request,
                gettext("%(title)s is as shipped again.") % {"title": tell(MARKETS[key].title)},
                messages.SUCCESS,
            )
            return redirect("admin:editor_market_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("%(title)s: back to the shipped one?") % {"title": tell(MARKETS[key].title)},
            "opts": self.opts,
            "row": row,
        }
        return TemplateResponse(request, "admin/editor/market/shipped.html", context)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """One that is shipped goes back to that, or is hidden."""
        return super().has_delete_permission(request, obj) and not (obj and obj.pk in MARKETS)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> Any:
        obj = options.get("obj")
        return super().render_change_form(
            request, {**context, "is_shipped": bool(obj and obj.pk in MARKETS)}, *args, **options
        )

    @admin.display(description=_("marketplace"), ordering="key")
    def title(self, row: Market) -> str:
        market = read_row(row)
        return market.title if market else str(row)

    @admin.display(description=_("state"))
    def stands(self, row: Market) -> SafeString:
        if row.hidden:
            look, words = "", "hidden"
        elif read_row(row) is None:
            look, words = " bad", gettext("cannot be read")
        else:
            look, words = " good", gettext("changed here") if row.key in MARKETS else gettext("added here")
        return format_html('<span class="badge{}">{}</span>', look, words)

    @admin.display(description=_("source"))
    def source(self, row: Market) -> str:
        return str(row.data.get("source") or "–")

    @admin.display(description=_("read on"))
    def date(self, row: Market) -> str:
        return str(row.data.get("date") or "–")
