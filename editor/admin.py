"""The admin's desk: what is there, what is being worked on, what failed. Facts are read, not written."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import orders
from .addresses import Kind, sign_path
from .models import Photo, Result, Scene, Task
from .templatetags.words import weight

SECONDS = 3600


def small_picture(picture: Photo | Result) -> SafeString | str:
    """An admin is no owner: the picture is shown by an address that ends with the hour."""
    if not picture.thumbnail:
        return "–"
    return format_html('<img src="{}" alt="" height="56">', sign_path(picture, Kind.THUMBNAIL, SECONDS))


class Facts(admin.ModelAdmin):
    """Rows that the studio wrote: shown and searched, never typed."""

    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    list_select_related: ClassVar[tuple[str, ...]] = ("owner",)
    search_help_text = "By the owner's address, or the photo's name."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description="picture")
    def picture(self, row: Any) -> SafeString | str:
        return small_picture(row)

    @admin.display(description="weight", ordering="bytes")
    def weight(self, row: Any) -> str:
        return weight(row.bytes)

    @admin.display(description="pixels")
    def pixels(self, row: Any) -> str:
        return f"{row.width} × {row.height}"


@admin.register(Photo)
class PhotoAdmin(Facts):
    list_display = ("picture", "name", "owner", "purpose", "format", "pixels", "weight", "created_at")
    list_display_links = ("name",)
    list_filter = ("purpose", "format", "created_at")
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


@admin.register(Task)
class TaskAdmin(Facts):
    list_display = ("id", "owner", "photo", "tool", "state", "progress", "attempts", "took", "created_at")
    list_filter = ("state", "tool", "provider", "created_at")
    list_select_related = ("owner", "photo")
    search_fields = ("=id", "photo__name", "owner__email")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A task goes with its photo, or a worker would be left with nothing to write to."""
        return False

    @admin.display(description="took")
    def took(self, task: Task) -> str:
        return "–" if task.seconds is None else f"{task.seconds:.1f} s"


@admin.register(Result)
class ResultAdmin(Facts):
    list_display = ("picture", "photo", "owner", "tool", "kind", "format", "pixels", "weight", "created_at")
    list_display_links = ("photo",)
    list_filter = ("tool", "kind", "format", "created_at")
    list_select_related = ("owner", "photo")
    search_fields = ("=id", "photo__name", "owner__email")

    def delete_model(self, request: HttpRequest, obj: Result) -> None:
        orders.delete_results(Result.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Result]) -> None:
        orders.delete_results(queryset)


@admin.register(Scene)
class SceneAdmin(admin.ModelAdmin):
    list_display = ("number", "name", "category", "enabled", "position")
    list_editable = ("enabled", "position")
    list_filter = ("enabled", "category")
    search_fields = ("=number", "name", "category", "keywords")

    def get_readonly_fields(self, request: HttpRequest, obj: Scene | None = None) -> tuple[str, ...]:
        """The number is part of the HTTP contract: given once, it stays."""
        return ("number",) if obj else ()
