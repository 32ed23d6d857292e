"""The admin's lists of photos, tasks, results, scenes and workers: rows are read, acts are recorded."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.staticfiles import finders
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from editor import services
from editor.files.signed_urls import Kind, sign_path
from editor.models import Photo, Result, Retention, Scene, Task, Worker
from editor.states import State
from editor.templatetags.words import weight
from editor.work import orders, rerun
from web.admin_lists import CachedValuesFilter, ReadOnlyAdmin
from web.language.sentences import tell

from . import story

SECONDS = 3600
# Tasks that one action retries or cancels: each is an order of its own.
MOST_TASKS = 200


def small_picture(picture: Photo | Result) -> SafeString | str:
    """An admin is no owner: the picture is shown by an address that ends with the hour."""
    if not picture.thumbnail:
        return "–"
    return format_html('<img src="{}" alt="" height="56">', sign_path(picture, Kind.THUMBNAIL, SECONDS))


class OwnedAdmin(ReadOnlyAdmin):
    """Rows that the studio wrote for somebody: shown and searched by their owner."""

    ordering = ("-created_at",)
    list_select_related: ClassVar[tuple[str, ...]] = ("owner",)
    search_help_text = _("By the owner's address, or the photo's name.")

    @admin.display(description=_("picture"))
    def picture(self, row: Any) -> SafeString | str:
        return small_picture(row)

    @admin.display(description=_("weight"), ordering="bytes")
    def weight(self, row: Any) -> str:
        return weight(row.bytes)

    @admin.display(description=_("pixels"))
    def pixels(self, row: Any) -> str:
        return f"{row.width} × {row.height}"


@admin.register(Photo)
class PhotoAdmin(OwnedAdmin):
    is_deletable = True
    list_display = ("picture", "name", "owner", "purpose", "format", "pixels", "weight", "created_at")
    list_display_links = ("name",)
    list_filter = ("purpose", ("format", CachedValuesFilter), "created_at")
    search_fields = ("name", "owner__email")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """Its tasks, which cannot be deleted by themselves, may go with a photo."""
        rows, counts, _, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        orders.delete_photo(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        for photo in queryset:
            orders.delete_photo(photo)


class ByState(admin.ChoicesFieldListFilter):
    """By the state's word, with its number where the same word stands for several."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        everything, *states = super().choices(changelist)
        yield everything
        words = Counter(str(word) for _number, word in self.field.flatchoices)
        for (number, word), state in zip(self.field.flatchoices, states, strict=True):
            told = f"{state['display']} · {number}" if words[str(word)] > 1 else state["display"]
            yield {**state, "display": told}


class Took(admin.SimpleListFilter):
    """By how long the work took, from the claim to the archived results."""

    title = _("duration")
    parameter_name = "took"

    BOUNDS: ClassVar[dict[str, tuple[int, int]]] = {
        "1": (0, 1),
        "10": (1, 10),
        "60": (10, 60),
        "more": (60, 10**6),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("1", gettext("Under a second")),
            ("10", gettext("1 to 10 s")),
            ("60", gettext("10 to 60 s")),
            ("more", gettext("Over a minute")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task] | None:
        bounds = self.BOUNDS.get(self.value() or "")
        if bounds is None:
            return None
        low, high = (timedelta(seconds=bound) for bound in bounds)
        timed = queryset.annotate(duration=F("completed_at") - F("processed_at"))
        return timed.filter(duration__gte=low, duration__lt=high)


@admin.register(Task)
class TaskAdmin(OwnedAdmin):
    # It goes with its photo, or a worker would be left with nothing to write to.
    is_deletable = False
    list_display = ("short_id", "how", "tool", "owner", "photo", "who", "took", "error", "created_at")
    list_filter = (("state", ByState), "tool", ("provider", CachedValuesFilter), Took, "created_at")
    list_select_related = ("owner", "photo")
    search_fields = ("=id", "photo__name", "owner__email")
    actions = ("retry", "cancel")
    fieldsets = (
        (None, {"fields": ("id", "owner", "photo", "tool", "who", "asked", "credits")}),
        (_("How it went"), {"fields": ("how", "error", "progress", "attempts", "took", "pictures")}),
        (_("Its story"), {"fields": ("story",)}),
        (_("When"), {"fields": ("created_at", "processed_at", "completed_at", "expires_at")}),
    )
    readonly_fields = ("who", "asked", "how", "error", "took", "pictures", "story")
    change_form_template = "admin/editor/task/change_form.html"

    def has_help_permission(self, request: HttpRequest) -> bool:
        """Whether this person may set somebody's work going again, or stop it."""
        return request.user.has_perm("editor.change_task")

    @admin.display(description=_("id"), ordering="id")
    def short_id(self, task: Task) -> str:
        return str(task.pk)[:8]

    @admin.display(description=_("state"), ordering="state")
    def how(self, task: Task) -> SafeString:
        state = task.status
        look = " bad" if state.is_failed else " good" if state is State.DONE else ""
        return format_html('<span class="badge{}">{}</span>', look, tell(state.word))

    @admin.display(description=_("provider"), ordering="provider")
    def who(self, task: Task) -> str:
        if task.provider == services.LOCAL:
            return gettext("This studio")
        return services.SERVICES[task.provider].title if task.provider in services.SERVICES else task.provider

    @admin.display(description=_("params"))
    def asked(self, task: Task) -> SafeString | str:
        return (
            format_html("<code>{}</code>", json.dumps(task.params, ensure_ascii=False))
            if task.params
            else "–"
        )

    @admin.display(description=_("took"))
    def took(self, task: Task) -> str:
        return "–" if task.seconds is None else f"{number_format(round(task.seconds, 1), 1)} s"

    @admin.display(description=_("error"))
    def error(self, task: Task) -> str:
        return f"{task.state}: {tell(task.sentence)}" if task.status.is_failed else tell(task.message) or "–"

    @admin.display(description=_("results"))
    def pictures(self, task: Task) -> SafeString | str:
        shown = [(small_picture(result),) for result in task.results.pictures()]
        return format_html_join(" ", "{}", shown) or "–"

    @admin.display(description=_("what happened"))
    def story(self, task: Task) -> SafeString:
        """In the studio's clock, to the millisecond: what is asked is often which of two was first."""
        lines = (
            (f"{timezone.localtime(event.moment):%Y-%m-%d %H:%M:%S.%f}"[:-3], event.words)
            for event in story.tell_story(task)
        )
        return format_html(
            '<ol class="story">{}</ol>', format_html_join("", "<li><time>{}</time> {}</li>", lines)
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        helps = {"may_help": self.has_help_permission(request)}
        return super().change_view(request, object_id, form_url, {**helps, **(extra_context or {})})

    @admin.action(description=_("Retry: place the same order again"), permissions=["help"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        """Those that failed, each on record as what it was ordered anew as."""
        self.help_each(request, queryset, rerun.ACTION, partial(rerun.rerun, actor=cast(User, request.user)))

    @admin.action(description=_("Cancel: stop it, charge nothing"), permissions=["help"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        def cancel(task: Task) -> bool:
            if done := orders.cancel(task):
                audit.record(request.user, "cancelled a task", task, f"of {task.owner}")  # type: ignore[arg-type]
            return done

        self.help_each(request, queryset, "cancelled a task", cancel)

    def help_each(
        self, request: HttpRequest, queryset: QuerySet[Task], action: str, act: Callable[[Task], object]
    ) -> None:
        """Do it to each, which puts it on record; say how often it was done and why it was not."""
        tasks = list(queryset.select_related("owner__plan", "photo").order_by("created_at")[: MOST_TASKS + 1])
        if len(tasks) > MOST_TASKS:
            self.message_user(
                request,
                gettext("Choose up to %(most_tasks)s tasks at a time.") % {"most_tasks": MOST_TASKS},
                messages.WARNING,
            )
            return
        count = 0
        refusals: dict[str, int] = {}
        for task in tasks:
            try:
                done = act(task)
            except orders.OrderRefused as exc:
                sentence = tell(exc.sentence)
                refusals[sentence] = refusals.get(sentence, 0) + 1
                continue
            count += bool(done)
        if count:
            self.message_user(request, f"{capfirst(tell(action))}: {count}.", messages.SUCCESS)
        elif not refusals:
            self.message_user(request, gettext("Nothing was done: they had all ended."), messages.WARNING)
        for sentence, times in refusals.items():
            said = gettext("%(times)s refused: %(sentence)s") % {"times": times, "sentence": sentence}
            self.message_user(request, said, messages.ERROR)


@admin.register(Result)
class ResultAdmin(OwnedAdmin):
    is_deletable = True
    list_display = ("picture", "photo", "owner", "tool", "kind", "about", "created_at")
    list_display_links = ("photo",)
    list_filter = ("tool", "kind", ("format", CachedValuesFilter), "created_at")
    list_select_related = ("owner", "photo")
    search_fields = ("=id", "photo__name", "owner__email")

    @admin.display(description=_("file"))
    def about(self, result: Result) -> str:
        return f"{result.width} × {result.height} {result.format.upper()}, {weight(result.bytes)}"

    def delete_model(self, request: HttpRequest, obj: Result) -> None:
        orders.delete_results(Result.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Result]) -> None:
        orders.delete_results(queryset)


@admin.register(Scene)
class SceneAdmin(admin.ModelAdmin):
    list_display = ("picture", "number", "name", "of_kind", "enabled", "position")
    list_display_links = ("number",)
    list_editable = ("name", "enabled", "position")
    list_filter = ("enabled", ("category", CachedValuesFilter))
    search_fields = ("=number", "name", "category", "keywords")
    actions = ("switch_on", "switch_off")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Scenes come with the studio: a row alone would be a number without a set."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Scene | None = None) -> tuple[str, ...]:
        """The number is part of the HTTP contract: given once, it stays."""
        return ("number",)

    @admin.display(description=_("category"), ordering="category")
    def of_kind(self, scene: Scene) -> str:
        return tell(scene.category)

    @admin.display(description=_("picture"))
    def picture(self, scene: Scene) -> SafeString | str:
        path = f"img/scenes/{scene.number}.webp"
        return format_html('<img src="{}" alt="" height="56">', static(path)) if finders.find(path) else "–"

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Scene]) -> None:
        self.switch(request, queryset, enabled=True)

    @admin.action(description=_("Switch off: nobody can order it"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Scene]) -> None:
        self.switch(request, queryset, enabled=False)

    def switch(self, request: HttpRequest, queryset: QuerySet[Scene], *, enabled: bool) -> None:
        changed = list(queryset.exclude(enabled=enabled))
        Scene.objects.filter(pk__in=[scene.pk for scene in changed]).update(enabled=enabled)
        action = gettext_noop("switched on") if enabled else gettext_noop("switched off")
        for scene in changed:
            audit.record(request.user, action, scene)  # type: ignore[arg-type]
        words = gettext("Switched on: %(count)s.") if enabled else gettext("Switched off: %(count)s.")
        self.message_user(request, words % {"count": len(changed)}, messages.SUCCESS)


@admin.register(Worker)
class WorkerAdmin(OwnedAdmin):
    list_display = ("queue", "host", "process", "started_at", "seen_at", "lives", "ready")
    list_select_related: ClassVar[tuple[str, ...]] = ()
    list_filter = ("queue",)
    search_fields = ("host",)
    ordering = ("-seen_at",)

    @admin.display(description=_("alive"), boolean=True)
    def lives(self, worker: Worker) -> bool:
        return Worker.objects.heard_of().filter(pk=worker.pk).exists()


@admin.register(Retention)
class RetentionAdmin(admin.ModelAdmin):
    list_display = ("plan", "originals", "results", "programs")
    list_select_related = ("plan",)
