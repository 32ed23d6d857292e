"""Bases of the admin's lists: rows that are only read, and a filter by the values that a column has."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.core.cache import cache
from django.db.models import Model
from django.http import HttpRequest

from .language.sentences import tell


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are read at the desk and never typed there. is_deletable: whether they can be deleted."""

    list_per_page = 50
    is_deletable: ClassVar[bool] = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.is_deletable and super().has_delete_permission(request, obj)


class CachedValuesFilter(admin.AllValuesFieldListFilter):
    """A filter by the values there are, which are looked for among all rows every few minutes only."""

    SECONDS = 300

    lookup_choices: Any

    def __init__(self, field: Any, *args: Any, **options: Any) -> None:
        super().__init__(field, *args, **options)
        values, key = self.lookup_choices, f"desk-values-{field.model._meta.label_lower}-{field.name}"
        # What has no value has no word to be chosen by.
        self.lookup_choices = cache.get_or_set(
            key, lambda: [one for one in values if one != ""], self.SECONDS
        )

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The values in the reader's words, where they have any."""
        for choice in super().choices(changelist):
            yield {**choice, "display": tell(choice["display"])}

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1
