"""Other services at the desk: how each is reached, how it goes with it, and which tool goes to whom.

What the environment says is shown and cannot be changed here. A key is taken in and never shown again.
"""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from editor import dashboard, services
from editor.models import Provider, Route
from editor.remote import circuit, routing, sealed_keys, trial_calls
from editor.templatetags.words import ago
from editor.tools import SPECS, Tool
from web import environment
from web.language.sentences import tell

DOTS = "…"


class ProviderForm(forms.ModelForm):
    """How a service is reached. The key is only ever typed, not shown."""

    new_key = forms.CharField(
        label=_("API key"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    forget_key = forms.BooleanField(label=_("Forget the key"), required=False)

    class Meta:
        model = Provider
        fields = ("base_url", "enabled", "heeds_idempotency_keys")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "new_key" in self.fields:
            self.fields["new_key"].help_text = describe_key(self.instance)
        if settings.SERVICES[self.instance.name].heeds_idempotency_keys:
            field = self.fields["heeds_idempotency_keys"]
            field.disabled, self.initial["heeds_idempotency_keys"] = True, True
            field.help_text = gettext("Set by %(variable)s.") % {
                "variable": name_variable(self.instance, "HEEDS_IDEMPOTENCY_KEYS")
            }

    def clean_base_url(self) -> str:
        address: str = self.cleaned_data["base_url"].strip().rstrip("/")
        trouble = environment.wrong_with_address(address)
        if trouble:
            raise forms.ValidationError(trouble, code="address")
        return address

    def clean_new_key(self) -> str:
        key: str = self.cleaned_data["new_key"]
        if not (key.isascii() and key.isprintable()):
            raise forms.ValidationError(
                gettext("A key has plain letters and digits only. Copy it again."), code="key"
            )
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        before = Provider.objects.get(pk=self.instance.pk)
        moved = "base_url" in cleaned and get_origin(cleaned["base_url"]) != get_origin(before.base_url)
        # Or whoever may change the address could have the key sent to themselves.
        if moved and before.sealed_key and not (cleaned.get("new_key") or cleaned.get("forget_key")):
            sentence = gettext("Enter the key again: the one that is set was given for another address.")
            self.add_error("new_key", forms.ValidationError(sentence, code="moved"))
        self.keep_in_use(before, cleaned)
        return cleaned

    def keep_in_use(self, before: Provider, cleaned: dict[str, Any]) -> None:
        """Refuse what would leave the tools that this service carries out with nobody who does."""
        given, ways = settings.SERVICES[before.name], routing.list_tools(before.name)
        kept = before.sealed_key and not cleaned.get("forget_key")
        needed = {
            "base_url": given.base_url or cleaned.get("base_url"),
            "new_key": given.key or cleaned.get("new_key") or kept,
            "enabled": cleaned.get("enabled") or all(way.fallback for way in ways.values()),
        }
        for name, there in needed.items():
            if ways and not there and name in self.fields and name not in self.errors:
                tasks = ", ".join(tell(SPECS[Tool(tool)].jobs) for tool in ways)
                sentence = gettext(
                    "It carries out %(tasks)s. Have another do that first, under “Tool by tool”."
                ) % {"tasks": tasks}
                self.add_error(name, forms.ValidationError(sentence, code="in_use"))

    def save(self, commit: bool = True) -> Provider:
        provider: Provider = super().save(commit=False)
        key = self.cleaned_data.get("new_key", "")
        if key:
            provider.sealed_key, provider.key_ends = sealed_keys.seal(key), get_ends(key)
        elif self.cleaned_data.get("forget_key"):
            provider.sealed_key = provider.key_ends = ""
        if commit:
            provider.save()
        return provider


def get_origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


def get_ends(key: str) -> str:
    """Return what a key is recognised by; nothing of one so short that this would tell it."""
    return key[-4:] if len(key) >= 16 else ""


def describe_key(provider: Provider) -> str:
    """Return whether there is a key, for people, and at most how it ends."""
    own = settings.SERVICES[provider.name].key
    if own:
        said = {"variable": name_variable(provider, "KEY"), "ending": f"{DOTS}{get_ends(own)}"}
        if get_ends(own):
            return gettext("Set by %(variable)s, ends in %(ending)s.") % said
        return gettext("Set by %(variable)s.") % said
    if provider.sealed_key:
        said = {"ending": f"{DOTS}{provider.key_ends}"}
        if provider.key_ends:
            return gettext("Set, ends in %(ending)s. Leave this empty to keep it.") % said
        return gettext("Set. Leave this empty to keep it.")
    return gettext("None is set.")


def name_variable(provider: Provider, what: str) -> str:
    return f"{provider.name.upper()}_{what}"


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    form = ProviderForm
    list_display = (
        "title",
        "how",
        "carries",
        "last_success_at",
        "error",
        "calls_today",
        "credits_today",
        "trial",
    )
    csv_leaves_out = ("action_checkbox", "trial")
    actions = ("ask_again",)
    fieldsets = (
        (None, {"fields": ("base_url", "new_key", "forget_key", "enabled", "heeds_idempotency_keys")}),
        (_("How it goes"), {"fields": ("how", "carries", "last_success_at", "error")}),
        (_("Today"), {"fields": ("calls_today", "credits_today")}),
    )
    # What a person sets; the rest of the row is the workers', who may write to it in this very moment.
    SET_HERE: ClassVar[tuple[str, ...]] = (
        "base_url",
        "enabled",
        "heeds_idempotency_keys",
        "sealed_key",
        "key_ends",
    )
    FACTS: ClassVar[tuple[str, ...]] = (
        "how",
        "carries",
        "last_success_at",
        "error",
        "calls_today",
        "credits_today",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_now)
        return [path("<slug:name>/try/", view, name="editor_provider_try"), *super().get_urls()]

    def try_now(self, request: HttpRequest, name: str) -> HttpResponse:
        """Say what a trial does and costs; with a POST make it, and say what came."""
        provider = get_object_or_404(Provider, pk=name)
        if not self.has_change_permission(request, provider):
            raise PermissionDenied
        trial = None
        if request.method == "POST":
            trial = trial_calls.run_trial(provider)
            audit.record(request.user, "tried a service", provider, trial.sentence)  # type: ignore[arg-type]
        connection = routing.get_connection(provider, though_off=True)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Try %(provider)s now") % {"provider": provider},
            "opts": self.opts,
            "provider": provider,
            "connection": connection,
            "trial": trial,
        }
        return TemplateResponse(request, "admin/editor/provider/try.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Those that the studio can speak with are there."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> tuple[str, ...]:
        given = settings.SERVICES[obj.name] if obj else None
        fixed = ("address", "key") if given and (given.base_url or given.key) else ()
        return (*self.FACTS, *fixed)

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        """What the environment fixes is shown in the place of what could be typed."""
        sections = super().get_fieldsets(request, obj)
        given = settings.SERVICES[obj.name] if obj else None
        if given is None:
            return sections
        shown = ["address" if given.base_url or given.key else "base_url"]
        shown += ["key"] if given.key else ["new_key", "forget_key"]
        return ((None, {"fields": (*shown, "enabled", "heeds_idempotency_keys")}), *sections[1:])

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        names = [name for _, section in self.get_fieldsets(request, obj) for name in section["fields"]]
        own = [name for name in names if name in ProviderForm.base_fields]
        return super().get_form(request, obj, change, **{**options, "fields": own})

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        obj.save(update_fields=self.SET_HERE)
        # What failed with the old address or key may not with the new.
        circuit.close_circuit(obj.name)
        circuit.release_tasks(obj.name)

    @admin.display(description=_("service"), ordering="name")
    def title(self, provider: Provider) -> str:
        return str(provider)

    @admin.display(description=_("state"))
    def how(self, provider: Provider) -> SafeString:
        standing = routing.describe_standing(provider)
        look = {True: " bad", False: " good", None: ""}[standing.is_bad]
        return format_html('<span class="badge{}">{}</span>', look, tell(standing.words).rstrip("."))

    @admin.display(description=_("carries out"))
    def carries(self, provider: Provider) -> str:
        return ", ".join(gettext(Tool(tool).label) for tool in routing.list_tools(provider.name)) or gettext(
            "nothing"
        )

    @admin.display(description=_("last error"))
    def error(self, provider: Provider) -> str:
        return (
            f"{ago(provider.last_error_at)}: {tell(provider.last_error)}" if provider.last_error_at else "–"
        )

    @admin.display(description=_("calls today"))
    def calls_today(self, provider: Provider) -> int:
        return provider.calls_today

    @admin.display(description=_("credits today"))
    def credits_today(self, provider: Provider) -> int:
        """Of the tasks that it carried out, as this studio counts them."""
        return dashboard.count_credits_today(provider.name)

    @admin.display(description=_("address"))
    def address(self, provider: Provider) -> str:
        own = settings.SERVICES[provider.name].base_url
        return (
            gettext("%(own)s (set by %(variable)s)")
            % {"own": own, "variable": name_variable(provider, "URL")}
            if own
            else gettext("%(variable)s is not set.") % {"variable": name_variable(provider, "URL")}
        )

    @admin.display(description=_("API key"))
    def key(self, provider: Provider) -> str:
        return describe_key(provider)

    @admin.display(description=_("does it work?"))
    def trial(self, provider: Provider) -> SafeString:
        address = reverse("admin:editor_provider_try", args=[provider.name])
        return format_html('<a href="{}">{}</a>', address, gettext("Try it now …"))

    @admin.action(description=_("Ask again: end the pause after failures"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        for provider in queryset:
            circuit.close_circuit(provider.name)
            audit.record(request.user, "had a service asked again", provider)  # type: ignore[arg-type]
        self.message_user(request, gettext("It is asked again with the next task."), messages.SUCCESS)


class RouteForm(forms.ModelForm):
    """Who carries a tool's tasks out, of those who can."""

    way = forms.ChoiceField(label=_("Carried out by"))

    class Meta:
        model = Route
        fields = ("way",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tool, field = self.instance.tool, self.fields["way"]
        field.choices = [(way, tell(routing.Way.read(way).label)) for way in services.list_ways(tool)]  # type: ignore[attr-defined]
        if settings.WAYS[tool]:
            field.disabled, self.initial["way"] = True, settings.WAYS[tool]
            field.help_text = gettext("Set by PROVIDER_%(upper)s.") % {"upper": tool.upper()}

    def clean_way(self) -> str:
        """Refuse a service that could not be asked: its tasks would fail one after the other."""
        way: str = self.cleaned_data["way"]
        name = routing.Way.read(way).provider
        if name and "way" in self.changed_data:
            provider = Provider.objects.get(pk=name)
            if trouble := routing.get_connection(provider).trouble:
                sentence = gettext(
                    "%(provider)s cannot carry this out yet. %(trouble)s Set it up under “Other "
                    "services” first."
                ) % {"provider": provider, "trouble": tell(trouble)}
                raise forms.ValidationError(sentence, code="not_ready")
        return way


@admin.register(Route)
class RouteAdmin(admin.ModelAdmin):
    form = RouteForm
    list_display = ("title", "way", "fixed", "trouble")
    list_display_links = None
    list_editable = ("way",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> Any:
        return RouteForm

    def save_model(self, request: HttpRequest, obj: Route, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # What waited for another service need not any longer.
        for name in services.SERVICES:
            circuit.release_tasks(name)

    @admin.display(description=_("tool"), ordering="tool")
    def title(self, route: Route) -> str:
        return gettext(Tool(route.tool).label)

    @admin.display(description=_("set by"))
    def fixed(self, route: Route) -> str:
        return f"PROVIDER_{route.tool.upper()}" if settings.WAYS[route.tool] else gettext("this list")

    @admin.display(description=_("right now"))
    def trouble(self, route: Route) -> str:
        return tell(routing.write_notice(route.tool)) or "–"
