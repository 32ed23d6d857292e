"""Rows that are read at the desk and never typed."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class Facts(admin.ModelAdmin):
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
