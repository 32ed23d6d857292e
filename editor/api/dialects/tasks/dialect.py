"""The row of the task endpoints."""

from django.urls import re_path

from editor.api.dialects.registry import Dialect
from editor.api.reference import operations

from . import views
from .endpoints import STATUSES, TASKS, describe_more
from .errors import FAMILY
from .forms import FORMS

VISUAL = "^api/tasks/visual"
ENDPOINTS = "|".join(FORMS)

# An address also has a slash at its end, and without a redirect: a POST would lose its body.
DIALECT = Dialect(
    family=FAMILY,
    called="the task endpoints",
    urlpatterns=[
        re_path(r"^api/customers/coins/?$", views.coins, name="coins"),
        re_path(r"^api/customers/package-credits/?$", views.package_credits, name="package-credits"),
        re_path(rf"{VISUAL}/background/scenes/?$", views.scenes, name="scenes"),
        re_path(rf"{VISUAL}/(?P<endpoint>{ENDPOINTS})/?$", views.create, name="create"),
        re_path(rf"{VISUAL}/(?P<endpoint>{ENDPOINTS})/(?P<task_id>[^/]+)/?$", views.query, name="query"),
    ],
    endpoints=TASKS,
    statuses=STATUSES,
    refusal="Refusal",
    refusal_schema=operations.make_object(
        {"status": {"type": "integer"}, "message": {"type": "string"}, "data": {"type": "null"}}
    ),
    refusal_example='{"status": 400, "message": "…", "data": null}',
    describe_more=describe_more,
    place=10,
)
