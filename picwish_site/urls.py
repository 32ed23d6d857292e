"""Addresses of the studio: the editor and gallery, accounts, and Django's admin."""

from django.contrib import admin
from django.urls import include, path

from . import errors, health, metrics

urlpatterns = [
    path("", include("editor.urls")),
    path("", include("editor.api.urls")),
    path("account/", include("accounts.urls")),
    # One door for everybody, guarded in one place: the admin's own sign-in page leads to it.
    path("admin/login/", errors.admin_sign_in),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
