"""The admin's desk: Django's admin, with everything done at it on record, and every list as CSV.

django-unfold was tried first: its pages are driven by expressions in attributes (Alpine), which our
content security policy does not let run. So it is Django's own admin in the studio's look.
"""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.csp import CSP
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from web.language.sentences import tell
from web.spreadsheets import write_csv

from .contents import LEFT_OUT, SECTIONS

# Lines of one CSV file: it is made in memory. Filter the list for more.
MOST_LINES = 50_000


class OnRecord(admin.ModelAdmin):
    """Writes what is added, changed and deleted into the audit log, beside Django's own list."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record_action(request, "added", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record_action(request, "changed", obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            record_action(request, "deleted", obj)
        return super().log_deletions(request, queryset)


class BoundedPaginator(Paginator):
    """Counts up to a bound: beyond it nobody pages, and a million rows need not be counted for each page."""

    MOST = 20_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list[: self.MOST]
        return rows.count() if isinstance(rows, QuerySet) else len(rows)


class Listed(admin.ModelAdmin):
    """Gives what is listed, with the filters that are set, as a CSV file too."""

    paginator = BoundedPaginator
    show_full_result_count = False
    change_list_template = "admin/listed.html"
    # Columns that only make sense on a page.
    csv_leaves_out: tuple[str, ...] = ("action_checkbox", "picture")

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """What is edited in a list says of which row it is: the column's head is no label to a field."""
        given: Any = super().get_changelist_formset(request, **kwargs)

        class Labelled(given):
            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                for field in form.fields.values():
                    if not field.widget.is_hidden:
                        field.widget.attrs.setdefault("aria-label", f"{field.label}: {form.instance}")

        return Labelled

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        view = self.admin_site.admin_view(require_safe(self.as_csv))
        return [path("csv/", view, name=name), *super().get_urls()]

    def as_csv(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        listed = self.get_changelist_instance(request)
        columns: list[Any] = [name for name in listed.list_display if name not in self.csv_leaves_out]
        rows = listed.queryset[:MOST_LINES]
        record_action(
            request,
            gettext("took a CSV file"),
            details=f"{self.opts.verbose_name_plural} {request.GET.urlencode()}",
        )
        heads = [str(label_for_field(name, self.model, self)) for name in columns]
        text = write_csv(heads, ([self.cell(name, row) for name in columns] for row in rows))
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
        filename = f"{self.opts.model_name}-{timezone.localdate()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
        return response

    def cell(self, name: Any, row: Model) -> Any:
        try:
            field, _, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return ""
        if field is not None and field.choices:
            return getattr(row, f"get_{field.name}_display")()
        if isinstance(value, SafeString):
            return strip_tags(value)
        if isinstance(value, datetime):
            return timezone.localtime(value).isoformat(" ", "seconds")
        return "" if value is None else value


# Django's admin sets a style attribute here and there.
DESK_CSP: dict[str, list[str]] = {**settings.SECURE_CSP, "style-src": [CSP.SELF, CSP.UNSAFE_INLINE]}


class Desk(admin.AdminSite):
    """The one admin site. Whatever is registered, by us or by a package, is on record and as CSV."""

    site_header = site_title = "Sweep"
    index_title = _("The admin's desk")
    index_template = "admin/desk.html"
    empty_value_display = "–"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        given_models: list[Any] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else [*model_or_iterable]
        )
        models = [model for model in given_models if model._meta.label not in LEFT_OUT]
        given = admin_class or admin.ModelAdmin
        parts = tuple(part for part in (OnRecord, Listed) if not issubclass(given, part))
        super().register(models, type(given.__name__, (*parts, given), {}), **options)

    def get_urls(self) -> list[Any]:
        from .status import show_status
        from .storage import show_storage

        storage = path("storage/", self.admin_view(show_storage), name="storage")
        status = path("status/", self.admin_view(require_safe(show_status)), name="status")
        return [status, storage, *super().get_urls()]

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one page for that."""
        return redirect("accounts:password-change")

    password_change_done = password_change

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one way out, too."""
        from accounts.views import sign_out

        return sign_out(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """What this person may look at, under the desk's own headings; a package's own page as it is."""
        packages = super().get_app_list(request, app_label)
        if app_label is not None:
            return packages
        rows = {row["model"]._meta.label: row for package in packages for row in package["models"]}
        known = {label for labels in SECTIONS.values() for label in labels}
        sections = {**SECTIONS, "More": [label for label in rows if label not in known]}
        return [
            {
                "name": tell(heading),
                "app_label": slugify(heading),
                "app_url": f"{reverse('admin:index')}#{slugify(heading)}",
                "has_module_perms": True,
                "models": [rows[label] for label in labels if label in rows],
            }
            for heading, labels in sections.items()
            if not rows.keys().isdisjoint(labels)
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return csp_override(DESK_CSP)(super().admin_view(view, cacheable))


def record_action(
    request: HttpRequest, action: str, obj: Any = None, message: Any = "", details: str = ""
) -> None:
    """Add to the audit log what a person at the desk did."""
    from django.contrib.admin.models import LogEntry

    from accounts import audit

    said = LogEntry(change_message=message if isinstance(message, str) else json.dumps(message))
    with translation.override(settings.LANGUAGE_CODE):
        details = details or said.get_change_message()
    audit.record(request.user, action, obj, details)  # type: ignore[arg-type]
