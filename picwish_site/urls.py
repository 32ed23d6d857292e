"""Addresses of the studio: the editor and gallery, accounts, and Django's admin."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from web import error_pages, outages

from .monitoring import health, metrics
from .words import words

urlpatterns = [
    path("", include("editor.urls")),
    path("", include("editor.api.urls")),
    path("account/", include("accounts.urls")),
    # One door for everybody, guarded in one place: the admin's own sign-in page leads to it.
    path("admin/login/", error_pages.admin_sign_in),
    path("admin/", admin.site.urls),
    path("words/<slug:language>.<slug:mark>.js", words, name="words"),
    # For who is not signed in: kept in a cookie, by a form. A person's own is on their account's page.
    path("language/", set_language, name="set-language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = error_pages.bad_request
handler403 = error_pages.forbidden
handler404 = error_pages.not_found
handler500 = outages.server_error
